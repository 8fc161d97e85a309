//! Storing what became of jobs: the rows, their lines, the counts.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::json;
use super::lanes::Counts;
use super::lines::{BEHIND, FIRST, Lines, PARKED};
use super::statement::Statement;
use super::stored::{Stored, WRITE, Written};
use crate::error::Failure;
use crate::row;

/// Stores the jobs, which were loaded in this transaction, and gives the turns of their keys on.
pub(super) async fn store(
    connection: &mut SqliteConnection,
    mut jobs: Vec<Stored>,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    if jobs.is_empty() {
        return Ok(());
    }
    let (mut lines, mut counts) = (Lines::default(), Counts::default());
    for job in &mut jobs {
        move_in_lines(job, &mut lines)?;
        counts.loses(job.lane, job.was);
        counts.gains(job.lane, job.state, row::micros(now));
    }
    let rows: Vec<Written<'_>> = jobs.iter().map(|job| job.written(row::micros(now))).collect();
    let mut statement = Statement::default();
    statement.then(WRITE).add(json(&rows)?);
    counts.push(&mut statement);
    lines.store(statement, connection, now).await
}

fn move_in_lines(job: &mut Stored, lines: &mut Lines) -> Result<(), Failure> {
    if job.keys.is_empty() {
        return Ok(());
    }
    match (job.was_in_line(), job.is_in_line()) {
        (true, true) => lines.recheck(&job.org, &job.keys),
        (true, false) if job.blockers == 0 => lines.remove(&job.org, &job.keys, &[FIRST], job.id),
        (true, false) => lines.remove(&job.org, &job.keys, &[FIRST, BEHIND], job.id),
        (false, true) => {
            lines.add(&job.org, &job.keys, BEHIND, job.id, None);
            job.blockers =
                i64::try_from(job.keys.len() / 32).map_err(|_| Failure::Corrupt("ordering keys"))?;
        }
        (false, false) => {}
    }
    if !job.is_in_line() {
        job.blockers = 0;
    }
    if job.was_parked {
        lines.remove(&job.org, &job.keys, &[PARKED], job.id);
    }
    if let Some(until) = job.parked_until {
        lines.add(&job.org, &job.keys, PARKED, job.id, Some(until));
    }
    Ok(())
}
