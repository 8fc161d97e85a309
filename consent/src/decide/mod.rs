//! The decision: every consent of the patient takes part.

mod combine;
mod compiled;
mod level;
mod query;
mod reasons;
mod residual;
#[cfg(test)]
mod tests;
mod walk;
mod window;

use chrono::{DateTime, Utc};

pub use compiled::{Compiled, Glance};
pub(crate) use level::{Fit, Level};
pub(crate) use query::Query;
pub(crate) use reasons::in_full as reasons_in_full;
pub(crate) use window::Window;

use crate::{Consent, ConsentEpoch, Decision, Kind, Obligation, Policy, Purpose, Request, Response};
use combine::Verdict;
use residual::Residual;

/// Decides `request` at `now` from all of `consents`, by the numbered [rules](crate::rules).
///
/// Consents of another org or patient take no part. What cannot be evaluated denies. Where the request does not say
/// enough of the data, the permit carries what is left to decide as obligations. The order of the consents, and how often
/// one is listed, change nothing.
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
pub fn evaluate(request: &Request, consents: &[Consent], policy: &Policy, now: DateTime<Utc>) -> Response {
    let own = in_order(request, consents, policy);
    respond(request, own.iter().copied(), policy, now)
}

/// Every consent of one patient in one org, and the epoch at which they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatientConsents {
    /// The patient's epoch when the consents were read.
    pub epoch: ConsentEpoch,
    /// All of them, in any state. One left out may be a denial.
    pub consents: Vec<Consent>,
}

fn of_patient<'a>(request: &Request, consents: &'a [Consent]) -> impl Iterator<Item = &'a Consent> {
    consents.iter().filter(|consent| *consent.org() == request.org && *consent.patient() == request.patient)
}

/// The consents of the patient; by the time at which they were given, then by id, for the algorithms that go by order.
pub(crate) fn in_order<'a>(request: &Request, consents: &'a [Consent], policy: &Policy) -> Vec<&'a Consent> {
    let mut own: Vec<&Consent> = of_patient(request, consents).collect();
    if policy.combining.is_ordered() {
        own.sort_by_key(|consent| (consent.rules().given, consent.id()));
    }
    own
}

/// What is permitted, of the classes asked for: surely, for some of which it depends on more.
pub(crate) struct Decided {
    pub(crate) response: Response,
    /// The bits of the classes of which all data are permitted.
    pub(crate) whole: u32,
    /// The time in which it cannot change by itself.
    pub(crate) window: Window,
}

fn respond<'a>(
    request: &Request,
    consents: impl Iterator<Item = &'a Consent> + Clone,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Response {
    decide(request, consents, policy, now).response
}

pub(crate) fn decide<'a>(
    request: &Request,
    consents: impl Iterator<Item = &'a Consent> + Clone,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Decided {
    let query = Query::new(request, policy, now);
    let verdict = Verdict::of(consents.clone(), &query, policy);
    let permits = verdict.kind == Kind::Permit;
    let boundaries = consents.clone().flat_map(|consent| consent.boundaries());
    let window = Window::around(now, boundaries.chain(query.access.until));
    let response = Response {
        decision: if permits { Decision::Permit } else { Decision::Deny },
        kind: verdict.kind,
        reasons: reasons::of(consents.clone(), &query, policy, &verdict),
        obligations: if permits {
            obligations(consents, &query, policy, &verdict, window)
        } else {
            Vec::new()
        },
    };
    Decided { response, whole: verdict.permitted.sure & query.classes(), window }
}

/// What a permit asks of whoever uses it.
fn obligations<'a>(
    consents: impl Iterator<Item = &'a Consent> + Clone,
    query: &Query<'_>,
    policy: &Policy,
    verdict: &Verdict,
    window: Window,
) -> Vec<Obligation> {
    let mut all = Vec::new();
    if verdict.is_partial {
        all = Residual::of(consents.clone(), query, policy, &verdict.totals, verdict.say).obligations();
    }
    let granting =
        consents.filter(|consent| !consent.rules().duties.is_empty() && combine::permits(consent, query));
    let duties = granting.flat_map(|consent| consent.rules().duties.iter().cloned());
    all.extend(residual::without_repetition(duties.collect()));
    all.extend(policy.apply_policy.clone().map(|policy| Obligation::ApplyPolicy { policy }));
    let rules = policy.redact.iter().filter(|rule| rule.applies(&query.request.purpose));
    let elements = rules.map(|rule| Obligation::RedactElement { element: rule.element.as_str().into() });
    all.extend(residual::without_repetition(elements.collect()));
    if query.request.purpose == Purpose::BreakGlass {
        all.push(Obligation::Audit { alert: true });
    }
    all.extend(window.until.map(|at| Obligation::ReevaluateBy { at }));
    all
}
