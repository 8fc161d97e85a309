//! Somebody who takes messages and remembers them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use carewire_hl7_v2::ack::{AckCode, AckOptions, acknowledge};
use carewire_mllp::{Handler, Peer, Reply, Server, ServerTls};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::certificates::Certificates;
use crate::{Error, Result, Rng};

/// Of a hundred messages so many are taken without an answer: the connection closes.
const UNANSWERED_PERCENT: u64 = 4;

/// An MLLP server. Dropped, it ends.
pub(super) struct Receiver {
    address: SocketAddr,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Listens, over TLS and for the client's certificate alone where there are certificates.
    pub(super) async fn start(certificates: Option<&Certificates>, seed: u64) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::io("receiver"))?;
        let address = listener.local_addr().map_err(Error::io("receiver"))?;
        let desk = Arc::new(Desk { came: Mutex::default(), rng: Mutex::new(Rng::new(seed)) });
        let mut server = Server::new(Arc::clone(&desk) as Arc<dyn Handler>);
        if let Some(made) = certificates {
            server = server.with_tls(tls(made)?);
        }
        let serving = tokio::spawn(async move {
            let _summary = server.serve(listener, std::future::pending()).await;
        });
        Ok(Self { address, desk, serving })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything that came, in order, with repetitions.
    pub(super) fn came(&self) -> Vec<Vec<u8>> {
        self.desk.came.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until this message has come, or so long.
    pub(super) async fn wait_for(&self, message: &[u8], within: Duration) {
        let started = Instant::now();
        while started.elapsed() < within && !self.came().iter().any(|came| came == message) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn tls(made: &Certificates) -> Result<ServerTls> {
    let read = |path: PathBuf| std::fs::read(path).map_err(Error::io("certificates"));
    let (certificate, key) = made.server();
    let tls = ServerTls::from_pem(&read(certificate)?, &read(key)?, Some(&read(made.ca())?));
    tls.map_err(|error| Error::program("receiver", error.to_string()))
}

struct Desk {
    came: Mutex<Vec<Vec<u8>>>,
    rng: Mutex<Rng>,
}

#[async_trait]
impl Handler for Desk {
    async fn handle(&self, _peer: &Peer, message: Vec<u8>) -> Reply {
        let answer = acknowledge(&message, &AckOptions::new(AckCode::AA, "R1"));
        self.came.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        let unanswered = self.rng.lock().unwrap_or_else(PoisonError::into_inner).percent(UNANSWERED_PERCENT);
        if unanswered { Reply::Close } else { Reply::Send(answer) }
    }
}
