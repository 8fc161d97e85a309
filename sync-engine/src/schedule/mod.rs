//! Jobs that come at set times: cron schedules, fired by whoever leads, each occurrence once.
//!
//! A [`Scheduler`] keeps schedules and the lease of their leader beside a queue; the [`ScheduleRunner`] that holds the lease
//! enqueues the jobs of what is due. The enqueueing, the step to the next occurrence and the check that the runner still leads
//! are one step, so an occurrence is neither lost nor doubled when a leader dies, hangs or comes back.

mod cron;
mod runner;

use std::collections::BTreeMap;

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use cron::Cron;
pub use runner::{ScheduleRunner, ScheduleRunnerOptions};

use crate::{Error, NewJob, Priority, Result, Unique};

/// The reference under which a job finds the instant for which it was made (RFC 3339).
const SCHEDULED_FOR: &str = "scheduled-for";

/// What to enqueue, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The org whose data the jobs concern.
    pub org: OrgId,
    /// Its name, unique in the org.
    pub name: String,
    /// When it fires.
    pub cron: Cron,
    /// The queue of its jobs.
    pub queue: String,
    /// What the handler of its jobs does.
    pub kind: String,
    /// References for the jobs, never values.
    #[serde(default)]
    pub refs: BTreeMap<String, String>,
    /// The priority of its jobs.
    #[serde(default)]
    pub priority: Priority,
    /// Counted attempts of each job before the dead letter.
    #[serde(default = "three")]
    pub max_attempts: u32,
    /// What happens to occurrences that nobody was there to fire.
    #[serde(default)]
    pub missed: Missed,
    /// Whether a job is enqueued although the one before is not settled; if not, that occurrence is left out.
    #[serde(default)]
    pub overlap: bool,
    /// Whether it fires at all.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn three() -> u32 {
    3
}

fn yes() -> bool {
    true
}

/// What happens to occurrences that nobody was there to fire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Missed {
    /// One job for the newest of them.
    #[default]
    Once,
    /// A job for each of them, the oldest first.
    Each,
    /// Nothing, unless the newest is less than a minute old.
    Skip,
}

impl Schedule {
    /// A schedule of an org, enabled, with the defaults of its fields.
    pub fn new(
        org: OrgId,
        name: impl Into<String>,
        cron: Cron,
        queue: impl Into<String>,
        kind: impl Into<String>,
    ) -> Self {
        Self {
            org,
            name: name.into(),
            cron,
            queue: queue.into(),
            kind: kind.into(),
            refs: BTreeMap::new(),
            priority: Priority::NORMAL,
            max_attempts: three(),
            missed: Missed::Once,
            overlap: false,
            enabled: yes(),
        }
    }

    /// What every store asks before it keeps a schedule: that its name is one to 64 of `A-Z a-z 0-9 _ -`.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn check(&self) -> Result<()> {
        let named = self.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if named && (1..=64).contains(&self.name.len()) {
            return Ok(());
        }
        Err(Error::Invalid { what: "the name of a schedule" })
    }

    /// The occurrences to fire of those from `due` to `now`, the oldest first, at most `limit`; and the next one after what was
    /// decided about.
    #[must_use]
    pub fn occurrences(&self, due: DateTime<Utc>, now: DateTime<Utc>, limit: usize) -> Firings {
        if due > now {
            return Firings { at: Vec::new(), next: Some(due) };
        }
        if self.missed == Missed::Each {
            let each = |last: &DateTime<Utc>| self.cron.after(*last).filter(|next| *next <= now);
            let at: Vec<_> = std::iter::successors(Some(due), each).take(limit.max(1)).collect();
            return Firings { next: self.cron.after(at.last().copied().unwrap_or(due)), at };
        }
        // A pattern that was changed may have no occurrence in between.
        let newest = self.cron.last_until(now).map_or(due, |last| last.max(due));
        let fires = self.missed == Missed::Once || now - newest < chrono::TimeDelta::seconds(60);
        Firings { at: fires.then_some(newest).into_iter().collect(), next: self.cron.after(now) }
    }

    /// The job of an occurrence.
    pub fn job(&self, at: DateTime<Utc>, correlation: CorrelationId, now: DateTime<Utc>) -> NewJob {
        let mut refs = self.refs.clone();
        refs.insert(SCHEDULED_FOR.into(), at.to_rfc3339());
        NewJob {
            refs,
            priority: self.priority,
            max_attempts: self.max_attempts,
            unique: (!self.overlap).then(|| Unique::skip(format!("schedule:{}", self.name))),
            ..NewJob::new(self.org.clone(), self.queue.as_str(), self.kind.as_str(), correlation, now)
        }
    }
}

/// See [`Schedule::occurrences`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firings {
    /// The occurrences to fire.
    pub at: Vec<DateTime<Utc>>,
    /// When to look again; `None`: never.
    pub next: Option<DateTime<Utc>>,
}

/// A schedule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScheduleView {
    /// What was put.
    #[serde(flatten)]
    pub schedule: Schedule,
    /// When it fires next; `None`: never.
    pub next_at: Option<DateTime<Utc>>,
    /// The last occurrence that was fired.
    pub last_at: Option<DateTime<Utc>>,
}

/// The right to fire schedules until an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leadership {
    /// Grows each time that the lease passes to another holder, or was lost in between: the fencing token.
    pub epoch: u64,
    /// When it ends unless it is taken again.
    pub until: DateTime<Utc>,
}

/// One step of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firing {
    /// The org of the schedule.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The `next_at` that the runner saw.
    pub due: DateTime<Utc>,
    /// The `next_at` to store.
    pub next: Option<DateTime<Utc>>,
    /// The last occurrence that it fires, if any.
    pub last: Option<DateTime<Utc>>,
    /// The jobs to enqueue, of the same org.
    pub jobs: Vec<NewJob>,
}

/// What [`Scheduler::fire`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Fired {
    /// The jobs are enqueued and the schedule has moved on.
    Done,
    /// Another leads, or the schedule has changed or moved since: nothing was done.
    Stale,
}

/// Schedules, and the lease of the one who fires them, beside a queue.
#[async_trait]
pub trait Scheduler: std::fmt::Debug + Send + Sync {
    /// Adds the schedule or takes the place of the one of its name, with its next occurrence. Putting again what is there
    /// changes nothing, so that a service can put its schedules whenever it starts. Answers whether something changed.
    ///
    /// # Errors
    /// [`Error::Invalid`]: see [`Schedule::check`].
    async fn put_schedule(&self, schedule: &Schedule, next: Option<DateTime<Utc>>) -> Result<bool>;

    /// Removes a schedule; the jobs that it made stay. Answers whether it was there.
    async fn remove_schedule(&self, org: &OrgId, name: &str) -> Result<bool>;

    /// The schedules of an org by name.
    async fn schedules(&self, org: &OrgId) -> Result<Vec<ScheduleView>>;

    /// Takes the lease of the leader, or renews it for the holder who has it. `None` while another holds it. One lease for the
    /// whole store.
    async fn lead(
        &self,
        holder: &str,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Leadership>>;

    /// Gives the lease back, so that another need not wait for its end. A lease that is not held any more stays as it is.
    async fn resign(&self, leadership: &Leadership) -> Result<()>;

    /// Enabled schedules of all orgs whose `next_at` has come, the longest due first, at most `limit`.
    async fn due_schedules(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<ScheduleView>>;

    /// In one step: checks that the leadership is the newest and that the schedule is there, enabled, and still due at
    /// `firing.due`; enqueues the jobs, and moves `next_at`.
    async fn fire(&self, leadership: &Leadership, firing: &Firing) -> Result<Fired>;

    /// When the next schedule of any org fires.
    async fn next_firing(&self) -> Result<Option<DateTime<Utc>>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-01-{text}:00Z").parse().unwrap()
    }

    fn nightly(missed: Missed) -> Schedule {
        let cron = Cron::parse("0 3 * * *", None).unwrap();
        Schedule {
            missed,
            ..Schedule::new(OrgId::new("org_a").unwrap(), "nightly", cron, "sync", "reconcile")
        }
    }

    #[test]
    fn what_is_due_fires_and_the_next_comes_after_it() {
        for missed in [Missed::Once, Missed::Each, Missed::Skip] {
            let firings = nightly(missed).occurrences(at("01T03:00"), at("01T03:00"), 9);
            assert_eq!(
                firings,
                Firings { at: vec![at("01T03:00")], next: Some(at("02T03:00")) },
                "{missed:?}"
            );
            let early = nightly(missed).occurrences(at("01T03:00"), at("01T02:59"), 9);
            assert_eq!(early, Firings { at: vec![], next: Some(at("01T03:00")) });
        }
    }

    #[test]
    fn missed_occurrences_are_fired_as_the_schedule_says() {
        let of = |missed, limit| nightly(missed).occurrences(at("01T03:00"), at("04T10:00"), limit);
        assert_eq!(of(Missed::Once, 9), Firings { at: vec![at("04T03:00")], next: Some(at("05T03:00")) });
        assert_eq!(of(Missed::Skip, 9), Firings { at: vec![], next: Some(at("05T03:00")) });
        let days = ["01T03:00", "02T03:00", "03T03:00", "04T03:00"].map(at);
        assert_eq!(of(Missed::Each, 9), Firings { at: days.to_vec(), next: Some(at("05T03:00")) });
        assert_eq!(of(Missed::Each, 2), Firings { at: days[..2].to_vec(), next: Some(days[2]) });
    }

    #[test]
    fn jobs_do_not_pile_up_unless_they_may() {
        let correlation = CorrelationId::new("c").unwrap();
        let schedule = nightly(Missed::Once);
        let job = schedule.job(at("01T03:00"), correlation.clone(), at("01T03:01"));
        assert_eq!(job.unique, Some(Unique::skip("schedule:nightly")));
        assert_eq!(job.refs["scheduled-for"], "2026-01-01T03:00:00+00:00");
        assert_eq!(job.run_at, at("01T03:01"));
        let piling = Schedule { overlap: true, ..schedule };
        assert_eq!(piling.job(at("01T03:00"), correlation, at("01T03:01")).unique, None);
    }

    #[test]
    fn a_schedule_is_read_with_its_defaults() {
        let json =
            r#"{"org":"org_a","name":"n","cron":{"pattern":"0 3 * * *"},"queue":"sync","kind":"reconcile"}"#;
        let schedule: Schedule = serde_json::from_str(json).unwrap();
        assert_eq!(schedule, Schedule { name: "n".into(), ..nightly(Missed::Once) });
    }
}
