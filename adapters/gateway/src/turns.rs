//! One message at a time for each patient within a process, also where two ordering keys are those of one patient.
//!
//! The ordering keys of a message are those of the identifiers in it, taken before it is acknowledged; a merge may have given one
//! token to several of them since. The locks here are by token.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use carewire_fhir_core::PatientToken;
use tokio::sync::{Mutex, MutexGuard};

/// A lock for each patient, by hash of the token.
///
/// What a message says is put beside what is known, and nobody may change that before it is written.
#[derive(Debug)]
pub(crate) struct Turns {
    shards: Vec<Mutex<()>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::new(())).collect() }
    }
}

impl Turns {
    /// Waits until no other message about any of these patients is worked on. The locks are taken in one order.
    pub(crate) async fn of(&self, patients: &[PatientToken]) -> Vec<MutexGuard<'_, ()>> {
        let shards: BTreeSet<usize> = patients.iter().map(index_of).collect();
        let mut turns = Vec::with_capacity(shards.len());
        for shard in shards.into_iter().filter_map(|shard| self.shards.get(shard)) {
            turns.push(shard.lock().await);
        }
        turns
    }
}

const SHARDS: usize = 256;

/// Which of the [`SHARDS`] locks is the patient's.
fn index_of(patient: &PatientToken) -> usize {
    let mut hasher = DefaultHasher::new();
    patient.hash(&mut hasher);
    let shards = u64::try_from(SHARDS).unwrap_or(1);
    usize::try_from(hasher.finish() % shards).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_shares_a_patient_waits() {
        let turns = Turns::default();
        let [a, b, c] = ["pt_a", "pt_b", "pt_c"].map(|token| PatientToken::new(token).unwrap());
        assert_eq!(BTreeSet::from([&a, &b, &c].map(index_of)).len(), 3, "three locks");
        let merge = turns.of(&[b.clone(), a.clone()]).await;
        drop(turns.of(&[c]).await);
        let other = [a];
        let update = turns.of(&other);
        tokio::pin!(update);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), &mut update).await.is_err());
        drop(merge);
        assert_eq!(update.await.len(), 1);
    }
}
