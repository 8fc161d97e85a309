//! Laws of applying a decision: what is left is what would be permitted alone, and is as it was.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod bundles;
mod hostile;

use carewire_consent::{Consent, Dangling, Decision, Described, Filter, Policy, Request, Response, evaluate};
use carewire_fhir_core::{Limits, OrgId, Resource};
use chrono::DateTime;
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const LABELS: [&str; 5] = ["L", "N", "R", "HIV", "PSY"];
const TYPES: [&str; 4] = ["Condition", "Immunization", "Procedure", "Basic"];
const PATIENTS: [&str; 4] = ["Patient/pt_1", "Patient/pt_1", "Patient/pt_1", "Patient/pt_2"];

fn label(code: &str) -> Value {
    json!({"system": if code.len() == 1 { CONFIDENTIALITY } else { ACT_CODE }, "code": code})
}

fn resource_type(name: &str) -> Value {
    json!({"system": "http://hl7.org/fhir/resource-types", "code": name})
}

fn coding(code: &str) -> Value {
    json!({"system": "urn:test", "code": code})
}

prop_compose! {
    fn provision()(
        kind in select(&["permit", "deny"][..]),
        labels in vec(select(&LABELS[..]), 0..2),
        classes in vec(select(&TYPES[..3]), 0..2),
        codes in prop_oneof![3 => Just(vec![]), 1 => vec(select(&["a", "b"][..]), 1..2)],
    ) -> Value {
        json!({
            "type": kind, "securityLabel": labels.into_iter().map(label).collect::<Vec<_>>(),
            "class": classes.into_iter().map(resource_type).collect::<Vec<_>>(),
            "code": codes.into_iter().map(|code| json!({"coding": [coding(code)]})).collect::<Vec<_>>(),
        })
    }
}

/// FHIR has no empty lists, and no empty objects.
fn without_empty(value: &mut Value) {
    value.as_array_mut().into_iter().flatten().for_each(without_empty);
    if let Some(members) = value.as_object_mut() {
        members.values_mut().for_each(without_empty);
        members.retain(|_, member| !is_empty(member));
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

prop_compose! {
    fn consent()(kind in select(&["permit", "permit", "deny"][..]), below in vec(provision(), 0..3)) -> Value {
        let mut provision = json!({"type": kind, "provision": below});
        without_empty(&mut provision);
        json!({"resourceType": "Consent", "id": "c", "status": "active", "patient": {"reference": "Patient/pt_1"},
               "provision": provision})
    }
}

prop_compose! {
    fn resource()(
        kind in select(&TYPES[..]), labels in vec(select(&LABELS[..]), 0..3), code in select(&["a", "b", "c"][..]),
        patient in select(&PATIENTS[..]),
    ) -> Value {
        let subject = if kind == "Immunization" { "patient" } else { "subject" };
        json!({
            "resourceType": kind, "meta": {"security": labels.into_iter().map(label).collect::<Vec<_>>()},
            "code": {"coding": [coding(code)]}, subject: {"reference": patient},
        })
    }
}

fn request() -> Request {
    Request::parse(br#"{"org":"o","patient":"Patient/pt_1","purpose":"TREAT"}"#).unwrap()
}

fn policy(normal: bool) -> Policy {
    let unlabelled = if normal { "normal" } else { "not-known" };
    serde_json::from_value(json!({"unlabelled": unlabelled})).unwrap()
}

fn parsed(value: &Value) -> Resource {
    Resource::parse(value.to_string().as_bytes()).unwrap()
}

fn decided(request: &Request, consents: &[Value], policy: &Policy) -> Response {
    let org = OrgId::new("o").unwrap();
    let consents: Vec<Consent> =
        consents.iter().map(|one| Consent::parse(one.to_string().as_bytes(), &org).unwrap()).collect();
    evaluate(request, &consents, policy, DateTime::UNIX_EPOCH)
}

/// Whether a decision about it alone permits it, and leaves nothing open that leaves it out.
fn is_permitted_alone(resource: &Value, consents: &[Value], policy: &Policy) -> bool {
    let is_of_patient = resource.to_string().contains("Patient/pt_1");
    let alone = parsed(resource);
    let response = decided(&request().about(&alone), consents, policy);
    let is_permitted =
        response.decision == Decision::Permit && response.keeps(&Described::of(&alone), policy);
    is_of_patient && is_permitted
}

fn bundle(resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources.iter().map(|resource| json!({"resource": resource})).collect();
    json!({"resourceType": "Bundle", "type": "searchset", "entry": entries})
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is left would be permitted if it were asked for alone, what is withheld would not; it is in its order and as
    /// it was; a second time nothing goes; and both forms leave the same.
    #[test]
    fn what_is_left_is_what_is_permitted_alone(
        consents in vec(consent(), 1..3), resources in vec(resource(), 1..6), normal in any::<bool>(),
    ) {
        let (policy, whole) = (policy(normal), parsed(&bundle(&resources)));
        let response = decided(&request(), &consents, &policy);
        let request = request();
        let filter = Filter::new(&response, &policy, &request).with_dangling(Dangling::Keep);
        let applied = filter.apply(&whole);
        let expected: Vec<String> = resources.iter()
            .filter(|resource| is_permitted_alone(resource, &consents, &policy))
            .map(|resource| parsed(resource).to_json()).collect();
        let left = applied.resource.unwrap();
        let kept: Vec<String> = left.value().list("entry").iter()
            .map(|entry| entry.get("resource").unwrap().to_json()).collect();
        prop_assert_eq!(&kept, &expected);
        prop_assert_eq!(applied.withheld.values().sum::<usize>() + kept.len(), resources.len());

        let again = filter.apply(&left);
        prop_assert!(again.withheld.is_empty() && again.resource.as_ref() == Some(&left));
        let text = filter.apply_text(whole.to_json().as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!((text.resource, text.withheld), (Some(left.to_json()), applied.withheld));
    }
}

/// The law would hold of a filter that withholds everything: enough must be left, and enough withheld.
#[test]
fn the_inputs_leave_some_and_withhold_some() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut left, mut gone) = (0, 0);
    for _ in 0..500 {
        let (consent, resource) = (consent(), resource()).new_tree(&mut runner).unwrap().current();
        let is_left = is_permitted_alone(&resource, &[consent], &policy(true));
        left += usize::from(is_left);
        gone += usize::from(!is_left);
    }
    assert!(left > 75 && gone > 75, "{left} left, {gone} withheld");
}
