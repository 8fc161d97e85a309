//! The time of a claim does not grow with what it cannot take.

use std::time::{Duration, Instant};

use crate::samples::{at, claim, job, key, org};
use carewire_sqlite::{SqliteOptions, SqliteStore, Synchronous};
use carewire_sync_engine::{
    JobQueue, JobQueueExt as _, LimitScope, NewJob, PauseScope, QueueAdmin as _, RateLimits,
};

/// So many jobs lie beside those that are claimed.
const BESIDE: usize = 30_000;
const BATCH: usize = 50;
const CLAIMS: usize = 15;

async fn filled(beside: usize, make: impl Fn(usize, NewJob) -> NewJob) -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::default().synchronous(Synchronous::Off);
    let store = SqliteStore::open(folder.path().join("store.db"), options).await.unwrap();
    for from in (0..beside).step_by(2000) {
        let jobs = (from..from + 2000).map(|n| make(n, job(None, &format!("b{n}")))).collect();
        store.enqueue(jobs).await.unwrap();
    }
    let jobs = (0..BATCH * CLAIMS).map(|n| job(None, &format!("j{n}"))).collect();
    store.enqueue(jobs).await.unwrap();
    (folder, store)
}

/// The fastest of several full claims, each settled: what a claim takes when nothing else runs.
async fn fastest(store: &SqliteStore) -> Duration {
    let mut took = Vec::new();
    for _ in 0..CLAIMS {
        let begin = Instant::now();
        let claimed = store.claim(&claim(BATCH)).await.unwrap();
        took.push(begin.elapsed());
        assert_eq!(claimed.len(), BATCH);
        let leases: Vec<_> = claimed.into_iter().map(|job| job.lease).collect();
        store.complete(&leases, at(2)).await.unwrap();
    }
    took.into_iter().min().unwrap()
}

async fn assert_flat(what: &str, full: &SqliteStore) {
    let (_folder, empty) = filled(0, |_, job| job).await;
    let (alone, beside) = (fastest(&empty).await, fastest(full).await);
    println!("{what}: {alone:?} alone, {beside:?} beside {BESIDE}");
    // Much less than a walk over them takes.
    assert!(
        beside < alone * 3 + Duration::from_millis(2),
        "{what}: {alone:?} alone, {beside:?} beside {BESIDE}"
    );
}

#[tokio::test]
async fn a_claim_is_as_fast_beside_a_backlog() {
    let (_folder, store) = filled(BESIDE, |_, job| job).await;
    assert_flat("due", &store).await;
}

#[tokio::test]
async fn a_claim_is_as_fast_beside_delays() {
    let (_folder, store) =
        filled(BESIDE, |n, job| NewJob { run_at: at(100 + (n % 900) as i64), ..job }).await;
    assert_flat("delayed", &store).await;
}

#[tokio::test]
async fn a_claim_is_as_fast_beside_a_long_line() {
    let (_folder, store) =
        filled(BESIDE, |_, job| NewJob { ordering_keys: vec![key("hot", 3)], ..job }).await;
    let first = store.claim(&claim(1)).await.unwrap();
    assert_eq!(first.len(), 1);
    assert_flat("behind one key", &store).await;
}

#[tokio::test]
async fn a_claim_is_as_fast_beside_what_is_paused_or_closed() {
    let (_folder, store) = filled(BESIDE, |n, job| match n % 2 {
        0 => NewJob { kind: "paused".into(), ..job },
        _ => NewJob { remote: Some("closed".into()), ..job },
    })
    .await;
    let scope = PauseScope { kind: Some("paused".into()), ..PauseScope::org(&org()) };
    store.set_paused(&scope, true).await.unwrap();
    RateLimits::close(&store, &LimitScope::remote("closed"), at(1000), at(0)).await.unwrap();
    assert_flat("paused and closed", &store).await;
}

#[tokio::test]
async fn a_claim_is_as_fast_beside_history() {
    let (_folder, store) = filled(BESIDE, |_, job| NewJob { kind: "old".into(), ..job }).await;
    let scope = PauseScope { kind: Some("message".into()), ..PauseScope::org(&org()) };
    store.set_paused(&scope, true).await.unwrap();
    for _ in 0..BESIDE / 2000 {
        let leases: Vec<_> =
            store.claim(&claim(2000)).await.unwrap().into_iter().map(|job| job.lease).collect();
        store.complete(&leases, at(2)).await.unwrap();
    }
    store.set_paused(&scope, false).await.unwrap();
    assert_flat("completed", &store).await;
}
