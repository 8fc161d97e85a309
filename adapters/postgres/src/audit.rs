//! [`AuditLog`]: append-only, chained by [`carewire_sync_engine::chain`].

use std::collections::BTreeMap;

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId, PatientToken};
use carewire_sync_engine::chain::{Chain, Verifier};
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditQuery, AuditRecord, ChainedRecord, Result, Verification,
};
use serde_json::json;
use sqlx::PgConnection;

use crate::error::Failure;
use crate::store::name_org;
use crate::{PostgresStore, row};

/// Rows that a check of a chain reads at once.
const PAGE: usize = 1000;

#[async_trait]
impl AuditLog for PostgresStore {
    async fn append(&self, records: Vec<AuditRecord>) -> Result<()> {
        // In the order of the orgs, so that two appends never wait for each other in a ring.
        let mut batches: BTreeMap<OrgId, Vec<AuditRecord>> = BTreeMap::new();
        for record in records {
            batches.entry(record.org.clone()).or_default().push(record);
        }
        let Some(first) = batches.keys().next() else { return Ok(()) };
        let mut transaction = self.of_org(first).await?;
        for (org, records) in batches {
            name_org(&mut transaction, &org).await?;
            append(&mut transaction, &org, records).await?;
        }
        transaction.commit().await.map_err(Failure::from)?;
        Ok(())
    }

    async fn search(&self, org: &OrgId, query: &AuditQuery, limit: usize) -> Result<Vec<ChainedRecord>> {
        let mut transaction = self.of_org(org).await?;
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT sequence, at, action, outcome, correlation, patient, details, batch_hash FROM carewire.audit
             WHERE org = $1 AND sequence > $2 AND ($3::text IS NULL OR action = $3)
               AND ($4::text IS NULL OR correlation = $4)
             ORDER BY sequence LIMIT $5",
        )
        .bind(org.as_str())
        .bind(query.after.unwrap_or(0))
        .bind(query.action.map(AuditAction::as_str))
        .bind(query.correlation.as_ref().map(CorrelationId::as_str))
        .bind(row::limit(limit))
        .fetch_all(&mut *transaction)
        .await
        .map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(rows.into_iter().map(|columns| chained(org, columns)).collect::<Result<_, Failure>>()?)
    }

    async fn verify(&self, org: &OrgId) -> Result<Verification> {
        let mut verifier = Verifier::new(org);
        let mut query = AuditQuery::default();
        loop {
            let page = self.search(org, &query, PAGE).await?;
            let Some(last) = page.last() else { return Ok(verifier.finish()) };
            query.after = Some(last.sequence);
            page.into_iter().for_each(|row| verifier.feed(row));
        }
    }
}

type Columns = (i64, i64, String, String, String, Option<String>, String, String);

fn chained(org: &OrgId, columns: Columns) -> Result<ChainedRecord, Failure> {
    let (sequence, at, action, outcome, correlation, patient, details, batch_hash) = columns;
    let record = AuditRecord {
        org: org.clone(),
        at: row::instant(at)?,
        action: AuditAction::from_name(&action).ok_or(Failure::Corrupt("audit action"))?,
        outcome,
        correlation: row::correlation(&correlation)?,
        patient: patient.as_deref().map(row::token).transpose()?,
        details: row::names(&details)?,
    };
    Ok(ChainedRecord { sequence, record, batch_hash })
}

async fn append(
    connection: &mut PgConnection,
    org: &OrgId,
    records: Vec<AuditRecord>,
) -> Result<(), Failure> {
    lock(connection, org).await?;
    let head = last(connection, org).await?;
    let mut chain = Chain::resume(org, head.as_ref()).map_err(|_| Failure::Corrupt("audit hash"))?;
    insert(connection, org, &chain.append(records)).await
}

/// Waits until nobody else appends to the trail of the org. A statement after this one sees what they appended.
async fn lock(connection: &mut PgConnection, org: &OrgId) -> Result<(), Failure> {
    let lock = "SELECT 1 FROM carewire.audit_trail WHERE org = $1 FOR UPDATE";
    let locked = sqlx::query(lock).bind(org.as_str()).fetch_optional(&mut *connection).await?;
    if locked.is_none() {
        sqlx::query("INSERT INTO carewire.audit_trail (org) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(org.as_str())
            .execute(&mut *connection)
            .await?;
        sqlx::query(lock).bind(org.as_str()).fetch_one(connection).await?;
    }
    Ok(())
}

async fn last(connection: &mut PgConnection, org: &OrgId) -> Result<Option<ChainedRecord>, Failure> {
    let last: Option<Columns> = sqlx::query_as(
        "SELECT sequence, at, action, outcome, correlation, patient, details, batch_hash FROM carewire.audit
         WHERE org = $1 ORDER BY sequence DESC LIMIT 1",
    )
    .bind(org.as_str())
    .fetch_optional(connection)
    .await?;
    last.map(|columns| chained(org, columns)).transpose()
}

async fn insert(connection: &mut PgConnection, org: &OrgId, rows: &[ChainedRecord]) -> Result<(), Failure> {
    let records = || rows.iter().map(|row| &row.record);
    sqlx::query(
        "INSERT INTO carewire.audit (org, sequence, at, action, outcome, correlation, patient, details, batch_hash)
         SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                                  $9::text[])",
    )
    .bind(org.as_str())
    .bind(rows.iter().map(|row| row.sequence).collect::<Vec<_>>())
    .bind(records().map(|record| row::micros(record.at)).collect::<Vec<_>>())
    .bind(records().map(|record| record.action.as_str()).collect::<Vec<_>>())
    .bind(records().map(|record| record.outcome.as_str()).collect::<Vec<_>>())
    .bind(records().map(|record| record.correlation.as_str()).collect::<Vec<_>>())
    .bind(records().map(|record| record.patient.as_ref().map(PatientToken::as_str)).collect::<Vec<_>>())
    .bind(records().map(|record| json!(record.details).to_string()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.batch_hash.as_str()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
