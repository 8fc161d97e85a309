//! The table of jobs with its indexes, and the rules of the queue.

mod claim;
mod index;
mod row;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use carewire_fhir_core::OrgId;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Beat, Enqueued, Error, HowEnqueued, JobFilter, JobId, JobState, JobView, Lease, NewJob, Outcome,
    PauseScope, QueueStats, Result, Settled, Settlement, UniqueMode,
};
use claim::Ring;
use index::Indexes;
use row::Job;

const LEASE_EXPIRED: &str = "lease-expired";

#[derive(Default)]
pub(super) struct JobTable {
    last: i64,
    rows: BTreeMap<JobId, Job>,
    indexes: Indexes,
    paused: BTreeSet<PauseScope>,
    rings: HashMap<String, Ring>,
    taken_over: HashMap<(String, String), (JobId, DateTime<Utc>)>,
}

impl JobTable {
    /// All or none: what could be refused is checked first. Within the list a later job may replace an earlier one.
    pub(super) fn enqueue(&mut self, jobs: Vec<NewJob>) -> Result<Vec<Enqueued>> {
        self.check(&jobs)?;
        Ok(jobs.into_iter().map(|job| self.enqueue_one(job)).collect())
    }

    pub(super) fn take_over(&mut self, source: &str, jobs: Vec<(String, NewJob)>) -> Result<Vec<Enqueued>> {
        let key = |id: &str| (source.to_owned(), id.to_owned());
        let new = jobs.iter().filter(|(id, _)| !self.taken_over.contains_key(&key(id)));
        self.check(&new.map(|(_, job)| job.clone()).collect::<Vec<_>>())?;
        let newest = jobs.iter().map(|(_, job)| job.enqueued_at).max();
        let taken = jobs.into_iter().map(|(id, job)| {
            if let Some((known, _)) = self.taken_over.get(&key(&id)) {
                return Enqueued { id: *known, how: HowEnqueued::Skipped };
            }
            let at = job.enqueued_at;
            let enqueued = self.enqueue_one(job);
            self.taken_over.insert(key(&id), (enqueued.id, at));
            enqueued
        });
        let taken = taken.collect();
        if let Some(newest) = newest {
            self.taken_over.retain(|_, (_, at)| newest - *at <= TimeDelta::days(8));
        }
        Ok(taken)
    }

    fn check(&self, jobs: &[NewJob]) -> Result<()> {
        let mut in_list: HashMap<_, Job> = HashMap::new();
        for new in jobs {
            let job = Job::waiting(new.clone());
            let Some(key) = job.unique() else { continue };
            let stored = self.indexes.newest.get(&key).and_then(|id| self.rows.get(id));
            let Some(newest) = in_list.get(&key).or(stored) else {
                in_list.insert(key, job);
                continue;
            };
            match stands_for(newest, new) {
                Some(HowEnqueued::Replaced) if !newest.has_keys(&new.ordering_keys) => {
                    return Err(Error::Conflict { what: "the ordering keys of a replacement" });
                }
                Some(_) => {}
                None => drop(in_list.insert(key, job)),
            }
        }
        Ok(())
    }

    fn enqueue_one(&mut self, new: NewJob) -> Enqueued {
        if let Some((id, how)) = self.stands_for(&new) {
            if how == HowEnqueued::Replaced {
                self.change(id, |job| job.replace(new));
            }
            return Enqueued { id, how };
        }
        self.last += 1;
        let id = JobId(self.last);
        let job = Job::waiting(new);
        self.indexes.add(id, &job);
        if let Some(key) = job.unique() {
            self.indexes.newest.insert(key, id);
        }
        self.rows.insert(id, job);
        Enqueued::new(id)
    }

    /// The job that makes a new one needless.
    fn stands_for(&self, new: &NewJob) -> Option<(JobId, HowEnqueued)> {
        let unique = new.unique.as_ref()?;
        let key = (new.org.clone(), new.queue.clone(), unique.key.clone());
        let id = *self.indexes.newest.get(&key)?;
        Some((id, stands_for(self.rows.get(&id)?, new)?))
    }

    pub(super) fn heartbeat(&mut self, beat: &Beat, until: DateTime<Utc>) -> bool {
        let held = self.holds(&beat.lease);
        if held && let Some(job) = self.rows.get_mut(&beat.lease.job) {
            job.lease_until = until;
            if let Some(progress) = &beat.progress {
                job.progress = Some(progress.clone());
            }
        }
        held
    }

    pub(super) fn settle(&mut self, settlement: &Settlement, now: DateTime<Utc>) -> Settled {
        let Settlement { lease, outcome } = settlement;
        if !self.holds(lease) {
            return Settled::Stale;
        }
        self.change(lease.job, |job| match outcome {
            Outcome::Complete => job.end(JobState::Completed, now),
            Outcome::Fail(failure) => job.fail(failure, now),
            Outcome::Hold { key, code } => job.hold(key, code, now),
        });
        self.rows.get(&lease.job).map_or(Settled::Stale, |job| Settled::Done(job.state))
    }

    pub(super) fn stats(&self, org: &OrgId, queue: Option<&str>, now: DateTime<Utc>) -> QueueStats {
        let mut stats = QueueStats::default();
        let filter = JobFilter { queue: queue.map(str::to_owned), ..JobFilter::default() };
        for (_, job) in self.matching(org, &filter) {
            *match job.state {
                JobState::Waiting if self.is_paused(job) => &mut stats.paused,
                JobState::Waiting if job.run_at > now => &mut stats.delayed,
                JobState::Waiting => &mut stats.waiting,
                JobState::Active => &mut stats.active,
                JobState::Completed => &mut stats.completed,
                JobState::Failed => &mut stats.failed,
                JobState::Held => &mut stats.held,
                JobState::Cancelled => &mut stats.cancelled,
            } += 1;
        }
        stats
    }

    pub(super) fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Vec<JobView> {
        self.matching(org, filter).take(limit).map(|(id, job)| job.view(id)).collect()
    }

    pub(super) fn redrive(&mut self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> u64 {
        let state = filter.state.unwrap_or(JobState::Failed);
        if !matches!(state, JobState::Failed | JobState::Cancelled) {
            return 0;
        }
        self.change_all(
            org,
            filter,
            |job| job.state == state,
            |job| {
                job.attempts = 0;
                job.revive(now);
            },
        )
    }

    pub(super) fn release(&mut self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> u64 {
        let held = |job: &Job| job.hold_key.as_deref() == Some(hold_key);
        self.change_all(org, &JobFilter::state(JobState::Held), held, |job| job.revive(now))
    }

    pub(super) fn cancel(&mut self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> u64 {
        let failed_too = filter.id.is_some() || filter.state == Some(JobState::Failed);
        let open = |job: &Job| job.is_unsettled() || failed_too && job.state == JobState::Failed;
        self.change_all(org, filter, open, |job| job.cancel(now))
    }

    fn change_all(
        &mut self,
        org: &OrgId,
        filter: &JobFilter,
        which: impl Fn(&Job) -> bool,
        change: impl Fn(&mut Job),
    ) -> u64 {
        let ids: Vec<JobId> =
            self.matching(org, filter).filter(|(_, job)| which(job)).map(|(id, _)| id).collect();
        for &id in &ids {
            self.change(id, &change);
        }
        ids.len() as u64
    }

    pub(super) fn set_paused(&mut self, scope: &PauseScope, paused: bool) {
        if paused {
            self.paused.insert(scope.clone());
        } else {
            self.paused.remove(scope);
        }
    }

    pub(super) fn paused(&self, org: &OrgId) -> Vec<PauseScope> {
        let holds = |scope: &&PauseScope| scope.org.as_ref().is_none_or(|paused| paused == org);
        self.paused.iter().filter(holds).cloned().collect()
    }

    pub(super) fn clean(&mut self, org: &OrgId, completed: DateTime<Utc>, failed: DateTime<Utc>) -> u64 {
        let old = |job: &Job| {
            let limit = match job.state {
                JobState::Completed => completed,
                JobState::Failed | JobState::Cancelled => failed,
                JobState::Waiting | JobState::Active | JobState::Held => return false,
            };
            job.new.org == *org && job.settled_at.is_some_and(|at| at < limit)
        };
        let ids: Vec<JobId> = self.rows.iter().filter(|(_, job)| old(job)).map(|(id, _)| *id).collect();
        for id in &ids {
            if let Some(job) = self.rows.remove(id) {
                self.indexes.remove(*id, &job);
            }
        }
        ids.len() as u64
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

    /// When a waiting job is due; `None` while it is paused or others of its ordering keys come first.
    fn due(&self, id: JobId, job: &Job) -> Option<DateTime<Utc>> {
        if self.is_paused(job) { None } else { self.indexes.turn(id, job) }
    }

    fn is_paused(&self, job: &Job) -> bool {
        self.paused.iter().any(|scope| job.is_covered_by(scope))
    }

    fn holds(&self, lease: &Lease) -> bool {
        self.rows.get(&lease.job).is_some_and(|job| {
            job.state == JobState::Active && job.epoch == lease.epoch && job.new.org == lease.org
        })
    }

    /// Changes a job and keeps the indexes in step.
    fn change(&mut self, id: JobId, change: impl FnOnce(&mut Job)) {
        let Some(mut job) = self.rows.remove(&id) else { return };
        self.indexes.remove(id, &job);
        change(&mut job);
        self.indexes.add(id, &job);
        if !job.is_unsettled() {
            self.indexes.forget_unique(id, &job);
        }
        self.rows.insert(id, job);
    }
}

/// How the job that has the unique key makes a new one needless, if it does.
fn stands_for(newest: &Job, new: &NewJob) -> Option<HowEnqueued> {
    let mode = new.unique.as_ref()?.mode;
    let waits = matches!(newest.state, JobState::Waiting | JobState::Held);
    match mode {
        UniqueMode::Skip => Some(HowEnqueued::Skipped),
        _ if waits => Some(HowEnqueued::Replaced),
        UniqueMode::Replace => Some(HowEnqueued::Skipped),
        UniqueMode::ReplaceAfterRun | UniqueMode::Debounce { .. } => None,
    }
}
