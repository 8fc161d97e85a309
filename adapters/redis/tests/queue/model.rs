//! The queue against the reference in memory: any sequence of calls has the same answers and leaves the same jobs.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{
    AfterFailure, Beat, BlindKey, ClaimOptions, Failure, JobFilter, JobId, JobQueue, JobState, Lease,
    LimitScope, MemoryStore, NewJob, Outcome, PauseScope, Priority, Progress, QueueAdmin, RateLimit,
    RateLimits, Settlement, Unique,
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::server::queue;

/// One call. A `usize` chooses among the leases that were given out so far, live or stale.
#[derive(Clone, Debug)]
enum Op {
    Enqueue(Vec<Sketch>),
    Claim(usize),
    Settle(Vec<(usize, End)>),
    Beat(usize, bool),
    Release(u8),
    Redrive(Option<u8>),
    Cancel(Choice),
    Pause(u8, bool),
    Limit(u8, Option<u32>),
    Close(u8, i64),
    Clean,
    Pass(i64),
}

/// What a job of the test is like.
#[derive(Clone, Debug)]
struct Sketch {
    org: u8,
    keys: Vec<u8>,
    priority: u8,
    delay: i64,
    remote: Option<u8>,
    cost: u32,
    park: bool,
    unique: Option<(u8, u8)>,
}

#[derive(Clone, Debug)]
enum End {
    Complete,
    Retry { delay: i64, counts: bool },
    Dead,
    Hold(u8),
}

#[derive(Clone, Debug)]
enum Choice {
    Job(usize),
    State(JobState),
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let keys = prop_oneof![
        3 => Just(vec![]),
        5 => (0..3_u8).prop_map(|key| vec![key]),
        2 => prop::collection::vec(0..3_u8, 2..4),
    ];
    // A replacement must have the keys of what it replaces, so jobs with a unique key have none.
    let unique = prop_oneof![3 => Just(None), 1 => (0..2_u8, 0..4_u8).prop_map(Some)];
    let delay = prop_oneof![3 => Just(0), 1 => 1..60_i64];
    let remote = prop::option::of(0..2_u8);
    (0..3_u8, keys, 1..=5_u8, delay, remote, 1..4_u32, any::<bool>(), unique).prop_map(
        |(org, keys, priority, delay, remote, cost, park, unique)| {
            let keys = if unique.is_some() { vec![] } else { keys };
            Sketch { org, keys, priority, delay, remote, cost, park, unique }
        },
    )
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        4 => Just(End::Complete),
        3 => (0..20_i64, any::<bool>()).prop_map(|(delay, counts)| End::Retry { delay, counts }),
        1 => Just(End::Dead),
        2 => (0..2_u8).prop_map(End::Hold),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let lease = 0..1000_usize;
    let choice = prop_oneof![
        lease.clone().prop_map(Choice::Job),
        prop::sample::select(JobState::ALL.to_vec()).prop_map(Choice::State),
    ];
    prop_oneof![
        6 => prop::collection::vec(sketch(), 1..6).prop_map(Op::Enqueue),
        8 => (0..7_usize).prop_map(Op::Claim),
        6 => prop::collection::vec((lease.clone(), end()), 1..5).prop_map(Op::Settle),
        1 => (lease, any::<bool>()).prop_map(|(lease, reports)| Op::Beat(lease, reports)),
        2 => (0..2_u8).prop_map(Op::Release),
        1 => prop::option::of(0..2_u8).prop_map(Op::Redrive),
        1 => choice.prop_map(Op::Cancel),
        2 => (0..5_u8, any::<bool>()).prop_map(|(scope, paused)| Op::Pause(scope, paused)),
        1 => (0..4_u8, prop::option::of(1..4_u32)).prop_map(|(scope, tokens)| Op::Limit(scope, tokens)),
        1 => (0..4_u8, -5..40_i64).prop_map(|(scope, seconds)| Op::Close(scope, seconds)),
        1 => Just(Op::Clean),
        4 => (1..40_i64).prop_map(Op::Pass),
    ]
}

/// What happened on one store.
struct World<'a, S> {
    store: &'a S,
    now: i64,
    leases: Vec<Lease>,
    ids: Vec<JobId>,
}

impl<'a, S: JobQueue + QueueAdmin + RateLimits> World<'a, S> {
    fn new(store: &'a S) -> Self {
        Self { store, now: 0, leases: Vec::new(), ids: Vec::new() }
    }

    fn now(&self) -> DateTime<Utc> {
        at(self.now)
    }

    fn org(&self, number: u8) -> OrgId {
        OrgId::new(&format!("org_{number}")).unwrap()
    }

    fn queue(&self) -> String {
        "sync".to_owned()
    }

    fn job(&self, sketch: &Sketch) -> NewJob {
        let correlation = CorrelationId::new("c").unwrap();
        let new = NewJob::new(self.org(sketch.org), self.queue(), "work", correlation, self.now());
        let window = Duration::from_secs(10);
        NewJob {
            ordering_keys: sketch.keys.iter().map(|key| BlindKey([*key; 32])).collect(),
            priority: Priority::new(sketch.priority).unwrap(),
            run_at: at(self.now + sketch.delay),
            remote: sketch.remote.map(remote),
            cost: sketch.cost,
            park: sketch.park.then_some(Duration::from_secs(30)),
            unique: sketch.unique.map(|(key, mode)| match mode {
                0 => Unique::skip(key.to_string()),
                1 => Unique::replace(key.to_string()),
                2 => Unique::replace_after_run(key.to_string()),
                _ => Unique::debounce(key.to_string(), window, window * 2),
            }),
            ..new
        }
    }

    fn ordinal(&self, id: JobId) -> usize {
        self.ids.iter().position(|known| *known == id).unwrap()
    }

    fn lease(&self, choice: usize) -> Option<&Lease> {
        self.leases.get(choice.checked_rem(self.leases.len())?)
    }

    /// Makes the call; the text holds everything that it answered.
    async fn take(&mut self, op: &Op) -> String {
        let now = self.now();
        match op {
            Op::Enqueue(sketches) => self.enqueue(sketches).await,
            Op::Claim(limit) => self.claim(*limit).await,
            Op::Settle(ends) => self.settle(ends).await,
            Op::Beat(choice, reports) => self.beat(*choice, *reports).await,
            Op::Pass(seconds) => {
                self.now += seconds;
                String::new()
            }
            Op::Pause(scope, paused) => {
                format!("{:?}", self.store.set_paused(&self.pause(*scope), *paused).await)
            }
            Op::Limit(scope, tokens) => {
                let limit = tokens.map(|tokens| RateLimit {
                    tokens: NonZeroU32::new(tokens).unwrap(),
                    per: Duration::from_secs(10),
                    burst: NonZeroU32::new(tokens + 1).unwrap(),
                });
                format!("{:?}", self.store.set_limit(&self.limit(*scope), limit, now).await)
            }
            Op::Close(scope, seconds) => {
                format!("{:?}", self.store.close(&self.limit(*scope), at(self.now + seconds), now).await)
            }
            Op::Release(_) | Op::Redrive(_) | Op::Cancel(_) | Op::Clean => self.operate(op).await,
        }
    }

    async fn operate(&self, op: &Op) -> String {
        let (now, mut answers) = (self.now(), String::new());
        for org in (0..3).map(|number| self.org(number)) {
            let answer = match op {
                Op::Release(key) => self.store.release(&org, &key.to_string(), now).await,
                Op::Redrive(None) => self.store.redrive(&org, &JobFilter::default(), now).await,
                Op::Redrive(Some(number)) => {
                    let state = if *number == 0 { JobState::Cancelled } else { JobState::Failed };
                    self.store.redrive(&org, &JobFilter::state(state), now).await
                }
                Op::Cancel(Choice::State(state)) => {
                    self.store.cancel(&org, &JobFilter::state(*state), now).await
                }
                Op::Cancel(Choice::Job(choice)) => {
                    let id = choice.checked_rem(self.ids.len()).map_or(JobId(0), |place| self.ids[place]);
                    self.store.cancel(&org, &JobFilter::one(id), now).await
                }
                _ => self.store.clean(&org, at(self.now - 60), at(self.now - 90)).await,
            };
            answers.push_str(&format!("{:?} ", answer.unwrap()));
        }
        answers
    }

    async fn enqueue(&mut self, sketches: &[Sketch]) -> String {
        let jobs = sketches.iter().map(|sketch| self.job(sketch)).collect();
        let enqueued = self.store.enqueue(jobs).await.unwrap();
        for answer in &enqueued {
            if !self.ids.contains(&answer.id) {
                self.ids.push(answer.id);
            }
        }
        let answers = enqueued.iter().map(|answer| (self.ordinal(answer.id), answer.how));
        format!("{:?}", answers.collect::<Vec<_>>())
    }

    async fn claim(&mut self, limit: usize) -> String {
        let lease = Duration::from_secs(30);
        let options = ClaimOptions { queue: self.queue(), limit, lease, now: self.now() };
        let claimed = self.store.claim(&options).await.unwrap();
        for job in &claimed {
            let earlier = self.leases.iter().filter(|lease| lease.job == job.lease.job);
            assert!(earlier.map(|lease| lease.epoch).max().is_none_or(|epoch| epoch < job.lease.epoch));
        }
        self.leases.extend(claimed.iter().map(|job| job.lease.clone()));
        let answers = claimed.iter().map(|job| {
            (
                self.ordinal(job.lease.job),
                job.lease.until,
                job.attempt,
                &job.remote,
                &job.checkpoint,
                &job.refs,
            )
        });
        format!("{:?}", answers.collect::<Vec<_>>())
    }

    async fn settle(&self, ends: &[(usize, End)]) -> String {
        let settlement = |(choice, end): &(usize, End)| {
            let fail = |next| Outcome::Fail(Failure { code: "broken".into(), next });
            let outcome = match end {
                End::Complete => Outcome::Complete,
                End::Retry { delay, counts } => {
                    fail(AfterFailure::Retry { at: at(self.now + delay), counts: *counts })
                }
                End::Dead => fail(AfterFailure::Dead),
                End::Hold(key) => Outcome::Hold { key: key.to_string(), code: "denied".into() },
            };
            Some(Settlement { lease: self.lease(*choice)?.clone(), outcome })
        };
        let settlements: Vec<_> = ends.iter().filter_map(settlement).collect();
        format!("{:?}", self.store.settle(&settlements, self.now()).await.unwrap())
    }

    async fn beat(&self, choice: usize, reports: bool) -> String {
        let Some(lease) = self.lease(choice) else { return String::new() };
        let progress = reports.then(|| Progress::of(choice as u64, 1000).at("here"));
        let beat = Beat { lease: lease.clone(), progress };
        format!("{:?}", self.store.heartbeat(&[beat], at(self.now + 30)).await.unwrap())
    }

    fn pause(&self, number: u8) -> PauseScope {
        let queue = Some(self.queue());
        match number {
            0 => PauseScope { queue, ..PauseScope::default() },
            1 => PauseScope { org: Some(self.org(0)), ..PauseScope::default() },
            2 => PauseScope { queue, remote: Some(remote(0)), ..PauseScope::default() },
            3 => PauseScope { org: Some(self.org(1)), remote: Some(remote(1)), ..PauseScope::default() },
            _ => PauseScope {
                queue,
                org: Some(self.org(2)),
                kind: Some("work".into()),
                ..PauseScope::default()
            },
        }
    }

    fn limit(&self, number: u8) -> LimitScope {
        let queue = Some(self.queue());
        match number {
            0 => LimitScope { queue, ..LimitScope::default() },
            1 => LimitScope { queue, remote: Some(remote(0)), ..LimitScope::default() },
            2 => LimitScope { org: Some(self.org(0)), ..LimitScope::default() },
            _ => LimitScope { org: Some(self.org(1)), remote: Some(remote(1)), ..LimitScope::default() },
        }
    }

    /// When a worker should look again; whatever has come is as good as now.
    async fn due(&self) -> Option<DateTime<Utc>> {
        self.store.next_due(&self.queue()).await.unwrap().map(|due| due.max(self.now()))
    }

    /// Everything that an operator sees.
    async fn seen(&self) -> String {
        let mut seen = String::new();
        for org in (0..3).map(|number| self.org(number)) {
            let stats = self.store.stats(&org, None, self.now()).await.unwrap();
            seen.push_str(&format!("{stats:?} {:?}\n", self.store.paused(&org).await.unwrap()));
            for job in self.store.list(&org, &JobFilter::default(), 1000).await.unwrap() {
                let job = carewire_sync_engine::JobView { id: JobId(self.ordinal(job.id) as i64), ..job };
                seen.push_str(&format!("{job:?}\n"));
            }
        }
        seen
    }
}

fn remote(number: u8) -> String {
    format!("remote-{number}")
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

async fn both_agree(ops: &[Op]) {
    static CASES: AtomicU32 = AtomicU32::new(0);
    let case = CASES.fetch_add(1, Ordering::Relaxed);
    let Some(redis) = queue(&format!("model-{case}")).await else { return };
    let memory = MemoryStore::new();
    let (mut one, mut other) = (World::new(&memory), World::new(&redis));
    for (step, op) in ops.iter().enumerate() {
        let (expected, answered) = (one.take(op).await, other.take(op).await);
        assert_eq!(expected, answered, "the answer of step {step}, {op:?}");
        let (due, told) = (one.due().await, other.due().await);
        assert_eq!(due, told, "when to look again after step {step}, {op:?}");
        let (expected, seen) = (one.seen().await, other.seen().await);
        for (expected, seen) in expected.lines().zip(seen.lines()) {
            assert_eq!(expected, seen, "what is seen after step {step}, {op:?}");
        }
        assert_eq!(expected.lines().count(), seen.lines().count(), "jobs after step {step}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn it_does_what_the_reference_does(ops in prop::collection::vec(op(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(both_agree(&ops));
    }
}
