//! The loop that claims jobs, keeps their leases, runs a handler on them and settles them.
//!
//! It claims as many jobs as it has free hands, sleeps until the next one is due (or a hint comes, or the poll interval
//! is over, since hints may get lost), and settles finished jobs together. A handler that panics is a failed attempt. A
//! job whose lease was lost is stopped: another worker has it. When a store call fails, nothing is guessed: the lease
//! runs out and the job runs again.
//!
//! ```
//! use std::sync::Arc;
//! use carewire_sync_engine::{ClaimedJob, Clock, JobHandler, JobOutcome, MemoryStore, Worker, WorkerOptions};
//! use chrono::{DateTime, Utc};
//!
//! #[derive(Debug)]
//! struct Print;
//! #[async_trait::async_trait]
//! impl JobHandler for Print {
//!     async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
//!         println!("{} attempt {}", job.lease.job, job.attempt);
//!         JobOutcome::Complete
//!     }
//! }
//!
//! #[derive(Debug)]
//! struct Fixed;
//! impl Clock for Fixed {
//!     fn now(&self) -> DateTime<Utc> { DateTime::UNIX_EPOCH }
//!     fn jitter(&self) -> u64 { 0 }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let queue = Arc::new(MemoryStore::new());
//! let worker = Worker::new(queue, Arc::new(Print), Arc::new(Fixed), WorkerOptions::new("sync"));
//! let hint = worker.hint(); // hint.notify_one() after an enqueue makes it look at once
//! let report = worker.run(async { /* wait for a signal */ }).await;
//! assert_eq!(report.completed, 0);
//! # }
//! ```

mod handlers;
mod measure;
mod running;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until};

use crate::{ClaimedJob, Clock, FailureClass, JobQueue, Refusal, RetryPolicy};
pub use handlers::Handlers;
pub use measure::measure_queue;
use running::Running;

/// What is done with a job. At least once: a handler must tolerate that an earlier attempt got through.
#[async_trait]
pub trait JobHandler: std::fmt::Debug + Send + Sync {
    /// Works on the job. The future may be dropped at any await when the lease is lost or the worker must stop.
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome;

    /// Called when a [`JobOutcome::Hold`] is stored. What the job waits for may have come between the decision and
    /// the hold, with nothing to release yet: look again, and release the key if so.
    async fn held(&self, _job: &ClaimedJob, _key: &str) {}
}

/// What a handler says about an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobOutcome {
    /// Done.
    Complete,
    /// Try again, while attempts are left.
    Retry {
        /// A stable code, never a value.
        code: String,
        /// Whether the attempt counts.
        counts: bool,
        /// Not before this time has passed.
        wait: Option<Duration>,
    },
    /// To the dead letter.
    Dead {
        /// A stable code, never a value.
        code: String,
    },
    /// Wait for a release of the key.
    Hold {
        /// What [`crate::QueueAdmin::release`] will be called with.
        key: String,
        /// A stable code, never a value.
        code: String,
    },
}

impl JobOutcome {
    /// The outcome of a push that the remote refused.
    #[must_use]
    pub fn refused(refusal: &Refusal) -> Self {
        let code = refusal.code().to_owned();
        match refusal.class() {
            FailureClass::Permanent => Self::Dead { code },
            FailureClass::Transient { wait } => Self::Retry { code, counts: true, wait },
            FailureClass::Uncounted { wait } => Self::Retry { code, counts: false, wait },
        }
    }
}

/// How a worker works.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WorkerOptions {
    /// The queue.
    pub queue: String,
    /// The most jobs at a time.
    pub concurrency: usize,
    /// How long a lease runs; a third of it is the heartbeat.
    pub lease: Duration,
    /// How long to sleep at most, and how long after a failed store call.
    pub poll: Duration,
    /// How long running jobs may go on after the shutdown was asked for.
    pub drain: Duration,
    /// When to try again.
    pub retry: RetryPolicy,
}

impl WorkerOptions {
    /// The queues that have a concurrency of their own: `sync` 5, `webhook` 10, `conflict` 3, `transform` 10.
    pub const NAMED: [(&str, usize); 4] = [("sync", 5), ("webhook", 10), ("conflict", 3), ("transform", 10)];

    /// The jobs at a time of [`WorkerOptions::NAMED`], or five; leases of 30 s, a poll each second, 20 s to drain.
    pub fn new(queue: impl Into<String>) -> Self {
        let queue = queue.into();
        let named = Self::NAMED.into_iter().find(|(name, _)| *name == queue);
        Self {
            concurrency: named.map_or(5, |(_, concurrency)| concurrency),
            queue,
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            drain: Duration::from_secs(20),
            retry: RetryPolicy::default(),
        }
    }

    /// The same with another number of jobs at a time.
    #[must_use]
    pub fn with_concurrency(self, concurrency: usize) -> Self {
        Self { concurrency: concurrency.max(1), ..self }
    }

    /// The same with another lease.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The same with another poll interval.
    #[must_use]
    pub fn with_poll(self, poll: Duration) -> Self {
        Self { poll, ..self }
    }

    /// The same with another time to drain.
    #[must_use]
    pub fn with_drain(self, drain: Duration) -> Self {
        Self { drain, ..self }
    }

    /// The same with another retry policy.
    #[must_use]
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    fn heartbeat(&self) -> Duration {
        (self.lease / 3).max(Duration::from_millis(1))
    }
}

/// What a worker did until it stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WorkerReport {
    /// Jobs that are done.
    pub completed: u64,
    /// Attempts that will be repeated.
    pub retried: u64,
    /// Jobs that went to the dead letter.
    pub dead: u64,
    /// Jobs that wait for a release.
    pub held: u64,
    /// Results that came too late: the lease was lost. Nothing was changed.
    pub stale: u64,
    /// Jobs that were stopped because their lease was lost.
    pub lost: u64,
    /// Results that could not be stored; the job runs again when its lease has run out.
    pub unsettled: u64,
    /// Jobs that were given back because the time to drain was over.
    pub abandoned: u64,
}

/// One worker of one queue. Several may run, in one process or in many.
#[derive(Debug)]
pub struct Worker {
    queue: Arc<dyn JobQueue>,
    handler: Arc<dyn JobHandler>,
    clock: Arc<dyn Clock>,
    options: WorkerOptions,
    hint: Arc<Notify>,
}

impl Worker {
    /// A worker that is not running yet.
    pub fn new(
        queue: Arc<dyn JobQueue>,
        handler: Arc<dyn JobHandler>,
        clock: Arc<dyn Clock>,
        options: WorkerOptions,
    ) -> Self {
        Self { queue, handler, clock, options, hint: Arc::new(Notify::new()) }
    }

    /// Wakes the worker: call `notify_one` after jobs were enqueued, released or redriven.
    #[must_use]
    pub fn hint(&self) -> Arc<Notify> {
        Arc::clone(&self.hint)
    }

    /// Works until `shutdown` is ready, then claims nothing more and waits for the running jobs up to
    /// [`WorkerOptions::drain`]. Jobs that are still running then are given back without a counted attempt, to be
    /// claimed when their lease would have ended: a request that is on its way may still arrive.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) -> WorkerReport {
        let mut shutdown = pin!(shutdown);
        let mut running = Running::new(self);
        let period = self.options.heartbeat();
        let mut heartbeat = interval_at(Instant::now() + period, period);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let pause = running.fill().await;
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                _ = heartbeat.tick() => running.heartbeat().await,
                () = running.finished() => running.settle().await,
                () = self.hint.notified() => {}
                () = sleep(pause) => {}
            }
        }
        let deadline = Instant::now() + self.options.drain;
        while !running.is_idle() {
            tokio::select! {
                biased;
                () = sleep_until(deadline) => break,
                _ = heartbeat.tick() => running.heartbeat().await,
                () = running.finished() => running.settle().await,
            }
        }
        running.abandon().await
    }
}
