//! hl7-mllp-codec in a minimal server, as its documentation shows it.

use std::io;

use bytes::BytesMut;
use futures_util::{SinkExt as _, StreamExt as _};
use hl7_mllp_codec::MllpCodec;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::Framed;

use crate::ack;

pub(crate) async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        // A connection that breaks is over, and nobody asks why.
        tokio::spawn(echo(stream));
    }
}

async fn echo(stream: TcpStream) -> io::Result<()> {
    let mut frames = Framed::new(stream, MllpCodec::new());
    while let Some(message) = frames.next().await {
        frames.send(BytesMut::from(ack::of(&message?).as_slice())).await?;
    }
    Ok(())
}
