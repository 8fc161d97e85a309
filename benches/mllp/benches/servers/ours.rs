//! Our server, with every timeout and limit that it has by default; the cap on connections is raised to what is opened.

use std::io;
use std::sync::Arc;

use carewire_mllp::{Handler, Peer, Reply, ServerOptions};
use tokio::net::TcpListener;

use crate::ack;

struct Echo;

#[async_trait::async_trait]
impl Handler for Echo {
    async fn handle(&self, _: &Peer, message: Vec<u8>) -> Reply {
        Reply::Send(ack::of(&message))
    }
}

pub(crate) async fn serve(listener: TcpListener) -> io::Result<()> {
    carewire_mllp::serve(listener, Arc::new(Echo), options(), std::future::pending()).await;
    Ok(())
}

fn options() -> ServerOptions {
    ServerOptions { max_connections: 20_000, ..ServerOptions::default() }
}
