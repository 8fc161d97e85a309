mod contained;
mod definitions;
mod invariants;
mod language;
mod properties;

use super::*;

/// What an expression finds, as text: elements as their JSON, computed values as they are.
fn found(resource: &str, expression: &str) -> String {
    let resource = Value::parse(resource.as_bytes()).unwrap();
    let expression = FhirPath::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    match expression.select(&resource, &Context::new(&resource)) {
        Ok(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Err(undecided) => format!("{undecided:?}"),
    }
}

fn shown(item: &Item<'_>) -> String {
    match item {
        Item::Node(node) => node.value.map_or("-".to_owned(), Value::to_json),
        Item::Bool(value) => value.to_string(),
        Item::Integer(value) => value.to_string(),
        Item::Decimal(text) => text.to_string(),
        Item::Text(text) => format!("'{text}'"),
        Item::Moment(text) => format!("@{text}"),
    }
}

fn holds(resource: &str, expression: &str) -> Result<bool, Undecided> {
    let resource = Value::parse(resource.as_bytes()).unwrap();
    FhirPath::parse(expression).unwrap().is_true(&resource, &Context::new(&resource))
}
