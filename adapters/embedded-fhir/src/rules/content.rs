//! Checking a resource, and the form in which it is stored.

use std::collections::HashSet;

use carewire_fhir_core::{Kind, Value};
use uuid::Uuid;

use super::{Decimals, Empty, Rules, number, types};
use crate::clock::{self, instant_text};
use crate::refusal::Refusal;
use crate::subscription;

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
            return Err(Refusal::element("structure", "Missing required property", expression));
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
    if resource_type == "Subscription" {
        subscription::check(&mut resource, &rules.reach)?;
    }
    Ok(resource)
}

/// The text to store: the content with its id, version and time in front.
pub(crate) fn stored_text(content: &Value, id: Uuid, version: Uuid, at: i64) -> String {
    let meta = content.get("meta").cloned().unwrap_or_else(Value::object);
    let meta = meta.with("versionId", version.to_string()).with("lastUpdated", instant_text(at));
    let resource_type = content.get("resourceType").map(|resource_type| ("resourceType", resource_type));
    let (id, others) = (Value::from(id.to_string()), content.members());
    let others = others.filter(|(name, _)| !matches!(*name, "resourceType" | "id" | "meta"));
    let mut text = String::new();
    // As text, since `set` looks through all members: a body may have a hundred thousand.
    for (name, member) in resource_type.into_iter().chain([("id", &id), ("meta", &meta)]).chain(others) {
        text.push(if text.is_empty() { '{' } else { ',' });
        Value::from(name).write_json(&mut text);
        text.push(':');
        member.write_json(&mut text);
    }
    text.push('}');
    text
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

/// Refuses null and empty values, and dates that are none.
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
    let siblings = Siblings::of(object);
    for (name, member) in object.members() {
        let path = format!("{path}.{name}");
        if member.kind() == Kind::Array && siblings.has(name) {
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
struct Siblings<'a> {
    /// The names of the members with an underscore, without it.
    extended: HashSet<&'a str>,
    /// The names of the arrays that are among them.
    arrays: HashSet<&'a str>,
}

impl<'a> Siblings<'a> {
    fn of(object: &'a Value) -> Self {
        let extended: HashSet<_> = object.members().filter_map(|(name, _)| name.strip_prefix('_')).collect();
        let arrays = object.members().filter(|(name, member)| {
            !extended.is_empty() && member.kind() == Kind::Array && extended.contains(name)
        });
        Self { arrays: arrays.map(|(name, _)| name).collect(), extended }
    }

    fn has(&self, name: &str) -> bool {
        match name.strip_prefix('_') {
            Some(plain) => self.arrays.contains(plain),
            None => self.extended.contains(name),
        }
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

/// Removes empty arrays, objects and strings.
pub(crate) fn drop_empty(value: &mut Value) {
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

    /// To look for the sibling of each member, or for its name in what is stored, would take minutes here.
    #[test]
    fn a_resource_of_many_members_is_accepted_and_stored() {
        let members: String = (0..100_000).map(|n| format!(r#","a{n}":[1]"#)).collect();
        let text = format!(r#"{{"resourceType":"Patient","_a7":[{{"id":"x"}}]{members}}}"#);
        let content = Value::parse(text.as_bytes()).unwrap();
        let content = accept(content, "Patient", &Rules::default()).unwrap();
        let stored = stored_text(&content, Uuid::from_u128(1), Uuid::from_u128(2), 0);
        assert!(is_unchanged(&stored, &content, Uuid::from_u128(1)));
    }

    #[test]
    fn null_without_an_array_beside_it_is_refused() {
        let rows = [
            (r#"{"resourceType":"Patient","_a":[null],"a":1}"#, "Invalid null value Patient._a[0]"),
            (
                r#"{"resourceType":"Patient","b":[null],"a":[1],"_a":[null]}"#,
                "Invalid null value Patient.b[0]",
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(refused(text).as_deref(), Some(expected), "{text}");
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
        let text = stored_text(&content, id, Uuid::from_u128(2), 0);
        assert!(text.starts_with(r#"{"resourceType":"Patient","id":"#), "{text}");
        assert!(is_unchanged(&text, &content, id));
        assert!(!is_unchanged(&text, &content.with("active", false), id));
    }
}
