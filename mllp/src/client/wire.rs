//! A stream with what goes over it, one direction at a time.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{Instant, timeout, timeout_at},
};

use super::line::{Heard, Line};
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
        let writing = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        let written = match timeout(limit, writing).await {
            Ok(written) => written.map_err(ClientError::Io),
            Err(_) => Err(ClientError::WriteTimeout),
        };
        self.broken |= written.is_err();
        if written.is_ok() {
            self.line.wrote(bytes);
        }
        written
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
            // A peer that never stops sending has something to read at every moment.
            if !awaits_end && Instant::now() > deadline {
                return Err(ClientError::AckTimeout { received: self.line.recent() });
            }
            let limit = if awaits_end { deadline.min(Instant::now() + end_timeout) } else { deadline };
            match timeout_at(limit, self.stream.read(&mut self.buffer)).await {
                Err(_) if awaits_end => self.line.end_frame(),
                Err(_) => return Err(ClientError::AckTimeout { received: self.line.recent() }),
                Ok(Ok(0)) => {
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
