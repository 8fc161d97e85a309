//! Workers of one process learn of what another one enqueued, without polling.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use carewire_fhir_core::CorrelationId;
use carewire_postgres::{PostgresOptions, PostgresStore};
use carewire_sync_engine::{
    ClaimedJob, Clock, JobHandler, JobOutcome, JobQueue as _, NewJob, Worker, WorkerOptions,
};
use chrono::{DateTime, Utc};
use sqlx::postgres::PgListener;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::database::Database;
use crate::samples::org;

#[derive(Debug)]
struct System;

impl Clock for System {
    fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }

    fn jitter(&self) -> u64 {
        0
    }
}

/// Says when it has begun.
#[derive(Debug)]
struct Began(mpsc::UnboundedSender<Instant>);

#[async_trait]
impl JobHandler for Began {
    async fn handle(&self, _: &ClaimedJob) -> JobOutcome {
        self.0.send(Instant::now()).unwrap();
        JobOutcome::Complete
    }
}

/// Works until the test is over; without hints it looks once in 30 s.
fn work(store: &PostgresStore) -> mpsc::UnboundedReceiver<Instant> {
    let (began, begins) = mpsc::unbounded_channel();
    let options = WorkerOptions::new("sync").with_poll(Duration::from_secs(30));
    let worker = Worker::new(Arc::new(store.clone()), Arc::new(Began(began)), Arc::new(System), options);
    store.wake_by_hints("sync", &worker.hint());
    tokio::spawn(async move { worker.run(std::future::pending::<()>()).await });
    begins
}

fn job(queue: &str) -> NewJob {
    NewJob::new(org("org_a"), queue, "push", CorrelationId::new("c").unwrap(), System.now())
}

const LISTENERS: &str = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";

async fn listeners(connection: &mut PgConnection) -> i64 {
    let count = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) {LISTENERS}")));
    count.fetch_one(connection).await.unwrap()
}

async fn until_listening(connection: &mut PgConnection) {
    while listeners(connection).await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The worker is awake once when the connection is made, and then sleeps.
    tokio::time::sleep(Duration::from_millis(300)).await;
}

async fn begins_within(begins: &mut mpsc::UnboundedReceiver<Instant>, most: Duration) {
    timeout(most, begins.recv()).await.unwrap_or_else(|_| panic!("no job began within {most:?}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_of_another_process_begins_at_once() {
    let Some(database) = Database::make().await else { return };
    let (here, there) = (database.store().await, database.connect().await);
    let mut superuser = PgConnection::connect(&database.superuser_url()).await.unwrap();
    let mut begins = work(&there);
    until_listening(&mut superuser).await;
    for _ in 0..3 {
        here.enqueue(vec![job("sync")]).await.unwrap();
        begins_within(&mut begins, Duration::from_secs(1)).await;
    }
    // What somebody else committed is told of by hand. A worker that has just settled a job looks once more by itself.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut connection = database.connection().await;
    carewire_postgres::enqueue_in(&mut connection, &[job("sync")]).await.unwrap();
    assert!(timeout(Duration::from_millis(300), begins.recv()).await.is_err(), "nobody told");
    here.tell("sync");
    begins_within(&mut begins, Duration::from_secs(1)).await;
    there.close().await;
    assert_eq!(listeners(&mut superuser).await, 0, "a closed store does not listen");
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_was_killed_comes_back() {
    let Some(database) = Database::make().await else { return };
    let (here, there) = (database.store().await, database.connect().await);
    let mut superuser = PgConnection::connect(&database.superuser_url()).await.unwrap();
    let mut begins = work(&there);
    until_listening(&mut superuser).await;
    let kill = format!("SELECT pg_terminate_backend(pid) {LISTENERS}");
    let killed: Vec<bool> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(kill)).fetch_all(&mut superuser).await.unwrap();
    assert_eq!(killed, [true]);
    // Nobody hears this one; it is found when the connection is there again.
    here.enqueue(vec![job("sync")]).await.unwrap();
    begins_within(&mut begins, Duration::from_secs(5)).await;
    until_listening(&mut superuser).await;
    here.enqueue(vec![job("sync")]).await.unwrap();
    begins_within(&mut begins, Duration::from_secs(1)).await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hint_names_a_queue_and_they_come_bundled() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let mut listener = PgListener::connect(&database.superuser_url()).await.unwrap();
    listener.listen("carewire_jobs").await.unwrap();
    let begun = Instant::now();
    for _ in 0..100 {
        store.enqueue(vec![job("sync"), job("webhook"), job("sync")]).await.unwrap();
    }
    store.close().await;
    let most = begun.elapsed().as_millis() / 20 + 2;
    let mut heard = Vec::new();
    while let Ok(hint) = timeout(Duration::from_millis(300), listener.recv()).await {
        heard.push(hint.unwrap().payload().to_owned());
    }
    for queue in ["sync", "webhook"] {
        let count = heard.iter().filter(|name| *name == queue).count() as u128;
        assert!((1..=most).contains(&count), "{count} of {queue}, at most {most} are expected");
    }
    assert!(heard.iter().all(|name| ["sync", "webhook"].contains(&name.as_str())), "{heard:?}");
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_hints_are_off_none_is_sent() {
    let Some(database) = Database::make().await else { return };
    database.store().await.close().await;
    let off = PostgresOptions::default().hints(false);
    let store = PostgresStore::connect(&database.url(), off).await.unwrap();
    let mut superuser = PgConnection::connect(&database.superuser_url()).await.unwrap();
    let mut listener = PgListener::connect(&database.superuser_url()).await.unwrap();
    listener.listen("carewire_jobs").await.unwrap();
    let mut begins = work(&store);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(listeners(&mut superuser).await, 1, "that of the test");
    store.enqueue(vec![job("sync")]).await.unwrap();
    store.tell("sync");
    assert!(timeout(Duration::from_millis(500), listener.recv()).await.is_err());
    assert!(begins.try_recv().is_err(), "the worker was woken");
    store.close().await;
    database.remove().await;
}
