//! From the store of a transaction to a queue elsewhere: at least once, deduplicated, in order.
//!
//! A job must be enqueued in the transaction of what it is about, and a queue in another server has no part in that. So the
//! transaction enqueues a [wrapped][wrap] job in its own store, and a [`Relay`] takes such jobs from there to the queue that
//! they are for. It works under leases like any worker: one that dies is replaced, and what it had handed over already is
//! known to the target by its id. Jobs of an ordering key are handed over in their order.
//!
//! ```
//! use std::sync::Arc;
//! use carewire_fhir_core::{CorrelationId, OrgId};
//! use carewire_sync_engine::{ClaimOptions, JobQueue, MemoryStore, NewJob, relay::{Relay, RelayOptions, wrap}};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (here, elsewhere) = (Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new()));
//! let now = "2026-01-01T00:00:00Z".parse()?;
//! let job = NewJob::new(OrgId::new("org_a")?, "sync", "push", CorrelationId::new("c-1")?, now);
//! here.enqueue(vec![wrap(&job)?]).await?; // in the transaction
//!
//! let relay = Relay::new(here, Arc::clone(&elsewhere) as _, RelayOptions::new("main"));
//! assert_eq!(relay.batch(now).await?, 1);
//! let options = ClaimOptions { queue: "sync".into(), limit: 9, lease: std::time::Duration::from_secs(30), now };
//! assert_eq!(elsewhere.claim(&options).await?[0].kind, "push");
//! # Ok(()) }
//! ```

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::time::sleep;
use tracing::warn;

use crate::jobs::span;
use crate::{
    AfterFailure, ClaimOptions, ClaimedJob, Clock, Enqueued, Error, Failure, HowEnqueued, JobFilter, JobId,
    JobQueue, JobState, JobView, NewJob, Outcome, QueueAdmin, Result, Settlement,
};

/// The queue of wrapped jobs.
pub const QUEUE: &str = "relay";

const WRAPPED: &str = "job";

/// A queue that takes a job over once, however often it is handed over.
#[async_trait]
pub trait TakeOver: JobQueue {
    /// Enqueues the jobs that were not taken over from `source` under their id before; all or none of them, in order. The
    /// answers stand in their order: for one that was, the job that it became. An id is remembered for at least 7 days, also
    /// after the job has ended.
    async fn take_over(&self, source: &str, jobs: Vec<(String, NewJob)>) -> Result<Vec<Enqueued>>;
}

/// The job that carries another one to the relay: the same org, ordering keys, priority and correlation.
///
/// # Errors
/// [`Error::Invalid`]: the job cannot be written as text.
pub fn wrap(job: &NewJob) -> Result<NewJob> {
    let text = serde_json::to_string(job).map_err(|_| Error::Invalid { what: "a job that is not text" })?;
    Ok(NewJob {
        ordering_keys: job.ordering_keys.clone(),
        refs: BTreeMap::from([(WRAPPED.to_owned(), text)]),
        priority: job.priority,
        // What ends it is that it was taken over, or that it cannot be read.
        max_attempts: u32::MAX,
        ..NewJob::new(job.org.clone(), QUEUE, job.queue.as_str(), job.correlation.clone(), job.enqueued_at)
    })
}

/// The job that is in a wrapped one.
fn unwrap(refs: &BTreeMap<String, String>) -> Option<NewJob> {
    serde_json::from_str(refs.get(WRAPPED)?).ok()
}

/// What the target knows a job by. The correlation is part of it, because a store that was restored from a backup gives the
/// numbers of its jobs a second time.
pub(crate) fn name(id: JobId, correlation: &str) -> String {
    format!("{id}:{correlation}")
}

/// How a relay works.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RelayOptions {
    /// The name of the store that it takes from, under which the target remembers ids: the same for all its relays, for ever.
    pub source: String,
    /// How many jobs it hands over at a time.
    pub batch: usize,
    /// How long its leases run: longer than a hand-over takes.
    pub lease: Duration,
    /// How long it sleeps at most when there is nothing to hand over, and after a failure.
    pub poll: Duration,
}

impl RelayOptions {
    /// 100 jobs at a time, leases of 30 s, a poll each second.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            batch: 100,
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(1),
        }
    }
}

/// Takes wrapped jobs from a store to the queue that they are for. Several may run.
#[derive(Debug)]
pub struct Relay {
    from: Arc<dyn JobQueue>,
    to: Arc<dyn TakeOver>,
    options: RelayOptions,
    hint: Arc<Notify>,
}

impl Relay {
    /// A relay that is not running yet.
    pub fn new(from: Arc<dyn JobQueue>, to: Arc<dyn TakeOver>, options: RelayOptions) -> Self {
        Self { from, to, options, hint: Arc::new(Notify::new()) }
    }

    /// Wakes the relay: call `notify_one` after a transaction with wrapped jobs was committed.
    #[must_use]
    pub fn hint(&self) -> Arc<Notify> {
        Arc::clone(&self.hint)
    }

    /// Hands over until `shutdown` is ready. What was claimed and not handed over then runs when its lease has ended.
    /// `handed_over` is called after jobs were, to wake workers.
    pub async fn run(&self, clock: &dyn Clock, shutdown: impl Future<Output = ()>, handed_over: impl Fn()) {
        let mut shutdown = pin!(shutdown);
        loop {
            let batch = tokio::select! {
                biased;
                () = &mut shutdown => return,
                batch = self.batch(clock.now()) => batch,
            };
            match batch {
                Ok(jobs) if jobs > 0 => {
                    handed_over();
                    continue;
                }
                Ok(_) => {}
                Err(error) => warn!(queue = QUEUE, %error, "jobs were not handed over"),
            }
            tokio::select! {
                biased;
                () = &mut shutdown => return,
                () = self.hint.notified() => {}
                () = sleep(self.options.poll) => {}
            }
        }
    }

    /// Hands over what is there, at most a batch; answers how many jobs were claimed.
    ///
    /// # Errors
    /// Those of the two queues. What was claimed is given back, or runs again when its lease has ended.
    pub async fn batch(&self, now: DateTime<Utc>) -> Result<usize> {
        let RelayOptions { source, batch, lease, poll } = &self.options;
        let options = ClaimOptions { queue: QUEUE.to_owned(), limit: *batch, lease: *lease, now };
        let claimed = self.from.claim(&options).await?;
        if claimed.is_empty() {
            return Ok(0);
        }
        let mut settlements = Vec::with_capacity(claimed.len());
        let mut readable = Vec::new();
        for job in &claimed {
            match unwrap(&job.refs) {
                Some(wrapped) => {
                    readable.push((job, (name(job.lease.job, job.correlation.as_str()), wrapped)));
                }
                None => settlements.push(settlement(job, failed("unreadable", AfterFailure::Dead))),
            }
        }
        let all = readable.iter().map(|(_, wrapped)| wrapped.clone()).collect();
        let taken = self.to.take_over(source, all).await;
        for (job, wrapped) in readable {
            let taken = match &taken {
                // One of them is in the way of all: each alone.
                Err(Error::Conflict { .. } | Error::Invalid { .. }) => {
                    self.to.take_over(source, vec![wrapped]).await.map(drop)
                }
                Err(_) => Err(Error::Unavailable { what: "queue", source: None }),
                Ok(_) => Ok(()),
            };
            let again = AfterFailure::Retry { at: now + span(*poll), counts: false };
            let outcome = match taken {
                Ok(()) => Outcome::Complete,
                Err(Error::Conflict { .. } | Error::Invalid { .. }) => failed("refused", AfterFailure::Dead),
                Err(_) => failed("not-taken-over", again),
            };
            settlements.push(settlement(job, outcome));
        }
        self.from.settle(&settlements, now).await?;
        match taken {
            Err(error @ Error::Unavailable { .. }) => Err(error),
            _ => Ok(claimed.len()),
        }
    }

    /// Hands over again what the store, seen as its operators see it, has handed over of an org since an instant: for a
    /// target that was started again and may have lost what it had taken over. What it still knows it does not take a second
    /// time. Answers how many jobs it had lost.
    ///
    /// # Errors
    /// Those of the two queues. What was offered by then is.
    pub async fn offer_again(
        &self,
        store: &dyn QueueAdmin,
        org: &OrgId,
        since: DateTime<Utc>,
    ) -> Result<usize> {
        let (mut lost, mut filter) = (0, JobFilter::state(JobState::Completed));
        filter.queue = Some(QUEUE.to_owned());
        loop {
            let page = store.list(org, &filter, self.options.batch).await?;
            let Some(last) = page.last() else { return Ok(lost) };
            filter.after = Some(last.id);
            let offered = page.iter().filter(|job| job.settled_at.is_some_and(|at| at >= since));
            let named = |job: &JobView| Some((name(job.id, &job.correlation), unwrap(&job.refs)?));
            lost += self.offer(offered.filter_map(named).collect()).await?;
        }
    }

    /// How many of them were new to the target. What is refused now was taken before: it had its effect, or another job of its
    /// unique key has.
    async fn offer(&self, jobs: Vec<(String, NewJob)>) -> Result<usize> {
        let source = &self.options.source;
        let new = |taken: &[Enqueued]| taken.iter().filter(|taken| taken.how == HowEnqueued::New).count();
        match self.to.take_over(source, jobs.clone()).await {
            Err(Error::Conflict { .. } | Error::Invalid { .. }) => {}
            taken => return Ok(new(&taken?)),
        }
        let mut count = 0;
        for job in jobs {
            match self.to.take_over(source, vec![job]).await {
                Err(Error::Conflict { .. } | Error::Invalid { .. }) => {}
                taken => count += new(&taken?),
            }
        }
        Ok(count)
    }
}

fn settlement(job: &ClaimedJob, outcome: Outcome) -> Settlement {
    Settlement { lease: job.lease.clone(), outcome }
}

fn failed(code: &str, next: AfterFailure) -> Outcome {
    Outcome::Fail(Failure { code: code.to_owned(), next })
}
