//! apalis-redis 1.0, fetching 100 at a time, woken by a timer.

use std::sync::Arc;

use apalis::prelude::{BackendExt as _, TaskSink as _, WorkerBuilder, WorkerBuilderExt as _};
use apalis_redis::{Config, ConnectionManager, RedisStorage};
use async_trait::async_trait;

use super::{EachTick, Running, nothing, worker_name};
use crate::Result;
use crate::engine::{BATCH, Engine, HANDLERS, POLL, Working};
use crate::handler::{Handler, Payload};

pub(in crate::engine) struct ApalisRedis {
    storage: RedisStorage<Payload, ConnectionManager>,
}

impl ApalisRedis {
    pub(in crate::engine) async fn open(url: &str) -> Result<Self> {
        let connection = apalis_redis::connect(url).await?;
        let config = Config::default().queue("bench").batch_size(BATCH);
        Ok(Self { storage: RedisStorage::new(connection).with_config(config) })
    }
}

#[async_trait]
impl Engine for ApalisRedis {
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
