//! The client: one message at a time, each with its answer or an error after which nothing can be mistaken.

mod answer;
mod deadline;
mod error;
mod line;
mod link;
mod options;
mod pipeline;
mod pool;
mod sender;
mod socket;
mod target;
mod wire;

pub use answer::Answer;
pub use error::ClientError;
pub use link::{Delivery, Link, LinkOptions, Outcome, Verdict};
pub use options::{ClientOptions, Correlation, KeepAlive, Release};
pub use pipeline::Pipeline;
pub use pool::{Pool, PoolOptions};
pub use sender::{NotTaken, OnReject, Report, Sender, Sent};
pub use target::Target;

use std::{fmt, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, ToSocketAddrs},
    time::Instant,
};

use self::{deadline::from_now, line::Heard, wire::Wire};
use crate::{CommitBlock, encode, encode_commit, is_encodable};

/// How many interim answers a message may have: the standard has one.
const MOST_INTERIM: usize = 4;

/// How long closing in order may take.
const CLOSING: Duration = Duration::from_secs(1);

/// A connection to a server, with one message in flight.
///
/// After an error the connection is closed and every further [`Client::send`] fails with [`ClientError::Poisoned`], since
/// an answer that comes late could be taken for that to the next message. Make another one, or use a
/// [`Link`](crate::Link). Only [`ClientError::NotEncodable`] and [`ClientError::CommitNak`] leave it usable. Dropping the
/// future of a send closes the connection as well.
///
/// ```
/// use carewire_mllp::{Client, ClientOptions, Correlation, encode};
/// use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
///
/// fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
///     if answer.ends_with(sent) { Correlation::Final } else { Correlation::Other }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (ours, mut theirs) = tokio::io::duplex(1024);
/// let mut client = Client::over(ours, ClientOptions::new(correlate));
/// let server = async {
///     let mut frame = [0; 6];
///     theirs.read_exact(&mut frame).await?;
///     theirs.write_all(&encode(b"re one")).await
/// };
/// let (answer, served) = tokio::join!(client.send(b"one"), server);
/// served?;
/// assert_eq!(answer?.payload, b"re one");
/// # Ok(())
/// # }
/// ```
pub struct Client<S = TcpStream> {
    options: ClientOptions,
    /// None after an error. Taken out while a message is in flight, so that a dropped future closes the connection.
    wire: Option<Box<Wire<S>>>,
    interim: Vec<Vec<u8>>,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// [`ClientError::ConnectTimeout`], [`ClientError::Connect`].
    pub async fn connect(address: impl ToSocketAddrs, options: ClientOptions) -> Result<Self, ClientError> {
        let stream = socket::in_time(options.connect_timeout, socket::tcp(address, &options)).await?;
        Ok(Self::over(stream, options))
    }
}

#[cfg(feature = "tls")]
impl Client<tokio_rustls::client::TlsStream<TcpStream>> {
    /// Connects over TLS. The server's certificate must be valid for `server_name`, a DNS name or an IP address.
    ///
    /// # Errors
    /// [`ClientError::ConnectTimeout`], [`ClientError::Connect`], [`ClientError::Tls`].
    pub async fn connect_tls(
        address: impl ToSocketAddrs,
        server_name: &str,
        tls: &crate::ClientTls,
        options: ClientOptions,
    ) -> Result<Self, ClientError> {
        let connecting = async {
            let stream = socket::tcp(address, &options).await?;
            tls.connect(server_name, stream).await.map_err(ClientError::Tls)
        };
        let stream = socket::in_time(options.connect_timeout, connecting).await?;
        Ok(Self::over(stream, options))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// A client over a stream that stands already.
    pub fn over(stream: S, options: ClientOptions) -> Self {
        let wire = Wire::new(stream, &options);
        Self { options, wire: Some(Box::new(wire)), interim: Vec::new() }
    }

    /// Sends a payload and waits for its answer.
    ///
    /// Before that it looks, without waiting, whether the server has closed or said something that nobody asked for. An
    /// interim answer is kept and the wait goes on; the timeouts go on with it.
    ///
    /// # Errors
    /// Any [`ClientError`] but those of connecting. [`ClientError::may_be_received`] says whether the server may have the
    /// message. The interim answers that came before an error are in [`Client::interim`].
    pub async fn send(&mut self, payload: &[u8]) -> Result<Answer, ClientError> {
        let mut wire = self.wire_for(payload)?;
        let outcome = self.exchange(&mut wire, payload).await;
        match &outcome {
            // An answer whose commit block could not be sent any more is good all the same.
            Ok(_) if wire.is_broken() => {}
            Ok(_) | Err(ClientError::CommitNak) => self.wire = Some(wire),
            Err(error) => self.report(&wire, error),
        }
        outcome
    }

    /// Sends a payload that has no answer: one that asks for no acknowledgement of the application.
    ///
    /// In release 2 it waits for the commit block; in release 1 it is done when the message is written, which says
    /// nothing about the server.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn send_without_answer(&mut self, payload: &[u8]) -> Result<(), ClientError> {
        let mut wire = self.wire_for(payload)?;
        let outcome = self.commit_only(&mut wire, payload).await;
        match &outcome {
            Ok(()) | Err(ClientError::CommitNak) => self.wire = Some(wire),
            Err(error) => self.report(&wire, error),
        }
        outcome
    }

    /// The interim answers to the last message that had no final one: what the receiver said that it stored need not be
    /// sent again. Empty after a message that had its answer, which holds them.
    #[must_use]
    pub fn interim(&self) -> &[Vec<u8>] {
        &self.interim
    }

    pub(crate) fn take_interim(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.interim)
    }

    /// Whether an earlier error made it useless.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.wire.is_none()
    }

    /// The number of the connection, by which logs and the tap name it; none after an error.
    #[must_use]
    pub fn id(&self) -> Option<u64> {
        Some(self.wire.as_ref()?.line.id())
    }

    /// Closes the connection in order: over TLS the server is told. Dropping it closes as well, without a word.
    pub async fn close(mut self) {
        if let Some(mut wire) = self.wire.take() {
            wire.shutdown(CLOSING).await;
        }
    }

    fn wire_for(&mut self, payload: &[u8]) -> Result<Box<Wire<S>>, ClientError> {
        if self.wire.is_some() && !is_encodable(payload) {
            return Err(ClientError::NotEncodable);
        }
        self.interim.clear();
        self.wire.take().ok_or(ClientError::Poisoned)
    }

    async fn exchange(&mut self, wire: &mut Wire<S>, payload: &[u8]) -> Result<Answer, ClientError> {
        wire.expect_silence().await?;
        match wire.write(&encode(payload), self.options.write_timeout).await {
            Ok(()) => self.answer(wire, payload, from_now(self.options.ack_timeout)).await,
            // A server that refuses a message for its length says so before its end, and closes.
            Err(ClientError::Io(error)) => {
                self.answer(wire, payload, from_now(CLOSING)).await.map_err(|_| ClientError::Io(error))
            }
            Err(error) => Err(error),
        }
    }

    async fn answer(
        &mut self,
        wire: &mut Wire<S>,
        payload: &[u8],
        deadline: Instant,
    ) -> Result<Answer, ClientError> {
        let mut committed = self.options.release == Release::One;
        let mut answer = None;
        loop {
            match wire.hear(deadline, self.options.end_timeout).await? {
                Heard::Commit(CommitBlock::Nak) => return Err(ClientError::CommitNak),
                Heard::Commit(_) => committed = true,
                Heard::Bad(error) => return Err(ClientError::Frame { error, received: wire.line.recent() }),
                Heard::Message(heard) => {
                    match (self.options.correlate)(payload, &heard) {
                        Correlation::Final if answer.is_none() => answer = Some(heard),
                        Correlation::Interim if self.interim.len() < MOST_INTERIM => self.interim.push(heard),
                        _ => return Err(ClientError::Uncorrelated { received: wire.line.recent() }),
                    }
                    self.commit(wire).await;
                }
            }
            if let Some(payload) = answer.take_if(|_| committed) {
                return Ok(Answer { payload, interim: std::mem::take(&mut self.interim) });
            }
        }
    }

    async fn commit_only(&mut self, wire: &mut Wire<S>, payload: &[u8]) -> Result<(), ClientError> {
        wire.expect_silence().await?;
        wire.write(&encode(payload), self.options.write_timeout).await?;
        if self.options.release == Release::One {
            return Ok(());
        }
        match wire.hear(from_now(self.options.ack_timeout), self.options.end_timeout).await? {
            Heard::Commit(CommitBlock::Nak) => Err(ClientError::CommitNak),
            Heard::Commit(_) => Ok(()),
            Heard::Bad(error) => Err(ClientError::Frame { error, received: wire.line.recent() }),
            Heard::Message(_) => Err(ClientError::Uncorrelated { received: wire.line.recent() }),
        }
    }

    /// In release 2 tells the server that its answer was taken.
    async fn commit(&mut self, wire: &mut Wire<S>) {
        if self.options.release == Release::Two {
            let block = encode_commit(CommitBlock::Ack);
            if let Err(error) = wire.write(&block, self.options.write_timeout).await {
                self.report(wire, &error);
            }
        }
    }

    fn report(&self, wire: &Wire<S>, error: &ClientError) {
        tracing::warn!(connection = wire.line.id(), reason = error.as_str(), "connection given up");
    }
}

impl<S> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("line", &self.wire.as_ref().map(|wire| &wire.line))
            .field("interim", &self.interim.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
