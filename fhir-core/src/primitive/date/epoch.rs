//! Dates and times as moments counted from 1970-01-01T00:00:00Z, and back.

use std::ops::Range;

use super::{Date, DateParts, DateTime, Instant, Precision, TimeParts, parts};

const NANOS: i128 = 1_000_000_000;
const DAY: i64 = 86_400;

/// The zone that a date without a time is in: FHIR does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Zone {
    /// So many minutes east of Greenwich.
    Offset(i16),
    /// Anywhere: from 14 hours before to 14 hours after UTC, as far as FHIR lets a zone go.
    Any,
}

impl Zone {
    /// Greenwich.
    pub const UTC: Self = Self::Offset(0);
}

impl DateParts<'_> {
    /// The moments that may be meant, in nanoseconds since 1970-01-01T00:00:00Z: from the first, to before the last.
    ///
    /// A year, a month, a day or a second is as long as it is; a fraction as long as its last digit, and at least a
    /// nanosecond. `zone` is for what is written without one. Days have 86 400 seconds, as POSIX counts: a leap second
    /// has the moments of the second after it.
    ///
    /// ```
    /// use carewire_fhir_core::{DateParts, Zone};
    /// let of = |text| DateParts::parse(text).map(|parts| parts.bounds(Zone::UTC));
    /// assert_eq!(of("1970-01-01"), Some(0..86_400_000_000_000));
    /// assert_eq!(of("1970-01-01T01:00:00.5+01:00"), Some(500_000_000..600_000_000));
    /// ```
    #[must_use]
    pub fn bounds(&self, zone: Zone) -> Range<i128> {
        let (start, end) = self.local_seconds();
        let start = i128::from(start) * NANOS;
        let (start, end) = match self.time {
            Some(time) if !time.fraction.is_empty() => {
                let (nanos, width) = fraction(time.fraction);
                (start + nanos, start + nanos + width)
            }
            _ => (start, i128::from(end) * NANOS),
        };
        match (self.offset_minutes, zone) {
            (Some(offset), _) | (None, Zone::Offset(offset)) => {
                let offset = i128::from(offset) * 60 * NANOS;
                start - offset..end - offset
            }
            (None, Zone::Any) => start - 14 * 3600 * NANOS..end + 14 * 3600 * NANOS,
        }
    }

    /// The first second and the one after the last, as if the zone were UTC.
    fn local_seconds(&self) -> (i64, i64) {
        let (year, month, day) = (self.year, self.month.unwrap_or(1), self.day.unwrap_or(1));
        let days = days_from_civil(i64::from(year), month, day);
        let length = match self.precision() {
            Precision::Year => 337 + i64::from(parts::days_in(year, 2)),
            Precision::Month => i64::from(parts::days_in(year, month)),
            _ => 1,
        };
        match self.time {
            Some(time) => {
                let start = days * DAY + seconds_of(time);
                (start, start + if time.second.is_some() { 1 } else { 60 })
            }
            None => (days * DAY, (days + length) * DAY),
        }
    }
}

impl Date {
    /// [`DateParts::bounds`].
    #[must_use]
    pub fn bounds(&self, zone: Zone) -> Range<i128> {
        self.parts().bounds(zone)
    }

    /// A day of the calendar; `None` when there is none such from year 1 to 9999.
    #[must_use]
    pub fn from_ymd(year: u16, month: u8, day: u8) -> Option<Self> {
        Self::parse(&format!("{year:04}-{month:02}-{day:02}")).ok()
    }

    /// How many days after 1970-01-01 this day is; `None` when it is a month or a year.
    ///
    /// ```
    /// use carewire_fhir_core::Date;
    /// let date = Date::parse("2000-03-01")?;
    /// assert_eq!(date.days_since_epoch(), Some(11_017));
    /// assert_eq!(Date::from_days_since_epoch(11_017), Some(date));
    /// # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
    /// ```
    #[must_use]
    pub fn days_since_epoch(&self) -> Option<i64> {
        let parts = self.parts();
        Some(days_from_civil(i64::from(parts.year), parts.month?, parts.day?))
    }

    /// The day so many days after 1970-01-01; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_days_since_epoch(days: i64) -> Option<Self> {
        let (year, month, day) = civil_from_days(days)?;
        Self::from_ymd(year, month, day)
    }
}

impl DateTime {
    /// [`DateParts::bounds`].
    #[must_use]
    pub fn bounds(&self, zone: Zone) -> Range<i128> {
        self.parts().bounds(zone)
    }
}

impl Instant {
    /// [`DateParts::bounds`]; an instant has a zone.
    #[must_use]
    pub fn bounds(&self) -> Range<i128> {
        self.parts().bounds(Zone::UTC)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z; what is finer is cut off.
    ///
    /// ```
    /// use carewire_fhir_core::Instant;
    /// let instant = Instant::from_epoch_nanos(1_709_645_400_250_000_000, 60).ok_or("out of range")?;
    /// assert_eq!(instant.as_str(), "2024-03-05T14:30:00.250+01:00");
    /// assert_eq!(instant.epoch_nanos(), 1_709_645_400_250_000_000);
    /// assert_eq!(Instant::from_epoch_seconds(0).map(|i| i.as_str().to_owned()).as_deref(), Some("1970-01-01T00:00:00Z"));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn epoch_nanos(&self) -> i128 {
        self.bounds().start
    }

    /// Seconds since 1970-01-01T00:00:00Z; a fraction is cut off.
    #[must_use]
    pub fn epoch_seconds(&self) -> i64 {
        i64::try_from(self.epoch_nanos().div_euclid(NANOS)).unwrap_or_default()
    }

    /// The second so many seconds after 1970-01-01T00:00:00Z, in UTC; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_epoch_seconds(seconds: i64) -> Option<Self> {
        Self::from_epoch_nanos(i128::from(seconds) * NANOS, 0)
    }

    /// The moment so many nanoseconds after 1970-01-01T00:00:00Z, written in the zone so many minutes east of
    /// Greenwich, with 0, 3, 6 or 9 digits after the point as it needs; `None` outside the years 1 to 9999 and for a
    /// zone that FHIR does not allow.
    #[must_use]
    pub fn from_epoch_nanos(nanos: i128, offset_minutes: i16) -> Option<Self> {
        let local = nanos.checked_add(i128::from(offset_minutes) * 60 * NANOS)?;
        let seconds = i64::try_from(local.div_euclid(NANOS)).ok()?;
        let (year, month, day) = civil_from_days(seconds.div_euclid(DAY))?;
        let of_day = seconds.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let fraction = written_fraction(local.rem_euclid(NANOS));
        let zone = match offset_minutes {
            0 => "Z".to_owned(),
            east => {
                let sign = if east < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", east.unsigned_abs() / 60, east.unsigned_abs() % 60)
            }
        };
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}");
        Self::parse(&text).ok()
    }
}

/// Nanoseconds, and how many of them the last digit stands for.
fn fraction(digits: &str) -> (i128, i128) {
    let read = digits.bytes().take(9);
    let (nanos, unit) = read.fold((0, NANOS), |(nanos, unit), digit| {
        let unit = unit / 10;
        (nanos + i128::from(digit - b'0') * unit, unit)
    });
    (nanos, unit)
}

fn written_fraction(nanos: i128) -> String {
    match nanos {
        0 => String::new(),
        n if n % 1_000_000 == 0 => format!(".{:03}", n / 1_000_000),
        n if n % 1_000 == 0 => format!(".{:06}", n / 1_000),
        n => format!(".{n:09}"),
    }
}

fn seconds_of(time: TimeParts<'_>) -> i64 {
    i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second.unwrap_or(0))
}

/// Days from 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap day is the last.
pub(super) fn days_from_civil(year: i64, month: u8, day: u8) -> i64 {
    let month = i64::from(month);
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The year, month and day so many days from 1970-01-01; `None` outside the years 1 to 9999.
fn civil_from_days(days: i64) -> Option<(u16, u8, u8)> {
    let days = days.checked_add(719_468)?;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let year = u16::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
    Some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}
