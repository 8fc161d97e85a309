//! Units of time, for durations.

/// The seconds in a unit of time. Senders write ISO, ANSI and plain words, in any case.
pub(crate) fn seconds_in(unit: &str) -> Option<i64> {
    let (_, seconds) =
        UNITS.iter().find(|(names, _)| names.iter().any(|name| unit.eq_ignore_ascii_case(name)))?;
    Some(*seconds)
}

const UNITS: &[(&[&str], i64)] = &[
    (&["s", "sec", "second", "seconds"], 1),
    (&["m", "min", "minute", "minutes"], 60),
    (&["h", "hr", "hour", "hours"], 3_600),
    (&["d", "day", "days"], 86_400),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_has_a_length_or_is_not_known() {
        assert_eq!(seconds_in("MIN"), Some(60));
        assert_eq!(seconds_in("hours"), Some(3_600));
        assert_eq!(seconds_in("mo"), None, "months differ");
        assert_eq!(seconds_in(""), None);
    }
}
