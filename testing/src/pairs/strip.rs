//! What another converter adds of its own, taken out before the comparison.

use std::collections::HashSet;

use serde_json::Value;

use super::element::{Leaf, leaves};

/// Takes the resources out of a Bundle that were referred to, and are not any more: only what has been taken out did.
pub(super) fn strip_orphans(bundle: &mut Value, mut referred: HashSet<String>) {
    loop {
        let still = references(bundle);
        let Some(entries) = bundle.get_mut("entry").and_then(Value::as_array_mut) else { return };
        let before = entries.len();
        entries.retain(|entry| {
            let names = names(entry);
            names.iter().all(|name| !referred.contains(name)) || names.iter().any(|name| still.contains(name))
        });
        if entries.len() == before {
            return;
        }
        referred.extend(still);
    }
}

/// All that the resources of a Bundle refer to.
pub(super) fn references(bundle: &Value) -> HashSet<String> {
    let mut found = HashSet::new();
    leaves(bundle, "", &mut |_, leaf| {
        if let Leaf::Reference(target) = leaf {
            found.insert(target.to_owned());
        }
    });
    found
}

/// How others refer to the resource of an entry.
fn names(entry: &Value) -> Vec<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let resource = entry.get("resource");
    let id = text(resource.and_then(|resource| resource.get("id")));
    let kind = text(resource.and_then(|resource| resource.get("resourceType")));
    let by_id = id.zip(kind).map(|(id, kind)| [format!("{kind}/{id}"), format!("urn:uuid:{id}")]);
    text(entry.get("fullUrl")).into_iter().chain(by_id.into_iter().flatten()).collect()
}

/// Takes the extensions out whose URL is told, and what is empty then. Says how many there were.
pub(super) fn strip(value: &mut Value, is_own: &impl Fn(&str) -> bool) -> usize {
    let mut count = 0;
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(|inner| count += strip(inner, is_own));
            list.retain(|inner| !is_empty(inner));
        }
        Value::Object(object) => {
            for (name, inner) in object.iter_mut() {
                if let ("extension" | "modifierExtension", Value::Array(list)) = (name.as_str(), &mut *inner)
                {
                    let before = list.len();
                    list.retain(|one| !one.get("url").and_then(Value::as_str).is_some_and(is_own));
                    count += before - list.len();
                }
                count += strip(inner, is_own);
            }
            object.retain(|_, inner| !is_empty(inner));
        }
        _ => {}
    }
    count
}

/// Nothing, or an extension that has lost what it held.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.keys().all(|name| name == "url"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn what_is_empty_goes_with_it() {
        let mut value = json!({"a": [{"extension": [{"url": "x:1", "valueString": "v"}]}], "b": 1,
            "_c": {"extension": [{"url": "y", "extension": [{"url": "x:2", "valueCode": "v"}]}]}});
        assert_eq!(super::strip(&mut value, &|url| url.starts_with("x:")), 2);
        assert_eq!(value, json!({"b": 1}));
    }

    #[test]
    fn what_only_that_referred_to_goes_with_it() {
        let organization =
            |id: &str| json!({"fullUrl": id, "resource": {"resourceType": "Organization", "id": id}});
        let mut house = organization("house");
        house["resource"]["partOf"] = json!({"reference": "Organization/group"});
        let patient = json!({"resourceType": "Patient", "id": "p",
            "managingOrganization": {"reference": "Organization/kept"},
            "extension": [{"url": "x:1", "valueReference": {"reference": "Organization/house"}},
                {"url": "x:2", "valueReference": {"reference": "Organization/kept"}}]});
        let others = ["kept", "group", "alone"].map(organization);
        let entries: Vec<_> = [json!({"resource": patient}), house].into_iter().chain(others).collect();
        let mut bundle = json!({"entry": entries});
        let referred = super::references(&bundle);
        super::strip(&mut bundle, &|url| url.starts_with("x:"));
        super::strip_orphans(&mut bundle, referred);
        let left: Vec<_> =
            bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]["id"]).collect();
        assert_eq!(left, ["p", "kept", "alone"]);
    }
}
