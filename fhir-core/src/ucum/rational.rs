//! Exact fractions.

use std::cmp::Ordering;

use super::UcumError;
use crate::primitive::{Scaled, power_of_ten};
use crate::{Decimal, Rounding};

/// Numerators and denominators stay below this, so that ten times one still fits.
const LARGEST: i128 = 10_i128.pow(36);

/// An exact number: a fraction times a power of ten. One number has one form.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rational {
    /// Not divisible by ten, unless it is zero.
    numerator: i128,
    /// Positive, without factors of two and five, without a factor of the numerator.
    denominator: i128,
    exponent: i32,
}

impl Rational {
    pub(super) const ONE: Self = Self { numerator: 1, denominator: 1, exponent: 0 };

    /// The number that a decimal means.
    ///
    /// # Errors
    /// [`UcumError::Overflow`] beyond 36 digits.
    pub fn of(decimal: &Decimal) -> Result<Self, UcumError> {
        let Scaled { coefficient, exponent } = decimal.scaled()?;
        Self::new(coefficient, 1, exponent)
    }

    /// The number in decimal digits.
    ///
    /// # Errors
    /// [`UcumError::Inexact`] when it has no end.
    pub fn to_decimal(self) -> Result<Decimal, UcumError> {
        if self.denominator != 1 {
            return Err(UcumError::Inexact);
        }
        let exponent = i64::from(self.exponent);
        let plain = power_of_ten(exponent).and_then(|power| self.numerator.checked_mul(power));
        Ok(match plain {
            Some(coefficient) => Scaled { coefficient, exponent: 0 }.decimal(),
            None => Scaled { coefficient: self.numerator, exponent }.decimal(),
        })
    }

    /// The number with `scale` digits after the point.
    ///
    /// # Errors
    /// [`UcumError::Overflow`] when they are too many.
    pub fn rounded(self, scale: u32, rounding: Rounding) -> Result<Decimal, UcumError> {
        let shift = i64::from(self.exponent) + i64::from(scale);
        let quotient = if shift >= 0 {
            let dividend = power_of_ten(shift).and_then(|power| self.numerator.checked_mul(power));
            dividend.and_then(|dividend| rounding.quotient(dividend, self.denominator))
        } else {
            let divisor = power_of_ten(-shift).and_then(|power| self.denominator.checked_mul(power));
            // A divisor that does not fit is more than twice any numerator.
            divisor.map_or(Some(0), |divisor| rounding.quotient(self.numerator, divisor))
        };
        let coefficient = quotient.ok_or(UcumError::Overflow)?;
        Ok(Scaled { coefficient, exponent: -i64::from(scale) }.decimal())
    }

    pub(super) fn new(numerator: i128, denominator: i128, exponent: i64) -> Result<Self, UcumError> {
        if numerator == 0 {
            return Ok(Self { numerator: 0, denominator: 1, exponent: 0 });
        }
        Self::reduced(numerator, denominator, exponent).ok_or(UcumError::Overflow)
    }

    fn reduced(numerator: i128, denominator: i128, mut exponent: i64) -> Option<Self> {
        let divisor = gcd(numerator.checked_abs()?, denominator);
        let (mut n, mut d) = (numerator.checked_div(divisor)?, denominator.checked_div(divisor)?);
        for (factor, other) in [(10, 1), (2, 5), (5, 2)] {
            while d % factor == 0 {
                (n, d) = (n.checked_mul(other)?, d / factor);
                exponent -= 1;
            }
        }
        while n % 10 == 0 {
            n /= 10;
            exponent += 1;
        }
        let fits = n.abs() <= LARGEST && d <= LARGEST;
        let exponent = i32::try_from(exponent).ok().filter(|exponent| exponent.abs() <= 10_000)?;
        fits.then_some(Self { numerator: n, denominator: d, exponent })
    }

    pub(super) fn times(self, other: Self) -> Result<Self, UcumError> {
        // Common factors go first, so that what fits in the end fits on the way.
        let (a, b) =
            (gcd(self.numerator.abs(), other.denominator), gcd(other.numerator.abs(), self.denominator));
        let product = |x: i128, by: i128, y: i128, and: i128| (x / by.max(1)).checked_mul(y / and.max(1));
        let numerator = product(self.numerator, a, other.numerator, b);
        let denominator = product(self.denominator, b, other.denominator, a);
        let (numerator, denominator) = numerator.zip(denominator).ok_or(UcumError::Overflow)?;
        Self::new(numerator, denominator, i64::from(self.exponent) + i64::from(other.exponent))
    }

    pub(super) fn divided_by(self, other: Self) -> Result<Self, UcumError> {
        let sign = other.numerator.signum();
        let inverse = Self::new(sign * other.denominator, other.numerator.abs(), -i64::from(other.exponent))?;
        self.times(inverse)
    }

    pub(super) fn plus(self, other: Self) -> Result<Self, UcumError> {
        let exponent = self.exponent.min(other.exponent);
        let at = |x: Self, by: i128| {
            let power = power_of_ten(i64::from(x.exponent) - i64::from(exponent))?;
            x.numerator.checked_mul(power)?.checked_mul(by)
        };
        let sum = at(self, other.denominator).zip(at(other, self.denominator));
        let sum = sum.and_then(|(a, b)| a.checked_add(b));
        let denominator = self.denominator.checked_mul(other.denominator);
        let (sum, denominator) = sum.zip(denominator).ok_or(UcumError::Overflow)?;
        Self::new(sum, denominator, i64::from(exponent))
    }

    pub(super) fn negated(self) -> Self {
        Self { numerator: -self.numerator, ..self }
    }

    pub(super) fn power(self, exponent: i32) -> Result<Self, UcumError> {
        let mut power = Self::ONE;
        for _ in 0..exponent.unsigned_abs() {
            power = power.times(self)?;
        }
        if exponent < 0 { Self::ONE.divided_by(power) } else { Ok(power) }
    }

    pub(super) fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// The power of ten above the first digit, and the digits from there, without an end if need be.
    fn digits(self) -> (i64, impl Iterator<Item = u8>) {
        let numerator = self.numerator.abs();
        let (whole, mut rest) = (numerator / self.denominator, numerator % self.denominator);
        let denominator = self.denominator;
        let leading = if whole == 0 { Vec::new() } else { whole.to_string().into_bytes() };
        let mut magnitude = leading.len() as i64 + i64::from(self.exponent);
        while leading.is_empty() && rest != 0 && rest * 10 < denominator {
            rest *= 10;
            magnitude -= 1;
        }
        let following = std::iter::from_fn(move || {
            let digit = rest * 10 / denominator;
            rest = rest * 10 % denominator;
            u8::try_from(digit).ok().map(|digit| b'0' + digit)
        });
        (magnitude, leading.into_iter().chain(following))
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let (sign, others) = (self.numerator.signum(), other.numerator.signum());
        if self == other || sign != others {
            return sign.cmp(&others);
        }
        // Two different numbers differ in a digit.
        let ((own, digits), (other, others)) = (self.digits(), other.digits());
        let size = own.cmp(&other).then_with(|| digits.cmp(others));
        if sign < 0 { size.reverse() } else { size }
    }
}

impl std::fmt::Debug for Rational {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rational(..)")
    }
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(n: i128, d: i128, e: i64) -> Rational {
        Rational::new(n, d, e).unwrap()
    }

    #[test]
    fn one_number_has_one_form() {
        assert!(
            of(50, 40, 0) == of(125, 1, -2) && of(10, 30, 0) == of(1, 3, 0) && of(0, 7, 3) == of(0, 1, 0)
        );
        assert!(of(-1, 3, 0) < of(-333, 1000, 0) && of(1, 3, 0) < of(334, 1000, 0));
        assert!(of(1, 3, 300) > of(1, 3, 299) && of(-1, 1, 0) < of(0, 1, 0));
        assert_eq!(of(1, 3, 0).cmp(&of(333_333_333_333, 1_000_000_000_000, 0)), Ordering::Greater);
        assert!(Rational::new(1, LARGEST + 1, 0).is_err() && Rational::new(1, 1, 10_001).is_err());
    }

    #[test]
    fn rounding_takes_any_size() {
        let rounded = |x: Rational, scale| x.rounded(scale, Rounding::HalfUp).map(|d| d.as_str().to_owned());
        assert_eq!(rounded(of(2, 3, 0), 3).as_deref(), Ok("0.667"));
        assert_eq!(rounded(of(1, 3, -300), 3).as_deref(), Ok("0.000"));
        assert_eq!(rounded(of(1, 3, 300), 3), Err(UcumError::Overflow));
    }
}
