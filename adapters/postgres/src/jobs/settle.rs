//! What workers say about the jobs in their hands.

use std::collections::HashSet;

use carewire_sync_engine::{AfterFailure, Beat, JobState, Lease, Outcome, Progress, Settled, Settlement};
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::error::Failure;
use crate::row;

/// The org, id and epoch of each lease.
#[derive(Default)]
struct Leases<'a> {
    orgs: Vec<&'a str>,
    ids: Vec<i64>,
    epochs: Vec<i64>,
}

impl<'a> Leases<'a> {
    fn of(leases: impl Iterator<Item = &'a Lease>) -> Self {
        let mut columns = Self::default();
        for lease in leases {
            columns.orgs.push(lease.org.as_str());
            columns.ids.push(lease.job.0);
            // An epoch that no sequence reaches is the epoch of no job.
            columns.epochs.push(i64::try_from(lease.epoch).unwrap_or(-1));
        }
        columns
    }
}

/// How each attempt ended, as the statement takes it.
#[derive(Default)]
struct Ends<'a> {
    outcomes: Vec<i16>,
    codes: Vec<Option<&'a str>>,
    at: Vec<Option<i64>>,
    holds: Vec<Option<&'a str>>,
}

impl<'a> Ends<'a> {
    /// Of several settlements under one lease the first counts; of the others the statement makes nothing.
    fn push(&mut self, outcome: &'a Outcome, first: bool) {
        let (number, code, at, hold) = match outcome {
            Outcome::Complete => (0, None, None, None),
            Outcome::Fail(failure) => match failure.next {
                AfterFailure::Retry { at, counts } => {
                    (if counts { 1 } else { 2 }, Some(failure.code.as_str()), Some(row::micros(at)), None)
                }
                AfterFailure::Dead => (3, Some(failure.code.as_str()), None, None),
            },
            Outcome::Hold { key, code } => (4, Some(code.as_str()), None, Some(key.as_str())),
        };
        self.outcomes.push(if first { number } else { -1 });
        self.codes.push(code);
        self.at.push(at);
        self.holds.push(hold);
    }
}

pub(super) async fn settle(
    pool: &PgPool,
    settlements: &[Settlement],
    now: DateTime<Utc>,
) -> Result<Vec<Settled>, Failure> {
    if settlements.is_empty() {
        return Ok(Vec::new());
    }
    let leases = Leases::of(settlements.iter().map(|settlement| &settlement.lease));
    let mut ends = Ends::default();
    let mut seen = HashSet::new();
    for Settlement { lease, outcome } in settlements {
        ends.push(outcome, seen.insert((lease.job, lease.epoch)));
    }
    let states: Vec<Option<String>> =
        sqlx::query_scalar("SELECT * FROM carewire.job_settle($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(leases.orgs)
            .bind(leases.ids)
            .bind(leases.epochs)
            .bind(ends.outcomes)
            .bind(ends.codes)
            .bind(ends.at)
            .bind(ends.holds)
            .bind(row::micros(now))
            .fetch_all(pool)
            .await?;
    states.into_iter().map(settled).collect()
}

fn settled(state: Option<String>) -> Result<Settled, Failure> {
    let Some(state) = state else { return Ok(Settled::Stale) };
    JobState::from_name(&state).map(Settled::Done).ok_or(Failure::Corrupt("state of a job"))
}

pub(super) async fn heartbeat(
    pool: &PgPool,
    beats: &[Beat],
    until: DateTime<Utc>,
) -> Result<Vec<bool>, Failure> {
    Progress::check(beats).map_err(|_| Failure::Invalid("a checkpoint of that length"))?;
    if beats.is_empty() {
        return Ok(Vec::new());
    }
    let leases = Leases::of(beats.iter().map(|beat| &beat.lease));
    let progress = || beats.iter().map(|beat| beat.progress.as_ref());
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let held: Vec<bool> =
        sqlx::query_scalar("SELECT * FROM carewire.job_heartbeat($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(leases.orgs)
            .bind(leases.ids)
            .bind(leases.epochs)
            .bind(progress().map(|progress| progress.is_some()).collect::<Vec<_>>())
            .bind(
                progress().map(|progress| progress.map(|progress| number(progress.done))).collect::<Vec<_>>(),
            )
            .bind(progress().map(|progress| progress?.total.map(number)).collect::<Vec<_>>())
            .bind(progress().map(|progress| progress?.checkpoint.as_deref()).collect::<Vec<_>>())
            .bind(row::micros(until))
            .fetch_all(pool)
            .await?;
    Ok(held)
}
