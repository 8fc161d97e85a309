//! JSON numbers as JavaScript reads and writes them.

use carewire_fhir_core::{Kind, Value};

/// Replaces every number of the tree by what `JSON.stringify(JSON.parse(text))` would make of it.
pub(crate) fn to_javascript(value: &mut Value) {
    match value.kind() {
        Kind::Number => {
            if let Some(number) = value.as_number().and_then(javascript).as_deref().and_then(Value::number) {
                *value = number;
            }
        }
        Kind::Array => value.items_mut().iter_mut().for_each(to_javascript),
        Kind::Object => value.members_mut().for_each(|(_, member)| to_javascript(member)),
        Kind::Null | Kind::Bool | Kind::String => {}
    }
}

fn javascript(lexical: &str) -> Option<String> {
    let number: f64 = lexical.parse().ok().filter(|number: &f64| number.is_finite())?;
    let size = number.abs();
    Some(if size == 0.0 {
        "0".to_owned()
    } else if size >= 1e21 {
        format!("{number:e}").replace('e', "e+")
    } else if size < 1e-6 {
        format!("{number:e}")
    } else {
        format!("{number}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_what_javascript_loses() {
        let rows = [
            ("70.50", "70.5"),
            ("1.0", "1"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("12345678901234567890", "12345678901234567000"),
            ("1e3", "1000"),
            ("1E-7", "1e-7"),
            ("1.50e21", "1.5e+21"),
            ("0.000001", "0.000001"),
        ];
        for (text, expected) in rows {
            assert_eq!(javascript(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn numbers_are_found_at_every_depth() {
        let mut value = Value::parse(br#"{"a":[{"b":1.10}],"c":"1.10","d":null}"#).unwrap();
        to_javascript(&mut value);
        assert_eq!(value.to_json(), r#"{"a":[{"b":1.1}],"c":"1.10","d":null}"#);
    }
}
