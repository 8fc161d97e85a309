//! Decimal numbers: the text as it was written, and exact arithmetic on it.

mod arithmetic;
mod compare;
mod literal;
mod precision;

pub use arithmetic::{DecimalError, Rounding};
pub(crate) use arithmetic::{Scaled, power_of_ten};
pub use compare::Number;
pub(crate) use literal::Literal;

use super::rule;
use crate::define::fhir;

fhir! {
    /// A decimal number with the digits that it was written with: `0.50` is not `0.5`.
    ///
    /// `==` compares the texts; [`Decimal::compare`] and [`Number`] compare the values.
    ///
    /// ```
    /// use carewire_fhir_core::{Decimal, Rounding};
    /// assert_eq!(Decimal::parse("0.50")?.as_str(), "0.50");
    /// assert!(Decimal::parse("+1").is_err());
    /// let price = Decimal::parse("19.90")?.times(&Decimal::from(3))?;
    /// assert_eq!(price.as_str(), "59.70");
    /// assert_eq!(price.divided_by(&Decimal::from(7), 2, Rounding::HalfEven)?.as_str(), "8.53");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    lexical Decimal = rule::is_decimal
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}
