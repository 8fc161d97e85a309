//! What a struct says of itself, for tests that hold it against the definitions.

use super::{Date, DateTime, Decimal, Instant, PrimitiveExtension, Time};
use crate::Resource;

/// The shape of a field.
pub(crate) enum Description {
    Leaf,
    Object(&'static str, fn() -> Vec<(&'static str, Description)>),
    List(Box<Description>),
    Choice(Vec<(&'static str, Description)>),
}

pub(crate) trait Described {
    fn describe() -> Description;
}

impl<T: Described> Described for Option<T> {
    fn describe() -> Description {
        T::describe()
    }
}

impl<T: Described> Described for Box<T> {
    fn describe() -> Description {
        T::describe()
    }
}

impl<T: Described> Described for Vec<T> {
    fn describe() -> Description {
        Description::List(Box::new(T::describe()))
    }
}

impl Described for String {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for bool {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for i32 {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for u32 {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for Date {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for DateTime {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for Decimal {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for Instant {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for Time {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for PrimitiveExtension {
    fn describe() -> Description {
        Description::Leaf
    }
}

impl Described for Resource {
    fn describe() -> Description {
        Description::Leaf
    }
}
