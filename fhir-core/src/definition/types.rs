//! Types, elements and constraints.

use super::elements::Elements;
use crate::json::NameId;

/// The number of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TypeId(pub(super) u16);

impl TypeId {
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ValueSetId(pub(super) u16);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TargetsId(pub(super) u16);

/// The number of a constraint, which is its place among [`super::Definitions::constraints`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConstraintId(pub(super) u16);

impl ConstraintId {
    /// The number.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a type is in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeKind {
    /// A scalar.
    Primitive(Primitive),
    /// An object without `resourceType`: a datatype, a profile of one, or a part of something.
    Complex,
    /// An object with `resourceType`.
    Resource,
    /// Any resource.
    AnyResource,
}

/// What the engine does with an object beside looking at its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing.
    Plain,
    /// Its URL is looked at.
    Extension,
    /// Its target is looked at.
    Reference,
    /// Its codes are looked at.
    Coded,
}

impl Role {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "Extension" => Self::Extension,
            "Reference" => Self::Reference,
            "CodeableConcept" | "Coding" => Self::Coded,
            _ => Self::Plain,
        }
    }
}

/// The primitive types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Primitive {
    Base64Binary,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Markdown,
    Oid,
    PositiveInt,
    String,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
}

impl Primitive {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "base64Binary" => Self::Base64Binary,
            "boolean" => Self::Boolean,
            "canonical" => Self::Canonical,
            "code" => Self::Code,
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "decimal" => Self::Decimal,
            "id" => Self::Id,
            "instant" => Self::Instant,
            "integer" => Self::Integer,
            "markdown" => Self::Markdown,
            "oid" => Self::Oid,
            "positiveInt" => Self::PositiveInt,
            "string" => Self::String,
            "time" => Self::Time,
            "unsignedInt" => Self::UnsignedInt,
            "uri" => Self::Uri,
            "url" => Self::Url,
            "uuid" => Self::Uuid,
            "xhtml" => Self::Xhtml,
            _ => return None,
        })
    }
}

/// A type: its own elements and those of its bases.
#[derive(Debug)]
pub(crate) struct TypeDef {
    /// The name, or the path of a part: `Patient`, `Patient.contact`.
    pub(crate) name: &'static str,
    /// What it is in JSON.
    pub(crate) kind: TypeKind,
    /// What is special about it.
    pub(crate) role: Role,
    /// The slots that must be filled, one bit each.
    pub(crate) required: u64,
    /// The constraints on the type itself, its bases' first.
    pub(crate) constraints: Box<[ConstraintId]>,
    /// Those of them that are evaluated when all members were looked at.
    pub(crate) evaluated: Box<[ConstraintId]>,
    pub(super) slots: Box<[&'static str]>,
    pub(super) elements: Elements,
    pub(super) on_elements: Box<[(NameId, ConstraintId)]>,
}

impl TypeDef {
    /// The element that is called `name` in JSON.
    #[inline]
    pub(crate) fn element(&self, name: NameId) -> Option<&ElementDef> {
        self.elements.get(name)
    }

    /// All elements, with their names.
    pub(crate) fn all(&self) -> &[(NameId, ElementDef)] {
        self.elements.all()
    }

    /// The name of a slot as the definitions have it: `deceased[x]`.
    pub(crate) fn slot(&self, slot: u32) -> &'static str {
        self.slots.get(slot as usize).copied().unwrap_or_default()
    }

    /// The constraints on one of the elements.
    pub(crate) fn constraints_on(&self, name: NameId) -> impl Iterator<Item = ConstraintId> {
        self.on_elements.iter().filter(move |(on, _)| *on == name).map(|(_, id)| *id)
    }
}

/// An element as JSON has it: each type of a choice is one of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ElementDef {
    /// Its place among the elements of the type; the types of a choice share one. Below 64.
    pub(crate) slot: u8,
    pub(super) traits: u8,
    /// Its type, when that is a primitive.
    pub(crate) primitive: Option<Primitive>,
    pub(super) type_id: TypeId,
    pub(super) value_set: Option<ValueSetId>,
    pub(super) targets: Option<TargetsId>,
}

impl ElementDef {
    pub(super) const LIST: u8 = 1;
    pub(super) const FORBIDDEN: u8 = 2;
    pub(super) const CHOICE: u8 = 4;
    pub(super) const CONSTRAINED: u8 = 8;

    /// Whether it repeats, and so is an array.
    pub(crate) fn is_list(&self) -> bool {
        self.traits & Self::LIST != 0
    }

    /// Whether a profile takes it away.
    pub(crate) fn is_forbidden(&self) -> bool {
        self.traits & Self::FORBIDDEN != 0
    }

    /// Whether it is one of the types of a `value[x]`.
    pub(crate) fn is_choice(&self) -> bool {
        self.traits & Self::CHOICE != 0
    }

    /// Whether the type has constraints on this element, see [`TypeDef::constraints_on`].
    pub(crate) fn is_constrained(&self) -> bool {
        self.traits & Self::CONSTRAINED != 0
    }

    /// Its slot as a bit.
    pub(crate) fn bit(&self) -> u64 {
        1 << (self.slot & 63)
    }
}

/// A rule in FHIRPath.
#[derive(Debug)]
pub(crate) struct Constraint {
    /// The type that declares it.
    pub(crate) on: &'static str,
    /// `pat-1`; unique with the type.
    pub(crate) key: &'static str,
    /// Whether breaking it is only worth a warning.
    pub(crate) is_warning: bool,
    /// What it says, for people.
    pub(crate) human: &'static str,
    /// What it says, in FHIRPath.
    pub(crate) expression: &'static str,
}

impl Constraint {
    /// The keys of those that the walk through a resource decides, which says where exactly they are broken.
    pub(crate) const BY_WALK: &[&str] = &["ele-1", "dom-2", "dom-3", "dom-4", "dom-5", "ref-1", "sqty-1"];
}
