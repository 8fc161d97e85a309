//! What holds values or ids of a remote does not show them in `Debug`, and paths name elements only.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use carewire_fhir_core::domain::FhirLink;
use carewire_fhir_core::http::{Answer, HttpResponse, Interaction, Place, Target};
use carewire_fhir_core::search::{DateValue, Prefix};
use carewire_fhir_core::types::FromJson;
use carewire_fhir_core::{
    BundleEntry, BundleHead, EntryResponse, Interval, Phi, Resource, Value, visit_references, visit_sites,
};

const SECRET: &str = "Chalmers-7";

#[track_caller]
fn hidden(shown: &impl std::fmt::Debug) {
    let shown = format!("{shown:?}");
    assert!(!shown.is_empty() && !shown.contains(SECRET), "{shown}");
}

fn patient() -> Resource {
    Resource::parse(br#"{"resourceType":"Patient","id":"Chalmers-7"}"#).unwrap()
}

fn read(text: &str) -> Value {
    Value::parse(text.replace("SECRET", SECRET).as_bytes()).unwrap()
}

#[test]
fn answers_and_questions() {
    let patient = patient();
    let response = HttpResponse::new(201, b"")
        .header("Location", "https://a.example/R4/Patient/Chalmers-7/_history/Chalmers-7")
        .header("ETag", "W/\"Chalmers-7\"")
        .header("Last-Modified", SECRET);
    let answer = Answer::of(&Interaction::create(&patient), &response).unwrap();
    assert_eq!((answer.id(), answer.version.as_deref()), (Some(SECRET), Some(SECRET)));
    hidden(&answer);
    hidden(&answer.location.unwrap());
    hidden(&Interaction::read("Patient", SECRET));
    hidden(&Place::Instance("Patient", SECRET));
    hidden(&Target::Instance("Patient", SECRET));
}

#[test]
fn parts_of_bundles() {
    hidden(&BundleEntry::new(patient()).full_url("https://a.example/Patient/Chalmers-7"));
    let bundle = read(
        r#"{"resourceType":"Bundle","type":"history","timestamp":"SECRET","link":[{"relation":"self","url":"SECRET"}]}"#,
    );
    let bundle = Resource::parse(bundle.to_json().as_bytes()).unwrap();
    hidden(&BundleHead::of(&bundle).unwrap());
    let entry = read(
        r#"{"response":{"status":"200","location":"Patient/SECRET","etag":"W/\"SECRET\"","lastModified":"SECRET"}}"#,
    );
    hidden(&EntryResponse::of(&entry).unwrap());
}

#[test]
fn values_by_themselves() {
    hidden(&String::from_value(&Value::string(SECRET)).unwrap());
    hidden(&Interval::point(SECRET));
    hidden(&Phi::new(SECRET));
    assert!(!format!("{:?}", DateValue::new(Prefix::Eq, "1970-01-01")).contains("1970"));
    hidden(&FhirLink { resource_id: Some(SECRET.to_owned()), ..FhirLink::default() });
}

#[test]
fn paths_of_references() {
    let value = read(r#"{"resourceType":"Patient","SECRET":[{"reference":"urn:uuid:1"}]}"#);
    let mut paths = Vec::new();
    visit_references(&value, &mut |path, _| paths.push(path.to_owned()));
    visit_sites(&value, &mut |site| paths.push(site.path.to_owned()));
    assert_eq!(paths, ["?[0].reference", "?[0].reference"]);
}
