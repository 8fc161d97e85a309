//! Which of two dates is earlier, as far as that is known.

use std::cmp::Ordering;

use super::epoch::days_from_civil;
use super::{Date, DateParts, DateTime, Instant, Precision, TimeParts, Zone};

impl DateParts<'_> {
    /// Before, after or the same; `None` when what is written leaves it open.
    ///
    /// Two times are compared as moments, to the last digit, and a leap second is before the second that follows. Two
    /// texts without a zone are compared as in one zone; if only one has none, `zone` is its zone. This is the
    /// comparison of FHIRPath (6.2), where seconds and their fractions are one precision.
    ///
    /// ```
    /// use std::cmp::Ordering::*;
    /// use carewire_fhir_core::{DateParts, Zone};
    /// let compare = |a, b| DateParts::parse(a)?.compare(&DateParts::parse(b)?, Zone::UTC);
    /// assert_eq!(compare("2024-03", "2024-04-01"), Some(Less));
    /// assert_eq!(compare("2024-03", "2024-03-01"), None);
    /// assert_eq!(compare("2024-03-05T10:00:00+01:00", "2024-03-05T09:00:00.0Z"), Some(Equal));
    /// ```
    #[must_use]
    pub fn compare(&self, other: &DateParts<'_>, zone: Zone) -> Option<Ordering> {
        let zone = if self.offset_minutes.or(other.offset_minutes).is_none() { Zone::UTC } else { zone };
        if let (Some(own), Some(others)) = (self.known_moment(zone), other.known_moment(zone)) {
            return Some(own.cmp(&others));
        }
        let (own, others) = (self.bounds(zone), other.bounds(zone));
        if own == others {
            Some(Ordering::Equal)
        } else if own.end <= others.start {
            Some(Ordering::Less)
        } else if others.end <= own.start {
            Some(Ordering::Greater)
        } else {
            None
        }
    }

    /// Whether both mean the same moments and are known equally well; a fraction of a second is no better than the
    /// second. This is the equivalence of FHIRPath (6.1): never unknown.
    #[must_use]
    pub fn is_equivalent(&self, other: &DateParts<'_>) -> bool {
        let precision = |parts: &DateParts<'_>| parts.precision().min(Precision::Second);
        precision(self) == precision(other) && self.compare(other, Zone::UTC) == Some(Ordering::Equal)
    }

    /// An order of all dates and times, to sort by: by the first moment that may be meant, dates as in UTC, and at the
    /// same moment what is less precise first. Where [`DateParts::compare`] in UTC knows an order, it is this one.
    #[must_use]
    pub fn chronological(&self, other: &DateParts<'_>) -> Ordering {
        let precision = |parts: &DateParts<'_>| parts.precision().min(Precision::Second);
        self.moment(0).cmp(&other.moment(0)).then_with(|| precision(self).cmp(&precision(other)))
    }

    /// The moment, when there is a second and a zone.
    fn known_moment(&self, zone: Zone) -> Option<(i64, u8, &str)> {
        self.time?.second?;
        match (self.offset_minutes, zone) {
            (Some(_), _) => Some(self.moment(0)),
            (None, Zone::Offset(offset)) => Some(self.moment(offset)),
            (None, Zone::Any) => None,
        }
    }

    /// The minute in UTC, the second in it and the fraction: in this order leap seconds have a place of their own.
    fn moment(&self, assumed_offset: i16) -> (i64, u8, &str) {
        let days = days_from_civil(i64::from(self.year), self.month.unwrap_or(1), self.day.unwrap_or(1));
        let offset = i64::from(self.offset_minutes.unwrap_or(assumed_offset));
        match self.time {
            Some(time) => {
                let minute = days * 1440 + i64::from(time.hour) * 60 + i64::from(time.minute) - offset;
                (minute, time.second.unwrap_or(0), time.fraction.trim_end_matches('0'))
            }
            None => (days * 1440 - offset, 0, ""),
        }
    }
}

impl TimeParts<'_> {
    /// Which time of the day is the earlier one, to the last digit.
    #[must_use]
    pub fn compare(&self, other: &TimeParts<'_>) -> Ordering {
        let key = |time: &Self| (time.hour, time.minute, time.second);
        let fraction = || self.fraction.trim_end_matches('0').cmp(other.fraction.trim_end_matches('0'));
        key(self).cmp(&(other.hour, other.minute, other.second)).then_with(fraction)
    }
}

impl Date {
    /// [`DateParts::compare`] of two dates, which needs no zone.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        self.parts().compare(&other.parts(), Zone::UTC)
    }
}

impl DateTime {
    /// [`DateParts::compare`].
    #[must_use]
    pub fn compare(&self, other: &Self, zone: Zone) -> Option<Ordering> {
        self.parts().compare(&other.parts(), zone)
    }
}

impl Instant {
    /// Which instant is the earlier one, to the last digit.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        self.parts().chronological(&other.parts())
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use super::*;

    fn compare(a: &str, b: &str, zone: Zone) -> Option<Ordering> {
        DateParts::parse(a).unwrap().compare(&DateParts::parse(b).unwrap(), zone)
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        for (a, b, expected) in [
            ("2024", "2024", Some(Equal)),
            ("2024", "2025", Some(Less)),
            ("2024", "2024-01", None),
            ("2024-12", "2025", Some(Less)),
            ("2024-02-29", "2024-03", Some(Less)),
            ("2024-03-05", "2024-03-05T10:00:00Z", None),
            ("2024-03-05", "2024-03-06T00:00:00Z", Some(Less)),
            ("2024-03-05", "2024-03-04T23:59:59.9Z", Some(Greater)),
            ("2024-03-05T10:00:00Z", "2024-03-05T10:00:00.000Z", Some(Equal)),
            ("2024-03-05T10:00:00Z", "2024-03-05T10:00:00.0000000000001Z", Some(Less)),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", Some(Less)),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.99Z", Some(Greater)),
            ("2017-01-01T08:59:60+09:00", "2016-12-31T23:59:60Z", Some(Equal)),
        ] {
            assert_eq!(compare(a, b, Zone::UTC), expected, "{a} {b}");
            assert_eq!(compare(b, a, Zone::UTC), expected.map(Ordering::reverse), "{b} {a}");
        }
    }

    #[test]
    fn the_zone_of_a_date_decides() {
        let time = "2024-03-05T23:30:00Z";
        assert_eq!(compare("2024-03-06", time, Zone::UTC), Some(Greater));
        assert_eq!(compare("2024-03-06", time, Zone::Offset(60)), None);
        assert_eq!(compare("2024-03-06", time, Zone::Any), None);
        assert_eq!(compare("2024-03-08", time, Zone::Any), Some(Greater));
        assert_eq!(compare("2024-03-05", "2024-03-06", Zone::Any), Some(Less));
    }

    #[test]
    fn minutes_and_times_without_a_zone_are_compared_as_far_as_they_go() {
        let searched = |a, b, zone| {
            DateParts::parse_searched(a).unwrap().compare(&DateParts::parse_searched(b).unwrap(), zone)
        };
        assert_eq!(searched("2024-03-05T10:00Z", "2024-03-05T10:00:30Z", Zone::UTC), None);
        assert_eq!(searched("2024-03-05T10:00Z", "2024-03-05T10:01:00Z", Zone::UTC), Some(Less));
        assert_eq!(searched("2024-03-05T10:00:00", "2024-03-05T10:00:00Z", Zone::UTC), Some(Equal));
        assert_eq!(searched("2024-03-05T10:00:00", "2024-03-05T10:00:00Z", Zone::Offset(60)), Some(Less));
        assert_eq!(searched("2024-03-05T10:00:00", "2024-03-05T10:00:00Z", Zone::Any), None);
        assert_eq!(searched("2024-03-05T10:00:00", "2024-03-05T10:00:00.5", Zone::Any), Some(Less));
        for bad in
            ["2024-03-05T10", "2024-03T10:00", "2024-03-05T10:0", "2024-03-05T10:00:", "2024-03-05T10:00z"]
        {
            assert!(DateParts::parse_searched(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn equivalence_asks_for_the_same_precision() {
        let same = |a, b| DateParts::parse(a).unwrap().is_equivalent(&DateParts::parse(b).unwrap());
        assert!(same("2024-03", "2024-03") && same("2024-03-05T10:00:00Z", "2024-03-05T11:00:00.00+01:00"));
        assert!(!same("2024", "2024-01") && !same("2024-03-05", "2024-03-05T00:00:00Z"));
    }

    #[test]
    fn times_of_the_day_have_an_order() {
        let order = |a, b| TimeParts::parse(a).unwrap().compare(&TimeParts::parse(b).unwrap());
        assert_eq!(order("10:00:00", "10:00:00.0"), Equal);
        assert_eq!(order("10:00:00.45", "10:00:00.5"), Less);
        assert_eq!(order("23:59:60", "23:59:59.999"), Greater);
    }
}
