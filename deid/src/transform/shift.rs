//! Dates moved into the past by the same number of days for all of a patient.

use std::fmt::{self, Write as _};

use carewire_fhir_core::DateParts;

use super::v2_date::V2Date;
use crate::Pseudonymizer;

/// How many days into the past the dates of one patient move.
///
/// The number comes from the key and the patient alone, so every date of the patient moves by it, in every resource,
/// message, file and run: intervals stay exact to the last digit. Only the day changes: precision, time of day,
/// fraction and zone stay as they were written. It is never 0, and never forwards, so no date lands after the day of
/// the release. A date of lower precision is moved as its first day and cut to its precision again.
///
/// ```
/// # use carewire_deid::{Entropy, Error, KeyRing, Pseudonymizer, transform::Shift};
/// # use carewire_fhir_core::OrgId;
/// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
/// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
/// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
/// # let ring = KeyRing::generate(&Count(Default::default()), "2026-11-20T00:00:00Z")?;
/// # let org = OrgId::new("org_a").unwrap();
/// let keys = Pseudonymizer::new(&ring, &org, "export");
/// let shift = Shift::new(&keys, &[b"Patient", b"7"], 365);
/// let moved = shift.fhir("2024-03-05T14:30:00.250+01:00").unwrap();
/// assert!(moved.ends_with("T14:30:00.250+01:00") && moved.as_str() < "2024-03-05");
/// assert_eq!(shift.v2("20240305").unwrap(), moved[..10].replace('-', ""));
/// assert_eq!(shift.fhir("2024-02-30"), None);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Shift {
    days: u16,
}

impl Shift {
    /// The shift of one patient under one key: 1 to `limit` days. `patient` names him by parts, as a type and an id; a
    /// `limit` of 0 is taken as 1.
    #[must_use]
    pub fn new(keys: &Pseudonymizer, patient: &[&[u8]], limit: u16) -> Self {
        let bits = keys.blind("shift", patient).first_chunk().copied().map_or(0, u64::from_be_bytes);
        let offset = bits % u64::from(limit.max(1));
        Self { days: u16::try_from(offset).unwrap_or_default().saturating_add(1) }
    }

    /// A shift by so many days, for a file that states them; `None` for 0.
    #[must_use]
    pub fn of_days(days: u16) -> Option<Self> {
        (days > 0).then_some(Self { days })
    }

    /// Moves a `date`, `dateTime` or `instant` of FHIR; `None` when it is not well-formed or would leave the years 1 to 9999.
    #[must_use]
    pub fn fhir(self, text: &str) -> Option<String> {
        let parts = DateParts::parse(text)?;
        let day = Day { year: parts.year, month: parts.month.unwrap_or(1), day: parts.day.unwrap_or(1) };
        let Day { year, month, day } = day.before(self.days)?;
        let mut moved = String::with_capacity(text.len());
        write!(moved, "{year:04}").ok()?;
        if parts.month.is_some() {
            write!(moved, "-{month:02}").ok()?;
        }
        if parts.day.is_some() {
            write!(moved, "-{day:02}").ok()?;
        }
        moved.push_str(text.get(moved.len()..)?);
        Some(moved)
    }

    /// Moves a `DT`, `DTM` or the first component of a `TS` of HL7 v2; `None` as for [`fhir`](Self::fhir).
    #[must_use]
    pub fn v2(self, text: &str) -> Option<String> {
        let V2Date { year, month, day } = V2Date::parse(text)?;
        let first = Day { year, month: month.unwrap_or(1), day: day.unwrap_or(1) };
        let moved_to = first.before(self.days)?;
        let mut moved = String::with_capacity(text.len());
        write!(moved, "{:04}", moved_to.year).ok()?;
        if month.is_some() {
            write!(moved, "{:02}", moved_to.month).ok()?;
        }
        if day.is_some() {
            write!(moved, "{:02}", moved_to.day).ok()?;
        }
        moved.push_str(text.get(moved.len()..)?);
        Some(moved)
    }
}

/// The number of days would undo the shift, so it is not shown.
impl fmt::Debug for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shift").finish_non_exhaustive()
    }
}

/// A day of the proleptic Gregorian calendar.
struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// So many days earlier; `None` before the year 1.
    fn before(mut self, days: u16) -> Option<Self> {
        let mut days = days;
        while days >= u16::from(self.day) {
            days -= u16::from(self.day);
            self.month -= 1;
            if self.month == 0 {
                self.month = 12;
                self.year = self.year.checked_sub(1).filter(|year| *year > 0)?;
            }
            self.day = days_in(self.year, self.month);
        }
        self.day -= u8::try_from(days).ok()?;
        Some(self)
    }
}

/// The days of a month, 0 for a month that there is not.
pub(super) fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyRing;
    use crate::entropy::tests::Seeded;
    use carewire_fhir_core::{Date, DateTime, OrgId, Zone};
    use proptest::prelude::*;

    fn keys(seed: u64) -> Pseudonymizer {
        let ring = KeyRing::generate(&Seeded::new(seed), "2026-11-20T00:00:00Z").unwrap();
        Pseudonymizer::new(&ring, &OrgId::new("a").unwrap(), "export")
    }

    fn by(days: u16) -> Shift {
        Shift::of_days(days).unwrap()
    }

    #[test]
    fn only_the_day_moves() {
        for (days, before, after) in [
            (1, "2024-03-01", Some("2024-02-29")),
            (1, "2023-03-01", Some("2023-02-28")),
            (1, "1900-03-01", Some("1900-02-28")),
            (1, "2000-03-01", Some("2000-02-29")),
            (366, "2024-12-31", Some("2023-12-31")),
            (1, "2024-01-01T00:00:00Z", Some("2023-12-31T00:00:00Z")),
            (1, "2016-12-31T23:59:60.123456789012+05:30", Some("2016-12-30T23:59:60.123456789012+05:30")),
            (31, "2024-03-31T02:30:00-00:00", Some("2024-02-29T02:30:00-00:00")),
            (1, "2024-03", Some("2024-02")),
            (31, "2024-03", Some("2024-01")),
            (1, "2024", Some("2023")),
            (1, "0001-01-02", Some("0001-01-01")),
            (2, "0001-01-02", None),
            (1, "0001", None),
            (1, "9999-12-31", Some("9999-12-30")),
            (u16::MAX, "9999-12-31", Some("9820-07-27")),
            (u16::MAX, "0100-01-01", None),
            (1, "2024-03-05T24:00:00Z", None),
            (1, "2024-03-05T10:00", None),
            (1, "2023-02-29", None),
            (1, "ZZ1931", None),
            (1, "", None),
        ] {
            assert_eq!(by(days).fhir(before).as_deref(), after, "{before}");
        }
    }

    #[test]
    fn the_spellings_of_v2_move_alike() {
        for (days, before, after) in [
            (1, "20240301", Some("20240229")),
            (1, "202403", Some("202402")),
            (1, "2024", Some("2023")),
            (1, "2024030110", Some("2024022910")),
            (1, "202403012400", Some("202402292400")),
            (1, "20240301101530.0420-0330", Some("20240229101530.0420-0330")),
            (1, "20240301+0100", Some("20240229+0100")),
            (1, "00010101", None),
            (1, "20230229", None),
            (1, "202403012430", None),
            (1, "2024-03-01", None),
            (1, "20240301T10", None),
            (1, "\"\"", None),
            (1, "", None),
        ] {
            assert_eq!(by(days).v2(before).as_deref(), after, "{before}");
        }
    }

    #[test]
    fn patients_and_keys_are_told_apart_and_a_patient_is_known_again() {
        let (one, two) = (keys(1), keys(2));
        let days =
            |keys: &Pseudonymizer, id: u32| Shift::new(keys, &[b"Patient", &id.to_be_bytes()], 365).days;
        assert_eq!(days(&one, 7), days(&one, 7));
        let equal = (0..2_000).filter(|id| days(&one, *id) == days(&two, *id)).count();
        assert!(equal < 30, "{equal} of 2000 shifts are the same under another key");
        let all: std::collections::BTreeSet<_> = (0..20_000).map(|id| days(&one, id)).collect();
        assert_eq!((all.len(), all.first(), all.last()), (365, Some(&1), Some(&365)));
        assert_eq!(Shift::new(&one, &[b"x"], 0).days, 1);
        assert!(!format!("{:?}", Shift::new(&one, &[b"x"], 365)).contains(|c: char| c.is_ascii_digit()));
    }

    proptest! {
        #[test]
        fn intervals_are_exact_and_order_is_kept(
            first in 200_000_i64..700_000, apart in 0_i64..40_000, days in 1_u16..3_000,
            hour in 0_u8..24, fraction in "(\\.[0-9]{1,12})?", zone in "Z|[+-]1[0-3]:[0-5][0-9]",
        ) {
            let day = |at: i64| Date::from_days_since_epoch(at - 719_163).unwrap();
            let moved = |at: i64| {
                let text = format!("{}T{hour:02}:15:30{fraction}{zone}", day(at).as_str());
                let moved = by(days).fhir(&text).unwrap();
                prop_assert_eq!(moved.get(10..), text.get(10..));
                let v2 = by(days).v2(&day(at).as_str().replace('-', "")).unwrap();
                prop_assert_eq!(Some(v2), moved.get(..10).map(|day| day.replace('-', "")));
                Ok((DateTime::parse(&text).unwrap().bounds(Zone::UTC).start, DateTime::parse(&moved).unwrap().bounds(Zone::UTC).start))
            };
            let ((a, moved_a), (b, moved_b)) = (moved(first)?, moved(first + apart)?);
            prop_assert_eq!(moved_b - moved_a, b - a);
            prop_assert_eq!(a - moved_a, i128::from(days) * 86_400_000_000_000);
        }

        #[test]
        fn a_partial_date_is_never_finer_and_never_later(text in "[0-9]{4}(-(0[1-9]|1[0-2]))?", days in 1_u16..800) {
            if let Some(moved) = by(days).fhir(&text) {
                prop_assert_eq!(moved.len(), text.len());
                prop_assert!(moved < text);
            }
        }

        #[test]
        fn any_text_gives_a_date_or_nothing(text in "\\PC{0,30}", digits in "[0-9T:Z.+-]{0,30}", days in 1_u16..) {
            for text in [text, digits] {
                if let Some(moved) = by(days).fhir(&text) {
                    prop_assert!(DateTime::parse(&moved).is_ok());
                }
                if let Some(moved) = by(days).v2(&text) {
                    prop_assert_eq!(moved.len(), text.len());
                    prop_assert!(V2Date::parse(&moved).is_some());
                }
            }
        }
    }
}
