//! The vault in memory: for tests, demos and single runs.

use async_trait::async_trait;
use carewire_fhir_core::{OrgId, PatientToken};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::TokenVault;
use crate::Result;

/// A [`TokenVault`] that forgets everything when it is dropped.
#[derive(Default)]
pub struct MemoryVault {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tokens: HashMap<(OrgId, [u8; 32]), PatientToken>,
    originals: HashMap<(OrgId, PatientToken), (i64, Vec<u8>)>,
}

impl MemoryVault {
    /// An empty vault.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TokenVault for MemoryVault {
    async fn resolve(
        &self,
        org: &OrgId,
        patient_key: &[u8; 32],
        candidate: &PatientToken,
    ) -> Result<PatientToken> {
        let mut state = self.state();
        Ok(state.tokens.entry((org.clone(), *patient_key)).or_insert_with(|| candidate.clone()).clone())
    }

    async fn find(&self, org: &OrgId, patient_key: &[u8; 32]) -> Result<Option<PatientToken>> {
        Ok(self.state().tokens.get(&(org.clone(), *patient_key)).cloned())
    }

    async fn put_original(
        &self,
        org: &OrgId,
        token: &PatientToken,
        sealed: Vec<u8>,
        sequence: i64,
    ) -> Result<()> {
        match self.state().originals.entry((org.clone(), token.clone())) {
            Entry::Occupied(kept) if kept.get().0 > sequence => {}
            Entry::Occupied(mut older) => drop(older.insert((sequence, sealed))),
            Entry::Vacant(place) => drop(place.insert((sequence, sealed))),
        }
        Ok(())
    }

    async fn original(&self, org: &OrgId, token: &PatientToken) -> Result<Option<Vec<u8>>> {
        Ok(self.state().originals.get(&(org.clone(), token.clone())).map(|(_, sealed)| sealed.clone()))
    }
}

impl std::fmt::Debug for MemoryVault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.state();
        f.debug_struct("MemoryVault")
            .field("tokens", &state.tokens.len())
            .field("originals", &state.originals.len())
            .finish()
    }
}
