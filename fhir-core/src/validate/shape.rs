//! What is known of an element: derived from the structs in [`crate::types`] and [`crate::resources`].

use crate::primitive::{self, rule};
use crate::types::PrimitiveExtension;
use crate::{Kind, Resource, Value};

/// A member of an object and what is known of it.
pub(crate) type Members = &'static [(&'static str, Shape)];

/// What is known of an element.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// Nothing but that it is JSON; a resource inside is recognised.
    Any,
    /// A primitive: its JSON kind and the rule for its text.
    Primitive { kind: Kind, name: &'static str, rule: fn(&str) -> bool },
    /// A code with a required binding.
    Code(fn(&str) -> bool),
    /// An object. A function, since elements contain each other.
    Element { name: &'static str, members: fn() -> Members },
    /// An element that repeats.
    List(&'static Self),
    /// A `value[x]`: the suffixes and what they mean.
    Choice(fn() -> Members),
}

/// What describes itself.
pub(crate) trait Shaped {
    /// The description.
    const SHAPE: Shape;
}

impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: Shaped> Shaped for Box<T> {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

impl Shaped for Value {
    const SHAPE: Shape = Shape::Any;
}

impl Shaped for Resource {
    const SHAPE: Shape = Shape::Any;
}

impl Shaped for PrimitiveExtension {
    const SHAPE: Shape = Shape::Any;
}

impl Shaped for String {
    const SHAPE: Shape = Shape::Primitive { kind: Kind::String, name: "string", rule: rule::is_string };
}

impl Shaped for bool {
    const SHAPE: Shape = Shape::Primitive { kind: Kind::Bool, name: "boolean", rule: |_| true };
}

impl Shaped for i32 {
    const SHAPE: Shape =
        Shape::Primitive { kind: Kind::Number, name: "integer", rule: |text| text.parse::<Self>().is_ok() };
}

impl Shaped for u32 {
    const SHAPE: Shape = Shape::Primitive {
        kind: Kind::Number,
        name: "unsignedInt",
        rule: |text| text.parse::<i32>().is_ok_and(|number| number >= 0),
    };
}

impl Shaped for primitive::Decimal {
    const SHAPE: Shape = Shape::Primitive { kind: Kind::Number, name: "decimal", rule: rule::is_decimal };
}

impl Shaped for primitive::Date {
    const SHAPE: Shape =
        Shape::Primitive { kind: Kind::String, name: "date", rule: |text| Self::parse(text).is_ok() };
}

impl Shaped for primitive::DateTime {
    const SHAPE: Shape =
        Shape::Primitive { kind: Kind::String, name: "dateTime", rule: |text| Self::parse(text).is_ok() };
}

impl Shaped for primitive::Instant {
    const SHAPE: Shape =
        Shape::Primitive { kind: Kind::String, name: "instant", rule: |text| Self::parse(text).is_ok() };
}

impl Shaped for primitive::Time {
    const SHAPE: Shape =
        Shape::Primitive { kind: Kind::String, name: "time", rule: |text| Self::parse(text).is_ok() };
}
