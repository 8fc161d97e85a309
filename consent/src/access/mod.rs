//! Who may ask at all, whatever the consents say: rules A1 to A8 and G1 to G5 of [`crate::rules`].

mod glass;
mod role;
#[cfg(test)]
mod tests;

use carewire_fhir_core::PatientToken;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use glass::lacks_reason;
pub use glass::{BreakGlass, BreakGlassRule};
pub(crate) use role::Role;

use crate::source::is_global;
use crate::{Action, Policy, Purpose, Request, Why};

/// Which rules of access stand beside the consents. That orgs do not see each other holds under each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AccessRules {
    /// Those of the roles, A2 to A8.
    #[default]
    #[serde(alias = "seeds")]
    Roles,
    /// None: whoever calls has checked who asks.
    None,
}

/// What the rules of access make of a request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access {
    /// It is denied, whatever the consents say.
    pub(crate) refusal: Option<Refusal>,
    /// The broken glass stands in for a permit that is missing.
    pub(crate) breaks_glass: bool,
    /// The first instant at which the glass is whole again.
    pub(crate) until: Option<DateTime<Utc>>,
}

/// The element of the request that is the reason, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) path: &'static str,
    pub(crate) why: Why,
}

impl Access {
    pub(crate) fn of(request: &Request, policy: &Policy, now: DateTime<Utc>) -> Self {
        let role = match (policy.access, request.actor.role.as_deref()) {
            (AccessRules::None, _) | (_, None) => Ok(None),
            (AccessRules::Roles, Some(name)) => Role::from_name(name)
                .ok_or(Refusal { path: "request.actor.role", why: Why::UnknownRole })
                .and_then(|role| by_role(role, request).map_or(Ok(Some(role)), Err)),
        };
        let role = match role {
            Ok(role) => role,
            Err(refusal) => return Self { refusal: Some(refusal), ..Self::default() },
        };
        glass::assess(request, role, policy, now)
    }
}

/// What keeps the role from what is asked for.
fn by_role(role: Role, request: &Request) -> Option<Refusal> {
    let is_for = |purpose: Purpose| purpose.includes(&request.purpose);
    let (is_allowed, path, why) = match role {
        Role::Admin => return None,
        Role::Clinician => {
            let why = match request.active_encounter {
                None => Why::EncounterNotKnown,
                Some(_) => Why::NoActiveEncounter,
            };
            (request.active_encounter == Some(true), "request.active_encounter", why)
        }
        Role::Patient => (is_own(request), "request.actor.reference", Why::NotOwnData),
        Role::Researcher if !request.deidentified => (false, "request.deidentified", Why::NotDeidentified),
        Role::Researcher => (is_for(Purpose::HResch), "request.purpose", Why::NotResearch),
        Role::Auditor => (is_audit(request), "request.resource", Why::NotAuditData),
        Role::System => {
            let moves = matches!(request.action, Action::Collect | Action::Disclose);
            (moves, "request.action", Why::NotTransport)
        }
    };
    (!is_allowed).then_some(Refusal { path, why })
}

/// Whether the one who asks is the patient.
fn is_own(request: &Request) -> bool {
    let is_of_org = request.actor.org.as_ref().is_none_or(|org| *org == request.org);
    let mut names = request.actor.reference.iter().chain(&request.actor.aliases);
    is_of_org && names.any(|name| patient(name).is_some_and(|token| token == request.patient))
}

/// The patient of a reference, or of a token alone.
fn patient(name: &str) -> Option<PatientToken> {
    match name.starts_with("Patient/") || is_global(name) {
        true => crate::source::patient(name),
        false => PatientToken::new(name).ok(),
    }
}

fn is_audit(request: &Request) -> bool {
    request.resource.as_ref().is_some_and(|resource| &*resource.resource_type == "AuditEvent")
}
