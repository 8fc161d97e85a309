//! What another converter adds of its own, taken out before the comparison.

use serde_json::Value;

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
}
