//! The queue as its operators see it.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{JobId, JobState, Priority, Progress};
use crate::Result;

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
    /// From 1, the most urgent, to 5.
    pub priority: Priority,
    /// The remote that it speaks to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
    /// The type of the resource that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// Counted attempts so far.
    pub attempts: u32,
    /// The number of attempts allowed.
    pub max_attempts: u32,
    /// The code of the last failure or hold, for example `remote-unavailable`: never a value.
    pub reason: Option<String>,
    /// How far it is, as last reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// The id that follows the message.
    pub correlation: String,
    /// When it was enqueued.
    pub enqueued_at: DateTime<Utc>,
    /// When it may run next.
    pub run_at: DateTime<Utc>,
    /// When it finished, failed, was cancelled or was held.
    pub settled_at: Option<DateTime<Utc>>,
    /// Failed: until then the later jobs of its ordering keys wait for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parked_until: Option<DateTime<Utc>>,
}

/// Selects jobs for [`QueueAdmin`]: those that are all that is named.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// Only this queue.
    pub queue: Option<String>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this remote.
    pub remote: Option<String>,
    /// Only this type of resource.
    pub resource_type: Option<String>,
    /// Only this state.
    pub state: Option<JobState>,
    /// Only this reason code.
    pub reason: Option<String>,
    /// Only this correlation.
    pub correlation: Option<String>,
    /// Only this job.
    pub id: Option<JobId>,
    /// Only jobs with an id above this one.
    pub after: Option<JobId>,
}

impl JobFilter {
    /// One job.
    #[must_use]
    pub fn one(id: JobId) -> Self {
        Self { id: Some(id), ..Self::default() }
    }

    /// The jobs of a state.
    #[must_use]
    pub fn state(state: JobState) -> Self {
        Self { state: Some(state), ..Self::default() }
    }
}

/// Which jobs a pause is about: those that are all that is named. With nothing named it is every job of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PauseScope {
    /// Only jobs of this org. `None`: of all orgs, which is for the operator of the installation to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgId>,
    /// Only this queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Only this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only jobs that speak to this remote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
    /// Only jobs about this type of resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
}

impl PauseScope {
    /// A queue in one org.
    #[must_use]
    pub fn queue(org: &OrgId, queue: impl Into<String>) -> Self {
        Self { org: Some(org.clone()), queue: Some(queue.into()), ..Self::default() }
    }

    /// All jobs of an org.
    #[must_use]
    pub fn org(org: &OrgId) -> Self {
        Self { org: Some(org.clone()), ..Self::default() }
    }
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
    /// Waiting and paused.
    pub paused: u64,
    /// Wait for a consent.
    pub held: u64,
    /// Cancelled.
    pub cancelled: u64,
}

/// Of two queues, stores or orgs together.
impl std::ops::Add for QueueStats {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            active: self.active + other.active,
            completed: self.completed + other.completed,
            failed: self.failed + other.failed,
            delayed: self.delayed + other.delayed,
            paused: self.paused + other.paused,
            held: self.held + other.held,
            cancelled: self.cancelled + other.cancelled,
        }
    }
}

/// The queue as operators see it, one org at a time.
///
/// What is about many jobs is done in steps, each of them atomic: a crash leaves a part done, and doing it again does the
/// rest.
#[async_trait]
pub trait QueueAdmin: std::fmt::Debug + Send + Sync {
    /// Counts by state, of one queue or of all, from counters: it does not walk the jobs.
    async fn stats(&self, org: &OrgId, queue: Option<&str>, now: DateTime<Utc>) -> Result<QueueStats>;

    /// Jobs in the order of their ids, at most `limit`.
    async fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Result<Vec<JobView>>;

    /// Moves the matching `Failed` jobs (`Cancelled` ones, where the filter names that state) back to `Waiting` with fresh
    /// attempts, in their old order; answers how many.
    async fn redrive(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64>;

    /// Moves the jobs held under `hold_key` back to `Waiting`, in their old order; answers how many.
    async fn release(&self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> Result<u64>;

    /// Moves the matching `Waiting`, `Active` and `Held` jobs to `Cancelled`; `Failed` ones too, where the filter names that
    /// state or one job. The lease of an active job is lost: its worker stops it at the next heartbeat, and what it
    /// has done until then is done. Answers how many.
    async fn cancel(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64>;

    /// Pauses or resumes. New jobs are taken in, active ones run on, nothing that matches is claimed. Pauses that overlap are
    /// lifted one by one.
    async fn set_paused(&self, scope: &PauseScope, paused: bool) -> Result<()>;

    /// The pauses that hold for jobs of the org, in the order of [`PauseScope`].
    async fn paused(&self, org: &OrgId) -> Result<Vec<PauseScope>>;

    /// Removes `Completed` jobs settled before `completed_before`, `Failed` and `Cancelled` ones before `failed_before`.
    async fn clean(
        &self,
        org: &OrgId,
        completed_before: DateTime<Utc>,
        failed_before: DateTime<Utc>,
    ) -> Result<u64>;
}

/// What follows from [`QueueAdmin`].
#[async_trait]
pub trait QueueAdminExt: QueueAdmin {
    /// The job, if the org has it.
    async fn job(&self, org: &OrgId, id: JobId) -> Result<Option<JobView>> {
        Ok(self.list(org, &JobFilter::one(id), 1).await?.pop())
    }

    /// Waits until no matching job of the org is active; looks every `interval`. After a pause that is when its jobs have
    /// come to rest. Bound it with a timeout: a job may take as long as it likes.
    async fn until_idle(&self, org: &OrgId, filter: &JobFilter, interval: Duration) -> Result<()> {
        let active = JobFilter { state: Some(JobState::Active), ..filter.clone() };
        while !self.list(org, &active, 1).await?.is_empty() {
            tokio::time::sleep(interval).await;
        }
        Ok(())
    }
}

impl<T: QueueAdmin + ?Sized> QueueAdminExt for T {}
