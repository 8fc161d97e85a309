//! Dates and times with the precision that they were written with.

use crate::Value;
use crate::define::fhir;
use crate::types::ToValue;

fhir! {
    /// A date: a year, a month or a day.
    ///
    /// ```
    /// use carewire_fhir_core::{Date, Precision};
    /// let month = Date::parse("2024-03")?;
    /// assert_eq!((month.as_str(), month.precision(), month.year()), ("2024-03", Precision::Month, 2024));
    /// assert!(Date::parse("2023-02-29").is_err());
    /// # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
    /// ```
    lexical Date = is_date
}

fhir! {
    /// A date, or a date with a time to the second and a zone.
    ///
    /// ```
    /// use carewire_fhir_core::{DateTime, Precision};
    /// let time = DateTime::parse("2024-03-05T14:30:00.250+01:00")?;
    /// assert_eq!(time.precision(), Precision::Fraction);
    /// assert!(DateTime::parse("2024-03-05T14:30").is_err());
    /// assert!(DateTime::parse("2024-03-05T14:30:00").is_err());
    /// # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
    /// ```
    lexical DateTime = is_date_time
}

fhir! {
    /// A moment: a date with a time to the second or finer and a zone.
    ///
    /// ```
    /// use carewire_fhir_core::Instant;
    /// assert!(Instant::parse("2024-03-05T14:30:00Z").is_ok());
    /// assert!(Instant::parse("2024-03-05").is_err());
    /// ```
    lexical Instant = is_instant
}

fhir! {
    /// A time of the day to the second or finer, without a zone.
    ///
    /// ```
    /// use carewire_fhir_core::Time;
    /// assert!(Time::parse("14:30:00").is_ok() && Time::parse("14:30").is_err());
    /// ```
    lexical Time = is_time
}

/// How much of a date and time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Precision {
    /// The year.
    Year,
    /// The year and the month.
    Month,
    /// The day.
    Day,
    /// The time to the second, with a zone.
    Second,
    /// The time to a part of a second, with a zone.
    Fraction,
}

impl Date {
    /// How much is known.
    #[must_use]
    pub fn precision(&self) -> Precision {
        precision(self.as_str())
    }

    /// The year.
    #[must_use]
    pub fn year(&self) -> u16 {
        year(self.as_str())
    }
}

impl DateTime {
    /// How much is known.
    #[must_use]
    pub fn precision(&self) -> Precision {
        precision(self.as_str())
    }

    /// The year.
    #[must_use]
    pub fn year(&self) -> u16 {
        year(self.as_str())
    }

    /// The date without its time, as written.
    ///
    /// ```
    /// use carewire_fhir_core::DateTime;
    /// assert_eq!(DateTime::parse("2024-03-05T14:30:00Z")?.date().as_str(), "2024-03-05");
    /// # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
    /// ```
    #[must_use]
    pub fn date(&self) -> Date {
        let text = self.as_str();
        Date(text.split_once('T').map_or(text, |(date, _)| date).into())
    }

    /// The same moment as an [`Instant`], when it is known to the second.
    #[must_use]
    pub fn instant(&self) -> Option<Instant> {
        Instant::parse(self.as_str()).ok()
    }
}

impl From<Date> for DateTime {
    fn from(date: Date) -> Self {
        Self(date.0)
    }
}

impl From<Instant> for DateTime {
    fn from(instant: Instant) -> Self {
        Self(instant.0)
    }
}

impl ToValue for Date {
    fn to_value(&self) -> Value {
        self.as_str().into()
    }
}

impl ToValue for DateTime {
    fn to_value(&self) -> Value {
        self.as_str().into()
    }
}

impl ToValue for Instant {
    fn to_value(&self) -> Value {
        self.as_str().into()
    }
}

impl ToValue for Time {
    fn to_value(&self) -> Value {
        self.as_str().into()
    }
}

pub(crate) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let Some(year) = parts.next().and_then(|year| number(year, 4)).filter(|&year| year > 0) else {
        return false;
    };
    let Some(month) = parts.next() else { return true };
    let Some(month) = number(month, 2).filter(|month| (1..=12).contains(month)) else { return false };
    let Some(day) = parts.next() else { return true };
    number(day, 2).is_some_and(|day| (1..=days_in(year, month)).contains(&day)) && parts.next().is_none()
}

pub(crate) fn is_date_time(text: &str) -> bool {
    if text.contains('T') { is_instant(text) } else { is_date(text) }
}

pub(crate) fn is_instant(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let Some(time) = without_zone(time) else { return false };
    date.len() == 10 && is_date(date) && is_time(time)
}

pub(crate) fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').map_or((text, "0"), |(whole, fraction)| (whole, fraction));
    let parts: Vec<Option<u16>> = whole.split(':').map(|part| number(part, 2)).collect();
    let clock = matches!(parts.as_slice(), [Some(0..=23), Some(0..=59), Some(0..=60)]);
    clock && !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit())
}

fn without_zone(time: &str) -> Option<&str> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some(time);
    }
    let (time, zone) = time.split_at_checked(time.len().checked_sub(6)?)?;
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    match (number(hours, 2)?, number(minutes, 2)?) {
        (0..=13, 0..=59) | (14, 0) => Some(time),
        _ => None,
    }
}

fn number(text: &str, digits: usize) -> Option<u16> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn days_in(year: u16, month: u16) -> u16 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

fn precision(text: &str) -> Precision {
    match text.len() {
        0..=4 => Precision::Year,
        5..=7 => Precision::Month,
        8..=10 => Precision::Day,
        _ if text.contains('.') => Precision::Fraction,
        _ => Precision::Second,
    }
}

fn year(text: &str) -> u16 {
    text.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar() {
        for good in ["2024", "2024-12", "2024-02-29", "0001", "9999-12-31"] {
            assert!(Date::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "24", "0000", "2024-00", "2024-13", "2023-02-29", "2024-1", "2024-01-01-", "2024-", "+024"]
        {
            assert!(Date::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_time_needs_seconds_and_a_zone() {
        let good =
            ["2024-03-05T00:00:00Z", "2024-03-05T23:59:60.999+14:00", "2024-03-05T10:00:00-00:00", "2024-03"];
        for good in good {
            assert!(DateTime::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "2024-03T10:00:00Z",
            "2024-03-05T10:00Z",
            "2024-03-05T24:00:00Z",
            "2024-03-05T10:00:00",
            "2024-03-05T10:00:00.Z",
            "2024-03-05T10:00:00+15:00",
            "2024-03-05T10:00:00+0100",
            "2024-03-05 10:00:00Z",
            "2024-03-05Té:00:00Z",
        ] {
            assert!(DateTime::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn precision_is_what_was_written() {
        let of = |text: &str| DateTime::parse(text).unwrap().precision();
        assert_eq!(of("2024"), Precision::Year);
        assert_eq!(of("2024-03-05"), Precision::Day);
        assert_eq!(of("2024-03-05T10:00:00Z"), Precision::Second);
        assert_eq!(of("2024-03-05T10:00:00.0+01:00"), Precision::Fraction);
    }

    #[test]
    fn debug_shows_no_content() {
        assert_eq!(format!("{:?}", Date::parse("1980-03-05")), "Ok(Date(..))");
    }
}
