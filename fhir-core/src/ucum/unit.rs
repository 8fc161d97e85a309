//! What a unit means.

use std::collections::BTreeMap;

use super::parse::LARGEST_EXPONENT;
use super::{Rational, UcumError, parse, table};

/// A unit, understood. `Debug` shows its dimension.
///
/// ```
/// use carewire_fhir_core::ucum::Unit;
/// let unit = Unit::parse("10*3/uL")?;
/// assert_eq!(unit.dimension(), "m-3");
/// assert!(unit.is_commensurable(&Unit::parse("{cells}/mL")?));
/// # Ok::<(), carewire_fhir_core::ucum::UcumError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Unit {
    pub(super) factor: Rational,
    /// Powers of what cannot be taken apart: base units, arbitrary units, pi.
    pub(super) powers: BTreeMap<&'static str, i32>,
    pub(super) scale: Scale,
}

/// How a value in the unit becomes one in base units.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// Times the factor.
    Ratio,
    /// Times the prefix, something added, times the factor.
    Offset { prefix: Rational, added: Rational },
    /// Times the prefix; the function that follows is only known by its name.
    Function { prefix: Rational },
}

impl Unit {
    /// Reads an expression of case-sensitive UCUM: at most 256 characters.
    ///
    /// # Errors
    /// [`UcumError::Syntax`], [`UcumError::UnknownUnit`], [`UcumError::NotARatio`], [`UcumError::Overflow`]
    pub fn parse(code: &str) -> Result<Self, UcumError> {
        parse::unit(code, table::units())
    }

    /// Whether values can be converted between the two (UCUM §17).
    #[must_use]
    pub fn is_commensurable(&self, other: &Self) -> bool {
        let function = |unit: &Self| matches!(unit.scale, Scale::Function { .. });
        self.powers == other.powers && function(self) == function(other)
    }

    /// The dimension, as a unit made of base units: `g.m-3`; `1` when there is none. Arbitrary units, those on scales
    /// known only by name and `[pi]` stand for themselves.
    #[must_use]
    pub fn dimension(&self) -> String {
        let power = |(code, power): (&&str, &i32)| match power {
            1 => (*code).to_owned(),
            power => format!("{code}{power}"),
        };
        let powers: Vec<String> = self.powers.iter().map(power).collect();
        if powers.is_empty() { "1".to_owned() } else { powers.join(".") }
    }

    pub(super) fn one() -> Self {
        Self::number(Rational::ONE)
    }

    pub(super) fn number(factor: Rational) -> Self {
        Self { factor, powers: BTreeMap::new(), scale: Scale::Ratio }
    }

    pub(super) fn symbol(code: &'static str) -> Self {
        Self { powers: BTreeMap::from([(code, 1)]), ..Self::one() }
    }

    pub(super) fn prefixed(mut self, prefix: Rational) -> Result<Self, UcumError> {
        match &mut self.scale {
            Scale::Ratio => self.factor = self.factor.times(prefix)?,
            Scale::Offset { prefix: own, .. } | Scale::Function { prefix: own } => {
                *own = own.times(prefix)?
            }
        }
        Ok(self)
    }

    pub(super) fn power(self, exponent: i32) -> Result<Self, UcumError> {
        self.ratio()?;
        let power = |(code, power): (&&'static str, &i32)| Some((*code, power.checked_mul(exponent)?));
        let powers: Option<BTreeMap<_, _>> = self.powers.iter().map(power).collect();
        let powers = powers.ok_or(UcumError::Overflow)?;
        Self { factor: self.factor.power(exponent)?, powers, scale: Scale::Ratio }.checked()
    }

    pub(super) fn times(mut self, other: &Self) -> Result<Self, UcumError> {
        self.ratio()?;
        other.ratio()?;
        self.factor = self.factor.times(other.factor)?;
        for (code, power) in &other.powers {
            let sum = self.powers.entry(code).or_default();
            *sum = sum.checked_add(*power).ok_or(UcumError::Overflow)?;
        }
        self.checked()
    }

    pub(super) fn to_base(&self, value: Rational) -> Result<Rational, UcumError> {
        match self.scale {
            Scale::Ratio => value.times(self.factor),
            Scale::Offset { prefix, added } => value.times(prefix)?.plus(added)?.times(self.factor),
            Scale::Function { prefix } => value.times(prefix),
        }
    }

    pub(super) fn out_of_base(&self, base: Rational) -> Result<Rational, UcumError> {
        match self.scale {
            Scale::Ratio => base.divided_by(self.factor),
            Scale::Offset { prefix, added } => {
                base.divided_by(self.factor)?.plus(added.negated())?.divided_by(prefix)
            }
            Scale::Function { prefix } => base.divided_by(prefix),
        }
    }

    fn ratio(&self) -> Result<(), UcumError> {
        if self.scale == Scale::Ratio { Ok(()) } else { Err(UcumError::NotARatio) }
    }

    /// Without powers of zero, and with none that could not be written again: `L34` would be `m102`.
    fn checked(mut self) -> Result<Self, UcumError> {
        self.powers.retain(|_, power| *power != 0);
        if self.powers.values().any(|power| power.unsigned_abs() > LARGEST_EXPONENT.unsigned_abs()) {
            return Err(UcumError::Overflow);
        }
        if self.factor.is_zero() { Err(UcumError::Syntax) } else { Ok(self) }
    }
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unit({})", self.dimension())
    }
}
