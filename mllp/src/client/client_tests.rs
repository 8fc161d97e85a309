//! The client against a scripted server, without sockets and in paused time: every timeout is exact.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    time::timeout,
};

use super::*;
use crate::{ByteClass, Direction, FrameError, Shape, Tap};

type Connected = (Client<DuplexStream>, DuplexStream);

/// `re one` answers `one`; `kept one` says that another answer follows.
pub(super) fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    match answer.strip_suffix(sent) {
        Some(b"re ") => Correlation::Final,
        Some(b"kept ") => Correlation::Interim,
        _ => Correlation::Other,
    }
}

fn options() -> ClientOptions {
    ClientOptions::new(correlate)
}

fn connected(options: ClientOptions) -> Connected {
    let (ours, theirs) = tokio::io::duplex(1024);
    (Client::over(ours, options), theirs)
}

async fn hears(server: &mut DuplexStream, frame: &[u8]) {
    let mut heard = vec![0; frame.len()];
    server.read_exact(&mut heard).await.unwrap();
    assert_eq!(heard, frame);
}

/// Sends `one` and lets the server say something when it has heard it.
async fn one_answered_with(
    client: &mut Client<DuplexStream>,
    server: &mut DuplexStream,
    said: &[u8],
) -> Result<Answer, ClientError> {
    let serving = async {
        hears(server, b"\x0bone\x1c\r").await;
        server.write_all(said).await.unwrap();
    };
    tokio::join!(client.send(b"one"), serving).0
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_pieces_is_one_answer() {
    let (mut client, mut server) = connected(options());
    let serving = async {
        hears(&mut server, b"\x0bone\x1c\r").await;
        for byte in b"\x0bre one\x1c\r" {
            server.write_all(&[*byte]).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let (answer, ()) = tokio::join!(client.send(b"one"), serving);
    assert_eq!(answer.unwrap(), Answer::new(b"re one".to_vec(), Vec::new()));
    assert!(!client.is_poisoned());
}

#[tokio::test(start_paused = true)]
async fn nuls_and_line_feeds_around_the_answer_do_no_harm() {
    let (mut client, mut server) = connected(options());
    for _ in 0..3 {
        let answer = one_answered_with(&mut client, &mut server, b"\0\0\0\r\n\x0bre one\x1c\r\n\0\0").await;
        assert_eq!(answer.unwrap().payload, b"re one");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_carriage_return_is_taken_after_a_moment() {
    let (mut client, mut server) = connected(options());
    let begin = Instant::now();
    let answer = one_answered_with(&mut client, &mut server, b"\x0bre one\x1c").await;
    assert_eq!(answer.unwrap().payload, b"re one");
    assert_eq!(begin.elapsed().as_millis(), 200);

    // The carriage return that comes late after all is no answer.
    server.write_all(b"\r").await.unwrap();
    let answer = one_answered_with(&mut client, &mut server, b"\x0bre one\x1c\r").await;
    assert_eq!(answer.unwrap().payload, b"re one");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_late_is_never_taken_for_that_to_the_next_message() {
    let (mut client, mut server) = connected(options());
    let begin = Instant::now();
    let error = client.send(b"one").await.unwrap_err();
    assert!(matches!(&error, ClientError::AckTimeout { received } if received.is_empty()));
    assert_eq!(error.to_string(), "no answer in time; the peer sent nothing");
    assert_eq!(begin.elapsed().as_secs(), 30);

    assert!(matches!(client.send(b"two").await, Err(ClientError::Poisoned)));
    hears(&mut server, b"\x0bone\x1c\r").await;
    assert_eq!(server.read(&mut [0; 1]).await.unwrap(), 0, "the connection is closed, not only left alone");
    assert!(server.write_all(b"\x0bre one\x1c\r").await.is_err());
}

#[tokio::test(start_paused = true)]
async fn dropping_a_send_closes() {
    let (mut client, mut server) = connected(options());
    assert!(timeout(Duration::from_secs(1), client.send(b"one")).await.is_err());
    assert!(matches!(client.send(b"two").await, Err(ClientError::Poisoned)));
    hears(&mut server, b"\x0bone\x1c\r").await;
    assert_eq!(server.read(&mut [0; 1]).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_byte_by_byte_has_no_more_time() {
    let (mut client, mut server) = connected(options());
    let serving = async {
        hears(&mut server, b"\x0bone\x1c\r").await;
        server.write_all(b"\x0b").await.unwrap();
        while server.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(900)).await;
        }
    };
    let waiting = async {
        let begin = Instant::now();
        (client.send(b"one").await, begin.elapsed())
    };
    let ((answer, waited), ()) = tokio::join!(waiting, serving);
    assert_eq!(answer.unwrap_err().to_string(), "no answer in time; the peer sent: VT text*34, no end block");
    assert_eq!(waited.as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn what_a_peer_sent_that_does_not_frame_its_answer_is_told() {
    let (mut client, mut server) = connected(options());
    let error = one_answered_with(&mut client, &mut server, b"MSH|secret\rMSA|AA|1\r").await.unwrap_err();
    assert_eq!(error.to_string(), "no answer in time; the peer sent: text*10 CR text*8 CR, no start block");
    assert!(!format!("{error:?}").contains("secret"));
    assert_eq!(error.received().unwrap().runs().first(), Some(&(ByteClass::Text, 10)));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_read_does_not_hold_the_client() {
    let (mut client, _server) = connected(options());
    let begin = Instant::now();
    let error = client.send(&[b'x'; 5000]).await.unwrap_err();
    assert!(matches!(error, ClientError::WriteTimeout) && error.may_be_received());
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_comes_before_the_end_of_the_message_is_its_answer() {
    let refusal = |_: &[u8], answer: &[u8]| match answer {
        b"AR" => Correlation::Final,
        _ => Correlation::Other,
    };
    for (said, refused) in [(&b"\x0bAR\x1c\r"[..], true), (b"\x0bA", false), (b"\x0bAA\x1c\r", false)] {
        let (mut client, mut server) = connected(ClientOptions::new(refusal));
        let serving = async move {
            server.read_exact(&mut [0; 1000]).await.unwrap();
            server.write_all(said).await.unwrap();
        };
        let (answer, ()) = tokio::join!(client.send(&[b'x'; 5000]), serving);
        match answer {
            Ok(answer) => assert!(refused && answer.payload == b"AR"),
            Err(error) => assert!(!refused && matches!(error, ClientError::Io(_)), "{error:?}"),
        }
        assert!(client.is_poisoned());
    }
}

#[tokio::test(start_paused = true)]
async fn the_answer_has_its_time_from_when_the_message_is_written() {
    let (mut client, mut server) = connected(options());
    let slowly = async {
        let mut heard = [0; 1000];
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_secs(14)).await;
            server.read_exact(&mut heard).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(25)).await;
        server.write_all(&encode(&[b"re ", &[b'x'; 2500][..]].concat())).await.unwrap();
    };
    let (answer, ()) = tokio::join!(client.send(&[b'x'; 2500]), slowly);
    assert_eq!(answer.unwrap().payload.len(), 2503);
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_another_message_closes() {
    let (mut client, mut server) = connected(options());
    let error = one_answered_with(&mut client, &mut server, b"\x0bre two\x1c\r").await.unwrap_err();
    assert!(matches!(error, ClientError::Uncorrelated { .. }) && error.may_be_received());
    assert!(client.is_poisoned());
}

#[tokio::test(start_paused = true)]
async fn a_second_answer_is_not_taken_for_that_to_the_next_message() {
    let (mut client, mut server) = connected(options());
    let answer = one_answered_with(&mut client, &mut server, b"\x0bre one\x1c\r\x0bre one\x1c\r").await;
    assert_eq!(answer.unwrap().payload, b"re one");
    let error = client.send(b"one").await.unwrap_err();
    assert!(matches!(error, ClientError::Unsolicited { .. }) && !error.may_be_received());
}

#[tokio::test(start_paused = true)]
async fn the_shape_is_that_of_what_came_for_this_message() {
    let (mut client, mut server) = connected(options());
    one_answered_with(&mut client, &mut server, b"\x0bre one\x1c\r").await.unwrap();
    server.write_all(b"\0\0").await.unwrap();
    let error = one_answered_with(&mut client, &mut server, b"OK").await.unwrap_err();
    assert_eq!(error.to_string(), "no answer in time; the peer sent: text*2, no start block");

    let (mut client, mut server) = connected(options());
    one_answered_with(&mut client, &mut server, b"\x0bre one\x1c\r").await.unwrap();
    server.write_all(b"\x0bsurprise\x1c\r").await.unwrap();
    let error = client.send(b"two").await.unwrap_err();
    assert_eq!(error.to_string(), "unsolicited data from the server; the peer sent: VT text*8 FS CR");
}

#[tokio::test(start_paused = true)]
async fn interim_answers_are_kept_and_the_wait_goes_on() {
    let (mut client, mut server) = connected(options());
    let answer =
        one_answered_with(&mut client, &mut server, b"\x0bkept one\x1c\r\x0bre one\x1c\r").await.unwrap();
    assert_eq!((answer.payload, answer.interim), (b"re one".to_vec(), vec![b"kept one".to_vec()]));
    assert!(client.interim().is_empty());

    let error = one_answered_with(&mut client, &mut server, b"\x0bkept one\x1c\r").await.unwrap_err();
    assert!(matches!(error, ClientError::AckTimeout { .. }));
    assert_eq!(client.interim(), [b"kept one"]);
}

#[tokio::test(start_paused = true)]
async fn interim_answers_without_end_are_cut_short() {
    let (mut client, mut server) = connected(options());
    let many = b"\x0bkept one\x1c\r".repeat(MOST_INTERIM + 1);
    let error = one_answered_with(&mut client, &mut server, &many).await.unwrap_err();
    assert!(matches!(error, ClientError::Uncorrelated { .. }));
    assert_eq!(client.interim().len(), MOST_INTERIM);
}

#[tokio::test(start_paused = true)]
async fn what_comes_unasked_stops_the_message_before_it_is_sent() {
    for unasked in [&b"\x0bsurprise\x1c\r"[..], b"\x0bhalf a surpr"] {
        let (mut client, mut server) = connected(options());
        server.write_all(unasked).await.unwrap();
        assert!(matches!(client.send(b"one").await, Err(ClientError::Unsolicited { .. })));
        let mut sent = Vec::new();
        server.read_to_end(&mut sent).await.unwrap();
        assert!(sent.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dead_server_is_noticed_before_the_message_is_sent() {
    let (mut client, server) = connected(options());
    drop(server);
    let error = client.send(b"one").await.unwrap_err();
    assert!(matches!(error, ClientError::Stale) && !error.may_be_received());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_closes_instead_of_answering_may_have_the_message() {
    let (mut client, mut server) = connected(options());
    let serving = async move {
        hears(&mut server, b"\x0bone\x1c\r").await;
        server.write_all(b"bye").await.unwrap();
    };
    let (answer, ()) = tokio::join!(client.send(b"one"), serving);
    let error = answer.unwrap_err();
    assert!(error.may_be_received());
    assert_eq!(
        error.to_string(),
        "connection closed by the server before it answered; the peer sent: text*3, no start block"
    );
}

#[tokio::test(start_paused = true)]
async fn a_bad_frame_is_an_error_and_an_impossible_payload_is_not_sent() {
    let (mut client, mut server) = connected(ClientOptions { max_frame: 4, ..options() });
    for impossible in [&b"a\x1c\rb"[..], b""] {
        assert!(matches!(client.send(impossible).await, Err(ClientError::NotEncodable)));
    }
    let error = one_answered_with(&mut client, &mut server, b"\x0bfar too long\x1c\r").await.unwrap_err();
    assert!(matches!(error, ClientError::Frame { error: FrameError::TooLong { .. }, .. }));
    assert!(matches!(client.send(b"").await, Err(ClientError::Poisoned)));
}

#[tokio::test(start_paused = true)]
async fn connecting_takes_no_longer_than_it_may() {
    let begin = Instant::now();
    let connected: Result<(), _> = socket::in_time(Duration::from_secs(10), std::future::pending()).await;
    assert!(matches!(connected, Err(ClientError::ConnectTimeout)));
    assert_eq!(begin.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn release_two_waits_for_both_and_commits_the_answer() {
    for said in [&b"\x0b\x06\x1c\r\x0bre one\x1c\r"[..], b"\x0bre one\x1c\r\x0b\x06\x1c\r"] {
        let (mut client, mut server) = connected(ClientOptions { release: Release::Two, ..options() });
        for _ in 0..2 {
            let answer = one_answered_with(&mut client, &mut server, said).await;
            assert_eq!(answer.unwrap().payload, b"re one");
            hears(&mut server, b"\x0b\x06\x1c\r").await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn in_release_two_an_answer_without_commit_block_is_not_enough() {
    let (mut client, mut server) = connected(ClientOptions { release: Release::Two, ..options() });
    let error = one_answered_with(&mut client, &mut server, b"\x0bre one\x1c\r").await.unwrap_err();
    assert!(matches!(error, ClientError::AckTimeout { .. }));
}

#[tokio::test(start_paused = true)]
async fn in_release_two_a_second_answer_is_one_too_many() {
    let (mut client, mut server) = connected(ClientOptions { release: Release::Two, ..options() });
    let said = b"\x0bre one\x1c\r\x0bre one\x1c\r\x0b\x06\x1c\r";
    let error = one_answered_with(&mut client, &mut server, said).await.unwrap_err();
    assert!(matches!(error, ClientError::Uncorrelated { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_negative_commit_block_says_that_the_message_can_be_sent_again_at_once() {
    let (mut client, mut server) = connected(ClientOptions { release: Release::Two, ..options() });
    let error = one_answered_with(&mut client, &mut server, b"\x0b\x15\x1c\r").await.unwrap_err();
    assert!(matches!(error, ClientError::CommitNak) && !error.may_be_received());
    let answer = one_answered_with(&mut client, &mut server, b"\x0b\x06\x1c\r\x0bre one\x1c\r").await;
    assert_eq!(answer.unwrap().payload, b"re one");
}

#[tokio::test(start_paused = true)]
async fn release_one_passes_commit_blocks_over() {
    let (mut client, mut server) = connected(options());
    for block in [0x06, 0x15] {
        let said =
            [&[0x0b, block, 0x1c, b'\r'], &b"\x0bre one\x1c\r"[..], &[0x0b, block, 0x1c, b'\r']].concat();
        let answer = one_answered_with(&mut client, &mut server, &said).await;
        assert_eq!(answer.unwrap().payload, b"re one");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_without_answer_ends_with_its_commit_block_if_there_is_one() {
    let (mut client, mut server) = connected(options());
    client.send_without_answer(b"one").await.unwrap();
    hears(&mut server, b"\x0bone\x1c\r").await;

    let (mut client, mut server) = connected(ClientOptions { release: Release::Two, ..options() });
    for block in [CommitBlock::Ack, CommitBlock::Nak] {
        let serving = async {
            hears(&mut server, b"\x0bone\x1c\r").await;
            server.write_all(&encode_commit(block)).await.unwrap();
        };
        let (sent, ()) = tokio::join!(client.send_without_answer(b"one"), serving);
        assert_eq!(matches!(sent, Err(ClientError::CommitNak)), block == CommitBlock::Nak);
    }
    let begin = Instant::now();
    assert!(matches!(client.send_without_answer(b"one").await, Err(ClientError::AckTimeout { .. })));
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[derive(Default)]
struct Shown(Mutex<Vec<String>>);

impl Tap for Shown {
    fn saw(&self, connection: u64, direction: Direction, offset: u64, shape: &Shape) {
        assert!(connection > 0);
        self.0.lock().unwrap().push(format!("{} {offset} {shape}", direction.as_str()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_tap_sees_both_directions() {
    let shown = Arc::new(Shown::default());
    let tap: Arc<dyn Tap> = Arc::clone(&shown) as _;
    let (mut client, mut server) = connected(ClientOptions { tap: Some(tap), ..options() });
    for _ in 0..2 {
        one_answered_with(&mut client, &mut server, b"\x0bre one\x1c\r").await.unwrap();
    }
    assert_eq!(
        *shown.0.lock().unwrap(),
        [
            "sent 0 VT text*3 FS CR",
            "received 0 VT text*6 FS CR",
            "sent 6 VT text*3 FS CR",
            "received 9 VT text*6 FS CR"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn closing_tells_the_server() {
    let (client, mut server) = connected(options());
    assert!(client.id().is_some());
    client.close().await;
    assert_eq!(server.read(&mut [0; 1]).await.unwrap(), 0);
}
