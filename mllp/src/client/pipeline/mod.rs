//! Several messages in flight over one connection.

mod driver;

use std::{num::NonZeroUsize, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
};

use self::driver::Driver;
use super::target::{Dial as _, Target};
use crate::{Answer, ClientError, ClientOptions, Release, is_encodable};

/// A connection with several messages in flight, for a server that answers in the order in which it was asked. Cheap to
/// clone: callers send at once from clones.
///
/// The next answer must be the final one to the oldest message without answer. Anything else (an answer to another
/// message, an interim one, a bad frame, a close, a timeout) ends the connection and fails all that are in flight: the oldest with
/// what happened, the others with [`ClientError::Abandoned`], which says whether the server may have them. So no answer is
/// ever taken for that to another message.
///
/// The oldest message must be written within [`ClientOptions::write_timeout`], and answered within
/// [`ClientOptions::ack_timeout`] after that and after it became the oldest. A caller that drops its future takes its
/// message out if nothing of it was sent; otherwise the answer is still awaited, checked, and dropped, and the other
/// messages are not touched.
///
/// When the last clone is dropped, the connection is closed once nothing is in flight.
///
/// ```
/// use std::num::NonZeroUsize;
/// use carewire_mllp::{ClientOptions, Correlation, Pipeline, encode};
/// use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
///
/// fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
///     if answer.ends_with(sent) { Correlation::Final } else { Correlation::Other }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (ours, mut theirs) = tokio::io::duplex(1024);
/// let pipeline = Pipeline::over(ours, ClientOptions::new(correlate), NonZeroUsize::MIN.saturating_add(7))?;
/// let server = async {
///     let mut frames = [0; 12];
///     theirs.read_exact(&mut frames).await?;
///     theirs.write_all(&[encode(b"re one"), encode(b"re two")].concat()).await
/// };
/// let (one, two, served) = tokio::join!(pipeline.send(*b"one"), pipeline.send(*b"two"), server);
/// served?;
/// assert_eq!((one?.payload, two?.payload), (b"re one".to_vec(), b"re two".to_vec()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Pipeline {
    jobs: mpsc::UnboundedSender<Job>,
    /// One for each message that may be in flight; they bound the channel as well.
    places: Arc<Semaphore>,
}

/// A message that waits for its answer. The place is free again when it is dropped.
struct Job {
    payload: Vec<u8>,
    reply: oneshot::Sender<Result<Answer, ClientError>>,
    _place: OwnedSemaphorePermit,
}

impl Pipeline {
    /// Connects. At most `depth` messages are in flight.
    ///
    /// # Errors
    /// Those of connecting, and [`ClientError::NotPipelined`].
    pub async fn connect(
        target: &Target,
        options: ClientOptions,
        depth: NonZeroUsize,
    ) -> Result<Self, ClientError> {
        let stream = target.dial(&options).await?;
        Self::over(stream, options, depth)
    }

    /// Over a stream that stands already. Must be called in a tokio runtime: a task reads and writes the stream.
    ///
    /// # Errors
    /// [`ClientError::NotPipelined`] where the options ask for release 2.
    pub fn over<S>(stream: S, options: ClientOptions, depth: NonZeroUsize) -> Result<Self, ClientError>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        if options.release == Release::Two {
            return Err(ClientError::NotPipelined);
        }
        let (jobs, queue) = mpsc::unbounded_channel();
        let places = Arc::new(Semaphore::new(depth.get().min(Semaphore::MAX_PERMITS)));
        tokio::spawn(Driver::new(stream, options, queue).run());
        Ok(Self { jobs, places })
    }

    /// Sends a payload and waits for its answer. Waits before that while too many messages are in flight, first come, first
    /// served.
    ///
    /// # Errors
    /// Any [`ClientError`] but those of connecting; [`ClientError::Poisoned`] once the connection has ended.
    pub async fn send(&self, payload: impl Into<Vec<u8>>) -> Result<Answer, ClientError> {
        self.submit(payload.into()).await?.await
    }

    /// Puts a payload in the line, and gives the wait for its answer. Messages are sent in the order in which their
    /// `submit` was done, so that whoever awaits one before the next keeps their order, wherever the answers are awaited:
    /// [`Pipeline::send`] in tasks of their own leaves the order to the runtime.
    ///
    /// # Errors
    /// [`ClientError::NotEncodable`], and [`ClientError::Poisoned`] once the connection has ended; of the wait those of
    /// [`Pipeline::send`].
    pub async fn submit(
        &self,
        payload: Vec<u8>,
    ) -> Result<impl Future<Output = Result<Answer, ClientError>> + Send + use<>, ClientError> {
        if !is_encodable(&payload) {
            return Err(ClientError::NotEncodable);
        }
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| ClientError::Poisoned)?;
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job { payload, reply, _place: place }).map_err(|_| ClientError::Poisoned)?;
        // The task ends without a reply only where the runtime does.
        Ok(async move { answer.await.unwrap_or(Err(ClientError::Closing { sent: true })) })
    }

    /// Whether the connection has ended, so that every further message fails.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.jobs.is_closed()
    }
}

#[cfg(test)]
#[path = "pipeline_tests.rs"]
mod tests;
