//! The server: accepts connections, runs each, drains them at the end.

mod connection;

use std::{
    future::Future,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinError, JoinSet},
    time::{Instant, sleep, timeout_at},
};

use self::connection::{Connection, Ended};
use crate::{Handler, Limits, Peer};

/// How a server behaves.
///
/// ```
/// use carewire_mllp::ServerOptions;
/// let options = ServerOptions { max_connections: 20, ..ServerOptions::default() };
/// assert_eq!(options.max_frame, 16 << 20);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerOptions {
    /// Connections beyond this are closed as soon as they come (256).
    pub max_connections: usize,
    /// A connection without a whole frame for so long is closed (10 minutes).
    pub idle_timeout: Duration,
    /// A frame must be whole so long after its first byte (30 seconds).
    pub frame_timeout: Duration,
    /// A frame with its `FS` whose next byte does not come is taken as ended after so long (200 milliseconds).
    pub end_timeout: Duration,
    /// The handler must be done with a message after so long (30 seconds).
    pub handler_timeout: Duration,
    /// An answer must be written after so long (30 seconds).
    pub write_timeout: Duration,
    /// The longest payload, in bytes (16 MiB).
    pub max_frame: usize,
    /// After the shutdown signal connections have so long to finish (30 seconds).
    pub drain_deadline: Duration,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            max_connections: 256,
            idle_timeout: Duration::from_secs(600),
            frame_timeout: Duration::from_secs(30),
            end_timeout: Duration::from_millis(200),
            handler_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            max_frame: Limits::default().max_frame,
            drain_deadline: Duration::from_secs(30),
        }
    }
}

/// What a server did until it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Connections that were served.
    pub connections: u64,
    /// Connections that were closed because there were too many.
    pub refused: u64,
    /// Messages that were given to the handler.
    pub messages: u64,
    /// Frames that could not be delivered.
    pub bad_frames: u64,
    /// Connections that a timeout closed.
    pub timeouts: u64,
    /// Connections that were cut off at the drain deadline, or whose handler panicked.
    pub aborted: u64,
}

/// Serves the listener's connections until `shutdown` completes.
///
/// Then it accepts no more, lets every connection answer the messages that it has already read, closes them, and returns;
/// what is left at the drain deadline is cut off. A frame that was still coming in is not answered: its sender sends it again.
pub async fn serve(
    listener: TcpListener,
    handler: Arc<dyn Handler>,
    options: ServerOptions,
    shutdown: impl Future<Output = ()>,
) -> Summary {
    let (drain, draining) = watch::channel(false);
    let mut server = Server {
        handler,
        options: Arc::new(options),
        draining,
        tasks: JoinSet::new(),
        summary: Summary::default(),
    };
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = server.tasks.join_next() => server.reap(ended),
            accepted = listener.accept() => server.admit(accepted).await,
        }
    }
    drop(listener);
    drain.send_replace(true);
    server.drain().await
}

struct Server {
    handler: Arc<dyn Handler>,
    options: Arc<ServerOptions>,
    draining: watch::Receiver<bool>,
    tasks: JoinSet<Ended>,
    summary: Summary,
}

/// Numbers the connections of all servers of the process.
static NEXT_CONNECTION: AtomicU64 = AtomicU64::new(1);

impl Server {
    async fn admit(&mut self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        match accepted {
            Ok((_, address)) if self.tasks.len() >= self.options.max_connections => {
                self.summary.refused += 1;
                tracing::warn!(%address, limit = self.options.max_connections, "connection refused: too many");
            }
            Ok((stream, address)) => self.start(stream, address),
            Err(error) => {
                // Usually out of file descriptors: let connections end.
                tracing::error!(%error, "connection not accepted");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }

    fn start(&mut self, stream: TcpStream, address: SocketAddr) {
        let peer = Peer::new(NEXT_CONNECTION.fetch_add(1, Ordering::Relaxed), address);
        tracing::debug!(connection = peer.id(), %address, "connection opened");
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(connection = peer.id(), %error, "delayed sending stays on");
        }
        self.summary.connections += 1;
        let connection = Connection::new(stream, peer, Arc::clone(&self.handler), Arc::clone(&self.options));
        self.tasks.spawn(connection.run(self.draining.clone()));
    }

    fn reap(&mut self, ended: Result<Ended, JoinError>) {
        match ended {
            Ok(ended) => {
                self.summary.messages += ended.messages;
                self.summary.bad_frames += ended.bad_frames;
                self.summary.timeouts += u64::from(ended.timed_out);
            }
            Err(error) => {
                self.summary.aborted += 1;
                tracing::error!(panicked = error.is_panic(), "connection cut off");
            }
        }
    }

    async fn drain(mut self) -> Summary {
        let deadline = Instant::now() + self.options.drain_deadline;
        while let Ok(Some(ended)) = timeout_at(deadline, self.tasks.join_next()).await {
            self.reap(ended);
        }
        self.tasks.abort_all();
        while let Some(ended) = self.tasks.join_next().await {
            self.reap(ended);
        }
        self.summary
    }
}
