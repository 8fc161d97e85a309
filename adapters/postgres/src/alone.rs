//! Locks on what has no row yet.

use carewire_fhir_core::OrgId;
use carewire_sync_engine::BlindKey;
use sqlx::PgConnection;

use crate::error::Failure;

/// What a key is of. Each kind has locks of its own; consents have those of kind 0.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Delivery = 1,
    Message = 2,
    Outbound = 3,
}

/// Waits until no other transaction of any process is at this key, and keeps them out until this one ends. A statement
/// after this one sees what they committed. Two keys whose hashes are equal wait for each other, no more.
pub(crate) async fn at_key(
    connection: &mut PgConnection,
    kind: Kind,
    org: &OrgId,
    key: &BlindKey,
) -> Result<(), Failure> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1 || '|' || encode($2, 'hex'), $3))")
        .bind(org.as_str())
        .bind(key.0.as_slice())
        .bind(kind as i64)
        .execute(connection)
        .await?;
    Ok(())
}
