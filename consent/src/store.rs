//! Where consents are kept.

use std::collections::BTreeMap;
use std::{error::Error as StdError, future::Future};

use async_trait::async_trait;
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};

use crate::{
    Consent, DecisionRecord, Denied, PatientConsents, Permit, Policy, Request, authorize, authorize_on_record,
};

/// Counts the changes of one patient's consents in one org. A patient without any change is at 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct ConsentEpoch(pub u64);

/// The consents of every org of one store.
///
/// The epoch of a patient grows in the transaction of each successful [`put`](Self::put) and
/// [`revoke`](Self::revoke) of that patient's consents, and at no other time. Every method sees one org only.
#[async_trait]
pub trait ConsentStore: std::fmt::Debug + Send + Sync {
    /// Inserts the consent with its document as it was written, or replaces the one of that id, durably, and returns the
    /// patient's new epoch.
    ///
    /// Atomic, and waits for [guards](Self::guard) of the patient. Not idempotent in the epoch: it grows each time. A call
    /// that starts after this returned sees the consent and the new epoch. [`StoreError::Conflict`] when the id belongs to
    /// another patient: then nothing is changed.
    async fn put(&self, consent: Consent) -> Result<ConsentEpoch, StoreError>;

    /// Keeps the consents of these patients as they are: while the guard lives, no [`put`](Self::put) and no
    /// [`revoke`](Self::revoke) of theirs returns, and none that returned before is unseen by it.
    ///
    /// For whoever writes to a remote: take a guard, compare the epochs with those of the permits, write, let go. Several
    /// guards may live at once; do not ask for one while another one of yours lives: a change may be waiting between them.
    /// A store says which processes it binds, and that a guard ends when its connection is lost.
    async fn guard(&self, org: &OrgId, patients: &[PatientToken]) -> Result<ConsentGuard, StoreError>;

    /// Every consent of the patient in any state, in the order of their ids, with the epoch of the same instant.
    async fn for_patient(&self, org: &OrgId, patient: &PatientToken) -> Result<PatientConsents, StoreError>;

    /// The patient's epoch.
    async fn epoch(&self, org: &OrgId, patient: &PatientToken) -> Result<ConsentEpoch, StoreError>;

    /// The consent of that id.
    async fn get(&self, org: &OrgId, id: &str) -> Result<Option<Consent>, StoreError>;

    /// Moves the consent to [`crate::State::Revoked`], durably, and returns its patient and that patient's new epoch.
    ///
    /// Atomic, and waits for [guards](Self::guard) of the patient. A call that starts after this returned sees the consent
    /// revoked and the new epoch. Revoking again is no error and grows the epoch again. [`StoreError::NotFound`] when the org
    /// has no such consent: then no epoch grows.
    async fn revoke(&self, org: &OrgId, id: &str) -> Result<(PatientToken, ConsentEpoch), StoreError>;

    /// Consents of the org, of one patient or of all, in the order of their ids, after the id `after`, at most `limit`.
    async fn list(
        &self,
        org: &OrgId,
        patient: Option<&PatientToken>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Consent>, StoreError>;
}

/// What follows from a [`ConsentStore`].
///
/// ```
/// use carewire_consent::{ConsentStore, ConsentStoreExt, DataClass, MemoryConsentStore, Policy, Purpose, Request, SimpleConsent};
/// use carewire_fhir_core::{OrgId, PatientToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (org, patient) = (OrgId::new("org_a")?, PatientToken::new("pt_1")?);
/// let store = MemoryConsentStore::default();
/// store.put(SimpleConsent::new("c1", org.clone(), patient.clone(), Purpose::Treat, [DataClass::Vitals]).into()).await?;
///
/// let request = Request::new(org.clone(), patient, Purpose::Treat).with_classes([DataClass::Vitals]).to_remote("medplum");
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let permit = store.authorize(&request, &Policy::default(), now).await??;
/// assert!(store.is_current(&permit).await?);
///
/// store.revoke(&org, "c1").await?;
/// assert!(!store.is_current(&permit).await?);
/// assert!(store.authorize(&request, &Policy::default(), now).await?.is_err());
/// # Ok(())
/// # }
/// ```
pub trait ConsentStoreExt: ConsentStore {
    /// Reads the consents of the request's patient and decides.
    fn authorize(
        &self,
        request: &Request,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Result<Permit, Denied>, StoreError>> + Send {
        async move {
            let consents = self.for_patient(&request.org, &request.patient).await?;
            Ok(authorize(request, &consents, policy, now))
        }
    }

    /// As [`authorize`](Self::authorize), with the one record of the decision, which the caller puts on its trail.
    fn authorize_on_record(
        &self,
        request: &Request,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(Result<Permit, Denied>, DecisionRecord), StoreError>> + Send {
        async move {
            let consents = self.for_patient(&request.org, &request.patient).await?;
            Ok(authorize_on_record(request, &consents, policy, now))
        }
    }

    /// Whether no consent of the permit's patient has changed since it was decided. It may change the next moment: who
    /// writes asks a [`ConsentGuard`].
    fn is_current(&self, permit: &Permit) -> impl Future<Output = Result<bool, StoreError>> + Send {
        async move { Ok(permit.is_of_epoch(self.epoch(permit.org(), permit.patient()).await?)) }
    }
}

impl<S: ConsentStore + ?Sized> ConsentStoreExt for S {}

/// Consents of some patients that stay as they are until it is dropped: see [`ConsentStore::guard`].
///
/// ```
/// use carewire_consent::{ConsentStore, ConsentStoreExt, DataClass, MemoryConsentStore, Policy, Purpose, Request, SimpleConsent};
/// use carewire_fhir_core::{OrgId, PatientToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (org, patient) = (OrgId::new("org_a")?, PatientToken::new("pt_1")?);
/// let store = MemoryConsentStore::default();
/// store.put(SimpleConsent::new("c1", org.clone(), patient.clone(), Purpose::Treat, [DataClass::Vitals]).into()).await?;
/// let request = Request::new(org.clone(), patient.clone(), Purpose::Treat).with_classes([DataClass::Vitals]);
/// let permit = store.authorize(&request, &Policy::default(), chrono::DateTime::UNIX_EPOCH).await??;
///
/// let guard = store.guard(&org, &[patient.clone()]).await?;
/// if guard.confirms(&permit) {
///     // Write to the remote. A revocation that comes now returns after the guard is dropped.
/// }
/// drop(guard);
///
/// store.revoke(&org, "c1").await?;
/// assert!(!store.guard(&org, &[patient]).await?.confirms(&permit));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct ConsentGuard {
    org: OrgId,
    epochs: BTreeMap<PatientToken, ConsentEpoch>,
    _guard: Box<dyn Send + Sync>,
}

impl ConsentGuard {
    /// For a store: the epochs as they were read after nothing could change them any more, and what keeps them.
    pub fn new(
        org: OrgId,
        epochs: BTreeMap<PatientToken, ConsentEpoch>,
        guard: impl Send + Sync + 'static,
    ) -> Self {
        Self { org, epochs, _guard: Box::new(guard) }
    }

    /// The epoch of a patient who is held.
    #[must_use]
    pub fn epoch(&self, patient: &PatientToken) -> Option<ConsentEpoch> {
        self.epochs.get(patient).copied()
    }

    /// Whether the permit's patient is held, and his consents are those that it was decided from. It says nothing about the
    /// permit's time.
    #[must_use]
    pub fn confirms(&self, permit: &Permit) -> bool {
        *permit.org() == self.org
            && self.epoch(permit.patient()).is_some_and(|epoch| permit.is_of_epoch(epoch))
    }
}

impl std::fmt::Debug for ConsentGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentGuard")
            .field("org", &self.org)
            .field("patients", &self.epochs.len())
            .finish_non_exhaustive()
    }
}

/// What a store could not do, named by what the caller can do about it. No variant carries a stored value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The org has no such consent.
    #[error("consent not found")]
    NotFound,
    /// The consent contradicts what is stored; repeating the call unchanged will fail again.
    #[error("consent conflicts with what is stored")]
    Conflict,
    /// The store cannot be reached or is overloaded; the same call may succeed later. Nothing may be permitted meanwhile.
    #[error("consent store is unavailable")]
    Unavailable {
        /// The cause, for the log: it must not print row values.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// A stored consent cannot be understood. Nothing may be permitted for its patient.
    #[error("stored consent is corrupt")]
    Corrupt,
}
