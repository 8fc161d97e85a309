//! Jobs in a transaction of somebody else.

use std::path::Path;
use std::time::Duration;

use crate::samples::{at, claim, job, key, message, org};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{
    BlindKey, Error, Intake, JobFilter, JobQueue, JobQueueExt as _, NewJob, QueueAdmin, Unique,
};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

async fn caller(path: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut caller = options.busy_timeout(Duration::from_secs(10)).connect().await.unwrap();
    sqlx::query("CREATE TABLE IF NOT EXISTS visit (id TEXT)").execute(&mut caller).await.unwrap();
    caller
}

fn visit(name: &str) -> Vec<NewJob> {
    vec![job(Some(key(name, 3)), name), job(None, name)]
}

#[tokio::test]
async fn a_commit_leaves_all_and_a_rollback_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    let mut caller = caller(&path).await;
    for (name, commits) in [("one", true), ("two", false), ("three", true)] {
        let mut transaction = caller.begin_with("BEGIN IMMEDIATE").await.unwrap();
        sqlx::query("INSERT INTO visit VALUES (?1)").bind(name).execute(&mut *transaction).await.unwrap();
        let enqueued = SqliteStore::enqueue_in(&mut transaction, &visit(name)).await.unwrap();
        assert_eq!(enqueued.len(), 2);
        assert_eq!(
            store.next_due("sync").await.unwrap().is_some(),
            name != "one",
            "nothing shows before the commit"
        );
        if commits { transaction.commit().await.unwrap() } else { transaction.rollback().await.unwrap() }
    }
    let claimed = store.claim(&claim(9)).await.unwrap();
    let names: Vec<_> = claimed.iter().map(|job| job.refs["message"].as_str()).collect();
    assert_eq!(names, ["one", "one", "three", "three"]);
    assert_eq!(store.stats_of().await, (0, 4), "the counts are those of the rows");
}

#[tokio::test]
async fn a_refused_list_leaves_the_transaction_usable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    let mut caller = caller(&path).await;
    let about = |keys: Vec<BlindKey>| NewJob {
        ordering_keys: keys,
        unique: Some(Unique::replace("visit/1")),
        ..job(None, "v")
    };
    let mut transaction = caller.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let refused = [job(None, "x"), about(vec![key("a", 3)]), about(vec![key("b", 3)])];
    let refused = SqliteStore::enqueue_in(&mut transaction, &refused).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    SqliteStore::enqueue_in(&mut transaction, &[about(vec![])]).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(store.list(&org(), &JobFilter::default(), 9).await.unwrap().len(), 1);
}

/// The store's own writer works all the while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_and_the_store_write_by_turns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    let mut caller = caller(&path).await;
    let served = store.clone();
    let served = tokio::spawn(async move {
        for n in 0..40 {
            served.accept(message(&format!("m{n}"))).await.unwrap();
        }
    });
    let mut committed = 0;
    for n in 0..40 {
        let mut transaction = caller.begin_with("BEGIN IMMEDIATE").await.unwrap();
        SqliteStore::enqueue_in(&mut transaction, &visit(&format!("v{n}"))).await.unwrap();
        if n % 4 == 3 {
            transaction.rollback().await.unwrap();
        } else {
            transaction.commit().await.unwrap();
            committed += 2;
        }
    }
    served.await.unwrap();
    let leases: Vec<_> = store.claim(&claim(999)).await.unwrap().into_iter().map(|job| job.lease).collect();
    assert_eq!(leases.len(), 40 + committed);
    store.complete(&leases, at(2)).await.unwrap();
    assert_eq!(store.stats_of().await, (0, 0));
}

trait Counts {
    async fn stats_of(&self) -> (u64, u64);
}

impl Counts for SqliteStore {
    /// Waiting and active.
    async fn stats_of(&self) -> (u64, u64) {
        let stats = QueueAdmin::stats(self, &org(), None, at(2)).await.unwrap();
        (stats.waiting, stats.active)
    }
}
