//! One stored job, and what an event makes of it. Instants are microseconds.

use carewire_sync_engine::{AfterFailure, JobState, Outcome};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _};

use crate::error::Failure;
use crate::row;

/// What a step of priority is worth.
const AGEING: i64 = 60_000_000;
const LEASE_EXPIRED: &str = "lease-expired";
const CANCELLED: &str = "cancelled";

/// The place in the order of an org.
pub(super) fn rank(run_at: i64, priority: i64) -> i64 {
    run_at.saturating_add(AGEING * (priority - 1))
}

/// The changeable part of a job.
pub(super) struct Stored {
    pub(super) id: i64,
    pub(super) lane: i64,
    pub(super) org: String,
    pub(super) was: JobState,
    pub(super) state: JobState,
    pub(super) blockers: i64,
    pub(super) attempts: i64,
    pub(super) max_attempts: i64,
    pub(super) priority: i64,
    pub(super) run_at: i64,
    pub(super) reason: Option<String>,
    pub(super) hold_key: Option<String>,
    pub(super) settled_at: Option<i64>,
    pub(super) park: Option<i64>,
    pub(super) was_parked: bool,
    pub(super) parked_until: Option<i64>,
    pub(super) keys: Vec<u8>,
}

impl Stored {
    /// The columns of a job, for [`FromRow`].
    pub(super) const COLUMNS: &str = "job.id, job.lane, job.org, job.state, job.blockers, job.attempts, job.max_attempts, \
        job.priority, job.run_at, job.reason, job.hold_key, job.settled_at, job.park, job.parked_until, job.okeys";

    /// The attempt ended so.
    pub(super) fn settle(&mut self, outcome: &Outcome, now: i64) {
        match outcome {
            Outcome::Complete => self.end(JobState::Completed, now),
            Outcome::Hold { key, code } => {
                self.reason = Some(code.clone());
                self.hold_key = Some(key.clone());
                self.end(JobState::Held, now);
            }
            Outcome::Fail(failure) => match failure.next {
                AfterFailure::Retry { at, counts: true } => {
                    self.fail_counted(&failure.code, row::micros(at), now);
                }
                AfterFailure::Retry { at, counts: false } => {
                    self.reason = Some(failure.code.clone());
                    self.wait(row::micros(at));
                }
                AfterFailure::Dead => {
                    self.attempts += 1;
                    self.reason = Some(failure.code.clone());
                    self.die(now);
                }
            },
        }
    }

    /// The lease ended before the attempt did.
    pub(super) fn expire(&mut self, now: i64) {
        self.fail_counted(LEASE_EXPIRED, now, now);
    }

    /// Back to waiting from where it had ended. What was due earlier stays so: jobs keep their old order among the others.
    pub(super) fn revive(&mut self, now: i64) {
        self.settled_at = None;
        self.hold_key = None;
        self.parked_until = None;
        self.wait(self.run_at.min(now));
    }

    pub(super) fn redrive(&mut self, now: i64) {
        self.attempts = 0;
        self.revive(now);
    }

    pub(super) fn cancel(&mut self, now: i64) {
        self.reason = Some(CANCELLED.to_owned());
        self.hold_key = None;
        self.end(JobState::Cancelled, now);
    }

    fn fail_counted(&mut self, code: &str, retry_at: i64, now: i64) {
        self.attempts += 1;
        self.reason = Some(code.to_owned());
        if self.attempts < self.max_attempts {
            self.wait(retry_at);
        } else {
            self.die(now);
        }
    }

    fn wait(&mut self, until: i64) {
        self.state = JobState::Waiting;
        self.run_at = until;
    }

    fn end(&mut self, state: JobState, now: i64) {
        self.state = state;
        self.settled_at = Some(now);
        self.parked_until = None;
    }

    fn die(&mut self, now: i64) {
        self.end(JobState::Failed, now);
        self.parked_until = self.park.filter(|_| !self.keys.is_empty()).map(|park| now.saturating_add(park));
    }

    /// Whether it stood in the lines of its keys.
    pub(super) fn was_in_line(&self) -> bool {
        in_line(self.was)
    }

    pub(super) fn is_in_line(&self) -> bool {
        in_line(self.state)
    }

    pub(super) fn written(&self, now: i64) -> Written<'_> {
        let waits = self.state == JobState::Waiting;
        let delayed = waits && self.run_at > now;
        let ready = waits && !delayed && self.blockers == 0;
        (
            self.id,
            self.state.as_str(),
            self.blockers,
            ready.then(|| rank(self.run_at, self.priority)),
            delayed.then_some(self.run_at),
            self.attempts,
            self.run_at,
            self.settled_at,
            self.parked_until,
            self.hold_key.as_deref(),
            self.reason.as_deref(),
        )
    }
}

fn in_line(state: JobState) -> bool {
    matches!(state, JobState::Waiting | JobState::Active)
}

/// The columns that change, as one JSON array: see [`WRITE`].
pub(super) type Written<'a> = (
    i64,
    &'static str,
    i64,
    Option<i64>,
    Option<i64>,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
    Option<&'a str>,
    Option<&'a str>,
);

/// Stores the jobs in the JSON array, none of which is active any more. What is settled has no unique key.
pub(super) const WRITE: &str = "
    UPDATE job SET state = value ->> 1, blockers = value ->> 2, rank = value ->> 3, later = value ->> 4,
                   attempts = value ->> 5, run_at = value ->> 6, settled_at = value ->> 7, parked_until = value ->> 8,
                   hold_key = value ->> 9, reason = value ->> 10, lease_until = NULL,
                   unique_key = CASE WHEN value ->> 1 IN ('waiting', 'held') THEN unique_key END
    FROM json_each(?) WHERE job.id = value ->> 0";

impl<'r> FromRow<'r, SqliteRow> for Stored {
    fn from_row(row: &'r SqliteRow) -> sqlx::Result<Self> {
        let state = state_of(row.try_get(3)?).map_err(|_| sqlx::Error::Decode("job state".into()))?;
        let parked_until: Option<i64> = row.try_get(13)?;
        Ok(Self {
            id: row.try_get(0)?,
            lane: row.try_get(1)?,
            org: row.try_get(2)?,
            was: state,
            state,
            blockers: row.try_get(4)?,
            attempts: row.try_get(5)?,
            max_attempts: row.try_get(6)?,
            priority: row.try_get(7)?,
            run_at: row.try_get(8)?,
            reason: row.try_get(9)?,
            hold_key: row.try_get(10)?,
            settled_at: row.try_get(11)?,
            park: row.try_get(12)?,
            was_parked: parked_until.is_some(),
            parked_until,
            keys: row.try_get::<Option<Vec<u8>>, _>(14)?.unwrap_or_default(),
        })
    }
}

pub(super) fn state_of(name: &str) -> Result<JobState, Failure> {
    JobState::from_name(name).ok_or(Failure::Corrupt("job state"))
}
