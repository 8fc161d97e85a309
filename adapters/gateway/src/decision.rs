//! Decisions about consent, and the one record of each.
//!
//! What is permitted is on record before anything is sent by it: after a crash there may be a record of a decision that nothing
//! came of, and never a disclosure without one.

use std::collections::{BTreeMap, BTreeSet};

use carewire_consent::{
    DataClass, DecisionRecord, Denied, Duties, Permit, Request, Response, authorize_on_record, evaluate,
};
use carewire_fhir_core::{CorrelationId, PatientToken};
use carewire_sync_engine::{AuditAction, AuditRecord};

use crate::{Error, Gateway, Result, Shared};

/// What the consents of a patient say, and what is to be put on record of it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) decided: Result<Permit, Box<Denied>>,
    record: DecisionRecord,
}

impl Asked {
    pub(crate) fn outcome(&self) -> &'static str {
        self.record.outcome()
    }

    /// For the record: why, by which policy and consents, and what nobody does of what a permit would ask.
    pub(crate) fn details(&self) -> BTreeMap<String, String> {
        let mut details = self.record.details();
        let undone = self.decided.as_ref().err().map(|denied| denied.unfulfilled().collect::<Vec<_>>());
        if let Some(undone) = undone.filter(|undone| !undone.is_empty()) {
            details.insert("duties".into(), undone.join(" "));
        }
        details
    }
}

/// Why a denied message is held.
pub(crate) fn hold_code(denied: &Denied) -> String {
    if denied.unfulfilled().next().is_some() { "duty-not-fulfilled" } else { "consent" }.into()
}

impl Gateway {
    /// Answers whether somebody may do something, by the consents as they are now and the org's policy, and puts the answer on
    /// record. A broken glass is counted (`carewire_glass_broken_total`) and logged as a warning as well.
    ///
    /// It is an answer and no permit: what this gateway sends, it decides about by itself.
    ///
    /// # Errors
    /// [`Error::OtherOrg`] for a request about another org; or when a store cannot be reached: then there is no answer.
    pub async fn decide(&self, request: &Request, correlation: &CorrelationId) -> Result<Response> {
        let shared = &self.shared;
        if request.org != shared.org {
            return Err(Error::OtherOrg);
        }
        let consents = shared.parts.consents.for_patient(&request.org, &request.patient).await?;
        let (policy, now) = (&shared.questions, shared.parts.clock.now());
        let response = evaluate(request, &consents.consents, policy, now);
        let record = DecisionRecord::of(request, &response, policy, consents.epoch, now);
        if record.alert {
            metrics::counter!("carewire_glass_broken_total", "org" => shared.org.to_string()).increment(1);
            tracing::warn!(%correlation, "the glass was broken");
        }
        let record = shared.decided(&request.patient, record.outcome(), record.details(), correlation);
        shared.parts.audit.append(vec![record]).await?;
        Ok(response)
    }
}

impl Shared {
    /// Asks the patient's consents, as they are now, for somebody who fulfils these duties. Who asks puts it on record.
    pub(crate) async fn ask_consent(
        &self,
        classes: BTreeSet<DataClass>,
        token: &PatientToken,
        remote: &str,
        duties: Duties,
    ) -> Result<Asked> {
        let request = Request::new(self.org.clone(), token.clone(), self.settings.purpose.clone())
            .with_classes(classes)
            .to_remote(remote)
            .fulfilling(duties);
        let consents = self.parts.consents.for_patient(&self.org, token).await?;
        let now = self.parts.clock.now();
        let (decided, record) = authorize_on_record(&request, &consents, &self.settings.consent, now);
        Ok(Asked { decided: decided.map_err(Box::new), record })
    }

    /// The record of a decision that belongs to no message.
    pub(crate) fn decided(
        &self,
        patient: &PatientToken,
        outcome: &str,
        details: BTreeMap<String, String>,
        correlation: &CorrelationId,
    ) -> AuditRecord {
        AuditRecord {
            org: self.org.clone(),
            at: self.parts.clock.now(),
            action: AuditAction::ConsentDecided,
            outcome: outcome.into(),
            correlation: correlation.clone(),
            patient: Some(patient.clone()),
            details,
        }
    }
}
