//! One message at a time for each patient.

use std::collections::BTreeSet;

use carewire_fhir_core::PatientToken;
use tokio::sync::{Mutex, MutexGuard};

use crate::gate::{SHARDS, index_of};

/// A lock for each patient, by hash of the token.
///
/// What a message says is put beside what is known, and nobody may change that before it is written. Messages about one
/// patient wait for each other in the queue, in order. One about several patients stands in the line of the first of them,
/// and would meet the messages of the others.
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
