//! One form for all the ways to write the same resource, and its hash.

use sha2::{Digest, Sha256};

use crate::json::write;
use crate::{Kind, Resource, Value};

/// The SHA-256 of [`canonical_json`].
///
/// ```
/// use carewire_fhir_core::{Resource, canonical_hash};
/// let local = Resource::parse(br#"{"resourceType":"Basic","code":{"text":"a"},"contact":[]}"#)?;
/// let remote = Resource::parse(br#"{"id":"7","meta":{"versionId":"2"},"code":{"text":"a"},"resourceType":"Basic"}"#)?;
/// assert_eq!(canonical_hash(&local), canonical_hash(&remote));
/// # Ok::<(), carewire_fhir_core::ResourceError>(())
/// ```
#[must_use]
pub fn canonical_hash(resource: &Resource) -> [u8; 32] {
    Sha256::digest(canonical_json(resource)).into()
}

/// The resource in a form that is the same for all texts that mean the same: members sorted, numbers in one normal
/// form (`0.50` is `0.5`), without what servers add or drop: the resource's `id`, version, time, author, project,
/// account and compartments in `meta`, the `display` of references, and what is empty or null.
#[must_use]
pub fn canonical_json(resource: &Resource) -> String {
    let stripped = Value::object_from(resource.value().members().filter(|(name, _)| *name != "id").map(
        |(name, value)| match name {
            "meta" => (name, without_server_meta(value)),
            _ => (name, value.clone()),
        },
    ));
    let mut out = String::new();
    if !write_canonical(&stripped, &mut out) {
        out.push_str("{}");
    }
    out
}

const SERVER_META: [&str; 7] =
    ["versionId", "lastUpdated", "author", "project", "account", "accounts", "compartment"];

fn without_server_meta(meta: &Value) -> Value {
    let mut meta = meta.clone();
    meta.retain_members(|name, _| !SERVER_META.contains(&name));
    meta
}

/// Writes a value; false, and nothing written, when it is empty.
fn write_canonical(value: &Value, out: &mut String) -> bool {
    match value.kind() {
        Kind::Null => return false,
        Kind::Bool => value.write_json(out),
        Kind::Number => out.push_str(&normal_number(value.as_number().unwrap_or_default())),
        Kind::String if value.as_str() == Some("") => return false,
        Kind::String => value.write_json(out),
        Kind::Array => return write_array(value.items(), false, out),
        Kind::Object => return write_object(value, out),
    }
    true
}

fn write_object(object: &Value, out: &mut String) -> bool {
    let mut members: Vec<(&str, &Value)> = object.members().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    let start = out.len();
    for (name, value) in members.into_iter().filter(|(name, _)| !(*name == "display" && is_reference(object)))
    {
        let before = out.len();
        out.push(if before == start { '{' } else { ',' });
        write::string(name, out);
        out.push(':');
        let written = match value.kind() {
            Kind::Array => write_array(value.items(), is_positional(object, name), out),
            _ => write_canonical(value, out),
        };
        if !written {
            out.truncate(before);
        }
    }
    close(start, '}', out)
}

/// Where the places of the items matter, an empty item before another is written as `null`.
fn write_array(items: &[Value], positional: bool, out: &mut String) -> bool {
    let start = out.len();
    let mut skipped = 0;
    for item in items {
        let before = out.len();
        for _ in 0..if positional { skipped } else { 0 } {
            out.push_str(if out.len() == start { "[null" } else { ",null" });
        }
        out.push(if out.len() == start { '[' } else { ',' });
        if write_canonical(item, out) {
            skipped = 0;
        } else {
            out.truncate(before);
            skipped += 1;
        }
    }
    close(start, ']', out)
}

fn close(start: usize, bracket: char, out: &mut String) -> bool {
    let written = out.len() > start;
    if written {
        out.push(bracket);
    }
    written
}

/// Whether the items of this array correspond to those of a sibling, as `given` and `_given` do.
fn is_positional(object: &Value, name: &str) -> bool {
    name.starts_with('_') || object.get(&format!("_{name}")).is_some_and(means_something)
}

/// A Reference: it says what it refers to by text or by identifier, and has no element of another type.
fn is_reference(object: &Value) -> bool {
    const ELEMENTS: [&str; 6] = ["id", "extension", "reference", "type", "identifier", "display"];
    let refers = |(name, value): (&str, &Value)| match name {
        "reference" => value.kind() == Kind::String,
        "identifier" => value.kind() == Kind::Object,
        _ => false,
    };
    let said = || object.members().filter(|(_, value)| means_something(value));
    said().any(refers) && said().all(|(name, _)| ELEMENTS.contains(&name.trim_start_matches('_')))
}

/// Whether anything is left of a value in its canonical form.
fn means_something(value: &Value) -> bool {
    match value.kind() {
        Kind::Null => false,
        Kind::Bool | Kind::Number => true,
        Kind::String => value.as_str() != Some(""),
        Kind::Array => value.items().iter().any(means_something),
        Kind::Object => value.members().any(|(_, member)| means_something(member)),
    }
}

/// `0`, or the digits without zeros at either end and the power of ten: `-125e-1`.
fn normal_number(text: &str) -> String {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return "0".to_owned();
    }
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let Ok(power) = exponent.parse::<i64>() else { return text.to_owned() };
    match power.saturating_sub_unsigned(fraction.len() as u64).saturating_add_unsigned(zeros as u64) {
        0 => format!("{sign}{significant}"),
        power => format!("{sign}{significant}e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        canonical_json(&Resource::parse(text.as_bytes()).unwrap())
    }

    fn same(a: &str, b: &str) {
        assert_eq!(canonical(a), canonical(b));
    }

    #[test]
    fn numbers_have_one_form() {
        for (text, normal) in [
            ("0.50", "5e-1"),
            ("0.5", "5e-1"),
            ("5E-1", "5e-1"),
            ("-0.0", "0"),
            ("0e9", "0"),
            ("100", "1e2"),
            ("1e2", "1e2"),
            ("-12.5", "-125e-1"),
            ("12", "12"),
            ("1e99999999999999999999", "1e99999999999999999999"),
        ] {
            assert_eq!(normal_number(text), normal, "{text}");
        }
    }

    #[test]
    fn what_the_server_adds_is_ignored() {
        same(
            r#"{"resourceType":"Basic","meta":{"tag":[{"code":"a"}]},"active":true}"#,
            r#"{"active":true,"id":"1","meta":{"versionId":"1","lastUpdated":"2024-01-01T00:00:00Z","author":{},
                "project":"p","tag":[{"code":"a"}],"compartment":[{"reference":"Patient/1"}]},"resourceType":"Basic"}"#,
        );
        same(r#"{"resourceType":"Basic","meta":{"versionId":"1"}}"#, r#"{"resourceType":"Basic"}"#);
    }

    #[test]
    fn what_is_empty_is_ignored_and_places_are_kept_where_they_matter() {
        same(
            r#"{"resourceType":"A","a":[{},null,{"b":"","c":[[]]},{"d":1}],"e":{"f":null}}"#,
            r#"{"resourceType":"A","a":[{"d":1}]}"#,
        );
        same(
            r#"{"resourceType":"A","g":["x"],"_g":[{}, {"id":"i"}, null]}"#,
            r#"{"resourceType":"A","_g":[null,{"id":"i"}],"g":["x"]}"#,
        );
        assert_ne!(
            canonical(r#"{"resourceType":"A","g":["x"],"_g":[null,{"id":"i"}]}"#),
            canonical(r#"{"resourceType":"A","g":["x"],"_g":[{"id":"i"}]}"#)
        );
        same(r#"{"resourceType":"A","g":[null]}"#, r#"{"resourceType":"A"}"#);
    }

    #[test]
    fn only_the_display_of_references_is_ignored() {
        same(
            r#"{"resourceType":"A","s":{"reference":"Patient/1","display":"x"},"t":{"identifier":{"value":"1"},"display":"y"}}"#,
            r#"{"resourceType":"A","s":{"reference":"Patient/1"},"t":{"identifier":{"value":"1"}}}"#,
        );
        for kept in [r#""s":{"code":"1","display":"x"}"#, r#""s":{"display":"x"}"#] {
            assert!(canonical(&format!(r#"{{"resourceType":"A",{kept}}}"#)).contains("display"));
        }
    }

    #[test]
    fn what_means_something_changes_the_hash() {
        let of = |text: &str| canonical_hash(&Resource::parse(text.as_bytes()).unwrap());
        let all = [
            of(r#"{"resourceType":"A"}"#),
            of(r#"{"resourceType":"A","a":"1"}"#),
            of(r#"{"resourceType":"A","a":1}"#),
            of(r#"{"resourceType":"A","a":[1,2]}"#),
            of(r#"{"resourceType":"A","a":[2,1]}"#),
            of(r#"{"resourceType":"A","contained":[{"resourceType":"B","id":"x"}]}"#),
            of(r#"{"resourceType":"A","contained":[{"resourceType":"B"}]}"#),
        ];
        let distinct: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
