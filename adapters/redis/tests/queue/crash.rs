//! Workers whose server is killed and started again under them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_redis::RedisQueue;
use carewire_sync_engine::{
    BlindKey, ClaimOptions, JobId, JobQueue, JobQueueExt as _, JobState, NewJob, QueueAdmin, Settled,
};
use chrono::Utc;
use tokio::sync::watch;

use crate::server::Server;

const ROUNDS: usize = 12;
const WORKERS: usize = 6;
const LEASE: Duration = Duration::from_millis(100);

/// What the workers and the producer were told.
#[derive(Default)]
struct Told {
    enqueued: BTreeSet<JobId>,
    epochs: BTreeMap<JobId, Vec<u64>>,
    done: BTreeMap<JobId, u64>,
    stale: usize,
    wrong: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_no_stale_end_is_taken() {
    // With `everysec` Redis keeps what it writes back while a sync takes long, and answers nonetheless.
    let Some(server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]) else { return };
    kill_again_and_again(server).await;
}

async fn kill_again_and_again(mut server: Server) {
    let told = Arc::new(Mutex::new(Told::default()));
    let (running, stop) = watch::channel(true);
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(produce(server.queue().await, Arc::clone(&told), stop.clone()));
    for _ in 0..WORKERS {
        tasks.spawn(work(server.queue().await, Arc::clone(&told), stop.clone()));
    }
    for round in 0..ROUNDS {
        tokio::time::sleep(Duration::from_millis(150 + 83 * (round as u64 % 5))).await;
        server.kill();
        server.start_again();
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    running.send(false).unwrap();
    tasks.join_all().await;
    drain(&server.queue().await, &told).await;
    let told = std::mem::take(&mut *told.lock().unwrap());
    check(&server.queue().await, &told).await;
}

/// Sixty keys of two orgs, so that jobs wait for each other.
fn job(number: usize) -> NewJob {
    let org = OrgId::new(if number.is_multiple_of(2) { "org_a" } else { "org_b" }).unwrap();
    let correlation = CorrelationId::new(&format!("c-{number}")).unwrap();
    let key = BlindKey([(number % 60) as u8; 32]);
    NewJob {
        ordering_keys: vec![key],
        max_attempts: 1000,
        ..NewJob::new(org, "sync", "work", correlation, Utc::now())
    }
}

async fn produce(queue: RedisQueue, told: Arc<Mutex<Told>>, running: watch::Receiver<bool>) {
    let mut number = 0;
    while *running.borrow() {
        let jobs = (number..number + 3).map(job).collect();
        number += 3;
        if let Ok(enqueued) = queue.enqueue(jobs).await {
            let mut told = told.lock().unwrap();
            for job in enqueued {
                if !told.enqueued.insert(job.id) {
                    told.wrong.push(format!("{} was given twice", job.id));
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

async fn work(queue: RedisQueue, told: Arc<Mutex<Told>>, running: watch::Receiver<bool>) {
    while *running.borrow() {
        step(&queue, &told).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Claims some jobs and ends them, some of them after their lease.
async fn step(queue: &RedisQueue, told: &Mutex<Told>) -> usize {
    let options = ClaimOptions { queue: "sync".into(), limit: 5, lease: LEASE, now: Utc::now() };
    let Ok(claimed) = queue.claim(&options).await else { return 1 };
    let count = claimed.len();
    for job in &claimed {
        told.lock().unwrap().claimed(job.lease.job, job.lease.epoch);
    }
    // Who has lost a job ends it while the next one is still at it.
    if claimed.iter().any(|job| job.attempt > 1) {
        tokio::time::sleep(LEASE * 3 / 4).await;
    } else if claimed.first().is_some_and(|job| job.lease.epoch.is_multiple_of(11)) {
        tokio::time::sleep(LEASE * 3 / 2).await;
    }
    let leases: Vec<_> = claimed.into_iter().map(|job| job.lease).collect();
    let sent = told.lock().unwrap().epochs.clone();
    if let Ok(settled) = queue.complete(&leases, Utc::now()).await {
        let mut told = told.lock().unwrap();
        for (lease, settled) in leases.iter().zip(settled) {
            if settled == Settled::Done(JobState::Completed) {
                told.completed(lease.job, lease.epoch, &sent);
            } else {
                told.stale += 1;
            }
        }
    }
    count
}

impl Told {
    fn claimed(&mut self, job: JobId, epoch: u64) {
        let epochs = self.epochs.entry(job).or_default();
        if epochs.contains(&epoch) {
            self.wrong.push(format!("{job} has the epoch {epoch} twice"));
        }
        epochs.push(epoch);
        if self.done.contains_key(&job) {
            self.wrong.push(format!("{job} was given again after its end was acknowledged"));
        }
    }

    /// `sent` is what had been told when the call was made.
    fn completed(&mut self, job: JobId, epoch: u64, sent: &BTreeMap<JobId, Vec<u64>>) {
        if sent.get(&job).is_some_and(|epochs| epochs.iter().any(|other| *other > epoch)) {
            self.wrong.push(format!("{job} was ended by a stale lease"));
        }
        if self.done.insert(job, epoch).is_some() {
            self.wrong.push(format!("{job} was ended twice"));
        }
    }
}

async fn drain(queue: &RedisQueue, told: &Mutex<Told>) {
    let mut empty = 0;
    while empty < 5 {
        empty = if step(queue, told).await == 0 { empty + 1 } else { 0 };
        tokio::time::sleep(if empty > 0 { LEASE / 2 } else { Duration::ZERO }).await;
    }
}

async fn check(queue: &RedisQueue, told: &Told) {
    assert!(told.wrong.is_empty(), "{:?}", told.wrong);
    let mut states = BTreeMap::new();
    for org in ["org_a", "org_b"].map(|org| OrgId::new(org).unwrap()) {
        for job in queue.list(&org, &Default::default(), usize::MAX).await.unwrap() {
            states.insert(job.id, job.state);
        }
        let stats = queue.stats(&org, None, Utc::now()).await.unwrap();
        assert_eq!((stats.waiting, stats.active, stats.delayed), (0, 0, 0));
    }
    let claims: usize = told.epochs.values().map(Vec::len).sum();
    println!("{} jobs, {claims} claims, {} stale ends", told.enqueued.len(), told.stale);
    assert!(
        told.enqueued.len() > ROUNDS && told.stale > 0,
        "the server was up at times, and leases were lost"
    );
    for id in &told.enqueued {
        assert_eq!(states.get(id), Some(&JobState::Completed), "{id} was acknowledged");
    }
}
