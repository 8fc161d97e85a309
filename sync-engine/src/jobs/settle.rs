//! What a worker says about the jobs in its hands.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{JobState, Lease};
use crate::{Error, Result};

/// How far a job is, and where the next attempt may go on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// So many steps are done.
    pub done: u64,
    /// Of so many, where that is known.
    pub total: Option<u64>,
    /// What the next attempt is given ([`super::ClaimedJob::checkpoint`]): a reference or a cursor, never a value of a message
    /// or resource, at most [`Progress::LONGEST_CHECKPOINT`] bytes.
    pub checkpoint: Option<String>,
}

impl Progress {
    /// In bytes; a longer checkpoint is [`Error::Invalid`].
    pub const LONGEST_CHECKPOINT: usize = 1024;

    /// So many of so many steps.
    #[must_use]
    pub fn of(done: u64, total: u64) -> Self {
        Self { done, total: Some(total), checkpoint: None }
    }

    /// What every store asks before it keeps anything.
    ///
    /// # Errors
    /// [`Error::Invalid`]: a checkpoint is too long.
    pub fn check(beats: &[Beat]) -> Result<()> {
        let mut checkpoints = beats.iter().filter_map(|beat| beat.progress.as_ref()?.checkpoint.as_ref());
        if checkpoints.any(|checkpoint| checkpoint.len() > Self::LONGEST_CHECKPOINT) {
            return Err(Error::Invalid { what: "a checkpoint of more than 1024 bytes" });
        }
        Ok(())
    }

    /// The same with a checkpoint.
    #[must_use]
    pub fn at(self, checkpoint: impl Into<String>) -> Self {
        Self { checkpoint: Some(checkpoint.into()), ..self }
    }
}

/// A sign of life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// The lease to renew.
    pub lease: Lease,
    /// How far the job is, if that has changed. It is kept until the job reports again, over failed attempts too.
    pub progress: Option<Progress>,
}

impl From<Lease> for Beat {
    fn from(lease: Lease) -> Self {
        Self { lease, progress: None }
    }
}

/// The end of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The lease of the attempt.
    pub lease: Lease,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a store must know every outcome")]
pub enum Outcome {
    /// The job is done.
    Complete,
    /// It failed.
    Fail(Failure),
    /// The job is parked until [`super::QueueAdmin::release`] is called with `key`. This does not count as an attempt.
    Hold {
        /// What sets it free.
        key: String,
        /// A stable code, never a value.
        code: String,
    },
}

/// How an attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A stable code, for example `remote-unavailable`: never a value of a message or resource.
    pub code: String,
    /// What happens next.
    pub next: AfterFailure,
}

/// What happens to a job whose attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum AfterFailure {
    /// Runs again at that instant; goes to the dead letter instead when its counted attempts are used up.
    Retry {
        /// Not before.
        at: DateTime<Utc>,
        /// Whether this attempt counts (not while a breaker is open).
        counts: bool,
    },
    /// Goes to the dead letter at once.
    Dead,
}

/// What a write under a lease did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Settled {
    /// The write was applied; the job is now in that state.
    Done(JobState),
    /// The lease was lost (expired and claimed again, settled before, or the job cancelled): nothing was changed.
    Stale,
}
