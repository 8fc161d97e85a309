//! The memory store keeps the promises of every trait, also behind a pointer to a trait.

use std::sync::Arc;

use carewire_sync_engine::{MemoryStore, Store, contract};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_memory_store_keeps_every_promise() {
    contract::run_all(&Arc::new(MemoryStore::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_does_so_behind_a_trait_object_and_in_a_used_store() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    for _ in 0..3 {
        contract::run_all(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_takes_jobs_over_once() {
    contract::relay::run_all(&Arc::new(MemoryStore::new())).await;
}
