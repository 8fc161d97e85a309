use carewire_fhir_core::Value;
use carewire_fhir_core::search::{Results, Summary};
use uuid::Uuid;

use crate::api::{Context, json_string};
use crate::rules::types;
use crate::store::Version;

/// Whether only the number of matches is wanted.
pub(super) fn is_count(results: &Results) -> bool {
    results.summary == Some(Summary::Count)
}

/// The members of an entry of a `searchset`.
pub(super) fn entry(
    (resource_type, id): (&str, Uuid),
    version: &Version,
    mode: &str,
    results: &Results,
    context: &Context<'_>,
) -> String {
    let url = json_string(&format!("{}/{resource_type}/{id}", context.base));
    let part = part(resource_type, version, results);
    let resource = part.as_deref().or(version.text.as_deref()).unwrap_or("{}");
    format!(r#""fullUrl":{url},"search":{{"mode":"{mode}"}},"resource":{resource}"#)
}

/// Whether a member is the element, which may be a choice: `medication[x]`.
fn is_of(name: &str, element: &str) -> bool {
    match element.strip_suffix("[x]") {
        Some(choice) => name.strip_prefix(choice).is_some_and(|rest| rest.starts_with(char::is_uppercase)),
        None => name == element,
    }
}

/// The resource with only what was asked for and what it has to have, if that is not all of it. It is tagged as a part.
fn part(resource_type: &str, version: &Version, results: &Results) -> Option<String> {
    let is_wanted: Box<dyn Fn(&str) -> bool> = match results.summary {
        _ if !results.elements.is_empty() => Box::new(|name| {
            let is_listed = results.elements.iter().any(|element| element.split('.').next() == Some(name));
            is_listed || types::required(resource_type).iter().any(|element| is_of(name, element))
        }),
        Some(Summary::Text) => Box::new(|name| name == "text"),
        // Which elements are of a summary is not known here; more than those may be shown.
        Some(Summary::Data | Summary::True) => Box::new(|name| name != "text"),
        _ => return None,
    };
    let mut resource = version.resource()?;
    resource.retain_members(|name, _| {
        matches!(name, "resourceType" | "id" | "meta") || is_wanted(name.strip_prefix('_').unwrap_or(name))
    });
    let tag = Value::object()
        .with("system", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue")
        .with("code", "SUBSETTED");
    let mut tags = Value::array();
    let meta = resource.get_mut("meta")?;
    meta.list("tag").iter().for_each(|tag| tags.push(tag.clone()));
    tags.push(tag);
    meta.set("tag", tags);
    Some(resource.to_json())
}
