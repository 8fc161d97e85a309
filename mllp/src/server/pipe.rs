//! For tests: connections over pipes, in paused time, so that every timeout is exact and no test waits.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    sync::{Semaphore, watch},
    task::JoinHandle,
};

use super::{Reason, Server, ServerOptions, Shared, Stats, connection::Connection};
use crate::{CommitBlock, FrameError, Handler, Peer, Reply, encode};

/// Answers with what it got, once for each permit, or what the message asks for.
pub(super) struct Echo {
    pub(super) permits: Semaphore,
    handling: AtomicUsize,
    pub(super) seen: Mutex<Vec<usize>>,
}

#[async_trait::async_trait]
impl Handler for Echo {
    async fn admit(&self, peer: &Peer) -> bool {
        match peer.id() {
            Site::REFUSED => false,
            Site::UNDECIDED => std::future::pending().await,
            _ => true,
        }
    }

    async fn handle(&self, peer: &Peer, message: Vec<u8>) -> Reply {
        assert_eq!(self.handling.fetch_add(1, Ordering::SeqCst), 0, "two messages of one connection at once");
        self.seen.lock().unwrap().push(message.len());
        if peer.id() != Site::FREE {
            self.permits.acquire().await.unwrap().forget();
        }
        self.handling.fetch_sub(1, Ordering::SeqCst);
        match message.as_slice() {
            b"two answers" => Reply::SendAll(vec![b"CA".to_vec(), b"AA".to_vec()]),
            b"half bad" => Reply::SendAll(vec![b"CA".to_vec(), b"a\x1c\rb".to_vec()]),
            b"commit" => Reply::Commit(CommitBlock::Ack),
            b"nothing" => Reply::Nothing,
            b"close" => Reply::Close,
            b"long answers" => Reply::SendAll(vec![vec![b'x'; 5_000], vec![b'y'; 6_000]]),
            _ if message.len() > 1024 => Reply::Send(b"long".to_vec()),
            _ => Reply::Send(message),
        }
    }

    async fn refuse(&self, _peer: &Peer, error: FrameError) -> Reply {
        match error {
            FrameError::TooLong { .. } => Reply::Nothing,
            FrameError::Unfinished { .. } => std::future::pending().await,
            other => Reply::Send(other.as_str().as_bytes().to_vec()),
        }
    }
}

/// What connections share.
pub(super) struct Site {
    pub(super) echo: Arc<Echo>,
    pub(super) shared: Arc<Shared>,
    pub(super) drain: watch::Sender<bool>,
}

impl Site {
    /// A peer that is not admitted.
    pub(super) const REFUSED: u64 = 403;
    /// A peer about whom the handler never makes up its mind.
    pub(super) const UNDECIDED: u64 = 404;
    /// A peer whose messages need no permit.
    pub(super) const FREE: u64 = 200;

    pub(super) fn new(permits: usize, options: ServerOptions) -> Self {
        let echo = Arc::new(Echo {
            permits: Semaphore::new(permits),
            handling: AtomicUsize::new(0),
            seen: Mutex::default(),
        });
        let handler: Arc<dyn Handler> = Arc::clone(&echo) as _;
        let shared = Server::new(handler).with_options(options).into_shared();
        Self { echo, shared: Arc::new(shared), drain: watch::channel(false).0 }
    }

    pub(super) fn open(&self, pipe_size: usize) -> Pipe {
        self.open_as(1, pipe_size)
    }

    pub(super) fn open_as(&self, id: u64, pipe_size: usize) -> Pipe {
        let (client, server) = tokio::io::duplex(pipe_size);
        let connection = Connection::new(server, peer(id), Arc::clone(&self.shared));
        Pipe {
            client,
            stats: Arc::clone(&self.shared.stats),
            connection: tokio::spawn(connection.run(self.drain.subscribe())),
        }
    }

    pub(super) fn seen(&self) -> usize {
        self.echo.seen.lock().unwrap().len()
    }

    pub(super) async fn until_seen(&self, messages: usize) {
        while self.seen() < messages {
            tokio::task::yield_now().await;
        }
    }
}

pub(super) fn peer(id: u64) -> Peer {
    Peer::new(id, ([127, 0, 0, 1], 1).into())
}

pub(super) struct Pipe {
    pub(super) client: DuplexStream,
    pub(super) connection: JoinHandle<Reason>,
    pub(super) stats: Arc<Stats>,
}

impl Pipe {
    pub(super) async fn sends(&mut self, bytes: &[u8]) {
        self.client.write_all(bytes).await.unwrap();
    }

    pub(super) async fn exchanges(&mut self, message: &[u8]) {
        self.sends(&encode(message)).await;
        self.hears(&encode(message)).await;
    }

    pub(super) async fn hears(&mut self, expected: &[u8]) {
        let mut heard = vec![0; expected.len()];
        self.client.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, expected);
    }

    /// Hears nothing but the end.
    pub(super) async fn hears_the_end(&mut self) {
        let mut heard = Vec::new();
        self.client.read_to_end(&mut heard).await.unwrap();
        assert!(heard.is_empty());
    }

    /// Why it ended, and how many messages were handled.
    pub(super) async fn ended(self) -> (Reason, u64) {
        (self.connection.await.unwrap(), self.stats.messages())
    }
}
