//! Exact arithmetic.

use super::{Decimal, Literal};

/// An operation on decimals has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// The exact result, or a step to it, needs more than 38 digits.
    #[error("the exact result has too many digits")]
    Overflow,
    /// The divisor is zero.
    #[error("division by zero")]
    DivisionByZero,
}

/// What becomes of digits that are cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rounding {
    /// To the nearest; half-way to the even digit.
    HalfEven,
    /// To the nearest; half-way away from zero.
    HalfUp,
    /// They are dropped.
    TowardZero,
}

impl Decimal {
    /// The sum, with as many digits after the point as the more precise of the two. Where these are too many and one of
    /// the two is zero, it is the other as it is written.
    ///
    /// # Errors
    /// [`DecimalError::Overflow`]
    pub fn plus(&self, other: &Self) -> Result<Self, DecimalError> {
        self.exact_sum(other).or_else(|error| match (self.is_zero(), other.is_zero()) {
            (_, true) => Ok(self.clone()),
            (true, false) => Ok(other.clone()),
            (false, false) => Err(error),
        })
    }

    fn exact_sum(&self, other: &Self) -> Result<Self, DecimalError> {
        let (a, b) = (self.scaled()?, other.scaled()?);
        let exponent = a.exponent.min(b.exponent);
        let sum = a.at(exponent).and_then(|a| a.checked_add(b.at(exponent)?));
        Scaled::checked(sum, exponent)
    }

    /// The difference, as [`Decimal::plus`].
    ///
    /// # Errors
    /// [`DecimalError::Overflow`]
    pub fn minus(&self, other: &Self) -> Result<Self, DecimalError> {
        self.plus(&other.negated())
    }

    /// The product, with all its digits.
    ///
    /// # Errors
    /// [`DecimalError::Overflow`]
    pub fn times(&self, other: &Self) -> Result<Self, DecimalError> {
        let exponent = self.literal().last_power().checked_add(other.literal().last_power());
        let exponent = exponent.ok_or(DecimalError::Overflow)?;
        if self.is_zero() || other.is_zero() {
            return Ok(Scaled { coefficient: 0, exponent }.decimal());
        }
        Scaled::checked(self.scaled()?.coefficient.checked_mul(other.scaled()?.coefficient), exponent)
    }

    /// The quotient with `scale` digits after the point.
    ///
    /// # Errors
    /// [`DecimalError::DivisionByZero`], [`DecimalError::Overflow`]
    pub fn divided_by(&self, by: &Self, scale: u32, rounding: Rounding) -> Result<Self, DecimalError> {
        let (a, b) = (self.scaled()?, by.scaled()?);
        if b.coefficient == 0 {
            return Err(DecimalError::DivisionByZero);
        }
        let shift = a.exponent.saturating_sub(b.exponent).saturating_add(i64::from(scale));
        let (up, down) = (shift.max(0), shift.min(0).saturating_neg());
        let divisor = power_of_ten(down)
            .and_then(|power| b.coefficient.unsigned_abs().checked_mul(power.unsigned_abs()));
        let quotient = match (a.at(a.exponent.saturating_sub(up)), divisor) {
            (None, _) => None,
            // More than twice the dividend: nothing is left, however it is rounded.
            (Some(_), None) => Some(0),
            (Some(dividend), Some(divisor)) => {
                let is_negative = (dividend < 0) != (b.coefficient < 0);
                rounding.quotient_of_sizes(dividend.unsigned_abs(), divisor, is_negative)
            }
        };
        Scaled::checked(quotient, -i64::from(scale))
    }

    /// The number with at most `scale` digits after the point; unchanged when it has no more.
    ///
    /// # Errors
    /// [`DecimalError::Overflow`]
    pub fn rounded(&self, scale: u32, rounding: Rounding) -> Result<Self, DecimalError> {
        if self.literal().last_power() >= -i64::from(scale) {
            return Ok(self.clone());
        }
        self.divided_by(&Self::from(1), scale, rounding)
    }

    /// The number with the other sign; zero has none.
    #[must_use]
    pub fn negated(&self) -> Self {
        let text = self.as_str();
        match text.strip_prefix('-') {
            Some(positive) => Self(positive.into()),
            None if self.is_zero() => self.clone(),
            None => Self(format!("-{text}").into()),
        }
    }

    pub(crate) fn scaled(&self) -> Result<Scaled, DecimalError> {
        Scaled::of(self.literal()).ok_or(DecimalError::Overflow)
    }
}

impl Rounding {
    /// A quotient without its fraction; `None` when it does not fit.
    pub(crate) fn quotient(self, dividend: i128, divisor: i128) -> Option<i128> {
        let is_negative = (dividend < 0) != (divisor < 0);
        self.quotient_of_sizes(dividend.unsigned_abs(), divisor.unsigned_abs(), is_negative)
    }

    /// The same from what is left of dividend and divisor without their signs.
    fn quotient_of_sizes(self, dividend: u128, divisor: u128, is_negative: bool) -> Option<i128> {
        let (quotient, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
        // Twice the rest against the divisor, without doubling what might not fit.
        let half = rest.cmp(&(divisor - rest));
        let away = match self {
            Self::HalfEven => half.is_gt() || half.is_eq() && quotient % 2 != 0,
            Self::HalfUp => half.is_ge(),
            Self::TowardZero => false,
        };
        let size = i128::try_from(quotient.checked_add(u128::from(away))?).ok()?;
        Some(if is_negative { -size } else { size })
    }
}

/// A number as an integer and a power of ten.
#[derive(Clone, Copy)]
pub(crate) struct Scaled {
    pub(crate) coefficient: i128,
    pub(crate) exponent: i64,
}

impl Scaled {
    fn of(literal: Literal<'_>) -> Option<Self> {
        let digits = literal
            .digits()
            .try_fold(0_i128, |sum, digit| sum.checked_mul(10)?.checked_add(i128::from(digit - b'0')))?;
        let coefficient = if literal.negative { -digits } else { digits };
        Some(Self { coefficient, exponent: literal.last_power() })
    }

    /// The coefficient for a smaller exponent.
    fn at(&self, exponent: i64) -> Option<i128> {
        if self.coefficient == 0 {
            return Some(0);
        }
        self.coefficient.checked_mul(power_of_ten(self.exponent.checked_sub(exponent)?)?)
    }

    fn checked(coefficient: Option<i128>, exponent: i64) -> Result<Decimal, DecimalError> {
        let coefficient = coefficient.ok_or(DecimalError::Overflow)?;
        Ok(Self { coefficient, exponent }.decimal())
    }

    /// Plain digits where that takes few zeros, otherwise with an exponent.
    pub(crate) fn decimal(&self) -> Decimal {
        let digits = self.coefficient.unsigned_abs().to_string();
        let sign = if self.coefficient < 0 { "-" } else { "" };
        let text = match usize::try_from(self.exponent.unsigned_abs()) {
            Ok(0) => format!("{sign}{digits}"),
            Ok(places @ 1..=40) if self.exponent < 0 => {
                let padded = format!("{digits:0>width$}", width = places + 1);
                let (whole, fraction) = padded.split_at_checked(padded.len() - places).unwrap_or(("0", "0"));
                format!("{sign}{whole}.{fraction}")
            }
            _ => format!("{sign}{digits}e{}", self.exponent),
        };
        Decimal(text.into())
    }
}

/// Ten to a power that is not negative, when it fits.
pub(crate) fn power_of_ten(power: i64) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(power).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn sums_and_products_keep_their_digits() {
        let sum = |a, b| decimal(a).plus(&decimal(b)).map(|sum| sum.as_str().to_owned());
        assert_eq!(sum("0.1", "0.20").as_deref(), Ok("0.30"));
        assert_eq!(sum("1e2", "-0.5").as_deref(), Ok("99.5"));
        assert_eq!(sum("1e2", "2e2").as_deref(), Ok("3e2"));
        assert_eq!(sum("1e99", "1"), Err(DecimalError::Overflow));
        let product = |a, b| decimal(a).times(&decimal(b)).map(|product| product.as_str().to_owned());
        assert_eq!(product("-0.05", "0.3").as_deref(), Ok("-0.015"));
        assert_eq!(product("99999999999999999999", "99999999999999999999"), Err(DecimalError::Overflow));
        assert_eq!(product("1e-30", "1e-30").as_deref(), Ok("1e-60"));
        assert_eq!(decimal("0.00").negated().as_str(), "0.00");
    }

    #[test]
    fn quotients_are_rounded_as_asked() {
        let divided = |a, b, scale, rounding| {
            decimal(a).divided_by(&decimal(b), scale, rounding).map(|q| q.as_str().to_owned())
        };
        assert_eq!(divided("1", "3", 4, Rounding::HalfUp).as_deref(), Ok("0.3333"));
        assert_eq!(divided("-2", "3", 2, Rounding::HalfUp).as_deref(), Ok("-0.67"));
        assert_eq!(divided("2.5", "1", 0, Rounding::HalfEven).as_deref(), Ok("2"));
        assert_eq!(divided("2.5", "1", 0, Rounding::HalfUp).as_deref(), Ok("3"));
        assert_eq!(divided("-3.5", "1", 0, Rounding::HalfEven).as_deref(), Ok("-4"));
        assert_eq!(divided("-3.9", "1", 0, Rounding::TowardZero).as_deref(), Ok("-3"));
        assert_eq!(divided("1", "0.0", 2, Rounding::HalfEven), Err(DecimalError::DivisionByZero));
        assert_eq!(divided("1", "1e60", 2, Rounding::HalfEven).as_deref(), Ok("0.00"));
        assert_eq!(divided("-1", "1e60", 2, Rounding::HalfUp).as_deref(), Ok("0.00"));
        assert_eq!(divided("1", "1e-60", 2, Rounding::HalfEven), Err(DecimalError::Overflow));
        assert_eq!(decimal("1.25").rounded(3, Rounding::HalfEven).unwrap().as_str(), "1.25");
        assert_eq!(decimal("1.25").rounded(1, Rounding::HalfEven).unwrap().as_str(), "1.2");
        assert_eq!(decimal("1e-60").rounded(2, Rounding::HalfUp).unwrap().as_str(), "0.00");
        assert_eq!(decimal("-1e-999999999999").rounded(0, Rounding::HalfUp).unwrap().as_str(), "0");
    }

    /// The divisor is larger than `i128`, and the quotient about a half.
    #[test]
    fn a_half_is_rounded_also_where_the_divisor_is_huge() {
        let rounded = |coefficient: &str, rounding| {
            decimal(&format!("{coefficient}e-1"))
                .divided_by(&decimal("2e37"), 0, rounding)
                .map(|q| q.as_str().to_owned())
        };
        assert_eq!(rounded("99999999999999999999999999999999999999", Rounding::HalfUp).as_deref(), Ok("0"));
        assert_eq!(rounded("100000000000000000000000000000000000000", Rounding::HalfUp).as_deref(), Ok("1"));
        assert_eq!(
            rounded("-100000000000000000000000000000000000000", Rounding::HalfUp).as_deref(),
            Ok("-1")
        );
        assert_eq!(
            rounded("100000000000000000000000000000000000000", Rounding::HalfEven).as_deref(),
            Ok("0")
        );
        assert_eq!(
            rounded("100000000000000000000000000000000000001", Rounding::HalfEven).as_deref(),
            Ok("1")
        );
    }

    #[test]
    fn zero_has_room_beside_any_number() {
        let sum = |a, b| decimal(a).plus(&decimal(b)).map(|sum| sum.as_str().to_owned());
        let tiny = format!("0.{}", "0".repeat(60));
        assert_eq!(sum("0e99", "1").as_deref(), Ok("1"));
        assert_eq!(sum("0.00", "5").as_deref(), Ok("5.00"));
        assert_eq!(sum("1e99", "0.00").as_deref(), Ok("1e99"));
        assert_eq!(sum(&tiny, "-7").as_deref(), Ok("-7"));
        let long = "1".repeat(60);
        assert_eq!(sum(&long, "0").as_deref(), Ok(long.as_str()));
        let product = |a, b| decimal(a).times(&decimal(b)).map(|product| product.as_str().to_owned());
        assert_eq!(product(&long, "0").as_deref(), Ok("0"));
        assert_eq!(product("0.0", "-1.50").as_deref(), Ok("0.000"));
        let divided = decimal("0e99").divided_by(&decimal("3"), 2, Rounding::HalfEven);
        assert_eq!(divided.map(|q| q.as_str().to_owned()).as_deref(), Ok("0.00"));
    }
}
