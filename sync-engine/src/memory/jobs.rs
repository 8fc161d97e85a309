//! The table of jobs with its indexes, and the rules of the queue.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Bound;

use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use crate::{
    AfterFailure, BlindKey, ClaimOptions, ClaimedJob, Failure, JobFilter, JobId, JobState, JobView, Lease,
    NewJob, QueueStats, Settled,
};

pub(super) const LEASE_EXPIRED: &str = "lease-expired";

#[derive(Default)]
pub(super) struct JobTable {
    last: i64,
    rows: BTreeMap<JobId, Job>,
    queues: HashMap<String, Index>,
    keys: HashMap<(OrgId, BlindKey), Index>,
    paused: HashSet<(OrgId, String)>,
}

/// The jobs of a queue or of an ordering key that are still to be done.
#[derive(Default)]
struct Index {
    waiting: BTreeSet<JobId>,
    active: BTreeSet<JobId>,
}

struct Job {
    new: NewJob,
    state: JobState,
    attempts: u32,
    epoch: u64,
    run_at: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    reason: Option<String>,
    hold_key: Option<String>,
    settled_at: Option<DateTime<Utc>>,
}

impl JobTable {
    pub(super) fn insert(&mut self, jobs: impl IntoIterator<Item = NewJob>) -> Vec<JobId> {
        jobs.into_iter().map(|job| self.insert_one(job)).collect()
    }

    fn insert_one(&mut self, new: NewJob) -> JobId {
        self.last += 1;
        let id = JobId(self.last);
        let job = Job::waiting(new);
        for index in self.indexes(&job) {
            index.waiting.insert(id);
        }
        self.rows.insert(id, job);
        id
    }

    pub(super) fn claim(&mut self, options: &ClaimOptions) -> Vec<ClaimedJob> {
        self.expire(&options.queue, options.now);
        let until = options.now + options.lease;
        let mut claimed = Vec::new();
        let mut cursor = Bound::Unbounded;
        while claimed.len() < options.limit {
            let Some(id) = self.next_waiting(&options.queue, cursor) else { break };
            cursor = Bound::Excluded(id);
            if !self.rows.get(&id).is_some_and(|job| job.run_at <= options.now && self.may_run(id, job)) {
                continue;
            }
            self.change(id, |job| job.lease(until));
            claimed.extend(self.rows.get(&id).map(|job| job.claimed(id)));
        }
        claimed
    }

    /// Takes expired leases away: each counts as an attempt.
    fn expire(&mut self, queue: &str, now: DateTime<Utc>) {
        let active = self.queues.get(queue).map(|index| index.active.clone()).unwrap_or_default();
        for id in active {
            let lost = |job: &Job| job.lease_until <= now && !self.is_paused(job);
            if self.rows.get(&id).is_some_and(lost) {
                self.change(id, |job| job.fail_counted(LEASE_EXPIRED, now, now));
            }
        }
    }

    pub(super) fn heartbeat(&mut self, lease: &Lease, until: DateTime<Utc>) -> bool {
        let held = self.holds(lease);
        if held {
            self.change(lease.job, |job| job.lease_until = until);
        }
        held
    }

    pub(super) fn complete(&mut self, lease: &Lease, now: DateTime<Utc>) -> Settled {
        self.settle(lease, |job| job.end(JobState::Completed, now))
    }

    pub(super) fn fail(&mut self, lease: &Lease, failure: &Failure, now: DateTime<Utc>) -> Settled {
        self.settle(lease, |job| match failure.next {
            AfterFailure::Retry { at, counts: true } => job.fail_counted(&failure.code, at, now),
            AfterFailure::Retry { at, counts: false } => {
                job.wait(at);
                job.reason = Some(failure.code.clone());
            }
            AfterFailure::Dead => {
                job.attempts += 1;
                job.reason = Some(failure.code.clone());
                job.end(JobState::Failed, now);
            }
        })
    }

    pub(super) fn hold(&mut self, lease: &Lease, key: &str, code: &str, now: DateTime<Utc>) -> Settled {
        self.settle(lease, |job| {
            job.reason = Some(code.to_owned());
            job.hold_key = Some(key.to_owned());
            job.end(JobState::Held, now);
        })
    }

    pub(super) fn next_due(&self, queue: &str) -> Option<DateTime<Utc>> {
        let index = self.queues.get(queue)?;
        let due = |id: &JobId| {
            let job = self.rows.get(id).filter(|job| self.may_run(*id, job))?;
            Some(job.run_at)
        };
        let expiry = |id: &JobId| self.rows.get(id).map(|job| job.lease_until);
        let waiting = index.waiting.iter().filter_map(due).min();
        let active = index.active.iter().filter_map(expiry).min();
        waiting.into_iter().chain(active).min()
    }

    pub(super) fn stats(&self, org: &OrgId, now: DateTime<Utc>) -> QueueStats {
        let mut stats = QueueStats::default();
        for job in self.rows.values().filter(|job| job.new.org == *org) {
            *match job.state {
                JobState::Waiting if self.is_paused(job) => &mut stats.paused,
                JobState::Waiting if job.run_at > now => &mut stats.delayed,
                JobState::Waiting => &mut stats.waiting,
                JobState::Active => &mut stats.active,
                JobState::Completed => &mut stats.completed,
                JobState::Failed => &mut stats.failed,
                JobState::Held => &mut stats.held,
            } += 1;
        }
        stats
    }

    pub(super) fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Vec<JobView> {
        self.matching(org, filter).take(limit).map(|(id, job)| job.view(id)).collect()
    }

    pub(super) fn redrive(&mut self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> u64 {
        let failed = self.matching(org, filter).filter(|(_, job)| job.state == JobState::Failed);
        let ids: Vec<_> = failed.map(|(id, _)| id).collect();
        self.revive(&ids, now, |job| job.attempts = 0)
    }

    pub(super) fn release(&mut self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> u64 {
        let filter = JobFilter { state: Some(JobState::Held), ..JobFilter::default() };
        let held = self.matching(org, &filter).filter(|(_, job)| job.hold_key.as_deref() == Some(hold_key));
        let ids: Vec<_> = held.map(|(id, _)| id).collect();
        self.revive(&ids, now, |job| job.hold_key = None)
    }

    fn revive(&mut self, ids: &[JobId], now: DateTime<Utc>, reset: impl Fn(&mut Job)) -> u64 {
        for &id in ids {
            self.change(id, |job| {
                reset(job);
                job.settled_at = None;
                job.wait(now);
            });
        }
        ids.len() as u64
    }

    pub(super) fn set_paused(&mut self, org: &OrgId, queue: &str, paused: bool) {
        let scope = (org.clone(), queue.to_owned());
        if paused {
            self.paused.insert(scope);
        } else {
            self.paused.remove(&scope);
        }
    }

    pub(super) fn clean(&mut self, org: &OrgId, completed: DateTime<Utc>, failed: DateTime<Utc>) -> u64 {
        let before = self.rows.len();
        self.rows.retain(|_, job| {
            let limit = match job.state {
                JobState::Completed => completed,
                JobState::Failed => failed,
                JobState::Waiting | JobState::Active | JobState::Held => return true,
            };
            job.new.org != *org || job.settled_at.is_none_or(|at| at >= limit)
        });
        (before - self.rows.len()) as u64
    }

    fn matching<'a>(
        &'a self,
        org: &'a OrgId,
        filter: &'a JobFilter,
    ) -> impl Iterator<Item = (JobId, &'a Job)> + 'a {
        let start = filter.after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.rows.range((start, Bound::Unbounded)).map(|(id, job)| (*id, job));
        rows.filter(move |(id, job)| job.new.org == *org && job.matches(*id, filter))
    }

    fn next_waiting(&self, queue: &str, after: Bound<JobId>) -> Option<JobId> {
        self.queues.get(queue)?.waiting.range((after, Bound::Unbounded)).next().copied()
    }

    /// Whether a waiting job could be claimed if it were due: its queue runs and its turn has come.
    fn may_run(&self, id: JobId, job: &Job) -> bool {
        let turn = job.ordering_key().is_none_or(|key| {
            let index = self.keys.get(&key);
            index.is_none_or(|index| index.active.is_empty() && index.waiting.first() == Some(&id))
        });
        turn && !self.is_paused(job)
    }

    fn is_paused(&self, job: &Job) -> bool {
        !self.paused.is_empty() && self.paused.contains(&(job.new.org.clone(), job.new.queue.clone()))
    }

    fn holds(&self, lease: &Lease) -> bool {
        self.rows.get(&lease.job).is_some_and(|job| {
            job.state == JobState::Active && job.epoch == lease.epoch && job.new.org == lease.org
        })
    }

    fn settle(&mut self, lease: &Lease, change: impl FnOnce(&mut Job)) -> Settled {
        if !self.holds(lease) {
            return Settled::Stale;
        }
        self.change(lease.job, change);
        self.rows.get(&lease.job).map_or(Settled::Stale, |job| Settled::Done(job.state))
    }

    /// Changes a job and keeps the indexes in step with its state.
    fn change(&mut self, id: JobId, change: impl FnOnce(&mut Job)) {
        let Some(mut job) = self.rows.remove(&id) else { return };
        let from = job.state;
        change(&mut job);
        if from != job.state {
            for index in self.indexes(&job) {
                index.shift(id, from, job.state);
            }
            self.forget_empty_key(&job);
        }
        self.rows.insert(id, job);
    }

    fn indexes(&mut self, job: &Job) -> impl Iterator<Item = &mut Index> {
        let queue = self.queues.entry(job.new.queue.clone()).or_default();
        let key = job.ordering_key().map(|key| self.keys.entry(key).or_default());
        std::iter::once(queue).chain(key)
    }

    fn forget_empty_key(&mut self, job: &Job) {
        let Some(key) = job.ordering_key() else { return };
        if self.keys.get(&key).is_some_and(|index| index.waiting.is_empty() && index.active.is_empty()) {
            self.keys.remove(&key);
        }
    }
}

impl Index {
    fn shift(&mut self, id: JobId, from: JobState, to: JobState) {
        if let Some(set) = self.of(from) {
            set.remove(&id);
        }
        if let Some(set) = self.of(to) {
            set.insert(id);
        }
    }

    fn of(&mut self, state: JobState) -> Option<&mut BTreeSet<JobId>> {
        match state {
            JobState::Waiting => Some(&mut self.waiting),
            JobState::Active => Some(&mut self.active),
            JobState::Completed | JobState::Failed | JobState::Held => None,
        }
    }
}

impl Job {
    fn waiting(new: NewJob) -> Self {
        Self {
            state: JobState::Waiting,
            attempts: 0,
            epoch: 0,
            run_at: new.run_at,
            lease_until: new.run_at,
            reason: None,
            hold_key: None,
            settled_at: None,
            new,
        }
    }

    fn ordering_key(&self) -> Option<(OrgId, BlindKey)> {
        self.new.ordering_key.map(|key| (self.new.org.clone(), key))
    }

    fn lease(&mut self, until: DateTime<Utc>) {
        self.state = JobState::Active;
        self.epoch += 1;
        self.lease_until = until;
    }

    fn wait(&mut self, until: DateTime<Utc>) {
        self.state = JobState::Waiting;
        self.run_at = until;
    }

    fn end(&mut self, state: JobState, now: DateTime<Utc>) {
        self.state = state;
        self.settled_at = Some(now);
    }

    fn fail_counted(&mut self, code: &str, retry_at: DateTime<Utc>, now: DateTime<Utc>) {
        self.attempts += 1;
        self.reason = Some(code.to_owned());
        if self.attempts < self.new.max_attempts {
            self.wait(retry_at);
        } else {
            self.end(JobState::Failed, now);
        }
    }

    fn matches(&self, id: JobId, filter: &JobFilter) -> bool {
        filter.queue.as_ref().is_none_or(|queue| *queue == self.new.queue)
            && filter.state.is_none_or(|state| state == self.state)
            && filter.id.is_none_or(|wanted| wanted == id)
            && filter.reason.as_ref().is_none_or(|reason| self.reason.as_ref() == Some(reason))
    }

    fn claimed(&self, id: JobId) -> ClaimedJob {
        ClaimedJob {
            lease: Lease { org: self.new.org.clone(), job: id, epoch: self.epoch, until: self.lease_until },
            queue: self.new.queue.clone(),
            kind: self.new.kind.clone(),
            refs: self.new.refs.clone(),
            attempt: self.attempts + 1,
            max_attempts: self.new.max_attempts,
            correlation: self.new.correlation.clone(),
            enqueued_at: self.new.run_at,
        }
    }

    fn view(&self, id: JobId) -> JobView {
        JobView {
            id,
            queue: self.new.queue.clone(),
            kind: self.new.kind.clone(),
            state: self.state,
            refs: self.new.refs.clone(),
            attempts: self.attempts,
            max_attempts: self.new.max_attempts,
            reason: self.reason.clone(),
            correlation: self.new.correlation.as_str().to_owned(),
            enqueued_at: self.new.run_at,
            run_at: self.run_at,
            settled_at: self.settled_at,
        }
    }
}
