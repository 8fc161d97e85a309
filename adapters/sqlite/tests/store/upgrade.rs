//! A queue of the version before the present schema goes on where it stopped.

use crate::samples::{at, claim, org};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{
    ClaimOptions, JobFilter, JobQueue, JobQueueExt as _, JobState, Lease, PauseScope, QueueAdmin, QueueStats,
    Settled,
};
use sqlx::{Connection as _, SqliteConnection};

/// One key with an active, a waiting and a held job; free jobs in every other state; a paused queue; ids used up to 20.
const OLD: &str = concat!(
    "PRAGMA journal_mode = WAL; BEGIN;",
    include_str!("../../src/migrations/0001_initial.sql"),
    include_str!("../../src/migrations/0002_deliveries.sql"),
    include_str!("../../src/migrations/0003_outbox.sql"),
    include_str!("../../src/migrations/0004_consent_kind.sql"),
    "PRAGMA application_id = 1129804389; PRAGMA user_version = 4;",
    "INSERT INTO job (id, org, queue, kind, okey, state, head, run_at, lease_until, epoch, attempts, max_attempts,
                      hold_key, reason, refs, correlation, enqueued_at, settled_at) VALUES
     (1, 'org_a', 'sync', 'message', zeroblob(32), 'active', 1, 1800000000000000, 1800000030000000, 7, 1, 3,
      NULL, 'failed', '{\"n\":\"1\"}', 'c', 1800000000000000, NULL),
     (2, 'org_a', 'sync', 'message', zeroblob(32), 'waiting', 0, 1800000000000000, NULL, 0, 0, 3,
      NULL, NULL, '{\"n\":\"2\"}', 'c', 1800000000000000, NULL),
     (3, 'org_a', 'sync', 'message', zeroblob(32), 'held', 0, 1800000000000000, NULL, 2, 0, 3,
      'patient:pt_a', 'denied', '{\"n\":\"3\"}', 'c', 1800000000000000, 1800000001000000),
     (4, 'org_a', 'sync', 'message', NULL, 'waiting', 1, 1800000050000000, NULL, 0, 0, 3,
      NULL, NULL, '{\"n\":\"4\"}', 'c', 1800000000000000, NULL),
     (5, 'org_a', 'sync', 'other', NULL, 'failed', 0, 1800000000000000, NULL, 3, 3, 3,
      NULL, 'invalid', '{\"n\":\"5\"}', 'c', 1800000000000000, 1800000001000000),
     (6, 'org_a', 'mail', 'message', NULL, 'waiting', 1, 1800000000000000, NULL, 0, 0, 3,
      NULL, NULL, '{\"n\":\"6\"}', 'c', 1800000000000000, NULL),
     (20, 'org_a', 'sync', 'message', NULL, 'completed', 0, 1800000000000000, NULL, 1, 0, 3,
      NULL, NULL, '{\"n\":\"20\"}', 'c', 1800000000000000, 1800000001000000);
     INSERT INTO paused VALUES ('org_a', 'mail');
     DELETE FROM job WHERE id = 20;
     COMMIT;"
);

async fn upgraded(folder: &std::path::Path) -> SqliteStore {
    let path = folder.join("store.db");
    let mut raw = SqliteConnection::connect(&format!("sqlite:{}?mode=rwc", path.display())).await.unwrap();
    sqlx::raw_sql(OLD).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    SqliteStore::open(&path, SqliteOptions::default()).await.unwrap()
}

async fn claimed(store: &SqliteStore, options: &ClaimOptions) -> Vec<(String, Lease)> {
    let jobs = store.claim(options).await.unwrap();
    jobs.into_iter().map(|job| (job.refs["n"].clone(), job.lease)).collect()
}

#[tokio::test]
async fn the_queue_of_an_older_store_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = upgraded(folder.path()).await;
    let stats = QueueAdmin::stats(&store, &org(), None, at(1)).await.unwrap();
    let expected = QueueStats {
        waiting: 1,
        delayed: 1,
        paused: 1,
        active: 1,
        held: 1,
        failed: 1,
        ..QueueStats::default()
    };
    assert_eq!(stats, expected);
    assert_eq!(
        store.next_due("sync").await.unwrap(),
        Some(at(30)),
        "the lease; the second waits for its turn"
    );
    assert_eq!(store.next_due("mail").await.unwrap(), None, "paused");

    let old = Lease { org: org(), job: carewire_sync_engine::JobId(1), epoch: 7, until: at(30) };
    assert_eq!(store.complete(&[old], at(2)).await.unwrap(), [Settled::Done(JobState::Completed)]);
    let late = ClaimOptions { now: at(2), ..claim(9) };
    assert_eq!(claimed(&store, &late).await.iter().map(|job| &job.0).collect::<Vec<_>>(), ["2"]);
    assert_eq!(store.release(&org(), "patient:pt_a", at(3)).await.unwrap(), 1);
    assert_eq!(store.redrive(&org(), &JobFilter::default(), at(3)).await.unwrap(), 1);
    let later = ClaimOptions { now: at(29), ..claim(9) };
    let second = claimed(&store, &later).await;
    assert_eq!(
        second.iter().map(|job| &job.0).collect::<Vec<_>>(),
        ["5"],
        "the key is busy, the delay not over"
    );
    let all = ClaimOptions { now: at(60), ..claim(9) };
    let third = claimed(&store, &all).await;
    let numbers: Vec<_> = third.iter().map(|job| job.0.as_str()).collect();
    assert_eq!(numbers, ["4", "2", "5"], "the leases have ended; the released job is behind its older one");

    store.set_paused(&PauseScope::queue(&org(), "mail"), false).await.unwrap();
    let mail = ClaimOptions { queue: "mail".into(), ..all.clone() };
    assert_eq!(claimed(&store, &mail).await.len(), 1);
    let new = store.enqueue(vec![crate::samples::job(None, "new")]).await.unwrap();
    assert_eq!(new[0].id.0, 21, "no id is given twice");
}
