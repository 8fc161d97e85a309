//! The text of a number taken apart, without a copy.

/// What `i64` cannot hold counts as this power of ten.
const LARGEST_EXPONENT: i64 = 1 << 60;

/// The parts of a number as JSON writes it.
#[derive(Clone, Copy)]
pub(crate) struct Literal<'a> {
    pub(crate) negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: Option<&'a str>,
}

impl<'a> Literal<'a> {
    /// Takes a sound number apart.
    pub(crate) fn of(text: &'a str) -> Self {
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (unsigned, None),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        Self { negative, whole, fraction, exponent }
    }

    /// Whether there is an exponent.
    pub(super) fn is_exponential(&self) -> bool {
        self.exponent.is_some()
    }

    /// The digits as they are written, without the point.
    pub(super) fn digits(self) -> impl DoubleEndedIterator<Item = u8> + Clone + use<'a> {
        self.whole.bytes().chain(self.fraction.bytes())
    }

    /// The digits without zeros at either end; none for zero.
    pub(crate) fn significant(self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        let trailing = self.digits().rev().take_while(|digit| *digit == b'0').count();
        let kept = (self.whole.len() + self.fraction.len()).saturating_sub(trailing);
        self.digits().take(kept).skip_while(|digit| *digit == b'0')
    }

    pub(crate) fn is_zero(self) -> bool {
        self.digits().all(|digit| digit == b'0')
    }

    /// The power of ten of the last digit that is written.
    pub(crate) fn last_power(&self) -> i64 {
        self.power().saturating_sub_unsigned(self.fraction.len() as u64)
    }

    /// The power of ten above the first digit that is not zero.
    pub(super) fn magnitude(&self) -> i64 {
        let zeros = self.digits().take_while(|digit| *digit == b'0').count() as u64;
        self.power().saturating_add_unsigned(self.whole.len() as u64).saturating_sub_unsigned(zeros)
    }

    /// The power of ten of the last digit that is not zero; `None` when the exponent is no `i64`.
    pub(crate) fn significant_power(&self) -> Option<i64> {
        let exponent: i64 = self.exponent.map_or(Some(0), |text| text.parse().ok())?;
        let zeros = self.digits().rev().take_while(|digit| *digit == b'0').count() as u64;
        Some(exponent.saturating_sub_unsigned(self.fraction.len() as u64).saturating_add_unsigned(zeros))
    }

    fn power(&self) -> i64 {
        let Some(text) = self.exponent else { return 0 };
        let beyond = if text.starts_with('-') { -LARGEST_EXPONENT } else { LARGEST_EXPONENT };
        text.parse().unwrap_or(beyond).clamp(-LARGEST_EXPONENT, LARGEST_EXPONENT)
    }
}
