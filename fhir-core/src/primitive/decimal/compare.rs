//! Numbers by their value.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Decimal, Literal};

impl Decimal {
    /// Which number is the larger one: exact, of any length, without rounding. Exponents beyond 2^60 count as 2^60.
    ///
    /// ```
    /// use std::cmp::Ordering;
    /// use carewire_fhir_core::Decimal;
    /// assert_eq!(Decimal::parse("0.50")?.compare(&Decimal::parse("5e-1")?), Ordering::Equal);
    /// assert_eq!(Decimal::parse("-1e400")?.compare(&Decimal::parse("0.0")?), Ordering::Less);
    /// # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
    /// ```
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        self.literal().compare(other.literal())
    }

    /// Whether this is zero, however it is written.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.literal().is_zero()
    }

    pub(crate) fn literal(&self) -> Literal<'_> {
        Literal::of(self.as_str())
    }
}

impl Literal<'_> {
    /// The order of the values.
    pub(crate) fn compare(self, other: Self) -> Ordering {
        match (self.sign(), other.sign()) {
            (0, 0) => Ordering::Equal,
            (1, 1) => size(self, other),
            (-1, -1) => size(other, self),
            (own, others) => own.cmp(&others),
        }
    }

    fn sign(self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

/// Equal values have equal hashes.
impl Hash for Literal<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if !self.is_zero() {
            (self.negative, self.magnitude()).hash(state);
            self.significant().for_each(|digit| digit.hash(state));
        }
    }
}

fn size(a: Literal<'_>, b: Literal<'_>) -> Ordering {
    a.magnitude().cmp(&b.magnitude()).then_with(|| a.significant().cmp(b.significant()))
}

/// A [`Decimal`] that is compared by its value: here `0.50` is `0.5`.
///
/// ```
/// use carewire_fhir_core::{Decimal, Number};
/// let number = |text: &str| Decimal::parse(text).map(Number::from);
/// assert!(number("0.50")? == number("5e-1")? && number("-3")? < number("0")?);
/// # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
/// ```
#[derive(Clone)]
pub struct Number(Decimal);

impl Number {
    /// The number as it was written.
    #[must_use]
    pub fn decimal(&self) -> &Decimal {
        &self.0
    }
}

impl From<Decimal> for Number {
    fn from(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0)
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.literal().hash(state);
    }
}

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Number(..)")
    }
}
