//! The client: one message at a time, each with its answer or an error after which nothing can be mistaken.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, ToSocketAddrs},
    time::{Instant, timeout, timeout_at},
};

use crate::{Decoder, Event, FrameError, Limits, encode, is_encodable};

/// How a client behaves.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The connection must stand after so long (10 seconds).
    pub connect_timeout: Duration,
    /// The answer must have come so long after the message was begun to be sent (30 seconds).
    pub ack_timeout: Duration,
    /// An answer with its `FS` whose next byte does not come is taken as ended after so long (200 milliseconds).
    pub end_timeout: Duration,
    /// The longest answer, in bytes (16 MiB).
    pub max_frame: usize,
    /// Whether the second payload is the answer to the first. The default takes every answer: a caller that knows the
    /// payloads should compare their ids.
    pub correlates: fn(&[u8], &[u8]) -> bool,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            ack_timeout: Duration::from_secs(30),
            end_timeout: Duration::from_millis(200),
            max_frame: Limits::default().max_frame,
            correlates: |_, _| true,
        }
    }
}

/// A connection to a server.
///
/// After any error but [`ClientError::NotEncodable`] it is poisoned and every further [`Client::send`] fails: an answer that
/// comes late could be taken for that to the next message. Make another one.
#[derive(Debug)]
pub struct Client<S = TcpStream> {
    stream: S,
    decoder: Decoder,
    options: ClientOptions,
    poisoned: bool,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// [`ClientError::ConnectTimeout`], [`ClientError::Io`].
    pub async fn connect(address: impl ToSocketAddrs, options: ClientOptions) -> Result<Self, ClientError> {
        let stream = in_time(options.connect_timeout, TcpStream::connect(address)).await?;
        stream.set_nodelay(true)?;
        Ok(Self::over(stream, options))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// A client over a stream that stands already.
    pub fn over(stream: S, options: ClientOptions) -> Self {
        let decoder = Decoder::new(Limits::default().with_max_frame(options.max_frame));
        Self { stream, decoder, options, poisoned: false }
    }

    /// Sends a payload and waits for its answer.
    ///
    /// Dropping the future poisons the client.
    ///
    /// # Errors
    /// Any [`ClientError`] but those of connecting. Unless it is [`ClientError::NotEncodable`] or [`ClientError::Poisoned`] the
    /// server may have the message.
    pub async fn send(&mut self, payload: &[u8]) -> Result<Vec<u8>, ClientError> {
        if self.poisoned {
            return Err(ClientError::Poisoned);
        }
        if !is_encodable(payload) {
            return Err(ClientError::NotEncodable);
        }
        self.poisoned = true;
        let deadline = Instant::now() + self.options.ack_timeout;
        let answer =
            timeout_at(deadline, self.exchange(payload)).await.map_err(|_| ClientError::AckTimeout)??;
        if !(self.options.correlates)(payload, &answer) {
            return Err(ClientError::Uncorrelated);
        }
        self.poisoned = false;
        Ok(answer)
    }

    /// Whether an earlier error made it useless.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    async fn exchange(&mut self, payload: &[u8]) -> Result<Vec<u8>, ClientError> {
        self.expect_silence().await?;
        self.stream.write_all(&encode(payload)).await?;
        self.stream.flush().await?;
        loop {
            if let Some(answer) = self.next_answer()? {
                return Ok(answer);
            }
            let mut buffer = [0; 4096];
            let reading = self.stream.read(&mut buffer);
            let len = if self.decoder.awaits_end() {
                let Ok(read) = timeout(self.options.end_timeout, reading).await else {
                    self.decoder.end_frame();
                    continue;
                };
                read?
            } else {
                reading.await?
            };
            if len == 0 {
                self.decoder.finish();
                return self.next_answer()?.ok_or(ClientError::Closed);
            }
            self.decoder.feed(buffer.get(..len).unwrap_or_default());
        }
    }

    /// Finds out, without waiting, that the server closed or said something that nobody asked for.
    async fn expect_silence(&mut self) -> Result<(), ClientError> {
        loop {
            if self.next_answer()?.is_some() || !self.decoder.is_between_frames() {
                return Err(ClientError::Unsolicited);
            }
            let mut buffer = [0; 4096];
            let len = tokio::select! {
                biased;
                read = self.stream.read(&mut buffer) => read?,
                () = std::future::ready(()) => return Ok(()),
            };
            if len == 0 {
                return Err(ClientError::Closed);
            }
            self.decoder.feed(buffer.get(..len).unwrap_or_default());
        }
    }

    fn next_answer(&mut self) -> Result<Option<Vec<u8>>, ClientError> {
        while let Some(event) = self.decoder.poll() {
            match event {
                Event::Message { payload, .. } => return Ok(Some(payload)),
                Event::Error(error) => return Err(ClientError::Frame(error)),
                Event::Garbage { offset, len } => {
                    tracing::warn!(offset, len, "bytes outside of frames dropped")
                }
                Event::Deviation { offset, kind } => {
                    tracing::debug!(offset, kind = kind.as_str(), "answer is not well formed");
                }
                Event::Padding { .. } | Event::Commit { .. } => {}
            }
        }
        Ok(None)
    }
}

async fn in_time(
    limit: Duration,
    connecting: impl Future<Output = io::Result<TcpStream>>,
) -> Result<TcpStream, ClientError> {
    Ok(timeout(limit, connecting).await.map_err(|_| ClientError::ConnectTimeout)??)
}

/// Why a message has no answer. No variant holds a byte of a payload.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The connection did not stand in time.
    #[error("connect timed out")]
    ConnectTimeout,
    /// No answer came in time. The server may have the message, and may answer yet.
    #[error("no answer in time")]
    AckTimeout,
    /// The server closed the connection. Whether it has the message is not known.
    #[error("connection closed by the server")]
    Closed,
    /// The connection broke.
    #[error("connection failed")]
    Io(#[from] io::Error),
    /// The answer is one to another message.
    #[error("answer belongs to another message")]
    Uncorrelated,
    /// The server said something before it was asked. The message was not sent.
    #[error("unsolicited data from the server")]
    Unsolicited,
    /// What came back is not a frame.
    #[error("bad frame from the server: {0}")]
    Frame(FrameError),
    /// The payload is empty or holds marks of a frame. Nothing was sent and the client can be used further.
    #[error("payload cannot stand in a frame")]
    NotEncodable,
    /// An earlier error made the client useless. Nothing was sent.
    #[error("connection is unusable after an earlier error")]
    Poisoned,
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
