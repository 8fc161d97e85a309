//! What both stores are told, and what they must agree on.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::num::NonZeroU32;
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{
    AfterFailure, Beat, BlindKey, ClaimOptions, Failure, JobFilter, JobId, JobQueue, JobState, Lane, Lease,
    LimitScope, NewJob, Outcome, PauseScope, Priority, Progress, QueueAdmin, RateLimit, RateLimits,
    Settlement, Unique,
};

use super::ops::{Draft, End, Filter, Mode, Op, Scope};
use crate::samples::at;

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) now: i64,
    pub(super) leases: Vec<Lease>,
    pub(super) enqueued: usize,
}

fn org(number: u8) -> OrgId {
    OrgId::new(&format!("org_{number}")).unwrap()
}

fn named(what: &str, number: Option<u8>) -> Option<String> {
    number.map(|number| format!("{what}{number}"))
}

fn queue(number: u8) -> String {
    format!("queue{number}")
}

fn shown<T: Debug>(answer: T) -> String {
    format!("{answer:?}")
}

impl World {
    /// Runs the call on one store; the text holds everything that it answered.
    pub(super) async fn run<S>(&self, store: &S, op: &Op) -> (String, Vec<Lease>)
    where
        S: JobQueue + QueueAdmin + RateLimits,
    {
        let now = at(self.now);
        let answer = match op {
            Op::Enqueue(jobs) => shown(store.enqueue(self.jobs(jobs)).await),
            Op::Claim { queue: name, limit } => return self.claim(store, *name, *limit).await,
            Op::Settle(ends) => shown(store.settle(&self.settlements(ends), now).await),
            Op::Heartbeat { lease, progress } => {
                let progress = progress.map(|done| Progress::of(done, 9).at(format!("at-{done}")));
                let beats: Vec<_> =
                    self.lease(*lease).map(|lease| Beat { lease, progress }).into_iter().collect();
                shown(store.heartbeat(&beats, at(self.now + 30)).await)
            }
            Op::Release { org: number, key } => {
                shown(store.release(&org(*number), &key.to_string(), now).await)
            }
            Op::Redrive { org: number, filter } => {
                shown(store.redrive(&org(*number), &filter.asked(), now).await)
            }
            Op::Cancel { org: number, filter } => {
                shown(store.cancel(&org(*number), &filter.asked(), now).await)
            }
            Op::Pause { scope, paused } => shown(store.set_paused(&scope.pause(), *paused).await),
            Op::Clean(number) => {
                shown(store.clean(&org(*number), at(self.now - 20), at(self.now - 30)).await)
            }
            Op::Pass(_) => String::new(),
            limits => self.limit(store, limits).await,
        };
        (answer, Vec::new())
    }

    async fn limit<S: RateLimits>(&self, store: &S, op: &Op) -> String {
        let now = at(self.now);
        match op {
            Op::Limit { scope, limit } => {
                let limit = limit.map(|(tokens, seconds, burst)| RateLimit {
                    tokens: NonZeroU32::new(tokens).unwrap(),
                    per: Duration::from_secs(seconds),
                    burst: NonZeroU32::new(burst).unwrap(),
                });
                shown(store.set_limit(&scope.limit(), limit, now).await)
            }
            Op::Close { scope, seconds } => {
                shown(store.close(&scope.limit(), at(self.now + seconds), now).await)
            }
            Op::Observe { scope, tokens } => shown(store.observe(&scope.limit(), *tokens, now).await),
            Op::Take { org: number, queue: name, remote, cost } => {
                let (org, queue, remote) = (org(*number), queue(*name), named("remote", *remote));
                let lane = Lane { org: &org, queue: &queue, remote: remote.as_deref() };
                shown(store.take(&lane, *cost, now).await)
            }
            other => panic!("{other:?}"),
        }
    }

    fn lease(&self, choice: usize) -> Option<Lease> {
        let choice = choice.checked_rem(self.leases.len())?;
        // Rather a late one, which is more often live.
        Some(self.leases[self.leases.len() - 1 - choice.min(choice % 12)].clone())
    }

    fn jobs(&self, drafts: &[Draft]) -> Vec<NewJob> {
        drafts.iter().enumerate().map(|(n, draft)| self.job(self.enqueued + n, draft)).collect()
    }

    fn job(&self, number: usize, draft: &Draft) -> NewJob {
        let name = format!("j{number}");
        let correlation = CorrelationId::new(&name).unwrap();
        let [window, most] = [10, 25].map(Duration::from_secs);
        let unique = |(key, mode): (u8, Mode)| match mode {
            Mode::Skip => Unique::skip(key.to_string()),
            Mode::Replace => Unique::replace(key.to_string()),
            Mode::ReplaceAfterRun => Unique::replace_after_run(key.to_string()),
            Mode::Debounce => Unique::debounce(key.to_string(), window, most),
        };
        NewJob {
            ordering_keys: draft.keys.iter().map(|key| BlindKey([*key; 32])).collect(),
            refs: BTreeMap::from([("message".into(), name)]),
            run_at: at(self.now + draft.delay),
            priority: Priority::new(draft.priority).unwrap(),
            max_attempts: draft.max_attempts,
            remote: named("remote", draft.remote),
            resource_type: named("Type", draft.resource_type),
            cost: draft.cost,
            park: draft.park.map(Duration::from_secs),
            unique: draft.unique.map(unique),
            ..NewJob::new(
                org(draft.org),
                queue(draft.queue),
                format!("kind{}", draft.kind),
                correlation,
                at(self.now),
            )
        }
    }

    fn settlements(&self, ends: &[(usize, End)]) -> Vec<Settlement> {
        let settlement = |(lease, end): &(usize, End)| {
            Some(Settlement { lease: self.lease(*lease)?, outcome: self.outcome(end) })
        };
        ends.iter().filter_map(settlement).collect()
    }

    fn outcome(&self, end: &End) -> Outcome {
        let failed = |next| Outcome::Fail(Failure { code: "failed".into(), next });
        match end {
            End::Complete => Outcome::Complete,
            End::Retry { delay, counts } => {
                failed(AfterFailure::Retry { at: at(self.now + delay), counts: *counts })
            }
            End::Bury => failed(AfterFailure::Dead),
            End::Hold(key) => Outcome::Hold { key: key.to_string(), code: "denied".into() },
        }
    }

    async fn claim<S: JobQueue>(&self, store: &S, name: u8, limit: usize) -> (String, Vec<Lease>) {
        let lease = Duration::from_secs(15);
        let options = ClaimOptions { queue: queue(name), limit, lease, now: at(self.now) };
        let claimed = store.claim(&options).await.unwrap();
        let leases = claimed.iter().map(|job| job.lease.clone()).collect();
        (shown(claimed), leases)
    }

    /// Everything that can be seen. An instant of work that has passed is as good as now.
    pub(super) async fn view<S>(&self, store: &S) -> String
    where
        S: JobQueue + QueueAdmin + RateLimits,
    {
        let now = at(self.now);
        let mut lines = vec![shown(store.limits(now).await.unwrap())];
        for name in [0, 1].map(queue) {
            let due = store.next_due(&name).await.unwrap().map(|due| due.max(now));
            lines.push(format!("{name} due {due:?}"));
        }
        for org in [0, 1, 2].map(org) {
            let jobs = store.list(&org, &JobFilter::default(), 1000).await.unwrap();
            lines.extend(jobs.iter().map(shown));
            lines.push(shown(store.stats(&org, None, now).await.unwrap()));
            lines.push(shown(store.stats(&org, Some("queue1"), now).await.unwrap()));
            lines.push(shown(store.paused(&org).await.unwrap()));
        }
        lines.join("\n")
    }
}

impl Filter {
    fn asked(&self) -> JobFilter {
        JobFilter {
            queue: named("queue", self.queue),
            kind: named("kind", self.kind),
            remote: named("remote", self.remote),
            state: self.state.map(|state| JobState::ALL[state]),
            id: self.id.map(JobId),
            after: self.after.map(JobId),
            ..JobFilter::default()
        }
    }
}

impl Scope {
    fn pause(&self) -> PauseScope {
        PauseScope {
            org: self.org.map(org),
            queue: named("queue", self.queue),
            kind: named("kind", self.kind),
            remote: named("remote", self.remote),
            resource_type: named("Type", self.resource_type),
        }
    }

    fn limit(&self) -> LimitScope {
        LimitScope {
            org: self.org.map(org),
            queue: named("queue", self.queue),
            remote: named("remote", self.remote),
        }
    }
}
