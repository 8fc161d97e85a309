//! The same consents, prepared for many decisions.

use std::collections::{BTreeMap, HashMap};

use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};

use super::combine::Verdict;
use super::{Query, respond};
use crate::{Consent, Decision, Kind, Policy, Request, Response};

/// Consents under one policy, by patient: for many decisions.
///
/// It decides as [`crate::evaluate`] does. [`glance`](Self::glance) makes no reasons and no obligations, and allocates
/// nothing where the answer does not depend on more than the request says.
///
/// ```
/// use carewire_consent::{Compiled, DataClass, Decision, Policy, Purpose, Request, SimpleConsent};
/// use carewire_fhir_core::{OrgId, PatientToken};
/// let (org, patient) = (OrgId::new("org_a")?, PatientToken::new("pt_1")?);
/// let consent = SimpleConsent::new("c1", org.clone(), patient.clone(), Purpose::Treat, [DataClass::Vitals]);
/// let compiled = Compiled::new(&[consent.into()], &Policy::default());
/// let request = Request::new(org, patient, Purpose::Treat).with_classes([DataClass::Vitals]);
/// let glance = compiled.glance(&request, chrono::DateTime::UNIX_EPOCH);
/// assert_eq!((glance.decision, glance.is_partial), (Decision::Permit, false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    policy: Policy,
    orgs: BTreeMap<OrgId, HashMap<PatientToken, Vec<Consent>>>,
}

/// A decision without its reasons and obligations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Glance {
    /// Permit or deny.
    pub decision: Decision,
    /// What kind of permit or deny.
    pub kind: Kind,
    /// A permit of some of the data only: the obligations of [`Compiled::decide`] say of which.
    pub is_partial: bool,
}

impl Compiled {
    /// Sorts `consents` by org and patient, and in the order in which the policy goes through them.
    #[must_use]
    pub fn new(consents: &[Consent], policy: &Policy) -> Self {
        let mut orgs: BTreeMap<OrgId, HashMap<PatientToken, Vec<Consent>>> = BTreeMap::new();
        for consent in consents {
            let patients = orgs.entry(consent.org().clone()).or_default();
            patients.entry(consent.patient().clone()).or_default().push(consent.clone());
        }
        if policy.combining.is_ordered() {
            for consents in orgs.values_mut().flat_map(HashMap::values_mut) {
                consents.sort_by(|one, other| {
                    (one.rules().given, one.id()).cmp(&(other.rules().given, other.id()))
                });
            }
        }
        Self { policy: policy.clone(), orgs }
    }

    /// Decides `request` at `now`, with reasons and obligations.
    pub fn decide(&self, request: &Request, now: DateTime<Utc>) -> Response {
        respond(request, self.of(request).iter(), &self.policy, now)
    }

    /// Decides `request` at `now`, and no more.
    #[must_use]
    pub fn glance(&self, request: &Request, now: DateTime<Utc>) -> Glance {
        let query = Query::new(request, &self.policy, now);
        let verdict = Verdict::of(self.of(request).iter(), &query, &self.policy);
        let permits = verdict.kind == Kind::Permit;
        Glance {
            decision: if permits { Decision::Permit } else { Decision::Deny },
            kind: verdict.kind,
            is_partial: permits && verdict.is_partial,
        }
    }

    fn of(&self, request: &Request) -> &[Consent] {
        let patients = self.orgs.get(&request.org);
        patients.and_then(|patients| patients.get(&request.patient)).map_or(&[], Vec::as_slice)
    }
}
