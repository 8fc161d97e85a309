//! A stream with what goes over it, one direction at a time.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{Instant, timeout, timeout_at},
};

use super::{
    deadline::from_now,
    line::{Heard, Line},
};
use crate::{ClientError, ClientOptions};

/// How much is read at once.
const READ_SIZE: usize = 4096;

pub(super) struct Wire<S> {
    pub(super) line: Line,
    stream: S,
    buffer: Vec<u8>,
    broken: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S, options: &ClientOptions) -> Self {
        Self { line: Line::new(options), stream, buffer: vec![0; READ_SIZE], broken: false }
    }

    /// Whether a write failed.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Finds out, without waiting, that the server closed or said something that nobody asked for.
    pub(super) async fn expect_silence(&mut self) -> Result<(), ClientError> {
        self.line.forget();
        // Lets the runtime look at the sockets: the server may have closed right behind its last answer.
        tokio::task::yield_now().await;
        loop {
            if self.line.next().is_some() || !self.line.is_between_frames() {
                return Err(ClientError::Unsolicited { received: self.line.recent() });
            }
            let read = tokio::select! {
                biased;
                read = self.stream.read(&mut self.buffer) => read,
                () = std::future::ready(()) => break,
            };
            match read {
                Ok(0) | Err(_) => return Err(ClientError::Stale),
                Ok(len) => self.line.read(self.buffer.get(..len).unwrap_or_default()),
            }
        }
        self.line.forget();
        Ok(())
    }

    pub(super) async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<(), ClientError> {
        let written = match timeout(limit, self.write_all(bytes)).await {
            Ok(written) => written.map_err(ClientError::Io),
            Err(_) => Err(ClientError::WriteTimeout),
        };
        self.broken |= written.is_err();
        written
    }

    async fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let len = self.stream.write(bytes).await?;
            let (written, rest) =
                bytes.split_at_checked(len).filter(|_| len > 0).ok_or(io::ErrorKind::WriteZero)?;
            self.line.wrote(written);
            bytes = rest;
        }
        self.stream.flush().await
    }

    /// Waits for what the server says.
    pub(super) async fn hear(
        &mut self,
        deadline: Instant,
        end_timeout: Duration,
    ) -> Result<Heard, ClientError> {
        loop {
            if let Some(heard) = self.line.next() {
                return Ok(heard);
            }
            let awaits_end = self.line.awaits_end();
            let limit = if awaits_end { deadline.min(from_now(end_timeout)) } else { deadline };
            match timeout_at(limit, self.stream.read(&mut self.buffer)).await {
                Err(_) if awaits_end => self.line.end_frame(),
                Err(_) => return Err(ClientError::AckTimeout { received: self.line.recent() }),
                Ok(read) if is_end(&read) => {
                    self.line.finish();
                    let received = self.line.recent();
                    return self.line.next().ok_or(ClientError::Closed { received });
                }
                Ok(Ok(len)) => self.line.read(self.buffer.get(..len).unwrap_or_default()),
                Ok(Err(error)) => return Err(ClientError::Io(error)),
            }
        }
    }

    /// Says that nothing more will be sent.
    pub(super) async fn shutdown(&mut self, limit: Duration) {
        // Whatever happens now, the connection ends.
        let _: Result<_, _> = timeout(limit, self.stream.shutdown()).await;
    }
}

/// Whether a read says that the server has closed: in order, without the last message of TLS, or with a reset.
pub(super) fn is_end(read: &io::Result<usize>) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match read {
        Ok(len) => *len == 0,
        Err(error) => {
            matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
        }
    }
}
