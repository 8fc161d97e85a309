use std::collections::HashSet;

use carewire_fhir_core::{Resource, Value, validate};
use fhir_model::r4b::resources as r4b;

use crate::loss::{losses, shown};
use crate::{Error, Loss};

const MOST_PATHS: usize = 10;

/// A converted resource, and what could not be taken along. `Debug` shows the latter only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Converted<T> {
    /// The resource in its new form.
    pub value: T,
    /// What is not in it, in the order of the elements; none when all of it is.
    pub lost: Vec<Loss>,
}

impl<T> std::fmt::Debug for Converted<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Converted").field("lost", &self.lost).finish_non_exhaustive()
    }
}

/// A resource as the R4B type of fhir-sdk. `TryFrom` of theirs leads on to the type itself, such as `Patient`.
///
/// # Errors
/// [`Error::Refused`] when their type does not take it.
pub fn to_r4b(resource: &Resource) -> Result<Converted<r4b::Resource>, Error> {
    let value: r4b::Resource = serde_json::from_str(&resource.to_json()).map_err(|_| refused(resource))?;
    let lost = losses(resource, &from_r4b(&value)?);
    Ok(Converted { value, lost })
}

/// An R4B type of fhir-sdk as a resource: all that it holds.
///
/// # Errors
/// [`Error::Unwritable`] when it cannot be written as JSON.
pub fn from_r4b(resource: &r4b::Resource) -> Result<Resource, Error> {
    let text = serde_json::to_vec(resource).map_err(|_| Error::Unwritable)?;
    Ok(Resource::parse(&text)?)
}

/// Their error quotes values; the validator's does not.
fn refused(resource: &Resource) -> Error {
    let found = validate(resource).into_iter().flat_map(|issue| issue.expression);
    let mut paths: Vec<String> = found.take(MOST_PATHS).collect();
    without_value(resource.value(), resource.resource_type(), &mut paths);
    Error::Refused { resource_type: resource.resource_type().to_owned(), paths }
}

/// Primitives that have extensions and no value, until there are enough paths. FHIR allows them where an element is
/// required; their types do not.
fn without_value(value: &Value, path: &str, paths: &mut Vec<String>) {
    // Each lookup by name walks the members, of which there may be very many.
    let names: HashSet<&str> = value.members().map(|(name, _)| name).collect();
    for (name, member) in value.members() {
        if paths.len() >= MOST_PATHS {
            return;
        }
        match name.strip_prefix('_') {
            Some(element) if !names.contains(element) => paths.push(format!("{path}.{}", shown(element))),
            _ => without_value(member, &format!("{path}.{}", shown(name)), paths),
        }
    }
    for (index, item) in value.items().iter().enumerate() {
        without_value(item, &format!("{path}[{index}]"), paths);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn found(value: &Value) -> Vec<String> {
        let mut paths = Vec::new();
        without_value(value, "Basic", &mut paths);
        paths
    }

    #[test]
    fn extensions_without_a_value_are_named() {
        let text = r#"{"a":1,"_a":{"id":"x"},"b":[{"_c":{"id":"x"}}],"_123456789":{"id":"x"}}"#;
        assert_eq!(found(&Value::parse(text.as_bytes()).unwrap()), ["Basic.b[0].c", "Basic.?"]);
    }

    #[test]
    fn very_many_members_are_read_once() {
        let many = |member: fn(usize) -> String| {
            let members: Vec<_> = (0..100_000).map(member).collect();
            Value::parse(format!("{{{}}}", members.join(",")).as_bytes()).unwrap()
        };
        let with_values = many(|n| format!(r#""u{n}":1,"_u{n}":{{"id":"x"}}"#));
        let without_values = many(|n| format!(r#""_u{n}":{{"id":"x"}}"#));
        let start = Instant::now();
        assert_eq!(found(&with_values).len(), 0);
        assert_eq!(found(&without_values).len(), MOST_PATHS);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }
}
