//! What holds for every input.

#[cfg(test)]
mod support;

use carewire_deid::{Context, Policy, deidentify};
use carewire_fhir_core::{Kind, Resource, Value, visit_references};
use proptest::prelude::*;
use support::{address, bundle, everything, keys, live, token};

/// A Bundle of everyday resources in which `phi` stands wherever a person's data would.
fn everyday(phi: [&str; 3]) -> Resource {
    let [name, number, note] = phi;
    let patient = address(0);
    bundle(&[
        &format!(
            r#"{{"resourceType":"Patient","id":"x","identifier":[{{"system":"urn:oid:1.2","value":"1"}}],"name":[{{"family":"{name}"}}],
            "telecom":[{{"value":"{number}"}}],"gender":"male","address":[{{"city":"{note}","line":["{number}"]}}],"text":{{"div":"{note}"}}}}"#
        ),
        &format!(
            r#"{{"resourceType":"Encounter","identifier":[{{"system":"urn:oid:3","value":"V1","assigner":{{"display":"{name}"}}}}],"status":"finished",
            "class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB","display":"{note}"}},"subject":{{"reference":"{patient}","display":"{name}"}},
            "period":{{"start":"2024-03-05"}},"participant":[{{"individual":{{"reference":"{}","display":"{name}"}}}}]}}"#,
            address(3)
        ),
        &format!(
            r##"{{"resourceType":"Observation","status":"final","contained":[{{"resourceType":"Specimen","id":"s","note":[{{"text":"{note}"}}]}}],
            "code":{{"coding":[{{"system":"http://loinc.org","code":"718-7","display":"{note}"}}]}},"subject":{{"reference":"{patient}"}},
            "encounter":{{"reference":"{}"}},"specimen":{{"reference":"#s"}},"valueQuantity":{{"value":13.20,"unit":"g/dL"}},
            "note":[{{"text":"{note} {number}","authorString":"{name}"}}],"issued":"2024-03-05T14:30:00Z"}}"##,
            address(1)
        ),
        &format!(
            r#"{{"resourceType":"Practitioner","identifier":[{{"system":"npi","value":"9"}}],"name":[{{"text":"{name}"}}],"telecom":[{{"value":"{number}"}}]}}"#
        ),
        &format!(
            r#"{{"resourceType":"Provenance","recorded":"2024-03-05T14:30:00Z","target":[{{"reference":"{}"}}],"agent":[{{"who":{{"reference":"{}"}}}}],
            "signature":[{{"data":"{number}"}}]}}"#,
            address(2),
            address(3)
        ),
    ])
}

/// Puts a member into the object that is reached by taking `steps` modulo the ways that lead on.
fn plant(value: &mut Value, steps: &[usize], key: &str, planted: &Value) {
    let (Some((step, rest)), false) = (steps.split_first(), value.is_empty()) else {
        if value.kind() == Kind::Object {
            value.set(key, planted.clone());
        }
        return;
    };
    let at = step % value.len();
    match value.kind() {
        Kind::Array => {
            value.items_mut().iter_mut().skip(at).take(1).for_each(|item| plant(item, rest, key, planted))
        }
        Kind::Object => {
            let below = value.members_mut().nth(at).map(|(_, below)| below);
            match below.filter(|below| matches!(below.kind(), Kind::Array | Kind::Object)) {
                Some(below) => plant(below, rest, key, planted),
                None => drop(value.set(key, planted.clone())),
            }
        }
        _ => {}
    }
}

fn references(bundle: &Resource) -> (Vec<String>, Vec<String>) {
    let addresses =
        bundle.value().list("entry").iter().filter_map(|entry| entry.str("fullUrl")).map(str::to_owned);
    let mut led_to = Vec::new();
    visit_references(bundle.value(), &mut |_, text| led_to.push(text.to_owned()));
    (addresses.collect(), led_to)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_unknown_field_never_passes(
        steps in proptest::collection::vec(any::<usize>(), 2..9),
        key in "(x|_)?[a-z]{3,8}Q[a-z]{0,5}",
        nested in any::<bool>(),
    ) {
        let mut input = everyday(["n", "o", "p"]);
        let planted = if nested { Value::object().with("value", "ZQCANARYX") } else { "ZQCANARYX".into() };
        plant(input.value_mut(), &steps, &key, &planted);
        prop_assume!(input.to_json().contains("ZQCANARYX"));
        let out = everything(&live(&input).unwrap());
        prop_assert!(!out.contains("ZQCANARYX") && !out.contains(&key));
    }

    #[test]
    fn text_in_the_place_of_any_known_element_never_passes(
        steps in proptest::collection::vec(any::<usize>(), 2..9),
        key in proptest::sample::select(vec![
            "status", "gender", "birthDate", "issued", "text", "display", "valueString", "unit", "value", "description",
            "title", "data", "url", "system", "version", "reference", "type", "use", "id", "comparator", "language",
        ]),
    ) {
        let mut input = everyday(["n", "o", "p"]);
        plant(input.value_mut(), &steps, key, &"ZQ CANARY X".into());
        if let Ok(done) = live(&input) {
            prop_assert!(!everything(&done).contains("CANARY"));
        }
    }

    #[test]
    fn what_persons_are_called_changes_nothing(a in ["[A-Z][a-z]{3,9}", "[0-9]{4,9}", "[a-z ]{1,30}"], b in ["[A-Z][a-z]{3,9}", "[0-9]{4,9}", "[a-z ]{1,30}"]) {
        let one = live(&everyday([&a[0], &a[1], &a[2]])).unwrap();
        let other = live(&everyday([&b[0], &b[1], &b[2]])).unwrap();
        prop_assert_eq!(one.bundle.to_json(), other.bundle.to_json());
        prop_assert_eq!(one.manifest, other.manifest);
    }

    #[test]
    fn twice_is_once(name in "[A-Z][a-z]{3,9}", number in "[0-9]{4,9}") {
        let once = live(&everyday([&name, &number, "x"])).unwrap();
        let twice = live(&once.bundle).unwrap();
        prop_assert_eq!(once.bundle.to_json(), twice.bundle.to_json());
        prop_assert_eq!(once.entries, twice.entries);
    }

    #[test]
    fn references_resolve_before_as_after(order in Just((0..5).collect::<Vec<usize>>()).prop_shuffle()) {
        let mut input = everyday(["n", "o", "p"]);
        let entries: Vec<_> = order.iter().map(|at| input.value().list("entry")[*at].clone()).collect();
        input.value_mut().set("entry", entries);
        let out = live(&input).unwrap();
        let ((before, was), (after, is)) = (references(&input), references(&out.bundle));
        let resolved = |addresses: &[String], all: &[String]| {
            all.iter().filter(|one| one.starts_with('#') || addresses.contains(one)).count()
        };
        prop_assert_eq!(resolved(&before, &was), resolved(&after, &is));
        prop_assert_eq!(resolved(&after, &is), is.len(), "and none leads nowhere");
    }
}

#[test]
fn another_key_changes_every_surrogate_and_nothing_else() {
    let (input, token) = (everyday(["n", "o", "p"]), token());
    let with = |seed| {
        let keys = keys(seed);
        deidentify(&input, Policy::pseudonymous(), &Context::new(&keys).with_patient(&token)).unwrap()
    };
    let (one, again, other) = (with(1), with(1), with(2));
    assert_eq!(one.bundle, again.bundle);
    assert_eq!(one.manifest, other.manifest);
    assert_eq!(one.bundle.to_json().len(), other.bundle.to_json().len());
    for (one, other) in one.entries.iter().zip(&other.entries).skip(1) {
        assert_ne!(one.value, other.value);
        assert_ne!(one.full_url, other.full_url);
    }
}
