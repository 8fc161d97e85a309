//! Jobs a second and CPU for each job, with leases, epochs, ordering keys and fairness on.
//!
//! `cargo run --profile dist -p carewire-redis --example redis_throughput -- redis://127.0.0.1:6379 [JOBS] [BACKLOG]`: enqueues the
//! jobs in batches of 100 (10 orgs, 1,000 ordering keys), then claims and completes them in batches of 100 by 10 handlers.
//! With a backlog, so many jobs that are done, delayed, due at once and behind one key lie there before.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "an example that reports"
)]

use std::time::{Duration, Instant};

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_redis::{RedisOptions, RedisQueue};
use carewire_sync_engine::{BlindKey, ClaimOptions, JobQueue, JobQueueExt as _, NewJob};
use chrono::{DateTime, TimeDelta, Utc};

const BATCH: usize = 100;
const HANDLERS: usize = 10;
const LEASE: Duration = Duration::from_secs(30);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap_or_else(|| "redis://127.0.0.1:6379".into());
    let jobs: usize = arguments.next().map_or(20_000, |number| number.parse().unwrap());
    let backlog: usize = arguments.next().map_or(0, |number| number.parse().unwrap());
    let prefix = format!("throughput-{}", std::process::id());
    let queue = RedisQueue::connect(&url, RedisOptions::default().prefix(prefix)).await.unwrap();
    println!("{:?}, {jobs} jobs", queue.durability());

    pile_up(&queue, backlog).await;
    let meter = Meter::start(&url).await;
    for batch in (0..jobs).collect::<Vec<_>>().chunks(BATCH) {
        queue.enqueue(batch.iter().map(|number| job("work", *number)).collect()).await.unwrap();
    }
    meter.stop("enqueue", jobs).await;
    let meter = Meter::start(&url).await;
    let mut handlers = tokio::task::JoinSet::new();
    for _ in 0..HANDLERS {
        handlers.spawn(work(queue.clone()));
    }
    let done: usize = handlers.join_all().await.into_iter().sum();
    meter.stop("claim and complete", done).await;
    assert!(done == jobs, "some jobs were not done");
    one_by_one(&queue).await;
}

fn job(queue: &str, number: usize) -> NewJob {
    let org = OrgId::new(&format!("org_{}", number % 10)).unwrap();
    let mut key = [0; 32];
    key[..8].copy_from_slice(&(number % 1000).to_le_bytes());
    let mut job =
        NewJob::new(org, queue, "message", CorrelationId::new(&format!("c-{number}")).unwrap(), now());
    job.ordering_keys = vec![BlindKey(key)];
    job.refs = [("message".to_owned(), format!("0199-{number:032}"))].into();
    job
}

fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Claims and completes until nothing is left. A key gives one job at a time, so an empty claim may be a short one.
async fn work(queue: RedisQueue) -> usize {
    let (mut done, mut empty) = (0, 0);
    while empty < 20 {
        let options = ClaimOptions { queue: "work".into(), limit: BATCH, lease: LEASE, now: now() };
        let claimed = queue.claim(&options).await.unwrap();
        if claimed.is_empty() {
            empty += 1;
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        empty = 0;
        done += claimed.len();
        let leases: Vec<_> = claimed.into_iter().map(|job| job.lease).collect();
        queue.complete(&leases, now()).await.unwrap();
    }
    done
}

/// What lies there already: done, delayed, due at once, and behind one key.
async fn pile_up(queue: &RedisQueue, backlog: usize) {
    let batches = backlog.div_ceil(1000);
    for batch in 0..batches {
        let numbers = batch * 1000..(batch + 1) * 1000;
        let delayed = numbers.clone().map(|number| {
            let run_at = now() + TimeDelta::days(1);
            NewJob { run_at, ..job("work", number + 1_000_000) }
        });
        let keyless = |mut job: NewJob| {
            job.ordering_keys.clear();
            job
        };
        queue.enqueue(delayed.map(keyless).collect()).await.unwrap();
        let blocked = numbers.clone().map(|number| {
            let mut job = job("hot", number);
            job.org = OrgId::new("org_0").unwrap();
            job.ordering_keys = vec![BlindKey([9; 32])];
            job
        });
        queue.enqueue(blocked.collect()).await.unwrap();
        queue.enqueue(numbers.map(|number| keyless(job("done", number))).collect()).await.unwrap();
        let options = ClaimOptions { queue: "done".into(), limit: 1000, lease: LEASE, now: now() };
        let leases: Vec<_> = queue.claim(&options).await.unwrap().into_iter().map(|job| job.lease).collect();
        queue.complete(&leases, now()).await.unwrap();
    }
    if batches > 0 {
        println!("backlog: {} done, delayed and behind one key each", batches * 1000);
    }
}

/// How long a job waits that comes alone.
async fn one_by_one(queue: &RedisQueue) {
    let mut waits = Vec::new();
    for number in 0..1000 {
        let started = Instant::now();
        queue.enqueue(vec![job("work", number)]).await.unwrap();
        let options = ClaimOptions { queue: "work".into(), limit: BATCH, lease: LEASE, now: now() };
        let claimed = queue.claim(&options).await.unwrap();
        waits.push(started.elapsed());
        let leases: Vec<_> = claimed.into_iter().map(|job| job.lease).collect();
        queue.complete(&leases, now()).await.unwrap();
    }
    waits.sort_unstable();
    println!("one by one, enqueue to claim: p50 {:?}, p99 {:?}", waits[500], waits[990]);
}

/// CPU and time of a stretch of work.
struct Meter {
    client: redis::aio::MultiplexedConnection,
    started: Instant,
    ours: Duration,
    servers: Duration,
}

impl Meter {
    async fn start(url: &str) -> Self {
        let mut client = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
        let servers = server_cpu(&mut client).await;
        Self { client, started: Instant::now(), ours: own_cpu(), servers }
    }

    async fn stop(mut self, what: &str, jobs: usize) {
        let took = self.started.elapsed();
        let each = |cpu: Duration| cpu.as_secs_f64() * 1e6 / jobs as f64;
        let (ours, servers) = (own_cpu() - self.ours, server_cpu(&mut self.client).await - self.servers);
        println!(
            "{what}: {:.0} jobs/s, CPU for each {:.1} us client + {:.1} us server",
            jobs as f64 / took.as_secs_f64(),
            each(ours),
            each(servers),
        );
    }
}

/// The user and system time of this process, in hundredths of a second.
fn own_cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().map(|field| fields[*field].parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

async fn server_cpu(client: &mut redis::aio::MultiplexedConnection) -> Duration {
    let info: redis::InfoDict = redis::cmd("INFO").arg("cpu").query_async(client).await.unwrap();
    ["used_cpu_user", "used_cpu_sys"]
        .iter()
        .map(|name| Duration::from_secs_f64(info.get(name).unwrap()))
        .sum()
}
