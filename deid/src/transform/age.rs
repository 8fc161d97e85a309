//! Ages, and the one above which they are not told.

use carewire_fhir_core::{Date, DateParts};

use super::shift::days_in;
use super::v2_date::V2Date;

/// The highest age that may be told under Safe Harbor, 45 CFR 164.514(b)(2)(i)(C): "all ages over 89" go, and "all elements
/// of dates (including year) indicative of such age, except that such ages and elements may be aggregated into a single
/// category of age 90 or older".
pub const OLDEST: u32 = 89;

/// Whole years from a birth to a day: the most that the two allow, and 0 before the birth. `None` when `born` is
/// neither a date of FHIR nor one of HL7 v2.
///
/// Who may be 90 counts as 90: a birth that is known to the month is taken as its first day, a day that is known to the
/// year as its last.
///
/// ```
/// use carewire_deid::transform::age_at;
/// use carewire_fhir_core::Date;
/// let at = Date::parse("2026-11-22")?;
/// assert_eq!(age_at("1936-11-23", &at), Some(89));
/// assert_eq!(age_at("1936-11", &at), Some(90));
/// assert_eq!(age_at("19361122101500", &at), Some(90));
/// assert_eq!(age_at("unknown", &at), None);
/// # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
/// ```
#[must_use]
pub fn age_at(born: &str, at: &Date) -> Option<u32> {
    let (year, month, day) = first_day(born)?;
    let at = at.parts();
    let last_month = at.month.unwrap_or(12);
    let last_day = at.day.unwrap_or_else(|| days_in(at.year, last_month));
    let years = at.year.saturating_sub(year);
    let before_birthday = (last_month, last_day) < (month, day);
    Some(u32::from(years).saturating_sub(u32::from(before_birthday)))
}

/// How many of a unit of time make a year, whether UCUM writes it or a person; `None` for other units.
///
/// ```
/// use carewire_deid::transform::in_a_year;
/// assert_eq!((in_a_year("a"), in_a_year("Years"), in_a_year("mo")), (Some(1.0), Some(1.0), Some(12.0)));
/// assert_eq!((in_a_year("A"), in_a_year("mg")), (None, None));
/// ```
#[must_use]
pub fn in_a_year(unit: &str) -> Option<f64> {
    const DAYS: f64 = 365.25;
    let unit = unit.split('{').next().unwrap_or_default().trim();
    Some(match unit {
        "a" | "a_g" | "a_j" | "a_t" => 1.0,
        "mo" | "mo_g" | "mo_j" | "mo_s" => 12.0,
        "wk" => DAYS / 7.0,
        "d" => DAYS,
        "h" => DAYS * 24.0,
        "min" => DAYS * 1_440.0,
        "s" => DAYS * 86_400.0,
        word => match word.to_ascii_lowercase().as_str() {
            "y" | "yr" | "yrs" | "year" | "years" => 1.0,
            "month" | "months" => 12.0,
            "week" | "weeks" => DAYS / 7.0,
            "day" | "days" => DAYS,
            "hr" | "hrs" | "hour" | "hours" => DAYS * 24.0,
            "minute" | "minutes" => DAYS * 1_440.0,
            _ => return None,
        },
    })
}

fn first_day(text: &str) -> Option<(u16, u8, u8)> {
    let (year, month, day) = match DateParts::parse(text) {
        Some(parts) => (parts.year, parts.month, parts.day),
        None => V2Date::parse(text).map(|date| (date.year, date.month, date.day))?,
    };
    Some((year, month.unwrap_or(1), day.unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_most_that_both_dates_allow() {
        for (born, at, age) in [
            ("1936-11-22", "2026-11-22", Some(90)),
            ("1936-11-23", "2026-11-22", Some(89)),
            ("1936", "2026-01-01", Some(90)),
            ("1936-06", "2026", Some(90)),
            ("1936-02-29", "2026-02-28", Some(89)),
            ("1936-02-29", "2026-02", Some(89)),
            ("1936-02-29", "2026-03-01", Some(90)),
            ("2027-01-01", "2026-11-22", Some(0)),
            ("2026-11-22", "2026-11-22", Some(0)),
            ("193602", "2026-03", Some(90)),
            ("0001", "9999", Some(9998)),
            ("", "2026", None),
            ("2026-13", "2026", None),
        ] {
            assert_eq!(age_at(born, &Date::parse(at).unwrap()), age, "{born} at {at}");
        }
    }

    #[test]
    fn a_year_is_told_in_every_unit_of_time() {
        for (unit, many) in [
            ("a", Some(1.0)),
            ("a_j", Some(1.0)),
            ("a{age}", Some(1.0)),
            (" YRS ", Some(1.0)),
            ("mo_s", Some(12.0)),
            ("d", Some(365.25)),
            ("hours", Some(8_766.0)),
            ("s", Some(31_557_600.0)),
            ("M", None),
            ("D", None),
            ("", None),
            ("{age}", None),
        ] {
            assert_eq!(in_a_year(unit), many, "{unit}");
        }
    }

    proptest! {
        #[test]
        fn less_precision_never_makes_anyone_younger(days in -40_000_i64..20_000, at in 0_i64..20_000) {
            let (born, at) = (Date::from_days_since_epoch(days).unwrap(), Date::from_days_since_epoch(at).unwrap());
            let exact = age_at(born.as_str(), &at).unwrap();
            for cut in [4, 7] {
                let age = age_at(born.as_str().get(..cut).unwrap(), &at).unwrap();
                prop_assert!(age == exact || age == exact + 1);
                prop_assert!(age_at(born.as_str(), &Date::parse(at.as_str().get(..cut).unwrap()).unwrap()).unwrap() >= exact);
            }
        }
    }
}
