//! The remote as a reconcile run sees it: every write under a guard of consents.

use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carewire_fhir_core::{CorrelationId, PatientToken};
use carewire_sync_engine::{
    AuditAction, AuditRecord, InventoryEntry, Limits, PermitSource, PermittedWrites, Refusal, Remembered,
    Remote, Result, Write, WriteOutcome,
};

use crate::Shared;
use crate::breaker::is_silence;
use crate::reconcile::RepairPermits;

/// A repair asks for its permit some time before it writes. Here the patient's gate is held and consent is asked once
/// more, so that no write starts after a revocation has returned.
#[derive(Debug)]
pub(crate) struct GatedRemote {
    permits: Arc<RepairPermits>,
}

impl GatedRemote {
    pub(crate) fn new(permits: Arc<RepairPermits>) -> Self {
        Self { permits }
    }

    fn remote(&self) -> &dyn Remote {
        self.permits.shared.parts.remote.as_ref()
    }
}

/// Consent changed between the permit and the write.
fn consent_changed() -> Refusal {
    Refusal::Permanent { code: "consent-changed".into(), expressions: vec![] }
}

#[async_trait]
impl Remote for GatedRemote {
    fn name(&self) -> &str {
        self.remote().name()
    }

    async fn probe(&self) -> Result<Limits> {
        self.remote().probe().await
    }

    async fn submit(&self, writes: PermittedWrites<'_>) -> std::result::Result<Vec<WriteOutcome>, Refusal> {
        let RepairPermits { shared, correlation } = self.permits.as_ref();
        let classes = classes_by_patient(writes.writes());
        let patients: Vec<PatientToken> = classes.keys().cloned().collect();
        let Ok(_guard) = shared.parts.consents.guard(&shared.org, &patients).await else {
            return Err(Refusal::transient("store-unavailable"));
        };
        for (patient, classes) in &classes {
            let classes: Vec<String> = classes.iter().cloned().collect();
            match self.permits.permit(&shared.org, patient, self.name(), &classes).await {
                Ok(Some(_)) => {}
                Ok(None) => return Err(consent_changed()),
                Err(_) => return Err(Refusal::transient("store-unavailable")),
            }
        }
        let items = writes.writes();
        let answer = self.remote().submit(writes).await;
        let recorded = shared.record_repair(items, answer.as_deref(), correlation).await;
        if let Err(error) = recorded {
            tracing::error!(%error, "repair not on record");
        }
        answer
    }

    async fn read(&self, resource_type: &str, id: &str) -> std::result::Result<Remembered, Refusal> {
        self.remote().read(resource_type, id).await
    }

    async fn inventory(
        &self,
        resource_type: &str,
        ids: &[String],
    ) -> std::result::Result<Vec<InventoryEntry>, Refusal> {
        self.remote().inventory(resource_type, ids).await
    }
}

/// What each patient's permit must cover.
fn classes_by_patient(writes: &[Write]) -> BTreeMap<PatientToken, BTreeSet<String>> {
    let mut patients: BTreeMap<PatientToken, BTreeSet<String>> = BTreeMap::new();
    for write in writes {
        for patient in write.patients() {
            patients.entry(patient).or_default().extend(write.classes.iter().cloned());
        }
    }
    patients
}

impl Shared {
    /// A repair is a disclosure like any other: one record for each resource.
    async fn record_repair(
        &self,
        writes: &[Write],
        answer: std::result::Result<&[WriteOutcome], &Refusal>,
        correlation: &CorrelationId,
    ) -> crate::Result<()> {
        let outcome = |entry: usize| match answer.map(|outcomes| outcomes.get(entry)) {
            Ok(Some(WriteOutcome::Applied { id, .. })) => ("success", Some(id.clone())),
            Err(refusal) if is_silence(refusal) => ("unknown", None),
            _ => ("failure", None),
        };
        let record = |(entry, write): (usize, &Write)| {
            let (outcome, id) = outcome(entry);
            let resource = id.map_or_else(
                || write.key.resource_type.clone(),
                |id| format!("{}/{id}", write.key.resource_type),
            );
            AuditRecord {
                org: self.org.clone(),
                at: self.parts.clock.now(),
                action: AuditAction::Disclosed,
                outcome: outcome.into(),
                correlation: correlation.clone(),
                patient: write.patient.clone(),
                details: BTreeMap::from([("repair".into(), "true".into()), ("resources".into(), resource)]),
            }
        };
        let records = writes.iter().enumerate().map(record).collect();
        Ok(self.parts.audit.append(records).await?)
    }
}
