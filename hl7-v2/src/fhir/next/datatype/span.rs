//! Moments, and the time between them: an amount in one field and its unit in the next.

use crate::fhir::code::unit::seconds_in;
use crate::fhir::next::context::Context;
use crate::fhir::next::node::{Node, Seg};

/// The seconds that a field and its unit in the next field tell; units without a fixed length tell none.
pub(crate) fn seconds(seg: &Seg<'_>, field: u16) -> Option<i64> {
    let amount: i64 = seg.text(field)?.parse().ok()?;
    amount.checked_mul(seconds_in(seg.text(field + 1)?)?)
}

/// The seconds of a CQ: an amount and its unit.
pub(crate) fn seconds_of(cq: &Node<'_>) -> Option<i64> {
    let amount: i64 = cq.get(1)?.parse().ok()?;
    amount.checked_mul(seconds_in(cq.get(2)?)?)
}

/// The moment so many seconds after this one, in the same zone. A day is no moment.
pub(crate) fn later<'a>(start: &str, seconds: i64, c: &Context<'a>) -> Option<&'a str> {
    let (date, rest) = start.split_once('T')?;
    let (clock, zone) = rest.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let total = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second.min(59);
    let moved = total.checked_add(seconds)?;
    let (days, of_day) = (moved.div_euclid(86_400), moved.rem_euclid(86_400));
    if !(DAY_ONE..=LAST_DAY).contains(&days) {
        return None;
    }
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    Some(
        c.arena.format(format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")),
    )
}

/// 0001-01-01 and 9999-12-31, the years that FHIR can write, as days since 1970-01-01.
const DAY_ONE: i64 = -719_162;
const LAST_DAY: i64 = 2_932_896;

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
    use crate::fhir::next::testing::with_field;

    fn from(start: &str, seconds: i64) -> Option<String> {
        with_field("1", |_, c| later(start, seconds, c).map(str::to_owned))
    }

    #[test]
    fn later_crosses_days_and_leap_years() {
        for (start, seconds, end) in [
            ("2024-02-28T23:30:00.5+01:00", 3_600, "2024-02-29T00:30:00.5+01:00"),
            ("2023-12-31T23:59:59Z", 1, "2024-01-01T00:00:00Z"),
            ("2024-03-01T00:00:00Z", -86_400, "2024-02-29T00:00:00Z"),
            ("9999-12-31T23:59:58Z", 1, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(from(start, seconds).as_deref(), Some(end));
        }
        for seconds in [1, i64::MAX] {
            assert_eq!(from("9999-12-31T23:59:59Z", seconds), None);
        }
        assert_eq!(from("0001-01-01T00:00:00Z", -1), None);
        assert_eq!(from("2024-03-01", 60), None);
    }
}
