//! The queue against the reference in memory: any sequence of operations has the same answers and leaves the same jobs.

use std::time::Duration;

use crate::samples::{at, job, org};
use carewire_sqlite::{SqliteOptions, SqliteStore, Synchronous};
use carewire_sync_engine::{
    AfterFailure, BlindKey, ClaimOptions, Failure, JobFilter, JobQueue, Lease, MemoryStore, NewJob,
    QueueAdmin,
};
use proptest::prelude::*;

/// One call. `usize`s choose among the leases that were given out so far, live or stale.
#[derive(Clone, Debug)]
enum Op {
    Enqueue(Vec<Option<u8>>),
    Claim,
    Complete(Vec<usize>),
    Fail { lease: usize, delay: i64, counts: bool },
    Bury(usize),
    Hold { lease: usize, key: u8 },
    Heartbeat(usize),
    Release(u8),
    Redrive,
    Clean,
    Pass(i64),
}

fn op() -> impl Strategy<Value = Op> {
    let key = prop_oneof![2 => Just(None), 5 => (0_u8..3).prop_map(Some)];
    let lease = 0_usize..1000;
    prop_oneof![
        4 => prop::collection::vec(key, 1..5).prop_map(Op::Enqueue),
        6 => Just(Op::Claim),
        4 => prop::collection::vec(lease.clone(), 1..4).prop_map(Op::Complete),
        3 => (lease.clone(), 0_i64..20, any::<bool>())
            .prop_map(|(lease, delay, counts)| Op::Fail { lease, delay, counts }),
        1 => lease.clone().prop_map(Op::Bury),
        2 => (lease.clone(), 0_u8..2).prop_map(|(lease, key)| Op::Hold { lease, key }),
        1 => lease.prop_map(Op::Heartbeat),
        2 => (0_u8..2).prop_map(Op::Release),
        1 => Just(Op::Redrive),
        1 => Just(Op::Clean),
        2 => (1_i64..40).prop_map(Op::Pass),
    ]
}

/// What both stores must agree on after each call.
#[derive(Debug, Default)]
struct World {
    now: i64,
    leases: Vec<Lease>,
    enqueued: usize,
}

impl World {
    fn lease(&self, choice: usize) -> Option<Lease> {
        let choice = choice.checked_rem(self.leases.len())?;
        Some(self.leases[choice].clone())
    }

    /// Runs the call on one store; the text holds everything that it answered.
    async fn run<S: JobQueue + QueueAdmin>(&self, store: &S, op: &Op) -> (String, Vec<Lease>) {
        let now = at(self.now);
        let answer = match op {
            Op::Enqueue(keys) => format!("{:?}", store.enqueue(self.jobs(keys)).await),
            Op::Claim => return self.claim(store).await,
            Op::Complete(choices) => {
                let leases: Vec<_> = choices.iter().filter_map(|choice| self.lease(*choice)).collect();
                format!("{:?}", store.complete(&leases, now).await)
            }
            Op::Fail { lease, delay, counts } => {
                let next = AfterFailure::Retry { at: at(self.now + delay), counts: *counts };
                self.fail(store, *lease, next).await
            }
            Op::Bury(lease) => self.fail(store, *lease, AfterFailure::Dead).await,
            Op::Hold { lease, key } => match self.lease(*lease) {
                Some(lease) => format!("{:?}", store.hold(&lease, &key.to_string(), "denied", now).await),
                None => String::new(),
            },
            Op::Heartbeat(lease) => {
                let leases: Vec<_> = self.lease(*lease).into_iter().collect();
                format!("{:?}", store.heartbeat(&leases, at(self.now + 30)).await)
            }
            Op::Release(key) => format!("{:?}", store.release(&org(), &key.to_string(), now).await),
            Op::Redrive => format!("{:?}", store.redrive(&org(), &JobFilter::default(), now).await),
            Op::Clean => format!("{:?}", store.clean(&org(), at(self.now - 20), at(self.now - 30)).await),
            Op::Pass(_) => String::new(),
        };
        (answer, Vec::new())
    }

    fn jobs(&self, keys: &[Option<u8>]) -> Vec<NewJob> {
        let new = |(n, key): (usize, &Option<u8>)| NewJob {
            run_at: at(self.now),
            ..job(key.map(|key| BlindKey([key; 32])), &format!("j{}", self.enqueued + n))
        };
        keys.iter().enumerate().map(new).collect()
    }

    async fn fail<S: JobQueue>(&self, store: &S, lease: usize, next: AfterFailure) -> String {
        let Some(lease) = self.lease(lease) else { return String::new() };
        let failure = Failure { code: "failed".into(), next };
        format!("{:?}", store.fail(&lease, &failure, at(self.now)).await)
    }

    /// Everything that is due, so that the order among keys does not matter.
    async fn claim<S: JobQueue>(&self, store: &S) -> (String, Vec<Lease>) {
        let options = ClaimOptions {
            queue: "sync".into(),
            limit: 1000,
            lease: Duration::from_secs(15),
            now: at(self.now),
        };
        let mut claimed = store.claim(&options).await.unwrap();
        claimed.sort_by_key(|job| job.lease.job);
        let leases = claimed.iter().map(|job| job.lease.clone()).collect();
        (format!("{claimed:?}"), leases)
    }
}

/// The jobs as an operator sees them. Their `run_at` may differ: a revived job keeps the earlier one here.
async fn view<S: JobQueue + QueueAdmin>(store: &S, now: i64) -> String {
    let jobs = store.list(&org(), &JobFilter::default(), 1000).await.unwrap();
    let jobs: Vec<_> = jobs
        .iter()
        .map(|job| (job.id, job.state, job.attempts, job.reason.clone(), job.settled_at, job.refs.clone()))
        .collect();
    let due = store.next_due("sync").await.unwrap().map(|due| due.max(at(now)));
    format!("{jobs:?} {:?} due {due:?}", store.stats(&org(), at(now)).await.unwrap())
}

async fn compare(ops: &[Op]) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::default().synchronous(Synchronous::Off).readers(1);
    let store = SqliteStore::open(folder.path().join("store.db"), options).await.unwrap();
    let reference = MemoryStore::new();
    let mut world = World::default();
    for op in ops {
        let (answer, leases) = world.run(&store, op).await;
        let (expected, _) = world.run(&reference, op).await;
        assert_eq!(answer, expected, "{op:?} answers something else");
        world.leases.extend(leases);
        match op {
            Op::Enqueue(keys) => world.enqueued += keys.len(),
            Op::Pass(seconds) => world.now += seconds,
            _ => {}
        }
        assert_eq!(view(&store, world.now).await, view(&reference, world.now).await, "after {op:?}");
    }
    store.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_behaves_as_the_reference(ops in prop::collection::vec(op(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(compare(&ops));
    }
}
