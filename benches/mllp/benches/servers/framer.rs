//! The least that a server can do: read, look for `FS CR`, write. No timeout, no limit, no error is told.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::ack;

pub(crate) async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        // A connection that breaks is over, and nobody asks why.
        tokio::spawn(echo(stream));
    }
}

async fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(16 * 1024);
    let (mut searched, mut answer) = (0, Vec::new());
    while stream.read_buf(&mut bytes).await? > 0 {
        let mut start = 0;
        while let Some(end) = frame_end(&bytes, searched) {
            answer.clear();
            answer.push(0x0B);
            ack::write(bytes.get(start + 1..end).unwrap_or_default(), &mut answer);
            answer.extend_from_slice(b"\x1C\r");
            stream.write_all(&answer).await?;
            start = end + 2;
            searched = start;
        }
        bytes.drain(..start);
        // The last byte may be an FS whose CR is on its way.
        searched = bytes.len().saturating_sub(1);
    }
    Ok(())
}

/// Where the next `FS CR` is.
fn frame_end(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    memchr::memchr_iter(0x1C, rest).find(|at| rest.get(at + 1) == Some(&b'\r')).map(|at| from + at)
}
