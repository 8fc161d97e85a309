use crate::Instant;

/// A moment as HTTP writes it, to the second: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http_date(instant: &Instant) -> Option<String> {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const SECONDS_OF_A_DAY: i64 = 86_400;
    let seconds = instant.epoch_seconds();
    // The epoch was a Thursday.
    let weekday = usize::try_from(seconds.div_euclid(SECONDS_OF_A_DAY).rem_euclid(7)).ok()?;
    let utc = Instant::from_epoch_seconds(seconds)?;
    let (date, time) = utc.as_str().strip_suffix('Z')?.split_once('T')?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
    Some(format!("{}, {day} {} {year} {time} GMT", DAYS.get(weekday)?, MONTHS.get(month.checked_sub(1)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_the_standard_does() {
        for (instant, expected) in [
            ("1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("2024-03-01T00:30:00.999+01:00", "Thu, 29 Feb 2024 23:30:00 GMT"),
            ("1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
        ] {
            assert_eq!(http_date(&Instant::parse(instant).unwrap()).as_deref(), Some(expected));
        }
    }
}
