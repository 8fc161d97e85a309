//! The prefixes of search over intervals, against their definitions point by point.

use std::ops::Bound;

use carewire_fhir_core::{Interval, search::Prefix};
use proptest::prelude::*;

/// Intervals over even numbers, so that the odd ones between them show which ends are open.
fn interval() -> impl Strategy<Value = Interval<i128>> {
    let bound = |low: bool| {
        (0_u8..5, -5_i128..5).prop_map(move |(kind, at)| match kind {
            0 => Bound::Unbounded,
            1 | 2 => Bound::Included(2 * at + if low { 0 } else { 10 }),
            _ => Bound::Excluded(2 * at + if low { 0 } else { 10 }),
        })
    };
    (bound(true), bound(false))
        .prop_map(|(start, end)| Interval::new(start, end))
        .prop_filter("empty", |i| POINTS.clone().any(|point| within(i, point)))
}

const POINTS: std::ops::RangeInclusive<i128> = -40..=40;

fn within(interval: &Interval<i128>, point: i128) -> bool {
    let above = match interval.start() {
        Bound::Unbounded => true,
        Bound::Included(start) => *start <= point,
        Bound::Excluded(start) => *start < point,
    };
    above
        && match interval.end() {
            Bound::Unbounded => true,
            Bound::Included(end) => point <= *end,
            Bound::Excluded(end) => point < *end,
        }
}

proptest! {
    #[test]
    fn every_prefix_is_what_the_specification_says(search in interval(), target in interval()) {
        let searched: Vec<i128> = POINTS.filter(|point| within(&search, *point)).collect();
        let found: Vec<i128> = POINTS.filter(|point| within(&target, *point)).collect();
        let contained = found.iter().all(|point| searched.contains(point));
        let overlapping = found.iter().any(|point| searched.contains(point));
        let above = found.iter().any(|point| searched.iter().all(|s| s < point));
        let below = found.iter().any(|point| searched.iter().all(|s| s > point));
        let all_above = found.iter().all(|point| searched.iter().all(|s| s < point));
        let all_below = found.iter().all(|point| searched.iter().all(|s| s > point));
        for (prefix, expected) in [
            (Prefix::Eq, contained),
            (Prefix::Ne, !contained),
            (Prefix::Gt, above),
            (Prefix::Lt, below),
            (Prefix::Ge, above || contained),
            (Prefix::Le, below || contained),
            (Prefix::Sa, all_above),
            (Prefix::Eb, all_below),
            (Prefix::Ap, overlapping),
        ] {
            prop_assert_eq!(prefix.matches(&search, &target), expected, "{}", prefix.as_str());
        }
    }

    #[test]
    fn an_approximate_interval_contains_the_exact_one(start in -1000_i128..1000, length in 1_i128..1000, now in any::<i128>()) {
        let exact = Interval::from(start..start + length);
        prop_assert!(exact.approximate(now).contains(&exact));
    }
}
