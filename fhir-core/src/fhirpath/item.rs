//! What expressions work on: elements of a resource, and values that were computed.

use std::borrow::Cow;

use super::types::DataType;
use crate::json::NameId;
use crate::{Kind, Value};

const RESOURCE_TYPE: NameId = NameId::element("resourceType");

/// One item of a result. `Debug` shows the kind only.
#[derive(Clone)]
#[non_exhaustive]
pub enum Item<'a> {
    /// An element of the resource.
    Node(Node<'a>),
    /// A truth that was computed.
    Bool(bool),
    /// An integer that was computed or written in the expression.
    Integer(i64),
    /// A decimal that was computed or written in the expression, by its text.
    Decimal(Cow<'a, str>),
    /// A text that was computed or written in the expression.
    Text(Cow<'a, str>),
    /// A date or time that was written in the expression, without its `@`.
    Moment(Cow<'a, str>),
}

/// An element: its JSON value, its underscored sibling and, where the JSON tells, its type.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    pub(super) value: Option<&'a Value>,
    pub(super) sibling: Option<&'a Value>,
    pub(super) known: Known<'a>,
}

/// What is known of a node's type besides its JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known<'a> {
    Nothing,
    /// The type that the name of a choice ends with.
    Data(DataType),
    /// A resource that is not at hand, of the type that the reference names.
    Elsewhere(&'a str),
}

/// A scalar to compute with.
#[derive(Clone, Copy)]
pub(super) enum Scalar<'s> {
    Bool(bool),
    Integer(i64),
    Number(&'s str),
    Text(&'s str, TextKind),
}

/// Whether a text is a date or time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    Plain,
    Moment,
    /// An element whose type is not known.
    Either,
}

impl<'a> Item<'a> {
    /// The JSON of an element. `None` for a computed value, and for a primitive that has extensions only.
    #[must_use]
    pub fn value(&self) -> Option<&'a Value> {
        match self {
            Self::Node(node) => node.value,
            _ => None,
        }
    }

    /// The text, of an element that is a JSON string or of a computed text or moment.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Node(node) => node.value?.as_str(),
            Self::Text(text) | Self::Moment(text) => Some(text),
            _ => None,
        }
    }

    /// The truth, of an element that is a JSON boolean or of a computed one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Node(node) => node.value?.as_bool(),
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The FHIR type of an element where the JSON tells it: of a choice (`valueQuantity`: `Quantity`) and a resource.
    #[must_use]
    pub fn type_name(&self) -> Option<&'a str> {
        match self {
            Self::Node(Node { known: Known::Data(data), .. }) => Some(data.name()),
            Self::Node(node) => node.resource_type(),
            _ => None,
        }
    }

    pub(super) fn scalar(&self) -> Option<Scalar<'_>> {
        Some(match self {
            Self::Node(node) => return node.scalar(),
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Integer(value) => Scalar::Integer(*value),
            Self::Decimal(text) => Scalar::Number(text),
            Self::Text(text) => Scalar::Text(text, TextKind::Plain),
            Self::Moment(text) => Scalar::Text(text, TextKind::Moment),
        })
    }
}

impl<'a> Node<'a> {
    /// An element without an underscored sibling.
    #[must_use]
    pub fn new(value: &'a Value) -> Self {
        Self { value: Some(value), sibling: None, known: Known::Nothing }
    }

    /// A primitive by its value and its underscored sibling, either of which may be absent.
    #[must_use]
    pub fn primitive(value: Option<&'a Value>, sibling: Option<&'a Value>) -> Self {
        Self { value: value.filter(|value| !value.is_null()), sibling, known: Known::Nothing }
    }

    pub(super) fn scalar(&self) -> Option<Scalar<'a>> {
        let value = self.value?;
        Some(match value.kind() {
            Kind::Bool => Scalar::Bool(value.as_bool()?),
            Kind::Number => Scalar::Number(value.as_number()?),
            Kind::String => Scalar::Text(value.as_str()?, self.text_kind()),
            Kind::Null | Kind::Array | Kind::Object => return None,
        })
    }

    fn text_kind(&self) -> TextKind {
        match self.known {
            Known::Data(data) if data.is_moment() => TextKind::Moment,
            Known::Data(_) => TextKind::Plain,
            _ => TextKind::Either,
        }
    }

    /// The type of a resource.
    pub(super) fn resource_type(&self) -> Option<&'a str> {
        match self.known {
            Known::Elsewhere(name) => Some(name),
            _ => self.value?.get_id(RESOURCE_TYPE)?.as_str(),
        }
    }
}

impl std::fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Node(_) => "Node(..)",
            Self::Bool(_) => "Bool(..)",
            Self::Integer(_) => "Integer(..)",
            Self::Decimal(_) => "Decimal(..)",
            Self::Text(_) => "Text(..)",
            Self::Moment(_) => "Moment(..)",
        })
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("kind", &self.value.map(Value::kind)).finish_non_exhaustive()
    }
}
