//! A date and time taken apart, without a copy.

use super::Precision;

/// What a date, dateTime or instant says, part by part. Reading it allocates nothing.
///
/// ```
/// use carewire_fhir_core::{DateParts, Precision};
/// let parts = DateParts::parse("2024-03-05T14:30:00.250+01:00").ok_or("no date")?;
/// assert_eq!((parts.year, parts.month, parts.day, parts.offset_minutes), (2024, Some(3), Some(5), Some(60)));
/// assert_eq!(parts.time.map(|time| (time.hour, time.minute, time.second, time.fraction)), Some((14, 30, Some(0), "250")));
/// assert_eq!(DateParts::parse("2024-03").map(|parts| parts.precision()), Some(Precision::Month));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DateParts<'a> {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: Option<u8>,
    /// 1 to the last day of the month.
    pub day: Option<u8>,
    /// The time of the day; only with a day.
    pub time: Option<TimeParts<'a>>,
    /// Minutes east of Greenwich, -840 to 840; only with a time.
    pub offset_minutes: Option<i16>,
}

/// A time of the day.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeParts<'a> {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59, or 60 for a leap second. Only a search may leave it out.
    pub second: Option<u8>,
    /// The digits after the point, as many as were written; empty when there is no point.
    pub fraction: &'a str,
}

impl<'a> DateParts<'a> {
    /// Reads a text of the type `date`, `dateTime` or `instant` (R4 datatypes, 2.24.0.1); `None` when it is neither.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (mut parts, rest) = date(text.as_bytes())?;
        let [b'T', rest @ ..] = rest else { return rest.is_empty().then_some(parts) };
        parts.day?;
        let (time, rest) = time(rest)?;
        parts.time = Some(time);
        parts.offset_minutes = Some(zone(rest)?);
        Some(parts)
    }

    /// Reads a date as a search writes it: seconds and the zone may be left out (R4 search, 3.1.1.4.7).
    ///
    /// ```
    /// use carewire_fhir_core::{DateParts, Precision};
    /// let parts = DateParts::parse_searched("2024-03-05T14:30");
    /// assert_eq!(parts.map(|parts| (parts.precision(), parts.offset_minutes)), Some((Precision::Minute, None)));
    /// ```
    #[must_use]
    pub fn parse_searched(text: &'a str) -> Option<Self> {
        let (mut parts, rest) = date(text.as_bytes())?;
        let [b'T', rest @ ..] = rest else { return rest.is_empty().then_some(parts) };
        parts.day?;
        let (time, rest) = time(rest).or_else(|| minute(rest))?;
        parts.time = Some(time);
        parts.offset_minutes = if rest.is_empty() { None } else { Some(zone(rest)?) };
        Some(parts)
    }

    /// How much is known.
    #[must_use]
    pub fn precision(&self) -> Precision {
        match (self.month, self.day, self.time) {
            (_, _, Some(TimeParts { second: None, .. })) => Precision::Minute,
            (_, _, Some(TimeParts { fraction: "", .. })) => Precision::Second,
            (_, _, Some(_)) => Precision::Fraction,
            (_, Some(_), None) => Precision::Day,
            (Some(_), None, None) => Precision::Month,
            (None, None, None) => Precision::Year,
        }
    }

    /// The parts of a text that was checked before.
    pub(super) fn of(text: &'a str) -> Self {
        Self::parse(text).unwrap_or(Self {
            year: 1,
            month: None,
            day: None,
            time: None,
            offset_minutes: None,
        })
    }
}

impl<'a> TimeParts<'a> {
    /// Reads a text of the type `time`; `None` when it is no such text.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        time(text.as_bytes()).filter(|(_, rest)| rest.is_empty()).map(|(time, _)| time)
    }

    /// The time of a text that was checked before.
    pub(super) fn of(text: &'a str) -> Self {
        Self::parse(text).unwrap_or(Self { hour: 0, minute: 0, second: Some(0), fraction: "" })
    }
}

impl std::fmt::Debug for DateParts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DateParts({:?})", self.precision())
    }
}

impl std::fmt::Debug for TimeParts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TimeParts(..)")
    }
}

fn date(bytes: &[u8]) -> Option<(DateParts<'_>, &[u8])> {
    let [a, b, c, d, rest @ ..] = bytes else { return None };
    let year = u16::from(two(*a, *b)?) * 100 + u16::from(two(*c, *d)?);
    let mut parts = DateParts { year, month: None, day: None, time: None, offset_minutes: None };
    if year == 0 {
        return None;
    }
    let [b'-', a, b, rest @ ..] = rest else { return Some((parts, rest)) };
    let month = two(*a, *b).filter(|month| (1..=12).contains(month))?;
    parts.month = Some(month);
    let [b'-', a, b, rest @ ..] = rest else { return Some((parts, rest)) };
    parts.day = Some(two(*a, *b).filter(|day| (1..=days_in(year, month)).contains(day))?);
    Some((parts, rest))
}

fn minute(bytes: &[u8]) -> Option<(TimeParts<'_>, &[u8])> {
    let [a, b, b':', c, d, rest @ ..] = bytes else { return None };
    let hour = two(*a, *b).filter(|hour| *hour <= 23)?;
    let minute = two(*c, *d).filter(|minute| *minute <= 59)?;
    Some((TimeParts { hour, minute, second: None, fraction: "" }, rest))
}

fn time(bytes: &[u8]) -> Option<(TimeParts<'_>, &[u8])> {
    let (time, rest) = minute(bytes)?;
    let [b':', a, b, rest @ ..] = rest else { return None };
    let second = Some(two(*a, *b).filter(|second| *second <= 60)?);
    let [b'.', rest @ ..] = rest else { return Some((TimeParts { second, ..time }, rest)) };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (fraction, rest) = rest.split_at_checked(digits).filter(|_| digits > 0)?;
    Some((TimeParts { second, fraction: std::str::from_utf8(fraction).ok()?, ..time }, rest))
}

fn zone(bytes: &[u8]) -> Option<i16> {
    let (sign, [a, b, b':', c, d]) = (match bytes {
        [b'Z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    }) else {
        return None;
    };
    match (two(*a, *b)?, two(*c, *d)?) {
        (hours @ 0..=13, minutes @ 0..=59) | (hours @ 14, minutes @ 0) => {
            Some(sign * (i16::from(hours) * 60 + i16::from(minutes)))
        }
        _ => None,
    }
}

fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

pub(super) fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}
