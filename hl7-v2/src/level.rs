//! The levels below a segment.

use crate::level::sealed::Sealed;

/// A level below a segment. [`Part`](crate::Part) is written once for all of them.
pub trait Level: Sealed + Copy + Eq {
    /// The name of the level.
    const NAME: &'static str;
    /// Whether a part of this level can hold several values, one after another.
    const REPEATS: bool;
    /// How many numbers say where in a segment a part of this level is.
    const DEPTH: usize;
}

/// The level of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field;

/// The level of repetitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repetition;

/// The level of components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Component;

/// The level of subcomponents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subcomponent;

impl Level for Field {
    const NAME: &'static str = "Field";
    const REPEATS: bool = true;
    const DEPTH: usize = 1;
}

impl Level for Repetition {
    const NAME: &'static str = "Repetition";
    const REPEATS: bool = false;
    const DEPTH: usize = 2;
}

impl Level for Component {
    const NAME: &'static str = "Component";
    const REPEATS: bool = false;
    const DEPTH: usize = 3;
}

impl Level for Subcomponent {
    const NAME: &'static str = "Subcomponent";
    const REPEATS: bool = false;
    const DEPTH: usize = 4;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Field {}
    impl Sealed for super::Repetition {}
    impl Sealed for super::Component {}
    impl Sealed for super::Subcomponent {}
}
