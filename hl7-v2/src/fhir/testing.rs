//! What the tests of the datatypes share.

use carewire_fhir_core::types::ToJson;
use carewire_fhir_core::{OrgId, Value, entries};

use super::context::Context;
use super::node::{Node, repetitions};
use super::row::Found;
use super::{MapOptions, Mapped, map};
use crate::{Message, ParseOptions};

/// Runs `test` on a field of a message from `APP` at `FAC` in the zone +0100, mapped for the org `org`.
pub(crate) fn with_field<R>(field: &str, test: impl FnOnce(&Node<'_>, &mut Context<'_>) -> R) -> R {
    let text = format!("MSH|^~\\&|APP|FAC|||20240305100000+0100||ADT^A08|1|P|2.5\rPID|1||{field}");
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let options = MapOptions::new(OrgId::new("org").unwrap());
    let mut context = Context::new(&message, &options);
    let pid = message.segment("PID").unwrap();
    let node = repetitions(&pid, 3).next().unwrap();
    test(&node, &mut context)
}

/// What was found, as JSON; nothing is the empty text.
pub(crate) fn json<T: ToJson>(found: Found<T>) -> String {
    found.unwrap().map(|value| value.to_value().to_json()).unwrap_or_default()
}

/// The issues so far.
pub(crate) fn issues(c: &Context<'_>) -> Vec<String> {
    c.issues.iter().map(ToString::to_string).collect()
}

/// Maps a message of this type from `APP` at `FAC` in the zone +0100, about the patient 7, with these segments.
pub(crate) fn mapped(kind: &str, segments: &[&str]) -> Mapped {
    let head = format!("MSH|^~\\&|APP|FAC|||20240305100000+0100||{kind}|1|P|2.5");
    let text = [&[head.as_str(), "PID|1||7^^^GEN^MR||Doe^Jo"], segments].concat().join("\r");
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    map(&message, &MapOptions::new(OrgId::new("org").unwrap())).unwrap()
}

/// The resources of a type, as JSON.
pub(crate) fn of_type(mapped: &Mapped, resource_type: &str) -> Vec<String> {
    let resources = entries(&mapped.bundle).filter_map(|entry| entry.resource);
    resources.filter(|r| r.str("resourceType") == Some(resource_type)).map(Value::to_json).collect()
}

/// What a mapping reports.
pub(crate) fn reported(mapped: &Mapped) -> Vec<String> {
    mapped.issues.iter().map(ToString::to_string).collect()
}
