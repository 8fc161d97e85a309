//! [`IdentityMap`].

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Identity, IdentityMap, LocalKey, Result};
use serde_json::{Value, json};
use sqlx::{QueryBuilder, SqliteConnection};

use crate::error::Failure;
use crate::{SqliteStore, row};

/// Rows in one INSERT: far below SQLite's limit of 32,766 parameters.
const ROWS: usize = 100;

#[async_trait]
impl IdentityMap for SqliteStore {
    async fn lookup(&self, org: &OrgId, remote: &str, keys: &[LocalKey]) -> Result<Vec<Option<Identity>>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = keys.iter().map(|key| json!([key.resource_type, key.system, key.value])).collect();
        let rows: Vec<Found> = sqlx::query_as(
            "SELECT wanted.key, resource_type, system, identity.value, remote_id, remote_version, hash, base,
                    source_sequence, patient, classes, synced_at
             FROM json_each(?1) AS wanted CROSS JOIN identity
               ON org = ?2 AND remote = ?3 AND resource_type = wanted.value ->> 0
              AND system = wanted.value ->> 1 AND identity.value = wanted.value ->> 2",
        )
        .bind(Value::Array(wanted).to_string())
        .bind(org.as_str())
        .bind(remote)
        .fetch_all(self.reader().await?.connection())
        .await
        .map_err(Failure::from)?;
        let mut found = vec![None; keys.len()];
        for columns in rows {
            let (position, identity) = identity(columns)?;
            if let Some(place) = usize::try_from(position).ok().and_then(|position| found.get_mut(position)) {
                *place = Some(identity);
            }
        }
        Ok(found)
    }

    async fn record(&self, org: &OrgId, remote: &str, rows: Vec<Identity>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let input = (org.clone(), remote.to_owned(), rows);
        Ok(self.write(input, |connection, input| Box::pin(record(connection, input))).await?)
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
        let rows: Vec<Found> = sqlx::query_as(
            "SELECT 0, resource_type, system, value, remote_id, remote_version, hash, base, source_sequence, patient,
                    classes, synced_at
             FROM identity
             WHERE org = ?1 AND remote = ?2 AND (resource_type, system, value) > (?3, ?4, ?5)
             ORDER BY resource_type, system, value LIMIT ?6",
        )
        .bind(org.as_str())
        .bind(remote)
        .bind(resource_type)
        .bind(system)
        .bind(value)
        .bind(row::limit(limit))
        .fetch_all(self.reader().await?.connection())
        .await
        .map_err(Failure::from)?;
        Ok(rows.into_iter().map(|columns| Ok(identity(columns)?.1)).collect::<Result<_, Failure>>()?)
    }
}

type Found =
    (i64, String, String, String, String, Option<String>, Vec<u8>, Vec<u8>, i64, Option<String>, String, i64);

/// The row with its position among the keys that were looked up.
fn identity(columns: Found) -> Result<(i64, Identity), Failure> {
    let (
        position,
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
    Ok((position, identity))
}

async fn record(
    connection: &mut SqliteConnection,
    (org, remote, rows): &(OrgId, String, Vec<Identity>),
) -> Result<(), Failure> {
    for rows in rows.chunks(ROWS) {
        let mut query = QueryBuilder::new(
            "INSERT INTO identity (org, remote, resource_type, system, value, remote_id, remote_version, hash, base,
                                   source_sequence, patient, classes, synced_at) ",
        );
        query.push_values(rows, |mut columns, row| {
            columns.push_bind(org.as_str().to_owned()).push_bind(remote.clone());
            columns.push_bind(row.key.resource_type.clone()).push_bind(row.key.system.clone());
            columns.push_bind(row.key.value.clone()).push_bind(row.remote_id.clone());
            columns
                .push_bind(row.remote_version.clone())
                .push_bind(row.hash.to_vec())
                .push_bind(row.base.clone());
            columns.push_bind(row.source_sequence);
            columns.push_bind(row.patient.as_ref().map(|patient| patient.as_str().to_owned()));
            columns.push_bind(json!(row.classes).to_string()).push_bind(row::micros(row.synced_at));
        });
        query.push(
            " ON CONFLICT DO UPDATE SET
                 remote_id = excluded.remote_id, remote_version = excluded.remote_version, hash = excluded.hash,
                 base = excluded.base, source_sequence = excluded.source_sequence, patient = excluded.patient,
                 classes = excluded.classes, synced_at = excluded.synced_at
             WHERE excluded.source_sequence >= identity.source_sequence",
        );
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}
