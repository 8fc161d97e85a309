//! One form for all the ways to write the same resource, and its hash.

use sha2::{Digest, Sha256};

use crate::json::write;
use crate::primitive::Literal;
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
    let mut out = String::new();
    if !write_object(resource.value(), Role::Resource, &mut out) {
        out.push_str("{}");
    }
    out
}

/// What an object is, for what is ignored in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Resource,
    Meta,
    Other,
}

impl Role {
    fn ignores(self, name: &str) -> bool {
        match self {
            Self::Resource => name == "id",
            Self::Meta => SERVER_META.contains(&name),
            Self::Other => false,
        }
    }

    fn of_member(self, name: &str) -> Self {
        if self == Self::Resource && name == "meta" { Self::Meta } else { Self::Other }
    }
}

const SERVER_META: [&str; 8] =
    ["versionId", "lastUpdated", "author", "onBehalfOf", "project", "account", "accounts", "compartment"];

/// Writes a value; false, and nothing written, when it is empty.
fn write_canonical(value: &Value, role: Role, out: &mut String) -> bool {
    match value.kind() {
        Kind::Null => return false,
        Kind::Bool => value.write_json(out),
        Kind::Number => write_number(value.as_number().unwrap_or_default(), out),
        Kind::String if value.as_str() == Some("") => return false,
        Kind::String => value.write_json(out),
        Kind::Array => return write_array(value.items(), false, out),
        Kind::Object => return write_object(value, role, out),
    }
    true
}

fn write_object(object: &Value, role: Role, out: &mut String) -> bool {
    let mut members: Vec<(&str, &Value)> = object.members().filter(|(name, _)| !role.ignores(name)).collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    let displayed = members.iter().any(|(name, _)| *name == "display") && is_reference(&members);
    let start = out.len();
    for &(name, value) in members.iter().filter(|(name, _)| !(displayed && *name == "display")) {
        let before = out.len();
        out.push(if before == start { '{' } else { ',' });
        write::string(name, out);
        out.push(':');
        let written = match value.kind() {
            Kind::Array => write_array(value.items(), is_positional(&members, name), out),
            _ => write_canonical(value, role.of_member(name), out),
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
        if write_canonical(item, Role::Other, out) {
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

/// Whether the items of this array correspond to those of a sibling, as `given` and `_given` do. The members are sorted.
fn is_positional(members: &[(&str, &Value)], name: &str) -> bool {
    let sibling = || std::iter::once(b'_').chain(name.bytes());
    let has_sibling = || {
        let at = members.binary_search_by(|(other, _)| other.bytes().cmp(sibling())).ok();
        at.and_then(|at| members.get(at)).is_some_and(|(_, value)| means_something(value))
    };
    name.starts_with('_') || has_sibling()
}

/// A Reference: it says what it refers to by text or by identifier, and has no element of another type.
fn is_reference(members: &[(&str, &Value)]) -> bool {
    const ELEMENTS: [&str; 6] = ["id", "extension", "reference", "type", "identifier", "display"];
    let refers = |(name, value): &(&str, &Value)| match *name {
        "reference" => value.kind() == Kind::String,
        "identifier" => value.kind() == Kind::Object,
        _ => false,
    };
    let said = || members.iter().filter(|(_, value)| means_something(value));
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

/// `0`, or the digits without zeros at either end and the power of ten: `-125e-1`. An exponent that is no `i64` is left
/// as it is.
fn write_number(text: &str, out: &mut String) {
    let literal = Literal::of(text);
    match literal.significant_power() {
        _ if literal.is_zero() => out.push('0'),
        None => out.push_str(text),
        Some(power) => {
            out.push_str(if literal.negative { "-" } else { "" });
            out.extend(literal.significant().map(char::from));
            if power != 0 {
                out.push('e');
                out.push_str(&power.to_string());
            }
        }
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
            let mut written = String::new();
            write_number(text, &mut written);
            assert_eq!(written, normal, "{text}");
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

    /// To look through all members for the sibling of each would take minutes here.
    #[test]
    fn an_object_of_many_arrays_is_written() {
        let members = |prefix: &str, item: &str| {
            (0..50_000).map(|n| format!(r#","{prefix}a{n}":[null,{item}]"#)).collect::<String>()
        };
        let plain = canonical(&format!(r#"{{"resourceType":"A"{}}}"#, members("", "1")));
        assert!(plain.contains(r#""a9":[1],"a90":[1]"#) && !plain.contains("null"));
        let extended =
            format!(r#"{{"resourceType":"A"{}{}}}"#, members("", "1"), members("_", r#"{"id":"i"}"#));
        let extended = canonical(&extended);
        assert!(extended.contains(r#""_a9":[null,{"id":"i"}]"#) && extended.contains(r#""a9":[null,1]"#));
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
