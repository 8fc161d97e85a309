//! What cannot be said is neither a match nor a miss; units and the case of codes.

use super::*;
use crate::search::Scope;

struct Exact;

impl Surroundings for Exact {
    fn resource(&self, _: &str, _: &str) -> Option<Value> {
        None
    }

    fn referring(&self, _: &str, _: &str) -> Vec<Value> {
        Vec::new()
    }

    fn base(&self) -> &str {
        ""
    }

    fn now(&self) -> i128 {
        0
    }

    fn exact_codes(&self) -> bool {
        true
    }
}

fn fits(resource: &str, query: &str, surroundings: &dyn Surroundings) -> Result<bool, MatchReason> {
    let resource = Value::parse(resource.as_bytes()).unwrap();
    let scope = Scope::Type(resource.str("resourceType").unwrap().to_owned());
    let query = SearchQuery::parse(scope, query).unwrap();
    query.fits(&resource, surroundings).map_err(|error| error.reason())
}

#[test]
fn an_expression_without_an_answer_is_met_in_neither_polarity() {
    // Of which type the subject is cannot be told from the reference.
    let observation = r#"{"resourceType":"Observation","status":"final","subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"}}"#;
    let undecided = Err(MatchReason::Undecided(Undecided::Unresolved));
    for query in ["patient:missing=true", "patient:missing=false", "status=final&patient:missing=true"] {
        assert_eq!(fits(observation, query, &Alone), undecided, "{query}");
    }
    assert_eq!(fits(observation, "status=draft&patient:missing=true", &Alone), Ok(false), "that is decided");
    assert_eq!(fits(observation, "patient:missing=true&status=draft", &Alone), Ok(false), "in either order");
    assert_eq!(fits(observation, "patient=Patient/1", &Alone), Ok(false), "whatever it leads to");
    assert_eq!(fits(observation, "subject:missing=false", &Alone), Ok(true));
}

#[test]
fn units_of_ucum_are_converted() {
    let of = |value: &str, unit: &str| {
        format!(
            r#"{{"resourceType":"Observation","valueQuantity":{{"value":{value},"unit":"x","system":"http://unitsofmeasure.org","code":"{unit}"}}}}"#
        )
    };
    let rows = [
        ("500", "mg/dL", "5|http://unitsofmeasure.org|g/L", true),
        ("5", "g/L", "500|http://unitsofmeasure.org|mg/dL", true),
        ("600", "mg/dL", "5|http://unitsofmeasure.org|g/L", false),
        ("501", "mg/dL", "gt5|http://unitsofmeasure.org|g/L", true),
        ("500", "mg/dL", "gt5|http://unitsofmeasure.org|g/L", false),
        ("37.0", "Cel", "ge98.6|http://unitsofmeasure.org|[degF]", true),
        ("36.9", "Cel", "ge98.6|http://unitsofmeasure.org|[degF]", false),
        ("5", "g/L", "5|http://unitsofmeasure.org|mmol/L", false),
        ("5", "g/L", "5|http://unitsofmeasure.org|no-unit", false),
        ("500", "mg/dL", "5|urn:other|g/L", false),
        ("500", "mg/dL", "5||g/L", false),
    ];
    for (value, unit, query, expected) in rows {
        let found = fits(&of(value, unit), &format!("value-quantity={query}"), &Alone);
        assert_eq!(found, Ok(expected), "{value} {unit} {query}");
    }
}

#[test]
fn the_case_of_codes_counts_where_there_is_no_doubt() {
    let observation = r#"{"resourceType":"Observation","id":"Ab","status":"final","identifier":[{"system":"urn:i","value":"Xy"}],
        "code":{"coding":[{"system":"http://Sys.example","code":"K-7"}]},"valueCodeableConcept":{"coding":[{"system":"http://unitsofmeasure.org","code":"mL"}]}}"#;
    // The query, what it finds, and what it finds where case counts.
    let rows = [
        ("code=k-7", true, false),
        ("code=http://Sys.example|k-7", true, false),
        ("code=http://sys.example|K-7", false, false),
        ("code:not=k-7", true, true),
        ("code:not=K-7", false, false),
        ("status=FINAL", true, false),
        ("identifier=xy", false, false),
        ("identifier=Xy", true, true),
        ("_id=ab", false, false),
        ("_id=Ab", true, true),
        ("value-concept=ml", false, false),
        ("value-concept=mL", true, true),
    ];
    for (query, plain, exact) in rows {
        assert_eq!(fits(observation, query, &Alone), Ok(plain), "{query}");
        assert_eq!(fits(observation, query, &Exact), Ok(exact), "{query}, exactly");
    }
}

proptest::proptest! {
    /// A criterion and its opposite are never both met.
    #[test]
    fn not_both(reference in "(Patient/1|urn:uuid:[0-9]{1,3}|#a|http://x\\.example/[A-Z][a-z]{1,4}/1)?", query in "(patient|subject|performer|device):missing=") {
        let resource = format!(r##"{{"resourceType":"Observation","subject":{{"reference":"{reference}"}},"performer":[{{"reference":"{reference}"}}]}}"##);
        let both = ["true", "false"].map(|end| fits(&resource, &format!("{query}{end}"), &Alone));
        proptest::prop_assert!(matches!(both, [Ok(true), Ok(false)] | [Ok(false), Ok(true)] | [Err(_), Err(_)]));
    }
}
