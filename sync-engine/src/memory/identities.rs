//! The identity map in memory.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;

use super::MemoryStore;
use crate::{Identity, IdentityMap, LocalKey, Result};

#[derive(Default)]
pub(super) struct Identities {
    rows: HashMap<(OrgId, String), BTreeMap<LocalKey, Identity>>,
}

impl Identities {
    fn of(&self, org: &OrgId, remote: &str) -> Option<&BTreeMap<LocalKey, Identity>> {
        self.rows.get(&(org.clone(), remote.to_owned()))
    }
}

#[async_trait]
impl IdentityMap for MemoryStore {
    async fn lookup(&self, org: &OrgId, remote: &str, keys: &[LocalKey]) -> Result<Vec<Option<Identity>>> {
        let state = self.state();
        let rows = state.identities.of(org, remote);
        Ok(keys.iter().map(|key| rows?.get(key).cloned()).collect())
    }

    async fn record(&self, org: &OrgId, remote: &str, rows: Vec<Identity>) -> Result<()> {
        let mut state = self.state();
        let stored = state.identities.rows.entry((org.clone(), remote.to_owned())).or_default();
        for row in rows {
            let newer = stored.get(&row.key).is_some_and(|kept| kept.source_sequence > row.source_sequence);
            if !newer {
                stored.insert(row.key.clone(), row);
            }
        }
        Ok(())
    }

    async fn scan(
        &self,
        org: &OrgId,
        remote: &str,
        after: Option<&LocalKey>,
        limit: usize,
    ) -> Result<Vec<Identity>> {
        let state = self.state();
        let Some(rows) = state.identities.of(org, remote) else { return Ok(Vec::new()) };
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        Ok(rows.range((start, Bound::Unbounded)).take(limit).map(|(_, row)| row.clone()).collect())
    }
}
