//! The audit records of one message, gathered and appended together.

use std::collections::BTreeMap;

use carewire_consent::ConsentEpoch;
use carewire_fhir_core::PatientToken;
use carewire_sync_engine::{Applied, AuditAction, AuditRecord, StoredMessage, Write};

use crate::{Result, Shared};

/// Records of one message under its correlation id. [`Trail::flush`] appends what was gathered.
#[derive(Debug)]
pub(crate) struct Trail<'a> {
    shared: &'a Shared,
    stored: &'a StoredMessage,
    patient: Option<PatientToken>,
    records: Vec<AuditRecord>,
}

impl<'a> Trail<'a> {
    pub(crate) fn new(shared: &'a Shared, stored: &'a StoredMessage) -> Self {
        Self { shared, stored, patient: None, records: vec![] }
    }

    /// From here on the records name the patient's token.
    pub(crate) fn patient(&mut self, token: &PatientToken) {
        self.patient = Some(token.clone());
    }

    pub(crate) fn received(&mut self) {
        let at = self.stored.received_at;
        self.step(AuditAction::Received, "success", [("sequence", self.stored.sequence)]);
        if let Some(record) = self.records.last_mut() {
            record.at = at;
        }
    }

    pub(crate) fn decided(&mut self, outcome: &str, epoch: ConsentEpoch) {
        self.step(AuditAction::ConsentDecided, outcome, [("epoch", epoch.0)]);
    }

    /// One disclosure: what one request wrote.
    pub(crate) fn disclosed(&mut self, applied: &[Applied]) {
        if applied.is_empty() {
            return;
        }
        let written: Vec<String> =
            applied.iter().map(|write| format!("{}/{}", write.key.resource_type, write.remote_id)).collect();
        self.step(AuditAction::Disclosed, "success", [("resources", written.join(" "))]);
        if let Some(record) = self.records.last_mut() {
            record.details.insert("remote".into(), self.shared.parts.remote.name().into());
        }
    }

    /// The remote did not answer: whether it has these resources is not known.
    pub(crate) fn perhaps_disclosed(&mut self, writes: &[Write]) {
        let types: Vec<&str> = writes.iter().map(|write| write.key.resource_type.as_str()).collect();
        self.step(AuditAction::Disclosed, "unknown", [("resources", types.join(" "))]);
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
        let mut details: BTreeMap<String, String> =
            details.into_iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect();
        details.insert("message".into(), self.stored.id.to_string());
        self.records.push(AuditRecord {
            org: self.shared.org.clone(),
            at: self.shared.parts.clock.now(),
            action,
            outcome: outcome.into(),
            correlation: self.stored.correlation.clone(),
            patient: self.patient.clone(),
            details,
        });
    }

    /// Appends what was gathered.
    pub(crate) async fn flush(&mut self) -> Result<()> {
        let records = std::mem::take(&mut self.records);
        if records.is_empty() { Ok(()) } else { Ok(self.shared.parts.audit.append(records).await?) }
    }
}
