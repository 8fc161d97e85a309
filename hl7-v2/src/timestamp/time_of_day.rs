//! A time of day without a date.

use std::fmt;
use std::str::FromStr;

#[cfg(feature = "profile")]
use super::Timestamp;
use super::{Digits, Fraction, TimestampError, UtcOffset, split_fraction, split_zone};

/// A TM: `HH[MM[SS[.S[S[S[S]]]]]][+/-ZZZZ]`. Precision and zone are kept as given.
///
/// ```
/// use carewire_hl7_v2::TimeOfDay;
///
/// let time: TimeOfDay = "0815-0500".parse()?;
/// assert_eq!((time.hour(), time.minute(), time.second()), (8, Some(15), None));
/// assert_eq!(time.to_v2(), "0815-0500");
/// # Ok::<(), carewire_hl7_v2::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeOfDay {
    hour: u8,
    minute: Option<u8>,
    second: Option<u8>,
    fraction: Option<Fraction>,
    offset: Option<UtcOffset>,
}

impl TimeOfDay {
    /// The hour, 0 to 23.
    #[must_use]
    pub fn hour(&self) -> u8 {
        self.hour
    }

    /// The minute.
    #[must_use]
    pub fn minute(&self) -> Option<u8> {
        self.minute
    }

    /// The second, 0 to 59, and 60 for a leap second.
    #[must_use]
    pub fn second(&self) -> Option<u8> {
        self.second
    }

    /// The digits behind the decimal point of the seconds, as they were given.
    #[must_use]
    pub fn fraction_digits(&self) -> Option<String> {
        self.fraction.map(Fraction::digits)
    }

    /// The zone, if the message gave one.
    #[must_use]
    pub fn offset(&self) -> Option<UtcOffset> {
        self.offset
    }

    /// The same time on 1 January 2000: times of day compare as moments of one day.
    #[cfg(feature = "profile")]
    pub(crate) fn on_some_day(self) -> Timestamp {
        let Self { hour, minute, second, fraction, offset } = self;
        Timestamp {
            year: 2000,
            month: Some(1),
            day: Some(1),
            hour: Some(hour),
            minute,
            second,
            fraction,
            offset,
        }
    }

    /// The text of a TM: precision and zone as they were given.
    #[must_use]
    pub fn to_v2(&self) -> String {
        let pairs = [Some(self.hour), self.minute, self.second];
        let mut text: String = pairs.into_iter().flatten().map(|pair| format!("{pair:02}")).collect();
        text.extend(self.fraction.map(|fraction| fraction.to_string()));
        text.extend(self.offset.map(|offset| offset.to_v2()));
        text
    }
}

impl FromStr for TimeOfDay {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let (local, offset) = split_zone(text)?;
        let (digits, fraction) = split_fraction(local, 6)?;
        let mut parts = Digits::new(digits, 2..=6)?;
        let hour = parts.pair(0..=23)?.ok_or(TimestampError::Shape)?;
        let (minute, second) = (parts.pair(0..=59)?, parts.pair(0..=60)?);
        Ok(Self { hour, minute, second, fraction, offset })
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = if self.offset.is_some() { "with" } else { "without" };
        write!(f, "TimeOfDay({zone} zone)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_time_is_refused() {
        use TimestampError::{Range, Shape};
        for (text, error) in [
            ("2400", Range),
            ("0860", Range),
            ("8", Shape),
            ("", Shape),
            ("08:15", Shape),
            ("0815.5", Shape),
            ("081500.", Shape),
        ] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_back(
            text in "([01][0-9]|2[0-3])([0-5][0-9]([0-5][0-9](\\.[0-9]{1,4})?)?)?([+-]0[0-9][0-5][0-9])?"
        ) {
            prop_assert_eq!(text.parse::<TimeOfDay>().map(|time| time.to_v2()), Ok(text));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = text.parse::<TimeOfDay>();
        }
    }
}
