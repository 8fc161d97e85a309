//! [`QueueAdmin`]: the queue of one org as its operators see it.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{JobFilter, JobId, JobState, JobView, QueueAdmin, QueueStats, Result};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::error::Failure;
use crate::{SqliteStore, row, turns};

/// So many rows are moved or removed in one operation, so that no acknowledgement waits long behind it.
const CHUNK: i64 = 500;

#[async_trait]
impl QueueAdmin for SqliteStore {
    async fn stats(&self, org: &OrgId, now: DateTime<Utc>) -> Result<QueueStats> {
        Ok(stats(self, org, now).await?)
    }

    async fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Result<Vec<JobView>> {
        let mut query = QueryBuilder::new("SELECT * FROM (");
        let states =
            JobState::ALL.into_iter().filter(|state| filter.state.is_none_or(|wanted| wanted == *state));
        for (n, state) in states.enumerate() {
            query.push(if n == 0 { "" } else { " UNION ALL " });
            // One ordered index walk for each state, none longer than the limit.
            query
                .push("SELECT * FROM (SELECT id, queue, kind, state, refs, attempts, max_attempts, reason, ");
            query.push("correlation, enqueued_at, run_at, settled_at FROM job INDEXED BY job_state WHERE ");
            push_filter(&mut query, org, filter, state);
            query.push(" ORDER BY id LIMIT ").push_bind(row::limit(limit)).push(")");
        }
        query.push(") ORDER BY id LIMIT ").push_bind(row::limit(limit));
        let rows: Vec<Columns> = query
            .build_query_as()
            .fetch_all(self.reader().await?.connection())
            .await
            .map_err(Failure::from)?;
        Ok(rows.into_iter().map(view).collect::<Result<_, Failure>>()?)
    }

    async fn redrive(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        if filter.state.is_some_and(|state| state != JobState::Failed) {
            return Ok(0);
        }
        let mut moved = 0;
        let mut rest = filter.clone();
        // A job that fails again meanwhile is behind `after` and is not moved twice.
        while let Some((last, count)) = self.redrive_chunk(org, &rest, now).await? {
            moved += count;
            rest.after = Some(last);
        }
        Ok(moved)
    }

    async fn release(&self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> Result<u64> {
        let input = (org.clone(), hold_key.to_owned(), now);
        Ok(self.write(input, |connection, input| Box::pin(release(connection, input))).await?)
    }

    async fn set_paused(&self, org: &OrgId, queue: &str, paused: bool) -> Result<()> {
        let input = (org.clone(), queue.to_owned(), paused);
        Ok(self.write(input, |connection, input| Box::pin(set_paused(connection, input))).await?)
    }

    async fn clean(
        &self,
        org: &OrgId,
        completed_before: DateTime<Utc>,
        failed_before: DateTime<Utc>,
    ) -> Result<u64> {
        let completed = self.remove(org, JobState::Completed, completed_before).await?;
        let failed = self.remove(org, JobState::Failed, failed_before).await?;
        Ok(completed + failed)
    }
}

impl SqliteStore {
    async fn redrive_chunk(
        &self,
        org: &OrgId,
        filter: &JobFilter,
        now: DateTime<Utc>,
    ) -> Result<Option<(JobId, u64)>, Failure> {
        let input = (org.clone(), filter.clone(), now);
        self.write(input, |connection, input| Box::pin(redrive(connection, input))).await
    }

    async fn remove(&self, org: &OrgId, state: JobState, before: DateTime<Utc>) -> Result<u64, Failure> {
        let mut removed = 0;
        loop {
            let input = (org.clone(), state, before);
            let count = self.write(input, |connection, input| Box::pin(remove(connection, input))).await?;
            removed += count;
            if count < CHUNK.unsigned_abs() {
                return Ok(removed);
            }
        }
    }
}

async fn stats(store: &SqliteStore, org: &OrgId, now: DateTime<Utc>) -> Result<QueueStats, Failure> {
    let lanes: Vec<(String, i64, bool, i64)> = sqlx::query_as(
        "SELECT state, jobs,
                EXISTS (SELECT 1 FROM paused WHERE paused.org = lane.org AND paused.queue = lane.queue),
                CASE WHEN state = 'waiting' THEN
                    (SELECT count(*) FROM job INDEXED BY job_waiting WHERE job.queue = lane.queue AND job.org = lane.org
                     AND job.head IN (0, 1) AND job.state = 'waiting' AND job.run_at > ?2)
                ELSE 0 END
         FROM job_count AS lane WHERE org = ?1 AND jobs > 0",
    )
    .bind(org.as_str())
    .bind(row::micros(now))
    .fetch_all(store.reader().await?.connection())
    .await?;
    let mut stats = QueueStats::default();
    for (state, jobs, paused, delayed) in lanes {
        let (jobs, delayed) = (row::unsigned(jobs)?, row::unsigned(delayed)?);
        match state_of(&state)? {
            JobState::Waiting if paused => stats.paused += jobs,
            JobState::Waiting => {
                stats.delayed += delayed;
                stats.waiting += jobs.saturating_sub(delayed);
            }
            JobState::Active => stats.active += jobs,
            JobState::Completed => stats.completed += jobs,
            JobState::Failed => stats.failed += jobs,
            JobState::Held => stats.held += jobs,
            _ => return Err(Failure::Corrupt("job state")),
        }
    }
    Ok(stats)
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, org: &OrgId, filter: &JobFilter, state: JobState) {
    query.push("org = ").push_bind(org.as_str().to_owned());
    query.push(" AND state = ").push_bind(state.as_str());
    let (first, last) = filter.id.map_or((i64::MIN, i64::MAX), |id| (id.0, id.0));
    let after = filter.after.map_or(i64::MIN, |after| after.0.saturating_add(1));
    query.push(" AND id BETWEEN ").push_bind(first.max(after)).push(" AND ").push_bind(last);
    if let Some(queue) = &filter.queue {
        query.push(" AND queue = ").push_bind(queue.clone());
    }
    if let Some(reason) = &filter.reason {
        query.push(" AND reason = ").push_bind(reason.clone());
    }
}

type Columns = (i64, String, String, String, String, i64, i64, Option<String>, String, i64, i64, Option<i64>);

fn view(columns: Columns) -> Result<JobView, Failure> {
    let (id, queue, kind, state, refs, attempts, max, reason, correlation, enqueued_at, run_at, settled_at) =
        columns;
    Ok(JobView {
        id: JobId(id),
        queue,
        kind,
        state: state_of(&state)?,
        refs: row::names(&refs)?,
        attempts: row::small(attempts)?,
        max_attempts: row::small(max)?,
        reason,
        correlation,
        enqueued_at: row::instant(enqueued_at)?,
        run_at: row::instant(run_at)?,
        settled_at: settled_at.map(row::instant).transpose()?,
    })
}

fn state_of(name: &str) -> Result<JobState, Failure> {
    JobState::from_name(name).ok_or(Failure::Corrupt("job state"))
}

/// Moves the first matching jobs; answers the last of them and how many they were.
async fn redrive(
    connection: &mut SqliteConnection,
    (org, filter, now): &(OrgId, JobFilter, DateTime<Utc>),
) -> Result<Option<(JobId, u64)>, Failure> {
    let mut query = QueryBuilder::new("SELECT id FROM job INDEXED BY job_state WHERE ");
    push_filter(&mut query, org, filter, JobState::Failed);
    query.push(" ORDER BY id LIMIT ").push_bind(CHUNK);
    let ids: Vec<i64> = query.build_query_scalar().fetch_all(&mut *connection).await?;
    let Some(last) = ids.last() else { return Ok(None) };
    revive(connection, &ids, true, *now).await?;
    Ok(Some((JobId(*last), ids.len() as u64)))
}

async fn release(
    connection: &mut SqliteConnection,
    (org, hold_key, now): &(OrgId, String, DateTime<Utc>),
) -> Result<u64, Failure> {
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT id FROM job INDEXED BY job_held WHERE org = ?1 AND hold_key = ?2 AND state = 'held'",
    )
    .bind(org.as_str())
    .bind(hold_key.as_str())
    .fetch_all(&mut *connection)
    .await?;
    if !ids.is_empty() {
        revive(connection, &ids, false, *now).await?;
    }
    Ok(ids.len() as u64)
}

/// Back to waiting, due at once. What was due earlier stays so: the jobs keep their old order among the others.
async fn revive(
    connection: &mut SqliteConnection,
    ids: &[i64],
    fresh: bool,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let ids = json!(ids).to_string();
    sqlx::query(
        "UPDATE job SET state = 'waiting', head = (okey IS NULL), run_at = min(run_at, ?2), hold_key = NULL,
                        settled_at = NULL, attempts = CASE WHEN ?3 THEN 0 ELSE attempts END
         WHERE id IN (SELECT value FROM json_each(?1))",
    )
    .bind(&ids)
    .bind(row::micros(now))
    .bind(fresh)
    .execute(&mut *connection)
    .await?;
    turns::reassign(connection, &ids).await
}

async fn set_paused(
    connection: &mut SqliteConnection,
    (org, queue, paused): &(OrgId, String, bool),
) -> Result<(), Failure> {
    let change = if *paused {
        "INSERT INTO paused (org, queue) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM paused WHERE org = ?1 AND queue = ?2"
    };
    sqlx::query(change).bind(org.as_str()).bind(queue.as_str()).execute(connection).await?;
    Ok(())
}

async fn remove(
    connection: &mut SqliteConnection,
    (org, state, before): &(OrgId, JobState, DateTime<Utc>),
) -> Result<u64, Failure> {
    let removed = sqlx::query(
        "DELETE FROM job WHERE id IN (
             SELECT id FROM job INDEXED BY job_settled WHERE org = ?1 AND state = ?2 AND settled_at < ?3 LIMIT ?4)",
    )
    .bind(org.as_str())
    .bind(state.as_str())
    .bind(row::micros(*before))
    .bind(CHUNK)
    .execute(connection)
    .await?;
    Ok(removed.rows_affected())
}
