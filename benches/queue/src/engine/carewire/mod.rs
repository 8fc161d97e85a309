//! Ours, through the traits that a gateway uses: leases, epochs, ordering keys, several orgs.

mod job;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use carewire_postgres::{PostgresOptions, PostgresStore};
use carewire_redis::{RedisOptions, RedisQueue};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{ClaimOptions, ClaimedJob, JobQueue, JobQueueExt as _, Lease, NewJob, Settled};
use chrono::Utc;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

pub(crate) use self::job::Place;
use self::job::{QUEUE, new_job, payload};
use super::{BATCH, Engine, HANDLERS, Working};
use crate::Result;
use crate::handler::{Handler, Payload};

const OWNER: &str = "carewire_owner";
const SERVICE: &str = "carewire_service";
/// How long a worker sleeps that gets no hint, as in the gateway.
const POLL: Duration = Duration::from_secs(1);

/// A store of ours.
pub(crate) struct Carewire {
    queue: Arc<dyn JobQueue>,
    lease: Duration,
    hint: Arc<Notify>,
    commits: Box<dyn Fn() -> Option<u64> + Send + Sync>,
}

/// SQLite with `synchronous = FULL`, whose commits may be made slower.
pub(super) async fn sqlite(folder: &str, lease: Duration, slower: Option<Duration>) -> Result<Carewire> {
    let options = SqliteOptions::default();
    let options = slower.map_or(options.clone(), |delay| options.fsync_delay(delay));
    let store = SqliteStore::open(std::path::Path::new(folder).join("queue.db"), options).await?;
    let counted = store.clone();
    let commits = Box::new(move || Some(counted.stats().commits));
    Ok(Carewire { commits, ..Carewire::new(Arc::new(store), lease) })
}

impl Carewire {
    fn new(queue: Arc<dyn JobQueue>, lease: Duration) -> Self {
        Self { queue, lease, hint: Arc::default(), commits: Box::new(|| None) }
    }

    /// Stores jobs in one call, each in its place.
    pub(crate) async fn enqueue_at(&self, jobs: impl IntoIterator<Item = (Place, Payload)>) -> Result<()> {
        let jobs = jobs.into_iter().map(|(place, job)| new_job(&job, place));
        self.queue.enqueue(jobs.collect::<Result<Vec<NewJob>>>()?).await?;
        self.hint.notify_one();
        Ok(())
    }

    /// Claims a batch; how long that took.
    pub(crate) async fn claim(&self) -> Result<(Vec<Lease>, Duration)> {
        let begun = Instant::now();
        let claimed = self.queue.claim(&options(self.lease)).await?;
        let took = begun.elapsed();
        Ok((claimed.into_iter().map(|job| job.lease).collect(), took))
    }

    /// Completes what was claimed; how long that took.
    pub(crate) async fn complete(&self, leases: &[Lease]) -> Result<Duration> {
        let begun = Instant::now();
        complete(&*self.queue, leases).await?;
        Ok(begun.elapsed())
    }
}

/// Postgres: one role owns the tables, and the service's owns nothing. Neither is a superuser, whom row-level security would
/// not hold.
pub(super) async fn postgres(url: &str, lease: Duration) -> Result<Carewire> {
    let mut superuser = PgConnection::connect(url).await?;
    for role in [OWNER, SERVICE] {
        // Roles are of the server: there may be one from the round before.
        let create = format!(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        );
        sqlx::query(AssertSqlSafe(create)).execute(&mut superuser).await?;
    }
    let grant = format!("GRANT CREATE ON DATABASE queue TO {OWNER}");
    sqlx::query(AssertSqlSafe(grant)).execute(&mut superuser).await?;
    superuser.close().await?;
    let of = |role: &str| url.replacen("bench@", &format!("{role}@"), 1);
    PostgresStore::migrate(&of(OWNER), Some(SERVICE)).await?;
    let store = PostgresStore::connect(&of(SERVICE), PostgresOptions::default()).await?;
    Ok(Carewire::new(Arc::new(store), lease))
}

/// Redis.
pub(super) async fn redis(url: &str, lease: Duration) -> Result<Carewire> {
    let queue = RedisQueue::connect(url, RedisOptions::default()).await?;
    Ok(Carewire::new(Arc::new(queue), lease))
}

#[async_trait]
impl Engine for Carewire {
    async fn enqueue(&self, jobs: Vec<Payload>) -> Result<()> {
        let places = jobs.into_iter().map(|job| (Place::of(job.number), job));
        self.enqueue_at(places).await
    }

    async fn work(&self, handler: Arc<Handler>) -> Result<Box<dyn Working>> {
        let (claims, claimed) = mpsc::channel(1);
        let (finishes, finished) = mpsc::channel(1);
        let stopping = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        let (queue, hint) = (Arc::clone(&self.queue), Arc::clone(&self.hint));
        tasks.spawn(claim(queue, hint, Arc::clone(&stopping), self.lease, claims));
        tasks.spawn(handle(claimed, handler, finishes));
        tasks.spawn(settle(Arc::clone(&self.queue), Arc::clone(&self.hint), finished));
        Ok(Box::new(Running { tasks, stopping, hint: Arc::clone(&self.hint) }))
    }

    fn commits(&self) -> Option<u64> {
        (self.commits)()
    }
}

struct Running {
    tasks: JoinSet<Result<()>>,
    stopping: Arc<AtomicBool>,
    hint: Arc<Notify>,
}

#[async_trait]
impl Working for Running {
    async fn stop(mut self: Box<Self>) -> Result<()> {
        self.stopping.store(true, Ordering::Release);
        self.hint.notify_one();
        // The claimer ends, then the handlers, whose channel is empty, then whoever settles.
        while let Some(ended) = self.tasks.join_next().await {
            ended??;
        }
        Ok(())
    }
}

/// Claims a batch while the one before is worked on.
async fn claim(
    queue: Arc<dyn JobQueue>,
    hint: Arc<Notify>,
    stopping: Arc<AtomicBool>,
    lease: Duration,
    claims: mpsc::Sender<Vec<ClaimedJob>>,
) -> Result<()> {
    while !stopping.load(Ordering::Acquire) {
        let claimed = queue.claim(&options(lease)).await?;
        if claimed.is_empty() {
            // A hint, or the time to look without one: either way it looks.
            let _ = timeout(POLL, hint.notified()).await;
        } else {
            claims.send(claimed).await?;
        }
    }
    Ok(())
}

async fn handle(
    mut claimed: mpsc::Receiver<Vec<ClaimedJob>>,
    handler: Arc<Handler>,
    finishes: mpsc::Sender<Vec<Lease>>,
) -> Result<()> {
    while let Some(jobs) = claimed.recv().await {
        let handled = stream::iter(jobs).map(|job| async {
            handler.run(&payload(&job)?).await;
            Result::Ok(job.lease)
        });
        finishes.send(handled.buffer_unordered(HANDLERS).try_collect().await?).await?;
    }
    Ok(())
}

/// Settles what was finished together.
async fn settle(
    queue: Arc<dyn JobQueue>,
    hint: Arc<Notify>,
    mut finished: mpsc::Receiver<Vec<Lease>>,
) -> Result<()> {
    while let Some(leases) = finished.recv().await {
        complete(&*queue, &leases).await?;
        // What waited for one of these keys may run now.
        hint.notify_one();
    }
    Ok(())
}

fn options(lease: Duration) -> ClaimOptions {
    ClaimOptions { queue: QUEUE.to_owned(), limit: BATCH, lease, now: Utc::now() }
}

async fn complete(queue: &dyn JobQueue, leases: &[Lease]) -> Result<()> {
    let settled = queue.complete(leases, Utc::now()).await?;
    if settled.contains(&Settled::Stale) { Err("a lease was lost".into()) } else { Ok(()) }
}
