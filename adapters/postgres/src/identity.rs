//! [`IdentityMap`].

use async_trait::async_trait;
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_sync_engine::{Identity, IdentityMap, LocalKey, Result};
use serde_json::json;
use sqlx::PgConnection;

use crate::error::Failure;
use crate::{PostgresStore, row};

#[async_trait]
impl IdentityMap for PostgresStore {
    async fn lookup(&self, org: &OrgId, remote: &str, keys: &[LocalKey]) -> Result<Vec<Option<Identity>>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut transaction = self.of_org(org).await?;
        let rows: Vec<Found> = sqlx::query_as(
            "SELECT wanted.place, resource_type, system, value, remote_id, remote_version, hash, base, source_sequence,
                    patient, classes, synced_at
             FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS wanted (type, system_, value_, place)
             JOIN carewire.identity
               ON org = $1 AND remote = $2 AND resource_type = wanted.type AND system = wanted.system_
              AND value = wanted.value_",
        )
        .bind(org.as_str())
        .bind(remote)
        .bind(column(keys, |key| &key.resource_type))
        .bind(column(keys, |key| &key.system))
        .bind(column(keys, |key| &key.value))
        .fetch_all(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        let mut found = vec![None; keys.len()];
        for columns in rows {
            let (place, identity) = identity(columns)?;
            // Places count from 1.
            let place = usize::try_from(place - 1).ok().and_then(|place| found.get_mut(place));
            place.into_iter().for_each(|place| *place = Some(identity.clone()));
        }
        Ok(found)
    }

    async fn record(&self, org: &OrgId, remote: &str, rows: Vec<Identity>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut transaction = self.of_org(org).await?;
        record(&mut transaction, org, remote, &rows).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(())
    }

    async fn scan(
        &self,
        org: &OrgId,
        remote: &str,
        after: Option<&LocalKey>,
        limit: usize,
    ) -> Result<Vec<Identity>> {
        // The empty key stands before every other one: no resource type is empty.
        let (resource_type, system, value) =
            after.map_or(("", "", ""), |key| (&key.resource_type, &key.system, &key.value));
        let mut transaction = self.of_org(org).await?;
        let rows: Vec<Found> = sqlx::query_as(
            "SELECT 0::bigint, resource_type, system, value, remote_id, remote_version, hash, base, source_sequence,
                    patient, classes, synced_at
             FROM carewire.identity
             WHERE org = $1 AND remote = $2 AND (resource_type, system, value) > ($3, $4, $5)
             ORDER BY resource_type, system, value LIMIT $6",
        )
        .bind(org.as_str())
        .bind(remote)
        .bind(resource_type)
        .bind(system)
        .bind(value)
        .bind(row::limit(limit))
        .fetch_all(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(rows.into_iter().map(|columns| Ok(identity(columns)?.1)).collect::<Result<_, Failure>>()?)
    }
}

type Found =
    (i64, String, String, String, String, Option<String>, Vec<u8>, Vec<u8>, i64, Option<String>, String, i64);

/// The row with its place among the keys that were looked up.
fn identity(columns: Found) -> Result<(i64, Identity), Failure> {
    let (
        place,
        resource_type,
        system,
        value,
        remote_id,
        remote_version,
        hash,
        base,
        sequence,
        patient,
        classes,
        at,
    ) = columns;
    let identity = Identity {
        key: LocalKey { resource_type, system, value },
        remote_id,
        remote_version,
        hash: row::digest(hash)?,
        base,
        source_sequence: sequence,
        patient: patient.as_deref().map(row::token).transpose()?,
        classes: serde_json::from_str(&classes).map_err(|_| Failure::Corrupt("data classes"))?,
        synced_at: row::instant(at)?,
    };
    Ok((place, identity))
}

/// The rows of one call may name a key more than once: of those the newest counts, and the last of equal ones. In the
/// order of the keys, so that two calls never wait for each other in a ring.
async fn record(
    connection: &mut PgConnection,
    org: &OrgId,
    remote: &str,
    rows: &[Identity],
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO carewire.identity (org, remote, resource_type, system, value, remote_id, remote_version, hash, base,
                                        source_sequence, patient, classes, synced_at)
         SELECT DISTINCT ON (type, system, value) $1, $2, type, system, value, remote_id, remote_version, hash, base,
                source_sequence, patient, classes, synced_at
         FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::bytea[], $10::bigint[],
                     $11::text[], $12::text[], $13::bigint[]) WITH ORDINALITY
           AS given (type, system, value, remote_id, remote_version, hash, base, source_sequence, patient, classes,
                     synced_at, place)
         ORDER BY type, system, value, source_sequence DESC, place DESC
         ON CONFLICT (org, remote, resource_type, system, value) DO UPDATE SET
             remote_id = excluded.remote_id, remote_version = excluded.remote_version, hash = excluded.hash,
             base = excluded.base, source_sequence = excluded.source_sequence, patient = excluded.patient,
             classes = excluded.classes, synced_at = excluded.synced_at
         WHERE excluded.source_sequence >= identity.source_sequence",
    )
    .bind(org.as_str())
    .bind(remote)
    .bind(column(rows, |row| &row.key.resource_type))
    .bind(column(rows, |row| &row.key.system))
    .bind(column(rows, |row| &row.key.value))
    .bind(column(rows, |row| &row.remote_id))
    .bind(rows.iter().map(|row| row.remote_version.as_deref()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.hash.as_slice()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.base.as_slice()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.source_sequence).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.patient.as_ref().map(PatientToken::as_str)).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| json!(row.classes).to_string()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row::micros(row.synced_at)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// A text of each row, for an array parameter.
fn column<T>(rows: &[T], text: impl Fn(&T) -> &String) -> Vec<&str> {
    rows.iter().map(|row| text(row).as_str()).collect()
}
