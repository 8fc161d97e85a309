//! [`Idempotency`]: reservations and answers, one row for each message.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Begun, BlindKey, Delivery, Idempotency, Redeemed, Result, Ticket};
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::error::Failure;
use crate::{SqliteStore, row};

#[async_trait]
impl Idempotency for SqliteStore {
    async fn begin(&self, delivery: &Delivery) -> Result<Begun> {
        let Some(control_key) = delivery.control_key else {
            let ticket = Ticket { org: delivery.org.clone(), fence: None };
            return Ok(Begun::New { ticket, control_id_reused: false, taken_over: false });
        };
        let input = (delivery.clone(), control_key);
        Ok(self.write(input, |connection, input| Box::pin(begin(connection, input))).await?)
    }

    async fn finish(&self, ticket: &Ticket, sealed_answer: Vec<u8>) -> Result<Redeemed> {
        let Some(fence) = ticket.fence else { return Ok(Redeemed::Done) };
        let input = (ticket.org.clone(), fence, sealed_answer);
        Ok(self.write(input, |connection, input| Box::pin(finish(connection, input))).await?)
    }

    async fn abandon(&self, ticket: &Ticket) -> Result<Redeemed> {
        let Some(fence) = ticket.fence else { return Ok(Redeemed::Done) };
        let input = (ticket.org.clone(), fence);
        Ok(self.write(input, |connection, input| Box::pin(abandon(connection, input))).await?)
    }

    async fn purge(&self, org: &OrgId, before: DateTime<Utc>, limit: usize) -> Result<u64> {
        let input = (org.clone(), before, limit);
        Ok(self.write(input, |connection, input| Box::pin(purge(connection, input))).await?)
    }
}

type Columns = (i64, i64, Option<Vec<u8>>);

async fn begin(
    connection: &mut SqliteConnection,
    (delivery, control_key): &(Delivery, BlindKey),
) -> Result<Begun, Failure> {
    let earlier: Option<Columns> = sqlx::query_as(
        "SELECT received_at, lease_until, answer FROM delivery
         WHERE org = ?1 AND control_key = ?2 AND content_hash = ?3",
    )
    .bind(delivery.org.as_str())
    .bind(control_key.0.as_slice())
    .bind(delivery.content_hash.0.as_slice())
    .fetch_optional(&mut *connection)
    .await?;
    let taken_over = match earlier {
        Some((received_at, _, Some(answer))) if received_at > row::micros(delivery.since) => {
            return Ok(Begun::Resend { answer });
        }
        Some((_, lease_until, None)) if lease_until > row::micros(delivery.received_at) => {
            return Ok(Begun::InProgress { until: row::instant(lease_until)? });
        }
        earlier => earlier.is_some_and(|(_, _, answer)| answer.is_none()),
    };
    let (fence, control_id_reused) = reserve(connection, delivery, control_key).await?;
    let ticket = Ticket { org: delivery.org.clone(), fence: Some(row::unsigned(fence)?) };
    Ok(Begun::New { ticket, control_id_reused, taken_over })
}

/// A new fence, and whether the control id was used for something else.
async fn reserve(
    connection: &mut SqliteConnection,
    delivery: &Delivery,
    control_key: &BlindKey,
) -> Result<(i64, bool), Failure> {
    let reserved = sqlx::query_as(
        "INSERT OR REPLACE INTO delivery (org, control_key, content_hash, received_at, lease_until)
         VALUES (?1, ?2, ?3, ?4, ?5)
         RETURNING fence, EXISTS (SELECT 1 FROM delivery AS other
             WHERE other.org = ?1 AND other.control_key = ?2 AND other.content_hash <> ?3)",
    )
    .bind(delivery.org.as_str())
    .bind(control_key.0.as_slice())
    .bind(delivery.content_hash.0.as_slice())
    .bind(row::micros(delivery.received_at))
    .bind(row::micros(delivery.lease_until))
    .fetch_one(connection)
    .await?;
    Ok(reserved)
}

async fn finish(
    connection: &mut SqliteConnection,
    (org, fence, answer): &(OrgId, u64, Vec<u8>),
) -> Result<Redeemed, Failure> {
    let finished =
        sqlx::query("UPDATE delivery SET answer = coalesce(answer, ?3) WHERE fence = ?1 AND org = ?2")
            .bind(number(*fence))
            .bind(org.as_str())
            .bind(answer.as_slice())
            .execute(connection)
            .await?;
    Ok(redeemed(finished.rows_affected()))
}

async fn abandon(
    connection: &mut SqliteConnection,
    (org, fence): &(OrgId, u64),
) -> Result<Redeemed, Failure> {
    let abandoned = sqlx::query("DELETE FROM delivery WHERE fence = ?1 AND org = ?2 AND answer IS NULL")
        .bind(number(*fence))
        .bind(org.as_str())
        .execute(connection)
        .await?;
    Ok(redeemed(abandoned.rows_affected()))
}

async fn purge(
    connection: &mut SqliteConnection,
    (org, before, limit): &(OrgId, DateTime<Utc>, usize),
) -> Result<u64, Failure> {
    let purged = sqlx::query(
        "DELETE FROM delivery WHERE fence IN (
             SELECT fence FROM delivery INDEXED BY delivery_age
             WHERE org = ?1 AND received_at < ?2 AND (answer IS NOT NULL OR lease_until < ?2)
             ORDER BY received_at, fence LIMIT ?3)",
    )
    .bind(org.as_str())
    .bind(row::micros(*before))
    .bind(row::limit(*limit))
    .execute(connection)
    .await?;
    Ok(purged.rows_affected())
}

fn redeemed(rows: u64) -> Redeemed {
    if rows > 0 { Redeemed::Done } else { Redeemed::Stale }
}

/// A fence that no row can have stays one that no row has.
fn number(fence: u64) -> i64 {
    i64::try_from(fence).unwrap_or(-1)
}
