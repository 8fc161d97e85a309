//! `provision.actor`, and the `grantee` of R5.

use carewire_fhir_core::Value;

use crate::Ruling;
use crate::model::data::{DataRef, DataRefs, Meaning};
use crate::model::{Actor, Actors, Coding};
use crate::source::reading::{concept, items, knows_all};

/// The system of the roles that are known here; it may be left out.
const PARTICIPATION: [&str; 3] = [
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
    "http://hl7.org/fhir/v3/ParticipationType",
    "urn:oid:2.16.840.1.113883.5.90",
];

/// Roles in which an actor gets the data: `IRCP` of `ParticipationType` (5.0.0, HL7 Terminology 7.0.1) and all below it.
const RECIPIENTS: [&str; 6] = ["IRCP", "NOT", "PRCP", "REFB", "REFT", "TRC"];

/// Actors who ask, and authors of the data whom actors in that role name.
pub(super) fn read(provision: &Value) -> (Actors, DataRefs) {
    let Some(items) = items(provision, "actor") else {
        return (Actors::new(vec![Actor::Unknown]), DataRefs::default());
    };
    let (authors, others): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| is_author(item));
    if authors.is_empty() || !others.is_empty() {
        // One who wrote the data is no alternative to one who asks: such a list is not understood.
        let mixed = (!authors.is_empty()).then_some(Actor::Unknown);
        return (Actors::new(others.into_iter().map(actor).chain(mixed).collect()), DataRefs::default());
    }
    let named = |item: &&Value| {
        Some(DataRef {
            meaning: Meaning::AuthoredBy,
            reference: item.get("reference")?.str("reference")?.into(),
        })
    };
    let refs: Vec<DataRef> = authors.iter().filter_map(named).collect();
    let has_unknown = refs.len() < authors.len();
    (Actors::default(), DataRefs::new(refs, has_unknown))
}

/// Who may rely on a permit. A denial is for everybody.
pub(super) fn grantees(document: &Value, effect: Option<Ruling>) -> Actors {
    match (effect, items(document, "grantee")) {
        (Some(Ruling::Deny), _) => Actors::default(),
        (_, Some(items)) => {
            Actors::new(items.iter().map(|item| name(item).map_or(Actor::Unknown, Actor::Named)).collect())
        }
        (_, None) => Actors::new(vec![Actor::Unknown]),
    }
}

fn actor(item: &Value) -> Actor {
    if !knows_all(item, &["id", "extension", "role", "reference"]) {
        return Actor::Unknown;
    }
    let name = item.get("reference").map(name);
    match (name, role(item)) {
        (Some(None), _) | (_, Err(())) | (None, Ok(Role::Recipient)) => Actor::Unknown,
        (Some(Some(name)), Ok(Role::Recipient)) => Actor::Named(name),
        (Some(Some(name)), Ok(Role::Custodian)) => Actor::Custodian(name),
        (Some(Some(name)), Ok(Role::Other(role))) => Actor::NamedInRole(name, role),
        (None, Ok(Role::Other(role))) => Actor::InRole(role),
        (None, Ok(Role::Custodian)) => Actor::Unknown,
    }
}

enum Role {
    /// Gets the data; also where no role is said.
    Recipient,
    /// Holds the data.
    Custodian,
    Other(Box<str>),
}

fn role(item: &Value) -> Result<Role, ()> {
    let Some(role) = item.get("role") else { return Ok(Role::Recipient) };
    let codings = codings_of(role);
    let has = |codes: &[&str]| codings.iter().any(|coding| is_participation(coding, codes));
    match codings.first() {
        _ if has(&RECIPIENTS) => Ok(Role::Recipient),
        _ if has(&["CST"]) => Ok(Role::Custodian),
        Some(other) => Ok(Role::Other(other.code.clone())),
        None => Err(()),
    }
}

fn is_author(item: &Value) -> bool {
    item.get("role")
        .is_some_and(|role| codings_of(role).iter().any(|coding| is_participation(coding, &["AUT"])))
}

fn is_participation(coding: &Coding, codes: &[&str]) -> bool {
    coding.system.as_deref().is_none_or(|system| PARTICIPATION.contains(&system))
        && codes.contains(&&*coding.code)
}

fn codings_of(role: &Value) -> Vec<Coding> {
    let mut codings = Vec::new();
    concept(role, &mut codings);
    codings
}

/// The name of a `Reference`: its text, or else its identifier as `system|value`. A contained resource has no name.
fn name(reference: &Value) -> Option<Box<str>> {
    if let Some(text) = reference.str("reference") {
        return (!text.starts_with('#') && !text.is_empty()).then(|| text.into());
    }
    let identifier = reference.get("identifier")?;
    Some(format!("{}|{}", identifier.str("system")?, identifier.str("value")?).into())
}
