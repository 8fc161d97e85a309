//! What is enqueued.

use std::collections::BTreeMap;
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::JobId;
use crate::BlindKey;

/// A job to enqueue.
///
/// ```
/// use std::time::Duration;
/// use carewire_fhir_core::{CorrelationId, OrgId};
/// use carewire_sync_engine::{BlindKey, NewJob, Priority, Unique};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let now = "2026-01-01T00:00:00Z".parse()?;
/// let job = NewJob {
///     ordering_keys: vec![BlindKey([1; 32])],
///     priority: Priority::URGENT,
///     remote: Some("medplum".into()),
///     unique: Some(Unique::replace_after_run("Encounter/1")),
///     ..NewJob::new(OrgId::new("org_a")?, "sync", "push", CorrelationId::new("c-1")?, now)
/// };
/// assert_eq!(job.run_at, now);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewJob {
    /// The org whose data the job concerns.
    pub org: OrgId,
    /// The queue, for example `sync`.
    pub queue: String,
    /// What the handler does, for example `message`.
    pub kind: String,
    /// Jobs of one org that share a key run one at a time, in the order in which they were enqueued; a job of several keys
    /// (a merge of patients) waits for its turn in each of them. The order of the list and repetitions say nothing.
    pub ordering_keys: Vec<BlindKey>,
    /// References (ids), never values of a message or resource.
    pub refs: BTreeMap<String, String>,
    /// When it is enqueued.
    pub enqueued_at: DateTime<Utc>,
    /// Not claimed before this instant: later than `enqueued_at` for a delay.
    pub run_at: DateTime<Utc>,
    /// Which of the jobs of an org goes first.
    pub priority: Priority,
    /// After this many counted attempts the job goes to the dead letter.
    pub max_attempts: u32,
    /// The remote that it will speak to: its limits and its breaker hold for the job.
    pub remote: Option<String>,
    /// The type of the resource that it concerns, for example `Patient`: what a pause may name.
    pub resource_type: Option<String>,
    /// What it takes from rate limits, and from the share of its org (at least 1).
    pub cost: u32,
    /// How it meets an unsettled job that is about the same.
    pub unique: Option<Unique>,
    /// When the job goes to the dead letter, the later jobs of its ordering keys wait so long for it to be redriven or
    /// cancelled, and go on then. `None`: they go on at once.
    pub park: Option<Duration>,
    /// The id that follows the message.
    pub correlation: CorrelationId,
}

impl NewJob {
    /// A job that is due at once, with three attempts and no ordering key.
    pub fn new(
        org: OrgId,
        queue: impl Into<String>,
        kind: impl Into<String>,
        correlation: CorrelationId,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            org,
            queue: queue.into(),
            kind: kind.into(),
            ordering_keys: Vec::new(),
            refs: BTreeMap::new(),
            enqueued_at: now,
            run_at: now,
            priority: Priority::NORMAL,
            max_attempts: 3,
            remote: None,
            resource_type: None,
            cost: 1,
            unique: None,
            park: None,
            correlation,
        }
    }

    /// The instant from which it may run: `run_at`, and for a debounced job not before its window is over.
    #[must_use]
    pub fn first_run(&self) -> DateTime<Utc> {
        match &self.unique {
            Some(Unique { mode: UniqueMode::Debounce { window, .. }, .. }) => {
                self.run_at.max(self.enqueued_at + span(*window))
            }
            _ => self.run_at,
        }
    }

    /// When it runs after it has replaced a waiting job that was enqueued at `first`: the end of a debounce moves with each
    /// replacement, up to its limit.
    #[must_use]
    pub fn run_after_replacing(&self, first: DateTime<Utc>) -> DateTime<Utc> {
        match &self.unique {
            Some(Unique { mode: UniqueMode::Debounce { most, .. }, .. }) => {
                self.first_run().min(first + span(*most))
            }
            _ => self.run_at,
        }
    }
}

/// A duration beyond what chrono can hold is as good as a century.
pub(crate) fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::days(36_525))
}

/// From 1, the most urgent, to 5; 3 if nothing is said.
///
/// Priorities age: each step is worth a minute of waiting ([`Priority::AGEING`]), so that a job of priority 1 overtakes those
/// of priority 5 that wait for less than four minutes, and nothing waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Priority(u8);

impl Priority {
    /// 1.
    pub const URGENT: Self = Self(1);
    /// 3.
    pub const NORMAL: Self = Self(3);
    /// 5.
    pub const LOW: Self = Self(5);
    /// How much earlier a job must have been due to go before one whose priority is one step more urgent.
    pub const AGEING: Duration = Duration::from_secs(60);

    /// The priority of that number, if it is one from 1 to 5.
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (1..=5).contains(&number).then_some(Self(number))
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// The place in the order of an org of a job that is due at `run_at`: the lower goes first. It does not change while the
    /// job waits.
    #[must_use]
    pub fn rank(self, run_at: DateTime<Utc>) -> DateTime<Utc> {
        run_at + span(Self::AGEING * u32::from(self.0 - 1))
    }
}

impl Default for Priority {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}

impl TryFrom<u8> for Priority {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::new(number).ok_or("a priority is a number from 1 to 5")
    }
}

/// What a job is about, so that a second one about the same need not be: payloads are references, and one run reads what
/// is current.
///
/// A key belongs to the job of the org and queue that was enqueued under it last, until that is settled (completed, failed or
/// cancelled). A job that is redriven from the dead letter has no key any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unique {
    /// A reference, never a value.
    pub key: String,
    /// What happens to a second job.
    pub mode: UniqueMode,
}

impl Unique {
    /// See [`UniqueMode::Skip`].
    pub fn skip(key: impl Into<String>) -> Self {
        Self { key: key.into(), mode: UniqueMode::Skip }
    }

    /// See [`UniqueMode::Replace`].
    pub fn replace(key: impl Into<String>) -> Self {
        Self { key: key.into(), mode: UniqueMode::Replace }
    }

    /// See [`UniqueMode::ReplaceAfterRun`].
    pub fn replace_after_run(key: impl Into<String>) -> Self {
        Self { key: key.into(), mode: UniqueMode::ReplaceAfterRun }
    }

    /// See [`UniqueMode::Debounce`].
    pub fn debounce(key: impl Into<String>, window: Duration, most: Duration) -> Self {
        Self { key: key.into(), mode: UniqueMode::Debounce { window, most } }
    }
}

/// What happens to a job when another one has its unique key.
///
/// Where the waiting or held job is replaced, it keeps its id, its place in its ordering keys, the instant of its
/// enqueueing and its attempts, and takes over everything else; a held job stays held. The ordering keys must be the same:
/// [`Error::Conflict`](crate::Error::Conflict).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "a store must know every mode")]
pub enum UniqueMode {
    /// Nothing is enqueued.
    Skip,
    /// A waiting or held job is replaced. While one is active, nothing is enqueued: choose it where the running attempt
    /// cannot have missed what the new job is about.
    Replace,
    /// A waiting or held job is replaced. While one is active, one more is enqueued, which later ones replace: nothing that
    /// changes during a run is missed.
    ReplaceAfterRun,
    /// As `ReplaceAfterRun`, and it runs when nothing came for `window`, or `most` after the first was enqueued.
    Debounce {
        /// So long nothing must have come.
        window: Duration,
        /// The longest that the first may wait.
        most: Duration,
    },
}

/// What became of one [`NewJob`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// The job that will do it.
    pub id: JobId,
    /// Whether that is a new one.
    pub how: HowEnqueued,
}

impl Enqueued {
    /// A new job.
    #[must_use]
    pub fn new(id: JobId) -> Self {
        Self { id, how: HowEnqueued::New }
    }
}

/// See [`UniqueMode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum HowEnqueued {
    /// A new job.
    New,
    /// An unsettled job of the unique key took its contents over.
    Replaced,
    /// An unsettled job of the unique key stands for it: nothing was stored.
    Skipped,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn job(unique: Option<Unique>) -> NewJob {
        let org = OrgId::new("org_a").unwrap();
        NewJob { unique, ..NewJob::new(org, "sync", "push", CorrelationId::new("c").unwrap(), now()) }
    }

    #[test]
    fn a_step_of_priority_is_worth_a_minute() {
        let minutes = |minutes| now() + TimeDelta::minutes(minutes);
        assert_eq!(Priority::URGENT.rank(minutes(4)), Priority::LOW.rank(now()));
        assert!(Priority::URGENT.rank(minutes(3)) < Priority::LOW.rank(now()));
        assert_eq!((Priority::new(0), Priority::new(6)), (None, None));
        assert_eq!(serde_json::from_str::<Priority>("2").unwrap().number(), 2);
        assert!(serde_json::from_str::<Priority>("7").is_err());
    }

    #[test]
    fn a_debounced_job_waits_for_its_window_up_to_its_limit() {
        let [window, most] = [10, 25].map(Duration::from_secs);
        let job = job(Some(Unique::debounce("Encounter/1", window, most)));
        let after = |seconds| now() + TimeDelta::seconds(seconds);
        assert_eq!(job.first_run(), after(10));
        assert_eq!(job.run_after_replacing(after(-12)), after(10));
        assert_eq!(job.run_after_replacing(after(-20)), after(5), "the first has waited long enough");
    }

    #[test]
    fn other_jobs_run_when_they_say() {
        assert_eq!(job(None).first_run(), now());
        assert_eq!(job(Some(Unique::replace("a"))).run_after_replacing(now()), now());
    }
}
