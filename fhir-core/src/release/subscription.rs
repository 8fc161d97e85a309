//! Subscriptions to topics. R4 has them by HL7's "Subscriptions R5 Backport", which puts what R4 lacks in extensions.

use crate::Value;

const BACKPORT: &str = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";

/// A Subscription by the backport without what the backport put in it, and that as elements of R5.
pub(super) fn prepared(source: &Value) -> Option<(Value, Value)> {
    let profile = format!("{BACKPORT}subscription");
    let claims = |meta: &Value| meta.list("profile").iter().any(|found| found.as_str() == Some(&profile));
    if source.str("resourceType") != Some("Subscription") || !source.get("meta").is_some_and(claims) {
        return None;
    }
    let mut rest = source.clone();
    let mut more = Value::object();
    more.set("topic", rest.remove("criteria")?);
    if let Some(mut criteria) = rest.remove("_criteria") {
        let filters: Vec<Value> = taken(&mut criteria, "filter-criteria").iter().flat_map(filters).collect();
        if !filters.is_empty() {
            more.set("filterBy", filters);
        }
    }
    if let Some(channel) = rest.get_mut("channel") {
        for (name, element) in
            [("heartbeat-period", "heartbeatPeriod"), ("timeout", "timeout"), ("max-count", "maxCount")]
        {
            taken(channel, name).into_iter().for_each(|value| _ = more.set(element, value));
        }
        if let Some(mut payload) = channel.remove("_payload") {
            taken(&mut payload, "payload-content")
                .into_iter()
                .for_each(|value| _ = more.set("content", value));
        }
    }
    Some((rest, more))
}

/// Takes the values of an extension out of an element.
fn taken(element: &mut Value, name: &str) -> Vec<Value> {
    let url = format!("{BACKPORT}{name}");
    let mut values = Vec::new();
    let Some(extensions) = element.get_mut("extension") else { return values };
    extensions.retain_items(|extension| {
        let is_it = extension.str("url") == Some(&url);
        if is_it {
            let value = extension.members().find(|(member, _)| member.starts_with("value"));
            values.extend(value.map(|(_, value)| value.clone()));
        }
        !is_it
    });
    if extensions.is_empty() {
        element.remove("extension");
    }
    values
}

/// `Encounter?patient=Patient/1&status=finished` as the filters that R5 has instead.
fn filters(criteria: &Value) -> Vec<Value> {
    let text = criteria.as_str().unwrap_or_default();
    let (resource, query) = text.split_once('?').unwrap_or(("", text));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(parameter, value)| {
            let (parameter, modifier) = parameter.split_once(':').unwrap_or((parameter, ""));
            let mut filter = Value::object().with("filterParameter", parameter).with("value", value);
            if !modifier.is_empty() {
                filter.set("modifier", modifier);
            }
            if !resource.is_empty() {
                filter.set("resourceType", resource);
            }
            filter
        })
        .collect()
}
