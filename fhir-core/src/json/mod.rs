//! A JSON tree that loses nothing: numbers keep their text, members their order, unknown members stay.
//!
//! ```
//! use carewire_fhir_core::Value;
//! let text = r#"{"resourceType":"Observation","valueQuantity":{"value":0.50},"_status":{"id":"x"}}"#;
//! let value = Value::parse(text.as_bytes())?;
//! assert_eq!(value.get("valueQuantity").and_then(|q| q.get("value")).and_then(Value::as_number), Some("0.50"));
//! assert_eq!(value.to_json(), text);
//! # Ok::<(), carewire_fhir_core::ParseError>(())
//! ```
//!
//! # How it is laid out, and why
//!
//! A value takes 24 bytes, a member 40. A member's name is the number of an element of R4, or else its text. Strings of
//! up to 24 bytes and numbers of up to 15 stand in the value itself. Items and members are lists of exactly their size,
//! shared between clones until one of them changes, so that a clone of a whole tree costs as much as one of a number,
//! and a change copies the lists from the root down to its place.
//!
//! A tape (one list of nodes, one buffer of text) reads three times as fast, but a change to it moves all that follows,
//! and `&Value` could not stand for a part of it. Reference-counted lists cost a few per cent of reading over lists
//! with one owner, and repay them with the first clone. Keeping one copy of equal strings gained nothing.

mod edit;
mod error;
mod name;
mod node;
mod parse;
mod scan;
mod shared;
mod tape;
mod tree;
pub(crate) mod write;

use compact_str::CompactString;
use ecow::EcoString;
use shared::Shared;

pub use error::{ParseError, ParseReason};
pub(crate) use name::Name;
pub use name::{NameId, NameRef};
pub use node::JsonNode;
pub use parse::Limits;
pub use tape::{Tape, TapeNode};
pub use write::string as write_string;

/// One JSON value. Numbers are kept as text; an object keeps the order of its members.
///
/// Two objects are equal when their members are, whatever their order; two numbers when their texts are
/// (`0.50` differs from `0.5`). `Debug` shows the kind and the size, never the content. A clone shares its parts with
/// the original until one of them changes.
#[derive(Clone, Default)]
pub struct Value(Repr);

#[derive(Clone, Default)]
enum Repr {
    #[default]
    Null,
    Bool(bool),
    Number(EcoString),
    String(CompactString),
    Array(Shared<Value>),
    Object(Shared<(Name, Value)>),
}

/// What a [`Value`] is. JSON has these six and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the kinds of JSON values will not grow")]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// a number
    Number,
    /// a string
    String,
    /// an array
    Array,
    /// an object
    Object,
}

impl Value {
    /// Reads a JSON text with the default [`Limits`]. A byte order mark is skipped.
    ///
    /// # Errors
    /// [`ParseError`] when the text is not one JSON value, repeats a member name or exceeds a limit.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        tree::read(bytes, &Limits::default())
    }

    /// Reads a JSON text with limits of one's own.
    ///
    /// # Errors
    /// As [`Value::parse`].
    pub fn parse_with(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        tree::read(bytes, limits)
    }

    /// What this value is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Repr::Null => Kind::Null,
            Repr::Bool(_) => Kind::Bool,
            Repr::Number(_) => Kind::Number,
            Repr::String(_) => Kind::String,
            Repr::Array(_) => Kind::Array,
            Repr::Object(_) => Kind::Object,
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::String(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The truth of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.0 {
            Repr::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The text of a number, as it was written.
    #[must_use]
    pub fn as_number(&self) -> Option<&str> {
        match &self.0 {
            Repr::Number(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// A number that is written as an integer and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.parse().ok()
    }

    /// The member of an object by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let at = self.position(name)?;
        self.raw_members().get(at).map(|(_, value)| value)
    }

    /// The member of an object by its name, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        let at = self.position(name)?;
        self.raw_members_mut().get_mut(at).map(|(_, value)| value)
    }

    /// The text of the member `name`, when it is a string.
    #[must_use]
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The items of the member `name`, when it is an array; otherwise none.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Self] {
        self.get(name).map_or(&[], Self::items)
    }

    /// The items of an array; none for any other value.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.0 {
            Repr::Array(items) => items,
            _ => &[],
        }
    }

    /// The items of an array, to change them; none for any other value.
    pub fn items_mut(&mut self) -> &mut [Self] {
        match &mut self.0 {
            Repr::Array(items) => items.as_mut_slice(),
            _ => &mut [],
        }
    }

    /// The members of an object in their order; none for any other value.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.named_members().map(|(name, value)| (name.as_str(), value))
    }

    /// The members of an object in their order, to change their values.
    pub fn members_mut(&mut self) -> impl Iterator<Item = (&str, &mut Self)> {
        self.raw_members_mut().iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    /// How many items or members there are; 0 for a scalar.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Array(items) => items.len(),
            Repr::Object(members) => members.len(),
            _ => 0,
        }
    }

    /// Whether there is neither item nor member; true for a scalar.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Compact JSON: members in their order, numbers as they were written.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(write::capacity(self));
        self.write_json(&mut out);
        out
    }

    /// Appends compact JSON to `out`.
    pub fn write_json(&self, out: &mut String) {
        write::compact(self, out);
    }

    /// JSON for people: two spaces a level.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::new();
        write::pretty(self, 0, &mut out);
        out
    }

    /// The members of an object with their names as numbers where R4 knows them.
    pub(crate) fn named_members(&self) -> impl Iterator<Item = (&Name, &Self)> {
        self.raw_members().iter().map(|(name, value)| (name, value))
    }

    /// The member of an object by the number of its name; never the underscored sibling.
    pub(crate) fn get_id(&self, id: NameId) -> Option<&Self> {
        self.named_members().find_map(|(name, value)| (name.id() == Some((id, false))).then_some(value))
    }

    /// The place of a member among the members.
    fn position(&self, name: &str) -> Option<usize> {
        let members = self.raw_members();
        match Name::known(name) {
            Some(known) => members.iter().position(|(member, _)| *member == known),
            None => members.iter().position(|(member, _)| member.id().is_none() && member.as_str() == name),
        }
    }

    fn raw_members(&self) -> &[(Name, Self)] {
        match &self.0 {
            Repr::Object(members) => members,
            _ => &[],
        }
    }

    fn raw_members_mut(&mut self) -> &mut [(Name, Self)] {
        match &mut self.0 {
            Repr::Object(members) => members.as_mut_slice(),
            _ => &mut [],
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Null, Repr::Null) => true,
            (Repr::Bool(a), Repr::Bool(b)) => a == b,
            (Repr::Number(a), Repr::Number(b)) => a == b,
            (Repr::String(a), Repr::String(b)) => a == b,
            (Repr::Array(a), Repr::Array(b)) => a.is_same(b) || **a == **b,
            (Repr::Object(a), Repr::Object(b)) => a.is_same(b) || same_members(a, b),
            _ => false,
        }
    }
}

impl Eq for Value {}

/// Members are usually in one order: only when they are not are they sorted.
fn same_members(a: &[(Name, Value)], b: &[(Name, Value)]) -> bool {
    let in_order = || a.iter().map(|(name, _)| name).eq(b.iter().map(|(name, _)| name));
    let sorted = |members| {
        let mut sorted: Vec<&(Name, Value)> = Vec::from_iter(members);
        sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
        sorted
    };
    a.len() == b.len() && if in_order() { a == b } else { sorted(a) == sorted(b) }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind() {
            kind @ (Kind::Array | Kind::Object) => write!(f, "{kind:?}({})", self.len()),
            kind => write!(f, "{kind:?}"),
        }
    }
}

#[cfg(test)]
mod tests;
