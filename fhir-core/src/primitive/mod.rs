//! Primitive values that are kept as they were written.

mod date;
pub(crate) mod rule;

pub use date::{Date, DateTime, Instant, Precision, Time};

use crate::Value;
use crate::define::fhir;
use crate::types::ToValue;

fhir! {
    /// A decimal number with the digits that it was written with: `0.50` is not `0.5`.
    ///
    /// ```
    /// use carewire_fhir_core::Decimal;
    /// assert_eq!(Decimal::parse("0.50")?.as_str(), "0.50");
    /// assert!(Decimal::parse("+1").is_err());
    /// # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
    /// ```
    lexical Decimal = rule::is_decimal
}

impl ToValue for Decimal {
    fn to_value(&self) -> Value {
        Value::number(self.as_str()).unwrap_or_default()
    }
}

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
