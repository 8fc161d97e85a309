//! [`QueueAdmin`]: the queue of one org as its operators see it.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{JobFilter, JobId, JobState, JobView, PauseScope, QueueAdmin, QueueStats, Result};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _, SqliteConnection};

use super::lanes::{Counts, Lane};
use super::lines::{Lines, PARKED};
use super::list::Walk;
use super::statement::Statement;
use super::stored::Stored;
use super::{change, due, json, list};
use crate::error::Failure;
use crate::{SqliteStore, row};

/// So many rows are moved or removed in one operation, so that no acknowledgement waits long behind it.
const CHUNK: i64 = 500;

#[async_trait]
impl QueueAdmin for SqliteStore {
    async fn stats(&self, org: &OrgId, queue: Option<&str>, now: DateTime<Utc>) -> Result<QueueStats> {
        Ok(stats(self.reader().await?.connection(), org, queue, now).await?)
    }

    async fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Result<Vec<JobView>> {
        Ok(list::list(self.reader().await?.connection(), org, filter, limit).await?)
    }

    async fn redrive(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        let state = filter.state.unwrap_or(JobState::Failed);
        if !matches!(state, JobState::Failed | JobState::Cancelled) {
            return Ok(0);
        }
        self.move_all(org, filter, &[state], Stored::redrive, now).await
    }

    async fn release(&self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> Result<u64> {
        let input = (org.clone(), hold_key.to_owned(), now);
        let mut released = 0;
        loop {
            let chunk =
                self.write(input.clone(), |connection, input| Box::pin(release(connection, input))).await?;
            released += chunk;
            if chunk < CHUNK.unsigned_abs() {
                return Ok(released);
            }
        }
    }

    async fn cancel(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        let failed_too = filter.id.is_some() || filter.state == Some(JobState::Failed);
        let states: &[JobState] = if failed_too {
            &[JobState::Waiting, JobState::Active, JobState::Held, JobState::Failed]
        } else {
            &[JobState::Waiting, JobState::Active, JobState::Held]
        };
        let wanted: Vec<_> =
            states.iter().copied().filter(|state| filter.state.is_none_or(|only| only == *state)).collect();
        self.move_all(org, filter, &wanted, Stored::cancel, now).await
    }

    async fn set_paused(&self, scope: &PauseScope, paused: bool) -> Result<()> {
        let input = (scope.clone(), paused);
        Ok(self.write(input, |connection, input| Box::pin(set_paused(connection, input))).await?)
    }

    async fn paused(&self, org: &OrgId) -> Result<Vec<PauseScope>> {
        let mut scopes = pauses(self.reader().await?.connection(), org).await?;
        scopes.sort_unstable();
        Ok(scopes)
    }

    async fn clean(
        &self,
        org: &OrgId,
        completed_before: DateTime<Utc>,
        failed_before: DateTime<Utc>,
    ) -> Result<u64> {
        let mut removed = self.remove(org, JobState::Completed, completed_before).await?;
        for state in [JobState::Failed, JobState::Cancelled] {
            removed += self.remove(org, state, failed_before).await?;
        }
        Ok(removed)
    }
}

/// What an operator does to a job.
type Act = fn(&mut Stored, i64);

impl SqliteStore {
    /// In steps; a job that comes back meanwhile is behind the last one and is not moved twice.
    async fn move_all(
        &self,
        org: &OrgId,
        filter: &JobFilter,
        states: &[JobState],
        act: Act,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let mut moved = 0;
        for state in states {
            let mut rest = JobFilter { state: Some(*state), ..filter.clone() };
            loop {
                let input = (org.clone(), rest.clone(), act, now);
                let step =
                    self.write(input, |connection, input| Box::pin(move_chunk(connection, input))).await?;
                let Some((last, count)) = step else { break };
                moved += count;
                rest.after = Some(last);
            }
        }
        Ok(moved)
    }

    /// Found beside the writer, removed in steps.
    async fn remove(&self, org: &OrgId, state: JobState, before: DateTime<Utc>) -> Result<u64, Failure> {
        let (mut removed, mut after) = (0, i64::MIN);
        loop {
            let found = old(self.reader().await?.connection(), org, state, before, after).await?;
            let Some(last) = found.last() else { return Ok(removed) };
            after = *last;
            let input = (org.clone(), state, before, found);
            removed += self.write(input, |connection, input| Box::pin(remove(connection, input))).await?;
        }
    }
}

/// The last job that was moved, and how many were.
async fn move_chunk(
    connection: &mut SqliteConnection,
    (org, filter, act, now): &(OrgId, JobFilter, Act, DateTime<Utc>),
) -> Result<Option<(JobId, u64)>, Failure> {
    let Some(walk) = Walk::over(filter.state).pop() else { return Ok(None) };
    let mut jobs: Vec<Stored> = list::find(connection, Stored::COLUMNS, &walk, (org, filter), CHUNK).await?;
    let Some(last) = jobs.last().map(|job| JobId(job.id)) else { return Ok(None) };
    jobs.iter_mut().for_each(|job| act(job, row::micros(*now)));
    let count = jobs.len() as u64;
    change::store(connection, jobs, *now).await?;
    Ok(Some((last, count)))
}

async fn release(
    connection: &mut SqliteConnection,
    (org, hold_key, now): &(OrgId, String, DateTime<Utc>),
) -> Result<u64, Failure> {
    let mut held: Vec<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {} FROM job INDEXED BY job_held WHERE org = $1 AND hold_key = $2 ORDER BY id LIMIT $3",
        Stored::COLUMNS
    )))
    .bind(org.as_str())
    .bind(hold_key.as_str())
    .bind(CHUNK)
    .fetch_all(&mut *connection)
    .await?;
    held.iter_mut().for_each(|job| job.revive(row::micros(*now)));
    let count = held.len() as u64;
    change::store(connection, held, *now).await?;
    Ok(count)
}

async fn set_paused(
    connection: &mut SqliteConnection,
    (scope, paused): &(PauseScope, bool),
) -> Result<(), Failure> {
    let change = if *paused {
        "INSERT INTO job_pause (org, queue, kind, remote, resource_type) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM job_pause WHERE org IS $1 AND queue IS $2 AND kind IS $3 AND remote IS $4 AND resource_type IS $5"
    };
    sqlx::query(change)
        .bind(scope.org.as_ref().map(OrgId::as_str))
        .bind(scope.queue.as_deref())
        .bind(scope.kind.as_deref())
        .bind(scope.remote.as_deref())
        .bind(scope.resource_type.as_deref())
        .execute(connection)
        .await?;
    Ok(())
}

/// The pauses that hold for an org.
async fn pauses(connection: &mut SqliteConnection, org: &OrgId) -> Result<Vec<PauseScope>, Failure> {
    let rows: Vec<due::Scope> = sqlx::query_as(
        "SELECT org, queue, kind, remote, resource_type FROM job_pause WHERE org IS NULL OR org = $1",
    )
    .bind(org.as_str())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(due::scope).collect()
}

/// A lane with its counts, and how many of its jobs wait for a later instant.
struct Counted {
    lane: Lane,
    counts: [i64; 6],
    delayed: i64,
}

impl<'r> FromRow<'r, SqliteRow> for Counted {
    fn from_row(row: &'r SqliteRow) -> sqlx::Result<Self> {
        let mut counts = [0; 6];
        for (n, count) in counts.iter_mut().enumerate() {
            *count = row.try_get(6 + n)?;
        }
        Ok(Self { lane: Lane::from_row(row)?, counts, delayed: row.try_get(12)? })
    }
}

/// Only jobs that were enqueued, or put back, for later are counted one by one; and, when the clock was set back, those
/// that were due by the clock of then.
async fn stats(
    connection: &mut SqliteConnection,
    org: &OrgId,
    queue: Option<&str>,
    now: DateTime<Utc>,
) -> Result<QueueStats, Failure> {
    let lanes: Vec<Counted> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {}, waiting, active, completed, failed, held, cancelled,
                CASE WHEN waiting = 0 THEN 0
                     WHEN latest <= $3 THEN
                         (SELECT count(*) FROM job INDEXED BY job_later
                          WHERE job.lane = job_lane.id AND blockers >= 0 AND later > $3 AND run_at > $3)
                     ELSE (SELECT count(*) FROM job INDEXED BY job_open
                           WHERE job.org = job_lane.org AND settled_at IS NULL AND job.lane = job_lane.id
                             AND job.state = 'waiting' AND run_at > $3) END
         FROM job_lane INDEXED BY job_lane_named WHERE org = $1 AND ($2 IS NULL OR queue = $2)",
        Lane::COLUMNS
    )))
    .bind(org.as_str())
    .bind(queue)
    .bind(row::micros(now))
    .fetch_all(&mut *connection)
    .await?;
    let pauses = pauses(connection, org).await?;
    let mut stats = QueueStats::default();
    for Counted { lane, counts, delayed } in lanes {
        let counts = counts.map(row::unsigned);
        let [waiting, active, completed, failed, held, cancelled] = counts;
        let (waiting, delayed) = (waiting?, row::unsigned(delayed)?);
        if pauses.iter().any(|scope| lane.is_covered_by(scope)) {
            stats.paused += waiting;
        } else {
            stats.delayed += delayed;
            stats.waiting += waiting.saturating_sub(delayed);
        }
        stats.active += active?;
        stats.completed += completed?;
        stats.failed += failed?;
        stats.held += held?;
        stats.cancelled += cancelled?;
    }
    Ok(stats)
}

/// Id, lane, until when it parked its keys, and these.
type Removed = (i64, i64, Option<i64>, Option<Vec<u8>>);

/// The first jobs of a state behind `after` that ended before an instant.
async fn old(
    connection: &mut SqliteConnection,
    org: &OrgId,
    state: JobState,
    before: DateTime<Utc>,
    after: i64,
) -> Result<Vec<i64>, Failure> {
    let ids = sqlx::query_scalar(
        "SELECT id FROM job INDEXED BY job_done
         WHERE org = $1 AND state = $2 AND id > $3 AND settled_at < $4 ORDER BY id LIMIT $5",
    )
    .bind(org.as_str())
    .bind(state.as_str())
    .bind(after)
    .bind(row::micros(before))
    .bind(CHUNK);
    Ok(ids.fetch_all(connection).await?)
}

/// The rows are gone, unless they were put back meanwhile; those who waited for parked ones go on.
async fn remove(
    connection: &mut SqliteConnection,
    (org, state, before, ids): &(OrgId, JobState, DateTime<Utc>, Vec<i64>),
) -> Result<u64, Failure> {
    let removed: Vec<Removed> = sqlx::query_as(
        "DELETE FROM job WHERE id IN (SELECT value FROM json_each($1)) AND state = $2 AND settled_at < $3
         RETURNING id, lane, parked_until, okeys",
    )
    .bind(json(ids)?)
    .bind(state.as_str())
    .bind(row::micros(*before))
    .fetch_all(&mut *connection)
    .await?;
    let (mut counts, mut lines) = (Counts::default(), Lines::default());
    for (id, lane, parked_until, keys) in &removed {
        counts.loses(*lane, *state);
        if let (Some(_), Some(keys)) = (parked_until, keys) {
            lines.remove(org.as_str(), keys, &[PARKED], *id);
        }
    }
    let mut statement = Statement::default();
    let ids: Vec<i64> = removed.iter().map(|(id, ..)| *id).collect();
    statement.then("DELETE FROM job_content WHERE id IN (SELECT value FROM json_each(?))").add(json(&ids)?);
    counts.push(&mut statement);
    // What is removed was settled long ago: that is the only instant that is known here.
    lines.store(statement, connection, *before).await?;
    Ok(removed.len() as u64)
}
