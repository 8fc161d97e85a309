//! Jobs: leased, ordered per key, retried, dead-lettered, redriven. They carry references, never PHI.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{BlindKey, Result};

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

/// A job to enqueue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The org whose data the job concerns.
    pub org: OrgId,
    /// The queue, for example `sync`.
    pub queue: String,
    /// What the handler does, for example `message`.
    pub kind: String,
    /// Jobs of one org and key run one at a time, in the order in which they were enqueued.
    pub ordering_key: Option<BlindKey>,
    /// References (ids), never values of a message or resource.
    pub refs: BTreeMap<String, String>,
    /// Not claimed before this instant.
    pub run_at: DateTime<Utc>,
    /// After this many counted attempts the job goes to the dead letter.
    pub max_attempts: u32,
    /// The id that follows the message.
    pub correlation: CorrelationId,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum JobState {
    /// May be claimed from `run_at` on, when its turn in its ordering key has come.
    Waiting,
    /// Leased by a worker.
    Active,
    /// Finished.
    Completed,
    /// In the dead letter: out of attempts, or a permanent error.
    Failed,
    /// Waits for a consent; does not stand in the way of its ordering key.
    Held,
}

impl JobState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Active, Self::Completed, Self::Failed, Self::Held];

    /// The stable lower-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Held => "held",
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
    /// This attempt, from 1 (attempts that did not count excluded).
    pub attempt: u32,
    /// The number of attempts allowed.
    pub max_attempts: u32,
    /// The id that follows the message.
    pub correlation: CorrelationId,
    /// When it was enqueued: the `run_at` that it was enqueued with, since a store has no clock.
    pub enqueued_at: DateTime<Utc>,
}

/// A job as an operator sees it.
#[derive(Clone, Debug, Serialize)]
pub struct JobView {
    /// The job.
    pub id: JobId,
    /// The queue.
    pub queue: String,
    /// What the handler does.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// The references.
    pub refs: BTreeMap<String, String>,
    /// Counted attempts so far.
    pub attempts: u32,
    /// The number of attempts allowed.
    pub max_attempts: u32,
    /// The code of the last failure or hold, for example `remote-unavailable`: never a value.
    pub reason: Option<String>,
    /// The id that follows the message.
    pub correlation: String,
    /// When it was enqueued.
    pub enqueued_at: DateTime<Utc>,
    /// When it may run next.
    pub run_at: DateTime<Utc>,
    /// When it finished, failed or was held.
    pub settled_at: Option<DateTime<Utc>>,
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
    /// The lease was lost (expired and claimed again, or settled before): nothing was changed.
    Stale,
}

/// Selects jobs for [`QueueAdmin`].
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// Only this queue.
    pub queue: Option<String>,
    /// Only this state.
    pub state: Option<JobState>,
    /// Only this reason code.
    pub reason: Option<String>,
    /// Only this job.
    pub id: Option<JobId>,
    /// Only jobs with an id above this one.
    pub after: Option<JobId>,
}

/// Counts of the jobs of an org.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueueStats {
    /// May run now or wait for their turn.
    pub waiting: u64,
    /// Leased.
    pub active: u64,
    /// Finished.
    pub completed: u64,
    /// In the dead letter.
    pub failed: u64,
    /// Wait for a later `run_at`.
    pub delayed: u64,
    /// Waiting in a paused queue.
    pub paused: u64,
    /// Wait for a consent.
    pub held: u64,
}

/// The queue as workers see it: at-least-once delivery under leases.
#[async_trait]
pub trait JobQueue: std::fmt::Debug + Send + Sync {
    /// Stores the jobs, all or none, durably. Ids grow with the order of commit.
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<JobId>>;

    /// Leases up to `limit` jobs that are due, oldest first, over all orgs.
    ///
    /// Of one org and ordering key at most one job is active at any time, and jobs of a key are claimed in the order
    /// of their ids; a `Held` or `Failed` job does not stand in the way. A job whose lease expired is claimed again with a higher
    /// epoch, and that expiry counts as an attempt; when its attempts are used up it goes to the dead letter with
    /// the reason `lease-expired` instead. Jobs of a paused queue are not claimed.
    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>>;

    /// Renews leases to `until`; answers for each whether it is still held.
    async fn heartbeat(&self, leases: &[Lease], until: DateTime<Utc>) -> Result<Vec<bool>>;

    /// Finishes jobs. Each lease is checked by epoch; a stale one changes nothing.
    async fn complete(&self, leases: &[Lease], now: DateTime<Utc>) -> Result<Vec<Settled>>;

    /// Records a failed attempt.
    async fn fail(&self, lease: &Lease, failure: &Failure, now: DateTime<Utc>) -> Result<Settled>;

    /// Parks the job until [`QueueAdmin::release`] is called with `hold_key`. Holding does not count as an attempt.
    async fn hold(&self, lease: &Lease, hold_key: &str, code: &str, now: DateTime<Utc>) -> Result<Settled>;

    /// The instant at which the next job of the queue is due or the next lease expires; `None` when there is none.
    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>>;
}

/// The queue as operators see it, one org at a time.
#[async_trait]
pub trait QueueAdmin: std::fmt::Debug + Send + Sync {
    /// Counts by state.
    async fn stats(&self, org: &OrgId, now: DateTime<Utc>) -> Result<QueueStats>;

    /// Jobs in the order of their ids, at most `limit`.
    async fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Result<Vec<JobView>>;

    /// Moves the matching `Failed` jobs back to `Waiting` with fresh attempts, in their old order; answers how many.
    async fn redrive(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64>;

    /// Moves the jobs held under `hold_key` back to `Waiting`, in their old order; answers how many.
    async fn release(&self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> Result<u64>;

    /// Pauses or resumes a queue for the org. Active jobs run on.
    async fn set_paused(&self, org: &OrgId, queue: &str, paused: bool) -> Result<()>;

    /// Removes `Completed` jobs settled before `completed_before` and `Failed` ones before `failed_before`.
    async fn clean(
        &self,
        org: &OrgId,
        completed_before: DateTime<Utc>,
        failed_before: DateTime<Utc>,
    ) -> Result<u64>;
}
