//! The elements of a resource, each with the path that it has when indices are left out.

use serde_json::Value;

/// The values of an element that repeats, or the one that stands alone.
pub(super) fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// What a reference leads to, as it is written.
pub(super) fn reference(value: &Value) -> Option<&str> {
    value.get("reference").and_then(Value::as_str)
}

/// The path of an element: for an extension also its URL.
pub(super) fn step(path: &str, name: &str, value: &Value) -> String {
    match (name, value.get("url").and_then(Value::as_str)) {
        ("extension" | "modifierExtension", Some(url)) => format!("{path}.{name}({url})"),
        _ => format!("{path}.{name}"),
    }
}

/// Whether an element says nothing about the content.
pub(super) fn is_idle(path: &str, name: &str) -> bool {
    name == "resourceType" || (name == "id" && !path.contains('.')) || (name == "url" && path.ends_with(')'))
}

/// A value that holds no others, or a reference.
pub(super) enum Leaf<'v> {
    Value(String),
    Reference(&'v str),
}

/// Visits every leaf.
pub(super) fn leaves<'v>(value: &'v Value, path: &str, visit: &mut impl FnMut(&str, Leaf<'v>)) {
    match value {
        Value::Null => {}
        Value::Array(list) => list.iter().for_each(|value| leaves(value, path, visit)),
        Value::Object(object) => {
            for (name, inner) in object.iter().filter(|(name, _)| !is_idle(path, name)) {
                for inner in list(inner) {
                    match (name.as_str(), inner) {
                        ("reference", Value::String(target)) => visit(path, Leaf::Reference(target)),
                        _ => leaves(inner, &step(path, name, inner), visit),
                    }
                }
            }
        }
        one => visit(path, Leaf::Value(text(one))),
    }
}

/// How many leaves there are.
pub(super) fn count(value: &Value) -> usize {
    let mut count = 0;
    leaves(value, "", &mut |_, _| count += 1);
    count
}

/// A simple value in the form in which two ways to write the same are the same: an instant without zeros at its end and
/// in UTC, a number as its digits, no blanks around.
pub(super) fn text(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    match chrono::DateTime::parse_from_rfc3339(&text) {
        Ok(instant) => instant.to_utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
        Err(_) => text,
    }
}
