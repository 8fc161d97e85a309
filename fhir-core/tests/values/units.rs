//! Units: conversion there and back, and any text as a unit.

use std::cmp::Ordering;

use carewire_fhir_core::ucum::{self, UcumError, Unit};
use carewire_fhir_core::{Decimal, Rounding};
use proptest::prelude::*;

use crate::decimals::decimal;

/// Commensurable units whose factors are finite in both directions, and some where they are not.
fn pair() -> impl Strategy<Value = (&'static str, &'static str)> {
    let group = prop_oneof![
        Just(vec!["g", "mg", "kg", "ug", "t", "[lb_av]", "[oz_av]", "[gr]"]),
        Just(vec!["L", "mL", "dL", "uL", "m3", "cm3", "[foz_us]", "[tsp_us]"]),
        Just(vec!["Cel", "K", "[degF]", "mK"]),
        Just(vec!["/min", "{beats}/min", "Hz", "/h", "/d"]),
        Just(vec!["mm[Hg]", "kPa", "cm[H2O]", "bar", "[psi]", "atm"]),
        Just(vec!["mmol/L", "umol/mL", "meq/dL", "mol/m3"]),
        Just(vec!["[IU]/mL", "m[IU]/L", "k[iU]/L"]),
    ];
    group.prop_flat_map(|units| (prop::sample::select(units.clone()), prop::sample::select(units)))
}

proptest! {
    #[test]
    fn exact_conversions_can_be_undone(value in decimal(), (from, to) in pair()) {
        match ucum::convert(&value, from, to) {
            Ok(there) => {
                let back = ucum::convert(&there, to, from).unwrap();
                prop_assert_eq!(back.compare(&value), Ordering::Equal);
            }
            Err(error) => prop_assert_eq!(error, UcumError::Inexact),
        }
    }

    #[test]
    fn rounded_conversions_are_near(value in decimal(), (from, to) in pair()) {
        let rounded = ucum::convert_rounded(&value, from, to, 6, Rounding::HalfEven);
        if let (Ok(rounded), Ok(exact)) = (&rounded, ucum::convert(&value, from, to)) {
            let off = rounded.minus(&exact).unwrap();
            let half = Decimal::parse("0.0000005").unwrap();
            prop_assert!(off.compare(&half).is_le() && off.compare(&half.negated()).is_ge());
        }
    }

    #[test]
    fn base_quantities_have_the_order_of_the_values(a in decimal(), b in decimal(), (from, to) in pair()) {
        let base = |value: &Decimal, unit| ucum::base_quantity(value, unit).unwrap();
        prop_assert_eq!(base(&a, from).value.cmp(&base(&b, from).value), a.compare(&b));
        if let Ok(there) = ucum::convert(&a, from, to) {
            prop_assert_eq!(base(&a, from), base(&there, to));
            prop_assert_eq!(base(&b, from).value.cmp(&base(&a, from).value), base(&b, from).value.cmp(&base(&there, to).value));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", near in r"(([mkdcu]?(m|g|L|s|mol|Cel|10\*|[a-z]{1,3}|\[[a-z_]{1,5}\]|\{[a-z]{0,3}\})|[0-9]{1,3})[0-9-]{0,2}[./()]{0,2}){0,5}") {
        for text in [text, near] {
            if let Ok(unit) = Unit::parse(&text) {
                // The dimension is a unit of the same dimension.
                prop_assert_eq!(Unit::parse(&unit.dimension()).map(|again| again.dimension()), Ok(unit.dimension()));
            }
        }
    }
}
