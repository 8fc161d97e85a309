//! A connection that is made again where it is lost, and messages that are sent again where they may not have arrived.

use std::{
    fmt,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    sync::Arc,
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use super::{
    deadline::from_now,
    target::{Dial, Socket, Target},
};
use crate::{Answer, Backoff, Client, ClientError, ClientOptions, is_encodable};

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the link acts on each of them")]
pub enum Verdict {
    /// The receiver took the message.
    Accepted,
    /// Not now: the same message may be taken later.
    Temporary,
    /// Not taken, and sending it again will not help.
    Rejected,
}

/// How a link behaves.
#[derive(Clone, Debug)]
pub struct LinkOptions {
    /// How its connections behave.
    pub client: ClientOptions,
    /// What the payload of a final answer means.
    pub judge: fn(&[u8]) -> Verdict,
    /// The pauses after failures in a row.
    pub backoff: Backoff,
    /// Whether a connection stays open after an answer (yes). Without it each message has a connection of its own, for
    /// receivers that close after each.
    pub keep_open: bool,
    /// A message is sent at most so many times (10).
    pub attempts: u32,
    /// No repeat of a message begins later than so long after it was first handed over (10 minutes).
    pub give_up_after: Duration,
}

impl LinkOptions {
    /// The default behaviour, with the function that says what the payload of an answer means.
    #[must_use]
    pub fn new(client: ClientOptions, judge: fn(&[u8]) -> Verdict) -> Self {
        Self {
            client,
            judge,
            backoff: Backoff::default(),
            keep_open: true,
            attempts: 10,
            give_up_after: Duration::from_secs(600),
        }
    }
}

/// A way to one server, one message at a time: it connects where needed and never uses a connection again over which
/// something went wrong.
///
/// After each failure, and each [`Verdict::Temporary`] of [`Link::deliver`], it pauses before anything else goes out, longer
/// with each in a row ([`Backoff`]): a receiver that is slow or down is not flooded, whoever calls. The pauses end with
/// the first message that succeeds. Dropping the future of a message counts as a failure.
pub struct Link {
    dial: Arc<dyn Dial>,
    options: LinkOptions,
    client: Option<Client<Socket>>,
    interim: Vec<Vec<u8>>,
    failures: u32,
    not_before: Option<Instant>,
    random: fn() -> f64,
}

impl Link {
    /// A link to a server. Nothing is connected before the first message.
    #[must_use]
    pub fn new(target: Target, options: LinkOptions) -> Self {
        Self::over(Arc::new(target), options)
    }

    pub(super) fn over(dial: Arc<dyn Dial>, options: LinkOptions) -> Self {
        Self { dial, options, client: None, interim: Vec::new(), failures: 0, not_before: None, random }
    }

    /// Makes a connection where there is none, so that the next message need not wait for that. It waits out the pause that
    /// is due, and a failure counts as that of a message does. A success does not end the row: nothing was answered.
    ///
    /// # Errors
    /// [`ClientError::ConnectTimeout`], [`ClientError::Connect`].
    pub async fn connect(&mut self) -> Result<(), ClientError> {
        if self.client.is_some() {
            return Ok(());
        }
        if let Some(not_before) = self.not_before {
            sleep_until(not_before).await;
        }
        let failures = self.failures;
        self.failures = failures.saturating_add(1);
        self.pause();
        let stream = self.dial.dial(&self.options.client).await.inspect_err(|_| self.pause())?;
        self.client = Some(Client::over(stream, self.options.client.clone()));
        self.failures = failures;
        self.not_before = None;
        Ok(())
    }

    /// Sends a payload once and waits for its answer, whatever that says.
    ///
    /// It waits out the pause after an earlier failure, and connects where there is no connection. Where the one at hand turns
    /// out to have ended before anything was sent, it makes another one at once.
    ///
    /// # Errors
    /// Any [`ClientError`] of connecting and of [`Client::send`].
    pub async fn exchange(&mut self, payload: &[u8]) -> Result<Answer, ClientError> {
        let answer = self.try_once(payload).await?;
        self.note_success();
        Ok(answer)
    }

    /// Sends a payload, and again the same bytes, until it is accepted or rejected.
    ///
    /// It is repeated after [`Verdict::Temporary`] and after every error but [`ClientError::NotEncodable`], as often and as long
    /// as the options say: the receiver can get it more than once, and tells by its id that it is the same. It is not
    /// repeated where an interim answer was accepted and only the final one is missing: the receiver has it.
    pub async fn deliver(&mut self, payload: &[u8]) -> Delivery {
        let latest = from_now(self.options.give_up_after);
        let (mut attempts, mut doubts) = (0, 0);
        loop {
            attempts += 1;
            let outcome = self.try_once(payload).await;
            doubts += u32::from(outcome.as_ref().is_err_and(ClientError::may_be_received));
            let outcome = self.judged(outcome);
            let again = attempts < self.options.attempts && self.next_begin() <= latest;
            if !(again && outcome.is_open()) {
                let interim = std::mem::take(&mut self.interim);
                return Delivery { outcome, interim, attempts, doubts };
            }
        }
    }

    /// The interim answers to the last message, where it has no final one.
    #[must_use]
    pub fn interim(&self) -> &[Vec<u8>] {
        &self.interim
    }

    /// Whether a connection stands, as far as is known.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.client.is_some()
    }

    /// How many failures came in a row.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Closes the connection in order, if there is one. The next message makes another one.
    pub async fn disconnect(&mut self) {
        if let Some(client) = self.client.take() {
            client.close().await;
        }
    }

    /// One try, after the pause that is due. It counts as a failure until its outcome is known to be another one, since the
    /// future may be dropped.
    async fn try_once(&mut self, payload: &[u8]) -> Result<Answer, ClientError> {
        if !is_encodable(payload) {
            return Err(ClientError::NotEncodable);
        }
        if let Some(not_before) = self.not_before {
            sleep_until(not_before).await;
        }
        self.interim.clear();
        self.failures = self.failures.saturating_add(1);
        self.pause();
        let outcome = self.attempt(payload).await;
        if let Err(error) = &outcome {
            self.pause();
            tracing::warn!(reason = error.as_str(), failures = self.failures, "message has no answer");
        }
        outcome
    }

    /// Sends over the connection at hand; where that had ended before, over another one.
    async fn attempt(&mut self, payload: &[u8]) -> Result<Answer, ClientError> {
        if let Some(client) = self.client.take() {
            match self.send_over(client, payload).await {
                Err(ClientError::Stale | ClientError::Unsolicited { .. }) => {}
                outcome => return outcome,
            }
        }
        let stream = self.dial.dial(&self.options.client).await?;
        self.send_over(Client::over(stream, self.options.client.clone()), payload).await
    }

    async fn send_over(&mut self, mut client: Client<Socket>, payload: &[u8]) -> Result<Answer, ClientError> {
        let outcome = client.send(payload).await;
        self.interim = client.take_interim();
        match self.options.keep_open {
            true => self.client = Some(client).filter(|client| !client.is_poisoned()),
            false => client.close().await,
        }
        outcome
    }

    fn judged(&mut self, outcome: Result<Answer, ClientError>) -> Outcome {
        let judge = self.options.judge;
        let answer = match outcome {
            Ok(answer) => answer,
            Err(error) if self.interim.iter().any(|interim| judge(interim) == Verdict::Accepted) => {
                return Outcome::Unfinished(error);
            }
            Err(error) => return Outcome::Failed(error),
        };
        let verdict = judge(&answer.payload);
        match verdict {
            Verdict::Temporary => self.pause(),
            Verdict::Accepted | Verdict::Rejected => self.note_success(),
        }
        match verdict {
            Verdict::Accepted => Outcome::Accepted(answer),
            Verdict::Temporary => Outcome::Temporary(answer),
            Verdict::Rejected => Outcome::Rejected(answer),
        }
    }

    fn next_begin(&self) -> Instant {
        self.not_before.unwrap_or_else(Instant::now)
    }

    fn note_success(&mut self) {
        self.failures = 0;
        self.not_before = None;
    }

    fn pause(&mut self) {
        let pause = self.options.backoff.delay(self.failures, (self.random)());
        self.not_before = Some(from_now(pause));
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("client", &self.client)
            .field("failures", &self.failures)
            .finish_non_exhaustive()
    }
}

/// From 0 to 1. The standard library seeds each of its hashers anew.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(bits >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

/// What became of a message. `Debug` shows no payload.
#[must_use = "the message may not have been taken"]
#[non_exhaustive]
pub struct Delivery {
    /// How it ended.
    pub outcome: Outcome,
    /// The payloads of interim answers that came without a final one.
    pub interim: Vec<Vec<u8>>,
    /// How many times it was tried.
    pub attempts: u32,
    /// After how many of these it is not known whether the server has it.
    pub doubts: u32,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("outcome", &self.outcome)
            .field("interim", &self.interim.len())
            .field("attempts", &self.attempts)
            .field("doubts", &self.doubts)
            .finish()
    }
}

/// How the delivery of a message ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The receiver took it.
    Accepted(Answer),
    /// The receiver will not take it.
    Rejected(Answer),
    /// The receiver could not take it at the last attempt either.
    Temporary(Answer),
    /// The receiver said that it stored the message, but the final answer did not come.
    Unfinished(ClientError),
    /// The last attempt has no answer.
    Failed(ClientError),
}

impl Outcome {
    /// Whether sending the same message again may help.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Temporary(_) => true,
            Self::Failed(error) => !matches!(error, ClientError::NotEncodable),
            Self::Accepted(_) | Self::Rejected(_) | Self::Unfinished(_) => false,
        }
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
pub(super) mod tests;
