//! What a reference can say, and all the references of a tree.

use crate::Value;
use crate::primitive::rule;

/// The text of a `Reference.reference`, taken apart. Relative and absolute references may name a version.
///
/// ```
/// use carewire_fhir_core::Reference;
/// assert_eq!(
///     Reference::parse("Patient/p1/_history/3"),
///     Reference::Relative { resource_type: "Patient", id: "p1", version: Some("3") },
/// );
/// assert_eq!(Reference::parse("#dev"), Reference::Contained("dev"));
/// assert_eq!(Reference::parse("https://a.example/fhir/Patient/p1").target(), Some(("Patient", "p1")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reference<'a> {
    /// `#id`: a contained resource; empty for the container itself.
    Contained(&'a str),
    /// `urn:uuid:..`, whole: another entry of the same Bundle.
    Uuid(&'a str),
    /// `Patient/p1`: on the same server.
    Relative {
        /// The type.
        resource_type: &'a str,
        /// The logical id.
        id: &'a str,
        /// The version, when one is named.
        version: Option<&'a str>,
    },
    /// A URL or URN, whole.
    Absolute(&'a str),
    /// `Patient?identifier=..`: to be found by the server.
    Conditional {
        /// The type.
        resource_type: &'a str,
        /// What follows the question mark.
        query: &'a str,
    },
    /// Something else, whole.
    Other(&'a str),
}

impl<'a> Reference<'a> {
    /// Takes a text apart. Never fails: what is not understood is [`Reference::Other`].
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        if let Some(id) = text.strip_prefix('#') {
            return Self::Contained(id);
        }
        if text.strip_prefix("urn:uuid:").is_some_and(rule::is_uuid) {
            return Self::Uuid(text);
        }
        if let Some((resource_type, query)) = text.split_once('?').filter(|(name, _)| is_type(name)) {
            return Self::Conditional { resource_type, query };
        }
        if has_scheme(text) {
            return Self::Absolute(text);
        }
        match parse_location(text) {
            Some((resource_type, id, version)) if text.starts_with(resource_type) => {
                Self::Relative { resource_type, id, version }
            }
            _ => Self::Other(text),
        }
    }

    /// The type and the id, of a relative reference or a URL that ends like one.
    #[must_use]
    pub fn target(&self) -> Option<(&'a str, &'a str)> {
        match *self {
            Self::Relative { resource_type, id, .. } => Some((resource_type, id)),
            Self::Absolute(url) => parse_location(url).map(|(resource_type, id, _)| (resource_type, id)),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Reference<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Contained(_) => "Contained(..)",
            Self::Uuid(_) => "Uuid(..)",
            Self::Relative { .. } => "Relative(..)",
            Self::Absolute(_) => "Absolute(..)",
            Self::Conditional { .. } => "Conditional(..)",
            Self::Other(_) => "Other(..)",
        })
    }
}

/// Calls `f` with the path and the text of every `reference` in the tree: in extensions, contained resources and the
/// entries of Bundles too.
///
/// ```
/// use carewire_fhir_core::{Value, visit_references};
/// let value = Value::parse(br#"{"contained":[{"subject":{"reference":"Patient/1"}}]}"#)?;
/// let mut found = Vec::new();
/// visit_references(&value, &mut |path, text| found.push(format!("{path}={text}")));
/// assert_eq!(found, ["contained[0].subject.reference=Patient/1"]);
/// # Ok::<(), carewire_fhir_core::ParseError>(())
/// ```
pub fn visit_references(value: &Value, f: &mut dyn FnMut(&str, &str)) {
    visit(value, &mut String::new(), f);
}

/// Replaces the text of every `reference` for which `f` gives another; the same references as [`visit_references`].
pub fn rewrite_references(value: &mut Value, f: &mut dyn FnMut(&str) -> Option<String>) {
    for (name, member) in value.members_mut() {
        match member.as_str().filter(|_| name == "reference").map(&mut *f) {
            Some(Some(text)) => *member = text.into(),
            Some(None) => {}
            None => rewrite_references(member, f),
        }
    }
    for item in value.items_mut() {
        rewrite_references(item, f);
    }
}

/// The type, id and version that a `Location` header or the end of a URL names.
///
/// ```
/// use carewire_fhir_core::parse_location;
/// assert_eq!(parse_location("https://a.example/fhir/R4/Patient/7"), Some(("Patient", "7", None)));
/// assert_eq!(parse_location("Patient/7/_history/2"), Some(("Patient", "7", Some("2"))));
/// assert_eq!(parse_location("https://a.example/fhir/R4"), None);
/// ```
#[must_use]
pub fn parse_location(location: &str) -> Option<(&str, &str, Option<&str>)> {
    let mut parts = location.rsplit('/');
    let last = parts.next()?;
    let before = parts.next()?;
    let (id, version) = if before == "_history" { (parts.next()?, Some(last)) } else { (last, None) };
    let resource_type = if version.is_some() { parts.next()? } else { before };
    let sound = is_type(resource_type) && rule::is_id(id) && version.is_none_or(rule::is_id);
    sound.then_some((resource_type, id, version))
}

/// The version inside an `ETag`, weak or strong.
///
/// ```
/// use carewire_fhir_core::parse_etag;
/// assert_eq!(parse_etag("W/\"3\""), Some("3"));
/// assert_eq!(parse_etag("\"3\""), Some("3"));
/// assert_eq!(parse_etag("3"), None);
/// ```
#[must_use]
pub fn parse_etag(etag: &str) -> Option<&str> {
    let etag = etag.trim();
    let quoted = etag.strip_prefix("W/").unwrap_or(etag);
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.is_empty() && !inner.contains('"')).then_some(inner)
}

fn visit(value: &Value, path: &mut String, f: &mut dyn FnMut(&str, &str)) {
    let length = path.len();
    for (name, member) in value.members() {
        path.push_str(if length > 0 { "." } else { "" });
        path.push_str(name);
        match member.as_str().filter(|_| name == "reference") {
            Some(text) => f(path, text),
            None => visit(member, path, f),
        }
        path.truncate(length);
    }
    for (index, item) in value.items().iter().enumerate() {
        path.push_str(&format!("[{index}]"));
        visit(item, path, f);
        path.truncate(length);
    }
}

fn has_scheme(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+')
    })
}

fn is_type(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let uuid = "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341";
        assert!(Reference::parse(uuid) == Reference::Uuid(uuid));
        assert!(Reference::parse("urn:uuid:x") == Reference::Absolute("urn:uuid:x"));
        assert!(Reference::parse("#") == Reference::Contained(""));
        let conditional = Reference::Conditional { resource_type: "Patient", query: "identifier=a|b" };
        assert!(Reference::parse("Patient?identifier=a|b") == conditional);
        assert!(Reference::parse("patient/1") == Reference::Other("patient/1"));
        assert!(Reference::parse("x/Patient/1") == Reference::Other("x/Patient/1"));
        assert!(Reference::parse("Patient/a b") == Reference::Other("Patient/a b"));
        assert!(Reference::parse("") == Reference::Other(""));
        assert_eq!(Reference::parse("http://a/b?c=d").target(), None);
    }

    #[test]
    fn every_reference_is_found_and_can_be_replaced() {
        let text =
            br##"{"subject":{"reference":"Patient/1"},"extension":[{"valueReference":{"reference":"#a"}}],
            "entry":[{"resource":{"performer":[{"reference":"Patient/1"},{"display":"x"}]}}]}"##;
        let mut value = Value::parse(text).unwrap();
        rewrite_references(&mut value, &mut |text| (text == "Patient/1").then(|| "Patient/2".into()));
        let mut found = Vec::new();
        visit_references(&value, &mut |path, text| found.push((path.to_owned(), text.to_owned())));
        let expected = [
            ("subject.reference", "Patient/2"),
            ("extension[0].valueReference.reference", "#a"),
            ("entry[0].resource.performer[0].reference", "Patient/2"),
        ];
        assert_eq!(found, expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
    }

    #[test]
    fn a_reference_of_another_shape_is_searched_through() {
        let value = Value::parse(br#"{"data":[{"reference":{"reference":"Patient/1"}}]}"#).unwrap();
        let mut found = 0;
        visit_references(&value, &mut |_, _| found += 1);
        assert_eq!(found, 1);
    }
}
