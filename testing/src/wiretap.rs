//! Everything that goes over a wire: a proxy that keeps the bytes.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::{Error, Result};

/// A TCP proxy. The bytes of each connection go to two files, one for each direction. Dropped, it stops.
#[derive(Debug)]
pub struct Wiretap {
    address: SocketAddr,
    directory: PathBuf,
    serving: JoinHandle<()>,
}

impl Wiretap {
    /// Listens on a free port and connects each client to `target`.
    ///
    /// # Errors
    /// When there is no port, or `directory` cannot be made.
    pub async fn start(target: SocketAddr, directory: &Path) -> Result<Self> {
        let directory = directory.join("wire");
        std::fs::create_dir_all(&directory).map_err(Error::io("wire"))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::io("wiretap"))?;
        let address = listener.local_addr().map_err(Error::io("wiretap"))?;
        let serving = tokio::spawn(serve(listener, target, directory.clone()));
        Ok(Self { address, directory, serving })
    }

    /// The FHIR base to use instead of the target's.
    #[must_use]
    pub fn base(&self) -> String {
        crate::remote::fhir_base(self.address)
    }

    /// What was recorded.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let listing = std::fs::read_dir(&self.directory).map_err(Error::io("wire"))?;
        Ok(listing.filter_map(|entry| Some(entry.ok()?.path())).collect())
    }
}

impl Drop for Wiretap {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, target: SocketAddr, directory: PathBuf) {
    for connection in 1_u32.. {
        let Ok((client, _)) = listener.accept().await else { return };
        let record = |direction: &str| directory.join(format!("wire-{connection}-{direction}.bin"));
        tokio::spawn(tap(client, target, record("request"), record("answer")));
    }
}

/// A connection ends when either side has ended it.
async fn tap(
    client: TcpStream,
    target: SocketAddr,
    requests: PathBuf,
    answers: PathBuf,
) -> std::io::Result<()> {
    let server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        ended = copy(from_client, to_server, requests) => ended,
        ended = copy(from_server, to_client, answers) => ended,
    }
}

/// What was not recorded was not passed on either.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    record: PathBuf,
) -> std::io::Result<()> {
    let mut file = File::create(record).await?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        let bytes = buffer.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            return to.shutdown().await;
        }
        file.write_all(bytes).await?;
        file.flush().await?;
        to.write_all(bytes).await?;
    }
}
