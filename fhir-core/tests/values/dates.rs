//! Dates: their text, their moments and their order.

use std::cmp::Ordering;

use carewire_fhir_core::{Date, DateParts, DateTime, Instant, Precision, Time, Zone};
use proptest::prelude::*;

/// Any date or time that FHIR allows, close to others often enough to be compared.
pub(crate) fn date_time() -> impl Strategy<Value = String> {
    let year = prop_oneof![Just(2024_u16), 1_u16..=9999];
    let day = (year, 1_u8..=12, 1_u8..=31).prop_filter_map("no such day", |(y, m, d)| {
        Date::from_ymd(y, m, d).map(|date| date.as_str().to_owned())
    });
    let zone = prop_oneof![
        Just("Z".to_owned()),
        ("[+-]", 0_u8..14, 0_u8..60)
            .prop_map(|(sign, hours, minutes)| format!("{sign}{hours:02}:{minutes:02}")),
        "[+-]14:00",
    ];
    let time = (0_u8..24, 0_u8..60, 0_u8..=60, "(\\.[0-9]{1,12})?", zone)
        .prop_map(|(h, m, s, fraction, zone)| format!("T{h:02}:{m:02}:{s:02}{fraction}{zone}"));
    (day, prop_oneof![Just(4), Just(7), Just(10), Just(10), Just(99)], time).prop_map(
        |(day, length, time)| {
            if length > 10 { day + &time } else { day.chars().take(length).collect() }
        },
    )
}

fn zone() -> impl Strategy<Value = Zone> {
    prop_oneof![Just(Zone::Any), Just(Zone::UTC), (-840_i16..=840).prop_map(Zone::Offset)]
}

fn parts(text: &str) -> DateParts<'_> {
    DateParts::parse(text).unwrap()
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", near in "[0-9]{3,5}[-T:.0-9Z+é]{0,30}") {
        for text in [text, near] {
            if let Some(parts) = DateParts::parse(&text) {
                let bounds = parts.bounds(Zone::Any);
                prop_assert!(bounds.start < bounds.end);
                prop_assert!(DateTime::parse(&text).is_ok());
            }
            prop_assert_eq!(Instant::parse(&text).is_ok(), DateParts::parse(&text).is_some_and(|p| p.time.is_some()));
            let _ = DateParts::parse_searched(&text).map(|parts| parts.bounds(Zone::Any));
            let _ = Time::parse(&text).map(|time| time.parts().second);
        }
    }

    #[test]
    fn a_prefix_of_a_date_is_a_date_exactly_where_a_part_ends(text in date_time(), length in 0_usize..40) {
        let cut: String = text.chars().take(length).collect();
        let whole = cut == text || matches!(cut.len(), 4 | 7 | 10);
        prop_assert_eq!(DateTime::parse(&cut).is_ok(), whole);
    }

    #[test]
    fn what_is_less_precise_contains_what_is_more_precise(text in date_time(), zone in zone()) {
        let offset = parts(&text).offset_minutes.map_or(zone, Zone::Offset);
        let mut inner = parts(&text).bounds(offset);
        prop_assert!(inner.start < inner.end);
        for length in [10, 7, 4].into_iter().filter(|length| *length < text.len()) {
            let Some(cut) = text.get(..length) else { continue };
            let outer = parts(cut).bounds(offset);
            // A leap second counts as the second after it, which may be another day's first.
            prop_assert!(outer.start <= inner.start);
            prop_assert!(inner.end <= outer.end || parts(&text).time.is_some_and(|time| time.second == Some(60)));
            inner = outer;
        }
    }

    #[test]
    fn a_day_ends_where_the_next_begins(days in -719_162_i64..2_932_896) {
        let date = Date::from_days_since_epoch(days).unwrap();
        let next = Date::from_days_since_epoch(days + 1).unwrap();
        prop_assert_eq!(date.days_since_epoch(), Some(days));
        prop_assert_eq!(date.bounds(Zone::UTC).end, next.bounds(Zone::UTC).start);
        prop_assert_eq!(date.compare(&next), Some(Ordering::Less));
        prop_assert_eq!(date.bounds(Zone::UTC).start, i128::from(days) * 86_400_000_000_000);
    }

    #[test]
    fn moments_are_written_and_read_back(nanos in -62_135_596_800_000_000_000_i128..253_402_300_800_000_000_000, offset in -840_i16..=840) {
        // In the first and the last hours of the calendar some zones are out of it.
        let Some(instant) = Instant::from_epoch_nanos(nanos, offset) else {
            prop_assert!(!(-62_135_500_000_000_000_000..253_402_200_000_000_000_000).contains(&nanos));
            return Ok(());
        };
        prop_assert_eq!(instant.epoch_nanos(), nanos);
        prop_assert_eq!(instant.epoch_seconds(), i64::try_from(nanos.div_euclid(1_000_000_000)).unwrap());
        let utc = Instant::from_epoch_nanos(nanos, 0).unwrap();
        prop_assert_eq!(instant.compare(&utc), Ordering::Equal);
    }

    #[test]
    fn comparison_is_an_order_as_far_as_it_is_known(a in date_time(), b in date_time(), c in date_time(), zone in zone()) {
        let (a, b, c) = (parts(&a), parts(&b), parts(&c));
        prop_assert_eq!(a.compare(&a, zone), Some(Ordering::Equal));
        prop_assert_eq!(a.compare(&b, zone), b.compare(&a, zone).map(Ordering::reverse));
        // Dates are compared as in one zone, so that a time among them can only be placed when that is known.
        let mixed = [a, b, c].iter().any(|x| x.time.is_some()) && [a, b, c].iter().any(|x| x.time.is_none());
        let leap = [a, b, c].iter().any(|x| x.time.is_some_and(|time| time.second == Some(60)));
        if (!mixed || !leap) && a.compare(&b, zone) == Some(Ordering::Less) && b.compare(&c, zone) == Some(Ordering::Less) {
            prop_assert_eq!(a.compare(&c, zone), Some(Ordering::Less));
        }
    }

    #[test]
    fn a_wider_zone_only_knows_less(a in date_time(), b in date_time(), offset in -840_i16..=840) {
        let (a, b) = (parts(&a), parts(&b));
        if let Some(order) = a.compare(&b, Zone::Any) {
            prop_assert_eq!(a.compare(&b, Zone::Offset(offset)), Some(order));
        }
    }

    #[test]
    fn sorting_agrees_with_comparison(a in date_time(), b in date_time(), c in date_time()) {
        let (a, b, c) = (parts(&a), parts(&b), parts(&c));
        prop_assert_eq!(a.chronological(&b), b.chronological(&a).reverse());
        if a.chronological(&b).is_le() && b.chronological(&c).is_le() {
            prop_assert!(a.chronological(&c).is_le());
        }
        let leap = [a, b].iter().any(|x| x.time.is_some_and(|time| time.second == Some(60)));
        if let Some(order) = a.compare(&b, Zone::UTC).filter(|_| !leap) {
            prop_assert_eq!(a.chronological(&b), order);
        }
        if a.is_equivalent(&b) {
            prop_assert_eq!(a.chronological(&b), Ordering::Equal);
            prop_assert_eq!(a.precision().min(Precision::Second), b.precision().min(Precision::Second));
        }
    }

    #[test]
    fn debug_tells_no_date(text in date_time()) {
        let shown = format!("{:?} {:?}", parts(&text), DateTime::parse(&text));
        prop_assert!(!shown.chars().any(|c| c.is_ascii_digit()));
    }
}
