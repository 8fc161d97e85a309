//! The numbered rules of `carewire_consent::rules`, one by one.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]
#![expect(clippy::cloned_ref_to_slice_refs, reason = "a list of one document reads as a list")]

mod combining;
mod matching;
mod residual;
mod trees;

use carewire_consent::{Consent, Decision, Described, Kind, Policy, Request, Response, Why, evaluate};
use carewire_fhir_core::{OrgId, Resource};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// An active consent of FHIR R4 about `pt_1` with this root provision.
pub(crate) fn r4(provision: Value) -> Value {
    json!({"resourceType": "Consent", "id": "c1", "status": "active", "patient": {"reference": "Patient/pt_1"},
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "provision": provision})
}

/// The same with members replaced.
pub(crate) fn with(mut document: Value, members: Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

/// A permit for treatment, refined by `below`.
pub(crate) fn treat(below: Value) -> Value {
    r4(json!({"type": "permit", "purpose": [{"code": "TREAT"}], "provision": below}))
}

/// An active simple consent about `pt_1`.
pub(crate) fn simple(id: &str, decision: &str, classes: &[&str]) -> Value {
    json!({"id": id, "org": "o", "patient": "pt_1", "purpose": "CARE", "state": "ACTIVE", "decision": decision,
        "data_classes": classes})
}

pub(crate) fn read(documents: &[Value]) -> Vec<Consent> {
    let org = OrgId::new("o").unwrap();
    documents.iter().map(|document| Consent::parse(document.to_string().as_bytes(), &org).unwrap()).collect()
}

pub(crate) fn request(members: Value) -> Request {
    let base = json!({"org": "o", "patient": "Patient/pt_1", "purpose": "TREAT", "actor": {"reference": "Practitioner/7"}});
    Request::parse(with(base, members).to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

pub(crate) fn decide_by(policy: &Policy, documents: &[Value], members: Value) -> Response {
    evaluate(&request(members), &read(documents), policy, at("2026-06-01T00:00:00Z"))
}

pub(crate) fn decide(documents: &[Value], members: Value) -> Response {
    decide_by(&Policy::default(), documents, members)
}

/// Whether the request is permitted, as far as is known.
pub(crate) fn permits(documents: &[Value], members: Value) -> bool {
    decide(documents, members).decision == Decision::Permit
}

pub(crate) fn kind(documents: &[Value], members: Value) -> Kind {
    decide(documents, members).kind
}

pub(crate) fn gives(response: &Response, why: Why, path: &str) -> bool {
    response.reasons.iter().any(|reason| reason.why == why && reason.path == path)
}

/// An Observation with these members, of the laboratory.
pub(crate) fn observation(members: Value) -> Value {
    let category = json!([{"coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}]);
    with(json!({"resourceType": "Observation", "id": "a", "category": category}), members)
}

pub(crate) fn labelled(codes: &[&str]) -> Value {
    let system = |code: &str| match code.len() {
        1 => "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        _ => "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    };
    let labels: Vec<Value> = codes.iter().map(|code| json!({"system": system(code), "code": code})).collect();
    observation(json!({"meta": {"security": labels}}))
}

/// Whether the resource may be used, by the decision about it and by the residual of one that was not told about it.
pub(crate) fn keeps(documents: &[Value], resource: &Value) -> bool {
    let policy = Policy::default();
    let described = Described::of(&Resource::parse(resource.to_string().as_bytes()).unwrap());
    let about = decide(documents, json!({"resource": resource})).keeps(&described, &policy);
    let whole = decide(documents, json!({})).keeps(&described, &policy);
    assert_eq!(about, whole, "the residual keeps what the decision about the resource permits");
    about
}
