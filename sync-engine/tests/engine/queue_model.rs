//! Random histories of the queue in memory.

use std::sync::Arc;

use carewire_sync_engine::{MemoryStore, contract};

#[tokio::test]
async fn whatever_happens_the_queue_does_what_its_rules_say() {
    for seed in 100..300 {
        contract::histories::run(&Arc::new(MemoryStore::new()), seed, 200).await;
    }
}
