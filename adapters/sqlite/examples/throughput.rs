//! How fast the store is on this machine and disk: `cargo run --release -p carewire-sqlite --example throughput`.
//!
//! Prints figures; decides nothing.
#![expect(clippy::print_stdout, reason = "a program for people")]

#[path = "../tests/store/samples.rs"]
mod samples;

use std::error::Error;
use std::time::{Duration, Instant};

use carewire_sqlite::{SqliteOptions, SqliteStore, Synchronous};
use carewire_sync_engine::{BlindKey, Intake, JobQueue, JobQueueExt as _, NewJob};
use samples::{at, claim, job, key, message, org};
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const CALLERS: usize = 20;
const MESSAGES: usize = 20_000;
const JOBS: usize = 20_000;
const BATCH: usize = 50;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let full = SqliteOptions::default();
    accept("full", full.clone(), MESSAGES).await?;
    accept("off", full.clone().synchronous(Synchronous::Off), MESSAGES).await?;
    accept("full, fsync + 3 ms", full.fsync_delay(Duration::from_millis(3)), MESSAGES / 5).await?;
    queue("5,000 keys", |n| Some(key(&(n % 5000).to_string(), 3))).await?;
    queue("no keys", |_| None).await?;
    queue("one key for three quarters", |n| Some(key(&(if n % 4 == 0 { n } else { 0 }).to_string(), 3))).await
}

async fn open(options: SqliteOptions) -> Result<(tempfile::TempDir, SqliteStore)> {
    let folder = tempfile::tempdir_in(".")?;
    let store = SqliteStore::open(folder.path().join("store.db"), options).await?;
    Ok((folder, store))
}

async fn accept(what: &str, options: SqliteOptions, messages: usize) -> Result<()> {
    let (_folder, store) = open(options).await?;
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let store = store.clone();
        callers.spawn(async move {
            for n in 0..messages / CALLERS {
                store.accept(message(&format!("c{caller}-{n}"))).await?;
            }
            Ok::<_, carewire_sync_engine::Error>(())
        });
    }
    callers.join_all().await.into_iter().collect::<std::result::Result<Vec<()>, _>>()?;
    let rate = messages as f64 / begin.elapsed().as_secs_f64();
    let stats = store.stats();
    let shared = stats.operations as f64 / stats.commits as f64;
    println!(
        "accept, {CALLERS} callers, {what}: {rate:.0}/s, {} commits, {shared:.1} per commit",
        stats.commits
    );
    store.tally(&org()).await?;
    Ok(())
}

async fn queue(what: &str, key: impl Fn(usize) -> Option<BlindKey>) -> Result<()> {
    let (_folder, store) = open(SqliteOptions::default()).await?;
    let jobs: Vec<NewJob> = (0..JOBS).map(|n| job(key(n), &format!("m{n}"))).collect();
    let begin = Instant::now();
    for jobs in jobs.chunks(BATCH) {
        store.enqueue(jobs.to_vec()).await?;
    }
    let enqueued = JOBS as f64 / begin.elapsed().as_secs_f64();
    let (settled, took, first, last) = drain(&store).await?;
    let rate = settled as f64 / took.as_secs_f64();
    println!(
        "queue, {JOBS} jobs, batches of {BATCH}, {what}: enqueue {enqueued:.0}/s, claim and complete {rate:.0}/s \
         ({settled} jobs; the first claim {first:?}, the last {last:?})"
    );
    Ok(())
}

/// Claims and completes for at most ten seconds.
async fn drain(store: &SqliteStore) -> Result<(usize, Duration, Duration, Duration)> {
    let begin = Instant::now();
    let (mut settled, mut first, mut last) = (0, None, Duration::ZERO);
    while begin.elapsed() < Duration::from_secs(10) {
        let asked = Instant::now();
        let leases: Vec<_> = store.claim(&claim(BATCH)).await?.into_iter().map(|job| job.lease).collect();
        if leases.is_empty() {
            break;
        }
        last = asked.elapsed();
        first.get_or_insert(last);
        settled += store.complete(&leases, at(2)).await?.len();
    }
    Ok((settled, begin.elapsed(), first.unwrap_or_default(), last))
}
