//! The audit trail in memory.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use carewire_fhir_core::OrgId;

use super::MemoryStore;
use crate::chain::{Chain, verify};
use crate::{AuditLog, AuditQuery, AuditRecord, ChainedRecord, Result, Verification};

#[derive(Default)]
pub(super) struct Trails {
    rows: HashMap<OrgId, Vec<ChainedRecord>>,
}

#[async_trait]
impl AuditLog for MemoryStore {
    async fn append(&self, records: Vec<AuditRecord>) -> Result<()> {
        let mut batches: BTreeMap<OrgId, Vec<AuditRecord>> = BTreeMap::new();
        for record in records {
            batches.entry(record.org.clone()).or_default().push(record);
        }
        let trails = &mut self.state().audit.rows;
        let mut chained = Vec::new();
        for (org, batch) in batches {
            let last = trails.get(&org).and_then(|trail| trail.last());
            let rows = Chain::resume(&org, last)?.append(batch);
            chained.push((org, rows));
        }
        for (org, rows) in chained {
            trails.entry(org).or_default().extend(rows);
        }
        Ok(())
    }

    async fn search(&self, org: &OrgId, query: &AuditQuery, limit: usize) -> Result<Vec<ChainedRecord>> {
        let state = self.state();
        let trail = state.audit.rows.get(org).into_iter().flatten();
        Ok(trail.filter(|row| query.matches(row)).take(limit).cloned().collect())
    }

    async fn verify(&self, org: &OrgId) -> Result<Verification> {
        let state = self.state();
        Ok(verify(org, state.audit.rows.get(org).into_iter().flatten()))
    }
}
