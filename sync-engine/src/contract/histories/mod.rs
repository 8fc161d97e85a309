//! Random histories: whatever producers, workers and operators do, in whatever order, with workers that die and clocks that
//! jump, a queue does what a plain model of its rules says, and everything can be finished in the end.
//!
//! A history is made from its seed alone. After each step the store's jobs are compared with the model's, field by field; what
//! a store is free to choose (which org goes first) is taken over from it when it was allowed.

mod model;
mod random;
mod rules;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::scope::{Scope, at};
use crate::{
    AfterFailure, Beat, BlindKey, ClaimOptions, Failure, JobFilter, JobId, JobQueue, JobState, Lease,
    LimitScope, NewJob, Outcome, PauseScope, Priority, Progress, QueueAdmin, RateLimits, Settlement, Unique,
};
use model::Model;
use random::Random;

/// Runs one history of so many steps.
pub async fn run<S>(store: &Arc<S>, seed: u64, steps: usize)
where
    S: JobQueue + QueueAdmin + RateLimits + ?Sized,
{
    let mut history = History::new(store, seed);
    for step in 0..steps {
        history.step().await;
        history.compare(step).await;
    }
    history.finish().await;
}

struct History<'s, S: ?Sized> {
    store: &'s Arc<S>,
    random: Random,
    seed: u64,
    /// Two orgs with two queues in common.
    scopes: Vec<Scope>,
    model: Model,
    now: DateTime<Utc>,
    /// Every lease that was ever given: most are stale after a while.
    given: Vec<Lease>,
    did: String,
}

impl<'s, S: JobQueue + QueueAdmin + RateLimits + ?Sized> History<'s, S> {
    fn new(store: &'s Arc<S>, seed: u64) -> Self {
        let first = Scope::new();
        let second = first.neighbour();
        let queue = first.second_queue().queue;
        let elsewhere = [&first, &second].map(|scope| Scope { org: scope.org.clone(), queue: queue.clone() });
        let [third, fourth] = elsewhere;
        Self {
            store,
            random: Random::new(seed),
            seed,
            scopes: vec![first, second, third, fourth],
            model: Model::default(),
            now: at(0),
            given: Vec::new(),
            did: String::new(),
        }
    }

    async fn step(&mut self) {
        match self.random.below(100) {
            0..28 => self.enqueue().await,
            28..48 => self.claim(false).await,
            48..70 => self.settle().await,
            70..75 => self.heartbeat().await,
            75..83 => self.wait(),
            83..86 => self.redrive().await,
            86..89 => self.release().await,
            89..92 => self.cancel().await,
            92..96 => self.pause().await,
            _ => self.close().await,
        }
    }

    fn scope(&mut self) -> &Scope {
        let place = self.random.below(self.scopes.len());
        &self.scopes[place]
    }

    /// Of one to four jobs.
    async fn enqueue(&mut self) {
        let jobs: Vec<NewJob> = (0..=self.random.below(4)).map(|_| self.job()).collect();
        self.did = format!("enqueue {jobs:?}");
        let answer = self.store.enqueue(jobs.clone()).await;
        self.model.enqueue(&jobs, answer, &self.did);
    }

    fn job(&mut self) -> NewJob {
        let base = self.scope().job();
        let random = &mut self.random;
        let keys = [0, 0, 1, 1, 1, 2, 3][random.below(7)];
        let ordering_keys: Vec<_> = (0..keys).map(|_| BlindKey([random.below(4) as u8; 32])).collect();
        let delay = [0, 0, 0, 0, 5, 40][random.below(6)];
        let [window, most] = [4, 9].map(Duration::from_secs);
        // A unique key and its ordering keys belong together.
        let about = format!("{keys}:{ordering_keys:?}");
        let unique = match random.below(12) {
            0 => Some(Unique::skip(about)),
            1 => Some(Unique::replace(about)),
            2 => Some(Unique::replace_after_run(about)),
            3 => Some(Unique::debounce(about, window, most)),
            4 => Some(Unique::replace(if random.one_in(4) { "shared" } else { "rare" })),
            _ => None,
        };
        NewJob {
            ordering_keys,
            unique,
            kind: ["push", "pull"][random.below(2)].into(),
            remote: [None, Some("up".into()), Some("down".into())][random.below(3)].clone(),
            resource_type: [None, Some("Patient".into())][random.below(2)].clone(),
            priority: Priority::new(1 + random.below(5) as u8).unwrap(),
            max_attempts: 1 + random.below(3) as u32,
            park: random.one_in(4).then_some(Duration::from_secs(50)),
            enqueued_at: self.now,
            run_at: self.now + TimeDelta::seconds(delay),
            ..base
        }
    }

    async fn claim(&mut self, all: bool) {
        let limit = if all { 500 } else { 1 + self.random.below(6) };
        let queue = self.scope().queue.clone();
        let lease = Duration::from_secs(30);
        self.did = format!("seed {}: claim {limit} of {queue} at {}", self.seed, self.now);
        let options = ClaimOptions { queue, limit, lease, now: self.now };
        let claimed = self.store.claim(&options).await.unwrap();
        self.model.claim(&options, &claimed, &self.did);
        self.given.extend(claimed.into_iter().map(|job| job.lease));
    }

    /// Any leases that were ever given; a worker that dies settles nothing.
    async fn settle(&mut self) {
        let settlements: Vec<Settlement> =
            (0..=self.random.below(3)).filter_map(|_| self.settlement()).collect();
        self.did = format!("settle {settlements:?}");
        let settled = self.store.settle(&settlements, self.now).await.unwrap();
        self.model.settle(&settlements, &settled, self.now, &self.did);
    }

    fn lease(&mut self) -> Option<Lease> {
        let recent = self.given.len().min(if self.random.one_in(5) { 60 } else { 6 });
        let back = self.random.below(recent.max(1));
        self.given.iter().rev().nth(back).cloned()
    }

    fn settlement(&mut self) -> Option<Settlement> {
        let lease = self.lease()?;
        let at = self.now + TimeDelta::seconds([0, 3, 20][self.random.below(3)]);
        let failed = |code: &str, next| Outcome::Fail(Failure { code: code.into(), next });
        let outcome = match self.random.below(10) {
            0..5 => Outcome::Complete,
            5..7 => failed("remote-unavailable", AfterFailure::Retry { at, counts: true }),
            7 => failed("breaker-open", AfterFailure::Retry { at, counts: false }),
            8 => failed("invalid", AfterFailure::Dead),
            _ => {
                Outcome::Hold { key: format!("hold-{}", self.random.below(2)), code: "consent-denied".into() }
            }
        };
        Some(Settlement { lease, outcome })
    }

    async fn heartbeat(&mut self) {
        let until = self.now + TimeDelta::seconds(30);
        let progress = self.random.one_in(2).then(|| Progress::of(self.random.below(9) as u64, 9).at("page"));
        let beats: Vec<Beat> =
            self.lease().into_iter().map(|lease| Beat { lease, progress: progress.clone() }).collect();
        self.did = format!("heartbeat {beats:?}");
        let kept = self.store.heartbeat(&beats, until).await.unwrap();
        self.model.heartbeat(&beats, &kept, until, &self.did);
    }

    /// Clocks also go back a little. Whether a closure that is over is over for ever is for the store to choose.
    fn wait(&mut self) {
        let back = if self.model.was_closed() { 1 } else { -3 };
        let seconds = [back, 1, 2, 5, 10, 31, 70][self.random.below(7)];
        self.did = format!("wait {seconds}");
        self.now += TimeDelta::seconds(seconds);
    }

    fn filter(&mut self) -> JobFilter {
        let ids: Vec<JobId> = self.model.jobs.keys().copied().collect();
        let id = ids.get(self.random.below(ids.len().max(1))).copied();
        match self.random.below(4) {
            0 => JobFilter { kind: Some("push".into()), ..JobFilter::default() },
            1 => JobFilter { remote: Some("down".into()), ..JobFilter::default() },
            _ => JobFilter { id, ..JobFilter::default() },
        }
    }

    async fn redrive(&mut self) {
        let state = self.random.one_in(3).then_some(JobState::Cancelled);
        let filter = JobFilter { state, ..self.filter() };
        let org = self.scope().org.clone();
        self.did = format!("redrive {filter:?} of {org}");
        let count = self.store.redrive(&org, &filter, self.now).await.unwrap();
        assert_eq!(count, self.model.redrive(&org, &filter, self.now), "{}", self.did);
    }

    async fn release(&mut self) {
        let (org, key) = (self.scope().org.clone(), format!("hold-{}", self.random.below(2)));
        self.did = format!("release {key} of {org}");
        let count = self.store.release(&org, &key, self.now).await.unwrap();
        assert_eq!(count, self.model.release(&org, &key, self.now), "{}", self.did);
    }

    async fn cancel(&mut self) {
        let filter = JobFilter { ..self.filter() };
        if filter.id.is_none() && !self.random.one_in(4) {
            return;
        }
        let org = self.scope().org.clone();
        self.did = format!("cancel {filter:?} of {org}");
        let count = self.store.cancel(&org, &filter, self.now).await.unwrap();
        assert_eq!(count, self.model.cancel(&org, &filter, self.now), "{}", self.did);
    }

    async fn pause(&mut self) {
        let Scope { org, queue } = self.scope();
        let queue = PauseScope::queue(org, queue.as_str());
        let scope = match self.random.below(5) {
            0 => queue,
            1 => PauseScope { kind: Some("push".into()), ..queue },
            2 => PauseScope { remote: Some("down".into()), queue: None, ..queue },
            3 => PauseScope { resource_type: Some("Patient".into()), ..queue },
            _ => PauseScope { queue: None, ..queue },
        };
        let paused = self.random.one_in(3);
        self.did = format!("pause {scope:?} {paused}");
        self.store.set_paused(&scope, paused).await.unwrap();
        self.model.set_paused(&scope, paused);
    }

    async fn close(&mut self) {
        let Scope { org, queue } = self.scope();
        let scope =
            LimitScope { org: Some(org.clone()), queue: Some(queue.clone()), remote: Some("down".into()) };
        let until = self.now + TimeDelta::seconds([-1, 8, 20][self.random.below(3)]);
        self.did = format!("close {scope:?} until {until}");
        self.store.close(&scope, until, self.now).await.unwrap();
        self.model.close(&scope, until, self.now);
    }

    async fn compare(&self, step: usize) {
        let what = format!("seed {}, step {step}: {}", self.seed, self.did);
        for scope in &self.scopes[..2] {
            let listed = self.store.list(&scope.org, &JobFilter::default(), usize::MAX).await.unwrap();
            self.model.compare(&scope.org, &listed, self.now, &what);
            let stats = self.store.stats(&scope.org, None, self.now).await.unwrap();
            assert_eq!(stats, self.model.stats(&scope.org, self.now), "{what}");
        }
    }

    /// Everything is set free and worked off, in the order of the keys: nothing was lost, and nothing is stuck.
    async fn finish(&mut self) {
        self.did = "finish".into();
        for pause in self.model.paused() {
            self.store.set_paused(&pause, false).await.unwrap();
            self.model.set_paused(&pause, false);
        }
        self.now += TimeDelta::seconds(3600);
        for round in 0.. {
            self.free().await;
            for queue in [0, 2] {
                let options = ClaimOptions {
                    queue: self.scopes[queue].queue.clone(),
                    limit: 500,
                    lease: Duration::from_secs(30),
                    now: self.now,
                };
                let claimed = self.store.claim(&options).await.unwrap();
                self.model.claim(&options, &claimed, &self.did);
                let done = |job: &crate::ClaimedJob| Settlement {
                    lease: job.lease.clone(),
                    outcome: Outcome::Complete,
                };
                let settlements: Vec<_> = claimed.iter().map(done).collect();
                let settled = self.store.settle(&settlements, self.now).await.unwrap();
                self.model.settle(&settlements, &settled, self.now, &self.did);
            }
            self.compare(usize::MAX).await;
            if self.model.is_finished() {
                return;
            }
            assert!(round < 500, "seed {}: something is stuck", self.seed);
        }
    }

    async fn free(&mut self) {
        for scope in &self.scopes[..2] {
            for key in ["hold-0", "hold-1"] {
                self.store.release(&scope.org, key, self.now).await.unwrap();
                self.model.release(&scope.org, key, self.now);
            }
            self.store.redrive(&scope.org, &JobFilter::default(), self.now).await.unwrap();
            self.model.redrive(&scope.org, &JobFilter::default(), self.now);
        }
    }
}
