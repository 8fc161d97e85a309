//! What operators do.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    JobFilter, JobId, JobState, JobView, PauseScope, Priority, Progress, QueueAdmin, QueueStats, Result,
};
use chrono::{DateTime, Utc};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, Row as _};

use super::filter;
use crate::error::Failure;
use crate::{PostgresStore, row};

/// Jobs that one transaction changes at most.
const STEP: i64 = 1000;

struct Columns {
    id: i64,
    queue: String,
    kind: String,
    state: String,
    refs: String,
    priority: i16,
    remote: String,
    resource_type: Option<String>,
    attempts: i32,
    max_attempts: i32,
    reason: Option<String>,
    done: Option<i64>,
    total: Option<i64>,
    checkpoint: Option<String>,
    correlation: String,
    enqueued_at: i64,
    run_at: i64,
    settled_at: Option<i64>,
    parked_until: Option<i64>,
}

impl FromRow<'_, PgRow> for Columns {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            queue: row.try_get(1)?,
            kind: row.try_get(2)?,
            state: row.try_get(3)?,
            refs: row.try_get(4)?,
            priority: row.try_get(5)?,
            remote: row.try_get(6)?,
            resource_type: row.try_get(7)?,
            attempts: row.try_get(8)?,
            max_attempts: row.try_get(9)?,
            reason: row.try_get(10)?,
            done: row.try_get(11)?,
            total: row.try_get(12)?,
            checkpoint: row.try_get(13)?,
            correlation: row.try_get(14)?,
            enqueued_at: row.try_get(15)?,
            run_at: row.try_get(16)?,
            settled_at: row.try_get(17)?,
            parked_until: row.try_get(18)?,
        })
    }
}

#[async_trait]
impl QueueAdmin for PostgresStore {
    async fn stats(&self, org: &OrgId, queue: Option<&str>, now: DateTime<Utc>) -> Result<QueueStats> {
        let mut transaction = self.of_org(org).await?;
        let counts: [i64; 8] = sqlx::query_scalar(
            "SELECT ARRAY[o_waiting, o_active, o_completed, o_failed, o_delayed, o_paused, o_held, o_cancelled]
             FROM carewire.job_stats($1, $2, $3)",
        )
        .bind(org.as_str())
        .bind(queue)
        .bind(row::micros(now))
        .fetch_one(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        // Counters that are read while claims add them up are never below what is there.
        let [waiting, active, completed, failed, delayed, paused, held, cancelled] =
            counts.map(|count| u64::try_from(count).unwrap_or(0));
        Ok(QueueStats { waiting, active, completed, failed, delayed, paused, held, cancelled })
    }

    async fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Result<Vec<JobView>> {
        let mut transaction = self.of_org(org).await?;
        let list = "SELECT * FROM carewire.job_list($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let rows: Vec<Columns> = filter::bind(sqlx::query_as(list).bind(org.as_str().to_owned()), filter)
            .bind(row::limit(limit))
            .fetch_all(&mut *transaction)
            .await
            .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(rows.into_iter().map(view).collect::<Result<_, Failure>>()?)
    }

    async fn redrive(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        let redrive = "SELECT carewire.job_redrive($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        Ok(self.in_steps(org, redrive, filter, now).await?)
    }

    async fn release(&self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> Result<u64> {
        let mut released = 0;
        loop {
            let mut transaction = self.of_org(org).await?;
            let step: i64 = sqlx::query_scalar("SELECT carewire.job_release($1, $2, $3, $4)")
                .bind(org.as_str())
                .bind(hold_key)
                .bind(row::micros(now))
                .bind(STEP)
                .fetch_one(&mut *transaction)
                .await
                .map_err(Failure::from)?;
            transaction.commit().await.map_err(Failure::from)?;
            released += row::unsigned(step)?;
            if step < STEP {
                return Ok(released);
            }
        }
    }

    async fn cancel(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        let cancel = "SELECT carewire.job_cancel($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        Ok(self.in_steps(org, cancel, filter, now).await?)
    }

    async fn set_paused(&self, scope: &PauseScope, paused: bool) -> Result<()> {
        let mut transaction = match &scope.org {
            Some(org) => self.of_org(org).await?,
            None => self.begin().await?,
        };
        set_paused(&mut transaction, scope, paused).await?;
        transaction.commit().await.map_err(Failure::from)?;
        if !paused {
            while self.lift().await? > 0 {}
        }
        Ok(())
    }

    async fn paused(&self, org: &OrgId) -> Result<Vec<PauseScope>> {
        let mut transaction = self.of_org(org).await?;
        let rows: Vec<[String; 5]> = sqlx::query_scalar(
            "SELECT ARRAY[org, queue, kind, remote, resource_type] FROM carewire.job_pause
             WHERE org IN ('', $1) AND NOT lifting ORDER BY org, queue, kind, remote, resource_type",
        )
        .bind(org.as_str())
        .fetch_all(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(rows.into_iter().map(scope).collect::<Result<_, Failure>>()?)
    }

    async fn clean(
        &self,
        org: &OrgId,
        completed_before: DateTime<Utc>,
        failed_before: DateTime<Utc>,
    ) -> Result<u64> {
        let mut cleaned = 0;
        loop {
            let mut transaction = self.of_org(org).await?;
            let step: i64 = sqlx::query_scalar("SELECT carewire.job_clean($1, $2, $3, $4)")
                .bind(org.as_str())
                .bind(row::micros(completed_before))
                .bind(row::micros(failed_before))
                .bind(STEP)
                .fetch_one(&mut *transaction)
                .await
                .map_err(Failure::from)?;
            transaction.commit().await.map_err(Failure::from)?;
            cleaned += row::unsigned(step)?;
            if step < STEP {
                return Ok(cleaned);
            }
        }
    }
}

impl PostgresStore {
    /// A statement about what matches a filter, again and again until a step is not full.
    async fn in_steps(
        &self,
        org: &OrgId,
        statement: &'static str,
        filter: &JobFilter,
        now: DateTime<Utc>,
    ) -> Result<u64, Failure> {
        let mut changed = 0;
        loop {
            let mut transaction = self.of_org(org).await?;
            let (step,): (i64,) =
                filter::bind(sqlx::query_as(statement).bind(org.as_str().to_owned()), filter)
                    .bind(row::micros(now))
                    .bind(STEP)
                    .fetch_one(&mut *transaction)
                    .await?;
            transaction.commit().await?;
            changed += row::unsigned(step)?;
            if step < STEP {
                return Ok(changed);
            }
        }
    }

    /// Wakes a step of what pauses had parked that are being lifted; answers how many.
    pub(super) async fn lift(&self) -> Result<i64, Failure> {
        Ok(sqlx::query_scalar("SELECT carewire.job_lift($1)").bind(STEP).fetch_one(self.pool()).await?)
    }
}

async fn set_paused(connection: &mut PgConnection, scope: &PauseScope, paused: bool) -> Result<(), Failure> {
    let any = |name: &Option<String>| name.clone().unwrap_or_default();
    sqlx::query("SELECT carewire.job_pause($1, $2, $3, $4, $5, $6)")
        .bind(scope.org.as_ref().map_or("", OrgId::as_str))
        .bind(any(&scope.queue))
        .bind(any(&scope.kind))
        .bind(any(&scope.remote))
        .bind(any(&scope.resource_type))
        .bind(paused)
        .execute(connection)
        .await?;
    Ok(())
}

fn scope([org, queue, kind, remote, resource_type]: [String; 5]) -> Result<PauseScope, Failure> {
    let named = |name: String| Some(name).filter(|name| !name.is_empty());
    Ok(PauseScope {
        org: named(org).map(|org| OrgId::new(&org)).transpose().map_err(|_| Failure::Corrupt("org"))?,
        queue: named(queue),
        kind: named(kind),
        remote: named(remote),
        resource_type: named(resource_type),
    })
}

fn view(columns: Columns) -> Result<JobView, Failure> {
    let progress = columns.done.map(|done| {
        Ok::<_, Failure>(Progress {
            done: row::unsigned(done)?,
            total: columns.total.map(row::unsigned).transpose()?,
            checkpoint: columns.checkpoint,
        })
    });
    Ok(JobView {
        id: JobId(columns.id),
        queue: columns.queue,
        kind: columns.kind,
        state: JobState::from_name(&columns.state).ok_or(Failure::Corrupt("state of a job"))?,
        refs: row::names(&columns.refs)?,
        priority: u8::try_from(columns.priority)
            .ok()
            .and_then(Priority::new)
            .ok_or(Failure::Corrupt("priority"))?,
        remote: Some(columns.remote).filter(|remote| !remote.is_empty()),
        resource_type: columns.resource_type,
        attempts: row::count(columns.attempts)?,
        max_attempts: row::count(columns.max_attempts)?,
        reason: columns.reason,
        progress: progress.transpose()?,
        correlation: columns.correlation,
        enqueued_at: row::instant(columns.enqueued_at)?,
        run_at: row::instant(columns.run_at)?,
        settled_at: columns.settled_at.map(row::instant).transpose()?,
        parked_until: columns.parked_until.map(row::instant).transpose()?,
    })
}
