//! Server and client over real loopback sockets.
#![cfg(feature = "tokio")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

#[path = "support/logs.rs"]
mod logs;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use carewire_mllp::{
    Client, ClientError, ClientOptions, Correlation, FrameError, Handler, Peer, Reply, ServerOptions,
    Summary, encode, serve,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, oneshot},
    task::JoinHandle,
};

use logs::Logs;

/// Answers `re <message>`, once for each permit; panics, closes or keeps silent where the message says so.
struct Desk {
    permits: Semaphore,
    peers: Mutex<Vec<Peer>>,
}

#[async_trait::async_trait]
impl Handler for Desk {
    async fn handle(&self, peer: &Peer, message: Vec<u8>) -> Reply {
        self.peers.lock().unwrap().push(peer.clone());
        match message.as_slice() {
            b"panic" => panic!("on request"),
            b"close" => return Reply::Close,
            b"nothing" => return Reply::Nothing,
            b"bad" => return Reply::Send(b"a\x1c\rb".to_vec()),
            _ => {}
        }
        self.permits.acquire().await.unwrap().forget();
        Reply::Send([b"re ".as_slice(), &message].concat())
    }

    async fn refuse(&self, _peer: &Peer, error: FrameError) -> Reply {
        match error {
            FrameError::TooLong { .. } => Reply::Close,
            other => Reply::Send(other.as_str().as_bytes().to_vec()),
        }
    }
}

fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    if answer.ends_with(sent) { Correlation::Final } else { Correlation::Other }
}

struct Running {
    address: SocketAddr,
    desk: Arc<Desk>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Summary>,
}

async fn start(permits: usize, options: ServerOptions) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let desk = Arc::new(Desk { permits: Semaphore::new(permits), peers: Mutex::default() });
    let (stop, stopped) = oneshot::channel();
    let server = serve(listener, Arc::clone(&desk) as _, options, async {
        stopped.await.unwrap();
    });
    Running { address, desk, stop, server: tokio::spawn(server) }
}

impl Running {
    async fn raw(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    async fn client(&self) -> Client {
        Client::connect(self.address, ClientOptions::new(correlate)).await.unwrap()
    }

    async fn until_handling(&self, messages: usize) {
        while self.desk.peers.lock().unwrap().len() < messages {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn stopped(self) -> Summary {
        self.stop.send(()).unwrap();
        self.server.await.unwrap()
    }
}

async fn hears(stream: &mut TcpStream, expected: &[u8]) {
    let mut heard = vec![0; expected.len()];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(heard, expected);
}

async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.unwrap();
    // A refused connection may be reset rather than closed.
    rest.is_empty() && read.map_or(true, |len| len == 0)
}

#[tokio::test]
async fn two_frames_in_one_write_get_two_answers_in_order() {
    let running = start(9, ServerOptions::default()).await;
    let mut stream = running.raw().await;
    stream.write_all(b"\x0bone\x1c\r\x0btwo\x1c\r").await.unwrap();
    hears(&mut stream, b"\x0bre one\x1c\r\x0bre two\x1c\r").await;
    drop(stream);
    let summary = running.stopped().await;
    assert_eq!((summary.connections, summary.messages), (1, 2));
}

#[tokio::test]
async fn an_end_cut_in_two_is_answered_once() {
    let running =
        start(9, ServerOptions { end_timeout: Duration::from_secs(60), ..ServerOptions::default() }).await;
    let mut stream = running.raw().await;
    stream.write_all(b"\x0bone\x1c").await.unwrap();
    tokio::time::sleep(Duration::from_millis(30)).await;
    stream.write_all(b"\r").await.unwrap();
    hears(&mut stream, b"\x0bre one\x1c\r").await;
    drop(stream);
    assert_eq!(running.stopped().await.messages, 1);
}

#[tokio::test]
async fn every_answer_belongs_to_its_message_on_many_connections() {
    let running = start(10_000, ServerOptions::default()).await;
    let options = ClientOptions::new(correlate);
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..10 {
        let (address, options) = (running.address, options.clone());
        senders.spawn(async move {
            let mut client = Client::connect(address, options).await.unwrap();
            for n in 0..50 {
                let payload = format!("MSH|{sender}-{n}|{}", "x".repeat(n * 997)).into_bytes();
                assert_eq!(
                    client.send(&payload).await.unwrap().payload,
                    [b"re ".as_slice(), &payload].concat()
                );
            }
        });
    }
    while let Some(sent) = senders.join_next().await {
        sent.unwrap();
    }
    let summary = running.stopped().await;
    assert_eq!((summary.connections, summary.messages, summary.aborted), (10, 500, 0));
}

#[tokio::test]
async fn connections_beyond_the_cap_are_closed_and_room_is_made_again() {
    let running = start(9, ServerOptions { max_connections: 2, ..ServerOptions::default() }).await;
    let (mut first, mut second) = (running.client().await, running.client().await);
    first.send(b"one").await.unwrap();
    second.send(b"two").await.unwrap();
    assert!(is_closed(&mut running.raw().await).await);

    drop(first);
    let reopened = async {
        loop {
            if running.client().await.send(b"three").await.is_ok() {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), reopened).await.unwrap();
    assert!(running.stopped().await.refused >= 1);
}

#[tokio::test]
async fn a_drain_lets_the_message_in_hand_be_answered() {
    let running = start(0, ServerOptions::default()).await;
    let mut stream = running.raw().await;
    stream.write_all(b"\x0bone\x1c\r").await.unwrap();
    running.until_handling(1).await;

    let (address, desk) = (running.address, Arc::clone(&running.desk));
    let stopping = tokio::spawn(running.stopped());
    while TcpStream::connect(address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    stream.write_all(b"\x0btoo late\x1c\r").await.unwrap();
    desk.permits.add_permits(1);
    hears(&mut stream, b"\x0bre one\x1c\r").await;
    assert!(is_closed(&mut stream).await);
    drop(stream);
    let summary = stopping.await.unwrap();
    assert_eq!((summary.messages, summary.aborted), (1, 0));
}

#[tokio::test]
async fn a_drain_ends_at_its_deadline() {
    let options = ServerOptions { drain_deadline: Duration::from_millis(50), ..ServerOptions::default() };
    let running = start(0, options).await;
    let mut stream = running.raw().await;
    stream.write_all(b"\x0bone\x1c\r").await.unwrap();
    running.until_handling(1).await;
    assert_eq!(running.stopped().await.aborted, 1);
    assert!(is_closed(&mut stream).await);
}

#[tokio::test]
async fn a_panic_ends_its_connection_only() {
    let running = start(9, ServerOptions::default()).await;
    let (mut calm, mut panicking) = (running.client().await, running.client().await);
    assert!(matches!(panicking.send(b"panic").await, Err(ClientError::Closed { .. } | ClientError::Io(_))));
    assert_eq!(calm.send(b"one").await.unwrap().payload, b"re one");
    assert_eq!(running.stopped().await.aborted, 1);
}

#[tokio::test]
async fn the_handler_decides_about_bad_frames_silence_and_closing() {
    let running = start(9, ServerOptions { max_frame: 100, ..ServerOptions::default() }).await;
    let mut stream = running.raw().await;
    stream.write_all(b"MSH|no start\x1c\r\x0b\x1c\r\x0bnothing\x1c\r\x0bone\x1c\r").await.unwrap();
    hears(&mut stream, b"\x0bmissing_start\x1c\r\x0bempty\x1c\r\x0bre one\x1c\r").await;
    stream.write_all(&encode(&[b'x'; 101])).await.unwrap();
    assert!(is_closed(&mut stream).await);

    for message in [b"close".as_slice(), b"bad"] {
        let mut stream = running.raw().await;
        stream.write_all(&encode(message)).await.unwrap();
        assert!(is_closed(&mut stream).await);
    }
    let summary = running.stopped().await;
    assert_eq!((summary.bad_frames, summary.messages), (3, 4));
}

#[tokio::test]
async fn the_handler_is_told_the_peer() {
    let running = start(9, ServerOptions::default()).await;
    let mut stream = running.raw().await;
    stream.write_all(b"\x0bone\x1c\r").await.unwrap();
    hears(&mut stream, b"\x0bre one\x1c\r").await;
    let address = stream.local_addr().unwrap();
    running.client().await.send(b"two").await.unwrap();
    let peers = running.desk.peers.lock().unwrap().clone();
    assert_eq!(peers.iter().filter(|peer| peer.address() == address).count(), 1);
    assert!(peers.iter().any(|peer| peer.address() != address));
    assert!(peers.windows(2).all(|pair| pair.first().unwrap().id() != pair.last().unwrap().id()));
}

#[tokio::test]
async fn a_connection_that_cannot_stand_is_an_error() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert!(matches!(
        Client::connect(address, ClientOptions::new(correlate)).await,
        Err(ClientError::Connect(_))
    ));
}

/// At the lowest level nothing that is logged holds a byte of a payload.
#[tokio::test]
async fn logs_hold_no_payload() {
    let (logs, _guard) = Logs::collect();

    let running = start(9, ServerOptions { max_frame: 64, ..ServerOptions::default() }).await;
    let mut stream = running.raw().await;
    let long = encode(&b"CANARY".repeat(20));
    let input: [&[u8]; 3] =
        [b"CANARY\x0b\x0bCANARY\x1c\nCANARY\x1c\r\x0bMSH|CANARY\r\x0bbad\x1c\r", &long, b"\x0bCANARY"];
    stream.write_all(&input.concat()).await.unwrap();
    let mut answers = Vec::new();
    let _: Result<_, _> = stream.read_to_end(&mut answers).await;
    let mut client = running.client().await;
    client.send(b"CANARY").await.unwrap();
    let refused = client.send(b"close").await.unwrap_err();
    drop(client);
    running.stopped().await;

    let text = logs.text();
    for expected in
        ["message received", "bytes outside of frames", "frame not delivered", "connection closed"]
    {
        assert!(text.contains(expected), "{expected} is not in the log:\n{text}");
    }
    assert!(!text.contains("CANARY") && !format!("{refused} {refused:?}").contains("CANARY"));
}
