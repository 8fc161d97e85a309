//! Moments, and the time between them: an amount in one field and its unit in the next.

use super::instant;
use crate::fhir::code::unit::seconds_in;
use crate::fhir::context::Context;
use crate::fhir::node::Seg;

/// The seconds that a field and its unit in the next field tell; units without a fixed length tell none.
pub(crate) fn seconds(seg: &Seg<'_>, field: u16) -> Option<i64> {
    let amount: i64 = seg.text(field)?.parse().ok()?;
    amount.checked_mul(seconds_in(seg.text(field + 1)?)?)
}

/// The moment so many seconds after this one, in the same zone. A day is no moment.
pub(crate) fn later<'a>(start: &str, seconds: i64, c: &Context<'a>) -> Option<&'a str> {
    instant::later(start, seconds).map(|moment| c.arena.text(&moment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::with_field;

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
