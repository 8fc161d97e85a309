//! Dates and times with the precision and the zone that the message gave.

mod time_of_day;

pub use time_of_day::TimeOfDay;

use std::fmt;
use std::str::FromStr;

/// How far a timestamp goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the standard fixes the steps, and callers match them all")]
pub enum Precision {
    /// `2024`
    Year,
    /// `202403`
    Month,
    /// `20240301`
    Day,
    /// `2024030110`
    Hour,
    /// `202403011015`
    Minute,
    /// `20240301101530`
    Second,
    /// `20240301101530.1` to `20240301101530.1234`
    Fraction,
}

impl Precision {
    /// Reads the degree of precision, the second component of a TS in versions up to 2.5 (table 0529): `Y`, `L` for
    /// the month, `D`, `H`, `M`, `S`.
    #[must_use]
    pub fn from_degree(code: &str) -> Option<Self> {
        match code.trim() {
            "Y" => Some(Self::Year),
            "L" => Some(Self::Month),
            "D" => Some(Self::Day),
            "H" => Some(Self::Hour),
            "M" => Some(Self::Minute),
            "S" => Some(Self::Second),
            _ => None,
        }
    }
}

/// A DTM (or DT, or the first component of a TS): `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`.
///
/// Precision and zone are kept as given; nothing is filled in. Hours go from 00 to 23: the standard has no 24. The
/// second 60 of a leap second is taken; whether there was one is not checked. `+0000` and `-0000` both are UTC and
/// stay apart. `Debug` shows the precision only, since a date can
/// be a date of birth.
///
/// ```
/// use carewire_hl7_v2::{Precision, Timestamp};
///
/// let time: Timestamp = "202403011015-0500".parse()?;
/// assert_eq!((time.precision(), time.year(), time.minute()), (Precision::Minute, 2024, Some(15)));
/// assert_eq!(time.to_fhir().text(), "2024-03-01T10:15:00-05:00");
/// assert_eq!("202403".parse::<Timestamp>()?.to_fhir().text(), "2024-03");
/// # Ok::<(), carewire_hl7_v2::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timestamp {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
    hour: Option<u8>,
    minute: Option<u8>,
    second: Option<u8>,
    fraction: Option<Fraction>,
    offset: Option<UtcOffset>,
}

impl Timestamp {
    /// A year alone.
    #[cfg(feature = "synthetic")]
    pub(crate) const fn of_year(year: u16) -> Self {
        Self {
            year,
            month: None,
            day: None,
            hour: None,
            minute: None,
            second: None,
            fraction: None,
            offset: None,
        }
    }

    /// Reads a DT: year, month and day as far as given.
    ///
    /// # Errors
    /// When it is not of that form, or has a time of day or a zone.
    pub fn parse_date(text: &str) -> Result<Self, TimestampError> {
        let date: Self = text.parse()?;
        match (date.hour, date.offset) {
            (None, None) => Ok(date),
            _ => Err(TimestampError::Shape),
        }
    }

    /// Reads a TS of versions up to 2.5: the text and the degree of precision beside it, which says how much of the
    /// text is meant. A degree that is not known, or finer than the text, changes nothing.
    ///
    /// ```
    /// use carewire_hl7_v2::Timestamp;
    ///
    /// assert_eq!(Timestamp::parse_ts("199904200000", "D")?.to_v2(), "19990420");
    /// assert_eq!(Timestamp::parse_ts("199904", "M")?.to_v2(), "199904");
    /// # Ok::<(), carewire_hl7_v2::TimestampError>(())
    /// ```
    ///
    /// # Errors
    /// As for a DTM.
    pub fn parse_ts(text: &str, degree: &str) -> Result<Self, TimestampError> {
        let time: Self = text.parse()?;
        Ok(Precision::from_degree(degree).map_or(time, |degree| time.reduced_to(degree)))
    }

    /// The same without what is finer than this precision. A zone stays.
    #[must_use]
    pub fn reduced_to(self, precision: Precision) -> Self {
        Self {
            month: self.month.filter(|_| precision >= Precision::Month),
            day: self.day.filter(|_| precision >= Precision::Day),
            hour: self.hour.filter(|_| precision >= Precision::Hour),
            minute: self.minute.filter(|_| precision >= Precision::Minute),
            second: self.second.filter(|_| precision >= Precision::Second),
            fraction: self.fraction.filter(|_| precision >= Precision::Fraction),
            ..self
        }
    }

    /// The digits behind the decimal point of the seconds, as they were given.
    #[must_use]
    pub fn fraction_digits(&self) -> Option<String> {
        self.fraction.map(|fraction| fraction.digits())
    }

    /// How far it goes.
    #[must_use]
    pub fn precision(&self) -> Precision {
        match self {
            Self { month: None, .. } => Precision::Year,
            Self { day: None, .. } => Precision::Month,
            Self { hour: None, .. } => Precision::Day,
            Self { minute: None, .. } => Precision::Hour,
            Self { second: None, .. } => Precision::Minute,
            Self { fraction: None, .. } => Precision::Second,
            _ => Precision::Fraction,
        }
    }

    /// The year.
    #[must_use]
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(&self) -> Option<u8> {
        self.month
    }

    /// The day of the month.
    #[must_use]
    pub fn day(&self) -> Option<u8> {
        self.day
    }

    /// The hour, 0 to 23.
    #[must_use]
    pub fn hour(&self) -> Option<u8> {
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

    /// The zone, if the message gave one.
    #[must_use]
    pub fn offset(&self) -> Option<UtcOffset> {
        self.offset
    }

    /// The text of a DTM: precision and zone as they were given.
    ///
    /// ```
    /// use carewire_hl7_v2::Timestamp;
    ///
    /// let time: Timestamp = "20240301101530.0420-0330".parse()?;
    /// assert_eq!(time.to_v2(), "20240301101530.0420-0330");
    /// # Ok::<(), carewire_hl7_v2::TimestampError>(())
    /// ```
    #[must_use]
    pub fn to_v2(&self) -> String {
        use std::fmt::Write as _;
        let mut text = format!("{:04}", self.year);
        for pair in [self.month, self.day, self.hour, self.minute, self.second].into_iter().flatten() {
            let _ = write!(text, "{pair:02}");
        }
        if let Some(fraction) = self.fraction {
            let _ = write!(text, "{fraction}");
        }
        if let Some(offset) = self.offset {
            text.push_str(&offset.to_v2());
        }
        text
    }

    /// The text of a FHIR `date`: year, month and day as far as given.
    #[must_use]
    pub fn to_fhir_date(&self) -> String {
        let mut text = String::with_capacity(FHIR_LENGTH);
        push_digits(&mut text, self.year, 4);
        for part in [self.month, self.month.and(self.day)].into_iter().flatten() {
            text.push('-');
            push_digits(&mut text, part.into(), 2);
        }
        text
    }

    /// The text of a FHIR `dateTime` with the precision that the message gave.
    ///
    /// FHIR has a time of day only with minutes and a zone. Without them the text is the date alone and
    /// [`FhirDateTime::reduced`] says why; a zone is never invented, see [`Timestamp::to_fhir_in`]. Seconds that
    /// were not given are written as `00`, as FHIR prescribes. A zone behind a date alone is left out.
    #[must_use]
    pub fn to_fhir(&self) -> FhirDateTime {
        self.written(self.offset)
    }

    /// The same, for a sender whose times without a zone are known to be in this one.
    ///
    /// ```
    /// use carewire_hl7_v2::{Reduction, Timestamp, UtcOffset};
    ///
    /// let time: Timestamp = "20240301101530".parse()?;
    /// assert_eq!(time.to_fhir().text(), "2024-03-01");
    /// assert_eq!(time.to_fhir().reduced(), Some(Reduction::NoZone));
    /// let zone: UtcOffset = "+0100".parse()?;
    /// assert_eq!(time.to_fhir_in(zone).text(), "2024-03-01T10:15:30+01:00");
    /// # Ok::<(), carewire_hl7_v2::TimestampError>(())
    /// ```
    #[must_use]
    pub fn to_fhir_in(&self, zone: UtcOffset) -> FhirDateTime {
        self.written(self.offset.or(Some(zone)))
    }

    fn written(&self, zone: Option<UtcOffset>) -> FhirDateTime {
        let mut text = self.to_fhir_date();
        let reduced = match (self.hour, self.minute, zone) {
            (None, ..) => None,
            (Some(_), None, _) => Some(Reduction::NoMinutes),
            (Some(_), Some(_), None) => Some(Reduction::NoZone),
            (Some(hour), Some(minute), Some(zone)) => {
                for (before, part) in [('T', hour), (':', minute), (':', self.second.unwrap_or(0))] {
                    text.push(before);
                    push_digits(&mut text, part.into(), 2);
                }
                if let Some(fraction) = self.fraction {
                    text.push_str(&fraction.to_string());
                }
                zone.push_to(&mut text);
                None
            }
        };
        FhirDateTime { text, reduced }
    }
}

/// The room that a FHIR `dateTime` needs.
const FHIR_LENGTH: usize = 32;

/// Writes the last digits of a number behind a text: a message has many times, and `format!` is slow.
fn push_digits(text: &mut String, number: u16, digits: u32) {
    for place in (0..digits).rev() {
        let digit = (number / 10_u16.pow(place) % 10) as u8;
        text.push(char::from(b'0' + digit));
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let (local, offset) = split_zone(text)?;
        let (digits, fraction) = split_fraction(local, 14)?;
        let mut parts = Digits::new(digits, 4..=14)?;
        let (century, of_century) = (parts.pair(0..=99)?, parts.pair(0..=99)?);
        let (Some(century), Some(of_century)) = (century, of_century) else {
            return Err(TimestampError::Shape);
        };
        let year = u16::from(century) * 100 + u16::from(of_century);
        let month = parts.pair(1..=12)?;
        let day = parts.pair(1..=days_in(year, month))?;
        let (hour, minute, second) = (parts.pair(0..=23)?, parts.pair(0..=59)?, parts.pair(0..=60)?);
        match year {
            0 => Err(TimestampError::Range),
            _ => Ok(Self { year, month, day, hour, minute, second, fraction, offset }),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = if self.offset.is_some() { "with" } else { "without" };
        write!(f, "Timestamp({:?}, {zone} zone)", self.precision())
    }
}

/// A distance from UTC, as in `-0500`. Written as FHIR has it: `-05:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UtcOffset {
    negative: bool,
    hours: u8,
    minutes: u8,
}

impl UtcOffset {
    /// UTC itself, `+0000`.
    pub const UTC: Self = Self { negative: false, hours: 0, minutes: 0 };

    /// The minutes to add to UTC for the local time: -210 for `-0330`.
    #[must_use]
    pub fn minutes(&self) -> i16 {
        let minutes = i16::from(self.hours) * 60 + i16::from(self.minutes);
        if self.negative { -minutes } else { minutes }
    }

    /// As FHIR has it, behind a text.
    fn push_to(self, text: &mut String) {
        text.push(if self.negative { '-' } else { '+' });
        push_digits(text, self.hours.into(), 2);
        text.push(':');
        push_digits(text, self.minutes.into(), 2);
    }

    /// As HL7 v2 writes it: `-0330`. Negative zero stays so.
    #[must_use]
    pub fn to_v2(&self) -> String {
        let sign = if self.negative { '-' } else { '+' };
        format!("{sign}{:02}{:02}", self.hours, self.minutes)
    }
}

impl FromStr for UtcOffset {
    type Err = TimestampError;

    /// Reads `+HHMM` and `-HHMM`, up to 14 hours.
    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let (sign, digits) = text.split_at_checked(1).ok_or(TimestampError::Shape)?;
        if !matches!(sign, "+" | "-") || digits.len() != 4 {
            return Err(TimestampError::Shape);
        }
        let mut parts = Digits::new(digits, 4..=4)?;
        let (hours, minutes) = (parts.pair(0..=14)?.unwrap_or(0), parts.pair(0..=59)?.unwrap_or(0));
        match (hours, minutes) {
            (14, 1..) => Err(TimestampError::Range),
            _ => Ok(Self { negative: sign == "-", hours, minutes }),
        }
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", self.hours, self.minutes)
    }
}

/// The text of a FHIR `dateTime`, and what FHIR had no room for.
#[derive(Clone, PartialEq, Eq)]
pub struct FhirDateTime {
    text: String,
    reduced: Option<Reduction>,
}

impl FhirDateTime {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why the time of day is left out although the message gave one.
    #[must_use]
    pub fn reduced(&self) -> Option<Reduction> {
        self.reduced
    }

    /// The text, by value.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

impl fmt::Debug for FhirDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FhirDateTime").field("reduced", &self.reduced).finish_non_exhaustive()
    }
}

/// Why a time of day could not be written in FHIR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reduction {
    /// The message gave no zone, and none was supplied.
    NoZone,
    /// The message gave the hour only.
    NoMinutes,
}

/// Why a text is not a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampError {
    /// It is not of the form `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`.
    #[error("not of the form of a timestamp")]
    Shape,
    /// A part is out of its range, such as month 13 or 30 February.
    #[error("part of a timestamp out of range")]
    Range,
}

/// What stands before the zone, and the zone.
fn split_zone(text: &str) -> Result<(&str, Option<UtcOffset>), TimestampError> {
    match text.find(['+', '-']).and_then(|at| text.split_at_checked(at)) {
        Some((local, offset)) => Ok((local, Some(offset.parse()?))),
        None => Ok((text, None)),
    }
}

/// What stands before the decimal point, `whole` digits long, and the fraction behind it.
fn split_fraction(local: &str, whole: usize) -> Result<(&str, Option<Fraction>), TimestampError> {
    match local.split_once('.') {
        Some((digits, fraction)) if digits.len() == whole => Ok((digits, Some(Fraction::parse(fraction)?))),
        Some(_) => Err(TimestampError::Shape),
        None => Ok((local, None)),
    }
}

/// The digits behind the decimal point of the seconds, leading and trailing zeros included.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Fraction {
    digits: usize,
    value: u16,
}

impl Fraction {
    fn parse(text: &str) -> Result<Self, TimestampError> {
        let is_fraction = matches!(text.len(), 1..=4) && text.bytes().all(|byte| byte.is_ascii_digit());
        let value = text.parse().ok().filter(|_| is_fraction).ok_or(TimestampError::Shape)?;
        Ok(Self { digits: text.len(), value })
    }

    fn digits(self) -> String {
        format!("{:0digits$}", self.value, digits = self.digits)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ".{}", self.digits())
    }
}

/// Pairs of digits.
struct Digits<'t>(std::slice::ChunksExact<'t, u8>);

impl<'t> Digits<'t> {
    /// An even number of digits, within these bounds.
    fn new(text: &'t str, lengths: std::ops::RangeInclusive<usize>) -> Result<Self, TimestampError> {
        let bytes = text.as_bytes();
        let pairs = bytes.chunks_exact(2);
        let even = pairs.remainder().is_empty() && lengths.contains(&bytes.len());
        if even && bytes.iter().all(u8::is_ascii_digit) {
            Ok(Self(pairs))
        } else {
            Err(TimestampError::Shape)
        }
    }

    /// The next pair, if there is one, as a number in this range.
    fn pair(&mut self, range: std::ops::RangeInclusive<u8>) -> Result<Option<u8>, TimestampError> {
        let Some(pair) = self.0.next() else { return Ok(None) };
        let value =
            pair.iter().fold(0_u8, |sum, digit| sum.wrapping_mul(10).wrapping_add(digit.wrapping_sub(b'0')));
        if range.contains(&value) { Ok(Some(value)) } else { Err(TimestampError::Range) }
    }
}

fn days_in(year: u16, month: Option<u8>) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        Some(2) if leap => 29,
        Some(2) => 28,
        Some(4 | 6 | 9 | 11) => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests;
