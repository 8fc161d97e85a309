//! Dates and times with the precision that they were written with.

mod compare;
mod epoch;
mod parts;

pub use epoch::Zone;
pub use parts::{DateParts, TimeParts};

use crate::define::fhir;

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
    /// The time to the minute, which only a search may leave it at.
    Minute,
    /// The time to the second, with a zone.
    Second,
    /// The time to a part of a second, with a zone.
    Fraction,
}

impl Date {
    /// How much is known.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.parts().precision()
    }

    /// The year.
    #[must_use]
    pub fn year(&self) -> u16 {
        self.parts().year
    }

    /// The year, the month and the day, as far as they are written.
    #[must_use]
    pub fn parts(&self) -> DateParts<'_> {
        DateParts::of(self.as_str())
    }
}

impl DateTime {
    /// How much is known.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.parts().precision()
    }

    /// The year.
    #[must_use]
    pub fn year(&self) -> u16 {
        self.parts().year
    }

    /// The date, the time and the zone, as far as they are written.
    #[must_use]
    pub fn parts(&self) -> DateParts<'_> {
        DateParts::of(self.as_str())
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

impl Instant {
    /// The date, the time and the zone.
    #[must_use]
    pub fn parts(&self) -> DateParts<'_> {
        DateParts::of(self.as_str())
    }
}

impl Time {
    /// The hour, the minute, the second and its fraction.
    #[must_use]
    pub fn parts(&self) -> TimeParts<'_> {
        TimeParts::of(self.as_str())
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

pub(crate) fn is_date(text: &str) -> bool {
    DateParts::parse(text).is_some_and(|parts| parts.time.is_none())
}

pub(crate) fn is_date_time(text: &str) -> bool {
    DateParts::parse(text).is_some()
}

pub(crate) fn is_instant(text: &str) -> bool {
    DateParts::parse(text).is_some_and(|parts| parts.time.is_some())
}

pub(crate) fn is_time(text: &str) -> bool {
    TimeParts::parse(text).is_some()
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
            "2024-03-05T10:00:00.12a+01:00",
            "2024-03-05T10:00:00.5",
            "2024-03-05T10:00:00ZZ",
            "2024T10:00:00Z",
            "2024-03-05T",
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
