//! What stands in a field, a repetition, a component or a subcomponent.

use std::fmt;

use crate::Timestamp;

/// A value to write: absent, null, text, notation, or parts.
///
/// Parts of a repetition are components, parts of a component are subcomponents. A single text and parts of
/// which only the first is given are the same value.
///
/// ```
/// use carewire_hl7_v2::build::Value;
///
/// let authority = Value::parts(["GEN", "1.2.3", "ISO"]);
/// let identifier = Value::from("77").with(4, authority).with(5, "MR");
/// assert_eq!(format!("{identifier:?}"), "Value(parts)");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Value(pub(super) Part);

/// The five kinds of values.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) enum Part {
    #[default]
    Absent,
    Null,
    Text(String),
    /// Text whose line ends are written as `\.br\`.
    Lines(String),
    Raw(String),
    Parts(Vec<Value>),
}

/// The most parts on one level.
pub(super) const MOST_PARTS: usize = 1_000;

impl Value {
    /// Nothing: the place stays empty.
    #[must_use]
    pub fn absent() -> Self {
        Self(Part::Absent)
    }

    /// The null `""`: the receiver shall delete what it has.
    #[must_use]
    pub fn null() -> Self {
        Self(Part::Null)
    }

    /// Text; delimiters, control characters and line ends become escape sequences. Empty text is absent.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self(if text.is_empty() { Part::Absent } else { Part::Text(text) })
    }

    /// Text of several lines, for datatypes with formatting (FT, and TX by agreement): each line end (CR, LF or
    /// CR LF) is written as `\.br\`, which reads as LF.
    #[must_use]
    pub fn lines(text: impl Into<String>) -> Self {
        let text = text.into();
        Self(if text.is_empty() { Part::Absent } else { Part::Lines(text) })
    }

    /// Notation that is written as it stands, escape sequences and the separators of the levels below included.
    #[must_use]
    pub fn raw(notation: impl Into<String>) -> Self {
        let notation = notation.into();
        Self(if notation.is_empty() { Part::Absent } else { Part::Raw(notation) })
    }

    /// Parts, from the first.
    #[must_use]
    pub fn parts(parts: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        Self(Part::Parts(parts.into_iter().map(Into::into).collect()))
    }

    /// The same with the n-th part, counted from 1, set. What stood there alone becomes the first part. A number
    /// that is 0 or above 1000 makes writing fail with [`BuildError::Number`](super::BuildError::Number).
    #[must_use]
    pub fn with(mut self, n: usize, value: impl Into<Value>) -> Self {
        self.set(n, value.into());
        self
    }

    /// Whether nothing would be written.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        match &self.0 {
            Part::Absent => true,
            Part::Parts(parts) => parts.iter().all(Self::is_absent),
            Part::Null | Part::Text(_) | Part::Lines(_) | Part::Raw(_) => false,
        }
    }

    pub(super) fn set(&mut self, n: usize, value: Value) {
        if let Some(slot) = self.part(n) {
            *slot = value;
        }
    }

    /// The n-th part, made if need be. A number out of range leads to a list that is too long to be written.
    pub(super) fn part(&mut self, n: usize) -> Option<&mut Value> {
        if !matches!(self.0, Part::Parts(_)) {
            let first = std::mem::take(self);
            self.0 = Part::Parts(if first.is_absent() { Vec::new() } else { vec![first] });
        }
        let Part::Parts(parts) = &mut self.0 else { return None };
        let index = n.checked_sub(1).unwrap_or(MOST_PARTS).min(MOST_PARTS);
        if parts.len() <= index {
            parts.resize(index + 1, Self::default());
        }
        parts.get_mut(index)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Part::Absent => "Value(absent)",
            Part::Null => "Value(null)",
            Part::Text(_) => "Value(text)",
            Part::Lines(_) => "Value(lines)",
            Part::Raw(_) => "Value(raw)",
            Part::Parts(_) => "Value(parts)",
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::text(number.to_string())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::text(number.to_string())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::text(number.to_string())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::text(number.to_string())
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::text(number.to_string())
    }
}

impl From<Timestamp> for Value {
    /// With its precision, and a zone only if it has one.
    fn from(time: Timestamp) -> Self {
        Self::text(time.to_v2())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map(Into::into).unwrap_or_default()
    }
}
