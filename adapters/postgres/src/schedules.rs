//! [`Scheduler`]: schedules, and the lease of the one who fires them.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Error, Fired, Firing, Leadership, Result, Schedule, ScheduleView, Scheduler};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::Failure;
use crate::{PostgresStore, jobs, row};

/// The document, when it fires next, and when it fired last.
type Columns = (String, Option<i64>, Option<i64>);

#[async_trait]
impl Scheduler for PostgresStore {
    async fn put_schedule(&self, schedule: &Schedule, next: Option<DateTime<Utc>>) -> Result<bool> {
        schedule.check()?;
        let body = serde_json::to_string(schedule).map_err(|_| Error::Invalid { what: "schedule" })?;
        let mut transaction = self.of_org(&schedule.org).await?;
        let put = sqlx::query(
            "INSERT INTO carewire.schedule AS s (org, name, body, enabled, next_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (org, name) DO UPDATE SET body = excluded.body, enabled = excluded.enabled, next_at = excluded.next_at
             WHERE s.body <> excluded.body",
        )
        .bind(schedule.org.as_str())
        .bind(&schedule.name)
        .bind(body)
        .bind(schedule.enabled)
        .bind(next.map(row::micros))
        .execute(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(put.rows_affected() > 0)
    }

    async fn remove_schedule(&self, org: &OrgId, name: &str) -> Result<bool> {
        let mut transaction = self.of_org(org).await?;
        let removed = sqlx::query("DELETE FROM carewire.schedule WHERE org = $1 AND name = $2")
            .bind(org.as_str())
            .bind(name)
            .execute(&mut *transaction)
            .await
            .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(removed.rows_affected() > 0)
    }

    async fn schedules(&self, org: &OrgId) -> Result<Vec<ScheduleView>> {
        let mut transaction = self.of_org(org).await?;
        let list = "SELECT body, next_at, last_at FROM carewire.schedule WHERE org = $1 ORDER BY name";
        let rows: Vec<Columns> = sqlx::query_as(list)
            .bind(org.as_str())
            .fetch_all(&mut *transaction)
            .await
            .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(rows.into_iter().map(view).collect::<Result<_, Failure>>()?)
    }

    async fn lead(
        &self,
        holder: &str,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Leadership>> {
        let (epoch, until): (Option<i64>, Option<i64>) =
            sqlx::query_as("SELECT o_epoch, o_until FROM carewire.schedule_lead($1, $2, $3)")
                .bind(holder)
                .bind(row::micros(until))
                .bind(row::micros(now))
                .fetch_one(self.pool())
                .await
                .map_err(Failure::from)?;
        let (Some(epoch), Some(until)) = (epoch, until) else { return Ok(None) };
        Ok(Some(Leadership { epoch: row::unsigned(epoch)?, until: row::instant(until)? }))
    }

    async fn resign(&self, leadership: &Leadership) -> Result<()> {
        sqlx::query("SELECT carewire.schedule_resign($1)")
            .bind(number(leadership))
            .execute(self.pool())
            .await
            .map_err(Failure::from)?;
        Ok(())
    }

    async fn due_schedules(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<ScheduleView>> {
        let rows: Vec<Columns> =
            sqlx::query_as("SELECT o_body, o_next_at, o_last_at FROM carewire.schedule_due($1, $2)")
                .bind(row::micros(now))
                .bind(row::limit(limit))
                .fetch_all(self.pool())
                .await
                .map_err(Failure::from)?;
        Ok(rows.into_iter().map(view).collect::<Result<_, Failure>>()?)
    }

    async fn fire(&self, leadership: &Leadership, firing: &Firing) -> Result<Fired> {
        let mut transaction = self.of_org(&firing.org).await?;
        if !moved(&mut transaction, leadership, firing).await? {
            return Ok(Fired::Stale);
        }
        if firing.jobs.iter().any(|job| job.org != firing.org) {
            return Err(Error::Conflict { what: "job" });
        }
        jobs::insert(&mut transaction, &firing.jobs).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(Fired::Done)
    }

    async fn next_firing(&self) -> Result<Option<DateTime<Utc>>> {
        let next: Option<i64> = sqlx::query_scalar("SELECT carewire.schedule_next()")
            .fetch_one(self.pool())
            .await
            .map_err(Failure::from)?;
        Ok(next.map(row::instant).transpose()?)
    }
}

/// Moves the schedule on, if the leadership is the newest and the schedule is still due when the runner saw it.
async fn moved(
    connection: &mut PgConnection,
    leadership: &Leadership,
    firing: &Firing,
) -> Result<bool, Failure> {
    let leads: bool = sqlx::query_scalar("SELECT carewire.schedule_leads($1)")
        .bind(number(leadership))
        .fetch_one(&mut *connection)
        .await?;
    if !leads {
        return Ok(false);
    }
    let moved = sqlx::query(
        "UPDATE carewire.schedule SET next_at = $4, last_at = coalesce($5, last_at)
         WHERE org = $1 AND name = $2 AND enabled AND next_at = $3",
    )
    .bind(firing.org.as_str())
    .bind(&firing.name)
    .bind(row::micros(firing.due))
    .bind(firing.next.map(row::micros))
    .bind(firing.last.map(row::micros))
    .execute(connection)
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// An epoch that no leader reaches is nobody's.
fn number(leadership: &Leadership) -> i64 {
    i64::try_from(leadership.epoch).unwrap_or(-1)
}

fn view((body, next_at, last_at): Columns) -> Result<ScheduleView, Failure> {
    Ok(ScheduleView {
        schedule: serde_json::from_str(&body).map_err(|_| Failure::Corrupt("schedule"))?,
        next_at: next_at.map(row::instant).transpose()?,
        last_at: last_at.map(row::instant).transpose()?,
    })
}
