//! The server: accepts connections, runs each, drains them at the end.

mod bind;
mod budget;
mod connection;
mod options;
#[cfg(test)]
mod pipe;
mod seat;
mod stats;
mod timer;
mod wire;

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

#[cfg(feature = "tls")]
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout, timeout_at},
};

use self::{
    budget::Budget,
    connection::Connection,
    seat::{Addresses, Seat},
    timer::after,
};
#[cfg(feature = "tls")]
use crate::ServerTls;
use crate::{Handler, Peer};

pub use self::{
    bind::{Exposure, bind},
    options::ServerOptions,
    stats::{Reason, Stats, Summary},
};

/// A server that does not serve yet.
///
/// ```
/// use std::sync::Arc;
/// use carewire_mllp::{Exposure, Handler, Peer, Reply, Server, ServerOptions, bind};
///
/// struct Echo;
///
/// #[async_trait::async_trait]
/// impl Handler for Echo {
///     async fn handle(&self, _from: &Peer, message: Vec<u8>) -> Reply {
///         Reply::Send(message)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let listener = bind("127.0.0.1:0".parse().unwrap(), Exposure::Loopback)?;
/// let server = Server::new(Arc::new(Echo)).with_options(ServerOptions { max_connections: 20, ..ServerOptions::default() });
/// let stats = server.stats();
/// let summary = server.serve(listener, async { /* until this is done */ }).await;
/// assert_eq!(summary.connections, stats.served());
/// # Ok(())
/// # }
/// ```
pub struct Server {
    handler: Arc<dyn Handler>,
    options: ServerOptions,
    stats: Arc<Stats>,
    #[cfg(feature = "tls")]
    tls: Option<ServerTls>,
}

/// What all connections of a server share.
struct Shared {
    handler: Arc<dyn Handler>,
    options: ServerOptions,
    stats: Arc<Stats>,
    addresses: Addresses,
    budget: Arc<Budget>,
}

/// Serves the listener's connections until `shutdown` completes, as [`Server::serve`] does.
pub async fn serve(
    listener: TcpListener,
    handler: Arc<dyn Handler>,
    options: ServerOptions,
    shutdown: impl Future<Output = ()>,
) -> Summary {
    Server::new(handler).with_options(options).serve(listener, shutdown).await
}

impl Server {
    /// A server that gives messages to this handler.
    #[must_use]
    pub fn new(handler: Arc<dyn Handler>) -> Self {
        Self {
            handler,
            options: ServerOptions::default(),
            stats: Arc::default(),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// The server with other options.
    #[must_use]
    pub fn with_options(mut self, options: ServerOptions) -> Self {
        self.options = options;
        self
    }

    /// The server with all connections over TLS.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn with_tls(mut self, tls: ServerTls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// What it counts, live.
    #[must_use]
    pub fn stats(&self) -> Arc<Stats> {
        Arc::clone(&self.stats)
    }

    /// Serves the listener's connections until `shutdown` completes.
    ///
    /// Then it accepts no more, lets every connection answer the messages that it has already read, closes them, and returns;
    /// what is left at the drain deadline is cut off. A frame that was still coming in is not answered: its sender sends it
    /// again.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> Summary {
        let (drain, draining) = watch::channel(false);
        let mut accepting = Accepting {
            #[cfg(feature = "tls")]
            tls: self.tls.clone(),
            shared: Arc::new(self.into_shared()),
            draining,
            tasks: JoinSet::new(),
        };
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(_) = accepting.tasks.join_next() => {}
                accepted = listener.accept() => accepting.take(accepted).await,
            }
        }
        drop(listener);
        drain.send_replace(true);
        accepting.drain().await
    }

    fn into_shared(self) -> Shared {
        Shared {
            budget: Arc::new(Budget::new(&self.options, Arc::clone(&self.stats))),
            handler: self.handler,
            options: self.options,
            stats: self.stats,
            addresses: Addresses::default(),
        }
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("options", &self.options)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

/// How long accepting rests after an error that will not pass by itself: usually file descriptors have run out.
const REST: Duration = Duration::from_millis(100);

/// How long connections that are cut off have to take notice.
const CUT: Duration = Duration::from_millis(100);

struct Accepting {
    shared: Arc<Shared>,
    #[cfg(feature = "tls")]
    tls: Option<ServerTls>,
    draining: watch::Receiver<bool>,
    tasks: JoinSet<()>,
}

impl Accepting {
    async fn take(&mut self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        match accepted {
            Ok((stream, address)) => self.start(stream, address),
            // The peer is gone again already.
            Err(error) if is_of_the_peer(&error) => tracing::debug!(%error, "connection not accepted"),
            Err(error) => {
                tracing::error!(%error, "connection not accepted");
                sleep(REST).await;
            }
        }
    }

    fn start(&mut self, stream: TcpStream, address: SocketAddr) {
        let peer = Peer::new(crate::connection_number::next(), address);
        let Some(seat) = Seat::take(&self.shared, peer.id(), address) else {
            return;
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(connection = peer.id(), %error, "delayed sending stays on");
        }
        let (shared, draining) = (Arc::clone(&self.shared), self.draining.clone());
        #[cfg(feature = "tls")]
        if let Some(tls) = self.tls.clone() {
            self.tasks.spawn(secured(stream, tls, peer, seat, shared, draining));
            return;
        }
        self.tasks.spawn(plain(stream, peer, seat, shared, draining));
    }

    async fn drain(mut self) -> Summary {
        let deadline = after(tokio::time::Instant::now(), self.shared.options.drain_deadline);
        while let Ok(Some(_)) = timeout_at(deadline, self.tasks.join_next()).await {}
        self.tasks.abort_all();
        while let Ok(Some(_)) = timeout(CUT, self.tasks.join_next()).await {}
        // What blocks its thread cannot be cut off, and must not keep the program from ending.
        let mut summary = self.shared.stats.summary();
        summary.aborted += self.tasks.len() as u64;
        self.tasks.detach_all();
        summary
    }
}

fn is_of_the_peer(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset)
}

async fn plain(
    stream: TcpStream,
    peer: Peer,
    mut seat: Seat,
    shared: Arc<Shared>,
    draining: watch::Receiver<bool>,
) {
    seat.end(Connection::new(stream, peer, shared).run(draining).await);
}

#[cfg(feature = "tls")]
async fn secured<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    tls: ServerTls,
    peer: Peer,
    mut seat: Seat,
    shared: Arc<Shared>,
    mut draining: watch::Receiver<bool>,
) {
    let limit = shared.options.handshake_timeout;
    let accepted = tokio::select! {
        biased;
        accepted = timeout(limit, tls.accept(stream)) => accepted,
        _ = draining.wait_for(|draining| *draining) => return seat.end(Reason::Drained),
    };
    match accepted {
        Ok(Ok((stream, certificate))) => {
            let peer = certificate.into_iter().fold(peer, Peer::with_certificate);
            seat.end(Connection::new(stream, peer, shared).run(draining).await);
        }
        Ok(Err(error)) => {
            tracing::info!(connection = peer.id(), reason = error.as_str(), "TLS handshake failed");
            seat.end(Reason::Handshake);
        }
        Err(_) => seat.end(Reason::HandshakeTimeout),
    }
}

#[cfg(test)]
#[path = "secured_tests.rs"]
mod tests;
