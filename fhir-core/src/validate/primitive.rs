//! The formats of the primitive types, as R4 writes them.

use crate::definition::Primitive;
use crate::json::JsonNode;
use crate::primitive::rule;
use crate::{DateParts, Kind, TimeParts};

/// What a value is as one of a primitive type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is one.
    Good,
    /// It is one that R4 says should not be: white space only, or with control characters.
    Poor,
    /// It is of another JSON type.
    OtherKind,
    /// Its text is not one of the type.
    Malformed,
}

pub(super) fn fit<'a>(primitive: Primitive, value: impl JsonNode<'a>) -> Fit {
    let (text, kind) = match value.kind() {
        Kind::String => (value.as_str(), Kind::String),
        Kind::Number => (value.as_number(), Kind::Number),
        kind => (None, kind),
    };
    match (kind_of(primitive) == kind, text) {
        (false, _) => Fit::OtherKind,
        (true, Some(text)) if matches!(primitive, Primitive::String | Primitive::Markdown) => {
            of_text(primitive, text)
        }
        (true, Some(text)) if !is_well_formed(primitive, text) => Fit::Malformed,
        (true, _) => Fit::Good,
    }
}

fn kind_of(primitive: Primitive) -> Kind {
    match primitive {
        Primitive::Boolean => Kind::Bool,
        Primitive::Decimal | Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => {
            Kind::Number
        }
        _ => Kind::String,
    }
}

fn is_well_formed(primitive: Primitive, text: &str) -> bool {
    match primitive {
        // A number of JSON is a decimal of FHIR, and `true` and `false` are their own format.
        Primitive::Boolean | Primitive::Decimal => true,
        Primitive::Integer => integer(text).is_some(),
        Primitive::PositiveInt => integer(text).is_some_and(|number| number > 0),
        Primitive::UnsignedInt => integer(text).is_some_and(|number| number >= 0 && !text.starts_with('-')),
        // See `of_text`; the markup of XHTML is checked by txt-1.
        Primitive::String | Primitive::Markdown | Primitive::Xhtml => true,
        Primitive::Code => rule::is_code(text),
        Primitive::Id => rule::is_id(text),
        Primitive::Uri | Primitive::Url | Primitive::Canonical => rule::is_uri(text),
        Primitive::Oid => text.starts_with("urn:oid:") && rule::is_uri(text),
        Primitive::Uuid => is_uuid_urn(text),
        Primitive::Base64Binary => rule::is_base64(text),
        Primitive::Instant => DateParts::parse(text).is_some_and(|parts| parts.time.is_some()),
        Primitive::DateTime => DateParts::parse(text).is_some(),
        Primitive::Date => DateParts::parse(text).is_some_and(|parts| parts.time.is_none()),
        Primitive::Time => TimeParts::parse(text).is_some(),
    }
}

/// `[ \r\n\t\S]+`, of which R4 says that it SHOULD have more than white space, and no control characters. In markdown those
/// SHALL NOT be.
fn of_text(primitive: Primitive, text: &str) -> Fit {
    if rule::is_string(text) {
        return Fit::Good;
    }
    let refused = match primitive {
        Primitive::Markdown => text.contains(|c: char| c.is_ascii_control() && !"\t\r\n".contains(c)),
        _ => text.contains(['\u{b}', '\u{c}']),
    };
    if text.is_empty() || refused { Fit::Malformed } else { Fit::Poor }
}

/// `-?([0]|([1-9][0-9]*))` within 32 bits. The text is a number of JSON, so only a fraction or an exponent can be wrong.
fn integer(text: &str) -> Option<i32> {
    text.parse().ok()
}

/// `urn:uuid:` and a UUID in lower case.
fn is_uuid_urn(text: &str) -> bool {
    let uuid = text.strip_prefix("urn:uuid:");
    uuid.is_some_and(|uuid| rule::is_uuid(uuid) && !uuid.bytes().any(|byte| byte.is_ascii_uppercase()))
}
