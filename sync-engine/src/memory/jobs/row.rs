//! One job.

use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use crate::jobs::span;
use crate::{
    AfterFailure, BlindKey, ClaimedJob, Failure, JobFilter, JobId, JobState, JobView, Lane, Lease, NewJob,
    PauseScope, Progress, Reported,
};

pub(super) struct Job {
    pub(super) new: NewJob,
    pub(super) state: JobState,
    pub(super) attempts: u32,
    pub(super) epoch: u64,
    pub(super) run_at: DateTime<Utc>,
    pub(super) lease_until: DateTime<Utc>,
    pub(super) reason: Option<String>,
    pub(super) hold_key: Option<String>,
    pub(super) settled_at: Option<DateTime<Utc>>,
    pub(super) parked_until: Option<DateTime<Utc>>,
    pub(super) progress: Option<Progress>,
}

impl Job {
    pub(super) fn waiting(mut new: NewJob) -> Self {
        new.ordering_keys.sort_unstable();
        new.ordering_keys.dedup();
        Self {
            state: JobState::Waiting,
            attempts: 0,
            epoch: 0,
            run_at: new.first_run(),
            lease_until: new.run_at,
            reason: None,
            hold_key: None,
            settled_at: None,
            parked_until: None,
            progress: None,
            new,
        }
    }

    /// Takes over the contents of a later job about the same; which ordering keys that has was checked.
    pub(super) fn replace(&mut self, new: NewJob) {
        let enqueued_at = self.new.enqueued_at;
        self.run_at = new.run_after_replacing(enqueued_at);
        self.new = NewJob { enqueued_at, ordering_keys: std::mem::take(&mut self.new.ordering_keys), ..new };
    }

    /// The keys of the job, each once.
    pub(super) fn has_keys(&self, keys: &[BlindKey]) -> bool {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        self.new.ordering_keys == keys
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = (OrgId, BlindKey)> + use<> {
        let org = self.new.org.clone();
        self.new.ordering_keys.clone().into_iter().map(move |key| (org.clone(), key))
    }

    pub(super) fn rank(&self) -> DateTime<Utc> {
        self.new.priority.rank(self.run_at)
    }

    pub(super) fn lane(&self) -> Lane<'_> {
        Lane { org: &self.new.org, queue: &self.new.queue, remote: self.new.remote.as_deref() }
    }

    pub(super) fn unique(&self) -> Option<(OrgId, String, String)> {
        let unique = self.new.unique.as_ref()?;
        Some((self.new.org.clone(), self.new.queue.clone(), unique.key.clone()))
    }

    pub(super) fn is_unsettled(&self) -> bool {
        matches!(self.state, JobState::Waiting | JobState::Active | JobState::Held)
    }

    pub(super) fn lease(&mut self, until: DateTime<Utc>) {
        self.state = JobState::Active;
        self.epoch += 1;
        self.lease_until = until;
    }

    pub(super) fn wait(&mut self, until: DateTime<Utc>) {
        self.state = JobState::Waiting;
        self.run_at = until;
    }

    /// Back to waiting from where it had ended. What was due earlier stays so: jobs keep their old order among the others.
    pub(super) fn revive(&mut self, now: DateTime<Utc>) {
        self.settled_at = None;
        self.hold_key = None;
        self.parked_until = None;
        self.wait(self.run_at.min(now));
    }

    pub(super) fn end(&mut self, state: JobState, now: DateTime<Utc>) {
        self.state = state;
        self.settled_at = Some(now);
        self.parked_until = None;
    }

    pub(super) fn cancel(&mut self, now: DateTime<Utc>) {
        self.reason = Some("cancelled".into());
        self.hold_key = None;
        self.end(JobState::Cancelled, now);
    }

    pub(super) fn hold(&mut self, key: &str, code: &str, now: DateTime<Utc>) {
        self.reason = Some(code.to_owned());
        self.hold_key = Some(key.to_owned());
        self.end(JobState::Held, now);
    }

    pub(super) fn fail(&mut self, failure: &Failure, now: DateTime<Utc>) {
        match failure.next {
            AfterFailure::Retry { at, counts: true } => self.fail_counted(&failure.code, at, now),
            AfterFailure::Retry { at, counts: false } => {
                self.wait(at);
                self.reason = Some(failure.code.clone());
            }
            AfterFailure::Dead => {
                self.attempts += 1;
                self.reason = Some(failure.code.clone());
                self.die(now);
            }
        }
    }

    pub(super) fn fail_counted(&mut self, code: &str, retry_at: DateTime<Utc>, now: DateTime<Utc>) {
        self.attempts += 1;
        self.reason = Some(code.to_owned());
        if self.attempts < self.new.max_attempts {
            self.wait(retry_at);
        } else {
            self.die(now);
        }
    }

    fn die(&mut self, now: DateTime<Utc>) {
        self.end(JobState::Failed, now);
        let parks = self.new.park.filter(|_| !self.new.ordering_keys.is_empty());
        self.parked_until = parks.map(|park| now + span(park));
    }

    pub(super) fn matches(&self, id: JobId, filter: &JobFilter) -> bool {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == value)
        };
        is(&filter.queue, Some(&self.new.queue))
            && is(&filter.kind, Some(&self.new.kind))
            && is(&filter.remote, self.new.remote.as_deref())
            && is(&filter.resource_type, self.new.resource_type.as_deref())
            && is(&filter.reason, self.reason.as_deref())
            && is(&filter.correlation, Some(self.new.correlation.as_str()))
            && filter.state.is_none_or(|state| state == self.state)
            && filter.id.is_none_or(|wanted| wanted == id)
    }

    pub(super) fn is_covered_by(&self, scope: &PauseScope) -> bool {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == value)
        };
        scope.org.as_ref().is_none_or(|org| *org == self.new.org)
            && is(&scope.queue, Some(&self.new.queue))
            && is(&scope.kind, Some(&self.new.kind))
            && is(&scope.remote, self.new.remote.as_deref())
            && is(&scope.resource_type, self.new.resource_type.as_deref())
    }

    pub(super) fn claimed(&self, id: JobId) -> ClaimedJob {
        ClaimedJob {
            lease: Lease { org: self.new.org.clone(), job: id, epoch: self.epoch, until: self.lease_until },
            queue: self.new.queue.clone(),
            kind: self.new.kind.clone(),
            refs: self.new.refs.clone(),
            remote: self.new.remote.clone(),
            resource_type: self.new.resource_type.clone(),
            attempt: self.attempts + 1,
            max_attempts: self.new.max_attempts,
            checkpoint: self.progress.as_ref().and_then(|progress| progress.checkpoint.clone()),
            correlation: self.new.correlation.clone(),
            enqueued_at: self.new.enqueued_at,
            reported: Reported::default(),
        }
    }

    pub(super) fn view(&self, id: JobId) -> JobView {
        JobView {
            id,
            queue: self.new.queue.clone(),
            kind: self.new.kind.clone(),
            state: self.state,
            refs: self.new.refs.clone(),
            priority: self.new.priority,
            remote: self.new.remote.clone(),
            resource_type: self.new.resource_type.clone(),
            attempts: self.attempts,
            max_attempts: self.new.max_attempts,
            reason: self.reason.clone(),
            progress: self.progress.clone(),
            correlation: self.new.correlation.as_str().to_owned(),
            enqueued_at: self.new.enqueued_at,
            run_at: self.run_at,
            settled_at: self.settled_at,
            parked_until: self.parked_until,
        }
    }
}
