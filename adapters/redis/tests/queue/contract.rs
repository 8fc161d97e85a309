//! The promises of the traits, one test for each suite, so that a broken one does not hide the others.

use std::sync::Arc;

use carewire_redis::RedisQueue;
use carewire_sync_engine::contract::{
    self, admin, fairness, histories, jobs, leases, limits, merges, operate, order, relay, schedules, unique,
};
use carewire_sync_engine::{JobQueue, QueueAdmin, RateLimits};

use crate::server::queue;

async fn shared(name: &str) -> Option<Arc<RedisQueue>> {
    queue(name).await.map(Arc::new)
}

#[tokio::test]
async fn jobs() {
    if let Some(queue) = shared("jobs").await {
        jobs::run_all(&queue).await;
    }
}

#[tokio::test]
async fn leases() {
    if let Some(queue) = shared("leases").await {
        leases::run_all(&queue).await;
    }
}

#[tokio::test]
async fn order() {
    if let Some(queue) = shared("order").await {
        order::run_all(&queue).await;
    }
}

#[tokio::test]
async fn merges() {
    if let Some(queue) = shared("merges").await {
        merges::run_all(&queue).await;
    }
}

#[tokio::test]
async fn unique() {
    if let Some(queue) = shared("unique").await {
        unique::run_all(&queue).await;
    }
}

#[tokio::test]
async fn fairness() {
    if let Some(queue) = shared("fairness").await {
        fairness::run_all(&queue).await;
    }
}

#[tokio::test]
async fn limits() {
    if let Some(queue) = shared("limits").await {
        limits::run_all(&queue).await;
    }
}

#[tokio::test]
async fn admin() {
    if let Some(queue) = shared("admin").await {
        admin::run_all(&queue).await;
    }
}

#[tokio::test]
async fn operate() {
    if let Some(queue) = shared("operate").await {
        operate::run_all(&queue).await;
    }
}

#[tokio::test]
async fn relay() {
    if let Some(queue) = shared("relay").await {
        relay::run_all(&queue).await;
    }
}

#[tokio::test]
async fn schedules() {
    if let Some(queue) = shared("schedules").await {
        schedules::run_all(&queue).await;
    }
}

/// `CAREWIRE_TEST_HISTORIES` asks for more of them.
#[tokio::test]
async fn histories() {
    let seeds =
        std::env::var("CAREWIRE_TEST_HISTORIES").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(20);
    if let Some(queue) = shared("histories").await {
        for seed in 1000..1000 + seeds {
            histories::run(&queue, seed, 80).await;
        }
    }
}

/// A queue as a gateway holds it.
trait Queue: JobQueue + QueueAdmin + RateLimits {}

impl<T: JobQueue + QueueAdmin + RateLimits> Queue for T {}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_them_behind_a_trait_object_in_threads() {
    if let Some(queue) = shared("all").await {
        let queue: Arc<dyn Queue> = queue;
        contract::queue(&queue).await;
    }
}
