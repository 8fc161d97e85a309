//! What `serve` does for its queue: old jobs are removed at set times, by one of the processes of a store.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    AuditLog, ClaimedJob, Clock as _, Handlers, JobHandler, JobOutcome, JobQueue, QueueAdmin, Schedule,
    ScheduleRunner, ScheduleRunnerOptions, Scheduler, Worker, WorkerOptions,
};
use tokio::sync::watch;

use crate::config::Config;
use crate::failure::Failure;
use crate::jobs::administered;
use crate::keys::SystemClock;
use crate::queue_config::{QueueConfig, Retention};
use crate::stack::{Stack, stopped};

/// The queue of the jobs that look after the store itself.
pub(crate) const QUEUE: &str = "maintenance";
const CLEAN: &str = "clean";
/// Occurrences that another process fired are found by looking.
const LOOK: Duration = Duration::from_secs(30);

/// Removes old jobs. Of the processes that share a store one fires the schedules, and any does their jobs.
pub(crate) struct Maintenance {
    scheduler: Arc<dyn Scheduler>,
    queue: Arc<dyn JobQueue>,
    cleaner: Arc<Cleaner>,
    drain: Duration,
}

impl Maintenance {
    /// Puts the schedules of the orgs, and removes nothing yet.
    pub(crate) async fn plan(stack: &Stack, orgs: &[OrgId], config: &Config) -> Result<Self, Failure> {
        let QueueConfig { keep, clean, .. } = &config.queue;
        let cleaner = Cleaner { queue: stack.queue.admin(), audit: stack.store.all(), keep: *keep };
        let (scheduler, queue) = (stack.store.scheduler(), stack.store.all());
        for org in orgs {
            let next = clean.after(SystemClock.now());
            let schedule = Schedule::new(org.clone(), CLEAN, clean.clone(), QUEUE, CLEAN);
            scheduler.put_schedule(&schedule, next).await?;
        }
        Ok(Self { scheduler, queue, cleaner: Arc::new(cleaner), drain: config.drain() })
    }

    /// Fires what is due while it leads, and does the jobs, until `stop`.
    pub(crate) async fn run(self, stop: watch::Receiver<bool>) {
        let holder = ScheduleRunnerOptions::new(uuid::Uuid::new_v4().to_string());
        let runner = ScheduleRunner::new(self.scheduler, Arc::new(SystemClock), holder);
        let options = WorkerOptions::new(QUEUE).with_concurrency(1).with_poll(LOOK).with_drain(self.drain);
        let handlers = Handlers::new().on(CLEAN, self.cleaner);
        let worker = Worker::new(self.queue, Arc::new(handlers), Arc::new(SystemClock), options);
        let hint = worker.hint();
        tokio::join!(runner.run(stopped(stop.clone()), || hint.notify_one()), worker.run(stopped(stop)));
    }
}

/// Removes what has been kept for long enough.
#[derive(Debug)]
struct Cleaner {
    queue: Arc<dyn QueueAdmin>,
    audit: Arc<dyn AuditLog>,
    keep: Retention,
}

impl Cleaner {
    async fn clean(&self, org: &OrgId) -> Result<u64, Failure> {
        let (completed, failed) = self.keep.before(SystemClock.now());
        let removed = self.queue.clean(org, completed, failed).await?;
        if removed > 0 {
            self.audit.append(vec![administered(org, "clean", "schedule", removed)?]).await?;
        }
        Ok(removed)
    }
}

#[async_trait]
impl JobHandler for Cleaner {
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
        match self.clean(&job.lease.org).await {
            Ok(removed) => {
                tracing::info!(removed, "old jobs removed");
                metrics::counter!("carewire_queue_jobs_removed_total").increment(removed);
                JobOutcome::Complete
            }
            Err(error) => {
                tracing::warn!(%error, "old jobs were not removed");
                JobOutcome::Retry { code: "store-unavailable".into(), counts: true, wait: None }
            }
        }
    }
}
