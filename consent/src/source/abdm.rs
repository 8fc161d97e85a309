//! Consent artefacts of the Ayushman Bharat Digital Mission (India), as the consent manager sends them.

use carewire_fhir_core::{Kind, OrgId, Value};

use super::Source;
use super::reading::{items, patient, period};
use crate::document::ParseReason;
use crate::model::data::{Classes, DataFilter, DataRef, DataRefs, Dates, Meaning, Span};
use crate::model::{Actions, Actor, Actors, Coding, Consent, Period, Provision, Purposes, Rules, Unknown};
use crate::obligation::{Frequency, Unit};
use crate::{Action, DataClass, Obligation, Ruling, State};

/// Health information types, and the classes of data that they are made of.
static TYPES: &[(&str, &[DataClass])] = &[
    ("Prescription", &[DataClass::Medications]),
    ("DiagnosticReport", &[DataClass::LabResults, DataClass::Imaging]),
    ("OPConsultation", &[DataClass::ClinicalNotes]),
    ("DischargeSummary", &[DataClass::ClinicalNotes]),
    ("ImmunizationRecord", &[DataClass::Immunizations]),
    ("HealthDocumentRecord", &[DataClass::ClinicalNotes]),
    ("WellnessRecord", &[DataClass::Vitals, DataClass::Social]),
    ("Invoice", &[DataClass::Billing]),
];

/// Elements of the detail that are read, or say nothing about what is permitted.
const ELEMENTS: [&str; 18] = [
    "schemaVersion",
    "consentId",
    "createdAt",
    "lastUpdated",
    "patient",
    "careContexts",
    "purpose",
    "hip",
    "hiu",
    "requester",
    "hiTypes",
    "permission",
    "consentManager",
    "status",
    "signature",
    "grantAcknowledgement",
    "timestamp",
    "requestId",
];

pub(super) fn read(document: &Value, org: &OrgId) -> Result<Consent, ParseReason> {
    let outer = outer(document);
    let detail = outer.get("consentDetail").filter(|detail| detail.kind() == Kind::Object).unwrap_or(outer);
    let id = detail.str("consentId").or_else(|| outer.str("consentId")).ok_or(ParseReason::Shape)?;
    let person = detail.get("patient").ok_or(ParseReason::NoPatient)?;
    let person = person.as_str().or_else(|| person.str("id")).or_else(|| person.str("reference"));
    let (state, is_stated) = state(outer.str("status").or_else(|| detail.str("status")));
    let rules = Rules {
        id: id.into(),
        org: org.clone(),
        patient: person.and_then(patient).ok_or(ParseReason::NoPatient)?,
        state: state.or((!is_stated).then_some(State::Pending)),
        is_elsewhere: false,
        given: given(detail),
        is_exclusive: false,
        root: root(detail),
        duties: duties(id, detail),
        boundaries: Box::default(),
    };
    Ok(Consent::new(Source::Abdm(document.clone()), rules))
}

/// Takes the artefact back.
pub(super) fn revoke(document: &mut Value) {
    let wrapper = ["consent", "notification"].into_iter().find(|name| document.get(name).is_some());
    let outer = match wrapper {
        Some(name) => document.get_mut(name),
        None => Some(document),
    };
    if let Some(outer) = outer {
        outer.set("status", "REVOKED");
    }
}

/// What an artefact calls an element of FHIR.
pub(super) fn place(element: Option<&'static str>) -> &'static str {
    match element {
        None => "consentDetail",
        Some("period.start" | "period.end") => "consentDetail.permission.dataEraseAt",
        Some("purpose") => "consentDetail.purpose",
        Some("actor") => "consentDetail.hiu",
        Some("action") => "consentDetail.permission.accessMode",
        Some("class") => "consentDetail.hiTypes",
        Some("dataPeriod") => "consentDetail.permission.dateRange",
        Some("data") => "consentDetail.careContexts",
        Some(other) => other,
    }
}

/// What a callback wraps.
fn outer(document: &Value) -> &Value {
    let wrapped = ["consent", "notification"].into_iter().find_map(|name| document.get(name));
    wrapped.filter(|inner| inner.kind() == Kind::Object).unwrap_or(document)
}

fn state(status: Option<&str>) -> (Option<State>, bool) {
    let state = match status {
        Some("GRANTED") => Some(State::Active),
        Some("REQUESTED") => Some(State::Pending),
        Some("DENIED" | "REVOKED") => Some(State::Revoked),
        Some("EXPIRED") => Some(State::Expired),
        _ => None,
    };
    (state, status.is_some())
}

fn given(detail: &Value) -> Option<chrono::DateTime<chrono::Utc>> {
    Span::of(detail.str("createdAt")?).and_then(|span| span.start)
}

/// One permit: for the one who asked, for one purpose, until the data must be erased.
fn root(detail: &Value) -> Provision {
    let permission = detail.get("permission");
    let erase_at = permission.and_then(|permission| permission.get("dataEraseAt"));
    let period = erase_at
        .map_or(Period::Always, |at| Period::of(at.as_str().and_then(|text| Span::parse(None, Some(text)))));
    let known = |name: &str| ELEMENTS.contains(&name);
    let unknown = detail.members().any(|(name, _)| !known(name)) || permission.is_some_and(is_odd);
    Provision {
        effect: Some(Ruling::Permit),
        unknown: unknown.then_some(Unknown::Element),
        period,
        actors: actors(detail),
        actions: actions(permission),
        purposes: purposes(detail),
        data: DataFilter {
            classes: classes(detail),
            dates: dates(permission),
            data: contexts(detail),
            ..DataFilter::default()
        },
        ..Provision::default()
    }
}

fn is_odd(permission: &Value) -> bool {
    const KNOWN: [&str; 4] = ["accessMode", "dateRange", "dataEraseAt", "frequency"];
    let is_known = |name: &str| KNOWN.contains(&name);
    let odd_limit = permission.get("frequency").is_some_and(|value| frequency(value).is_none());
    permission.kind() != Kind::Object || odd_limit || permission.members().any(|(name, _)| !is_known(name))
}

/// The health information user. An artefact without one is for nobody.
fn actors(detail: &Value) -> Actors {
    let id = detail.get("hiu").and_then(|hiu| hiu.str("id"));
    Actors::new(vec![
        id.map_or(Actor::Unknown, |id| Actor::Named(format!("Organization/{id}").as_str().into())),
    ])
}

fn actions(permission: Option<&Value>) -> Actions {
    const LOOK: [Action; 3] = [Action::Access, Action::Use, Action::Disclose];
    match permission.and_then(|permission| permission.get("accessMode")).map(Value::as_str) {
        Some(Some("VIEW" | "QUERY" | "STREAM")) => Actions::new(LOOK, false),
        Some(Some("STORE")) => Actions::new(LOOK.into_iter().chain([Action::Collect]), false),
        _ => Actions::new([], true),
    }
}

fn purposes(detail: &Value) -> Purposes {
    let code = detail.get("purpose").and_then(|purpose| purpose.as_str().or_else(|| purpose.str("code")));
    let codings: Vec<Coding> =
        code.map(|code| Coding { system: None, code: code.into() }).into_iter().collect();
    Purposes::new(&codings, codings.is_empty())
}

fn classes(detail: &Value) -> Classes {
    let items = items(detail, "hiTypes").unwrap_or_default();
    let mut classes = Vec::new();
    let mut has_unknown = items.is_empty();
    for item in items {
        match TYPES.iter().find(|(name, _)| item.as_str() == Some(name)) {
            Some((_, of_type)) => classes.extend(of_type.iter().cloned()),
            None => has_unknown = true,
        }
    }
    Classes::new(classes, vec![], vec![], vec![], has_unknown)
}

fn dates(permission: Option<&Value>) -> Dates {
    match permission.and_then(|permission| period(permission, "dateRange", ["from", "to"])) {
        Some(Some(span)) if !span.is_contradictory() => Dates::Within(span),
        Some(_) => Dates::Unreadable,
        None => Dates::Any,
    }
}

/// The contacts with care whose data are meant; all where none is named.
fn contexts(detail: &Value) -> DataRefs {
    let Some(items) = items(detail, "careContexts") else { return DataRefs::new(vec![], true) };
    let named = |item: &Value| {
        Some(DataRef { meaning: Meaning::Related, reference: item.str("careContextReference")?.into() })
    };
    let refs: Vec<DataRef> = items.iter().filter_map(named).collect();
    let has_unknown = refs.len() < items.len();
    DataRefs::new(refs, has_unknown)
}

/// When the data must be erased, and how often they may be fetched.
fn duties(id: &str, detail: &Value) -> Box<[Obligation]> {
    let Some(permission) = detail.get("permission") else { return Box::default() };
    let erase = permission.str("dataEraseAt").and_then(|at| Span::parse(None, Some(at))?.end);
    let erase = erase.map(|at| Obligation::EraseBy { at, consent: id.into() });
    let frequency = permission.get("frequency").and_then(frequency);
    let uses = frequency.map(|frequency| Obligation::MaxUses { frequency, consent: id.into() });
    erase.into_iter().chain(uses).collect()
}

fn frequency(value: &Value) -> Option<Frequency> {
    let unit = match value.str("unit")? {
        "HOUR" => Unit::Hour,
        "DAY" => Unit::Day,
        "WEEK" => Unit::Week,
        "MONTH" => Unit::Month,
        "YEAR" => Unit::Year,
        _ => return None,
    };
    let count = |value: &Value| value.as_i64().and_then(|count| u32::try_from(count).ok());
    let repeats = value.get("repeats").map_or(Some(0), count)?;
    Some(Frequency::new(count(value.get("value")?)?, unit, repeats))
}
