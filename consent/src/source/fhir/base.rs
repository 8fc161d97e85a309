//! The base rule of a consent: what it says as a whole, and its first exceptions (rule R14).

use carewire_fhir_core::{Kind, Value};

use super::{actor, effect, provision};
use crate::Ruling;
use crate::model::{Provision, Unknown};
use crate::source::reading::{codings, concept, items};

const PATH: &str = "Consent.provision";

/// The root provision of R4 under its `policyRule`; in R5 the `decision`, whose exceptions the provisions are.
pub(super) fn read(document: &Value) -> Provision {
    let root = document.get("provision").filter(|root| root.kind() == Kind::Object);
    match (document.get("decision"), root) {
        (None, Some(root)) => granted(document, under(policy_rule(document), root)),
        (Some(decision), _) => decided(document, effect(decision), effect(decision).is_none()),
        (None, None) => decided(document, policy_rule(document), false),
    }
}

/// A list of exceptions to what the document as a whole does.
fn decided(document: &Value, effect: Option<Ruling>, is_unknown: bool) -> Provision {
    let mut unknown = is_unknown.then_some(Unknown::Effect);
    let provisions = provision::list(document, "Consent", effect, &mut unknown);
    let actors = actor::grantees(document, effect);
    Provision { path: "Consent".into(), effect, unknown, actors, provisions, ..Provision::default() }
}

/// A root that permits, and names nobody who asks, permits the grantees.
fn granted(document: &Value, root: Provision) -> Provision {
    let is_open = root.effect == Some(Ruling::Permit) && !root.actors.name_who_asks();
    let grantees = actor::grantees(document, root.effect);
    if is_open && grantees.name_who_asks() { Provision { actors: grantees, ..root } } else { root }
}

/// A root provision, and the rule that it stands under.
///
/// R4 gives a root no type, and calls it both the constraints of the rule and an exception to it. Where the two differ, nothing
/// is permitted.
fn under(rule: Option<Ruling>, root: &Value) -> Provision {
    let own = root.get("type").map(effect);
    match (rule, own) {
        (Some(rule), Some(Some(own))) if rule != own => {
            except(rule, provision::read(root, PATH.into(), None))
        }
        (Some(Ruling::Permit), None) if narrows(root) => {
            let mut denied = provision::read(root, PATH.into(), Some(Ruling::Deny));
            let exceptions = items(root, "provision").unwrap_or_default();
            for (exception, stated) in denied.provisions.iter_mut().zip(exceptions) {
                if stated.get("type").is_none() {
                    exception.unknown = Some(Unknown::Effect);
                }
            }
            denied
        }
        (Some(Ruling::Permit), None) if permits_below(root) => provision::read(root, PATH.into(), None),
        (rule, _) => provision::read(root, PATH.into(), rule),
    }
}

/// A rule for everything, and the root as an exception that does the opposite. The root's period is that of both.
fn except(rule: Ruling, root: Provision) -> Provision {
    Provision {
        path: "Consent.policyRule".into(),
        effect: Some(rule),
        period: root.period,
        provisions: Box::new([root]),
        ..Provision::default()
    }
}

/// Whether it is about less than everything.
fn narrows(root: &Value) -> bool {
    provision::ABOUT.iter().any(|name| root.get(name).is_some())
}

/// Whether one of its exceptions says that it permits: then an opt-in is one to these.
fn permits_below(root: &Value) -> bool {
    let exceptions = items(root, "provision").unwrap_or_default();
    exceptions.iter().any(|exception| exception.str("type") == Some("permit"))
}

/// The opt-in or opt-out of `policyRule`.
fn policy_rule(document: &Value) -> Option<Ruling> {
    let mut rules = Vec::new();
    if let Some(rule) = document.get("policyRule") {
        concept(rule, &mut rules);
    }
    let (bases, _) = codings(document, "policyRule");
    rules.iter().chain(&bases).find_map(|rule| match &*rule.code {
        "OPTIN" | "OPTINR" => Some(Ruling::Permit),
        "OPTOUT" | "OPTOUTE" => Some(Ruling::Deny),
        _ => None,
    })
}
