//! The org, the queue and the sample rows of one test.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    AfterFailure, BlindKey, ClaimOptions, ClaimedJob, Failure, Format, JobFilter, JobId, JobQueue, JobState,
    JobView, MessageId, MessageState, NewJob, NewMessage, PauseScope, QueueAdmin,
};

/// How long the leases of these tests run, in seconds.
pub(super) const LEASE: i64 = 30;

/// The instant `seconds` after the beginning of the tests.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap() + TimeDelta::seconds(seconds)
}

/// An org and a queue that no other test uses, also not one of another run on the same store.
pub(super) struct Scope {
    pub(super) org: OrgId,
    pub(super) queue: String,
}

impl Scope {
    pub(super) fn new() -> Self {
        let tag = unique();
        Self { org: OrgId::new(&format!("contract_{tag}")).unwrap(), queue: format!("queue_{tag}") }
    }

    /// Another org that uses the same queue.
    pub(super) fn neighbour(&self) -> Self {
        Self { queue: self.queue.clone(), ..Self::new() }
    }

    /// The same org with another queue.
    pub(super) fn second_queue(&self) -> Self {
        Self { org: self.org.clone(), ..Self::new() }
    }

    pub(super) fn job(&self) -> NewJob {
        let correlation = CorrelationId::new(&unique()).unwrap();
        NewJob {
            refs: BTreeMap::from([("message".into(), unique())]),
            ..NewJob::new(self.org.clone(), self.queue.clone(), "message", correlation, at(0))
        }
    }

    pub(super) fn keyed(&self, key: u8) -> NewJob {
        self.keys(&[key])
    }

    pub(super) fn keys(&self, keys: &[u8]) -> NewJob {
        NewJob { ordering_keys: keys.iter().map(|key| BlindKey([*key; 32])).collect(), ..self.job() }
    }

    pub(super) fn later(&self, seconds: i64) -> NewJob {
        NewJob { run_at: at(seconds), ..self.job() }
    }

    /// A message with a job, received at the beginning, with a resend window of an hour before.
    pub(super) fn message(&self, control: u8, content: u8) -> NewMessage {
        let job = self.job();
        NewMessage {
            org: self.org.clone(),
            id: MessageId::new(unique()),
            correlation: job.correlation.clone(),
            format: Format::Hl7v2,
            message_type: Some("ADT^A01".into()),
            control_key: Some(BlindKey([control; 32])),
            content_hash: BlindKey([content; 32]),
            sealed: vec![content; 9],
            sealed_ack: vec![control, content],
            received_at: at(0),
            resend_since: at(-3600),
            state: MessageState::Received,
            jobs: vec![job],
        }
    }

    pub(super) async fn enqueue<S: JobQueue + ?Sized>(
        &self,
        store: &Arc<S>,
        jobs: Vec<NewJob>,
    ) -> Vec<JobId> {
        store.enqueue(jobs).await.unwrap().into_iter().map(|enqueued| enqueued.id).collect()
    }

    pub(super) async fn claim<S: JobQueue + ?Sized>(
        &self,
        store: &Arc<S>,
        limit: usize,
        seconds: i64,
    ) -> Vec<ClaimedJob> {
        let lease = Duration::from_secs(LEASE.unsigned_abs());
        let options = ClaimOptions { queue: self.queue.clone(), limit, lease, now: at(seconds) };
        store.claim(&options).await.unwrap()
    }

    /// Lets the org go on, and claims.
    pub(super) async fn claim_after_resume<S>(&self, store: &Arc<S>) -> Vec<JobId>
    where
        S: JobQueue + QueueAdmin + ?Sized,
    {
        store.set_paused(&PauseScope::org(&self.org), false).await.unwrap();
        ids(&self.claim(store, 9, 0).await)
    }

    /// Claims exactly one job.
    pub(super) async fn claim_one<S: JobQueue + ?Sized>(&self, store: &Arc<S>, seconds: i64) -> ClaimedJob {
        let mut claimed = self.claim(store, 1, seconds).await;
        assert_eq!(claimed.len(), 1, "a due job is claimed");
        claimed.remove(0)
    }

    pub(super) async fn view<S: QueueAdmin + ?Sized>(&self, store: &Arc<S>, id: JobId) -> JobView {
        let filter = JobFilter { id: Some(id), ..JobFilter::default() };
        let mut views = store.list(&self.org, &filter, 2).await.unwrap();
        assert_eq!(views.len(), 1, "the job is listed once");
        views.remove(0)
    }

    pub(super) async fn state<S: QueueAdmin + ?Sized>(&self, store: &Arc<S>, id: JobId) -> JobState {
        self.view(store, id).await.state
    }
}

pub(super) fn ids(claimed: &[ClaimedJob]) -> Vec<JobId> {
    claimed.iter().map(|job| job.lease.job).collect()
}

pub(super) fn retry(seconds: i64) -> Failure {
    Failure { code: "remote-unavailable".into(), next: AfterFailure::Retry { at: at(seconds), counts: true } }
}

pub(super) fn dead() -> Failure {
    Failure { code: "invalid".into(), next: AfterFailure::Dead }
}

/// Differs within the process by the counter, between processes by the random keys of the hasher.
pub(super) fn unique() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let count = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(count);
    format!("{:016x}{count:06x}", hasher.finish())
}
