//! Callers share commits, whatever the others do, and a failing operation hurts nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::samples::{at, claim, message, org};
use carewire_sqlite::{CommitStats, SqliteOptions, SqliteStore};
use carewire_sync_engine::{
    Error, Intake, JobQueue, JobQueueExt as _, MessageId, MessageState, QueueAdmin, Receipt,
};
use tempfile::TempDir;
use tokio::task::JoinSet;

const CALLERS: usize = 20;
const EACH: usize = 25;

async fn slow_store() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::default().fsync_delay(Duration::from_millis(3));
    let store = SqliteStore::open(folder.path().join("store.db"), options).await.unwrap();
    (folder, store)
}

/// Every caller sends its next message when the last one was answered and it has worked on the next for a while, as
/// a connection does that reads, parses and seals.
async fn closed_loop(store: &SqliteStore, work: Duration) -> CommitStats {
    let before = store.stats();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let store = store.clone();
        callers.spawn(async move {
            for n in 0..EACH {
                pause(work, caller, n).await;
                store.accept(message(&format!("c{caller}-{n}"))).await.unwrap();
            }
        });
    }
    callers.join_all().await;
    let after = store.stats();
    let mut difference = after;
    difference.commits -= before.commits;
    difference.operations -= before.operations;
    difference
}

/// Some part of `longest`, in steps much finer than a timer's: on a thread of its own, as if over a network.
async fn pause(longest: Duration, caller: usize, n: usize) {
    let length = longest / 10 * u32::try_from((caller * 7 + n * 3) % 10 + 1).unwrap();
    if !length.is_zero() {
        tokio::task::spawn_blocking(move || std::thread::sleep(length)).await.unwrap();
    }
}

fn mean(stats: CommitStats) -> f64 {
    println!("{stats:?}");
    stats.operations as f64 / stats.commits as f64
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_in_a_closed_loop_share_their_commits() {
    let (_folder, store) = slow_store().await;
    let stats = closed_loop(&store, Duration::ZERO).await;
    assert_eq!(stats.operations, (CALLERS * EACH) as u64);
    assert!(mean(stats) >= 0.6 * CALLERS as f64, "{stats:?}");
    assert_eq!(store.tally(&org()).await.unwrap().received, (CALLERS * EACH) as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_that_work_between_their_messages_share_their_commits() {
    let (_folder, store) = slow_store().await;
    let stats = closed_loop(&store, Duration::from_millis(3)).await;
    assert!(mean(stats) >= 0.6 * CALLERS as f64, "{stats:?}");
}

#[tokio::test]
async fn callers_on_one_thread_share_their_commits() {
    let (_folder, store) = slow_store().await;
    let stats = closed_loop(&store, Duration::ZERO).await;
    assert!(mean(stats) >= 0.6 * CALLERS as f64, "{stats:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_beside_them_does_not_break_the_groups() {
    let (_folder, store) = slow_store().await;
    let stop = Arc::new(AtomicBool::new(false));
    let worker = tokio::spawn(work(store.clone(), Arc::clone(&stop)));
    let stats = closed_loop(&store, Duration::ZERO).await;
    stop.store(true, Ordering::Relaxed);
    let settled = worker.await.unwrap();
    assert!(settled > 0, "the worker worked");
    assert!(mean(stats) >= 0.6 * CALLERS as f64, "{stats:?}");
}

/// Claims, spends some time on each batch, completes; also marks the messages.
async fn work(store: SqliteStore, stop: Arc<AtomicBool>) -> usize {
    let mut settled = 0;
    while !stop.load(Ordering::Relaxed) {
        let claimed = store.claim(&claim(8)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
        let leases: Vec<_> = claimed.iter().map(|job| job.lease.clone()).collect();
        let ids: Vec<_> = claimed.iter().map(|job| MessageId::new(job.refs["message"].clone())).collect();
        Intake::settle(&store, &org(), &ids, MessageState::Pushed).await.unwrap();
        settled += store.complete(&leases, at(1)).await.unwrap().len();
    }
    settled
}

#[tokio::test]
async fn a_single_caller_does_not_wait_for_company() {
    let (_folder, store) = slow_store().await;
    for n in 0..5 {
        store.accept(message(&format!("m{n}"))).await.unwrap();
    }
    let stats = store.stats();
    assert_eq!((stats.commits, stats.operations, stats.largest_group), (5, 5, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_operation_fails_alone() {
    let (_folder, store) = slow_store().await;
    let mut callers = JoinSet::new();
    for n in 0..30 {
        let store = store.clone();
        callers.spawn(async move {
            if n % 3 == 0 {
                let unknown = [MessageId::new(format!("unknown-{n}"))];
                let refused = Intake::settle(&store, &org(), &unknown, MessageState::Dead).await;
                assert!(matches!(refused, Err(Error::NotFound { what: "message" })), "{refused:?}");
            } else {
                let receipt = store.accept(message(&format!("m{n}"))).await;
                assert!(matches!(receipt, Ok(Receipt::Stored { .. })), "{receipt:?}");
            }
        });
    }
    callers.join_all().await;
    assert_eq!(store.tally(&org()).await.unwrap().received, 20);
    assert_eq!(
        QueueAdmin::stats(&store, &org(), None, at(1)).await.unwrap().waiting,
        20,
        "every message has one job"
    );
}

#[tokio::test]
async fn an_idle_worker_commits_nothing() {
    let (_folder, store) = slow_store().await;
    for _ in 0..5 {
        assert!(store.claim(&claim(8)).await.unwrap().is_empty());
    }
    assert_eq!(store.stats().commits, 0);
}
