//! FHIR R4 (4.0.1) and R5 (5.0.0) `Consent`.

mod actor;
mod base;
mod provision;

use carewire_fhir_core::{Kind, OrgId, Value};

use super::reading::{concept, items, knows_all, patient_of, period};
use super::{Source, SourceKind};
use crate::document::ParseReason;
use crate::model::data::Span;
use crate::model::{Consent, Period, Provision, Purposes, Rules, Unknown};
use crate::system::canonical;
use crate::{Purpose, Ruling, State};

/// The elements of R4 and R5 that are read, or say nothing about what is permitted.
const ELEMENTS: [&str; 33] = [
    "resourceType",
    "id",
    "meta",
    "language",
    "text",
    "contained",
    "extension",
    "identifier",
    "status",
    "scope",
    "category",
    "patient",
    "subject",
    "dateTime",
    "date",
    "period",
    "performer",
    "grantor",
    "grantee",
    "manager",
    "controller",
    "organization",
    "sourceAttachment",
    "sourceReference",
    "policy",
    "policyRule",
    "policyText",
    "policyBasis",
    "regulatoryBasis",
    "verification",
    "decision",
    "provision",
    "_status",
];

/// Reads a `Consent`. What cannot be attributed to a patient is refused; all else that is not understood becomes an
/// explicit unknown.
pub(super) fn read(document: &Value, org: &OrgId, place: usize) -> Result<Consent, ParseReason> {
    let subject = document.get("patient").or_else(|| document.get("subject"));
    let patient = subject.and_then(patient_of).ok_or(ParseReason::NoPatient)?;
    let kind = kind(document);
    let id = document.str("id").map_or_else(|| format!("#{}", place.saturating_add(1)), str::to_owned);
    let root = root(document);
    let rules = Rules {
        id: id.into(),
        org: org.clone(),
        patient,
        state: state(document),
        is_elsewhere: is_elsewhere(document),
        given: given(document),
        is_exclusive: root.effect == Some(Ruling::Permit),
        root,
        duties: Box::default(),
        boundaries: Box::default(),
    };
    Ok(Consent::new(Source::Fhir(kind, document.clone()), rules))
}

/// Takes the consent back: `inactive`, as both releases call it.
pub(super) fn revoke(document: &mut Value) {
    document.set("status", "inactive");
}

fn kind(document: &Value) -> SourceKind {
    let is_list = document.get("provision").is_some_and(|provision| provision.kind() == Kind::Array);
    let is_r5 = [
        "decision",
        "subject",
        "grantor",
        "grantee",
        "controller",
        "manager",
        "regulatoryBasis",
        "policyBasis",
    ];
    let has = |name: &&str| document.get(name).is_some();
    if is_list || is_r5.iter().any(has) { SourceKind::FhirR5 } else { SourceKind::FhirR4 }
}

/// The status; one that is not known is `None`.
fn state(document: &Value) -> Option<State> {
    match document.str("status")? {
        "active" => Some(State::Active),
        "draft" | "proposed" | "entered-in-error" | "not-done" => Some(State::Pending),
        "inactive" | "rejected" => Some(State::Revoked),
        _ => None,
    }
}

/// Whether the consent is about something else than the use of data: a treatment, or what to do at the end of life.
fn is_elsewhere(document: &Value) -> bool {
    let scopes = scopes(document);
    !scopes.is_empty() && scopes.iter().all(|scope| matches!(&**scope, "adr" | "treatment"))
}

fn is_about_research(document: &Value) -> bool {
    let scopes = scopes(document);
    !scopes.is_empty() && scopes.iter().all(|scope| &**scope == "research")
}

/// The codes of `scope`; of `category` where R5 has them.
fn scopes(document: &Value) -> Vec<Box<str>> {
    const SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
    let mut scopes = Vec::new();
    if let Some(scope) = document.get("scope") {
        concept(scope, &mut scopes);
    }
    for category in items(document, "category").unwrap_or_default() {
        concept(category, &mut scopes);
    }
    let of_system = scopes.into_iter().filter(|scope| canonical(scope.system.as_deref()) == Some(SCOPE));
    of_system.map(|scope| scope.code).collect()
}

fn given(document: &Value) -> Option<chrono::DateTime<chrono::Utc>> {
    let text = document.str("dateTime").or_else(|| document.str("date"))?;
    Span::of(text).and_then(|span| span.start)
}

/// The base rule, in the period of the document.
fn root(document: &Value) -> Provision {
    let mut root = base::read(document);
    if is_about_research(document) && root.purposes.is_empty() {
        root.purposes = Purposes::of(&Purpose::HResch);
    }
    if let Some(span) = period(document, "period", ["start", "end"]) {
        root.period = root.period.and(Period::of(span));
    }
    if ["modifierExtension", "implicitRules", "_implicitRules"]
        .iter()
        .any(|name| document.get(name).is_some())
    {
        root.unknown = Some(Unknown::Modifier);
    } else if !knows_all(document, &ELEMENTS) {
        root.unknown = Some(Unknown::Element);
    }
    root
}

fn effect(value: &Value) -> Option<Ruling> {
    match value.as_str()? {
        "permit" => Some(Ruling::Permit),
        "deny" => Some(Ruling::Deny),
        _ => None,
    }
}
