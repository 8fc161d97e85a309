//! Hot keys, long backlogs, and another process that holds the file.

use std::time::Duration;

use crate::samples::{at, claim, job, key, message, org};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{
    Error, Intake, JobId, JobQueue, JobQueueExt as _, NewJob, PauseScope, QueueAdmin, Receipt,
};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

async fn store(options: SqliteOptions) -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("store.db"), options).await.unwrap();
    (folder, store)
}

fn jobs(name: &str, count: usize, key_of: impl Fn(usize) -> usize) -> Vec<NewJob> {
    (0..count).map(|n| job(Some(key(&format!("{name}{}", key_of(n)), 3)), &format!("{name}{n}"))).collect()
}

#[tokio::test]
async fn thousands_of_jobs_behind_one_key_do_not_starve_the_others() {
    let (_folder, store) = store(SqliteOptions::default()).await;
    let hot = store.enqueue(jobs("hot", 3000, |_| 0)).await.unwrap();
    let hot: Vec<JobId> = hot.into_iter().map(|enqueued| enqueued.id).collect();
    store.enqueue(jobs("cold", 60, |n| n)).await.unwrap();
    let claimed = store.claim(&claim(50)).await.unwrap();
    assert_eq!(claimed.len(), 50, "a full batch: the head of the hot key and 49 others");
    let of_the_key = |id: JobId| hot.binary_search(&id).is_ok();
    assert_eq!(claimed.iter().filter(|job| of_the_key(job.lease.job)).count(), 1);
    let leases: Vec<_> = claimed.into_iter().map(|job| job.lease).collect();
    store.complete(&leases, at(2)).await.unwrap();
    assert_eq!(store.claim(&claim(50)).await.unwrap().len(), 12, "the next of the hot key and the rest");
}

#[tokio::test]
async fn a_paused_backlog_does_not_hide_the_work_of_another_org() {
    let (_folder, store) = store(SqliteOptions::default()).await;
    store.enqueue(jobs("paused", 2000, |n| n)).await.unwrap();
    store.set_paused(&PauseScope::queue(&org(), "sync"), true).await.unwrap();
    assert_eq!(store.next_due("sync").await.unwrap(), None, "nothing to wake up for");
    let other = carewire_fhir_core::OrgId::new("org_b").unwrap();
    store.enqueue(vec![NewJob { org: other.clone(), ..job(None, "b") }]).await.unwrap();
    let claimed = store.claim(&claim(50)).await.unwrap();
    assert_eq!(claimed.iter().map(|job| job.lease.org.clone()).collect::<Vec<_>>(), [other]);
}

#[tokio::test]
async fn a_lease_that_expires_in_a_paused_queue_goes_back_and_waits() {
    let (_folder, store) = store(SqliteOptions::default()).await;
    store.enqueue(vec![job(None, "a")]).await.unwrap();
    store.claim(&claim(1)).await.unwrap();
    store.set_paused(&PauseScope::queue(&org(), "sync"), true).await.unwrap();
    let late = carewire_sync_engine::ClaimOptions { now: at(99), ..claim(1) };
    assert!(store.claim(&late).await.unwrap().is_empty());
    assert_eq!(store.next_due("sync").await.unwrap(), None, "a worker does not spin on it");
    store.set_paused(&PauseScope::queue(&org(), "sync"), false).await.unwrap();
    assert_eq!(store.claim(&late).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_large_redrive_and_a_large_clean_go_through() {
    let (_folder, store) = store(SqliteOptions::default()).await;
    let filter = carewire_sync_engine::JobFilter::default();
    store
        .enqueue((0..1300).map(|n| NewJob { max_attempts: 1, ..job(None, &format!("j{n}")) }).collect())
        .await
        .unwrap();
    assert_eq!(store.claim(&claim(1300)).await.unwrap().len(), 1300);
    let late = carewire_sync_engine::ClaimOptions { now: at(99), ..claim(1300) };
    while QueueAdmin::stats(&store, &org(), None, at(99)).await.unwrap().active > 0 {
        assert!(store.claim(&late).await.unwrap().is_empty(), "out of attempts");
    }
    assert_eq!(store.redrive(&org(), &filter, at(99)).await.unwrap(), 1300);
    let leases: Vec<_> = store.claim(&late).await.unwrap().into_iter().map(|job| job.lease).collect();
    store.complete(&leases, at(100)).await.unwrap();
    assert_eq!(store.clean(&org(), at(101), at(101)).await.unwrap(), 1300);
    assert!(store.list(&org(), &filter, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_writer_of_another_process_is_waited_for_and_then_reported() {
    let (folder, store) = store(SqliteOptions::default().busy_timeout(Duration::from_millis(50))).await;
    let path = folder.path().join("store.db");
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let refused = store.accept(message("one")).await;
    assert!(matches!(refused, Err(Error::Unavailable { what: "store", .. })), "{refused:?}");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    let receipt = store.accept(message("one")).await.unwrap();
    assert!(matches!(receipt, Receipt::Stored { sequence: 1, .. }), "nothing was left behind: {receipt:?}");
}
