//! Units of UCUM: what they mean and exact conversion between them.
//!
//! ```
//! use carewire_fhir_core::{Decimal, Rounding, ucum};
//! let decimal = |text: &str| Decimal::parse(text);
//! assert_eq!(ucum::convert(&decimal("7.2")?, "g/dL", "g/L")?.as_str(), "72");
//! assert_eq!(ucum::convert(&decimal("98.6")?, "[degF]", "Cel")?.as_str(), "37");
//! assert_eq!(ucum::convert(&decimal("5")?, "mg", "mL"), Err(ucum::UcumError::DifferentDimension));
//! assert_eq!(ucum::convert(&decimal("1")?, "kg", "[lb_av]"), Err(ucum::UcumError::Inexact));
//! let pounds = ucum::convert_rounded(&decimal("70")?, "kg", "[lb_av]", 2, Rounding::HalfUp)?;
//! assert_eq!(pounds.as_str(), "154.32");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Known are the units of FHIR's list of common UCUM units and what they are made of; `definitions/ucum.txt` is the
//! table. Annotations mean nothing (UCUM §6). Where UCUM has no conversion there is none: between arbitrary units
//! (§24-25), from a logarithmic scale to a ratio, between a mass and an amount of substance.

mod error;
mod parse;
mod rational;
mod table;
mod unit;

pub use error::UcumError;
pub use rational::Rational;
pub use unit::Unit;

use crate::{Decimal, Rounding};

/// The value in another unit, exactly. The digits are those that the value needs: `1.50 kg` is `1500 g`.
///
/// # Errors
/// [`UcumError`]: a unit is not known, they are of different dimensions or not convertible, the value has no end in
/// decimal digits or needs too many.
pub fn convert(value: &Decimal, from: &str, to: &str) -> Result<Decimal, UcumError> {
    if from == to {
        return Unit::parse(from).map(|_| value.clone());
    }
    converted(value, from, to)?.to_decimal()
}

/// The value in another unit with `scale` digits after the point.
///
/// # Errors
/// As [`convert`], but for [`UcumError::Inexact`].
pub fn convert_rounded(
    value: &Decimal,
    from: &str,
    to: &str,
    scale: u32,
    rounding: Rounding,
) -> Result<Decimal, UcumError> {
    converted(value, from, to)?.rounded(scale, rounding)
}

/// A quantity in base units, for comparing and indexing: quantities of the same unit are comparable by their values.
///
/// ```
/// use carewire_fhir_core::{Decimal, ucum};
/// let (a, b) = (Decimal::parse("5.0")?, Decimal::parse("500")?);
/// let (a, b) = (ucum::base_quantity(&a, "g/L")?, ucum::base_quantity(&b, "mg/dL")?);
/// assert_eq!(a, b);
/// assert_eq!(a.unit, "g.m-3");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BaseQuantity {
    /// The value.
    pub value: Rational,
    /// The unit, made of base units and of those that cannot be taken apart; `1` when there is none.
    pub unit: String,
}

impl std::fmt::Debug for BaseQuantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BaseQuantity(.. {})", self.unit)
    }
}

/// The quantity in base units.
///
/// # Errors
/// [`UcumError::UnknownUnit`], [`UcumError::Syntax`], [`UcumError::NotARatio`], [`UcumError::Overflow`]
pub fn base_quantity(value: &Decimal, unit: &str) -> Result<BaseQuantity, UcumError> {
    let unit = Unit::parse(unit)?;
    Ok(BaseQuantity { value: unit.to_base(Rational::of(value)?)?, unit: unit.dimension() })
}

fn converted(value: &Decimal, from: &str, to: &str) -> Result<Rational, UcumError> {
    let (from, to) = (Unit::parse(from)?, Unit::parse(to)?);
    if !from.is_commensurable(&to) {
        return Err(UcumError::DifferentDimension);
    }
    to.out_of_base(from.to_base(Rational::of(value)?)?)
}

#[cfg(test)]
mod tests;
