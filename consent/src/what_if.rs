//! What a change of consents would change.

use chrono::{DateTime, Utc};

use crate::{Consent, Obligation, Policy, Reason, Request, Response, evaluate};

/// A change that nobody made yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The patient gives this consent, in the place of one of the same id.
    Put(Consent),
    /// The patient takes back the consent of this id.
    Revoke(Box<str>),
    /// There is no consent of this id.
    Remove(Box<str>),
}

/// Two decisions about one request, and how they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The decision as things are.
    pub before: Response,
    /// The decision as they would be.
    pub after: Response,
    /// Reasons that there are only now.
    pub lost_reasons: Vec<Reason>,
    /// Reasons that there would be only then.
    pub new_reasons: Vec<Reason>,
    /// Obligations that there are only now.
    pub lost_obligations: Vec<Obligation>,
    /// Obligations that there would be only then.
    pub new_obligations: Vec<Obligation>,
}

impl Difference {
    /// Whether the answer would be another one.
    #[must_use]
    pub fn is_decisive(&self) -> bool {
        self.before.decision != self.after.decision
    }
}

/// Decides `request` with the consents as they are and as they would be.
///
/// ```
/// use carewire_consent::{Change, DataClass, Decision, Policy, Purpose, Request, SimpleConsent, what_if};
/// use carewire_fhir_core::{OrgId, PatientToken};
/// let (org, patient) = (OrgId::new("org_a")?, PatientToken::new("pt_1")?);
/// let consent = SimpleConsent::new("c1", org.clone(), patient.clone(), Purpose::Treat, [DataClass::Vitals]);
/// let request = Request::new(org, patient, Purpose::Treat).with_classes([DataClass::Vitals]);
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let change = Change::Revoke("c1".into());
/// let difference = what_if(&request, &[consent.into()], &Policy::default(), now, &change);
/// assert!(difference.is_decisive());
/// assert_eq!(difference.after.decision, Decision::Deny);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn what_if(
    request: &Request,
    consents: &[Consent],
    policy: &Policy,
    now: DateTime<Utc>,
    change: &Change,
) -> Difference {
    let before = evaluate(request, consents, policy, now);
    let after = evaluate(request, &changed(request, consents, change), policy, now);
    Difference {
        lost_reasons: without(&before.reasons, &after.reasons),
        new_reasons: without(&after.reasons, &before.reasons),
        lost_obligations: without(&before.obligations, &after.obligations),
        new_obligations: without(&after.obligations, &before.obligations),
        before,
        after,
    }
}

fn changed(request: &Request, consents: &[Consent], change: &Change) -> Vec<Consent> {
    let id = match change {
        Change::Put(consent) => consent.id(),
        Change::Revoke(id) | Change::Remove(id) => id,
    };
    let is_meant = |consent: &&Consent| consent.org() == &request.org && consent.id() == id;
    let others = consents.iter().filter(|consent| !is_meant(consent)).cloned();
    let instead: Vec<Consent> = match change {
        Change::Put(consent) => vec![consent.clone()],
        Change::Revoke(_) => consents.iter().filter(is_meant).map(Consent::revoked).collect(),
        Change::Remove(_) => Vec::new(),
    };
    others.chain(instead).collect()
}

fn without<T: Clone + PartialEq>(of: &[T], others: &[T]) -> Vec<T> {
    of.iter().filter(|one| !others.contains(one)).cloned().collect()
}
