//! Decimals: arithmetic checked against integers, order laws, rounding.

use std::cmp::Ordering;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use carewire_fhir_core::{Decimal, DecimalError, Interval, Number, Rounding, search::Prefix};
use proptest::prelude::*;

pub(crate) fn decimal() -> impl Strategy<Value = Decimal> {
    "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,6})?([eE][+-]?[0-9])?".prop_map(|text| Decimal::parse(&text).unwrap())
}

/// Any text that JSON calls a number, of any size.
fn wild() -> impl Strategy<Value = Decimal> {
    "-?(0|[1-9][0-9]{0,60})(\\.[0-9]{1,60})?([eE][+-]?[0-9]{1,30})?"
        .prop_map(|text| Decimal::parse(&text).unwrap())
}

fn of(coefficient: i64, places: u32) -> Decimal {
    Decimal::parse(&format!("{coefficient}e-{places}")).unwrap()
}

fn fits(decimal: &Decimal) -> bool {
    decimal.times(&Decimal::from(1)).is_ok()
}

fn hash(decimal: &Decimal) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(Number::from(decimal.clone()))
}

proptest! {
    #[test]
    fn nothing_panics_and_what_does_not_fit_is_said(a in wild(), b in wild(), scale in 0_u32..60) {
        let _ = (a.plus(&b), a.minus(&b), a.times(&b), a.rounded(scale, Rounding::HalfEven), a.significant_digits());
        let _ = (a.implied_interval(), a.search_interval(Prefix::Ap));
        prop_assert_eq!(a.divided_by(&b, scale, Rounding::HalfUp) == Err(DecimalError::DivisionByZero), b.is_zero() && fits(&a) && fits(&b));
        for result in [a.plus(&b), a.times(&b), a.divided_by(&b, scale, Rounding::HalfUp)].into_iter().flatten() {
            prop_assert!(Decimal::parse(result.as_str()).is_ok(), "{}", result.as_str());
        }
    }

    #[test]
    fn the_order_is_total(a in wild(), b in wild(), c in wild()) {
        prop_assert_eq!(a.compare(&b), b.compare(&a).reverse());
        if a.compare(&b).is_le() && b.compare(&c).is_le() {
            prop_assert!(a.compare(&c).is_le());
        }
        prop_assert_eq!(a.negated().compare(&b.negated()), b.compare(&a));
    }

    #[test]
    fn the_order_is_that_of_integers(a in any::<i64>(), b in any::<i64>(), places in 0_u32..20) {
        prop_assert_eq!(of(a, places).compare(&of(b, places)), a.cmp(&b));
        prop_assert_eq!(of(a, places).compare(&Decimal::parse(&format!("{a}0.00e-{}", places + 1)).unwrap()), Ordering::Equal);
    }

    #[test]
    fn equal_numbers_have_equal_hashes(a in decimal(), zeros in 1_usize..5) {
        let text = a.as_str();
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let point = if mantissa.contains('.') { "" } else { "." };
        let padded = Decimal::parse(&format!("{mantissa}{point}{}e{exponent}", "0".repeat(zeros))).unwrap();
        prop_assert_eq!(a.compare(&padded), Ordering::Equal);
        prop_assert_eq!(hash(&a), hash(&padded));
    }

    #[test]
    fn sums_and_products_are_those_of_integers(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000, places in 0_u32..9) {
        prop_assert_eq!(of(a, places).plus(&of(b, places)).unwrap().compare(&of(a + b, places)), Ordering::Equal);
        prop_assert_eq!(of(a, places).minus(&of(b, places)).unwrap().compare(&of(a - b, places)), Ordering::Equal);
        prop_assert_eq!(of(a, places).times(&of(b, places)).unwrap().compare(&of(a * b, 2 * places)), Ordering::Equal);
    }

    #[test]
    fn the_laws_of_arithmetic(a in decimal(), b in decimal(), c in decimal()) {
        let same = |a: &Decimal, b: &Decimal| a.compare(b) == Ordering::Equal;
        prop_assert_eq!(a.plus(&b).unwrap(), b.plus(&a).unwrap());
        prop_assert!(same(&a.plus(&b).unwrap().minus(&b).unwrap(), &a));
        prop_assert!(same(&a.plus(&b).unwrap().plus(&c).unwrap(), &a.plus(&b.plus(&c).unwrap()).unwrap()));
        if let (Ok(left), Ok(right)) = (a.plus(&b).unwrap().times(&c), a.times(&c).and_then(|ac| ac.plus(&b.times(&c)?))) {
            prop_assert!(same(&left, &right));
        }
    }

    #[test]
    fn a_quotient_is_off_by_half_a_unit_at_most(a in decimal(), b in decimal(), scale in 0_u32..6) {
        prop_assume!(!b.is_zero());
        let unit = of(1, scale);
        for (rounding, doubled) in [(Rounding::HalfEven, 2), (Rounding::HalfUp, 2), (Rounding::TowardZero, 1)] {
            let Ok(quotient) = a.divided_by(&b, scale, rounding) else { continue };
            let Ok(rest) = quotient.times(&b).and_then(|product| a.minus(&product)) else { continue };
            let size = |d: &Decimal| if d.as_str().starts_with('-') { d.negated() } else { d.clone() };
            let bound = size(&b).times(&unit).unwrap();
            prop_assert!(size(&rest).times(&Decimal::from(doubled)).unwrap().compare(&bound).is_le());
        }
    }

    #[test]
    fn a_number_is_in_its_own_interval_and_rounds_back_from_it(whole in "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,6})?") {
        let decimal = Decimal::parse(&whole).unwrap();
        let interval = decimal.implied_interval().unwrap();
        prop_assert!(interval.contains(&Interval::point(decimal.clone().into())));
        let scale = u32::try_from(whole.split_once('.').map_or(0, |(_, fraction)| fraction.len())).unwrap();
        let std::ops::Bound::Included(start) = interval.start() else { panic!("a start") };
        let inside = start.decimal().plus(&of(1, scale + 3)).unwrap();
        prop_assert_eq!(inside.rounded(scale, Rounding::HalfUp).unwrap().compare(&decimal), Ordering::Equal);
        // One more digit, half the width.
        let finer = Decimal::parse(&format!("{whole}{}0", if whole.contains('.') { "" } else { "." })).unwrap();
        prop_assert!(interval.contains(&finer.implied_interval().unwrap()));
    }

    #[test]
    fn debug_tells_no_number(a in wild()) {
        let shown = format!("{:?} {:?} {:?}", a, Number::from(a.clone()), a.implied_interval());
        prop_assert!(!shown.chars().any(|c| c.is_ascii_digit()));
    }
}
