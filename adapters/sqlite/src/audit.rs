//! [`AuditLog`]: append-only, chained by [`carewire_sync_engine::chain`].

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

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
        let input = (batches, Arc::clone(self.heads()));
        Ok(self
            .write(input, |connection, (batches, heads)| Box::pin(append(connection, batches, heads)))
            .await?)
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

/// The last record of each chain as this process wrote it: a guess, which every insert checks. It is wrong when another
/// process wrote meanwhile or when the transaction was rolled back.
#[derive(Default)]
pub(crate) struct Heads(Mutex<HashMap<OrgId, ChainedRecord>>);

impl Heads {
    fn of(&self, org: &OrgId) -> Option<ChainedRecord> {
        self.lock().get(org).cloned()
    }

    fn set(&self, head: &ChainedRecord) {
        self.lock().insert(head.record.org.clone(), head.clone());
    }

    /// No code can panic while it holds this lock.
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OrgId, ChainedRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn append(
    connection: &mut SqliteConnection,
    batches: &BTreeMap<OrgId, Vec<AuditRecord>>,
    heads: &Heads,
) -> Result<(), Failure> {
    for (org, records) in batches {
        let guess = heads.of(org);
        if guess.is_some() && extend(connection, org, records, guess.as_ref(), heads).await? {
            continue;
        }
        let head = last(connection, org).await?;
        if !extend(connection, org, records, head.as_ref(), heads).await? {
            return Err(Failure::Corrupt("audit chain"));
        }
    }
    Ok(())
}

/// Appends behind `head`; false, with nothing written, when that is not the last record.
async fn extend(
    connection: &mut SqliteConnection,
    org: &OrgId,
    records: &[AuditRecord],
    head: Option<&ChainedRecord>,
    heads: &Heads,
) -> Result<bool, Failure> {
    let mut chain = Chain::resume(org, head).map_err(|_| Failure::Corrupt("audit hash"))?;
    let rows = chain.append(records.to_vec());
    let mut before = head;
    for rows in rows.chunks(ROWS) {
        if !insert(connection, org, rows, before).await? {
            return Ok(false);
        }
        before = rows.last();
    }
    before.into_iter().for_each(|head| heads.set(head));
    Ok(true)
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

/// Inserts rows that follow `before`; false when that is not the last row.
async fn insert(
    connection: &mut SqliteConnection,
    org: &OrgId,
    rows: &[ChainedRecord],
    before: Option<&ChainedRecord>,
) -> Result<bool, Failure> {
    let mut query = QueryBuilder::new(
        "INSERT INTO audit (org, sequence, at, action, outcome, correlation, patient, details, batch_hash)
         SELECT * FROM (",
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
    query.push(") WHERE (SELECT max(sequence) FROM audit WHERE org = ").push_bind(org.as_str().to_owned());
    query.push(") IS ").push_bind(before.map(|before| before.sequence));
    if let Some(before) = before {
        query.push(" AND EXISTS (SELECT 1 FROM audit WHERE org = ").push_bind(org.as_str().to_owned());
        query.push(" AND sequence = ").push_bind(before.sequence);
        query.push(" AND batch_hash = ").push_bind(before.batch_hash.clone()).push(")");
    }
    let inserted = query.build().execute(connection).await?;
    Ok(inserted.rows_affected() == rows.len() as u64)
}
