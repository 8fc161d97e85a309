//! Decisions that are kept for the next one who asks the same.

#[cfg(any(test, feature = "contract"))]
pub(crate) mod contract;
mod memory;

use std::sync::Arc;

use async_trait::async_trait;
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};

pub use memory::MemoryDecisionCache;

use crate::decide::{self, Decided, Window};
use crate::digest::Digest;
use crate::{ConsentEpoch, ConsentStore, Policy, Purpose, Request, Response, StoreError};

/// Keeps decisions by what they were made from.
///
/// A cache may forget whatever it likes, and one that fails has forgotten: there is no error. It must never give the decision of
/// one key for another. It need not know when a decision ends, nor when consents change: who asks does
/// ([`CachedConsents`]).
///
/// What it saves is reading a patient's consents and making rules of them. A decision takes microseconds, so a cache belongs
/// into the process: asking for a row of a database, or over a network, costs more than it saves, and a [`Response`] whose
/// conditions are compiled is not read back from text. That is why only the memory form comes with the crate; a service brings the
/// concurrent map that it has.
#[async_trait]
pub trait DecisionCache: std::fmt::Debug + Send + Sync {
    /// What was last [put](Self::put) under this key, or nothing.
    async fn get(&self, key: &DecisionKey) -> Option<CachedDecision>;

    /// Keeps a decision, in the place of the one of that key. Idempotent.
    async fn put(&self, key: DecisionKey, decision: CachedDecision);
}

/// All that a decision is made from, but the time.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DecisionKey {
    org: OrgId,
    patient: PatientToken,
    epoch: ConsentEpoch,
    policy: Digest,
    request: Digest,
}

impl DecisionKey {
    /// The key of a request under a policy, by the consents of this epoch.
    #[must_use]
    pub fn new(request: &Request, policy: &Policy, epoch: ConsentEpoch) -> Self {
        Self {
            org: request.org.clone(),
            patient: request.patient.clone(),
            epoch,
            policy: policy.digest(),
            request: Digest::of_request(request),
        }
    }

    /// The org.
    #[must_use]
    pub fn org(&self) -> &OrgId {
        &self.org
    }

    /// The epoch of the consents.
    #[must_use]
    pub fn epoch(&self) -> ConsentEpoch {
        self.epoch
    }
}

impl std::fmt::Debug for DecisionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecisionKey")
            .field("org", &self.org)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

/// A decision, and the time in which it cannot change by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedDecision {
    response: Response,
    window: Window,
}

impl CachedDecision {
    /// The decision.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Whether it would be made again at `now`, by the same consents.
    #[must_use]
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.window.contains(now)
    }

    /// The first instant at which it may be another one: a cache that knows the time may forget it then.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.window.until
    }
}

/// Consents whose decisions are kept.
///
/// The epoch is read from the store at every use, so a decision never outlives a change of consents: who asks after `revoke`
/// returned gets a new one. It answers questions; it makes no [`Permit`](crate::Permit), since what a cache says proves nothing.
/// A broken glass is decided anew each time.
///
/// ```
/// use std::sync::Arc;
/// use carewire_consent::{
///     CachedConsents, ConsentStore, DataClass, Decision, MemoryConsentStore, MemoryDecisionCache, Policy, Purpose, Request,
///     SimpleConsent,
/// };
/// use carewire_fhir_core::{OrgId, PatientToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (org, patient) = (OrgId::new("org_a")?, PatientToken::new("pt_1")?);
/// let store = Arc::new(MemoryConsentStore::default());
/// store.put(SimpleConsent::new("c1", org.clone(), patient.clone(), Purpose::Treat, [DataClass::Vitals]).into()).await?;
/// let consents = CachedConsents::new(store.clone(), Arc::new(MemoryDecisionCache::new(10_000)));
///
/// let request = Request::new(org.clone(), patient, Purpose::Treat).with_classes([DataClass::Vitals]);
/// let (policy, now) = (Policy::default(), chrono::DateTime::UNIX_EPOCH);
/// assert_eq!(consents.decide(&request, &policy, now).await?.decision, Decision::Permit);
/// store.revoke(&org, "c1").await?;
/// assert_eq!(consents.decide(&request, &policy, now).await?.decision, Decision::Deny);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CachedConsents {
    store: Arc<dyn ConsentStore>,
    cache: Arc<dyn DecisionCache>,
}

impl CachedConsents {
    /// Decisions by the consents of `store`, kept in `cache`.
    #[must_use]
    pub fn new(store: Arc<dyn ConsentStore>, cache: Arc<dyn DecisionCache>) -> Self {
        Self { store, cache }
    }

    /// Decides as [`evaluate`](crate::evaluate) does by all consents of the request's patient.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot say what it holds; then nothing is permitted.
    pub async fn decide(
        &self,
        request: &Request,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<Response, StoreError> {
        let is_kept = request.purpose != Purpose::BreakGlass;
        if is_kept {
            let epoch = self.store.epoch(&request.org, &request.patient).await?;
            let kept = self.cache.get(&DecisionKey::new(request, policy, epoch)).await;
            if let Some(kept) = kept.filter(|kept| kept.holds_at(now)) {
                return Ok(kept.response);
            }
        }
        let consents = self.store.for_patient(&request.org, &request.patient).await?;
        let own = decide::in_order(request, &consents.consents, policy);
        let Decided { response, window, .. } = decide::decide(request, own.iter().copied(), policy, now);
        if is_kept {
            let key = DecisionKey::new(request, policy, consents.epoch);
            self.cache.put(key, CachedDecision { response: response.clone(), window }).await;
        }
        Ok(response)
    }
}
