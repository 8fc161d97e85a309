//! Primitive values that are kept as they were written.

mod bytes;
mod date;
mod decimal;
mod interval;
pub(crate) mod rule;

pub use date::{Date, DateParts, DateTime, Instant, Precision, Time, TimeParts, Zone};
pub(crate) use decimal::Literal;
pub use decimal::{Decimal, DecimalError, Number, Rounding};
pub(crate) use decimal::{Scaled, power_of_ten};
pub use interval::Interval;

/// A text is not a value of a primitive type. The text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}")]
pub struct InvalidPrimitive {
    what: &'static str,
}

impl InvalidPrimitive {
    pub(crate) fn of(what: &'static str) -> Self {
        Self { what }
    }

    /// The name of the type that the text is not of.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.what
    }
}
