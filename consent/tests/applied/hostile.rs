//! Input that nobody means well by: it ends, and nothing stays that should not.

use carewire_consent::{Applied, Filter, Policy, Response, Withheld};
use carewire_fhir_core::{Limits, Resource};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{decided, label, parsed, policy, request};

fn permit() -> Response {
    let consent = json!({"resourceType": "Consent", "id": "c", "status": "active", "patient": {"reference": "Patient/pt_1"},
        "provision": {"type": "permit", "provision": [{"type": "deny", "securityLabel": [label("R")]}]}});
    decided(&request(), &[consent], &policy(true))
}

/// By both forms, which say the same.
fn applied(value: &Value) -> Applied {
    let (response, policy, request) = (permit(), policy(true), request());
    let filter = Filter::new(&response, &policy, &request);
    let tree = filter.apply(&parsed(value));
    let text = filter.apply_text(value.to_string().as_bytes(), &Limits::default()).unwrap();
    assert_eq!(text.withheld, tree.withheld);
    let read = text.resource.map(|text| Resource::parse(text.as_bytes()).unwrap().to_json());
    assert_eq!(read, tree.resource.as_ref().map(Resource::to_json));
    tree
}

fn condition(members: Value) -> Value {
    let mut resource = json!({"resourceType": "Condition", "subject": {"reference": "Patient/pt_1"}});
    resource.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    resource
}

#[test]
fn a_label_counts_however_deep_it_is_contained() {
    for depth in [1, 2, 5, 15] {
        let nested = |label: Value| {
            let innermost = json!({"resourceType": "Observation", "id": "x", "meta": {"security": [label]}});
            (0..depth).fold(
                innermost,
                |inside, _| json!({"resourceType": "Observation", "id": "y", "contained": [inside]}),
            )
        };
        let of = |code: &str| applied(&condition(json!({"contained": [nested(label(code))]})));
        assert!(of("N").withheld.is_empty(), "{depth}");
        assert_eq!(of("R").withheld.into_keys().collect::<Vec<_>>(), [Withheld::Redacted], "{depth}");
    }
}

#[test]
fn what_is_nested_too_deeply_is_refused_and_not_followed() {
    let deep =
        format!(r#"{{"resourceType":"Condition","x":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let (response, policy, request) = (permit(), policy(true), request());
    let filter = Filter::new(&response, &policy, &request);
    assert!(filter.apply_text(deep.as_bytes(), &Limits::default()).is_err());
    assert!(Resource::parse(deep.as_bytes()).is_err());
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    let (response, policy, request) = (permit(), policy(true), request());
    let filter = Filter::new(&response, &policy, &request);
    for twice in [
        r#"{"resourceType":"Condition","subject":{"reference":"Patient/pt_1"},"subject":{"reference":"Patient/pt_2"}}"#,
        r#"{"resourceType":"Condition","resourceType":"Organization"}"#,
        r#"{"resourceType":"Bundle","entry":[],"entry":[{"resource":{"resourceType":"Basic"}}]}"#,
        r#"{"resourceType":"Condition","meta":{"security":[]},"\u006deta":{}}"#,
    ] {
        assert!(filter.apply_text(twice.as_bytes(), &Limits::default()).is_err(), "{twice}");
        assert!(Resource::parse(twice.as_bytes()).is_err(), "{twice}");
    }
}

#[test]
fn references_in_a_circle_end() {
    let inside = |id: &str, to: &str| json!({"resourceType": "Observation", "id": id, "hasMember": [{"reference": format!("#{to}")}]});
    let circle = condition(json!({"contained": [inside("a", "b"), inside("b", "a"), inside("c", "")]}));
    assert!(applied(&circle).withheld.is_empty());
    let subject = json!({"resourceType": "Group", "id": "g", "member": [{"entity": {"reference": "#g"}}]});
    let by_itself =
        json!({"resourceType": "Condition", "subject": {"reference": "#g"}, "contained": [subject]});
    assert_eq!(applied(&by_itself).resource, None);

    let tells = |id: &str, of: &str| json!({"fullUrl": format!("urn:x:{id}"), "resource": {"resourceType": "Provenance", "id": id, "target": [{"reference": format!("urn:x:{of}")}]}});
    let bundle = json!({"resourceType": "Bundle", "entry": [tells("a", "b"), tells("b", "c"), tells("c", "a"), tells("d", "a"), tells("e", "nobody")]});
    let left = applied(&bundle);
    assert!(
        left.withheld.contains_key(&Withheld::Unclassified)
            || left.withheld.contains_key(&Withheld::TellsAboutWithheld)
    );
    assert_eq!(left.withheld.values().sum::<usize>(), 5, "of circles nobody knows the class");
}

#[test]
fn two_who_are_contained_by_one_name_are_both_judged() {
    let patient = |value: &str| json!({"resourceType": "Patient", "id": "p", "identifier": [{"system": "s", "value": value}]});
    let (response, policy, request) = (permit(), policy(true), request());
    let filter = Filter::new(&response, &policy, &request).identified_by("s", "1");
    for (both, stays) in [
        ([patient("1"), patient("2")], false),
        ([patient("2"), patient("1")], false),
        ([patient("1"), patient("1")], true),
    ] {
        let resource =
            json!({"resourceType": "Condition", "subject": {"reference": "#p"}, "contained": both});
        assert_eq!(filter.apply(&parsed(&resource)).resource.is_some(), stays);
    }
}

#[test]
fn many_entries_take_time_in_proportion() {
    let entry = |n: usize| {
        let about = condition(
            json!({"id": n.to_string(), "evidence": [{"detail": [{"reference": format!("Condition/{}", n + 1)}]}],
            "meta": {"security": [label(if n.is_multiple_of(2) { "N" } else { "R" })]}}),
        );
        json!({"fullUrl": format!("https://ehr.example/Condition/{n}"), "resource": about})
    };
    let tells = |n: usize| json!({"resource": {"resourceType": "Provenance", "id": format!("p{n}"), "target": [{"reference": format!("Provenance/p{}", n + 1)}]}});
    let entries: Vec<Value> = (0..4_000).map(entry).chain((0..4_000).map(tells)).collect();
    let left = applied(&json!({"resourceType": "Bundle", "entry": entries}));
    assert_eq!(left.withheld.get(&Withheld::Redacted), Some(&2_000));
    assert_eq!(left.resource.unwrap().value().list("entry").len(), 2_000);
}

#[test]
fn what_has_another_shape_is_withheld() {
    for odd in [
        json!({"resourceType": "Bundle", "entry": [1, "x", null, [], {}, {"resource": "x"}, {"resource": []}, {"resource": {"resourceType": 1}}]}),
        json!({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "condition", "subject": {"reference": "Patient/pt_1"}}}]}),
        json!({"resourceType": "Bundle", "entry": [{"resource": condition(json!({"subject": [{"reference": "Patient/pt_1"}, {"reference": "Patient/pt_2"}]}))}]}),
        json!({"resourceType": "Bundle", "entry": [{"resource": condition(json!({"subject": {"reference": ["Patient/pt_2"]}}))}]}),
        json!({"resourceType": "Bundle", "entry": [{"resource": condition(json!({"subject": "Patient/pt_1"}))}]}),
    ] {
        let left = applied(&odd).resource.unwrap();
        assert!(left.value().list("entry").is_empty(), "{odd} {}", left.to_json());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the bytes are, the text form ends in an answer or an error, and what it leaves is JSON.
    #[test]
    fn any_bytes_end_in_an_answer(
        head in prop_oneof![Just(""), Just("\u{feff}"), Just(r#"{"resourceType":"Bundle","entry":["#)],
        middle in r#"([\[\]{},:" \\]|"resource"|"resourceType"|"Condition"|"entry"|"contained"|"total"|null|-1e9|\{"reference":"Patient/pt_1"\}){0,40}"#,
        bytes in proptest::collection::vec(any::<u8>(), 0..4), tail in prop_oneof![Just(""), Just("]}"), Just("}]}")],
    ) {
        let (response, policy, request) = (permit(), Policy::default(), request());
        let filter = Filter::new(&response, &policy, &request);
        let text = [head.as_bytes(), middle.as_bytes(), &bytes, tail.as_bytes()].concat();
        if let Ok(left) = filter.apply_text(&text, &Limits::default()) {
            prop_assert!(left.resource.is_none_or(|left| serde_json::from_str::<Value>(&left).is_ok()));
        }
    }
}
