//! Between a check of consent and the write that it allows, nobody may revoke; after a revocation, nobody may write.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use carewire_fhir_core::PatientToken;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) const SHARDS: usize = 256;

/// A lock for each patient, by hash of the token: writers to the remote share it, a change of consent has it alone.
///
/// A writer holds it from the re-check of the epoch until the request is answered, so `revoke` returns only when no
/// write of the patient is under way, and the next writer sees the new epoch.
#[derive(Debug)]
pub(crate) struct ConsentGate {
    shards: Vec<RwLock<()>>,
}

impl Default for ConsentGate {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::new(())).collect() }
    }
}

impl ConsentGate {
    /// To check the epoch and write.
    pub(crate) async fn write_remote(&self, patient: &PatientToken) -> Option<RwLockReadGuard<'_, ()>> {
        Some(self.shard(patient)?.read().await)
    }

    /// To check the epochs of several patients and write; shards are locked once each and in one order.
    pub(crate) async fn write_remote_of(&self, patients: &[&PatientToken]) -> Vec<RwLockReadGuard<'_, ()>> {
        let shards: BTreeSet<usize> = patients.iter().map(|patient| index_of(patient)).collect();
        let mut guards = Vec::with_capacity(shards.len());
        for shard in shards.into_iter().filter_map(|shard| self.shards.get(shard)) {
            guards.push(shard.read().await);
        }
        guards
    }

    /// To change consent.
    pub(crate) async fn change(&self, patient: &PatientToken) -> Option<RwLockWriteGuard<'_, ()>> {
        Some(self.shard(patient)?.write().await)
    }

    fn shard(&self, patient: &PatientToken) -> Option<&RwLock<()>> {
        self.shards.get(index_of(patient))
    }
}

/// Which of the [`SHARDS`] locks is the patient's.
pub(crate) fn index_of(patient: &PatientToken) -> usize {
    let mut hasher = DefaultHasher::new();
    patient.hash(&mut hasher);
    let shards = u64::try_from(SHARDS).unwrap_or(1);
    usize::try_from(hasher.finish() % shards).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_waits_for_writes_under_way() {
        let gate = ConsentGate::default();
        let patient = PatientToken::new("pt_1").unwrap();
        let write = gate.write_remote(&patient).await;
        assert!(write.is_some());
        let changing = gate.change(&patient);
        tokio::pin!(changing);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), &mut changing).await.is_err());
        drop(write);
        assert!(changing.await.is_some());
    }
}
