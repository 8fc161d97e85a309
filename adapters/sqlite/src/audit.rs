//! [`AuditLog`]: append-only, chained by [`carewire_sync_engine::chain`].

use std::collections::BTreeMap;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::chain::{Chain, Verifier};
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditQuery, AuditRecord, ChainedRecord, Result, Verification,
};
use serde_json::json;
use sqlx::{QueryBuilder, SqliteConnection};

use crate::error::Failure;
use crate::{SqliteStore, row};

/// Rows in one INSERT.
const ROWS: usize = 200;
/// Rows that a check of a chain reads at once.
const PAGE: usize = 1000;

#[async_trait]
impl AuditLog for SqliteStore {
    async fn append(&self, records: Vec<AuditRecord>) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let mut batches: BTreeMap<OrgId, Vec<AuditRecord>> = BTreeMap::new();
        for record in records {
            batches.entry(record.org.clone()).or_default().push(record);
        }
        Ok(self.write(batches, |connection, batches| Box::pin(append(connection, batches))).await?)
    }

    async fn search(&self, org: &OrgId, query: &AuditQuery, limit: usize) -> Result<Vec<ChainedRecord>> {
        let mut sql = QueryBuilder::new(
            "SELECT sequence, at, action, outcome, correlation, patient, details, batch_hash FROM audit WHERE org = ",
        );
        sql.push_bind(org.as_str().to_owned());
        sql.push(" AND sequence > ").push_bind(query.after.unwrap_or(0));
        if let Some(action) = query.action {
            sql.push(" AND action = ").push_bind(action.as_str());
        }
        if let Some(correlation) = &query.correlation {
            sql.push(" AND correlation = ").push_bind(correlation.as_str().to_owned());
        }
        sql.push(" ORDER BY sequence LIMIT ").push_bind(row::limit(limit));
        let rows: Vec<Columns> =
            sql.build_query_as().fetch_all(self.reader().await?.connection()).await.map_err(Failure::from)?;
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
    connection: &mut SqliteConnection,
    batches: &BTreeMap<OrgId, Vec<AuditRecord>>,
) -> Result<(), Failure> {
    for (org, records) in batches {
        let last = last(connection, org).await?;
        let mut chain = Chain::resume(org, last.as_ref()).map_err(|_| Failure::Corrupt("audit hash"))?;
        for rows in chain.append(records.clone()).chunks(ROWS) {
            insert(connection, rows).await?;
        }
    }
    Ok(())
}

async fn last(connection: &mut SqliteConnection, org: &OrgId) -> Result<Option<ChainedRecord>, Failure> {
    let last: Option<Columns> = sqlx::query_as(
        "SELECT sequence, at, action, outcome, correlation, patient, details, batch_hash FROM audit
         WHERE org = ?1 ORDER BY sequence DESC LIMIT 1",
    )
    .bind(org.as_str())
    .fetch_optional(connection)
    .await?;
    last.map(|columns| chained(org, columns)).transpose()
}

async fn insert(connection: &mut SqliteConnection, rows: &[ChainedRecord]) -> Result<(), Failure> {
    let mut query = QueryBuilder::new(
        "INSERT INTO audit (org, sequence, at, action, outcome, correlation, patient, details, batch_hash) ",
    );
    query.push_values(rows, |mut columns, ChainedRecord { sequence, record, batch_hash }| {
        columns
            .push_bind(record.org.as_str().to_owned())
            .push_bind(*sequence)
            .push_bind(row::micros(record.at));
        columns.push_bind(record.action.as_str()).push_bind(record.outcome.clone());
        columns.push_bind(record.correlation.as_str().to_owned());
        columns.push_bind(record.patient.as_ref().map(|patient| patient.as_str().to_owned()));
        columns.push_bind(json!(record.details).to_string()).push_bind(batch_hash.clone());
    });
    query.build().execute(connection).await?;
    Ok(())
}
