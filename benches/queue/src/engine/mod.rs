//! The queues, as the process that is measured uses them.

mod apalis;
mod carewire;
mod river;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

pub(crate) use self::carewire::{Carewire, Place};
use crate::Result;
use crate::handler::{Handler, Payload};

/// As many handlers run at once.
pub(crate) const HANDLERS: usize = 10;
/// Where an engine can, it takes and settles as many jobs in one call.
pub(crate) const BATCH: usize = 100;
/// What apalis fetches at a time unless it is told otherwise.
const FETCHED: usize = 10;
/// How often an engine looks for jobs that has no better way to learn of them.
pub(crate) const POLL: Duration = Duration::from_millis(5);

/// A queue, ready for use.
#[async_trait]
pub(crate) trait Engine: Send + Sync {
    /// Stores jobs in one call.
    async fn enqueue(&self, jobs: Vec<Payload>) -> Result<()>;

    /// Starts the handlers.
    async fn work(&self, handler: Arc<Handler>) -> Result<Box<dyn Working>>;

    /// Commits so far, where the engine counts them.
    fn commits(&self) -> Option<u64> {
        None
    }
}

/// Handlers that run.
#[async_trait]
pub(crate) trait Working: Send {
    /// Ends them when all that they did is stored.
    async fn stop(self: Box<Self>) -> Result<()>;
}

/// The engine of that name at an address: a URL, or a folder.
pub(crate) async fn open(name: &str, address: &str, lease: Duration) -> Result<Arc<dyn Engine>> {
    Ok(match name {
        "apalis-postgres" => Arc::new(apalis::ApalisPostgres::open(address, FETCHED).await?),
        "apalis-postgres-100" => Arc::new(apalis::ApalisPostgres::open(address, BATCH).await?),
        "apalis-redis" => Arc::new(apalis::ApalisRedis::open(address).await?),
        "riverqueue" => Arc::new(river::River::open(address).await?),
        ours => Arc::new(open_ours(ours, address, lease).await?),
    })
}

/// One of ours, by its store.
pub(crate) async fn open_ours(store: &str, address: &str, lease: Duration) -> Result<Carewire> {
    match store {
        "sqlite" => carewire::sqlite(address, lease, None).await,
        "postgres" => carewire::postgres(address, lease).await,
        "redis" => carewire::redis(address, lease).await,
        "sqlite-slow" => carewire::sqlite(address, lease, Some(SLOW)).await,
        other => Err(format!("no such engine: {other}").into()),
    }
}

/// What a commit takes longer on the slow disk.
pub(crate) const SLOW: Duration = Duration::from_millis(3);
