//! The promises of the seams as tests. An adapter that passes them can stand behind the engine.
//!
//! Each promise is one public async function; it works in an org and a queue of its own, so that all of them can run
//! against one store, at the same time, again and again. A function panics when the promise is broken. `run_all` of a
//! module runs its suite, [`run_all`] runs all those of a store; both also take an `Arc<dyn …>`. [`remote`] is the suite of
//! the servers that the engine writes to.
//!
//! ```
//! use std::sync::Arc;
//! use carewire_sync_engine::{MemoryStore, contract};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let store = Arc::new(MemoryStore::new());
//! contract::jobs::run_all(&store).await;
//! contract::order::one_job_of_a_key_is_active_at_a_time(&store).await;
//! # }
//! ```
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a contract suite is test code: it panics when a promise is broken"
)]

pub mod admin;
pub mod audit;
pub mod fairness;
pub mod histories;
pub mod idempotency;
pub mod identity;
pub mod intake;
pub mod jobs;
pub mod leases;
pub mod limits;
pub mod merges;
pub mod operate;
pub mod order;
pub mod outbox;
pub mod relay;
pub mod remote;
pub mod schedules;
pub mod unique;

mod scope;

use std::sync::Arc;

use crate::{JobQueue, QueueAdmin, RateLimits, Store};

/// Runs every suite of a store.
pub async fn run_all<S: Store + ?Sized + 'static>(store: &Arc<S>) {
    intake::run_all(store).await;
    idempotency::run_all(store).await;
    outbox::run_all(store).await;
    queue(store).await;
    identity::run_all(store).await;
    audit::run_all(store).await;
}

/// Runs every suite of a queue.
pub async fn queue<S: JobQueue + QueueAdmin + RateLimits + ?Sized + 'static>(store: &Arc<S>) {
    jobs::run_all(store).await;
    leases::run_all(store).await;
    order::run_all(store).await;
    merges::run_all(store).await;
    unique::run_all(store).await;
    fairness::run_all(store).await;
    limits::run_all(store).await;
    admin::run_all(store).await;
    operate::run_all(store).await;
    for seed in 0..8 {
        histories::run(store, seed, 150).await;
    }
}
