//! The rules of one job, as plainly as they can be written.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    AfterFailure, BlindKey, JobFilter, JobId, JobState, JobView, Lane, NewJob, Outcome, PauseScope, Progress,
    UniqueMode,
};

#[derive(Clone, Debug)]
pub(super) struct Known {
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
    /// Whether it still has its unique key.
    pub(super) has_key: bool,
}

impl Known {
    pub(super) fn new(new: &NewJob) -> Self {
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
            has_key: new.unique.is_some(),
            new: NewJob { ordering_keys: keys(new), ..new.clone() },
        }
    }

    pub(super) fn is_about_the_same_as(&self, new: &NewJob) -> bool {
        let key = |job: &NewJob| job.unique.as_ref().map(|unique| unique.key.clone());
        self.new.org == new.org && self.new.queue == new.queue && key(&self.new) == key(new)
    }

    pub(super) fn gives_way_to(&self, new: &NewJob) -> bool {
        let skips = new.unique.as_ref().is_some_and(|unique| unique.mode == UniqueMode::Skip);
        !skips && matches!(self.state, JobState::Waiting | JobState::Held)
    }

    pub(super) fn has_the_keys_of(&self, new: &NewJob) -> bool {
        self.new.ordering_keys == keys(new)
    }

    pub(super) fn replace(&mut self, new: &NewJob) {
        let enqueued_at = self.new.enqueued_at;
        self.run_at = new.run_after_replacing(enqueued_at);
        self.new = NewJob { enqueued_at, ordering_keys: keys(new), ..new.clone() };
    }

    pub(super) fn shares_a_key_with(&self, other: &Self) -> bool {
        let theirs = &other.new.ordering_keys;
        self.new.ordering_keys.iter().any(|key| theirs.contains(key)) && self.new.org == other.new.org
    }

    pub(super) fn place(&self, id: JobId) -> (DateTime<Utc>, JobId) {
        (self.new.priority.rank(self.run_at), id)
    }

    pub(super) fn lane(&self) -> Lane<'_> {
        Lane { org: &self.new.org, queue: &self.new.queue, remote: self.new.remote.as_deref() }
    }

    pub(super) fn end(&mut self, outcome: &Outcome, now: DateTime<Utc>) {
        match outcome {
            Outcome::Complete => self.close(JobState::Completed, now),
            Outcome::Hold { key, code } => {
                self.reason = Some(code.clone());
                self.hold_key = Some(key.clone());
                self.state = JobState::Held;
                self.settled_at = Some(now);
            }
            Outcome::Fail(failure) => {
                self.reason = Some(failure.code.clone());
                match failure.next {
                    AfterFailure::Retry { at, counts } => self.retry(at, counts, now),
                    AfterFailure::Dead => {
                        self.attempts += 1;
                        self.die(now);
                    }
                }
            }
        }
    }

    pub(super) fn expire(&mut self, now: DateTime<Utc>) {
        self.reason = Some("lease-expired".into());
        self.retry(now, true, now);
    }

    fn retry(&mut self, at: DateTime<Utc>, counts: bool, now: DateTime<Utc>) {
        self.attempts += u32::from(counts);
        if counts && self.attempts >= self.new.max_attempts {
            return self.die(now);
        }
        self.state = JobState::Waiting;
        self.run_at = at;
    }

    fn die(&mut self, now: DateTime<Utc>) {
        self.close(JobState::Failed, now);
        let parks = self.new.park.filter(|_| !self.new.ordering_keys.is_empty());
        self.parked_until = parks.map(|park| now + TimeDelta::from_std(park).unwrap());
    }

    pub(super) fn cancel(&mut self, now: DateTime<Utc>) {
        self.reason = Some("cancelled".into());
        self.close(JobState::Cancelled, now);
    }

    fn close(&mut self, state: JobState, now: DateTime<Utc>) {
        self.state = state;
        self.settled_at = Some(now);
        self.parked_until = None;
        self.hold_key = None;
        self.has_key = false;
    }

    pub(super) fn revive(&mut self, now: DateTime<Utc>) {
        self.state = JobState::Waiting;
        self.run_at = self.run_at.min(now);
        self.settled_at = None;
        self.parked_until = None;
        self.hold_key = None;
    }

    pub(super) fn matches(&self, id: JobId, filter: &JobFilter) -> bool {
        filter.id.is_none_or(|wanted| wanted == id)
            && filter.kind.as_ref().is_none_or(|kind| *kind == self.new.kind)
            && filter.remote.is_none_or_is(&self.new.remote)
    }

    pub(super) fn is_covered_by(&self, pause: &PauseScope) -> bool {
        pause.org.as_ref().is_none_or(|org| *org == self.new.org)
            && pause.queue.as_ref().is_none_or(|queue| *queue == self.new.queue)
            && pause.kind.as_ref().is_none_or(|kind| *kind == self.new.kind)
            && pause.remote.is_none_or_is(&self.new.remote)
            && pause.resource_type.is_none_or_is(&self.new.resource_type)
    }

    pub(super) fn compare(&self, view: &JobView, now: DateTime<Utc>, what: &str) {
        let new = &self.new;
        assert_eq!(
            (view.state, view.attempts, view.max_attempts, view.run_at),
            (self.state, self.attempts, new.max_attempts, self.run_at),
            "{what}: {view:?}"
        );
        assert_eq!(
            (view.reason.as_deref(), view.settled_at, &view.progress),
            (self.reason.as_deref(), self.settled_at, &self.progress),
            "{what}: {view:?}"
        );
        assert_eq!(
            (&view.queue, &view.kind, &view.refs, view.priority, view.enqueued_at),
            (&new.queue, &new.kind, &new.refs, new.priority, new.enqueued_at),
            "{what}"
        );
        assert_eq!((&view.remote, &view.resource_type), (&new.remote, &new.resource_type), "{what}");
        let future = |until: Option<DateTime<Utc>>| until.filter(|until| *until > now);
        assert_eq!(future(view.parked_until), future(self.parked_until), "{what}: {view:?}");
    }
}

fn keys(job: &NewJob) -> Vec<BlindKey> {
    let mut keys = job.ordering_keys.clone();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What a filter says about a field that may be absent.
trait Wanted {
    fn is_none_or_is(&self, value: &Option<String>) -> bool;
}

impl Wanted for Option<String> {
    fn is_none_or_is(&self, value: &Option<String>) -> bool {
        self.is_none() || self == value
    }
}
