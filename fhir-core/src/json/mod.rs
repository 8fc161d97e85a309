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

mod edit;
mod error;
mod parse;
pub(crate) mod write;

pub use error::{ParseError, ParseReason};
pub use parse::Limits;

/// One JSON value. Numbers are kept as text; an object keeps the order of its members.
///
/// Two objects are equal when their members are, whatever their order; two numbers when their texts are
/// (`0.50` differs from `0.5`). `Debug` shows the kind and the size, never the content.
#[derive(Clone, Default)]
pub struct Value(Repr);

#[derive(Clone, Default)]
enum Repr {
    #[default]
    Null,
    Bool(bool),
    Number(Box<str>),
    String(Box<str>),
    Array(Vec<Value>),
    Object(Vec<(Box<str>, Value)>),
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
        parse::parse(bytes, &Limits::default())
    }

    /// Reads a JSON text with limits of one's own.
    ///
    /// # Errors
    /// As [`Value::parse`].
    pub fn parse_with(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        parse::parse(bytes, limits)
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
            Repr::String(text) => Some(text),
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
            Repr::Number(text) => Some(text),
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
        self.members().find_map(|(member, value)| (member == name).then_some(value))
    }

    /// The member of an object by its name, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.members_mut().find_map(|(member, value)| (member == name).then_some(value))
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
            Repr::Array(items) => items,
            _ => &mut [],
        }
    }

    /// The members of an object in their order; none for any other value.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.raw_members().iter().map(|(name, value)| (&**name, value))
    }

    /// The members of an object in their order, to change their values.
    pub fn members_mut(&mut self) -> impl Iterator<Item = (&str, &mut Self)> {
        let members = match &mut self.0 {
            Repr::Object(members) => members.as_mut_slice(),
            _ => &mut [],
        };
        members.iter_mut().map(|(name, value)| (&**name, value))
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
        let mut out = String::new();
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

    fn raw_members(&self) -> &[(Box<str>, Self)] {
        match &self.0 {
            Repr::Object(members) => members,
            _ => &[],
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Null, Repr::Null) => true,
            (Repr::Bool(a), Repr::Bool(b)) => a == b,
            (Repr::Number(a), Repr::Number(b)) | (Repr::String(a), Repr::String(b)) => a == b,
            (Repr::Array(a), Repr::Array(b)) => a == b,
            (Repr::Object(a), Repr::Object(b)) => a.len() == b.len() && (a == b || sorted(a) == sorted(b)),
            _ => false,
        }
    }
}

impl Eq for Value {}

fn sorted(members: &[(Box<str>, Value)]) -> Vec<&(Box<str>, Value)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    sorted
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
