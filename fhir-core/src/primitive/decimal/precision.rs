//! How precisely a number is written, and what that means for search.

use super::arithmetic::Scaled;
use super::{Decimal, DecimalError, Number};
use crate::primitive::Interval;
use crate::search::Prefix;

impl Decimal {
    /// How many digits are written, without zeros at the front: `0.050` and `50` have two, `100` has three, `0` one.
    #[must_use]
    pub fn significant_digits(&self) -> usize {
        self.literal().digits().skip_while(|digit| *digit == b'0').count().max(1)
    }

    /// The numbers that round to this one as it is written: `100` is 99.5 to below 100.5, `5.40` is 5.395 to below
    /// 5.405 (R4 search, 3.1.1.4.6).
    ///
    /// A single digit with an exponent is taken to be known to a tenth of itself, as the specification has it for
    /// `1e2`: 95 to below 105.
    ///
    /// # Errors
    /// [`DecimalError::Overflow`] for more than 37 digits.
    pub fn implied_interval(&self) -> Result<Interval<Number>, DecimalError> {
        let Scaled { coefficient, exponent } = self.scaled()?;
        let literal = self.literal();
        let single = literal.is_exponential() && literal.digits().count() == 1;
        let (factor, below) = if single { (100, 2) } else { (10, 1) };
        let exponent = exponent.checked_sub(below).ok_or(DecimalError::Overflow)?;
        let middle = coefficient.checked_mul(factor).ok_or(DecimalError::Overflow)?;
        let end = |half: i128| {
            let coefficient = middle.checked_add(half).ok_or(DecimalError::Overflow)?;
            Ok(Number::from(Scaled { coefficient, exponent }.decimal()))
        };
        Ok(Interval::from(end(-5)?..end(5)?))
    }

    /// The numbers that a search with this one is about: the implied interval for `eq` and `ne`, a tenth more or less
    /// for `ap`, exactly this number for all others (R4 search, 3.1.1.4.6). A resource's number is a point.
    ///
    /// ```
    /// use carewire_fhir_core::{Decimal, Interval, Number, search::Prefix};
    /// let found = |prefix: Prefix, searched: &str, stored: &str| -> Result<bool, Box<dyn std::error::Error>> {
    ///     let stored = Interval::point(Number::from(Decimal::parse(stored)?));
    ///     Ok(prefix.matches(&Decimal::parse(searched)?.search_interval(prefix)?, &stored))
    /// };
    /// assert!(found(Prefix::Eq, "5.4", "5.44")? && !found(Prefix::Eq, "5.40", "5.44")?);
    /// assert!(found(Prefix::Gt, "100", "100.1")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DecimalError::Overflow`] for more than 37 digits.
    pub fn search_interval(&self, prefix: Prefix) -> Result<Interval<Number>, DecimalError> {
        match prefix {
            Prefix::Eq | Prefix::Ne => self.implied_interval(),
            Prefix::Ap => {
                let Scaled { coefficient, exponent } = self.scaled()?;
                let exponent = exponent.checked_sub(1).ok_or(DecimalError::Overflow)?;
                let tenths = Scaled { coefficient: coefficient.abs(), exponent }.decimal();
                Ok(Interval::closed(self.minus(&tenths)?.into(), self.plus(&tenths)?.into()))
            }
            _ => Ok(Interval::point(self.clone().into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Bound;

    use super::*;

    fn interval(text: &str) -> (String, String) {
        let interval = Decimal::parse(text).unwrap().implied_interval().unwrap();
        let (Bound::Included(start), Bound::Excluded(end)) = (interval.start(), interval.end()) else {
            panic!("half open")
        };
        (start.decimal().as_str().to_owned(), end.decimal().as_str().to_owned())
    }

    #[test]
    fn the_examples_of_the_specification() {
        for (text, start, end) in [
            ("100", "99.5", "100.5"),
            ("100.00", "99.995", "100.005"),
            ("1e2", "95", "105"),
            ("5.4", "5.35", "5.45"),
            ("5.40", "5.395", "5.405"),
            ("5.40e-3", "0.005395", "0.005405"),
            ("5.4e-3", "0.00535", "0.00545"),
            ("-2.0", "-2.05", "-1.95"),
            ("0", "-0.5", "0.5"),
        ] {
            assert_eq!(interval(text), (start.to_owned(), end.to_owned()), "{text}");
        }
    }

    #[test]
    fn significant_digits_are_those_that_are_written() {
        for (text, digits) in [("0.050", 2), ("100", 3), ("1e2", 1), ("0", 1), ("0.00", 1), ("-12.30", 4)] {
            assert_eq!(Decimal::parse(text).unwrap().significant_digits(), digits, "{text}");
        }
    }

    #[test]
    fn about_a_negative_number_lies_on_both_sides_of_it() {
        let about = Decimal::parse("-10").unwrap().search_interval(Prefix::Ap).unwrap();
        let point = |text| Interval::point(Number::from(Decimal::parse(text).unwrap()));
        assert!(
            about.contains(&point("-11")) && about.contains(&point("-9")) && !about.contains(&point("-8.99"))
        );
    }
}
