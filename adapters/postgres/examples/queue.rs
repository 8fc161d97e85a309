//! How fast the queue is on a server: `cargo run --release -p carewire-postgres --example queue -- OWNER_URL APP_ROLE [JOBS]`.
//!
//! The URL is that of the owner of an empty database, where it makes the schema; the role, which must exist, is the service's.
//! Prints figures; decides nothing.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_postgres::{PostgresOptions, PostgresStore};
use carewire_sync_engine::{BlindKey, ClaimOptions, JobQueue, JobQueueExt as _, NewJob};
use chrono::Utc;
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const BATCH: usize = 100;
const WORKERS: usize = 2;
const ORGS: usize = 10;
const KEYS: usize = 1000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(owner), Some(role)) = (arguments.next(), arguments.next()) else {
        return Err("queue OWNER_URL APP_ROLE [JOBS]".into());
    };
    let jobs: usize = arguments.next().map_or(Ok(20_000), |jobs| jobs.parse())?;
    PostgresStore::migrate(&owner, Some(&role)).await?;
    let (scheme, rest) = owner.split_once("://").ok_or("a URL of the owner")?;
    let service = format!("{scheme}://{role}@{}", rest.split_once('@').map_or(rest, |(_, host)| host));
    let store = Arc::new(PostgresStore::connect(&service, PostgresOptions::default()).await?);
    for round in 1..=3 {
        fill(&store, jobs, round).await?;
        drain(&store, jobs).await?;
    }
    Ok(())
}

async fn fill(store: &PostgresStore, jobs: usize, round: usize) -> Result<()> {
    let begin = Instant::now();
    for first in (0..jobs).step_by(BATCH) {
        let batch = (first..jobs.min(first + BATCH)).map(|n| job(n, round));
        store.enqueue(batch.collect::<Result<_>>()?).await?;
    }
    println!("enqueued {:.0}/s", rate(jobs, begin));
    Ok(())
}

fn job(n: usize, round: usize) -> Result<NewJob> {
    let org = OrgId::new(&format!("org_{}", n % ORGS))?;
    let mut key = [0; 32];
    key[..8].copy_from_slice(&((n * 7919) % KEYS).to_be_bytes());
    let refs = [("message".to_owned(), format!("0196f0a0-1111-7000-8000-{n:012}"))].into();
    let job = NewJob::new(org, "sync", "push", CorrelationId::new(&format!("c-{round}-{n}"))?, Utc::now());
    Ok(NewJob { ordering_keys: vec![BlindKey(key)], refs, ..job })
}

async fn drain(store: &Arc<PostgresStore>, jobs: usize) -> Result<()> {
    let begin = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        let store = Arc::clone(store);
        workers.spawn(async move { work(&store).await });
    }
    let mut calls = 0;
    while let Some(worker) = workers.join_next().await {
        calls += worker??;
    }
    println!("claimed and completed {:.0}/s in {calls} claims", rate(jobs, begin));
    Ok(())
}

/// Until a claim finds nothing; answers how many claims it took.
async fn work(store: &PostgresStore) -> Result<usize> {
    for calls in 1.. {
        let lease = Duration::from_secs(30);
        let options = ClaimOptions { queue: "sync".to_owned(), limit: BATCH, lease, now: Utc::now() };
        let claimed = store.claim(&options).await?;
        if claimed.is_empty() {
            return Ok(calls);
        }
        let leases: Vec<_> = claimed.into_iter().map(|job| job.lease).collect();
        store.complete(&leases, Utc::now()).await?;
    }
    Ok(0)
}

fn rate(jobs: usize, begin: Instant) -> f64 {
    jobs as f64 / begin.elapsed().as_secs_f64()
}
