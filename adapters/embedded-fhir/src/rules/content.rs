//! Checking a resource, and the form in which it is stored.

use carewire_fhir_core::{Kind, Value};
use uuid::Uuid;

use super::{Decimals, Empty, Rules, number, types};
use crate::clock::{self, instant_text};
use crate::refusal::Refusal;

/// Checks a resource that was sent for `resource_type`, and brings it into the form to store: numbers as the rules say,
/// without what only the server may set.
pub(crate) fn accept(mut resource: Value, resource_type: &str, rules: &Rules) -> Result<Value, Refusal> {
    match resource.str("resourceType") {
        Some(name) if name == resource_type => {}
        Some(_) => return Err(Refusal::bad_request("Incorrect resource type")),
        None => return Err(Refusal::bad_request("Missing resource type")),
    }
    if rules.empty == Empty::Drop {
        drop_empty(&mut resource);
    }
    check(&resource, resource_type, None)?;
    for name in types::required(resource_type) {
        if !has_element(&resource, name) {
            let expression = format!("{resource_type}.{name}");
            return Err(Refusal::element("required", "Missing required property", expression));
        }
    }
    if rules.decimals == Decimals::JavaScript {
        number::to_javascript(&mut resource);
    }
    if let Some(meta) = resource.get_mut("meta") {
        meta.retain_members(|name, _| {
            !matches!(name, "versionId" | "lastUpdated" | "author" | "project" | "account" | "compartment")
        });
        if meta.is_empty() {
            resource.remove("meta");
        }
    }
    Ok(resource)
}

/// The text to store: the content with its id, version and time in front.
pub(crate) fn stored_text(content: Value, id: Uuid, version: Uuid, at: i64) -> String {
    let mut content = content;
    let meta = content
        .remove("meta")
        .unwrap_or_else(Value::object)
        .with("versionId", version.to_string())
        .with("lastUpdated", instant_text(at));
    let mut stored = Value::object();
    if let Some(resource_type) = content.remove("resourceType") {
        stored.set("resourceType", resource_type);
    }
    content.remove("id");
    let mut stored = stored.with("id", id.to_string()).with("meta", meta);
    content.retain_members(|name, member| {
        stored.set(name, std::mem::take(member));
        false
    });
    stored.to_json()
}

/// Whether storing `content` over the stored text would change nothing but version and time.
pub(crate) fn is_unchanged(stored: &str, content: &Value, id: Uuid) -> bool {
    let Ok(mut stored) = Value::parse(stored.as_bytes()) else { return false };
    if let Some(meta) = stored.get_mut("meta") {
        meta.remove("versionId");
        meta.remove("lastUpdated");
        if meta.is_empty() {
            stored.remove("meta");
        }
    }
    let mut content = content.clone();
    content.set("id", id.to_string());
    stored == content
}

/// The id that the sent resource carries.
pub(crate) fn sent_id(resource: &Value) -> Option<&str> {
    resource.str("id")
}

fn has_element(resource: &Value, name: &str) -> bool {
    match name.strip_suffix("[x]") {
        Some(choice) => resource.members().any(|(member, _)| {
            let member = member.strip_prefix('_').unwrap_or(member);
            member.strip_prefix(choice).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        }),
        None => resource.get(name).is_some() || resource.get(&format!("_{name}")).is_some(),
    }
}

/// Refuses null and empty values, and dates that are none. `siblings` is the object that holds the array at hand.
fn check(value: &Value, path: &str, name: Option<&str>) -> Result<(), Refusal> {
    match value.kind() {
        Kind::Null => Err(Refusal::element("structure", "Invalid null value", path)),
        Kind::String if value.as_str() == Some("") => {
            Err(Refusal::element("structure", "Invalid empty string value", path))
        }
        Kind::String => check_date(value, path, name),
        Kind::Array if value.is_empty() => {
            Err(Refusal::element("structure", "Invalid empty array value", path))
        }
        Kind::Object if value.is_empty() => {
            Err(Refusal::element("structure", "Invalid empty object value", path))
        }
        Kind::Array => value
            .items()
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check(item, &format!("{path}[{index}]"), name)),
        Kind::Object => check_members(value, path),
        Kind::Bool | Kind::Number => Ok(()),
    }
}

fn check_members(object: &Value, path: &str) -> Result<(), Refusal> {
    for (name, member) in object.members() {
        let path = format!("{path}.{name}");
        if member.kind() == Kind::Array && has_primitive_sibling(object, name) {
            for (index, item) in member.items().iter().enumerate().filter(|(_, item)| !item.is_null()) {
                check(item, &format!("{path}[{index}]"), Some(name))?;
            }
        } else {
            check(member, &path, Some(name))?;
        }
    }
    Ok(())
}

/// In `given` and `_given`, null holds the place of an item that only the other array has.
fn has_primitive_sibling(object: &Value, name: &str) -> bool {
    match name.strip_prefix('_') {
        Some(plain) => object.get(plain).is_some_and(|member| member.kind() == Kind::Array),
        None => object.get(&format!("_{name}")).is_some(),
    }
}

fn check_date(value: &Value, path: &str, name: Option<&str>) -> Result<(), Refusal> {
    let is_date = name.is_some_and(|name| {
        matches!(
            name,
            "birthDate" | "authoredOn" | "issued" | "recorded" | "recordedDate" | "deceasedDateTime"
        ) || name.ends_with("DateTime")
    });
    let text = value.as_str().unwrap_or_default();
    if is_date && clock::range(text).is_none() {
        return Err(Refusal::element("invalid", "Invalid date or time format", path));
    }
    Ok(())
}

fn drop_empty(value: &mut Value) {
    let keep = |value: &mut Value| {
        drop_empty(value);
        match value.kind() {
            Kind::Array | Kind::Object => !value.is_empty(),
            Kind::String => value.as_str() != Some(""),
            Kind::Null | Kind::Bool | Kind::Number => true,
        }
    };
    match value.kind() {
        Kind::Array => value.retain_items(keep),
        Kind::Object => value.retain_members(|_, member| keep(member)),
        Kind::Null | Kind::Bool | Kind::Number | Kind::String => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<String> {
        let value = Value::parse(text.as_bytes()).unwrap();
        let resource_type = value.str("resourceType").unwrap().to_owned();
        let refusal = accept(value, &resource_type, &Rules::default()).err()?;
        let outcome = refusal.outcome();
        let issue = outcome.list("issue").first()?;
        let at = issue.list("expression").first()?.as_str()?.to_owned();
        Some(format!("{} {at}", issue.get("details")?.str("text")?))
    }

    #[test]
    fn null_and_empty_are_refused_with_their_place() {
        let rows = [
            (r#"{"resourceType":"Patient","birthDate":null}"#, "Invalid null value Patient.birthDate"),
            (
                r#"{"resourceType":"Patient","name":[{"given":[null]}]}"#,
                "Invalid null value Patient.name[0].given[0]",
            ),
            (r#"{"resourceType":"Patient","telecom":[]}"#, "Invalid empty array value Patient.telecom"),
            (r#"{"resourceType":"Patient","gender":""}"#, "Invalid empty string value Patient.gender"),
            (r#"{"resourceType":"Patient","name":[{}]}"#, "Invalid empty object value Patient.name[0]"),
            (
                r#"{"resourceType":"Observation","code":{"text":"x"}}"#,
                "Missing required property Observation.status",
            ),
            (
                r#"{"resourceType":"Patient","birthDate":"19800101"}"#,
                "Invalid date or time format Patient.birthDate",
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(refused(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_fhir_allows_is_accepted() {
        let rows = [
            r#"{"resourceType":"Patient","name":[{"given":["a",null],"_given":[null,{"id":"x"}]}]}"#,
            r#"{"resourceType":"Patient","birthDate":"1980-02"}"#,
            r#"{"resourceType":"Observation","_status":{"id":"x"},"code":{"text":"x"}}"#,
            r#"{"resourceType":"MessageHeader","eventCoding":{"code":"A01"},"source":{"endpoint":"urn:x"}}"#,
        ];
        for text in rows {
            assert_eq!(refused(text), None, "{text}");
        }
    }

    #[test]
    fn empty_values_are_dropped_on_demand() {
        let rules = Rules { empty: Empty::Drop, ..Rules::default() };
        let value =
            Value::parse(br#"{"resourceType":"Patient","telecom":[],"name":[{"family":""}]}"#).unwrap();
        let accepted = accept(value, "Patient", &rules).unwrap();
        assert_eq!(accepted.to_json(), r#"{"resourceType":"Patient"}"#);
    }

    #[test]
    fn version_and_time_do_not_make_a_change() {
        let content =
            Value::parse(br#"{"resourceType":"Patient","active":true,"meta":{"source":"x"}}"#).unwrap();
        let id = Uuid::from_u128(1);
        let text = stored_text(content.clone(), id, Uuid::from_u128(2), 0);
        assert!(text.starts_with(r#"{"resourceType":"Patient","id":"#), "{text}");
        assert!(is_unchanged(&text, &content, id));
        assert!(!is_unchanged(&text, &content.with("active", false), id));
    }
}
