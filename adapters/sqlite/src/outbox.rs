//! [`Outbox`]: messages to send, stored with their job in one transaction.

use std::sync::LazyLock;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    Error, MessageId, NewOutbound, OutboundState, OutboundTally, Outbox, Posted, Result, StoredOutbound,
};
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::error::Failure;
use crate::{SqliteStore, jobs, row};

#[async_trait]
impl Outbox for SqliteStore {
    async fn post(&self, message: NewOutbound) -> Result<Posted> {
        if message.job.org != message.org {
            return Err(Error::Conflict { what: "job" });
        }
        Ok(self.write(message, |connection, message| Box::pin(post(connection, message))).await?)
    }

    async fn outbound(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredOutbound>> {
        let found: Option<Columns> = sqlx::query_as(
            "SELECT id, sequence, correlation, destination, enqueued_at, state, sealed, answer
             FROM outbound WHERE id = ?1 AND org = ?2",
        )
        .bind(id.as_str())
        .bind(org.as_str())
        .fetch_optional(self.reader().await?.connection())
        .await
        .map_err(Failure::from)?;
        Ok(found.map(stored).transpose()?)
    }

    async fn mark(
        &self,
        org: &OrgId,
        id: &MessageId,
        state: OutboundState,
        sealed_answer: Option<Vec<u8>>,
    ) -> Result<()> {
        let input = Mark { org: org.clone(), id: id.clone(), state, answer: sealed_answer };
        Ok(self.write(input, |connection, input| Box::pin(mark(connection, input))).await?)
    }

    async fn outbound_tally(&self, org: &OrgId, destination: &str) -> Result<OutboundTally> {
        let counts: Vec<(String, i64)> =
            sqlx::query_as("SELECT state, messages FROM outbound_count WHERE org = ?1 AND destination = ?2")
                .bind(org.as_str())
                .bind(destination)
                .fetch_all(self.reader().await?.connection())
                .await
                .map_err(Failure::from)?;
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
        let input = (org.clone(), state, before, limit);
        Ok(self.write(input, |connection, input| Box::pin(remove(connection, input))).await?)
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

/// Whether the message was posted before, within the window.
const IS_KNOWN: &str = "EXISTS (SELECT 1 FROM outbound
    WHERE org = ?1 AND control_key = ?2 AND content_hash = ?3 AND enqueued_at > ?4)";

/// Nothing when it is known.
static POST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "INSERT INTO outbound (org, id, correlation, destination, control_key, content_hash, enqueued_at, state, sealed)
         SELECT ?1, ?5, ?6, ?7, ?2, ?3, ?8, 'waiting', ?9 WHERE NOT {IS_KNOWN}
         RETURNING sequence, EXISTS (SELECT 1 FROM outbound AS other
             WHERE other.org = ?1 AND other.control_key = ?2 AND other.content_hash <> ?3)"
    )
});

async fn post(connection: &mut SqliteConnection, message: &NewOutbound) -> Result<Posted, Failure> {
    let inserted: Option<(i64, bool)> = insert(connection, message).await?;
    let Some((sequence, control_id_reused)) = inserted else { return first(connection, message).await };
    jobs::enqueue(connection, std::slice::from_ref(&message.job)).await?;
    Ok(Posted::Stored { sequence, control_id_reused })
}

/// The sequence, and whether the control id was used for something else; nothing when the message is known.
async fn insert(
    connection: &mut SqliteConnection,
    message: &NewOutbound,
) -> Result<Option<(i64, bool)>, Failure> {
    let inserted = sqlx::query_as(POST.as_str())
        .bind(message.org.as_str())
        .bind(message.control_key.0.as_slice())
        .bind(message.content_hash.0.as_slice())
        .bind(row::micros(message.known_since))
        .bind(message.id.as_str())
        .bind(message.correlation.as_str())
        .bind(message.destination.as_str())
        .bind(row::micros(message.enqueued_at))
        .bind(message.sealed.as_slice())
        .fetch_optional(connection)
        .await
        .map_err(Failure::from);
    match inserted {
        Err(failure) if failure.is_unique_violation() => Err(Failure::Conflict("message")),
        inserted => inserted,
    }
}

async fn first(connection: &mut SqliteConnection, message: &NewOutbound) -> Result<Posted, Failure> {
    let first: String = sqlx::query_scalar(
        "SELECT id FROM outbound
         WHERE org = ?1 AND control_key = ?2 AND content_hash = ?3 AND enqueued_at > ?4
         ORDER BY sequence LIMIT 1",
    )
    .bind(message.org.as_str())
    .bind(message.control_key.0.as_slice())
    .bind(message.content_hash.0.as_slice())
    .bind(row::micros(message.known_since))
    .fetch_one(connection)
    .await?;
    Ok(Posted::Known { first: MessageId::new(first) })
}

struct Mark {
    org: OrgId,
    id: MessageId,
    state: OutboundState,
    answer: Option<Vec<u8>>,
}

async fn mark(connection: &mut SqliteConnection, mark: &Mark) -> Result<(), Failure> {
    let marked = sqlx::query(
        "UPDATE outbound SET state = CASE state WHEN 'delivered' THEN state ELSE ?3 END,
                             answer = CASE state WHEN 'delivered' THEN answer ELSE coalesce(?4, answer) END
         WHERE id = ?1 AND org = ?2",
    )
    .bind(mark.id.as_str())
    .bind(mark.org.as_str())
    .bind(mark.state.as_str())
    .bind(mark.answer.as_deref())
    .execute(connection)
    .await?;
    if marked.rows_affected() > 0 { Ok(()) } else { Err(Failure::NotFound("message")) }
}

async fn remove(
    connection: &mut SqliteConnection,
    (org, state, before, limit): &(OrgId, OutboundState, DateTime<Utc>, usize),
) -> Result<u64, Failure> {
    let removed = sqlx::query(
        "DELETE FROM outbound WHERE sequence IN (
             SELECT sequence FROM outbound INDEXED BY outbound_age
             WHERE org = ?1 AND state = ?2 AND enqueued_at < ?3 ORDER BY enqueued_at, sequence LIMIT ?4)",
    )
    .bind(org.as_str())
    .bind(state.as_str())
    .bind(row::micros(*before))
    .bind(row::limit(*limit))
    .execute(connection)
    .await?;
    Ok(removed.rows_affected())
}

fn state_of(name: &str) -> Result<OutboundState, Failure> {
    OutboundState::from_name(name).ok_or(Failure::Corrupt("outbound state"))
}
