//! The store that a URL names.

use std::sync::Arc;

use crate::{Error, Result};
use carewire_postgres::{PostgresOptions, PostgresStore};
use carewire_redis::{RedisOptions, RedisQueue};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{JobQueue, QueueAdmin};

/// A queue with its operators' side.
pub trait Queue: JobQueue + QueueAdmin {}

impl<T: JobQueue + QueueAdmin> Queue for T {}

/// Opens `sqlite:PATH`, `postgres://…` or `redis://…`.
///
/// # Errors
/// When the store cannot be opened, or the URL is of another kind.
pub async fn open(url: &str) -> Result<Arc<dyn Queue>> {
    match url.split_once(':') {
        Some(("sqlite", path)) => {
            let store = SqliteStore::open(path, SqliteOptions::default()).await;
            Ok(Arc::new(store.map_err(|error| Error::failed("open the SQLite store", error))?))
        }
        Some(("postgres", _)) => {
            let store = PostgresStore::connect(url, PostgresOptions::default()).await;
            Ok(Arc::new(store.map_err(|error| Error::failed("connect to PostgreSQL", error))?))
        }
        Some(("redis", _)) => {
            let queue = RedisQueue::connect(url, RedisOptions::default()).await;
            Ok(Arc::new(queue.map_err(|error| Error::failed("connect to Redis", error))?))
        }
        _ => Err(Error::not_understood("URL of a queue")),
    }
}
