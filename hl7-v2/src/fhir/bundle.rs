//! From entries to a Bundle as a resource.

use carewire_fhir_core::{Resource, Value};

use super::entries::Entry;
use super::tree::{Object, Val};
use super::write::{self, Head};

/// The Bundle that [`write::bundle`] writes.
pub(crate) fn resource(head: &Head<'_>, entries: &[Entry<'_>]) -> Resource {
    let mut bundle = Resource::new("Bundle");
    let value = bundle.value_mut();
    for (name, member) in head.members.members() {
        value.set(name, self::value(member));
    }
    value.set("type", head.kind);
    if !entries.is_empty() {
        value.set("entry", entries.iter().map(|item| entry(item, head)).collect::<Vec<_>>());
    }
    bundle
}

fn entry(entry: &Entry<'_>, head: &Head<'_>) -> Value {
    let mut value = Value::object().with("fullUrl", entry.full_url);
    if !entry.deleted {
        let mut resource = Value::object().with("resourceType", entry.resource_type);
        fill(&mut resource, &entry.body);
        value.set("resource", resource);
    }
    if head.with_requests {
        let (method, url) = write::request(entry);
        let mut request = Value::object().with("method", method).with("url", url);
        if let Some(search) = write::if_none_exist(entry) {
            request.set("ifNoneExist", search);
        }
        value.set("request", request);
    }
    value
}

fn value(value: &Val<'_>) -> Value {
    match value {
        Val::Text(text) => Value::string(*text),
        Val::Number(text) => Value::number(text).unwrap_or_else(Value::null),
        Val::Bool(value) => Value::bool(*value),
        Val::Object(members) => {
            let mut object = Value::object();
            fill(&mut object, members);
            object
        }
        Val::List(items) => items.iter().map(self::value).collect::<Vec<_>>().into(),
    }
}

fn fill(object: &mut Value, members: &Object<'_>) {
    for (name, member) in members.members() {
        object.set(name, value(member));
    }
}
