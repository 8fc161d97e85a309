//! The connections of one destination.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use carewire_hl7_v2::ack::{self, AckPart, AckVerdict};
use carewire_mllp::{Backoff, ClientError, ClientOptions, Correlation, Link, LinkOptions, Target, Verdict};

use super::Destination;

/// Links that have nothing under way. One that is in use is not here, so that one whose user was dropped in the middle is
/// never used again.
#[derive(Debug)]
pub(super) struct Lines {
    target: Target,
    options: LinkOptions,
    idle: Mutex<Vec<Link>>,
}

/// The client's own choices, with answers told by MSA-2.
pub(super) fn client_options() -> ClientOptions {
    ClientOptions::new(correlate)
}

/// The same with answers told by MSA-2.
pub(super) fn correlating(options: ClientOptions) -> ClientOptions {
    ClientOptions { correlate, ..options }
}

fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    match ack::part_of(sent, answer) {
        Some(AckPart::Final) => Correlation::Final,
        Some(AckPart::Interim) => Correlation::Interim,
        None => Correlation::Other,
    }
}

fn judge(answer: &[u8]) -> Verdict {
    match ack::judge(answer) {
        AckVerdict::Accepted => Verdict::Accepted,
        AckVerdict::Temporary => Verdict::Temporary,
        AckVerdict::Rejected => Verdict::Rejected,
    }
}

impl Lines {
    pub(super) fn new(destination: &Destination) -> Self {
        // The queue waits between attempts, so that nothing else has to.
        let at_once = Backoff { first: Duration::ZERO, most: Duration::ZERO, ..Backoff::default() };
        let options = LinkOptions { backoff: at_once, ..LinkOptions::new(destination.client.clone(), judge) };
        Self { target: destination.target.clone(), options, idle: Mutex::default() }
    }

    /// A connection for one message.
    pub(super) async fn connect(&self) -> Result<Line<'_>, ClientError> {
        let idle = self.idle().pop();
        let mut link = idle.unwrap_or_else(|| Link::new(self.target.clone(), self.options.clone()));
        link.connect().await?;
        Ok(Line { lines: self, link })
    }

    /// Closes what has nothing under way.
    pub(super) async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for mut link in idle {
            link.disconnect().await;
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Link>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that is in use.
#[derive(Debug)]
pub(super) struct Line<'l> {
    lines: &'l Lines,
    link: Link,
}

impl Line<'_> {
    /// Sends once and waits for the answer. Where the receiver said that it has the message in safe storage and its last
    /// word did not come, that is the answer.
    pub(super) async fn exchange(mut self, payload: &[u8]) -> Result<Vec<u8>, ClientError> {
        let answer = match self.link.exchange(payload).await {
            Ok(answer) => Ok(answer.into_payload()),
            Err(error) => {
                let stored = self.link.interim().iter().find(|interim| judge(interim) == Verdict::Accepted);
                stored.cloned().ok_or(error)
            }
        };
        self.lines.idle().push(self.link);
        answer
    }
}
