//! Times as the server stores them (milliseconds since 1970) and shows them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// `2026-11-21T04:05:06.789Z`.
pub(crate) fn instant_text(at: i64) -> String {
    instant(at).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// `Sat, 21 Nov 2026 04:05:06 GMT`.
pub(crate) fn http_date(at: i64) -> String {
    instant(at).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The range `[first, after)` that a FHIR date or date-time of any precision means.
pub(crate) fn range(text: &str) -> Option<(i64, i64)> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        let first = instant.timestamp_millis();
        let width = if text.contains('.') { 1 } else { 1_000 };
        return Some((first, first + width));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (first, after) = match text.len() {
        4 => {
            let year: i32 = text.parse().ok()?;
            (NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year + 1, 1, 1)?)
        }
        7 => {
            let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
            (first, first.checked_add_months(chrono::Months::new(1))?)
        }
        10 => {
            let first = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            (first, first.checked_add_signed(TimeDelta::days(1))?)
        }
        _ => return None,
    };
    Some((midnight(first)?, midnight(after)?))
}

fn midnight(date: NaiveDate) -> Option<i64> {
    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}

fn instant(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_means_the_whole_of_its_precision() {
        let day = 24 * 60 * 60 * 1_000;
        assert_eq!(range("1970-01-02"), Some((day, 2 * day)));
        assert_eq!(range("1970"), Some((0, 365 * day)));
        assert_eq!(range("1970-01"), Some((0, 31 * day)));
        assert_eq!(range("1970-01-01T00:00:01Z"), Some((1_000, 2_000)));
        assert_eq!(range("1970-01-01T01:00:00.001+01:00"), Some((1, 2)));
        assert_eq!(range("yesterday"), None);
    }

    #[test]
    fn instants_show_milliseconds() {
        assert_eq!(instant_text(1_001), "1970-01-01T00:00:01.001Z");
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
