//! The queue as its rules say it, over all jobs at each question.

use std::collections::{BTreeMap, BTreeSet};

use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::rules::Known;
use crate::{
    Beat, ClaimOptions, ClaimedJob, Enqueued, Error, HowEnqueued, JobFilter, JobId, JobState, JobView, Lease,
    LimitScope, NewJob, PauseScope, QueueStats, Result, Settled, Settlement, UniqueMode,
};

#[derive(Default)]
pub(super) struct Model {
    pub(super) jobs: BTreeMap<JobId, Known>,
    paused: BTreeSet<PauseScope>,
    closed: BTreeMap<LimitScope, DateTime<Utc>>,
}

impl Model {
    pub(super) fn enqueue(&mut self, jobs: &[NewJob], answer: Result<Vec<Enqueued>>, what: &str) {
        let mut after = self.jobs.clone();
        let Ok(answers) = answer else {
            let refused = matches!(answer, Err(Error::Conflict { .. }));
            let mut next = i64::MAX / 2;
            let conflict = jobs.iter().any(|job| {
                next += 1;
                enqueue_one(&mut after, job, JobId(next)).is_none()
            });
            assert!(refused && conflict, "{what}: {answer:?}");
            return;
        };
        assert_eq!(answers.len(), jobs.len(), "{what}");
        let newest = self.jobs.keys().next_back().copied();
        for (job, answer) in jobs.iter().zip(answers) {
            if answer.how == HowEnqueued::New {
                assert!(newest.is_none_or(|newest| answer.id > newest), "{what}: ids grow");
            }
            let expected = enqueue_one(&mut after, job, answer.id);
            assert_eq!(expected, Some(answer), "{what}");
        }
        self.jobs = after;
    }

    pub(super) fn claim(&mut self, options: &ClaimOptions, claimed: &[ClaimedJob], what: &str) {
        let now = options.now;
        let ended = |job: &&mut Known| {
            job.state == JobState::Active && job.new.queue == options.queue && job.lease_until <= now
        };
        for job in self.jobs.values_mut().filter(ended) {
            job.expire(now);
        }
        let eligible = self.eligible(&options.queue, now);
        let given: Vec<JobId> = claimed.iter().map(|job| job.lease.job).collect();
        assert_eq!(given.len(), options.limit.min(eligible.len()), "{what}: {given:?} of {eligible:?}");
        let places: Vec<_> =
            claimed.iter().map(|job| self.jobs[&job.lease.job].place(job.lease.job)).collect();
        assert!(places.is_sorted(), "{what}: by rank");
        self.check_orgs(options, &eligible, claimed, what);
        for job in claimed {
            self.check_claimed(options, job, what);
        }
    }

    /// Of each org the first; and none gets less than its share, give or take one, while it has more.
    fn check_orgs(&self, options: &ClaimOptions, eligible: &[JobId], claimed: &[ClaimedJob], what: &str) {
        let mut of_org: BTreeMap<&OrgId, Vec<_>> = BTreeMap::new();
        for id in eligible {
            let job = &self.jobs[id];
            of_org.entry(&job.new.org).or_default().push(job.place(*id));
        }
        let share = options.limit / of_org.len().max(1);
        for (org, mut places) in of_org {
            places.sort_unstable();
            let ours = claimed.iter().filter(|job| job.lease.org == *org);
            let mut taken: Vec<JobId> = ours.map(|job| job.lease.job).collect();
            taken.sort_unstable();
            let mut first: Vec<JobId> = places.iter().take(taken.len()).map(|(_, id)| *id).collect();
            first.sort_unstable();
            assert_eq!(taken, first, "{what}: the first of {org}");
            assert!(taken.len() + 1 >= share.min(places.len()), "{what}: the share of {org}");
        }
    }

    fn check_claimed(&mut self, options: &ClaimOptions, claimed: &ClaimedJob, what: &str) {
        let job = self.jobs.get_mut(&claimed.lease.job).unwrap();
        assert!(claimed.lease.epoch > job.epoch, "{what}: epochs grow");
        assert_eq!(claimed.lease.until, options.now + options.lease, "{what}");
        assert_eq!(
            (claimed.attempt, claimed.max_attempts),
            (job.attempts + 1, job.new.max_attempts),
            "{what}"
        );
        assert_eq!((&claimed.kind, &claimed.refs), (&job.new.kind, &job.new.refs), "{what}");
        let checkpoint = job.progress.as_ref().and_then(|progress| progress.checkpoint.clone());
        assert_eq!((&claimed.checkpoint, claimed.enqueued_at), (&checkpoint, job.new.enqueued_at), "{what}");
        job.state = JobState::Active;
        job.epoch = claimed.lease.epoch;
        job.lease_until = claimed.lease.until;
    }

    fn eligible(&self, queue: &str, now: DateTime<Utc>) -> Vec<JobId> {
        let due = |(id, job): &(&JobId, &Known)| {
            job.state == JobState::Waiting
                && job.new.queue == queue
                && job.run_at <= now
                && !self.is_paused(job)
                && !self.is_closed(job, now)
                && !self.is_behind(**id, job, now)
        };
        self.jobs.iter().filter(due).map(|(id, _)| *id).collect()
    }

    fn is_behind(&self, id: JobId, job: &Known, now: DateTime<Utc>) -> bool {
        let others = self.jobs.iter().filter(|(other, _)| **other != id);
        others.filter(|(_, known)| known.shares_a_key_with(job)).any(|(other, known)| match known.state {
            JobState::Active => true,
            JobState::Waiting => *other < id,
            JobState::Failed => *other < id && known.parked_until.is_some_and(|until| until > now),
            _ => false,
        })
    }

    fn is_paused(&self, job: &Known) -> bool {
        self.paused.iter().any(|pause| job.is_covered_by(pause))
    }

    fn is_closed(&self, job: &Known, now: DateTime<Utc>) -> bool {
        self.closed.iter().any(|(scope, until)| scope.covers(&job.lane()) && *until > now)
    }

    fn holds(&self, lease: &Lease) -> bool {
        self.jobs.get(&lease.job).is_some_and(|job| job.state == JobState::Active && job.epoch == lease.epoch)
    }

    pub(super) fn settle(
        &mut self,
        settlements: &[Settlement],
        settled: &[Settled],
        now: DateTime<Utc>,
        what: &str,
    ) {
        assert_eq!(settled.len(), settlements.len(), "{what}");
        for (settlement, settled) in settlements.iter().zip(settled) {
            let expected = if self.holds(&settlement.lease) {
                let job = self.jobs.get_mut(&settlement.lease.job).unwrap();
                job.end(&settlement.outcome, now);
                Settled::Done(job.state)
            } else {
                Settled::Stale
            };
            assert_eq!(*settled, expected, "{what}: {settlement:?}");
        }
    }

    pub(super) fn heartbeat(&mut self, beats: &[Beat], kept: &[bool], until: DateTime<Utc>, what: &str) {
        let held: Vec<bool> = beats.iter().map(|beat| self.holds(&beat.lease)).collect();
        assert_eq!(kept, held, "{what}");
        for (beat, _) in beats.iter().zip(held).filter(|(_, held)| *held) {
            let job = self.jobs.get_mut(&beat.lease.job).unwrap();
            job.lease_until = until;
            if let Some(progress) = &beat.progress {
                job.progress = Some(progress.clone());
            }
        }
    }

    pub(super) fn redrive(&mut self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> u64 {
        let state = filter.state.unwrap_or(JobState::Failed);
        self.each(
            org,
            filter,
            |job| job.state == state,
            |job| {
                job.attempts = 0;
                job.revive(now);
            },
        )
    }

    pub(super) fn release(&mut self, org: &OrgId, key: &str, now: DateTime<Utc>) -> u64 {
        let held = |job: &Known| job.state == JobState::Held && job.hold_key.as_deref() == Some(key);
        self.each(org, &JobFilter::default(), held, |job| job.revive(now))
    }

    pub(super) fn cancel(&mut self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> u64 {
        let open = |job: &Known| match job.state {
            JobState::Waiting | JobState::Active | JobState::Held => true,
            JobState::Failed => filter.id.is_some(),
            _ => false,
        };
        self.each(org, filter, open, |job| job.cancel(now))
    }

    fn each(
        &mut self,
        org: &OrgId,
        filter: &JobFilter,
        which: impl Fn(&Known) -> bool,
        change: impl Fn(&mut Known),
    ) -> u64 {
        let ours = self.jobs.iter_mut().filter(|(id, job)| job.new.org == *org && job.matches(**id, filter));
        let mut count = 0;
        for (_, job) in ours.filter(|(_, job)| which(job)) {
            change(job);
            count += 1;
        }
        count
    }

    pub(super) fn set_paused(&mut self, scope: &PauseScope, paused: bool) {
        if paused {
            self.paused.insert(scope.clone());
        } else {
            self.paused.remove(scope);
        }
    }

    pub(super) fn paused(&self) -> Vec<PauseScope> {
        self.paused.iter().cloned().collect()
    }

    pub(super) fn close(&mut self, scope: &LimitScope, until: DateTime<Utc>, now: DateTime<Utc>) {
        let later = self.closed.get(scope).map_or(until, |known| until.max(*known));
        if until > now {
            self.closed.insert(scope.clone(), later);
        } else {
            self.closed.remove(scope);
        }
    }

    pub(super) fn was_closed(&self) -> bool {
        !self.closed.is_empty()
    }

    pub(super) fn compare(&self, org: &OrgId, listed: &[JobView], now: DateTime<Utc>, what: &str) {
        let ours: Vec<_> = self.jobs.iter().filter(|(_, job)| job.new.org == *org).collect();
        let ids: Vec<JobId> = ours.iter().map(|(id, _)| **id).collect();
        assert_eq!(listed.iter().map(|view| view.id).collect::<Vec<_>>(), ids, "{what}: no job is lost");
        for ((_, job), view) in ours.iter().zip(listed) {
            job.compare(view, now, what);
        }
    }

    pub(super) fn stats(&self, org: &OrgId, now: DateTime<Utc>) -> QueueStats {
        let mut stats = QueueStats::default();
        for job in self.jobs.values().filter(|job| job.new.org == *org) {
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

    pub(super) fn is_finished(&self) -> bool {
        self.jobs.values().all(|job| matches!(job.state, JobState::Completed | JobState::Cancelled))
    }
}

/// What the answer must be, given the id if it is a new one; `None`: it is refused.
fn enqueue_one(jobs: &mut BTreeMap<JobId, Known>, new: &NewJob, id: JobId) -> Option<Enqueued> {
    if let Some(unique) = &new.unique {
        let newest = jobs.iter_mut().rev().find(|(_, job)| job.is_about_the_same_as(new));
        if let Some((newest, job)) = newest.filter(|(_, job)| job.has_key) {
            if job.gives_way_to(new) {
                if !job.has_the_keys_of(new) {
                    return None;
                }
                job.replace(new);
                return Some(Enqueued { id: *newest, how: HowEnqueued::Replaced });
            }
            if matches!(unique.mode, UniqueMode::Skip | UniqueMode::Replace) {
                return Some(Enqueued { id: *newest, how: HowEnqueued::Skipped });
            }
        }
    }
    jobs.insert(id, Known::new(new));
    Some(Enqueued::new(id))
}
