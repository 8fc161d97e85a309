//! `provision.actor`, and the `grantee` of R5.

use carewire_fhir_core::{Reference, Value};

use crate::Ruling;
use crate::model::data::{DataRef, DataRefs, Meaning};
use crate::model::{Actor, Actors, Coding};
use crate::source::reading::{concept, identifier, items, knows_all};
use crate::system::{PARTICIPATION, canonical};

/// What codes say that an actor is to the data; a code may leave out its system. Of `ParticipationType` (5.0.0, HL7 Terminology 7.0.1)
/// `IRCP` and all below it; of the other systems the codes of the value set `security-role-type` that say what somebody is or gets.
static ROLES: [(&str, &[&str], Kind); 9] = [
    (PARTICIPATION, &["IRCP", "NOT", "PRCP", "REFB", "REFT", "TRC"], Kind::Asks),
    (PARTICIPATION, &["CST"], Kind::Holds),
    (PARTICIPATION, &["AUT"], Kind::Wrote),
    ("http://terminology.hl7.org/CodeSystem/provenance-participant-type", &["performer"], Kind::Holds),
    (
        "http://terminology.hl7.org/CodeSystem/v3-ParticipationFunction",
        &["AUCG", "AULR", "AUTM", "AUWA"],
        Kind::Asks,
    ),
    (
        "http://terminology.hl7.org/CodeSystem/v3-RoleClass",
        &["AGNT", "ASSIGNED", "CAREGIVER", "ECON", "GUARD", "NOK", "PAT", "PROV"],
        Kind::Asks,
    ),
    (
        "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
        &["DELEGATEE", "DPOWATT", "HPOWATT", "POWATT", "SPOWATT"],
        Kind::Asks,
    ),
    ("http://terminology.hl7.org/CodeSystem/contractsignertypecodes", &["GRANTEE"], Kind::Asks),
    (
        "http://terminology.hl7.org/CodeSystem/extra-security-role-type",
        &["datacollector", "dataprocessor", "datasubject", "humanuser"],
        Kind::Asks,
    ),
];

/// What an actor is to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Asks,
    Holds,
    Wrote,
}

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
    let (authors, others): (Vec<&Value>, Vec<&Value>) =
        items.iter().partition(|item| role(item) == Ok(Role::Of(Kind::Wrote)));
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

/// Who may rely on a permit: the `grantee` of R5, in R4 the extension that stands for it. A denial is for everybody.
pub(super) fn grantees(document: &Value, effect: Option<Ruling>) -> Actors {
    const EXTENSION: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Consent.grantee";
    let (Some(own), Some(extensions)) = (items(document, "grantee"), items(document, "extension")) else {
        return Actors::new(vec![Actor::Unknown]);
    };
    if effect == Some(Ruling::Deny) {
        return Actors::default();
    }
    let extended = extensions.iter().filter(|one| one.str("url") == Some(EXTENSION));
    let references = own.iter().map(Some).chain(extended.map(|one| one.get("valueReference")));
    let actors = references.map(|reference| match reference {
        Some(reference) => named(reference, &Role::Of(Kind::Asks)),
        None => vec![Actor::Unknown],
    });
    Actors::new(actors.flatten().collect())
}

/// One actor, once by each of its names.
fn actors(item: &Value) -> Vec<Actor> {
    if !knows_all(item, &["id", "extension", "role", "reference"]) {
        return vec![Actor::Unknown];
    }
    match (item.get("reference"), role(item)) {
        (_, Err(())) | (None, Ok(Role::Of(_))) => vec![Actor::Unknown],
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
        Role::Of(Kind::Holds) => Actor::Custodian(name),
        Role::Of(_) => Actor::Named(name.as_ref().into()),
        Role::Other(role) => Actor::NamedInRole(name.as_ref().into(), role.clone()),
    };
    names.into_iter().map(one).collect()
}

/// The role of an actor.
#[derive(PartialEq, Eq)]
enum Role {
    Of(Kind),
    Other(Box<str>),
}

/// The first of a role's codes that is known decides; without a role somebody asks.
fn role(item: &Value) -> Result<Role, ()> {
    let Some(role) = item.get("role") else { return Ok(Role::Of(Kind::Asks)) };
    let mut codings = Vec::new();
    concept(role, &mut codings);
    match (codings.iter().find_map(kind), codings.first()) {
        (Some(kind), _) => Ok(Role::Of(kind)),
        (None, Some(other)) => Ok(Role::Other(other.code.clone())),
        (None, None) => Err(()),
    }
}

fn kind(coding: &Coding) -> Option<Kind> {
    let system = canonical(coding.system.as_deref());
    let is_of =
        |of: &str, codes: &[&str]| system.is_none_or(|system| system == of) && codes.contains(&&*coding.code);
    ROLES.iter().find(|(of, codes, _)| is_of(of, codes)).map(|(.., kind)| *kind)
}

/// The names of a `Reference`: its text, and its identifier as `system|value`. A contained resource has no name, and what
/// is of a type that cannot ask is not understood.
fn names(reference: &Value) -> Vec<Box<str>> {
    let text = reference.str("reference").filter(|text| !text.starts_with('#') && !text.is_empty());
    if text.and_then(|text| Reference::parse(text).target()).is_some_and(|(kind, _)| !TYPES.contains(&kind)) {
        return vec![];
    }
    let identifier = reference.get("identifier").and_then(identifier).map(Into::into);
    text.map(Into::into).into_iter().chain(identifier).collect()
}
