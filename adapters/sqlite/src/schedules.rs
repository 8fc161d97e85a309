//! [`Scheduler`]: schedules, and the lease of the one who fires them.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Error, Fired, Firing, Leadership, Result, Schedule, ScheduleView, Scheduler};
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::error::Failure;
use crate::{SqliteStore, jobs, row};

/// The document, when it fires next, and when it fired last.
type Columns = (String, Option<i64>, Option<i64>);

#[async_trait]
impl Scheduler for SqliteStore {
    async fn put_schedule(&self, schedule: &Schedule, next: Option<DateTime<Utc>>) -> Result<bool> {
        schedule.check()?;
        let body = serde_json::to_string(schedule).map_err(|_| Error::Invalid { what: "schedule" })?;
        let put = Put {
            org: schedule.org.clone(),
            name: schedule.name.clone(),
            body,
            enabled: schedule.enabled,
            next: next.map(row::micros),
        };
        Ok(self.write(put, |connection, put| Box::pin(store(connection, put))).await?)
    }

    async fn remove_schedule(&self, org: &OrgId, name: &str) -> Result<bool> {
        let input = (org.clone(), name.to_owned());
        Ok(self.write(input, |connection, input| Box::pin(remove(connection, input))).await?)
    }

    async fn schedules(&self, org: &OrgId) -> Result<Vec<ScheduleView>> {
        let list = "SELECT body, next_at, last_at FROM schedule WHERE org = $1 ORDER BY name";
        let rows: Vec<Columns> = sqlx::query_as(list)
            .bind(org.as_str())
            .fetch_all(self.reader().await?.connection())
            .await
            .map_err(Failure::from)?;
        Ok(rows.into_iter().map(view).collect::<Result<_, Failure>>()?)
    }

    async fn lead(
        &self,
        holder: &str,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Leadership>> {
        let input = (holder.to_owned(), until, now);
        Ok(self.write(input, |connection, input| Box::pin(lead(connection, input))).await?)
    }

    async fn resign(&self, leadership: &Leadership) -> Result<()> {
        let epoch = number(leadership);
        Ok(self.write(epoch, |connection, epoch| Box::pin(resign(connection, *epoch))).await?)
    }

    async fn due_schedules(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<ScheduleView>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT body, next_at, last_at FROM schedule WHERE enabled AND next_at <= $1
             ORDER BY next_at, org, name LIMIT $2",
        )
        .bind(row::micros(now))
        .bind(row::limit(limit))
        .fetch_all(self.reader().await?.connection())
        .await
        .map_err(Failure::from)?;
        Ok(rows.into_iter().map(view).collect::<Result<_, Failure>>()?)
    }

    async fn fire(&self, leadership: &Leadership, firing: &Firing) -> Result<Fired> {
        let input = (number(leadership), firing.clone());
        Ok(self
            .write(input, |connection, (epoch, firing)| Box::pin(fire(connection, *epoch, firing)))
            .await?)
    }

    async fn next_firing(&self) -> Result<Option<DateTime<Utc>>> {
        let next: Option<i64> =
            sqlx::query_scalar("SELECT min(next_at) FROM schedule WHERE enabled AND next_at IS NOT NULL")
                .fetch_one(self.reader().await?.connection())
                .await
                .map_err(Failure::from)?;
        Ok(next.map(row::instant).transpose()?)
    }
}

struct Put {
    org: OrgId,
    name: String,
    body: String,
    enabled: bool,
    next: Option<i64>,
}

async fn store(connection: &mut SqliteConnection, put: &Put) -> Result<bool, Failure> {
    let stored = sqlx::query(
        "INSERT INTO schedule (org, name, body, enabled, next_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO UPDATE SET body = excluded.body, enabled = excluded.enabled, next_at = excluded.next_at
         WHERE body <> excluded.body",
    )
    .bind(put.org.as_str())
    .bind(put.name.as_str())
    .bind(put.body.as_str())
    .bind(put.enabled)
    .bind(put.next)
    .execute(connection)
    .await?;
    Ok(stored.rows_affected() > 0)
}

async fn remove(connection: &mut SqliteConnection, (org, name): &(OrgId, String)) -> Result<bool, Failure> {
    let removed = sqlx::query("DELETE FROM schedule WHERE org = $1 AND name = $2")
        .bind(org.as_str())
        .bind(name.as_str())
        .execute(connection)
        .await?;
    Ok(removed.rows_affected() > 0)
}

/// A lease that has ended, or that nobody holds, passes on with the next epoch.
async fn lead(
    connection: &mut SqliteConnection,
    (holder, until, now): &(String, DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<Leadership>, Failure> {
    let leads: Option<(i64, i64)> = sqlx::query_as(
        "INSERT INTO schedule_leader AS held (one, epoch, holder, until) VALUES (1, 1, $1, $2)
         ON CONFLICT DO UPDATE SET
             epoch = CASE WHEN held.until > $3 THEN held.epoch ELSE held.epoch + 1 END,
             until = CASE WHEN held.until > $3 THEN max(held.until, $2) ELSE $2 END,
             holder = $1
         WHERE held.until <= $3 OR held.holder = $1
         RETURNING epoch, until",
    )
    .bind(holder.as_str())
    .bind(row::micros(*until))
    .bind(row::micros(*now))
    .fetch_optional(connection)
    .await?;
    leads
        .map(|(epoch, until)| Ok(Leadership { epoch: row::unsigned(epoch)?, until: row::instant(until)? }))
        .transpose()
}

async fn resign(connection: &mut SqliteConnection, epoch: i64) -> Result<(), Failure> {
    sqlx::query("UPDATE schedule_leader SET holder = '', until = $2 WHERE epoch = $1")
        .bind(epoch)
        .bind(i64::MIN)
        .execute(connection)
        .await?;
    Ok(())
}

async fn fire(connection: &mut SqliteConnection, epoch: i64, firing: &Firing) -> Result<Fired, Failure> {
    if !moved(connection, epoch, firing).await? {
        return Ok(Fired::Stale);
    }
    if firing.jobs.iter().any(|job| job.org != firing.org) {
        return Err(Failure::Conflict("job"));
    }
    jobs::enqueue(connection, &firing.jobs).await?;
    Ok(Fired::Done)
}

/// Moves the schedule on, if the leadership is the newest and the schedule is still due when the runner saw it.
async fn moved(connection: &mut SqliteConnection, epoch: i64, firing: &Firing) -> Result<bool, Failure> {
    let moved = sqlx::query(
        "UPDATE schedule SET next_at = $4, last_at = coalesce($5, last_at)
         WHERE org = $1 AND name = $2 AND enabled AND next_at = $3
           AND EXISTS (SELECT 1 FROM schedule_leader WHERE epoch = $6 AND holder <> '')",
    )
    .bind(firing.org.as_str())
    .bind(firing.name.as_str())
    .bind(row::micros(firing.due))
    .bind(firing.next.map(row::micros))
    .bind(firing.last.map(row::micros))
    .bind(epoch)
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
