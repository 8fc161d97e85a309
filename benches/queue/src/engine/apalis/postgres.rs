//! apalis-postgres 1.0, woken by a timer: what else it offers is a `NOTIFY` for each row.

use std::sync::Arc;

use apalis::prelude::{BackendExt as _, TaskSink as _, WorkerBuilder, WorkerBuilderExt as _};
use apalis_postgres::{Config, PgPool, PostgresStorage};
use async_trait::async_trait;

use super::{EachTick, Running, nothing, worker_name};
use crate::Result;
use crate::engine::{Engine, HANDLERS, POLL, Working};
use crate::handler::{Handler, Payload};

pub(in crate::engine) struct ApalisPostgres {
    storage: PostgresStorage<Payload>,
}

impl ApalisPostgres {
    pub(in crate::engine) async fn open(url: &str, batch: usize) -> Result<Self> {
        let pool = PgPool::connect(url).await?;
        PostgresStorage::<()>::setup(&pool).await?;
        let config = Config::default().queue("bench").batch_size(batch);
        Ok(Self { storage: PostgresStorage::new(&pool).with_config(config) })
    }
}

#[async_trait]
impl Engine for ApalisPostgres {
    async fn enqueue(&self, jobs: Vec<Payload>) -> Result<()> {
        self.storage.clone().push_bulk(jobs).await?;
        Ok(())
    }

    async fn work(&self, handler: Arc<Handler>) -> Result<Box<dyn Working>> {
        let backend = self.storage.clone().poll_with_strategy(EachTick::new(POLL));
        let worker = WorkerBuilder::new(worker_name())
            .backend(backend)
            .concurrency(HANDLERS)
            .data(handler)
            .build(nothing);
        Ok(Running::start(|signal| worker.run_until(signal)))
    }
}
