//! What must hold for any bytes: the bodies of the fuzz targets.
//!
//! `cargo xtask fuzz` runs them under libFuzzer; the tests run them over their seeds, over seeds that were changed and over
//! arbitrary bytes, so that a broken promise is found without nightly. A body returns, or panics because a promise is
//! broken.

use carewire_fhir_core::fhirpath::{Context, FhirPath};
use carewire_fhir_core::resources::{Observation, Patient};
use carewire_fhir_core::search::SearchQuery;
use carewire_fhir_core::types::TypedResource;
use carewire_fhir_core::{
    Date, DateTime, Instant, JsonPatch, Limits, ParseError, Reference, Resource, SiteKind, Time,
    ValidateOptions, Value, canonical_hash, canonical_json, rewrite_references, rewrite_sites, validate,
    validate_json, visit_references, visit_sites,
};

#[path = "fuzz/deid.rs"]
mod deid;
#[path = "fuzz/deid_fhir.rs"]
mod deid_fhir;
#[path = "fuzz/deid_v2.rs"]
mod deid_v2;
#[path = "fuzz/hl7.rs"]
mod hl7;
#[path = "fuzz/mllp.rs"]
mod mllp;
#[cfg(test)]
#[path = "fuzz/tests.rs"]
mod tests;

/// A promise that must hold for any bytes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Target {
    /// Its name on the command line, and the folder of its seeds.
    pub name: &'static str,
    /// The promise. Panics where it is broken.
    pub run: fn(&[u8]),
}

/// All targets.
pub static TARGETS: &[Target] = &[
    Target { name: "json", run: json },
    Target { name: "references", run: references },
    Target { name: "dates", run: dates },
    Target { name: "validate", run: validated },
    Target { name: "hl7", run: hl7::message },
    Target { name: "hl7-path", run: hl7::path },
    Target { name: "hl7-escape", run: hl7::escapes },
    Target { name: "hl7-charset", run: hl7::charset },
    Target { name: "hl7-batch", run: hl7::batch },
    Target { name: "hl7-ack", run: hl7::acknowledgement },
    Target { name: "hl7-edit", run: hl7::edits },
    Target { name: "hl7-overlay", run: hl7::overlay },
    Target { name: "hl7-profile", run: hl7::profile },
    Target { name: "hl7-structure", run: hl7::structure },
    Target { name: "hl7-validate", run: hl7::validated },
    Target { name: "hl7-build", run: hl7::built },
    Target { name: "deid-v2", run: deid_v2::messages },
    Target { name: "deid-fhir", run: deid_fhir::resources },
    Target { name: "mllp", run: mllp::stream },
    Target { name: "search", run: search },
    Target { name: "fhirpath", run: fhirpath },
    Target { name: "patch", run: patch },
    Target { name: "sites", run: sites },
    Target { name: "typed", run: typed },
    Target { name: "deid-text", run: deid::text },
    Target { name: "deid-value", run: deid::value },
    Target { name: "deid-rules", run: deid::rules },
];

/// Reads as deep as the parser ever does, not only as deep as by default.
fn deep(bytes: &[u8]) -> Result<Value, ParseError> {
    Value::parse_with(bytes, &Limits::default().with_max_depth(1_000))
}

/// What is read and written is read as the same, with the same text.
fn json(bytes: &[u8]) {
    match deep(bytes) {
        Ok(value) => {
            let text = value.to_json();
            let again = deep(text.as_bytes());
            assert!(again.as_ref() == Ok(&value), "a written value is read as another");
            assert_eq!(
                again.map(|value| value.to_json()).as_ref(),
                Ok(&text),
                "written twice, written differently"
            );
            let pretty = deep(value.to_json_pretty().as_bytes());
            assert!(pretty.as_ref() == Ok(&value), "a value that is written for people is read as another");
        }
        Err(error) => assert!(error.offset() <= bytes.len() && error.line() > 0 && error.column() > 0),
    }
}

/// References are found without end and replaced by themselves without change.
fn references(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Reference::parse(text).target();
    }
    let Ok(value) = Value::parse(bytes) else { return };
    let mut found = 0_usize;
    visit_references(&value, &mut |_, _| found += 1);
    let (mut rewritten, mut seen) = (value.clone(), 0_usize);
    rewrite_references(&mut rewritten, &mut |text| {
        seen += 1;
        Some(text.to_owned())
    });
    assert_eq!(found, seen, "other references are visited than rewritten");
    assert_eq!(rewritten.to_json(), value.to_json(), "rewriting a reference by itself changed something");
}

/// A time that is read is written as it was.
fn dates(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(date) = Date::parse(text) {
        assert!(date.as_str() == text && DateTime::parse(text).is_ok());
    }
    if let Ok(time) = DateTime::parse(text) {
        assert_eq!(time.as_str(), text);
        assert!(text.starts_with(time.date().as_str()));
        let _ = (time.precision(), time.year());
    }
    if let Ok(instant) = Instant::parse(text) {
        assert!(DateTime::parse(instant.as_str()).is_ok());
    }
    if let Ok(time) = Time::parse(text) {
        assert_eq!(time.as_str(), text);
    }
}

/// Anything can be judged, twice with the same result, and its canonical form survives writing and reading.
fn validated(bytes: &[u8]) {
    let read = |bytes: &[u8]| deep(bytes).ok().and_then(|value| Resource::from_value(value).ok());
    let Some(resource) = read(bytes) else { return };
    let text = resource.to_json();
    match validate_json(text.as_bytes(), &ValidateOptions::default()) {
        Ok(issues) => assert!(issues == validate(&resource), "text and tree are judged differently"),
        Err(_) => assert!(Resource::parse(text.as_bytes()).is_err(), "only one reads the text"),
    }
    let hash = read(resource.to_json().as_bytes()).map(|resource| canonical_hash(&resource));
    assert!(hash == Some(canonical_hash(&resource)), "writing and reading changed the canonical form");
}

/// A search that is read is written as one that is read the same.
fn search(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(query) = SearchQuery::parse_url(text) {
        let again = SearchQuery::parse_url(&query.to_url());
        assert!(again.as_ref() == Ok(&query), "a written search is read as another");
    }
}

/// Any expression is compiled or refused, and ends over any resource: the first line and the rest.
fn fhirpath(bytes: &[u8]) {
    let Some((text, resource)) = std::str::from_utf8(bytes).ok().and_then(|text| text.split_once('\n'))
    else {
        return;
    };
    let Ok(expression) = FhirPath::parse(text) else { return };
    let Ok(resource) = Value::parse(resource.as_bytes()) else { return };
    let context = Context::new(&resource).with_steps(50_000);
    let found = expression.select(&resource, &context);
    if expression.is_true(&resource, &context) == Ok(true) {
        assert!(found.is_ok_and(|found| found.len() == 1), "true, and not one item");
    }
}

/// Any patch is done or refused, and what it makes can be written and read.
fn patch(bytes: &[u8]) {
    const PATIENT: &[u8] = br#"{"resourceType":"Patient","active":true,"a":[],
        "name":[{"family":"Chalmers","given":["Peter","James"]}],"multipleBirthInteger":2}"#;
    let (Ok(value), Ok(patient)) = (deep(bytes), deep(PATIENT)) else { return };
    let Ok(patch) = JsonPatch::from_value(&value) else { return };
    match patch.apply(&patient) {
        Ok(patched) => {
            let again = deep(patched.to_json().as_bytes());
            assert!(again.as_ref() == Ok(&patched), "a patched tree is read as another");
        }
        Err(error) => assert!(error.operation() < value.len()),
    }
}

/// Whatever can refer is found without end, and replaced by itself without change.
fn sites(bytes: &[u8]) {
    let Ok(value) = deep(bytes) else { return };
    let mut found = 0_usize;
    visit_sites(&value, &mut |site| found += usize::from(site.kind != SiteKind::Logical));
    let (mut rewritten, mut seen) = (value.clone(), 0_usize);
    rewrite_sites(&mut rewritten, &mut |_, text| {
        seen += 1;
        Some(text.to_owned())
    });
    assert_eq!(found, seen, "other places are visited than rewritten");
    assert_eq!(rewritten.to_json(), value.to_json(), "rewriting a place by itself changed something");
}

/// What a struct reads and writes means the same.
fn typed(bytes: &[u8]) {
    let Ok(value) = Value::parse(bytes) else { return };
    same_when_typed::<Patient>(&value);
    same_when_typed::<Observation>(&value);
}

fn same_when_typed<T: TypedResource>(value: &Value) {
    let mut value = value.clone();
    value.set("resourceType", T::TYPE);
    let Ok(resource) = Resource::from_value(value) else { return };
    let Ok(read) = T::read_resource(&resource) else { return };
    let written = read.value.to_resource();
    assert!(canonical_json(&written) == canonical_json(&resource), "a struct lost something or made it up");
}
