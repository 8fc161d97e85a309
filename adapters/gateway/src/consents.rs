//! Changes of consent: the epoch moves, what was held is released, nothing new starts after a revocation.

use std::collections::BTreeMap;
use std::sync::Arc;

use carewire_consent::{Consent, ConsentEpoch};
use carewire_fhir_core::{CorrelationId, PatientToken};
use carewire_sync_engine::{AuditAction, AuditRecord};

use crate::{Error, Gateway, Result, Shared};

/// What stands before the hash of a reference that is no token, in the place of the token.
const NO_TOKEN: &str = "pt_ref-";

impl Gateway {
    /// Stores a consent and releases the patient's held messages to be decided anew.
    ///
    /// # Errors
    /// [`Error::OtherOrg`] and [`Error::NotStorable`] for one that would have no effect here; or when a store cannot be reached: then
    /// the consent may be stored all the same, and the call may be repeated.
    pub async fn put_consent(&self, consent: impl Into<Consent>) -> Result<ConsentEpoch> {
        let consent = consent.into();
        if *consent.org() != self.shared.org {
            return Err(Error::OtherOrg);
        }
        if consent.patient().as_str().starts_with(NO_TOKEN) {
            return Err(Error::NotStorable { reason: "the patient is not named by a token" });
        }
        if consent.id().starts_with('#') {
            return Err(Error::NotStorable { reason: "it has no id" });
        }
        let shared = Arc::clone(&self.shared);
        finished(tokio::spawn(async move {
            let (id, patient) = (consent.id().to_owned(), consent.patient().clone());
            let epoch = shared.parts.consents.put(consent).await?;
            let (_, correlation) = shared.new_ids()?;
            shared.consent_changed(&id, &patient, epoch, "stored", (&correlation, &[])).await?;
            Ok(epoch)
        }))
        .await
    }

    /// Revokes a consent. When this has returned, no write of the patient starts under it.
    ///
    /// # Errors
    /// [`carewire_consent::StoreError::NotFound`] when there is no such consent in the org.
    pub async fn revoke_consent(&self, id: &str) -> Result<(PatientToken, ConsentEpoch)> {
        let shared = Arc::clone(&self.shared);
        let id = id.to_owned();
        finished(tokio::spawn(async move {
            let (patient, epoch) = shared.parts.consents.revoke(&shared.org, &id).await?;
            let (_, correlation) = shared.new_ids()?;
            shared.consent_changed(&id, &patient, epoch, "revoked", (&correlation, &[])).await?;
            Ok((patient, epoch))
        }))
        .await
    }
}

/// A change that has begun is finished, with release and record, although its caller may have gone.
async fn finished<T>(change: tokio::task::JoinHandle<Result<T>>) -> Result<T> {
    match change.await {
        Ok(done) => done,
        Err(_) => {
            Err(carewire_sync_engine::Error::Unavailable { what: "consent change", source: None }.into())
        }
    }
}

impl Shared {
    /// Releases what is held, and puts the change on record with what else there is to say of it.
    pub(crate) async fn consent_changed(
        &self,
        id: &str,
        patient: &PatientToken,
        epoch: ConsentEpoch,
        outcome: &str,
        (correlation, more): (&CorrelationId, &[(String, String)]),
    ) -> Result<()> {
        let released = self.release_held(patient).await?;
        let mut details = BTreeMap::from([
            ("consent".into(), id.into()),
            ("epoch".into(), epoch.0.to_string()),
            ("released".into(), released.to_string()),
        ]);
        details.extend(more.iter().cloned());
        let record = AuditRecord {
            org: self.org.clone(),
            at: self.parts.clock.now(),
            action: AuditAction::ConsentChanged,
            outcome: outcome.into(),
            correlation: correlation.clone(),
            patient: Some(patient.clone()),
            details,
        };
        Ok(self.parts.audit.append(vec![record]).await?)
    }

    /// Puts the patient's held messages back in their old order.
    pub(crate) async fn release_held(&self, patient: &PatientToken) -> Result<u64> {
        let now = self.parts.clock.now();
        let released = self.parts.admin.release(&self.org, patient.as_str(), now).await?;
        if released > 0 {
            self.wake.notify_one();
        }
        Ok(released)
    }
}
