//! `provision.actor`, and the `grantee` of R5.

use carewire_fhir_core::{Reference, Value};

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

/// Roles in which an actor holds the data.
const HOLDERS: [&str; 1] = ["CST"];

/// What an actor can be who asks: the types that R4 and R5 let an actor refer to.
const TYPES: [&str; 8] = [
    "CareTeam",
    "Device",
    "Group",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "RelatedPerson",
];

/// Actors who ask or hold the data, and authors of the data whom actors in that role name.
pub(super) fn read(provision: &Value) -> (Actors, DataRefs) {
    let Some(items) = items(provision, "actor") else {
        return (Actors::new(vec![Actor::Unknown]), DataRefs::default());
    };
    let (authors, others): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| is_author(item));
    let named = |item: &&Value| {
        Some(DataRef {
            meaning: Meaning::AuthoredBy,
            reference: item.get("reference")?.str("reference")?.into(),
        })
    };
    let refs: Vec<DataRef> = authors.iter().filter_map(named).collect();
    let has_unknown = refs.len() < authors.len();
    (Actors::new(others.into_iter().flat_map(actors).collect()), DataRefs::new(refs, has_unknown))
}

/// Who may rely on a permit. A denial is for everybody.
pub(super) fn grantees(document: &Value, effect: Option<Ruling>) -> Actors {
    match (effect, items(document, "grantee")) {
        (Some(Ruling::Deny), _) => Actors::default(),
        (_, Some(items)) => {
            Actors::new(items.iter().flat_map(|item| named(item, &Role::Recipient)).collect())
        }
        (_, None) => Actors::new(vec![Actor::Unknown]),
    }
}

/// One actor, once by each of its names.
fn actors(item: &Value) -> Vec<Actor> {
    if !knows_all(item, &["id", "extension", "role", "reference"]) {
        return vec![Actor::Unknown];
    }
    match (item.get("reference"), role(item)) {
        (_, Err(())) | (None, Ok(Role::Recipient | Role::Holder)) => vec![Actor::Unknown],
        (None, Ok(Role::Other(role))) => vec![Actor::InRole(role)],
        (Some(reference), Ok(role)) => named(reference, &role),
    }
}

/// Who is named, in a role.
fn named(reference: &Value, role: &Role) -> Vec<Actor> {
    let names = names(reference);
    if names.is_empty() {
        return vec![Actor::Unknown];
    }
    let one = |name: Box<str>| match role {
        Role::Holder => Actor::Custodian(name),
        Role::Recipient => Actor::Named(name),
        Role::Other(role) => Actor::NamedInRole(name, role.clone()),
    };
    names.into_iter().map(one).collect()
}

enum Role {
    /// Gets the data; also where no role is said.
    Recipient,
    /// Holds the data.
    Holder,
    Other(Box<str>),
}

fn role(item: &Value) -> Result<Role, ()> {
    let Some(role) = item.get("role") else { return Ok(Role::Recipient) };
    let codings = codings_of(role);
    let has = |codes: &[&str]| codings.iter().any(|coding| is_participation(coding, codes));
    match codings.first() {
        _ if has(&HOLDERS) => Ok(Role::Holder),
        _ if has(&RECIPIENTS) => Ok(Role::Recipient),
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

/// The names of a `Reference`: its text, and its identifier as `system|value`. A contained resource has no name, and what
/// is of a type that cannot ask is not understood.
fn names(reference: &Value) -> Vec<Box<str>> {
    let text = reference.str("reference").filter(|text| !text.starts_with('#') && !text.is_empty());
    if text.and_then(|text| Reference::parse(text).target()).is_some_and(|(kind, _)| !TYPES.contains(&kind)) {
        return vec![];
    }
    let identifier = reference.get("identifier").and_then(|identifier| {
        Some(format!("{}|{}", identifier.str("system")?, identifier.str("value")?).into())
    });
    text.map(Into::into).into_iter().chain(identifier).collect()
}
