use crate::DecimalError;

/// A unit is not understood, or a value cannot be given in it. The unit is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UcumError {
    /// Not an expression as UCUM writes them.
    #[error("not a unit expression")]
    Syntax,
    /// A unit that is not in the table, or a prefix before a unit that takes none.
    #[error("unknown unit")]
    UnknownUnit,
    /// There is no conversion between the units.
    #[error("units of different dimensions")]
    DifferentDimension,
    /// A unit on a scale that is no ratio, such as `Cel`, multiplied or divided (UCUM §22).
    #[error("a unit that is not on a ratio scale cannot be part of a term")]
    NotARatio,
    /// The result has no end in decimal digits.
    #[error("the result is not exact in decimal digits")]
    Inexact,
    /// The exact result, or a step to it, needs too many digits.
    #[error("the exact result has too many digits")]
    Overflow,
}

impl From<DecimalError> for UcumError {
    fn from(_: DecimalError) -> Self {
        Self::Overflow
    }
}
