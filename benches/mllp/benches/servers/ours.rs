//! Our server, with every timeout and limit that it has by default; the caps on connections are raised to what is opened.

use std::io;
use std::path::Path;
use std::sync::Arc;

use carewire_mllp::{Handler, Peer, Reply, Server, ServerOptions, ServerTls, TlsFiles};
use tokio::net::TcpListener;

use crate::{ack, tls};

const MOST: usize = 20_000;

struct Echo;

#[async_trait::async_trait]
impl Handler for Echo {
    async fn handle(&self, _: &Peer, message: Vec<u8>) -> Reply {
        Reply::Send(ack::of(&message))
    }
}

pub(crate) async fn serve(listener: TcpListener) -> io::Result<()> {
    server().serve(listener, std::future::pending()).await;
    Ok(())
}

/// The same over TLS, with the certificate in a folder.
pub(crate) async fn serve_tls(listener: TcpListener, folder: &Path) -> io::Result<()> {
    let files = TlsFiles { cert: folder.join(tls::CERTIFICATE), key: folder.join(tls::KEY), client_ca: None };
    let tls = ServerTls::from_files(files).map_err(io::Error::other)?;
    server().with_tls(tls).serve(listener, std::future::pending()).await;
    Ok(())
}

fn server() -> Server {
    let options = ServerOptions {
        max_connections: MOST,
        max_connections_per_address: Some(MOST),
        ..ServerOptions::default()
    };
    Server::new(Arc::new(Echo)).with_options(options)
}
