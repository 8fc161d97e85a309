//! Claiming: expired leases first, then the due jobs that have their turn.

use std::time::Duration;

use carewire_sync_engine::{ClaimOptions, ClaimedJob, JobId, Lease};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::SqliteConnection;

use crate::error::Failure;
use crate::{row, turns};

/// So many expired leases are taken away in one claim; the next claim takes the rest.
const EXPIRED: i64 = 1000;

/// Per lane (the queue in one org) an index walk to its first due jobs, so that neither a long backlog nor a paused
/// lane nor many jobs behind one key make a claim slower.
pub(crate) const CLAIM: &str = "
    UPDATE job SET state = 'active', epoch = epoch + 1, lease_until = ?4
    WHERE id IN (
        SELECT due.id
        FROM job_count AS lane CROSS JOIN job AS due ON due.id IN (
            SELECT ready.id FROM job AS ready INDEXED BY job_waiting
            WHERE ready.queue = ?1 AND ready.org = lane.org AND ready.head = 1 AND ready.state = 'waiting'
              AND ready.run_at <= ?2
            ORDER BY ready.run_at, ready.id LIMIT ?3)
        WHERE lane.queue = ?1 AND lane.state = 'waiting' AND lane.jobs > 0
          AND NOT EXISTS (SELECT 1 FROM paused WHERE paused.org = lane.org AND paused.queue = ?1)
        ORDER BY due.run_at, due.id LIMIT ?3)
    RETURNING id, org, queue, kind, refs, attempts, max_attempts, epoch, correlation, enqueued_at, run_at";

/// What there is to do in a queue, and when.
pub(crate) struct Due {
    /// The first job is due.
    job: Option<i64>,
    /// The first lease ends.
    lease: Option<i64>,
}

impl Due {
    pub(crate) fn is_by(&self, now: DateTime<Utc>) -> bool {
        self.first().is_some_and(|first| first <= row::micros(now))
    }

    pub(crate) fn next(&self) -> Result<Option<DateTime<Utc>>, Failure> {
        self.first().map(row::instant).transpose()
    }

    fn first(&self) -> Option<i64> {
        self.job.into_iter().chain(self.lease).min()
    }
}

/// Looks without waiting for the writer.
pub(crate) async fn due(reader: &mut SqliteConnection, queue: &str) -> Result<Due, Failure> {
    let (job, lease) = sqlx::query_as(
        "SELECT (SELECT min((SELECT min(run_at) FROM job INDEXED BY job_waiting
                             WHERE job.queue = ?1 AND job.org = lane.org AND job.head = 1 AND job.state = 'waiting'))
                 FROM job_count AS lane
                 WHERE lane.queue = ?1 AND lane.state = 'waiting' AND lane.jobs > 0
                   AND NOT EXISTS (SELECT 1 FROM paused WHERE paused.org = lane.org AND paused.queue = ?1)),
                (SELECT min(lease_until) FROM job INDEXED BY job_leased WHERE queue = ?1 AND state = 'active')",
    )
    .bind(queue)
    .fetch_one(reader)
    .await?;
    Ok(Due { job, lease })
}

/// Claims inside the open transaction what was seen to be due.
pub(crate) async fn claim(
    connection: &mut SqliteConnection,
    options: &ClaimOptions,
    due: &Due,
) -> Result<Vec<ClaimedJob>, Failure> {
    if due.lease.is_some_and(|end| end <= row::micros(options.now)) {
        expire(connection, options).await?;
    }
    let until = options.now + lease(options.lease);
    let mut rows: Vec<Columns> = sqlx::query_as(CLAIM)
        .bind(options.queue.as_str())
        .bind(row::micros(options.now))
        .bind(row::limit(options.limit))
        .bind(row::micros(until))
        .fetch_all(connection)
        .await?;
    rows.sort_unstable_by_key(|columns| (columns.10, columns.0));
    rows.into_iter().map(|columns| claimed(columns, until)).collect()
}

fn lease(length: Duration) -> TimeDelta {
    TimeDelta::from_std(length).unwrap_or(TimeDelta::days(1))
}

type Columns = (i64, String, String, String, String, i64, i64, i64, String, i64, i64);

fn claimed(columns: Columns, until: DateTime<Utc>) -> Result<ClaimedJob, Failure> {
    let (id, org, queue, kind, refs, attempts, max_attempts, epoch, correlation, enqueued_at, _) = columns;
    Ok(ClaimedJob {
        lease: Lease { org: row::org(&org)?, job: JobId(id), epoch: row::unsigned(epoch)?, until },
        queue,
        kind,
        refs: row::names(&refs)?,
        attempt: row::small(attempts)?.saturating_add(1),
        max_attempts: row::small(max_attempts)?,
        correlation: row::correlation(&correlation)?,
        enqueued_at: row::instant(enqueued_at)?,
    })
}

/// Takes expired leases away; each counts as an attempt, and the last one leads to the dead letter.
async fn expire(connection: &mut SqliteConnection, options: &ClaimOptions) -> Result<(), Failure> {
    let expired: Vec<(i64, bool)> = sqlx::query_as(
        "SELECT id, attempts + 1 >= max_attempts FROM job INDEXED BY job_leased
         WHERE queue = ?1 AND state = 'active' AND lease_until <= ?2 ORDER BY lease_until LIMIT ?3",
    )
    .bind(options.queue.as_str())
    .bind(row::micros(options.now))
    .bind(EXPIRED)
    .fetch_all(&mut *connection)
    .await?;
    if expired.is_empty() {
        return Ok(());
    }
    let ids = |dead: bool| {
        let chosen: Vec<i64> = expired.iter().filter(|(_, last)| *last == dead).map(|(id, _)| *id).collect();
        json!(chosen).to_string()
    };
    let all: Vec<i64> = expired.iter().map(|(id, _)| *id).collect();
    take_away(connection, &ids(false), "waiting", None).await?;
    take_away(connection, &ids(true), "failed", Some(options.now)).await?;
    turns::pass_on(connection, &json!(all).to_string()).await
}

async fn take_away(
    connection: &mut SqliteConnection,
    jobs: &str,
    state: &'static str,
    settled_at: Option<DateTime<Utc>>,
) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE job SET state = ?2, head = (okey IS NULL AND ?2 = 'waiting'), attempts = attempts + 1,
                        reason = 'lease-expired', lease_until = NULL, settled_at = ?3
         WHERE id IN (SELECT value FROM json_each(?1))",
    )
    .bind(jobs)
    .bind(state)
    .bind(settled_at.map(row::micros))
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, Row as _};

    use super::*;
    use crate::schema;

    async fn plan(sql: &str) -> Vec<String> {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        schema::migrate(&mut connection).await.unwrap();
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let steps = sqlx::query(explain).fetch_all(&mut connection).await.unwrap();
        steps.iter().map(|step| step.get::<String, _>("detail")).collect()
    }

    /// The due jobs of a lane are read off the index in their order: nothing is scanned, nothing is sorted but the
    /// few jobs that are claimed.
    #[tokio::test]
    async fn a_claim_walks_the_index_of_its_lane() {
        let plan = plan(CLAIM).await;
        let walk =
            "SEARCH ready USING COVERING INDEX job_waiting (queue=? AND org=? AND head=? AND run_at<?)";
        let has = |wanted: &str| plan.iter().any(|step| step == wanted);
        assert!(has(walk), "{plan:#?}");
        assert!(has("SEARCH lane USING PRIMARY KEY (queue=? AND state=?)"), "{plan:#?}");
        assert!(has("SEARCH due USING INTEGER PRIMARY KEY (rowid=?)"), "{plan:#?}");
        assert!(has("SEARCH job USING INTEGER PRIMARY KEY (rowid=?)"), "{plan:#?}");
        let scans = plan.iter().filter(|step| step.starts_with("SCAN")).count();
        let sorts = plan.iter().filter(|step| step.contains("TEMP B-TREE")).count();
        assert_eq!((scans, sorts), (0, 1), "{plan:#?}");
    }
}
