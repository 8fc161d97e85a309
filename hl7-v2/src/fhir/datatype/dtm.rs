//! DTM, TS, DT and TM: dates and times with the precision and zone that they came with.

use carewire_fhir_core::types::Period;
use carewire_fhir_core::{Date, DateTime, Instant, Time};

use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::Found;
use crate::{Reduction, TimeOfDay, Timestamp, UtcOffset};

/// `DTM[dateTime]`. A time without a zone is in the zone of the message; without one, only its day is kept.
pub(crate) fn date_time(node: &Node<'_>, c: &mut Context<'_>) -> Found<DateTime> {
    let Some(time) = timestamp(node, c)? else { return Ok(None) };
    let written = c.zone.map_or_else(|| time.to_fhir(), |zone| time.to_fhir_in(zone));
    match written.reduced() {
        None => {}
        Some(Reduction::NoMinutes) => c.report(node.at(), Reason::OnlyTheDay),
        Some(_) => c.report(node.at(), Reason::NoZone),
    }
    DateTime::parse(written.text()).map(Some).map_err(|_| Reason::NotADate)
}

/// `DTM[date]`: the day; a time behind it is left to others.
pub(crate) fn date(node: &Node<'_>, c: &Context<'_>) -> Found<Date> {
    let Some(time) = timestamp(node, c)? else { return Ok(None) };
    Date::parse(&time.to_fhir_date()).map(Some).map_err(|_| Reason::NotADate)
}

/// A DTM, or a TS with its degree of precision.
fn timestamp(node: &Node<'_>, c: &Context<'_>) -> Found<Timestamp> {
    let Some(text) = node.text() else { return Ok(None) };
    let degree = if c.times_have_degrees { node.get(2) } else { None };
    let time = Timestamp::parse_ts(&text, degree.as_deref().unwrap_or_default());
    time.map(Some).map_err(|_| Reason::NotADate)
}

/// `DTM[instant]`: a moment, to the second.
pub(crate) fn instant(node: &Node<'_>, c: &mut Context<'_>) -> Found<Instant> {
    let Some(time) = date_time(node, c)? else { return Ok(None) };
    time.instant().map(Some).ok_or(Reason::NotAMoment)
}

/// A period of two DTM.
pub(crate) fn period(start: Option<Node<'_>>, end: Option<Node<'_>>, c: &mut Context<'_>) -> Found<Period> {
    let mut time = |node: Option<Node<'_>>| node.map_or(Ok(None), |node| date_time(&node, c));
    let (start, end) = (time(start)?, time(end)?);
    let some = start.is_some() || end.is_some();
    Ok(some.then(|| Period { start, end, ..Period::default() }))
}

/// `TM[time]`: hours and minutes at least. Some senders write colons; the zone has no place in FHIR.
pub(crate) fn time(text: &str) -> Found<Time> {
    let time: TimeOfDay = text.replace(':', "").parse().map_err(|_| Reason::NotADate)?;
    let minute = time.minute().ok_or(Reason::NotADate)?;
    let fraction = time.fraction_digits().map(|digits| format!(".{digits}")).unwrap_or_default();
    let written = format!("{:02}:{minute:02}:{:02}{fraction}", time.hour(), time.second().unwrap_or(0));
    Time::parse(&written).map(Some).map_err(|_| Reason::NotADate)
}

/// The zone of a DTM, if it has one.
pub(crate) fn offset_of(text: &str) -> Option<UtcOffset> {
    text.parse::<Timestamp>().ok()?.offset()
}

/// The moment so many seconds later, in the same zone.
pub(crate) fn later(start: &Instant, seconds: i64) -> Option<Instant> {
    let (date, rest) = start.as_str().split_once('T')?;
    let (clock, zone) = rest.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let total = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second.min(59);
    let moved = total.checked_add(seconds)?;
    let (days, of_day) = (moved.div_euclid(86_400), moved.rem_euclid(86_400));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    Instant::parse(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")).ok()
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(|part| part.parse::<i64>().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counting years from March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{issues, with_field};

    fn written(field: &str) -> Result<Option<String>, Reason> {
        with_field(field, |n, c| Ok(date_time(n, c)?.map(|time| time.as_str().to_owned())))
    }

    #[test]
    fn precision_survives_and_the_zone_is_that_of_the_message() {
        for (field, time) in [
            ("2024", "2024"),
            ("202403", "2024-03"),
            ("20240305", "2024-03-05"),
            ("202403051430", "2024-03-05T14:30:00+01:00"),
            ("20240305143015.25-0500", "2024-03-05T14:30:15.25-05:00"),
        ] {
            assert_eq!(written(field), Ok(Some(time.into())), "{field}");
        }
    }

    #[test]
    fn a_degree_of_precision_says_how_much_is_meant() {
        for (field, time) in [
            ("199904200000^D", "1999-04-20"),
            ("199904200000^L", "1999-04"),
            ("19990420000000^Y", "1999"),
            ("19990420153000^M", "1999-04-20T15:30:00+01:00"),
            // Finer than what is given, or none of the table.
            ("199904^S", "1999-04"),
            ("19990420^X", "1999-04-20"),
        ] {
            assert_eq!(written(field), Ok(Some(time.into())), "{field}");
        }
        let date = with_field("19990420^Y", |n, c| date(n, c).map(|date| date.unwrap().as_str().to_owned()));
        assert_eq!(date, Ok("1999".into()));
        assert_eq!(written("X^199904200000&D"), Err(Reason::NotADate));
        let inside = with_field("X^199904200000&D", |n, c| date_time(&n.part(2).unwrap(), c));
        assert_eq!(inside.unwrap().unwrap().as_str(), "1999-04-20");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for field in ["20241301", "2024-03-05", "yesterday", "20230229", "7"] {
            assert_eq!(written(field), Err(Reason::NotADate), "{field}");
        }
    }

    #[test]
    fn an_hour_alone_is_a_day() {
        let (time, issues) = with_field("2024030514", |n, c| (date_time(n, c).unwrap().unwrap(), issues(c)));
        assert_eq!(time.as_str(), "2024-03-05");
        assert_eq!(issues, ["PID[1]-3[1]: hour without minutes: only the day was kept"]);
        assert_eq!(with_field("20240305", instant), Err(Reason::NotAMoment));
    }

    #[test]
    fn a_time_of_day() {
        let of = |text: &str| time(text).map(|time| time.map(|time| time.as_str().to_owned()));
        assert_eq!(of("1430"), Ok(Some("14:30:00".into())));
        assert_eq!(of("143015.5+0100"), Ok(Some("14:30:15.5".into())));
        assert_eq!(of("14:30:15"), Ok(Some("14:30:15".into())));
        for text in ["14", "2530", "14301", "é430", ""] {
            assert_eq!(of(text), Err(Reason::NotADate), "{text}");
        }
    }

    #[test]
    fn later_crosses_days_and_leap_years() {
        let from =
            |text: &str, seconds| later(&Instant::parse(text).unwrap(), seconds).unwrap().as_str().to_owned();
        assert_eq!(from("2024-02-28T23:30:00.5+01:00", 3_600), "2024-02-29T00:30:00.5+01:00");
        assert_eq!(from("2023-12-31T23:59:59Z", 1), "2024-01-01T00:00:00Z");
        assert_eq!(from("2024-03-01T00:00:00Z", -86_400), "2024-02-29T00:00:00Z");
        assert_eq!(later(&Instant::parse("9999-12-31T23:59:59Z").unwrap(), i64::MAX), None);
    }
}
