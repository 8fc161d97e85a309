//! How long a server asks to wait.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

/// Reads a `Retry-After`: seconds, or one of the three forms of HTTP dates. Also understood are the moments since 1970,
/// in seconds or milliseconds, that servers in the field send in place of seconds. A moment that is past is no wait.
/// `None` when nothing was understood.
///
/// ```
/// use std::time::Duration;
/// use carewire_bulk_data::retry_after;
/// let now = chrono::DateTime::from_timestamp(1_795_227_600, 0).ok_or("a time")?;
/// assert_eq!(retry_after("120", now), Some(Duration::from_secs(120)));
/// assert_eq!(retry_after("1795227617525", now), Some(Duration::from_millis(17_525)));
/// assert_eq!(retry_after("soon", now), None);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(header.parse().map_or(Duration::MAX, |number| from_number(number, now)));
    }
    let forms = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let moment = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(header, form).ok())?;
    Some(until(moment.and_utc().timestamp_millis(), now))
}

/// Ten digits are a moment in seconds, thirteen one in milliseconds: nobody means a wait of thirty years.
fn from_number(number: i64, now: DateTime<Utc>) -> Duration {
    match number {
        0..1_000_000_000 => Duration::from_secs(number.unsigned_abs()),
        1_000_000_000..1_000_000_000_000 => until(number.saturating_mul(1000), now),
        _ => until(number, now),
    }
}

fn until(millis: i64, now: DateTime<Utc>) -> Duration {
    Duration::from_millis(millis.saturating_sub(now.timestamp_millis()).max(0).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_are_understood() {
        let now = DateTime::from_timestamp(784_111_777, 0).unwrap(); // Sun, 06 Nov 1994 08:49:37 GMT
        let wait = |header: &str| retry_after(header, now).map(|wait| wait.as_secs());
        assert_eq!(wait(" 5 "), Some(5));
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(wait("Sunday, 06-Nov-94 08:50:37 GMT"), Some(60));
        assert_eq!(wait("Sun Nov  6 08:50:37 1994"), Some(60));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(wait("1784111777"), Some(1_000_000_000));
        assert_eq!(wait("99999999999999999999"), Some(Duration::MAX.as_secs()));
        for bad in ["", "-1", "1.5", "tomorrow", "Sun, 06 Nov 1994"] {
            assert_eq!(wait(bad), None, "{bad}");
        }
    }
}
