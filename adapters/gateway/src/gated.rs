//! The remote as a reconcile run sees it: every write stands behind the consent gate.

use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carewire_fhir_core::PatientToken;
use carewire_sync_engine::{
    InventoryEntry, Limits, PermitSource, PermittedWrites, Refusal, Remembered, Remote, Result, WriteOutcome,
};

use crate::Shared;

/// A repair asks for its permit some time before it writes. Here the patient's gate is held and consent is asked once
/// more, so that no write starts after a revocation has returned.
#[derive(Debug)]
pub(crate) struct GatedRemote {
    shared: Arc<Shared>,
}

impl GatedRemote {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

/// Consent changed between the permit and the write.
fn consent_changed() -> Refusal {
    Refusal::Permanent { code: "consent-changed".into(), expressions: vec![] }
}

#[async_trait]
impl Remote for GatedRemote {
    fn name(&self) -> &str {
        self.shared.parts.remote.name()
    }

    async fn probe(&self) -> Result<Limits> {
        self.shared.parts.remote.probe().await
    }

    async fn submit(&self, writes: PermittedWrites<'_>) -> std::result::Result<Vec<WriteOutcome>, Refusal> {
        let shared = &self.shared;
        let mut patients: BTreeMap<&PatientToken, BTreeSet<String>> = BTreeMap::new();
        for write in writes.writes() {
            if let Some(patient) = &write.patient {
                patients.entry(patient).or_default().extend(write.classes.iter().cloned());
            }
        }
        let mut guards = Vec::with_capacity(patients.len());
        for (patient, classes) in patients {
            guards.push(shared.gate.write_remote(patient).await);
            let classes: Vec<String> = classes.into_iter().collect();
            let permit = shared.permit(&shared.org, patient, self.name(), &classes).await;
            match permit {
                Ok(Some(_)) => {}
                Ok(None) => return Err(consent_changed()),
                Err(_) => return Err(Refusal::transient("store-unavailable")),
            }
        }
        shared.parts.remote.submit(writes).await
    }

    async fn read(&self, resource_type: &str, id: &str) -> std::result::Result<Remembered, Refusal> {
        self.shared.parts.remote.read(resource_type, id).await
    }

    async fn inventory(
        &self,
        resource_type: &str,
        ids: &[String],
    ) -> std::result::Result<Vec<InventoryEntry>, Refusal> {
        self.shared.parts.remote.inventory(resource_type, ids).await
    }
}
