//! Jobs: leased, ordered per key, fair, retried, dead-lettered, redriven. They carry references, never PHI.

mod admin;
mod new;
mod settle;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use admin::{JobFilter, JobView, PauseScope, QueueAdmin, QueueAdminExt, QueueStats};
pub(crate) use new::span;
pub use new::{Enqueued, HowEnqueued, NewJob, Priority, Unique, UniqueMode};
pub use settle::{AfterFailure, Beat, Failure, Outcome, Progress, Settled, Settlement};

use crate::Result;

/// The id of a job within one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobId(pub i64);

impl std::fmt::Display for JobId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "job_{}", self.0)
    }
}

impl std::str::FromStr for JobId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        text.strip_prefix("job_").unwrap_or(text).parse().map(Self)
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum JobState {
    /// May be claimed from `run_at` on, when its turn in its ordering keys has come.
    Waiting,
    /// Leased by a worker.
    Active,
    /// Finished.
    Completed,
    /// In the dead letter: out of attempts, or a permanent error.
    Failed,
    /// Waits for a consent; does not stand in the way of its ordering keys.
    Held,
    /// Taken out of the queue by an operator.
    Cancelled,
}

impl JobState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Active, Self::Completed, Self::Failed, Self::Held, Self::Cancelled];

    /// The stable lower-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// The right to work on a job until an instant. A write with an older epoch than the stored one changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The org of the job.
    pub org: OrgId,
    /// The job.
    pub job: JobId,
    /// Grows with each claim of the job: the fencing token.
    pub epoch: u64,
    /// When the lease ends unless a heartbeat renews it.
    pub until: DateTime<Utc>,
}

/// A job under a lease.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// The lease, needed for every write.
    pub lease: Lease,
    /// The queue that it was claimed from.
    pub queue: String,
    /// What the handler does.
    pub kind: String,
    /// The references.
    pub refs: BTreeMap<String, String>,
    /// The remote that it speaks to.
    pub remote: Option<String>,
    /// The type of the resource that it concerns.
    pub resource_type: Option<String>,
    /// This attempt, from 1 (attempts that did not count excluded).
    pub attempt: u32,
    /// The number of attempts allowed.
    pub max_attempts: u32,
    /// What an earlier attempt left with [`ClaimedJob::report`], to go on from there.
    pub checkpoint: Option<String>,
    /// The id that follows the message.
    pub correlation: CorrelationId,
    /// When it was enqueued.
    pub enqueued_at: DateTime<Utc>,
    /// What the handler reported and the worker has not passed on yet. A store gives it empty.
    pub reported: Reported,
}

impl ClaimedJob {
    /// Says how far the job is. The worker passes it on with its next heartbeat, and with the end of the attempt unless
    /// that completes the job; an operator sees it, and the next attempt is given its checkpoint.
    pub fn report(&self, progress: Progress) {
        self.reported.put(progress);
    }
}

/// The newest progress that was reported; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Reported(Arc<Mutex<Option<Progress>>>);

impl Reported {
    fn put(&self, progress: Progress) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }

    /// Takes what was reported since it was taken last.
    #[must_use]
    pub fn take(&self) -> Option<Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What to claim.
#[derive(Clone, Debug)]
pub struct ClaimOptions {
    /// The queue.
    pub queue: String,
    /// At most this many jobs.
    pub limit: usize,
    /// How long the lease runs from `now`.
    pub lease: Duration,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// The queue as workers see it: at-least-once delivery under leases.
///
/// # Which job is next
/// A job may be claimed when its `run_at` has come, it is the oldest waiting job of each of its ordering keys and no job of
/// them is active, no pause covers it, and the limits of its lane ([`RateLimits`](crate::RateLimits)) are open. A claim gives
/// each org that has such jobs an equal share of it, by cost, and goes on in the next claim where this one stopped (deficit
/// round robin); the jobs of an org are taken by [`Priority::rank`] and id.
///
/// The order of an ordering key holds over all queues of the org. `Held`, `Completed` and `Cancelled` jobs do not stand in the
/// way, nor do `Failed` ones unless they park their keys ([`NewJob::park`]).
///
/// # What holds always
/// Every claim of a job has a higher epoch than all before, also after it was redriven. Every write under a lease checks org,
/// job and epoch; one that is not the newest, or of a job that is not active, changes nothing. A lease that has ended but
/// was not taken back yet still settles.
#[async_trait]
pub trait JobQueue: std::fmt::Debug + Send + Sync {
    /// Stores the jobs, all or none, durably; the answers stand in their order. Ids grow with the order of commit.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict): a replacement with other ordering keys ([`UniqueMode`]); nothing is stored.
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<Enqueued>>;

    /// Leases up to `limit` jobs over all orgs; they come by [`Priority::rank`] and id.
    ///
    /// A job whose lease has ended is taken back first: that counts as an attempt, and when its attempts are used up it goes
    /// to the dead letter with the reason `lease-expired`. A claim does a bounded amount of work: it may give fewer than there
    /// are when many leases have ended, or many delays, at once; the next one goes on.
    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>>;

    /// Renews leases to `until` and keeps what is reported; answers for each whether it is still held.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid): a checkpoint is too long; nothing is renewed.
    async fn heartbeat(&self, beats: &[Beat], until: DateTime<Utc>) -> Result<Vec<bool>>;

    /// Ends attempts, whatever their outcomes, in one step; the answers stand in their order.
    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<Vec<Settled>>;

    /// An instant at which a claim may find something: the next job is due, the limits of a lane that has jobs open, a lease
    /// or a parked time ends. `None` when there is nothing to wait for.
    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>>;
}

/// Single acts of [`JobQueue`].
#[async_trait]
pub trait JobQueueExt: JobQueue {
    /// Finishes jobs.
    async fn complete(&self, leases: &[Lease], now: DateTime<Utc>) -> Result<Vec<Settled>> {
        let done = |lease: &Lease| Settlement { lease: lease.clone(), outcome: Outcome::Complete };
        self.settle(&leases.iter().map(done).collect::<Vec<_>>(), now).await
    }

    /// Records a failed attempt.
    async fn fail(&self, lease: &Lease, failure: &Failure, now: DateTime<Utc>) -> Result<Settled> {
        self.settle_one(lease, Outcome::Fail(failure.clone()), now).await
    }

    /// Parks the job until [`QueueAdmin::release`] is called with `hold_key`.
    async fn hold(&self, lease: &Lease, hold_key: &str, code: &str, now: DateTime<Utc>) -> Result<Settled> {
        self.settle_one(lease, Outcome::Hold { key: hold_key.to_owned(), code: code.to_owned() }, now).await
    }

    /// Ends one attempt.
    async fn settle_one(&self, lease: &Lease, outcome: Outcome, now: DateTime<Utc>) -> Result<Settled> {
        let settled = self.settle(&[Settlement { lease: lease.clone(), outcome }], now).await?;
        Ok(settled.first().copied().unwrap_or(Settled::Stale))
    }

    /// Renews leases without a report.
    async fn renew(&self, leases: &[Lease], until: DateTime<Utc>) -> Result<Vec<bool>> {
        let beats: Vec<Beat> = leases.iter().cloned().map(Beat::from).collect();
        self.heartbeat(&beats, until).await
    }
}

impl<T: JobQueue + ?Sized> JobQueueExt for T {}
