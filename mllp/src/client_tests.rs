//! The client against a scripted server, without sockets and without waiting.

use super::*;
use tokio::io::DuplexStream;

type Connected = (Client<DuplexStream>, DuplexStream);

fn connected(options: ClientOptions) -> Connected {
    let (ours, theirs) = tokio::io::duplex(1024);
    (Client::over(ours, options), theirs)
}

async fn hears(server: &mut DuplexStream, frame: &[u8]) {
    let mut heard = vec![0; frame.len()];
    server.read_exact(&mut heard).await.unwrap();
    assert_eq!(heard, frame);
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_pieces_is_one_answer() {
    let (mut client, mut server) = connected(ClientOptions::default());
    let serving = async {
        hears(&mut server, b"\x0bone\x1c\r").await;
        for byte in b"\x0bACK\x1c\r" {
            server.write_all(&[*byte]).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let (answer, ()) = tokio::join!(client.send(b"one"), serving);
    assert_eq!(answer.unwrap(), b"ACK");
    assert!(!client.is_poisoned());
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_carriage_return_is_taken_after_a_moment() {
    let (mut client, mut server) = connected(ClientOptions::default());
    server.write_all(b"").await.unwrap();
    let serving = async {
        hears(&mut server, b"\x0bone\x1c\r").await;
        server.write_all(b"\x0bACK\x1c").await.unwrap();
    };
    let (answer, ()) = tokio::join!(client.send(b"one"), serving);
    assert_eq!(answer.unwrap(), b"ACK");

    // The carriage return that comes late after all is no answer.
    server.write_all(b"\r").await.unwrap();
    let serving = async {
        hears(&mut server, b"\x0btwo\x1c\r").await;
        server.write_all(b"\x0bACK2\x1c\r").await.unwrap();
    };
    let (answer, ()) = tokio::join!(client.send(b"two"), serving);
    assert_eq!(answer.unwrap(), b"ACK2");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_late_is_never_taken_for_that_to_the_next_message() {
    let (mut client, mut server) = connected(ClientOptions::default());
    assert!(matches!(client.send(b"one").await, Err(ClientError::AckTimeout)));
    server.write_all(b"\x0bACK one\x1c\r").await.unwrap();
    assert!(matches!(client.send(b"two").await, Err(ClientError::Poisoned)));
}

#[tokio::test(start_paused = true)]
async fn dropping_a_send_poisons() {
    let (mut client, mut server) = connected(ClientOptions::default());
    assert!(timeout(Duration::from_secs(1), client.send(b"one")).await.is_err());
    server.write_all(b"\x0bACK one\x1c\r").await.unwrap();
    assert!(matches!(client.send(b"two").await, Err(ClientError::Poisoned)));
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_another_message_poisons() {
    let options = ClientOptions { correlates: |sent, answer| sent == answer, ..ClientOptions::default() };
    let (mut client, mut server) = connected(options);
    server.write_all(b"").await.unwrap();
    let serving = async {
        hears(&mut server, b"\x0bone\x1c\r").await;
        server.write_all(b"\x0bother\x1c\r").await.unwrap();
    };
    let (answer, ()) = tokio::join!(client.send(b"one"), serving);
    assert!(matches!(answer, Err(ClientError::Uncorrelated)));
    assert!(client.is_poisoned());
}

#[tokio::test(start_paused = true)]
async fn what_comes_unasked_stops_the_message_before_it_is_sent() {
    for unasked in [&b"\x0bsurprise\x1c\r"[..], b"\x0bhalf a surpr"] {
        let (mut client, mut server) = connected(ClientOptions::default());
        server.write_all(unasked).await.unwrap();
        assert!(matches!(client.send(b"one").await, Err(ClientError::Unsolicited)));
        drop(client);
        let mut sent = Vec::new();
        server.read_to_end(&mut sent).await.unwrap();
        assert!(sent.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dead_server_is_noticed_before_the_message_is_sent() {
    let (mut client, server) = connected(ClientOptions::default());
    drop(server);
    assert!(matches!(client.send(b"one").await, Err(ClientError::Closed)));
}

#[tokio::test(start_paused = true)]
async fn a_bad_frame_is_an_error_and_an_impossible_payload_is_not_sent() {
    let (mut client, mut server) = connected(ClientOptions { max_frame: 4, ..ClientOptions::default() });
    assert!(matches!(client.send(b"a\x1c\rb").await, Err(ClientError::NotEncodable)));
    let serving = async {
        hears(&mut server, b"\x0bone\x1c\r").await;
        server.write_all(b"\x0bfar too long\x1c\r").await.unwrap();
    };
    let (answer, ()) = tokio::join!(client.send(b"one"), serving);
    assert!(matches!(answer, Err(ClientError::Frame(FrameError::TooLong { .. }))));
}

#[tokio::test(start_paused = true)]
async fn connecting_takes_no_longer_than_it_may() {
    let begin = Instant::now();
    let connected = in_time(Duration::from_secs(10), std::future::pending()).await;
    assert!(matches!(connected, Err(ClientError::ConnectTimeout)));
    assert_eq!(begin.elapsed().as_secs(), 10);
}
