//! Segments with their fields and datatypes with their components.

use std::borrow::Cow;
use std::fmt;

use super::Text;

/// Whether a field or component must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Optionality {
    /// `R`.
    Required,
    /// `O`.
    Optional,
    /// `C`: it depends on other values. The condition is in the text of the standard and not in the dictionary.
    Conditional,
    /// `B`: kept for older versions.
    Backward,
    /// `W`: withdrawn, and no longer defined.
    Withdrawn,
    /// `X`: not supported with this trigger event.
    NotSupported,
    /// The sources do not say.
    Unspecified,
}

impl Optionality {
    /// The letter of the standard; empty where it is unspecified.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "R",
            Self::Optional => "O",
            Self::Conditional => "C",
            Self::Backward => "B",
            Self::Withdrawn => "W",
            Self::NotSupported => "X",
            Self::Unspecified => "",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "R" => Self::Required,
            "O" => Self::Optional,
            "C" => Self::Conditional,
            "B" => Self::Backward,
            "W" => Self::Withdrawn,
            "X" => Self::NotSupported,
            "U" => Self::Unspecified,
            _ => return None,
        })
    }
}

/// How often something may occur: at least, and at most where there is a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cardinality {
    /// At least so often.
    pub min: u32,
    /// At most so often; `None` is without limit.
    pub max: Option<u32>,
}

impl Cardinality {
    /// Exactly once.
    pub const ONE: Self = Self { min: 1, max: Some(1) };

    /// Whether it may occur more than once.
    #[must_use]
    pub fn repeats(self) -> bool {
        self.max.is_none_or(|max| max > 1)
    }

    /// Whether so many are allowed.
    #[must_use]
    pub fn allows(self, count: usize) -> bool {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }
}

impl fmt::Display for Cardinality {
    /// `0..1`, `1..*`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.max {
            Some(max) => write!(f, "{}..{max}", self.min),
            None => write!(f, "{}..*", self.min),
        }
    }
}

/// A segment of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentDefinition {
    pub(super) name: Text,
    pub(super) title: Text,
    pub(super) fields: Vec<FieldDefinition>,
}

impl SegmentDefinition {
    /// Its three letters, such as `PID`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is called, such as `Patient Identification`.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its fields in order. The first is field 1; withdrawn fields keep their place.
    #[must_use]
    pub fn fields(&self) -> &[FieldDefinition] {
        &self.fields
    }

    /// The field with this number, from 1.
    #[must_use]
    pub fn field(&self, number: usize) -> Option<&FieldDefinition> {
        self.fields.get(number.checked_sub(1)?)
    }
}

/// A datatype of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatatypeDefinition {
    pub(super) name: Text,
    pub(super) title: Text,
    pub(super) components: Vec<ComponentDefinition>,
}

impl DatatypeDefinition {
    /// Its code, such as `CX`; `varies` where another field names the type.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is called; empty where the sources have no name.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its components in order. The first is component 1. A primitive type has none.
    #[must_use]
    pub fn components(&self) -> &[ComponentDefinition] {
        &self.components
    }

    /// The component with this number, from 1.
    #[must_use]
    pub fn component(&self, number: usize) -> Option<&ComponentDefinition> {
        self.components.get(number.checked_sub(1)?)
    }

    /// Whether it has no components.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        self.components.is_empty()
    }
}

/// A component of a datatype: the same facts as of a field; it never repeats.
pub type ComponentDefinition = FieldDefinition;

/// A field of a segment, or a component of a datatype.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDefinition {
    pub(super) name: Text,
    pub(super) datatype: Text,
    pub(super) usage: Optionality,
    pub(super) cardinality: Cardinality,
    pub(super) length: Option<u32>,
    pub(super) table: Option<Text>,
}

impl FieldDefinition {
    /// What it is called, in the words of the standard: `Patient Identifier List`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The code of its datatype; empty when it was withdrawn.
    #[must_use]
    pub fn datatype(&self) -> &str {
        &self.datatype
    }

    /// Whether it must be there.
    #[must_use]
    pub fn usage(&self) -> Optionality {
        self.usage
    }

    /// How often it may be there; a withdrawn one `0..0`.
    #[must_use]
    pub fn cardinality(&self) -> Cardinality {
        self.cardinality
    }

    /// The most characters that it may have, where the version has such a limit and the sources know it.
    ///
    /// From 2.7 on few fields have one. Whether it is normative, and conformance lengths, are not in the dictionary.
    #[must_use]
    pub fn length(&self) -> Option<u32> {
        self.length
    }

    /// The table that its codes are from, such as `0001`.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        self.table.as_deref()
    }

    /// Whether this version no longer defines it.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.usage == Optionality::Withdrawn
    }
}

pub(super) fn text(text: &'static str) -> Text {
    Cow::Borrowed(text)
}
