//! Arithmetic on moments.

use crate::Timestamp;

/// The moment of a v2 time in UTC, as text that sorts as moments do. For order only: a time without a zone counts as
/// UTC, and what is not given as its beginning.
pub(crate) fn utc(time: &Timestamp) -> Option<String> {
    let clock = [time.hour(), time.minute(), time.second()].map(|part| i64::from(part.unwrap_or(0)));
    let day = days_from_civil(
        i64::from(time.year()),
        i64::from(time.month().unwrap_or(1)),
        i64::from(time.day().unwrap_or(1)),
    );
    let offset = time.offset().map_or(0, |offset| i64::from(offset.minutes()) * 60);
    let moment =
        Moment { seconds: day * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2].min(59) - offset };
    let fraction = time.fraction_digits().map(|digits| format!(".{digits}")).unwrap_or_default();
    Some(format!("{}{fraction}Z", moment.text()?))
}

/// The moment so many seconds after an instant of FHIR, in the same zone.
pub(crate) fn later(start: &str, seconds: i64) -> Option<String> {
    let (date, rest) = start.split_once('T')?;
    let (clock, zone) = rest.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let begin = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second.min(59);
    Some(format!("{}{zone}", Moment { seconds: begin.checked_add(seconds)? }.text()?))
}

/// Seconds since 1970-01-01.
struct Moment {
    seconds: i64,
}

impl Moment {
    fn text(&self) -> Option<String> {
        let (days, of_day) = (self.seconds.div_euclid(86_400), self.seconds.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        (1..=9999).contains(&year).then_some(text)
    }
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
    let shifted = days.saturating_add(719_468);
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

    #[test]
    fn a_moment_is_the_same_in_every_zone() {
        let of = |text: &str| utc(&text.parse().unwrap()).unwrap();
        assert_eq!(of("20240305143000+0100"), "2024-03-05T13:30:00Z");
        assert_eq!(of("20240301003000.25+0130"), "2024-02-29T23:00:00.25Z");
        assert_eq!(of("202403"), "2024-03-01T00:00:00Z");
        assert_eq!(of("20240305143000"), "2024-03-05T14:30:00Z");
    }

    #[test]
    fn an_instant_moves_over_days_and_years_and_keeps_its_zone() {
        assert_eq!(later("2024-02-28T23:59:30+01:00", 60).as_deref(), Some("2024-02-29T00:00:30+01:00"));
        assert_eq!(later("2023-12-31T23:00:00.5Z", 3600).as_deref(), Some("2024-01-01T00:00:00.5Z"));
        assert_eq!(later("9999-12-31T23:59:59Z", 1), None);
        assert_eq!(later("9999-12-31T23:59:59Z", i64::MAX), None);
        assert_eq!(later("2024-03-05", 1), None);
    }
}
