//! Bundles of all kinds: what is left refers to nothing that is gone, counts what is there, and tells no more.

use std::collections::BTreeSet;

use carewire_consent::{Dangling, Filter, Obligation, Response};
use carewire_fhir_core::{Limits, Resource};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

use crate::{
    consent, decided, is_empty, is_permitted_alone, label, parsed, policy, request, resource, without_empty,
};

const BASE: &str = "https://ehr.example/";
/// What is taken out of resources that stay.
const ELEMENTS: [&str; 3] = ["Condition.note", "Procedure.code.text", "Observation.value[x]"];

prop_compose! {
    /// Something that a resource contains.
    fn contained()(
        kind in select(&["Observation", "Procedure", "Organization"][..]), own in option::of(select(&["N", "R", "PSY"][..])),
    ) -> Value {
        let security: Vec<Value> = own.into_iter().map(label).collect();
        json!({"resourceType": kind, "meta": {"security": security}, "valueString": "x"})
    }
}

prop_compose! {
    /// A resource with an id, which may contain others and refer to them and to the entries.
    fn linked(place: usize)(
        mut resource in resource(), contained in vec(contained(), 0..3), to in vec((0..6_usize, 0..3_u8), 0..3),
        is_patient in proptest::bool::weighted(0.3), confidential in option::weighted(0.8, select(&["N", "N", "R"][..])),
    ) -> Value {
        // No two entries have one address.
        if is_patient && place == 0 {
            resource = json!({"resourceType": "Patient", "id": "pt_1", "meta": resource["meta"].clone(),
                "code": resource["code"].clone()});
        } else {
            resource["id"] = json!(format!("r{place}"));
        }
        if let Some(code) = confidential {
            resource["meta"]["security"].as_array_mut().unwrap().push(label(code));
        }
        for (number, mut inside) in contained.into_iter().enumerate() {
            inside["id"] = json!(format!("c{number}"));
            push(&mut resource, "contained", inside);
            push(&mut resource, "evidence", json!({"detail": [{"reference": format!("#c{number}")}]}));
        }
        for (target, form) in to {
            let reference = json!({"reference": reference(target, form), "display": "canary"});
            push(&mut resource, "stage", json!({"assessment": [reference], "context": {"encounter": reference}}));
        }
        resource["text"] = json!({"status": "generated", "div": "<div>all of it</div>"});
        resource["note"] = json!([{"text": "x"}]);
        resource["code"]["text"] = json!("x");
        resource
    }
}

fn push(resource: &mut Value, list: &str, item: Value) {
    match resource.get_mut(list).and_then(Value::as_array_mut) {
        Some(items) => items.push(item),
        None => resource[list] = json!([item]),
    }
}

/// How an entry refers to another: relative, absolute, with a version.
fn reference(place: usize, form: u8) -> String {
    let relative = format!("{}/r{place}", ["Condition", "Immunization", "Procedure"][place % 3]);
    match form {
        0 => relative,
        1 => format!("{BASE}{relative}"),
        _ => format!("{relative}/_history/2"),
    }
}

fn entry(resource: Value, mode: Option<&str>) -> Value {
    let url =
        format!("{BASE}{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
    let mut entry = json!({"fullUrl": url, "resource": resource});
    if let Some(mode) = mode {
        entry["search"] = json!({"mode": mode});
    }
    entry
}

prop_compose! {
    fn entries(nested: bool)(
        resources in (linked(0), linked(1), linked(2), linked(3)), take in 0..5_usize,
        modes in vec(option::of(select(&["match", "include", "outcome"][..])), 4),
        deleted in proptest::bool::weighted(0.2), told in vec((0..6_usize, 0..2_u8), 0..3),
        inner in vec(resource(), 0..3), has_inner in proptest::bool::weighted(0.3), total in option::of(0..3_usize),
    ) -> Vec<Value> {
        let (a, b, c, d) = resources;
        let mut entries: Vec<Value> = [a, b, c, d].into_iter().zip(modes).take(take).map(|(one, mode)| entry(one, mode)).collect();
        if deleted {
            entries.push(json!({"fullUrl": format!("{BASE}Condition/gone"), "request": {"method": "DELETE", "url": "Condition/gone"}}));
        }
        if !told.is_empty() {
            let targets: Vec<Value> = told.iter().map(|(place, form)| json!({"reference": reference(*place, *form)})).collect();
            let tells = json!({"resourceType": "Provenance", "id": "p", "meta": {"security": [label("N")]}, "target": targets});
            entries.insert(0, entry(tells, Some("include")));
        }
        if nested && has_inner {
            let noted = |mut resource: Value| {
                resource["note"] = json!([{"text": "x"}]);
                resource["code"]["text"] = json!("x");
                json!({"resource": resource})
            };
            let inner: Vec<Value> = inner.into_iter().map(noted).collect();
            let mut bundle = json!({"resourceType": "Bundle", "id": "b", "type": "collection", "entry": inner});
            if let Some(total) = total {
                bundle["total"] = json!(total);
            }
            entries.push(entry(bundle, None));
        }
        entries
    }
}

prop_compose! {
    fn bundle()(
        entries in entries(true), kind in select(&["searchset", "history", "collection"][..]),
        total in option::of(prop_oneof![2 => Just(None), 1 => (0..9_usize).prop_map(Some)]), paged in proptest::bool::weighted(0.2),
    ) -> Value {
        let mut bundle = json!({"resourceType": "Bundle", "type": kind, "signature": {"data": "s"}, "entry": entries});
        if let Some(total) = total {
            bundle["total"] = json!(total.unwrap_or_else(|| matches(&bundle).len()));
        }
        if paged {
            bundle["link"] = json!([{"relation": "next", "url": "https://ehr.example/?page=2"}]);
        }
        without_empty(&mut bundle);
        bundle
    }
}

/// The labels of a resource, which are those of what it contains, too.
fn labels(resource: &Value) -> Vec<Value> {
    let own = resource["meta"]["security"].as_array().cloned().unwrap_or_default();
    let contained = resource["contained"].as_array().into_iter().flatten().flat_map(labels);
    own.into_iter().chain(contained).collect()
}

fn entries_of(bundle: &Value) -> Vec<Value> {
    bundle["entry"].as_array().cloned().unwrap_or_default()
}

/// The entries that a `total` counts.
fn matches(bundle: &Value) -> Vec<Value> {
    let is_match = |entry: &Value| !matches!(entry["search"]["mode"].as_str(), Some("include" | "outcome"));
    entries_of(bundle).into_iter().filter(is_match).collect()
}

fn url(entry: &Value) -> &str {
    entry["fullUrl"].as_str().unwrap()
}

fn read(resource: Option<&Resource>) -> Value {
    serde_json::from_str(&resource.unwrap().to_json()).unwrap()
}

/// The texts of all references in a value.
fn references(value: &Value, into: &mut BTreeSet<String>) {
    if let Some(text) = value.get("reference").and_then(Value::as_str) {
        into.insert(text.to_owned());
    }
    value
        .as_object()
        .into_iter()
        .flat_map(|members| members.values())
        .for_each(|member| references(member, into));
    value.as_array().into_iter().flatten().for_each(|item| references(item, into));
}

fn has_empty(value: &Value) -> bool {
    let members = value.as_object().into_iter().flat_map(|members| members.values());
    is_empty(value) || members.chain(value.as_array().into_iter().flatten()).any(has_empty)
}

/// Takes out what [`ELEMENTS`] name, spelt out.
fn without_elements(resource: &mut Value) {
    let kind = resource["resourceType"].as_str().unwrap_or_default().to_owned();
    let members = resource.as_object_mut().unwrap();
    match &*kind {
        "Condition" => drop(members.remove("note")),
        "Observation" => drop(members.remove("valueString")),
        "Procedure" => {
            drop(members.get_mut("code").and_then(Value::as_object_mut).map(|code| code.remove("text")))
        }
        _ => {}
    }
    for inside in members.get_mut("contained").and_then(Value::as_array_mut).into_iter().flatten() {
        without_elements(inside);
    }
    for inside in members.get_mut("entry").and_then(Value::as_array_mut).into_iter().flatten() {
        without_elements(&mut inside["resource"]);
    }
}

/// The narrative tells what was taken out.
fn without_narrative(resource: &mut Value) {
    let members = resource.as_object_mut().unwrap();
    members.remove("text");
    for inside in members.get_mut("contained").and_then(Value::as_array_mut).into_iter().flatten() {
        without_narrative(inside);
    }
    for inside in members.get_mut("entry").and_then(Value::as_array_mut).into_iter().flatten() {
        without_narrative(&mut inside["resource"]);
    }
}

fn with_elements(mut response: Response) -> Response {
    if !response.obligations.is_empty() {
        response
            .obligations
            .extend(ELEMENTS.map(|element| Obligation::RedactElement { element: element.into() }));
    }
    response
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each entry stays or goes as it would alone; one that tells about others, with them; one without a resource, never;
    /// a Bundle inside, if nothing in it goes. A part that is contained takes the whole with it.
    #[test]
    fn an_entry_stays_or_goes_as_it_would_alone(consents in vec(consent(), 1..3), bundle in bundle(), normal in any::<bool>()) {
        let (policy, request) = (policy(normal), request());
        let response = decided(&request, &consents, &policy);
        let filter = Filter::new(&response, &policy, &request).with_dangling(Dangling::Keep);
        let applied = filter.apply(&parsed(&bundle));
        let left: BTreeSet<String> = entries_of(&read(applied.resource.as_ref())).iter().map(|one| url(one).to_owned()).collect();
        let stays = |value: &Value| filter.apply(&parsed(value)).withheld.is_empty();
        let is_there = |target: &Value| {
            let text = target["reference"].as_str().unwrap();
            left.iter().any(|url| url == text || url.strip_prefix(BASE) == Some(text))
        };
        for one in entries_of(&bundle) {
            let resource = &one["resource"];
            let expected = match resource["resourceType"].as_str() {
                None => false,
                Some("Provenance") => {
                    let targets = resource["target"].as_array().unwrap();
                    // Its classes are those of what it tells about, and those are permitted.
                    if !targets.iter().all(is_there) { false } else { continue }
                }
                Some("Bundle") => {
                    let inner = filter.apply(&parsed(resource));
                    inner.withheld.is_empty() && read(inner.resource.as_ref()) == *resource
                }
                Some("Patient") => stays(resource),
                Some(_) => {
                    let whole = resource["contained"].as_array().into_iter().flatten().all(|inside| {
                        let mut inside = inside.clone();
                        inside["subject"] = json!({"reference": "Patient/pt_1"});
                        if inside["meta"]["security"].is_null() {
                            inside["meta"]["security"] = labels(resource).into();
                        }
                        !filter.apply(&parsed(&inside)).withheld.contains_key(&carewire_consent::Withheld::Redacted)
                    });
                    prop_assert_eq!(stays(resource), stays(resource) && whole);
                    prop_assert!(!stays(resource) || is_permitted_alone(resource, &consents, &policy));
                    stays(resource)
                }
            };
            prop_assert_eq!(left.contains(url(&one)), expected, "{}", one);
        }
        prop_assert_eq!(applied.withheld.values().sum::<usize>() + left.len(), entries_of(&bundle).len());
    }

    /// What is left refers to nothing that is gone, but for the patient; counts itself or nothing; holds none of the
    /// elements that go, and all others; is as it was where nothing was to go; and a second time nothing goes.
    #[test]
    fn what_is_left_tells_of_nothing_else(consents in vec(consent(), 1..3), bundle in bundle(), normal in any::<bool>()) {
        let (policy, request) = (policy(normal), request());
        let response = with_elements(decided(&request, &consents, &policy));
        let filter = Filter::new(&response, &policy, &request);
        let applied = filter.apply(&parsed(&bundle));
        let left = read(applied.resource.as_ref());

        let text = filter.apply_text(bundle.to_string().as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&text.resource.unwrap()).unwrap(), left.clone());
        prop_assert_eq!(&text.withheld, &applied.withheld);
        let again = filter.apply(&parsed(&left));
        prop_assert!(again.withheld.is_empty(), "{:?} {}", again.withheld, left);
        prop_assert_eq!(read(again.resource.as_ref()), left.clone());

        let staying: BTreeSet<String> = entries_of(&left).iter().map(|one| url(one).to_owned()).collect();
        let gone = |text: &str| {
            let address = text.split("/_history/").next().unwrap();
            entries_of(&bundle).iter().any(|one| {
                let url = url(one);
                !staying.contains(url) && one["resource"]["id"] != "pt_1"
                    && (url == address || (one["resource"].is_object() && url.strip_prefix(BASE) == Some(address)))
            })
        };
        for one in entries_of(&left) {
            let mut found = BTreeSet::new();
            references(&one["resource"], &mut found);
            prop_assert!(!found.iter().any(|text| gone(text)), "{}", one);
            let before = entries_of(&bundle).into_iter().find(|before| url(before) == url(&one)).unwrap();
            let mut expected = before["resource"].clone();
            let mut referred = BTreeSet::new();
            references(&expected, &mut referred);
            let is_cut = referred.iter().any(|text| gone(text));
            prop_assert!(!is_cut || one["resource"].get("text").is_none());
            if !is_cut {
                if !response.obligations.is_empty() {
                    without_elements(&mut expected);
                }
                if expected != before["resource"] {
                    without_narrative(&mut expected);
                }
                prop_assert_eq!(&one["resource"], &expected);
            }
        }
        prop_assert!(!has_empty(&left), "{}", left);

        let changed = left["entry"] != bundle["entry"];
        prop_assert!(!changed || left.get("signature").is_none());
        let (total, whole) = (left.get("total"), bundle.get("total") == Some(&json!(matches(&bundle).len())));
        let is_page = bundle.get("link").is_some();
        let expected = (whole && !is_page).then(|| json!(matches(&left).len()));
        prop_assert_eq!(total, expected.as_ref());
    }
}
