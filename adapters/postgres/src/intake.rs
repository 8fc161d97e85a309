//! [`Intake`]: messages stored with their jobs, in one transaction.

use std::collections::BTreeSet;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    Error, Format, Intake, MessageId, MessageState, NewMessage, Receipt, Result, StoredMessage, Tally,
};
use sqlx::PgConnection;

use crate::alone::{self, Kind};
use crate::error::Failure;
use crate::{PostgresStore, jobs, row};

#[async_trait]
impl Intake for PostgresStore {
    async fn accept(&self, message: NewMessage) -> Result<Receipt> {
        if message.jobs.iter().any(|job| job.org != message.org) {
            return Err(Error::Conflict { what: "job" });
        }
        let mut transaction = self.of_org(&message.org).await?;
        let receipt = accept(&mut transaction, &message).await?;
        transaction.commit().await.map_err(Failure::from)?;
        if matches!(receipt, Receipt::Stored { .. }) {
            self.announce(&message.jobs);
        }
        Ok(receipt)
    }

    async fn load(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredMessage>> {
        let mut transaction = self.of_org(org).await?;
        let found: Option<Columns> = sqlx::query_as(
            "SELECT id, sequence, correlation, format, message_type, received_at, state, sealed
             FROM carewire.message WHERE id = $1 AND org = $2",
        )
        .bind(id.as_str())
        .bind(org.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(found.map(stored).transpose()?)
    }

    async fn settle(&self, org: &OrgId, ids: &[MessageId], state: MessageState) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let ids: BTreeSet<&str> = ids.iter().map(MessageId::as_str).collect();
        let mut transaction = self.of_org(org).await?;
        settle(&mut transaction, org, &ids.into_iter().collect::<Vec<_>>(), state).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(())
    }

    async fn tally(&self, org: &OrgId) -> Result<Tally> {
        let mut transaction = self.of_org(org).await?;
        let counts: Vec<(String, i64)> = sqlx::query_as(
            "SELECT state, sum(messages)::bigint FROM carewire.message_count WHERE org = $1 GROUP BY state",
        )
        .bind(org.as_str())
        .fetch_all(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
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

async fn accept(connection: &mut PgConnection, message: &NewMessage) -> Result<Receipt, Failure> {
    if let Some(control_key) = &message.control_key {
        alone::at_key(connection, Kind::Message, &message.org, control_key).await?;
        if let Some(resend) = first(connection, message, &control_key.0).await? {
            return Ok(resend);
        }
    }
    let (sequence, control_id_reused) = insert(connection, message).await?;
    jobs::insert(connection, &message.jobs).await?;
    Ok(Receipt::Stored { sequence, control_id_reused })
}

/// What a resend is answered with; nothing where the message is none.
async fn first(
    connection: &mut PgConnection,
    message: &NewMessage,
    control_key: &[u8],
) -> Result<Option<Receipt>, Failure> {
    let first: Option<(String, Vec<u8>)> = sqlx::query_as(
        "SELECT id, sealed_ack FROM carewire.message
         WHERE org = $1 AND control_key = $2 AND content_hash = $3 AND received_at > $4
         ORDER BY received_at, sequence LIMIT 1",
    )
    .bind(message.org.as_str())
    .bind(control_key)
    .bind(message.content_hash.0.as_slice())
    .bind(row::micros(message.resend_since))
    .fetch_optional(connection)
    .await?;
    Ok(first.map(|(first, sealed_ack)| Receipt::Resend { first: MessageId::new(first), sealed_ack }))
}

/// The sequence, and whether the control id was used for something else.
async fn insert(connection: &mut PgConnection, message: &NewMessage) -> Result<(i64, bool), Failure> {
    let inserted = sqlx::query_as(
        "INSERT INTO carewire.message (org, id, correlation, format, message_type, control_key, content_hash, received_at,
                                       state, sealed_ack, sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO NOTHING
         RETURNING sequence, EXISTS (SELECT 1 FROM carewire.message AS other
             WHERE other.org = $1 AND other.control_key = $6 AND other.content_hash <> $7)",
    )
    .bind(message.org.as_str())
    .bind(message.id.as_str())
    .bind(message.correlation.as_str())
    .bind(message.format.as_str())
    .bind(message.message_type.as_deref())
    .bind(message.control_key.as_ref().map(|key| key.0.as_slice()))
    .bind(message.content_hash.0.as_slice())
    .bind(row::micros(message.received_at))
    .bind(message.state.as_str())
    .bind(message.sealed_ack.as_slice())
    .bind(message.sealed.as_slice())
    .fetch_optional(connection)
    .await?;
    inserted.ok_or(Failure::Conflict("message"))
}

/// The rows are locked in one order, so that two calls never wait for each other in a ring.
async fn settle(
    connection: &mut PgConnection,
    org: &OrgId,
    ids: &[&str],
    state: MessageState,
) -> Result<(), Failure> {
    let known: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM carewire.message WHERE org = $1 AND id = ANY($2) ORDER BY id FOR UPDATE",
    )
    .bind(org.as_str())
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    if known.len() < ids.len() {
        return Err(Failure::NotFound("message"));
    }
    sqlx::query("UPDATE carewire.message SET state = $3 WHERE org = $1 AND id = ANY($2) AND state <> $3")
        .bind(org.as_str())
        .bind(ids)
        .bind(state.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

fn state_of(name: &str) -> Result<MessageState, Failure> {
    MessageState::from_name(name).ok_or(Failure::Corrupt("message state"))
}
