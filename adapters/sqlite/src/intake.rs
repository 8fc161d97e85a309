//! [`Intake`]: messages stored with their job, in one transaction.

use std::sync::LazyLock;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    Error, Format, Intake, MessageId, MessageState, NewMessage, Receipt, Result, StoredMessage, Tally,
};
use serde_json::json;
use sqlx::SqliteConnection;

use crate::error::Failure;
use crate::{SqliteStore, jobs, row};

#[async_trait]
impl Intake for SqliteStore {
    async fn accept(&self, message: NewMessage) -> Result<Receipt> {
        if message.jobs.iter().any(|job| job.org != message.org) {
            return Err(Error::Conflict { what: "job" });
        }
        Ok(self.write(message, |connection, message| Box::pin(accept(connection, message))).await?)
    }

    async fn load(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredMessage>> {
        let found: Option<Columns> = sqlx::query_as(
            "SELECT id, sequence, correlation, format, message_type, received_at, state, sealed
             FROM message WHERE id = ?1 AND org = ?2",
        )
        .bind(id.as_str())
        .bind(org.as_str())
        .fetch_optional(self.reader().await?.connection())
        .await
        .map_err(Failure::from)?;
        Ok(found.map(stored).transpose()?)
    }

    async fn settle(&self, org: &OrgId, ids: &[MessageId], state: MessageState) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = ids.iter().map(MessageId::as_str).collect();
        let input = (org.clone(), json!(ids).to_string(), state);
        Ok(self.write(input, |connection, input| Box::pin(settle(connection, input))).await?)
    }

    async fn tally(&self, org: &OrgId) -> Result<Tally> {
        let counts: Vec<(String, i64)> =
            sqlx::query_as("SELECT state, messages FROM message_count WHERE org = ?1")
                .bind(org.as_str())
                .fetch_all(self.reader().await?.connection())
                .await
                .map_err(Failure::from)?;
        let mut tally = Tally::default();
        for (state, messages) in counts {
            *tally.of_mut(state_of(&state)?) = row::unsigned(messages)?;
        }
        Ok(tally)
    }
}

type Columns = (String, i64, String, String, Option<String>, i64, String, Vec<u8>);

fn stored(columns: Columns) -> Result<StoredMessage, Failure> {
    let (id, sequence, correlation, format, message_type, received_at, state, sealed) = columns;
    Ok(StoredMessage {
        id: MessageId::new(id),
        sequence,
        correlation: row::correlation(&correlation)?,
        format: Format::from_name(&format).ok_or(Failure::Corrupt("message format"))?,
        message_type,
        received_at: row::instant(received_at)?,
        state: state_of(&state)?,
        sealed,
    })
}

async fn accept(connection: &mut SqliteConnection, message: &NewMessage) -> Result<Receipt, Failure> {
    let inserted: Option<(i64, bool)> = insert(connection, message).await?;
    let Some((sequence, control_id_reused)) = inserted else { return first(connection, message).await };
    jobs::enqueue(connection, &message.jobs).await?;
    Ok(Receipt::Stored { sequence, control_id_reused })
}

/// Whether the message was received before, within the window.
const IS_RESEND: &str = "EXISTS (SELECT 1 FROM message
    WHERE org = ?1 AND control_key = ?2 AND content_hash = ?3 AND received_at > ?4)";

/// Nothing when it is a resend.
static ACCEPT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "INSERT INTO message (org, id, correlation, format, message_type, control_key, content_hash, received_at,
                              state, sealed_ack, sealed)
         SELECT ?1, ?5, ?6, ?7, ?8, ?2, ?3, ?9, ?10, ?11, ?12 WHERE NOT {IS_RESEND}
         RETURNING sequence, EXISTS (SELECT 1 FROM message AS other
             WHERE other.org = ?1 AND other.control_key = ?2 AND other.content_hash <> ?3)"
    )
});

/// The sequence, and whether the control id was used for something else; nothing when the message is a resend.
async fn insert(
    connection: &mut SqliteConnection,
    message: &NewMessage,
) -> Result<Option<(i64, bool)>, Failure> {
    let inserted = sqlx::query_as(ACCEPT.as_str())
        .bind(message.org.as_str())
        .bind(row::blob(message.control_key.as_ref()))
        .bind(message.content_hash.0.as_slice())
        .bind(row::micros(message.resend_since))
        .bind(message.id.as_str())
        .bind(message.correlation.as_str())
        .bind(message.format.as_str())
        .bind(message.message_type.as_deref())
        .bind(row::micros(message.received_at))
        .bind(message.state.as_str())
        .bind(message.sealed_ack.as_slice())
        .bind(message.sealed.as_slice())
        .fetch_optional(connection)
        .await
        .map_err(Failure::from);
    match inserted {
        Err(failure) if failure.is_unique_violation() => Err(Failure::Conflict("message")),
        inserted => inserted,
    }
}

/// What a resend is answered with.
async fn first(connection: &mut SqliteConnection, message: &NewMessage) -> Result<Receipt, Failure> {
    let (first, sealed_ack): (String, Vec<u8>) = sqlx::query_as(
        "SELECT id, sealed_ack FROM message
         WHERE org = ?1 AND control_key = ?2 AND content_hash = ?3 AND received_at > ?4
         ORDER BY received_at, sequence LIMIT 1",
    )
    .bind(message.org.as_str())
    .bind(row::blob(message.control_key.as_ref()))
    .bind(message.content_hash.0.as_slice())
    .bind(row::micros(message.resend_since))
    .fetch_one(connection)
    .await?;
    Ok(Receipt::Resend { first: MessageId::new(first), sealed_ack })
}

async fn settle(
    connection: &mut SqliteConnection,
    (org, ids, state): &(OrgId, String, MessageState),
) -> Result<(), Failure> {
    // In one trip; when an id is unknown the whole operation is rolled back.
    let unknown: i64 = sqlx::query_scalar(
        "UPDATE message SET state = ?1
         WHERE id IN (SELECT value FROM json_each(?2)) AND org = ?3 AND state <> ?1;
         SELECT count(*) FROM json_each(?2) AS wanted
         WHERE NOT EXISTS (SELECT 1 FROM message WHERE id = wanted.value AND org = ?3)",
    )
    .bind(state.as_str())
    .bind(ids)
    .bind(org.as_str())
    .fetch_one(connection)
    .await?;
    if unknown > 0 { Err(Failure::NotFound("message")) } else { Ok(()) }
}

fn state_of(name: &str) -> Result<MessageState, Failure> {
    MessageState::from_name(name).ok_or(Failure::Corrupt("message state"))
}
