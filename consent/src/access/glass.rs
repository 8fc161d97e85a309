//! Breaking the glass: a reason, a time box, and what it overrides.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Access, Refusal, Role};
use crate::{Policy, Purpose, Request, Why};

/// How long it lasts where the policy does not say.
const MINUTES: u32 = 60;

/// Why the glass is broken, and for how long. Its `Debug` shows neither.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BreakGlass {
    /// The reason, as stated.
    pub reason: String,
    /// When it was broken; absent = now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime<Utc>>,
    /// The first instant at which it is whole again, where that is before the policy's time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

impl BreakGlass {
    /// Broken now, for this reason, for as long as the policy allows.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), start: None, until: None }
    }
}

impl std::fmt::Debug for BreakGlass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BreakGlass(..)")
    }
}

/// What breaking the glass overrides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BreakGlassRule {
    /// Nothing: what no consent permits is denied.
    #[default]
    Deny,
    /// That no consent permits. What a consent denies stays denied.
    PermitUnlessDenied,
}

/// The glass is broken, and nobody says why.
pub(crate) fn lacks_reason(request: &Request) -> bool {
    let stated = request.break_glass.as_ref().is_some_and(|glass| !glass.reason.trim().is_empty());
    request.purpose == Purpose::BreakGlass && !stated
}

/// `role` is that of the one who asks, where the rules of roles are in force and one is named.
pub(super) fn assess(request: &Request, role: Option<Role>, policy: &Policy, now: DateTime<Utc>) -> Access {
    if request.purpose != Purpose::BreakGlass {
        return Access::default();
    }
    let Some(glass) = &request.break_glass else { return Access::default() };
    let end = end(glass, policy, now);
    let refused = |path, why| Access { refusal: Some(Refusal { path, why }), ..Access::default() };
    match (glass.start, end) {
        (Some(start), _) if now < start => refused("request.break_glass.start", Why::NotYetInForce),
        (_, Some(end)) if now < end => Access {
            refusal: None,
            breaks_glass: policy.break_glass == BreakGlassRule::PermitUnlessDenied
                && !lacks_reason(request)
                && !request.is_foreign()
                && role.is_none_or(|role| role == Role::Clinician),
            until: Some(end),
        },
        _ => refused("request.break_glass.until", Why::NoLongerInForce),
    }
}

/// The end of the time box; none where no calendar holds it.
fn end(glass: &BreakGlass, policy: &Policy, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let minutes = i64::from(policy.break_glass_minutes.unwrap_or(MINUTES));
    let latest = glass.start.unwrap_or(now).checked_add_signed(TimeDelta::try_minutes(minutes)?)?;
    Some(glass.until.map_or(latest, |until| until.min(latest)))
}
