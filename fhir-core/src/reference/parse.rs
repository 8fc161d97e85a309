//! What a reference can say.

use crate::primitive::rule;
use crate::resource::is_type_name;
use crate::{Kind, Value};

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
    /// `urn:oid:..`, whole.
    Oid(&'a str),
    /// A URL or another URN, whole.
    Absolute(&'a str),
    /// `Patient?identifier=..`: to be found by the server.
    Conditional {
        /// The type.
        resource_type: &'a str,
        /// What follows the question mark.
        query: &'a str,
    },
    /// No text, only an identifier: found by whoever knows it.
    Logical {
        /// The type, when it is named.
        resource_type: Option<&'a str>,
        /// The identifier.
        identifier: &'a Value,
    },
    /// Something else, whole.
    Other(&'a str),
}

impl<'a> Reference<'a> {
    /// Takes a text apart. Never fails: what is not understood is [`Reference::Other`].
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        // What the first word ends with tells which kind it can be.
        let word = text.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (first, rest) = text.split_at_checked(word).unwrap_or_default();
        match rest.as_bytes() {
            [b'#', ..] if word == 0 => Self::Contained(rest.get(1..).unwrap_or_default()),
            [b'?', ..] if is_type_name(first) => {
                Self::Conditional { resource_type: first, query: rest.get(1..).unwrap_or_default() }
            }
            [b'/', ..] if is_type_name(first) && rest.get(1..).is_some_and(rule::is_id) => {
                Self::Relative { resource_type: first, id: rest.get(1..).unwrap_or_default(), version: None }
            }
            [b'/', ..] => match parse_location(text) {
                Some((resource_type, id, version)) if text.len() == length(resource_type, id, version) => {
                    Self::Relative { resource_type, id, version }
                }
                _ => Self::Other(text),
            },
            _ if text.strip_prefix("urn:uuid:").is_some_and(rule::is_uuid) => Self::Uuid(text),
            _ if text.strip_prefix("urn:oid:").is_some_and(rule::is_oid) => Self::Oid(text),
            _ if has_scheme(text) => Self::Absolute(text),
            _ => Self::Other(text),
        }
    }

    /// What an element of the type Reference refers to: by its text, or else by its identifier. `None` for an element
    /// of another type, and for one that says neither.
    #[must_use]
    pub fn of(element: &'a Value) -> Option<Self> {
        const OTHERS: [&str; 6] = ["id", "extension", "reference", "type", "identifier", "display"];
        if let Some(text) = element.str("reference") {
            return Some(Self::parse(text));
        }
        let identifier = element.get("identifier").filter(|value| value.kind() == Kind::Object)?;
        let only = element.members().all(|(name, _)| OTHERS.contains(&name.trim_start_matches('_')));
        only.then(|| Self::Logical { resource_type: element.str("type"), identifier })
    }

    /// The version that it asks for.
    #[must_use]
    pub fn version(&self) -> Option<&'a str> {
        match *self {
            Self::Relative { version, .. } => version,
            Self::Absolute(url) => parse_location(url).and_then(|(_, _, version)| version),
            _ => None,
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
            Self::Oid(_) => "Oid(..)",
            Self::Absolute(_) => "Absolute(..)",
            Self::Logical { .. } => "Logical(..)",
            Self::Conditional { .. } => "Conditional(..)",
            Self::Other(_) => "Other(..)",
        })
    }
}

/// A canonical URL taken apart: `url|version#fragment`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Canonical<'a> {
    /// The URL; empty for a fragment of the resource itself.
    pub url: &'a str,
    /// What follows `|`.
    pub version: Option<&'a str>,
    /// What follows `#`.
    pub fragment: Option<&'a str>,
}

impl<'a> Canonical<'a> {
    /// Takes a text apart; never fails.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let split = |text: &'a str, at| text.split_once(at).map_or((text, None), |(a, b)| (a, Some(b)));
        let (rest, fragment) = split(text, '#');
        let (url, version) = split(rest, '|');
        Self { url, version, fragment }
    }
}

impl std::fmt::Debug for Canonical<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Canonical(..)")
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
    let mut rest = Some(location);
    // The parts are short, and most of a URL is never looked at.
    let mut part = || {
        let text = rest?;
        let slash = text.bytes().rposition(|byte| byte == b'/');
        rest = slash.and_then(|at| text.get(..at));
        text.get(slash.map_or(0, |at| at + 1)..)
    };
    let (last, before) = (part()?, part()?);
    let (id, version) = if before == "_history" { (part()?, Some(last)) } else { (last, None) };
    let resource_type = if version.is_some() { part()? } else { before };
    let sound = is_type_name(resource_type) && rule::is_id(id) && version.is_none_or(rule::is_id);
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

/// Whether a text begins like an absolute URI.
pub(crate) fn has_scheme(text: &str) -> bool {
    let end = text.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'+'));
    end.is_some_and(|end| end > 0 && text.as_bytes().get(end) == Some(&b':'))
}

/// How long `type/id` or `type/id/_history/version` is.
fn length(resource_type: &str, id: &str, version: Option<&str>) -> usize {
    resource_type.len()
        + "/".len()
        + id.len()
        + version.map_or(0, |version| "/_history/".len() + version.len())
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
        assert!(Reference::parse("Patient/Patient/1") == Reference::Other("Patient/Patient/1"));
        assert!(Reference::parse("Patient/a b") == Reference::Other("Patient/a b"));
        assert!(Reference::parse("") == Reference::Other(""));
        assert_eq!(Reference::parse("http://a/b?c=d").target(), None);
    }

    #[test]
    fn urns_of_both_kinds_are_known() {
        assert!(Reference::parse("urn:oid:2.16.840.1") == Reference::Oid("urn:oid:2.16.840.1"));
        assert!(Reference::parse("urn:oid:x") == Reference::Absolute("urn:oid:x"));
        assert_eq!(Reference::parse("https://a/Patient/1/_history/2").version(), Some("2"));
        assert_eq!(Reference::parse("Patient/1").version(), None);
    }

    #[test]
    fn an_element_refers_by_text_or_by_identifier() {
        let of = |text: &str| Value::parse(text.as_bytes()).unwrap();
        let logical = of(r#"{"type":"Patient","identifier":{"value":"1"}}"#);
        assert!(matches!(
            Reference::of(&logical),
            Some(Reference::Logical { resource_type: Some("Patient"), .. })
        ));
        let both = of(r##"{"reference":"#a","identifier":{"value":"1"}}"##);
        assert!(Reference::of(&both) == Some(Reference::Contained("a")));
        for none in
            [r#"{"display":"x"}"#, r#"{"identifier":{},"code":"x"}"#, r#"{"identifier":[{}]}"#, "[]", "1"]
        {
            assert!(Reference::of(&of(none)).is_none(), "{none}");
        }
    }

    #[test]
    fn canonicals_have_a_version_and_a_fragment() {
        let parts = |text| {
            let canonical = Canonical::parse(text);
            (canonical.url, canonical.version, canonical.fragment)
        };
        assert_eq!(parts("http://a/b|1.0#x"), ("http://a/b", Some("1.0"), Some("x")));
        assert_eq!(parts("http://a/b#x"), ("http://a/b", None, Some("x")));
        assert_eq!(parts("#x"), ("", None, Some("x")));
        assert_eq!(parts("http://a/b|"), ("http://a/b", Some(""), None));
    }
}
