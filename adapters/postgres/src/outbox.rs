//! [`Outbox`]: messages to send, stored with their job in one transaction.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    Error, MessageId, NewOutbound, OutboundState, OutboundTally, Outbox, Posted, Result, StoredOutbound,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::alone::{self, Kind};
use crate::error::Failure;
use crate::{PostgresStore, jobs, row};

#[async_trait]
impl Outbox for PostgresStore {
    async fn post(&self, message: NewOutbound) -> Result<Posted> {
        if message.job.org != message.org {
            return Err(Error::Conflict { what: "job" });
        }
        let mut transaction = self.of_org(&message.org).await?;
        let posted = post(&mut transaction, &message).await?;
        transaction.commit().await.map_err(Failure::from)?;
        self.announce([&message.job]);
        Ok(posted)
    }

    async fn outbound(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredOutbound>> {
        let mut transaction = self.of_org(org).await?;
        let found: Option<Columns> = sqlx::query_as(
            "SELECT id, sequence, correlation, destination, enqueued_at, state, sealed, answer
             FROM carewire.outbound WHERE id = $1 AND org = $2",
        )
        .bind(id.as_str())
        .bind(org.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(found.map(stored).transpose()?)
    }

    async fn mark(
        &self,
        org: &OrgId,
        id: &MessageId,
        state: OutboundState,
        sealed_answer: Option<Vec<u8>>,
    ) -> Result<()> {
        let mut transaction = self.of_org(org).await?;
        let marked = sqlx::query(
            "UPDATE carewire.outbound
             SET state = CASE state WHEN 'delivered' THEN state ELSE $3 END,
                 answer = CASE state WHEN 'delivered' THEN answer ELSE coalesce($4, answer) END
             WHERE id = $1 AND org = $2",
        )
        .bind(id.as_str())
        .bind(org.as_str())
        .bind(state.as_str())
        .bind(sealed_answer)
        .execute(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        if marked.rows_affected() == 0 {
            return Err(Error::NotFound { what: "message" });
        }
        transaction.commit().await.map_err(Failure::from)?;
        Ok(())
    }

    async fn outbound_tally(&self, org: &OrgId, destination: &str) -> Result<OutboundTally> {
        let mut transaction = self.of_org(org).await?;
        let counts: Vec<(String, i64)> = sqlx::query_as(
            "SELECT state, sum(messages)::bigint FROM carewire.outbound_count
             WHERE org = $1 AND destination = $2 GROUP BY state",
        )
        .bind(org.as_str())
        .bind(destination)
        .fetch_all(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        let mut tally = OutboundTally::default();
        for (state, messages) in counts {
            *tally.of_mut(state_of(&state)?) = row::unsigned(messages)?;
        }
        Ok(tally)
    }

    async fn remove_outbound(
        &self,
        org: &OrgId,
        state: OutboundState,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<u64> {
        if !matches!(state, OutboundState::Delivered | OutboundState::Dead) {
            return Err(Error::Conflict { what: "outbound state" });
        }
        let mut transaction = self.of_org(org).await?;
        // What another removal is at stays. An array is made once, where a subquery may run for each row.
        let removed = sqlx::query(
            "DELETE FROM carewire.outbound WHERE sequence = ANY (ARRAY(
                 SELECT sequence FROM carewire.outbound
                 WHERE org = $1 AND state = $2 AND enqueued_at < $3
                 ORDER BY enqueued_at, sequence LIMIT $4 FOR UPDATE SKIP LOCKED))",
        )
        .bind(org.as_str())
        .bind(state.as_str())
        .bind(row::micros(before))
        .bind(row::limit(limit))
        .execute(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(removed.rows_affected())
    }
}

type Columns = (String, i64, String, String, i64, String, Vec<u8>, Option<Vec<u8>>);

fn stored(columns: Columns) -> Result<StoredOutbound, Failure> {
    let (id, sequence, correlation, destination, enqueued_at, state, sealed, sealed_answer) = columns;
    Ok(StoredOutbound {
        id: MessageId::new(id),
        sequence,
        correlation: row::correlation(&correlation)?,
        destination,
        enqueued_at: row::instant(enqueued_at)?,
        state: state_of(&state)?,
        sealed,
        sealed_answer,
    })
}

async fn post(connection: &mut PgConnection, message: &NewOutbound) -> Result<Posted, Failure> {
    alone::at_key(connection, Kind::Outbound, &message.org, &message.control_key).await?;
    if let Some(first) = first(connection, message).await? {
        return Ok(Posted::Known { first });
    }
    let (sequence, control_id_reused) = insert(connection, message).await?;
    jobs::insert(connection, std::slice::from_ref(&message.job)).await?;
    Ok(Posted::Stored { sequence, control_id_reused })
}

/// The first posting of the same message.
async fn first(connection: &mut PgConnection, message: &NewOutbound) -> Result<Option<MessageId>, Failure> {
    let first: Option<String> = sqlx::query_scalar(
        "SELECT id FROM carewire.outbound
         WHERE org = $1 AND control_key = $2 AND content_hash = $3 AND enqueued_at > $4
         ORDER BY sequence LIMIT 1",
    )
    .bind(message.org.as_str())
    .bind(message.control_key.0.as_slice())
    .bind(message.content_hash.0.as_slice())
    .bind(row::micros(message.known_since))
    .fetch_optional(connection)
    .await?;
    Ok(first.map(MessageId::new))
}

/// The sequence, and whether the control id was used for something else.
async fn insert(connection: &mut PgConnection, message: &NewOutbound) -> Result<(i64, bool), Failure> {
    let inserted = sqlx::query_as(
        "INSERT INTO carewire.outbound (org, id, correlation, destination, control_key, content_hash, enqueued_at, state,
                                        sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)
         ON CONFLICT (id) DO NOTHING
         RETURNING sequence, EXISTS (SELECT 1 FROM carewire.outbound AS other
             WHERE other.org = $1 AND other.control_key = $5 AND other.content_hash <> $6)",
    )
    .bind(message.org.as_str())
    .bind(message.id.as_str())
    .bind(message.correlation.as_str())
    .bind(message.destination.as_str())
    .bind(message.control_key.0.as_slice())
    .bind(message.content_hash.0.as_slice())
    .bind(row::micros(message.enqueued_at))
    .bind(message.sealed.as_slice())
    .fetch_optional(connection)
    .await?;
    inserted.ok_or(Failure::Conflict("message"))
}

fn state_of(name: &str) -> Result<OutboundState, Failure> {
    OutboundState::from_name(name).ok_or(Failure::Corrupt("outbound state"))
}
