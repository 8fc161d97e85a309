//! How long a server asks to wait.

use std::time::Duration;

use super::response::HttpResponse;
use crate::{Issue, Value};

/// Longer waits than this are not believed.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// What the headers say: `RateLimit`, else `Retry-After`.
pub(super) fn wait_of(response: &HttpResponse<'_>) -> Option<Duration> {
    rate_limit(response.all("ratelimit")).or_else(|| retry_after(response))
}

/// What Medplum says in the diagnostics of its 429: `{"_msBeforeNext":58831, ..}`.
pub(super) fn wait_in(issues: &[Issue]) -> Option<Duration> {
    let diagnostics = issues.iter().filter_map(|issue| issue.diagnostics.as_deref());
    diagnostics.filter_map(|text| Value::parse(text.as_bytes()).ok()).find_map(|quota| {
        let millis: f64 = quota.get("_msBeforeNext")?.as_number()?.parse().ok()?;
        Duration::try_from_secs_f64(millis / 1_000.0).ok()
    })
}

/// The longest `t` of those whose `r` is 0.
fn rate_limit<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Duration> {
    lines.flat_map(|line| line.split(',')).filter_map(exhausted_for).max()
}

/// Reads `"name";r=0;t=59`.
fn exhausted_for(item: &str) -> Option<Duration> {
    let parameter = |name: &str| -> Option<u64> {
        let pairs = item.split(';').filter_map(|part| part.trim().split_once('='));
        pairs.filter(|(key, _)| *key == name).find_map(|(_, value)| value.parse().ok())
    };
    (parameter("r")? == 0).then(|| parameter("t")).flatten().map(Duration::from_secs)
}

/// Seconds, or a date, which is compared with the server's own `Date`.
fn retry_after(response: &HttpResponse<'_>) -> Option<Duration> {
    let text = response.get("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = seconds(text)?.saturating_sub(seconds(response.get("date")?.trim())?);
    Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` as seconds from a fixed day.
fn seconds(date: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = date.split_once(", ")?.1.split(' ');
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| (0..10_000).contains(number));
    let day = number(words.next()?)?;
    let name = words.next()?;
    let month = i64::try_from(MONTHS.iter().position(|month| *month == name)?).ok()? + 1;
    let year = number(words.next()?)?;
    let mut clock = words.next()?.split(':').map(number);
    let (hours, minutes, seconds) = (clock.next()??, clock.next()??, clock.next()??);
    // Days from 1 March of year 0, so that a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    (words.next() == Some("GMT")).then_some(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_limit_lines_are_read() {
        let of = |lines: &[&str]| rate_limit(lines.iter().copied()).map(|wait| wait.as_secs());
        assert_eq!(of(&[r#""fhirInteractions";r=0;t=59"#, r#""requests";r=70;t=60"#]), Some(59));
        assert_eq!(of(&[r#""a";r=0;t=5, "b";r=0; t=9"#]), Some(9));
        assert_eq!(of(&[r#""a";r=1;t=5"#]), None);
        assert_eq!(of(&["nonsense", ""]), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let of = |after: &str, date: &str| {
            let response = HttpResponse::new(503, b"");
            wait_of(&response.header("retry-after", after).header("Date", date)).map(|wait| wait.as_secs())
        };
        assert_eq!(of("120", ""), Some(120));
        assert_eq!(of("Fri, 01 Mar 2024 00:00:10 GMT", "Thu, 29 Feb 2024 23:59:50 GMT"), Some(20));
        assert_eq!(of("Wed, 01 Jan 2025 00:00:00 GMT", "Tue, 31 Dec 2024 23:00:00 GMT"), Some(3_600));
        assert_eq!(of("Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 29 Feb 2024 23:59:50 GMT"), Some(0));
        for bad in ["-1", "soon", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT", ""] {
            assert_eq!(of(bad, "Thu, 29 Feb 2024 23:59:50 GMT"), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_header_can_be_read(line in ".*", after in ".*", date in ".*") {
            let response = HttpResponse::new(429, b"").header("ratelimit", &line);
            let wait = wait_of(&response.header("retry-after", &after).header("date", &date));
            proptest::prop_assert!(wait.is_none() || !after.is_empty() || line.contains('='));
        }

        #[test]
        fn a_date_is_later_by_what_is_added(day in 1..28_i64, hour in 0..23_i64) {
            let at = |day, hour| seconds(&format!("Sun, {day:02} Feb 2024 {hour:02}:00:00 GMT")).unwrap();
            proptest::prop_assert_eq!(at(day + 1, hour) - at(day, hour), 86_400);
            proptest::prop_assert_eq!(at(day, hour + 1) - at(day, hour), 3_600);
        }
    }
}
