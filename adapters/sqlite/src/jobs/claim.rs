//! Claiming: ended leases and delays first, then the jobs whose turn it is.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use carewire_sync_engine::{ClaimOptions, ClaimedJob, JobId, JobState, Lease, Progress, Reported};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::due::{self, Queue, Waiting};
use super::fair::{Candidate, Chooser};
use super::lanes::Counts;
use super::statement::Statement;
use super::stored::Stored;
use super::{change, json};
use crate::error::Failure;
use crate::row;

/// So many leases, or delays of each lane, that have ended are looked at in one claim beside those that it may take; the
/// next claim looks at the rest.
const ENDED: i64 = 100;

/// Claims inside the open transaction.
pub(super) async fn claim(
    connection: &mut SqliteConnection,
    options: &ClaimOptions,
) -> Result<Vec<ClaimedJob>, Failure> {
    let mut queue = due::look(connection, &options.queue).await?;
    let expired = queue.lease.is_some_and(|end| end <= options.now) && expire(connection, options).await?;
    let promoted = promote(connection, options, &queue).await?;
    if expired || promoted {
        queue = due::look(connection, &options.queue).await?;
    }
    let (last, debts) = (queue.last.clone(), queue.debts.clone());
    let chosen = Chooser::new(connection, options, &mut queue).choose().await?;
    queue.limits.store(connection).await?;
    let mut turn = Statement::default();
    if last != queue.last {
        turn.then(SERVED).add(options.queue.as_str()).add(queue.last.as_deref());
    }
    if debts != queue.debts {
        turn.then("DELETE FROM job_debt WHERE queue = ?").add(options.queue.as_str());
        turn.then(OWE).add(options.queue.as_str()).add(json(&queue.debts)?);
    }
    lease(connection, options, &queue, (chosen, turn)).await
}

const SERVED: &str =
    "INSERT INTO job_served (queue, org) VALUES (?, ?) ON CONFLICT DO UPDATE SET org = excluded.org";
const OWE: &str = "INSERT INTO job_debt (queue, org, credit) SELECT ?, key, value FROM json_each(?)";

/// Takes ended leases away; answers whether there were any.
async fn expire(connection: &mut SqliteConnection, options: &ClaimOptions) -> Result<bool, Failure> {
    let mut expired: Vec<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {} FROM job INDEXED BY job_leased
         WHERE queue = $1 AND lease_until <= $2 ORDER BY lease_until LIMIT $3",
        Stored::COLUMNS
    )))
    .bind(options.queue.as_str())
    .bind(row::micros(options.now))
    .bind(ENDED.saturating_add(row::limit(options.limit)))
    .fetch_all(&mut *connection)
    .await?;
    for job in &mut expired {
        job.expire(row::micros(options.now));
    }
    let any = !expired.is_empty();
    change::store(connection, expired, options.now).await?;
    Ok(any)
}

/// Delayed jobs whose time has come may be claimed from now on.
async fn promote(
    connection: &mut SqliteConnection,
    options: &ClaimOptions,
    queue: &Queue,
) -> Result<bool, Failure> {
    let over = |waiting: &&Waiting| waiting.later.is_some_and(|later| later <= options.now);
    let lanes: Vec<i64> = queue.lanes.iter().filter(over).map(|waiting| waiting.lane.id).collect();
    if lanes.is_empty() {
        return Ok(false);
    }
    sqlx::query(PROMOTE)
        .bind(json(&lanes)?)
        .bind(row::micros(options.now))
        .bind(ENDED.saturating_add(row::limit(options.limit)))
        .execute(connection)
        .await?;
    Ok(true)
}

pub(super) const PROMOTE: &str = "
    UPDATE job SET later = NULL, rank = run_at + 60000000 * (priority - 1)
    WHERE id IN (
        SELECT due.id FROM json_each($1) AS lane CROSS JOIN job AS due ON due.id IN (
            SELECT id FROM job AS next INDEXED BY job_later
            WHERE next.lane = lane.value AND next.blockers = 0 AND next.later <= $2
            ORDER BY next.later LIMIT $3));
    UPDATE job_lane SET latest = max(latest, $2) WHERE id IN (SELECT value FROM json_each($1))";

pub(super) const LEASE: &str = "
    UPDATE job SET state = 'active', epoch = epoch + 1, rank = NULL, lease_until = ?
    WHERE id IN (SELECT value FROM json_each(?))";

/// References and progress are JSON, and a correlation needs no quoting in it.
pub(super) const LEASED: &str = "
    SELECT '[' || group_concat('[' || job.id || ',' || lane || ',' || refs || ',' || attempts || ',' || max_attempts ||
               ',' || epoch || ',\"' || correlation || '\",' || enqueued_at || ',' || ifnull(progress, 'null') || ']') || ']'
    FROM json_each(?) AS asked CROSS JOIN job ON job.id = asked.value CROSS JOIN job_content ON job_content.id = job.id";

type Columns = (i64, i64, BTreeMap<String, String>, i64, i64, i64, String, i64, Option<Progress>);

/// In the order of rank and id; whose turn it was is stored with it.
async fn lease(
    connection: &mut SqliteConnection,
    options: &ClaimOptions,
    queue: &Queue,
    (mut chosen, mut statement): (Vec<Candidate>, Statement),
) -> Result<Vec<ClaimedJob>, Failure> {
    if chosen.is_empty() {
        statement.run(connection).await?;
        return Ok(Vec::new());
    }
    chosen.sort_unstable();
    let until = options.now + length(options.lease);
    let mut counts = Counts::default();
    for candidate in &chosen {
        counts.loses(candidate.lane, JobState::Waiting);
        counts.gains(candidate.lane, JobState::Active, 0);
    }
    let ids = json(&chosen.iter().map(|candidate| candidate.id).collect::<Vec<_>>())?;
    statement.then(LEASE).add(row::micros(until)).add(ids.as_str());
    counts.push(&mut statement);
    statement.then(LEASED).add(ids.as_str());
    let rows: Vec<Columns> = statement.rows(connection).await?;
    let lanes: HashMap<i64, &Waiting> =
        queue.lanes.iter().map(|waiting| (waiting.lane.id, waiting)).collect();
    let claimed = rows.into_iter().map(|columns| {
        let waiting = lanes.get(&columns.1).ok_or(Failure::Corrupt("lane"))?;
        of(columns, waiting, until)
    });
    claimed.collect()
}

fn length(lease: Duration) -> TimeDelta {
    TimeDelta::from_std(lease).unwrap_or(TimeDelta::days(36_525))
}

fn of(columns: Columns, waiting: &Waiting, until: DateTime<Utc>) -> Result<ClaimedJob, Failure> {
    let (id, _, refs, attempts, max_attempts, epoch, correlation, enqueued_at, progress) = columns;
    Ok(ClaimedJob {
        lease: Lease { org: waiting.org.clone(), job: JobId(id), epoch: row::unsigned(epoch)?, until },
        queue: waiting.lane.queue.clone(),
        kind: waiting.lane.kind.clone(),
        refs,
        remote: waiting.lane.remote.clone(),
        resource_type: waiting.lane.resource_type.clone(),
        attempt: row::small(attempts)?.saturating_add(1),
        max_attempts: row::small(max_attempts)?,
        checkpoint: progress.and_then(|progress| progress.checkpoint),
        correlation: row::correlation(&correlation)?,
        enqueued_at: row::instant(enqueued_at)?,
        reported: Reported::default(),
    })
}

pub(super) fn progress_of(stored: Option<String>) -> Result<Option<Progress>, Failure> {
    let progress = stored.map(|progress| serde_json::from_str(&progress)).transpose();
    progress.map_err(|_| Failure::Corrupt("progress"))
}
