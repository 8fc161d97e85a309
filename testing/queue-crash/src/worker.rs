//! The worker process: the engine's own worker over a queue that writes down what passes.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use carewire_sync_engine::{
    Beat, ClaimOptions, ClaimedJob, Enqueued, JobHandler, JobOutcome, JobQueue, NewJob, RetryPolicy, Settled,
    Settlement, Worker, WorkerOptions,
};
use chrono::{DateTime, Utc};

use crate::journal::{Journal, What};
use crate::{Queue, Result, SystemClock, open};

/// The queue of the test.
pub const QUEUE: &str = "torment";
/// The reference of a job that says what it is about.
pub const EFFECT: &str = "effect";
/// How long a lease runs.
pub const LEASE: Duration = Duration::from_secs(2);

/// Works until `shutdown` is ready.
///
/// # Errors
/// When the store cannot be opened, or the journal not be written.
pub async fn run(url: &str, journal: &Path, shutdown: impl Future<Output = ()>) -> Result<()> {
    let journal = Arc::new(Journal::open(journal)?);
    let queue =
        Watched { queue: reach(url).await?, journal: Arc::clone(&journal), effects: Mutex::default() };
    let options = WorkerOptions::new(QUEUE)
        .with_concurrency(8)
        .with_lease(LEASE)
        .with_poll(Duration::from_millis(50))
        .with_drain(Duration::from_secs(5))
        .with_retry(RetryPolicy::default().with_first(Duration::from_millis(20)));
    let handler = Arc::new(Effects(journal));
    Worker::new(Arc::new(queue), handler, Arc::new(SystemClock), options).run(shutdown).await;
    Ok(())
}

/// A worker may start while the server is down.
async fn reach(url: &str) -> Result<Arc<dyn Queue>> {
    for _ in 0..300 {
        if let Ok(queue) = open(url).await {
            return Ok(queue);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    open(url).await
}

/// Passes everything on, and writes down what was claimed, and what came of the ends of attempts.
#[derive(Debug)]
struct Watched {
    queue: Arc<dyn Queue>,
    journal: Arc<Journal>,
    /// What the jobs in hand are about.
    effects: Mutex<HashMap<i64, u64>>,
}

impl Watched {
    fn write(&self, what: What, job: i64, epoch: u64) -> carewire_sync_engine::Result<()> {
        let effect = self.effects.lock().unwrap_or_else(PoisonError::into_inner).get(&job).copied();
        let written = self.journal.write(what, job, epoch, effect.unwrap_or_default());
        written.map_err(|source| carewire_sync_engine::Error::Unavailable {
            what: "journal",
            source: Some(Box::new(source)),
        })
    }
}

#[async_trait]
impl JobQueue for Watched {
    async fn enqueue(&self, jobs: Vec<NewJob>) -> carewire_sync_engine::Result<Vec<Enqueued>> {
        self.queue.enqueue(jobs).await
    }

    async fn claim(&self, options: &ClaimOptions) -> carewire_sync_engine::Result<Vec<ClaimedJob>> {
        let claimed = self.queue.claim(options).await?;
        for job in &claimed {
            let effect = effect_of(job);
            self.effects.lock().unwrap_or_else(PoisonError::into_inner).insert(job.lease.job.0, effect);
            self.write(What::Claimed, job.lease.job.0, job.lease.epoch)?;
        }
        Ok(claimed)
    }

    async fn heartbeat(
        &self,
        beats: &[Beat],
        until: DateTime<Utc>,
    ) -> carewire_sync_engine::Result<Vec<bool>> {
        self.queue.heartbeat(beats, until).await
    }

    async fn settle(
        &self,
        settlements: &[Settlement],
        now: DateTime<Utc>,
    ) -> carewire_sync_engine::Result<Vec<Settled>> {
        let completed =
            |settlement: &&Settlement| matches!(settlement.outcome, carewire_sync_engine::Outcome::Complete);
        for settlement in settlements.iter().filter(completed) {
            self.write(What::Sent, settlement.lease.job.0, settlement.lease.epoch)?;
        }
        let settled = self.queue.settle(settlements, now).await?;
        for (settlement, settled) in settlements.iter().zip(&settled).filter(|(sent, _)| completed(sent)) {
            let what = if *settled == Settled::Stale { What::Stale } else { What::Done };
            self.write(what, settlement.lease.job.0, settlement.lease.epoch)?;
        }
        Ok(settled)
    }

    async fn next_due(&self, queue: &str) -> carewire_sync_engine::Result<Option<DateTime<Utc>>> {
        self.queue.next_due(queue).await
    }
}

fn effect_of(job: &ClaimedJob) -> u64 {
    job.refs.get(EFFECT).and_then(|effect| effect.parse().ok()).unwrap_or_default()
}

/// Writes each effect down; every thirteenth first attempt fails in passing.
#[derive(Debug)]
struct Effects(Arc<Journal>);

#[async_trait]
impl JobHandler for Effects {
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
        let effect = effect_of(job);
        tokio::time::sleep(Duration::from_millis(1 + effect % 7)).await;
        let again = |code: &str| JobOutcome::Retry { code: code.into(), counts: true, wait: None };
        if effect.is_multiple_of(13) && job.attempt == 1 {
            return again("remote-unavailable");
        }
        match self.0.write(What::Effect, job.lease.job.0, job.lease.epoch, effect) {
            Ok(()) => JobOutcome::Complete,
            Err(_) => again("journal-unavailable"),
        }
    }
}
