//! riverqueue 0.5 on Postgres, fetching as often as it allows: by default it takes at most ten jobs each 100 ms.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use riverqueue::migrate::PostgresMigrator;
use riverqueue::sqlx::PgPool;
use riverqueue::{
    Client, InsertOpts, Job, JobArgs, QueueConfig, RunHandle, WorkContext, WorkOutcome, Worker, Workers,
};
use serde::{Deserialize, Serialize};

use super::{Engine, HANDLERS, POLL, Working};
use crate::Result;
use crate::handler::{Handler, Payload};

/// The least that it allows.
const COOLDOWN: Duration = Duration::from_millis(1);

pub(super) struct River {
    pool: PgPool,
    inserts: Client,
}

impl River {
    pub(super) async fn open(url: &str) -> Result<Self> {
        let pool = PgPool::connect(url).await?;
        PostgresMigrator::new(pool.clone()).migrate_up().await?;
        let inserts = Client::builder(pool.clone()).fetch_cooldown(COOLDOWN).build()?;
        Ok(Self { pool, inserts })
    }
}

#[async_trait]
impl Engine for River {
    async fn enqueue(&self, jobs: Vec<Payload>) -> Result<()> {
        let jobs = jobs.into_iter().map(|job| (Args { job }, InsertOpts::default()));
        self.inserts.insert_many(jobs).await?;
        Ok(())
    }

    async fn work(&self, handler: Arc<Handler>) -> Result<Box<dyn Working>> {
        let mut workers = Workers::new();
        workers.add(Nothing(handler))?;
        let queue = QueueConfig::new(HANDLERS).with_fetch_poll_interval(POLL);
        let client = Client::builder(self.pool.clone())
            .workers(workers)
            .fetch_cooldown(COOLDOWN)
            .queue("default", queue)
            .build()?;
        Ok(Box::new(Running(client.start()?)))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, JobArgs)]
#[river(kind = "nothing")]
struct Args {
    job: Payload,
}

struct Nothing(Arc<Handler>);

impl Worker<Args> for Nothing {
    type Error = std::convert::Infallible;

    async fn work(
        &self,
        _context: WorkContext,
        job: Job<Args>,
    ) -> std::result::Result<WorkOutcome, Self::Error> {
        self.0.run(&job.args.job).await;
        Ok(WorkOutcome::Complete)
    }
}

struct Running(RunHandle);

#[async_trait]
impl Working for Running {
    async fn stop(mut self: Box<Self>) -> Result<()> {
        Ok(self.0.stop().await?)
    }
}
