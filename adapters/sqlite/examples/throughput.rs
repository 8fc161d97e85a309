//! How fast the store is on this machine and disk: `cargo run --release -p carewire-sqlite --example throughput`.
//!
//! Prints figures; decides nothing.
#![expect(clippy::print_stdout, reason = "a program for people")]

#[path = "../tests/store/samples.rs"]
mod samples;

use std::error::Error;
use std::time::{Duration, Instant};

use carewire_fhir_core::OrgId;
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
    handlers("full", SqliteOptions::default(), 200_000).await?;
    let slow = SqliteOptions::default().fsync_delay(Duration::from_millis(3));
    handlers("full, fsync + 3 ms", slow, 50_000).await?;
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

/// Ten handlers enqueue, claim and settle batches of 100 jobs of ten orgs, each with a thousand keys.
async fn handlers(what: &str, options: SqliteOptions, jobs: usize) -> Result<()> {
    const HANDLERS: usize = 10;
    const BATCH: usize = 100;
    let (_folder, store) = open(options).await?;
    let orgs: Vec<OrgId> =
        (0..10).map(|n| OrgId::new(&format!("org_{n}"))).collect::<std::result::Result<_, _>>()?;
    let (begin, cpu) = (Instant::now(), cpu_time());
    let mut running = JoinSet::new();
    for handler in 0..HANDLERS {
        let (store, orgs) = (store.clone(), orgs.clone());
        running.spawn(async move {
            let mut settled = 0;
            for round in 0..jobs / HANDLERS / BATCH {
                let of = |n: usize| {
                    let number = (handler * 7919 + round * BATCH + n) % 1000;
                    let org = orgs.get(number % 10).cloned().unwrap_or_else(org);
                    NewJob { org, ..job(Some(key(&number.to_string(), 3)), "m") }
                };
                store.enqueue((0..BATCH).map(of).collect()).await?;
                settled += work(&store, BATCH).await?;
            }
            loop {
                match work(&store, BATCH).await? {
                    0 => return Ok::<_, carewire_sync_engine::Error>(settled),
                    more => settled += more,
                }
            }
        });
    }
    let settled: Vec<usize> = running.join_all().await.into_iter().collect::<std::result::Result<_, _>>()?;
    let settled: usize = settled.iter().sum();
    let (took, used) = (begin.elapsed(), cpu_time() - cpu);
    let stats = store.stats();
    println!(
        "handlers, {settled} jobs, {HANDLERS} handlers, batches of {BATCH}, {what}: {:.0} jobs/s, {:.1} us of CPU for \
         each, {:.0} jobs for each commit",
        settled as f64 / took.as_secs_f64(),
        used.as_secs_f64() * 1e6 / settled as f64,
        settled as f64 / stats.commits as f64,
    );
    Ok(())
}

async fn work(store: &SqliteStore, batch: usize) -> carewire_sync_engine::Result<usize> {
    let leases: Vec<_> = store.claim(&claim(batch)).await?.into_iter().map(|job| job.lease).collect();
    Ok(store.complete(&leases, at(2)).await?.len())
}

/// What this process has used so far, in steps of 10 ms; nothing where the system does not tell.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
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
