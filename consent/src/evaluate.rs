//! The decision. Every consent of the patient takes part; a denial wins over any number of permits.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ConsentEpoch, DataClass, Decision, Effect, Kind, Obligation, Purpose, Reason, Request, Response, Ruling,
    SimpleConsent, State, Why,
};

/// Decides `request` at `now` from all of `consents`.
///
/// Consents of another org or patient take no part. An active consent that forbids and speaks about the request
/// denies it. Else every class that is asked for must be permitted by an active consent in force, not necessarily the
/// same one for each. Else the policy decides. What cannot be evaluated denies. The order of the consents, and
/// how often one is listed, change nothing.
///
/// ```
/// use carewire_consent::{Decision, Kind, Policy, Request, Why, evaluate};
/// use chrono::{TimeZone, Utc};
/// let request = Request::parse(br#"{"org":"o","patient":"pt_1","purpose":"TREAT","data_classes":["VITALS"]}"#)?;
/// let response = evaluate(&request, &[], &Policy::default(), Utc.timestamp_opt(0, 0).unwrap());
/// assert_eq!((response.decision, response.kind), (Decision::Deny, Kind::NotApplicable));
/// assert_eq!(response.reasons.last().unwrap().why, Why::ImplicitDeny);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate(
    request: &Request,
    consents: &[SimpleConsent],
    policy: &Policy,
    now: DateTime<Utc>,
) -> Response {
    let mut tally = Tally::default();
    for (path, why) in faults(request) {
        tally.indeterminate = true;
        tally.reasons.push(Reason { consent: None, path, effect: Effect::Deny, why });
    }
    for consent in of_patient(request, consents) {
        let finding = examine(consent, request, now);
        tally.add(consent, request, finding);
    }
    let kind = tally.settle(request, policy);
    conclude(kind, tally.reasons, Window::around(now, of_patient(request, consents)))
}

/// What an org decides for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Policy {
    /// What happens where no consent decides.
    pub implicit: Implicit,
}

impl Policy {
    /// The policy with another rule for what no consent decides.
    #[must_use]
    pub fn with_implicit(mut self, implicit: Implicit) -> Self {
        self.implicit = implicit;
        self
    }
}

/// What happens where no consent decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Implicit {
    /// It is denied.
    #[default]
    Deny,
    /// It is permitted, unless the patient took back a consent that spoke about it.
    PermitUnlessDenied,
}

impl Implicit {
    /// The stable name: `deny` or `permit-unless-denied`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::PermitUnlessDenied => "permit-unless-denied",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Deny, Self::PermitUnlessDenied].into_iter().find(|implicit| implicit.as_str() == name)
    }
}

/// Every consent of one patient in one org, and the epoch at which they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatientConsents {
    /// The patient's epoch when the consents were read.
    pub epoch: ConsentEpoch,
    /// All of them, in any state. One left out may be a denial.
    pub consents: Vec<SimpleConsent>,
}

/// The time around an instant in which no period begins or ends, so that no decision changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The last boundary at or before the instant.
    pub(crate) from: Option<DateTime<Utc>>,
    /// The first boundary after it.
    pub(crate) until: Option<DateTime<Utc>>,
}

impl Window {
    pub(crate) fn around<'a>(now: DateTime<Utc>, consents: impl Iterator<Item = &'a SimpleConsent>) -> Self {
        let boundaries: Vec<_> =
            consents.flat_map(|consent| [consent.start, consent.end]).flatten().collect();
        Self {
            from: boundaries.iter().copied().filter(|at| *at <= now).max(),
            until: boundaries.iter().copied().filter(|at| *at > now).min(),
        }
    }

    pub(crate) fn contains(&self, now: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

pub(crate) fn of_patient<'a>(
    request: &'a Request,
    consents: &'a [SimpleConsent],
) -> impl Iterator<Item = &'a SimpleConsent> {
    consents.iter().filter(|consent| consent.org == request.org && consent.patient == request.patient)
}

/// What makes a request impossible to permit, whatever the consents say.
fn faults(request: &Request) -> Vec<(&'static str, Why)> {
    let mut found = Vec::new();
    if request.data_classes.is_empty() {
        found.push(("request.data_classes", Why::NoDataClass));
    }
    if !request.data_classes.iter().all(DataClass::is_permittable) {
        found.push(("request.data_classes", Why::UnclassifiedData));
    }
    if !request.purpose.is_known() {
        found.push(("request.purpose", Why::UnknownPurpose));
    }
    let stated = request.break_glass.as_ref().is_some_and(|glass| !glass.reason.trim().is_empty());
    if request.purpose == Purpose::BreakGlass && !stated {
        found.push(("request.break_glass.reason", Why::BreakGlassReasonMissing));
    }
    found
}

/// What one consent says about the request.
enum Finding {
    Permits(BTreeSet<DataClass>),
    Denies { path: &'static str, why: Why },
    TakenBack,
    Broken,
    Silent { path: &'static str, why: Why },
}

fn examine(consent: &SimpleConsent, request: &Request, now: DateTime<Utc>) -> Finding {
    let matched = match consent.decision {
        Ruling::Permit => permitted(consent, request),
        Ruling::Deny => denied(consent, request),
    };
    match consent.state {
        State::Active => in_period(consent, now, matched),
        State::Revoked if matches!(matched, Finding::Permits(_)) => Finding::TakenBack,
        State::Revoked => Finding::Silent { path: "state", why: Why::Revoked },
        State::Pending => Finding::Silent { path: "state", why: Why::Pending },
        State::Expired => Finding::Silent { path: "state", why: Why::Expired },
    }
}

fn in_period(consent: &SimpleConsent, now: DateTime<Utc>, matched: Finding) -> Finding {
    if matches!(matched, Finding::Silent { .. }) {
        return matched;
    }
    match (consent.start, consent.end) {
        (Some(start), Some(end)) if end <= start => Finding::Broken,
        (Some(start), _) if now < start => Finding::Silent { path: "start", why: Why::NotYetInForce },
        (_, Some(end)) if now >= end => Finding::Silent { path: "end", why: Why::NoLongerInForce },
        _ => matched,
    }
}

/// A code that is not known permits nothing.
fn permitted(consent: &SimpleConsent, request: &Request) -> Finding {
    if !consent.purpose.includes(&request.purpose) {
        return Finding::Silent { path: "purpose", why: Why::OtherPurpose };
    }
    let elsewhere = request.actor.org.as_ref().is_some_and(|org| *org != request.org);
    let everyone = consent.actors.is_empty() && !elsewhere;
    if !everyone && !names_actor(consent, request) {
        return Finding::Silent { path: "actors", why: Why::OtherActor };
    }
    let classes = consent.data_classes.intersection(&request.data_classes);
    let classes: BTreeSet<_> = classes.filter(|class| class.is_permittable()).cloned().collect();
    if classes.is_empty() {
        return Finding::Silent { path: "data_classes", why: Why::OtherClasses };
    }
    Finding::Permits(classes)
}

/// A code that is not known may mean this request.
fn denied(consent: &SimpleConsent, request: &Request) -> Finding {
    if consent.purpose.is_known() && !consent.purpose.includes(&request.purpose) {
        return Finding::Silent { path: "purpose", why: Why::OtherPurpose };
    }
    if !consent.actors.is_empty() && !names_actor(consent, request) {
        return Finding::Silent { path: "actors", why: Why::OtherActor };
    }
    let all = consent.data_classes.is_empty();
    if all || !consent.data_classes.is_disjoint(&request.data_classes) {
        return match consent.purpose.is_known() {
            true => Finding::Denies { path: "decision", why: Why::Matches },
            false => Finding::Denies { path: "purpose", why: Why::UnknownCode },
        };
    }
    if !consent.data_classes.iter().all(DataClass::is_permittable) {
        return Finding::Denies { path: "data_classes", why: Why::UnknownCode };
    }
    Finding::Silent { path: "data_classes", why: Why::OtherClasses }
}

fn names_actor(consent: &SimpleConsent, request: &Request) -> bool {
    let org = request.actor.org.as_ref().unwrap_or(&request.org);
    consent.actors.iter().any(|actor| {
        let of_org = actor.strip_prefix("Organization/") == Some(org.as_str());
        of_org || request.actor.reference.as_ref() == Some(actor)
    })
}

/// What all consents say together. Adding is commutative, associative and idempotent.
#[derive(Default)]
struct Tally {
    denied: bool,
    indeterminate: bool,
    broken_permit: bool,
    taken_back: bool,
    permitted: BTreeSet<DataClass>,
    reasons: Vec<Reason>,
}

impl Tally {
    fn add(&mut self, consent: &SimpleConsent, request: &Request, finding: Finding) {
        let (path, effect, why) = match finding {
            Finding::Permits(classes) => {
                let all = classes == request.data_classes;
                self.permitted.extend(classes);
                ("data_classes", Effect::Permit, if all { Why::Matches } else { Why::MatchesSomeClasses })
            }
            Finding::Denies { path, why } => {
                self.denied = true;
                (path, Effect::Deny, why)
            }
            Finding::TakenBack => {
                self.taken_back = true;
                ("state", Effect::None, Why::Revoked)
            }
            Finding::Broken if consent.decision == Ruling::Deny => {
                self.indeterminate = true;
                ("end", Effect::Deny, Why::ContradictoryPeriod)
            }
            Finding::Broken => {
                self.broken_permit = true;
                ("end", Effect::None, Why::ContradictoryPeriod)
            }
            Finding::Silent { path, why } => (path, Effect::None, why),
        };
        self.reasons.push(Reason { consent: Some(consent.id.clone()), path, effect, why });
    }

    fn settle(&mut self, request: &Request, policy: &Policy) -> Kind {
        if self.denied {
            return Kind::Deny;
        }
        if self.indeterminate {
            return Kind::Indeterminate;
        }
        if request.data_classes.is_subset(&self.permitted) {
            return Kind::Permit;
        }
        if self.broken_permit {
            return Kind::Indeterminate;
        }
        if !self.permitted.is_empty() {
            self.state("request.data_classes", Effect::None, Why::ClassNotPermitted);
        }
        match policy.implicit {
            Implicit::PermitUnlessDenied if self.taken_back => {
                self.state("policy.implicit", Effect::Deny, Why::Revoked);
                Kind::NotApplicable
            }
            Implicit::PermitUnlessDenied => {
                self.state("policy.implicit", Effect::Permit, Why::ImplicitPermit);
                Kind::Permit
            }
            Implicit::Deny => {
                self.state("policy.implicit", Effect::Deny, Why::ImplicitDeny);
                Kind::NotApplicable
            }
        }
    }

    fn state(&mut self, path: &'static str, effect: Effect, why: Why) {
        self.reasons.push(Reason { consent: None, path, effect, why });
    }
}

fn conclude(kind: Kind, mut reasons: Vec<Reason>, window: Window) -> Response {
    reasons.sort();
    reasons.dedup();
    let permits = kind == Kind::Permit;
    let obligations = window.until.filter(|_| permits).map(|at| Obligation::ReevaluateBy { at });
    Response {
        decision: if permits { Decision::Permit } else { Decision::Deny },
        kind,
        reasons,
        obligations: obligations.into_iter().collect(),
    }
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
