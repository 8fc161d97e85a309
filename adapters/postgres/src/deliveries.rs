//! [`Idempotency`]: reservations and answers, one row for each message.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Begun, BlindKey, Delivery, Idempotency, Redeemed, Result, Ticket};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::alone::{self, Kind};
use crate::error::Failure;
use crate::{PostgresStore, row};

#[async_trait]
impl Idempotency for PostgresStore {
    async fn begin(&self, delivery: &Delivery) -> Result<Begun> {
        let Some(control_key) = delivery.control_key else {
            let ticket = Ticket { org: delivery.org.clone(), fence: None };
            return Ok(Begun::New { ticket, control_id_reused: false, taken_over: false });
        };
        let mut transaction = self.of_org(&delivery.org).await?;
        let begun = begin(&mut transaction, delivery, &control_key).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(begun)
    }

    async fn finish(&self, ticket: &Ticket, sealed_answer: Vec<u8>) -> Result<Redeemed> {
        let Some(fence) = ticket.fence else { return Ok(Redeemed::Done) };
        let mut transaction = self.of_org(&ticket.org).await?;
        let finished = sqlx::query(
            "UPDATE carewire.delivery SET answer = coalesce(answer, $3) WHERE fence = $1 AND org = $2",
        )
        .bind(number(fence))
        .bind(ticket.org.as_str())
        .bind(sealed_answer)
        .execute(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(redeemed(finished.rows_affected()))
    }

    async fn abandon(&self, ticket: &Ticket) -> Result<Redeemed> {
        let Some(fence) = ticket.fence else { return Ok(Redeemed::Done) };
        let mut transaction = self.of_org(&ticket.org).await?;
        let abandoned =
            sqlx::query("DELETE FROM carewire.delivery WHERE fence = $1 AND org = $2 AND answer IS NULL")
                .bind(number(fence))
                .bind(ticket.org.as_str())
                .execute(&mut *transaction)
                .await
                .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(redeemed(abandoned.rows_affected()))
    }

    async fn purge(&self, org: &OrgId, before: DateTime<Utc>, limit: usize) -> Result<u64> {
        let mut transaction = self.of_org(org).await?;
        // What another purge or a new delivery is at stays. An array is made once, where a subquery may run for each row.
        let purged = sqlx::query(
            "DELETE FROM carewire.delivery WHERE fence = ANY (ARRAY(
                 SELECT fence FROM carewire.delivery
                 WHERE org = $1 AND received_at < $2 AND (answer IS NOT NULL OR lease_until < $2)
                 ORDER BY received_at, fence LIMIT $3 FOR UPDATE SKIP LOCKED))",
        )
        .bind(org.as_str())
        .bind(row::micros(before))
        .bind(row::limit(limit))
        .execute(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(purged.rows_affected())
    }
}

type Columns = (i64, i64, Option<Vec<u8>>);

async fn begin(
    connection: &mut PgConnection,
    delivery: &Delivery,
    control_key: &BlindKey,
) -> Result<Begun, Failure> {
    alone::at_key(connection, Kind::Delivery, &delivery.org, control_key).await?;
    // Locked, so that a ticket is either redeemed before this looks or stale after it.
    let earlier: Option<Columns> = sqlx::query_as(
        "SELECT received_at, lease_until, answer FROM carewire.delivery
         WHERE org = $1 AND control_key = $2 AND content_hash = $3 FOR UPDATE",
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
    connection: &mut PgConnection,
    delivery: &Delivery,
    control_key: &BlindKey,
) -> Result<(i64, bool), Failure> {
    let reserved = sqlx::query_as(
        "INSERT INTO carewire.delivery (org, control_key, content_hash, received_at, lease_until)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org, control_key, content_hash) DO UPDATE SET
             fence = DEFAULT, received_at = excluded.received_at, lease_until = excluded.lease_until, answer = NULL
         RETURNING fence, EXISTS (SELECT 1 FROM carewire.delivery AS other
             WHERE other.org = $1 AND other.control_key = $2 AND other.content_hash <> $3)",
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

fn redeemed(rows: u64) -> Redeemed {
    if rows > 0 { Redeemed::Done } else { Redeemed::Stale }
}

/// A fence that no row can have stays one that no row has.
fn number(fence: u64) -> i64 {
    i64::try_from(fence).unwrap_or(-1)
}
