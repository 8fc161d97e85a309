//! The audit records of one message, gathered and appended together.

use std::collections::{BTreeMap, BTreeSet};

use carewire_fhir_core::PatientToken;
use carewire_sync_engine::{Applied, AuditAction, AuditRecord, StoredMessage, Write};

use crate::decision::Asked;
use crate::{Result, Shared};

/// Records of one message under its correlation id. [`Trail::flush`] appends what was gathered.
#[derive(Debug)]
pub(crate) struct Trail<'a> {
    shared: &'a Shared,
    stored: &'a StoredMessage,
    patients: Vec<PatientToken>,
    records: Vec<AuditRecord>,
}

impl<'a> Trail<'a> {
    pub(crate) fn new(shared: &'a Shared, stored: &'a StoredMessage) -> Self {
        Self { shared, stored, patients: vec![], records: vec![] }
    }

    /// From here on the records name the patient's token; where there are several, those that are about one of them.
    pub(crate) fn patients<'t>(&mut self, tokens: impl Iterator<Item = &'t PatientToken>) {
        self.patients = tokens.cloned().collect();
    }

    pub(crate) fn received(&mut self) {
        let at = self.stored.received_at;
        self.step(AuditAction::Received, "success", [("sequence", self.stored.sequence)]);
        if let Some(record) = self.records.last_mut() {
            record.at = at;
        }
    }

    pub(crate) fn decided(&mut self, patient: &PatientToken, asked: &Asked) {
        self.about(Some(patient.clone()), AuditAction::ConsentDecided, asked.outcome(), asked.details());
    }

    /// A consent that the message carries stays where it is.
    pub(crate) fn consent_not_taken(&mut self, patient: &PatientToken, id: &str, reason: &str) {
        let details = [("consent", id), ("reason", reason)];
        self.about(Some(patient.clone()), AuditAction::ConsentChanged, "not-taken", details);
    }

    /// What one request wrote: a disclosure of each patient whose data it is.
    pub(crate) fn disclosed(&mut self, applied: &[Applied]) {
        let remote = self.shared.parts.remote.name();
        let shown = applied
            .iter()
            .map(|write| (write.patients(), format!("{}/{}", write.key.resource_type, write.remote_id)));
        for (patient, resources) in self.by_patient(shown) {
            let details = [("resources", resources.as_str()), ("remote", remote)];
            self.about(patient, AuditAction::Disclosed, "success", details);
        }
    }

    /// The remote did not answer: whether it has these resources is not known.
    pub(crate) fn perhaps_disclosed(&mut self, writes: &[Write]) {
        let shown = writes.iter().map(|write| (write.patients(), write.key.resource_type.clone()));
        for (patient, resources) in self.by_patient(shown) {
            self.about(patient, AuditAction::Disclosed, "unknown", [("resources", resources)]);
        }
    }

    /// What belongs to nobody is on the record of the one patient whom the message is about, if it is about one.
    fn by_patient(
        &self,
        shown: impl Iterator<Item = (BTreeSet<PatientToken>, String)>,
    ) -> BTreeMap<Option<PatientToken>, String> {
        let mut resources: BTreeMap<Option<PatientToken>, String> = BTreeMap::new();
        for (patients, resource) in shown {
            let nobody = patients.is_empty().then(|| self.one_patient());
            for patient in patients.into_iter().map(Some).chain(nobody) {
                let all = resources.entry(patient).or_default();
                if !all.is_empty() {
                    all.push(' ');
                }
                all.push_str(&resource);
            }
        }
        resources
    }

    /// The message is in the dead letter.
    pub(crate) fn dead(&mut self, reason: &str) {
        self.step(AuditAction::DeadLettered, "failure", [("reason", reason)]);
    }

    pub(crate) fn step<V: ToString, const N: usize>(
        &mut self,
        action: AuditAction,
        outcome: &str,
        details: [(&str, V); N],
    ) {
        self.about(self.one_patient(), action, outcome, details);
    }

    fn about<V: ToString>(
        &mut self,
        patient: Option<PatientToken>,
        action: AuditAction,
        outcome: &str,
        details: impl IntoIterator<Item = (impl Into<String>, V)>,
    ) {
        let mut details: BTreeMap<String, String> =
            details.into_iter().map(|(name, value)| (name.into(), value.to_string())).collect();
        details.insert("message".into(), self.stored.id.to_string());
        self.records.push(AuditRecord {
            org: self.shared.org.clone(),
            at: self.shared.parts.clock.now(),
            action,
            outcome: outcome.into(),
            correlation: self.stored.correlation.clone(),
            patient,
            details,
        });
    }

    fn one_patient(&self) -> Option<PatientToken> {
        match self.patients.as_slice() {
            [patient] => Some(patient.clone()),
            _ => None,
        }
    }

    /// Appends what was gathered.
    pub(crate) async fn flush(&mut self) -> Result<()> {
        let records = std::mem::take(&mut self.records);
        if records.is_empty() { Ok(()) } else { Ok(self.shared.parts.audit.append(records).await?) }
    }
}
