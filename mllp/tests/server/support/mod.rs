//! A server to test against, and what its tests share.

#[path = "../../support/logs.rs"]
pub(crate) mod logs;
#[cfg(feature = "tls")]
pub(crate) mod pki;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use carewire_mllp::{CommitBlock, Handler, Peer, Reason, Reply, Server, Stats, Summary, encode};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, oneshot},
    task::JoinHandle,
};

/// Answers `re <message>`, once for each permit, or what the message asks for. Admits whom its rule says.
pub(crate) struct Desk {
    pub(crate) permits: Semaphore,
    pub(crate) peers: Mutex<Vec<Peer>>,
    pub(crate) messages: Mutex<Vec<Vec<u8>>>,
    pub(crate) admits: fn(&Peer) -> bool,
}

impl Desk {
    pub(crate) fn new(permits: usize) -> Self {
        Self {
            permits: Semaphore::new(permits),
            peers: Mutex::default(),
            messages: Mutex::default(),
            admits: |_| true,
        }
    }
}

#[async_trait::async_trait]
impl Handler for Desk {
    async fn admit(&self, peer: &Peer) -> bool {
        (self.admits)(peer)
    }

    async fn handle(&self, peer: &Peer, message: Vec<u8>) -> Reply {
        self.peers.lock().unwrap().push(peer.clone());
        self.messages.lock().unwrap().push(message.clone());
        self.permits.acquire().await.unwrap().forget();
        match message.as_slice() {
            b"two answers" => Reply::SendAll(vec![b"CA".to_vec(), b"AA".to_vec()]),
            b"commit" => Reply::Commit(CommitBlock::Ack),
            b"close" => Reply::Close,
            _ => Reply::Send([b"re ".as_slice(), &message].concat()),
        }
    }
}

/// A server that runs.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) desk: Arc<Desk>,
    pub(crate) stats: Arc<Stats>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Summary>,
}

/// Starts a server that the function has made ready.
pub(crate) async fn start(desk: Desk, ready: impl FnOnce(Server) -> Server) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let desk = Arc::new(desk);
    let server = ready(Server::new(Arc::clone(&desk) as _));
    let stats = server.stats();
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(server.serve(listener, async {
        stopped.await.unwrap();
    }));
    Running { address, desk, stats, stop, server }
}

impl Running {
    pub(crate) async fn raw(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Waits until so many connections ended for this reason.
    pub(crate) async fn until_ended(&self, reason: Reason, count: u64) {
        let ended = until(|| self.stats.ended(reason) >= count).await;
        assert!(ended, "{}: {:?}", reason.as_str(), self.stats);
        assert_eq!(self.stats.ended(reason), count, "{}", reason.as_str());
    }

    pub(crate) async fn until_open(&self, count: u64) {
        assert!(until(|| self.stats.open() == count).await, "{count}: {:?}", self.stats);
    }

    pub(crate) async fn stopped(self) -> Summary {
        self.stop.send(()).unwrap();
        self.server.await.unwrap()
    }
}

/// Waits until it holds, for ten seconds.
pub(crate) async fn until(holds: impl Fn() -> bool) -> bool {
    for _ in 0..10_000 {
        if holds() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    false
}

/// Sends a message and hears its answer.
pub(crate) async fn exchange(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), message: &[u8]) {
    stream.write_all(&encode(message)).await.unwrap();
    stream.flush().await.unwrap();
    hears(stream, &encode(&[b"re ".as_slice(), message].concat())).await;
}

pub(crate) async fn hears(stream: &mut (impl AsyncRead + Unpin), expected: &[u8]) {
    let mut heard = vec![0; expected.len()];
    let reading = stream.read_exact(&mut heard);
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap().unwrap();
    assert_eq!(heard, expected);
}

/// Whether the other side closes, or resets, without another byte.
pub(crate) async fn is_closed(stream: &mut (impl AsyncRead + Unpin)) -> bool {
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await.unwrap();
    rest.is_empty() && read.map_or(true, |len| len == 0)
}
