//! Reading a JSON value, whatever it is kept in.

use super::name::NameRef;
use super::{Kind, NameId, Value, write};

/// One JSON value of a [`Value`] or of a [`Tape`](super::Tape), to be read.
///
/// ```
/// use carewire_fhir_core::Value;
/// use carewire_fhir_core::json::{JsonNode, Limits, NameId, Tape};
/// const STATUS: NameId = NameId::element("status");
/// fn status<'a>(resource: impl JsonNode<'a>) -> Option<&'a str> {
///     resource.text(STATUS)
/// }
/// let text = br#"{"resourceType":"Observation","status":"final"}"#;
/// assert_eq!(status(&Value::parse(text)?), Some("final"));
/// assert_eq!(status(Tape::parse(text, &Limits::default())?.root()), Some("final"));
/// # Ok::<(), carewire_fhir_core::ParseError>(())
/// ```
pub trait JsonNode<'a>: Copy {
    /// What it is.
    fn kind(self) -> Kind;

    /// The text of a string.
    fn as_str(self) -> Option<&'a str>;

    /// The truth of a boolean.
    fn as_bool(self) -> Option<bool>;

    /// The text of a number, as it was written.
    fn as_number(self) -> Option<&'a str>;

    /// How many items or members there are; 0 for a scalar.
    fn len(self) -> usize;

    /// The items of an array; none for any other value.
    fn items(self) -> impl Iterator<Item = Self>;

    /// The members of an object in their order; none for any other value.
    fn members(self) -> impl Iterator<Item = (NameRef<'a>, Self)>;

    /// Whether both are one value at one place.
    fn is_same(self, other: Self) -> bool;

    /// Whether there is neither item nor member; true for a scalar.
    #[inline]
    fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The member of an object by the number of its name; never the underscored sibling.
    #[inline]
    fn member(self, id: NameId) -> Option<Self> {
        self.members().find_map(|(name, value)| (name.id() == Some((id, false))).then_some(value))
    }

    /// The text of a member that is a string.
    #[inline]
    fn text(self, id: NameId) -> Option<&'a str> {
        self.member(id)?.as_str()
    }

    /// A text that is the same for equal values: members in the order of their names.
    fn key(self) -> String {
        let mut out = String::new();
        write_key(self, &mut out);
        out
    }
}

fn write_key<'a>(value: impl JsonNode<'a>, out: &mut String) {
    match value.kind() {
        Kind::Object => {
            let mut members: Vec<_> = value.members().map(|(name, member)| (name.as_str(), member)).collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (name, member) in members {
                write::string(name, out);
                write_key(member, out);
            }
            out.push('}');
        }
        Kind::Array => {
            out.push('[');
            for item in value.items() {
                write_key(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Kind::String => write::string(value.as_str().unwrap_or_default(), out),
        Kind::Number => out.push_str(value.as_number().unwrap_or_default()),
        Kind::Bool => out.push_str(if value.as_bool() == Some(true) { "true" } else { "false" }),
        Kind::Null => out.push_str("null"),
    }
}

impl<'a> JsonNode<'a> for &'a Value {
    #[inline]
    fn kind(self) -> Kind {
        Value::kind(self)
    }

    #[inline]
    fn as_str(self) -> Option<&'a str> {
        Value::as_str(self)
    }

    #[inline]
    fn as_bool(self) -> Option<bool> {
        Value::as_bool(self)
    }

    #[inline]
    fn as_number(self) -> Option<&'a str> {
        Value::as_number(self)
    }

    #[inline]
    fn len(self) -> usize {
        Value::len(self)
    }

    #[inline]
    fn items(self) -> impl Iterator<Item = Self> {
        Value::items(self).iter()
    }

    #[inline]
    fn members(self) -> impl Iterator<Item = (NameRef<'a>, Self)> {
        self.named_members().map(|(name, value)| (name.into(), value))
    }

    #[inline]
    fn is_same(self, other: Self) -> bool {
        std::ptr::eq(self, other)
    }
}
