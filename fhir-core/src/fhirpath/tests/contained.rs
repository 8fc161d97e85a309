//! `resolve()` among contained resources.

use std::time::{Duration, Instant};

use crate::Value;
use crate::fhirpath::{Context, FhirPath, Undecided};

/// A resource with `#id` references to its contained resources, in the opposite order.
fn referring(references: usize, contained: usize) -> Value {
    let contained = (0..contained).map(|id| {
        Value::object().with("resourceType", "ServiceRequest").with("id", format!("r{id}").as_str())
    });
    let contained: Value = contained.collect();
    let ids = (0..contained.len()).rev().take(references);
    let references = ids.map(|id| Value::object().with("reference", format!("#r{id}").as_str()));
    let references: Value = references.collect();
    Value::object()
        .with("resourceType", "Observation")
        .with("contained", contained)
        .with("basedOn", references)
}

fn resolved(resource: &Value, context: &Context<'_>) -> Result<usize, Undecided> {
    let path = FhirPath::parse("basedOn.where(resolve() is ServiceRequest)").unwrap();
    path.select(resource, context).map(|found| found.len())
}

#[test]
fn many_references_to_many_contained_resources_take_no_square_of_time() {
    let resource = referring(8_000, 8_000);
    let start = Instant::now();
    assert_eq!(resolved(&resource, &Context::new(&resource)), Ok(8_000));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn the_search_among_contained_resources_counts() {
    let resource = referring(1, 5_000);
    assert_eq!(resolved(&resource, &Context::new(&resource).with_steps(5_100)), Ok(1));
    let few = Context::new(&resource).with_steps(4_000);
    assert_eq!(resolved(&resource, &few), Err(Undecided::TooManySteps));
}

#[test]
fn of_two_contained_resources_with_one_id_the_first_is_found() {
    let text = r##"{"resourceType":"Observation","basedOn":[{"reference":"#a"}],"contained":[
        {"resourceType":"ServiceRequest","id":"a"},{"resourceType":"CarePlan","id":"a"}]}"##;
    let resource = Value::parse(text.as_bytes()).unwrap();
    assert_eq!(resolved(&resource, &Context::new(&resource)), Ok(1));
}
