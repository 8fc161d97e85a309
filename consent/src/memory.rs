//! Consents in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use carewire_fhir_core::{OrgId, PatientToken};

use crate::sync::{Mutex, MutexGuard, PoisonError};
use crate::{Consent, ConsentEpoch, ConsentGate, ConsentGuard, ConsentStore, PatientConsents, StoreError};

/// A [`ConsentStore`] in memory, for tests and for services that load their consents at start.
#[derive(Default)]
pub struct MemoryConsentStore {
    orgs: Mutex<BTreeMap<OrgId, OrgConsents>>,
    gate: ConsentGate,
}

#[derive(Default)]
struct OrgConsents {
    consents: BTreeMap<String, Consent>,
    epochs: BTreeMap<PatientToken, ConsentEpoch>,
}

impl OrgConsents {
    fn advance(&mut self, patient: &PatientToken) -> ConsentEpoch {
        let epoch = self.epochs.entry(patient.clone()).or_default();
        epoch.0 = epoch.0.saturating_add(1);
        *epoch
    }

    fn epoch(&self, patient: &PatientToken) -> ConsentEpoch {
        self.epochs.get(patient).copied().unwrap_or_default()
    }
}

impl MemoryConsentStore {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<OrgId, OrgConsents>> {
        // A panic cannot leave the map half changed: every change under the lock is made of infallible steps.
        self.orgs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for MemoryConsentStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryConsentStore").field("orgs", &self.lock().len()).finish()
    }
}

#[async_trait]
impl ConsentStore for MemoryConsentStore {
    async fn put(&self, consent: Consent) -> Result<ConsentEpoch, StoreError> {
        let _alone = self.gate.change(consent.org(), consent.patient()).await;
        let mut orgs = self.lock();
        let org = orgs.entry(consent.org().clone()).or_default();
        if org.consents.get(consent.id()).is_some_and(|stored| stored.patient() != consent.patient()) {
            return Err(StoreError::Conflict);
        }
        let epoch = org.advance(consent.patient());
        org.consents.insert(consent.id().to_owned(), consent);
        Ok(epoch)
    }

    async fn guard(&self, org: &OrgId, patients: &[PatientToken]) -> Result<ConsentGuard, StoreError> {
        let guard = self.gate.hold(org, patients).await;
        let orgs = self.lock();
        let epoch = |patient| orgs.get(org).map_or_else(ConsentEpoch::default, |org| org.epoch(patient));
        let epochs = patients.iter().map(|patient| (patient.clone(), epoch(patient))).collect();
        Ok(ConsentGuard::new(org.clone(), epochs, guard))
    }

    async fn for_patient(&self, org: &OrgId, patient: &PatientToken) -> Result<PatientConsents, StoreError> {
        let orgs = self.lock();
        Ok(orgs.get(org).map_or_else(PatientConsents::default, |org| PatientConsents {
            epoch: org.epoch(patient),
            consents: org.consents.values().filter(|consent| consent.patient() == patient).cloned().collect(),
        }))
    }

    async fn epoch(&self, org: &OrgId, patient: &PatientToken) -> Result<ConsentEpoch, StoreError> {
        Ok(self.lock().get(org).map_or_else(ConsentEpoch::default, |org| org.epoch(patient)))
    }

    async fn get(&self, org: &OrgId, id: &str) -> Result<Option<Consent>, StoreError> {
        Ok(self.lock().get(org).and_then(|org| org.consents.get(id)).cloned())
    }

    async fn revoke(&self, org: &OrgId, id: &str) -> Result<(PatientToken, ConsentEpoch), StoreError> {
        // Whose it is does not change: an id stays with its patient.
        let patient = self.get(org, id).await?.ok_or(StoreError::NotFound)?.patient().clone();
        let _alone = self.gate.change(org, &patient).await;
        let mut orgs = self.lock();
        let org = orgs.get_mut(org).ok_or(StoreError::NotFound)?;
        let consent = org.consents.get_mut(id).ok_or(StoreError::NotFound)?;
        *consent = consent.revoked();
        let epoch = org.advance(&patient);
        Ok((patient, epoch))
    }

    async fn list(
        &self,
        org: &OrgId,
        patient: Option<&PatientToken>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Consent>, StoreError> {
        let orgs = self.lock();
        let consents = orgs.get(org).into_iter().flat_map(|org| org.consents.values());
        let wanted = consents
            .filter(|consent| after.is_none_or(|after| consent.id() > after))
            .filter(|consent| patient.is_none_or(|patient| consent.patient() == patient));
        Ok(wanted.take(limit).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::contract;

    #[tokio::test]
    async fn it_passes_the_contract() {
        contract::all(&MemoryConsentStore::default(), "direct").await;
    }

    #[tokio::test]
    async fn it_passes_the_contract_behind_a_shared_pointer() {
        let store: Arc<dyn ConsentStore> = Arc::new(MemoryConsentStore::default());
        contract::all(store.as_ref(), "shared").await;
    }
}
