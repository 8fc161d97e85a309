//! Clients and links over real sockets: what goes wrong with receivers in the field.
#![cfg(feature = "tokio")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/logs.rs"]
mod logs;

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use carewire_mllp::{
    Backoff, Client, ClientError, ClientOptions, Correlation, Decoder, Event, Handler, Limits, Link,
    LinkOptions, Outcome, Peer, Pipeline, Pool, PoolOptions, Reply, ServerOptions, Target, Verdict, encode,
    serve,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::sleep,
};

use logs::Logs;

/// `AA one` answers `one`.
fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    match answer.get(..3) {
        Some(b"AA " | b"AE " | b"AR ") if answer.ends_with(sent) && answer.len() == sent.len() + 3 => {
            Correlation::Final
        }
        _ => Correlation::Other,
    }
}

fn judge(answer: &[u8]) -> Verdict {
    match answer.get(..2) {
        Some(b"AA") => Verdict::Accepted,
        Some(b"AE") => Verdict::Temporary,
        _ => Verdict::Rejected,
    }
}

/// Half a second stands for the 30 that an answer may take.
fn options() -> ClientOptions {
    ClientOptions { ack_timeout: Duration::from_millis(500), ..ClientOptions::new(correlate) }
}

fn link_options() -> LinkOptions {
    let backoff = Backoff {
        first: Duration::from_millis(20),
        most: Duration::from_millis(320),
        jitter: 0.0,
        ..Backoff::default()
    };
    LinkOptions { backoff, ..LinkOptions::new(options(), judge) }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// The next message on a connection; none when it ends.
async fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut decoder = Decoder::new(Limits::default());
    loop {
        match decoder.poll() {
            Some(Event::Message { payload, .. }) => return Some(payload),
            Some(_) => {}
            None => decoder.feed(&[stream.read_u8().await.ok()?]),
        }
    }
}

/// A server that says each of these, in turn, when it has a message: whole packets, with a pause between them.
async fn server_saying(said: &'static [&'static [&'static [u8]]]) -> SocketAddr {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        for packets in said {
            if message(&mut stream).await.is_none() {
                return;
            }
            for packet in *packets {
                stream.write_all(packet).await.unwrap();
                sleep(Duration::from_millis(30)).await;
            }
        }
        sleep(Duration::from_secs(60)).await;
    });
    address
}

#[tokio::test]
async fn an_answer_in_two_packets_or_behind_nuls_is_an_answer() {
    let address = server_saying(&[
        &[b"\x0bAA o", b"ne\x1c\r"],
        &[b"\x0bAA one\x1c", b"\r"],
        &[b"\0\0\0", b"\0\x0bAA one\x1c\r\0"],
        &[b"\x0b\x0bAA one\x1c\r\x1c\r"],
        &[b"\x0bAA one\x1c\n"],
        &[b"\x0bAA one\x1c"],
    ])
    .await;
    let mut client = Client::connect(address, options()).await.unwrap();
    for n in 0..6 {
        assert_eq!(client.send(b"one").await.unwrap().payload, b"AA one", "answer {n}");
    }
}

#[tokio::test]
async fn what_a_peer_sends_without_a_frame_is_told() {
    let address = server_saying(&[&[b"MSH|^~\\&|CANARY\r", b"MSA|AA|1\r"]]).await;
    let mut client = Client::connect(address, options()).await.unwrap();
    let error = client.send(b"one").await.unwrap_err();
    assert_eq!(error.to_string(), "no answer in time; the peer sent: text*15 CR text*8 CR, no start block");
    assert!(!format!("{error:?}").contains("CANARY"));
}

#[tokio::test]
async fn a_receiver_that_answers_byte_by_byte_has_no_more_time() {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        message(&mut stream).await.unwrap();
        for byte in b"\x0bAA ".iter().chain(std::iter::repeat(&b'x')) {
            if stream.write_u8(*byte).await.is_err() {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut client = Client::connect(address, options()).await.unwrap();
    let begin = Instant::now();
    assert!(matches!(client.send(b"one").await, Err(ClientError::AckTimeout { .. })));
    assert!((500..5000).contains(&begin.elapsed().as_millis()), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_receiver_that_never_stops_talking_has_no_more_time() {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        message(&mut stream).await.unwrap();
        while stream.write_all(&[b'x'; 65536]).await.is_ok() {}
    });
    let mut client = Client::connect(address, options()).await.unwrap();
    let begin = Instant::now();
    assert!(matches!(client.send(b"one").await, Err(ClientError::AckTimeout { .. })));
    assert!((500..5000).contains(&begin.elapsed().as_millis()), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_receiver_that_does_not_read_does_not_hold_the_sender() {
    let (listener, address) = listen().await;
    let client =
        Client::connect(address, ClientOptions { write_timeout: Duration::from_millis(300), ..options() });
    let mut client = client.await.unwrap();
    let (_stream, _) = listener.accept().await.unwrap();
    let begin = Instant::now();
    assert!(matches!(client.send(&vec![b'x'; 32 << 20]).await, Err(ClientError::WriteTimeout)));
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
}

/// A server whose queue of connections is full does not answer at all.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn connecting_takes_no_longer_than_it_may() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let options = ClientOptions { connect_timeout: Duration::from_millis(200), ..options() };
    let mut waiting = Vec::new();
    let error = loop {
        match Client::connect(address, options.clone()).await {
            Ok(client) => waiting.push(client),
            Err(error) => break error,
        }
        assert!(waiting.len() < 100, "the queue is never full");
    };
    assert!(matches!(error, ClientError::ConnectTimeout) && !error.may_be_received());
}

/// The answer to message 1 comes after its timeout, when message 2 has been sent: taken for that to message 2, it would say
/// that a message was taken that was not.
#[tokio::test]
async fn a_late_answer_is_never_taken_for_that_to_the_next_message() {
    let (listener, address) = listen().await;
    let (tell, mut told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move {
                while let Some(message) = message(&mut stream).await {
                    if message == b"first" {
                        // Answered late, and to whoever listens then.
                        sleep(Duration::from_millis(550)).await;
                        let closed = stream.read(&mut [0; 1]).await.map_or(true, |len| len == 0);
                        let _ = stream.write_all(&encode(b"AA first")).await;
                        tell.send(closed).unwrap();
                    } else {
                        sleep(Duration::from_millis(150)).await;
                        stream.write_all(&encode(&[b"AR ", message.as_slice()].concat())).await.unwrap();
                    }
                }
            });
        }
    });
    let mut link = Link::new(Target::new(address.to_string()), link_options());
    let error = link.exchange(b"first").await.unwrap_err();
    assert!(matches!(error, ClientError::AckTimeout { .. }) && error.may_be_received());
    assert_eq!(link.exchange(b"second").await.unwrap().payload, b"AR second");
    assert!(told.recv().await.unwrap(), "the connection was closed before the late answer came");
}

/// The server closes its side and goes on reading: a sender that writes all the same waits for an answer in vain.
#[tokio::test]
async fn a_half_closed_connection_is_noticed_before_anything_is_sent() {
    let (listener, address) = listen().await;
    let (tell, mut told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            while let Some(message) = message(&mut stream).await {
                tell.send(message.clone()).unwrap();
                stream.write_all(&encode(&[b"AA ", message.as_slice()].concat())).await.unwrap();
                if message == b"one" {
                    stream.shutdown().await.unwrap();
                }
            }
        }
    });
    let mut client = Client::connect(address, options()).await.unwrap();
    client.send(b"one").await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let error = client.send(b"two").await.unwrap_err();
    assert!(matches!(error, ClientError::Stale) && !error.may_be_received());
    drop(client);

    let mut link = Link::new(Target::new(address.to_string()), link_options());
    link.exchange(b"one").await.unwrap();
    sleep(Duration::from_millis(50)).await;
    link.exchange(b"three").await.unwrap();
    let got: Vec<Vec<u8>> = std::iter::from_fn(|| told.try_recv().ok()).collect();
    assert_eq!(got, [&b"one"[..], b"one", b"three"], "nothing was sent into the closed connection");
}

/// A server that is gone resets the connection.
#[tokio::test]
async fn a_reset_connection_is_made_again() {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let message = message(&mut stream).await.unwrap();
            stream.write_all(&encode(&[b"AA ", message.as_slice()].concat())).await.unwrap();
            stream.flush().await.unwrap();
            sleep(Duration::from_millis(20)).await;
            stream.set_zero_linger().unwrap();
        }
    });
    let mut link = Link::new(Target::new(address.to_string()), link_options());
    for _ in 0..3 {
        link.exchange(b"one").await.unwrap();
        sleep(Duration::from_millis(60)).await;
    }
    assert_eq!(link.failures(), 0);
}

#[tokio::test]
async fn a_receiver_that_comes_back_gets_the_message_and_was_not_flooded() {
    // A port on which nobody listens.
    let (listener, address) = listen().await;
    drop(listener);
    let mut link = Link::new(
        Target::new(address.to_string()),
        LinkOptions { attempts: u32::MAX, give_up_after: Duration::from_secs(30), ..link_options() },
    );
    let delivering = tokio::spawn(async move { link.deliver(b"one").await });
    sleep(Duration::from_millis(800)).await;
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    let listener = socket.listen(16).unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    assert_eq!(message(&mut stream).await.unwrap(), b"one");
    stream.write_all(&encode(b"AA one")).await.unwrap();
    let delivery = delivering.await.unwrap();
    assert!(matches!(delivery.outcome, Outcome::Accepted(_)));
    // After 20, 60, 140, 300 and 620 milliseconds, then each 320.
    assert!((3..=12).contains(&delivery.attempts), "{} attempts", delivery.attempts);
    assert_eq!(delivery.doubts, 0);
}

/// Answers with AA. Messages that say so are answered temporarily, late, not at all, or by closing, the first time.
struct Moody {
    seen: Mutex<Vec<Vec<u8>>>,
}

#[async_trait::async_trait]
impl Handler for Moody {
    async fn handle(&self, _peer: &Peer, message: Vec<u8>) -> Reply {
        let is_new = {
            let mut seen = self.seen.lock().unwrap();
            let is_new = !seen.contains(&message);
            seen.push(message.clone());
            is_new
        };
        let code: &[u8] = match message.split(|byte| *byte == b' ').next() {
            Some(b"busy") if is_new => b"AE ",
            Some(b"close") if is_new => return Reply::Close,
            Some(b"nothing") if is_new => return Reply::Nothing,
            Some(b"late") if is_new => {
                sleep(Duration::from_millis(600)).await;
                b"AA "
            }
            _ => b"AA ",
        };
        Reply::Send([code, &message].concat())
    }
}

async fn moody() -> (Arc<Moody>, SocketAddr) {
    let (listener, address) = listen().await;
    let moody = Arc::new(Moody { seen: Mutex::default() });
    let handler = Arc::clone(&moody) as Arc<dyn Handler>;
    tokio::spawn(serve(listener, handler, ServerOptions::default(), std::future::pending()));
    (moody, address)
}

#[tokio::test]
async fn a_pool_delivers_everything_and_keeps_the_order_of_each_key() {
    let (moody, address) = moody().await;
    let options = PoolOptions { wait: Duration::from_secs(30), ..PoolOptions::new(link_options()) };
    let pool = Pool::new(Target::new(address.to_string()), options);
    let moods = ["well", "busy", "close", "well", "nothing", "late", "well"];
    let mut sending = tokio::task::JoinSet::new();
    for (n, mood) in moods.iter().enumerate() {
        for key in 0..8 {
            let (pool, message) = (pool.clone(), format!("{mood} {key} {n}"));
            sending.spawn(async move { pool.deliver(&key, message.as_bytes()).await });
            tokio::task::yield_now().await;
        }
    }
    for delivery in sending.join_all().await {
        assert!(matches!(delivery.unwrap().outcome, Outcome::Accepted(_)));
    }
    assert!(pool.drain(Duration::from_secs(5)).await);
    for key in 0..8 {
        let mut numbers: Vec<usize> = Vec::new();
        for message in moody.seen.lock().unwrap().iter() {
            let text = String::from_utf8(message.clone()).unwrap();
            let words: Vec<&str> = text.split(' ').collect();
            let [_, of, n] = words.as_slice() else { panic!("{text}") };
            if *of == key.to_string() {
                numbers.push(n.parse().unwrap());
            }
        }
        numbers.dedup();
        assert_eq!(numbers, (0..moods.len()).collect::<Vec<_>>(), "key {key}");
    }
}

#[tokio::test]
async fn ten_thousand_pipelined_answers_belong_to_their_messages() {
    let (moody, address) = moody().await;
    let depth = NonZeroUsize::new(16).unwrap();
    let options = ClientOptions { ack_timeout: Duration::from_secs(20), ..options() };
    let pipeline = Pipeline::connect(&Target::new(address.to_string()), options, depth).await.unwrap();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..20 {
        let pipeline = pipeline.clone();
        callers.spawn(async move {
            for n in 0..500 {
                let message = format!("well {caller} {n} {}", "x".repeat(n));
                let answer = pipeline.send(message.as_bytes()).await.unwrap();
                assert_eq!(answer.payload, [b"AA ", message.as_bytes()].concat());
            }
        });
    }
    callers.join_all().await;
    assert_eq!(moody.seen.lock().unwrap().len(), 10_000);
}

#[tokio::test]
async fn a_pipeline_whose_server_closes_says_what_may_have_been_received() {
    let (moody, address) = moody().await;
    let depth = NonZeroUsize::new(4).unwrap();
    let pipeline = Pipeline::connect(&Target::new(address.to_string()), options(), depth).await.unwrap();
    let mut callers = Vec::new();
    for message in ["well 1", "close 2", "well 3", "well 4"] {
        let pipeline = pipeline.clone();
        callers.push(tokio::spawn(async move { pipeline.send(message).await }));
        tokio::task::yield_now().await;
    }
    let mut doubts = Vec::new();
    for caller in callers {
        doubts.push(caller.await.unwrap().err().map(|error| error.may_be_received()));
    }
    // The others were in flight or not, as it came: they have no answer, and were not handled.
    assert!(matches!(doubts[..], [None, Some(true), Some(_), Some(_)]), "{doubts:?}");
    assert_eq!(*moody.seen.lock().unwrap(), [&b"well 1"[..], b"close 2"]);
}

/// At the lowest level nothing that is logged, shown or returned as an error holds a byte of a payload.
#[tokio::test]
async fn logs_errors_and_debug_hold_no_payload() {
    let (logs, _guard) = Logs::collect();

    let address =
        server_saying(&[&[b"CANARY\x0bAA one\x1c\n"], &[b"\x0b\x06\x1c\r\x0bAR CANARY\x1c\r"]]).await;
    let mut client = Client::connect(address, options()).await.unwrap();
    let answer = client.send(b"one").await.unwrap();
    let mut shown = format!("{client:?} {answer:?}");
    let error = client.send(b"CANARY2").await.unwrap_err();
    shown += &format!("{client:?} {error} {error:?}");

    let (_moody, address) = moody().await;
    let mut link = Link::new(Target::new(address.to_string()), LinkOptions { attempts: 1, ..link_options() });
    let delivery = link.deliver(b"nothing CANARY").await;
    shown += &format!("{link:?} {delivery:?}");
    let delivery = link.deliver(b"well CANARY").await;
    shown += &format!("{link:?} {delivery:?}");
    let pool = Pool::new(Target::new(address.to_string()), PoolOptions::new(link_options()));
    shown += &format!("{:?} {pool:?}", pool.deliver("CANARY", b"well CANARY").await);
    let pipeline =
        Pipeline::connect(&Target::new(address.to_string()), options(), NonZeroUsize::MIN).await.unwrap();
    shown += &format!("{:?} {pipeline:?}", pipeline.send(*b"close CANARY").await);

    let logs = logs.text();
    for expected in
        ["bytes outside of frames", "commit block", "connection given up", "message has no answer"]
    {
        assert!(logs.contains(expected), "{expected} is not in the log:\n{logs}");
    }
    let bytes = b"CANARY".map(|byte| byte.to_string()).join(", ");
    for text in [logs, shown] {
        assert!(!text.contains("CANARY") && !text.contains(&bytes), "{text}");
    }
}
