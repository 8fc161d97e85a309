//! Values compared as their data types have it.

use std::cmp::Ordering;

use super::data::Data;
use crate::primitive::is_number;
use crate::profile::assertion::{ComparisonMode, Literal, Operator};
use crate::profile::model::Primitive;
use crate::{Precision, TimeOfDay, Timestamp};

/// How two values stand to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Ordered(Ordering),
    /// Of the same rank, and not written alike where that is asked for.
    Alike,
}

/// Compares two values by the data type of the first that is not text. `None` when they cannot be compared: not of
/// the data type, or times of which one only has a zone.
pub(super) fn compare(one: Data<'_, '_>, other: Data<'_, '_>, mode: ComparisonMode) -> Option<Relation> {
    let kind = match (one.datatype.primitive, other.datatype.primitive) {
        (Primitive::Text | Primitive::Varies, kind) => kind,
        (kind, _) => kind,
    };
    compare_texts(kind, &one.text(), &other.text(), mode)
}

/// Compares a value with one of a rule.
pub(super) fn compare_literal(
    data: Data<'_, '_>,
    literal: &Literal,
    mode: ComparisonMode,
) -> Option<Relation> {
    match literal {
        Literal::Text(text) => compare_texts(data.datatype.primitive, &data.text(), text, mode),
        Literal::Number(number) => order_of(number_of(&data.text())?, *number),
    }
}

/// Whether the relation is what the operator asks for.
pub(super) fn meets(operator: Operator, relation: Relation) -> bool {
    let (order, is_same) = match relation {
        Relation::Ordered(order) => (order, order.is_eq()),
        Relation::Alike => (Ordering::Equal, false),
    };
    match operator {
        Operator::Equal => is_same,
        Operator::NotEqual => !is_same,
        Operator::Greater => order.is_gt(),
        Operator::Less => order.is_lt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::LessOrEqual => order.is_le(),
    }
}

fn compare_texts(kind: Primitive, one: &str, other: &str, mode: ComparisonMode) -> Option<Relation> {
    let relation = match kind {
        Primitive::Text | Primitive::Varies => Relation::Ordered(one.cmp(other)),
        Primitive::Number | Primitive::SequenceId => order_of(number_of(one)?, number_of(other)?)?,
        Primitive::Date | Primitive::DateTime => {
            let [one, other] = [one, other].map(|text| text.parse().ok());
            Relation::Ordered(compare_times(one?, other?, mode)?)
        }
        Primitive::Time => {
            let [one, other] = [one, other].map(|text| Some(text.parse::<TimeOfDay>().ok()?.on_some_day()));
            Relation::Ordered(compare_times(one?, other?, mode)?)
        }
    };
    let alike = mode.identical && relation == Relation::Ordered(Ordering::Equal) && one != other;
    Some(if alike { Relation::Alike } else { relation })
}

fn number_of(text: &str) -> Option<f64> {
    let text = text.trim();
    is_number(text).then(|| text.parse().ok()).flatten()
}

fn order_of(one: f64, other: f64) -> Option<Relation> {
    one.partial_cmp(&other).map(Relation::Ordered)
}

/// As the NIST engine does, what is not given counts as its beginning, unless only what both give is compared. A zone
/// is never made up.
fn compare_times(one: Timestamp, other: Timestamp, mode: ComparisonMode) -> Option<Ordering> {
    if one.offset().is_some() != other.offset().is_some() {
        return None;
    }
    let precision = if mode.truncated { one.precision().min(other.precision()) } else { Precision::Fraction };
    Some(instant(one, precision).cmp(&instant(other, precision)))
}

/// Ten-thousandths of a second, as far as the precision goes.
fn instant(stamp: Timestamp, precision: Precision) -> i64 {
    let stamp = stamp.reduced_to(precision);
    let part = |part: Option<u8>, otherwise: i64| part.map_or(otherwise, i64::from);
    let days = days(i64::from(stamp.year()), part(stamp.month(), 1), part(stamp.day(), 1));
    let offset = stamp.offset().map_or(0, |offset| i64::from(offset.minutes()));
    let minutes = (days * 24 + part(stamp.hour(), 0)) * 60 + part(stamp.minute(), 0) - offset;
    let fraction = stamp.fraction_digits().and_then(|digits| format!("{digits:0<4}").parse().ok());
    (minutes * 60 + part(stamp.second(), 0)) * 10_000 + fraction.unwrap_or(0)
}

/// Days in the Gregorian calendar since 1 March of the year 0.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1
}

/// A LOINC code: up to five digits, a hyphen and the check digit of modulus 10.
pub(super) fn is_loinc(code: &str) -> bool {
    let Some((digits, check)) = code.split_once('-') else { return false };
    let is_shaped = (1..=7).contains(&digits.len()) && check.len() == 1;
    let all_digits = digits.bytes().chain(check.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_shaped || !all_digits {
        return false;
    }
    let doubled = |(index, byte): (usize, u8)| {
        let digit = u32::from(byte - b'0');
        let twice = digit * 2;
        if index % 2 == 0 { twice / 10 + twice % 10 } else { digit }
    };
    let sum: u32 = digits.bytes().rev().enumerate().map(doubled).sum();
    check.bytes().next().is_some_and(|byte| u32::from(byte - b'0') == (10 - sum % 10) % 10)
}

/// A SNOMED CT identifier: 6 to 18 digits of which the last is the check digit of Verhoeff.
pub(super) fn is_snomed(code: &str) -> bool {
    let is_shaped = (6..=18).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    is_shaped && !code.starts_with('0') && {
        let check = |check: u8, (index, byte): (usize, u8)| product(check, permuted(byte - b'0', index % 8));
        code.bytes().rev().enumerate().fold(0, check) == 0
    }
}

/// The product of two elements of the dihedral group of order 10.
fn product(one: u8, other: u8) -> u8 {
    match (one < 5, other < 5) {
        (true, true) => (one + other) % 5,
        (true, false) => (one + other - 5) % 5 + 5,
        (false, true) => (one - other) % 5 + 5,
        (false, false) => (5 + one - other) % 5,
    }
}

/// The permutation (1 5 8 9 4 2 7 0)(3 6) applied `times`.
fn permuted(digit: u8, times: usize) -> u8 {
    const ONCE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    (0..times).fold(digit, |digit, _| ONCE.get(usize::from(digit)).copied().unwrap_or(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(kind: Primitive, one: &str, other: &str, truncated: bool) -> Option<Ordering> {
        let mode = ComparisonMode { identical: false, truncated };
        match compare_texts(kind, one, other, mode)? {
            Relation::Ordered(order) => Some(order),
            Relation::Alike => None,
        }
    }

    #[test]
    fn times_compare_by_instant_and_never_with_an_invented_zone() {
        let time = |one, other| order(Primitive::DateTime, one, other, false);
        assert_eq!(time("202403011015-0500", "202403011515+0000"), Some(Ordering::Equal));
        assert_eq!(time("20240301", "202403011015"), Some(Ordering::Less));
        assert_eq!(time("20240229235959.9999", "20240301"), Some(Ordering::Less));
        assert_eq!(time("20231231", "20240101"), Some(Ordering::Less));
        assert_eq!(time("202403011015", "202403011015-0500"), None);
        assert_eq!(time("20240301", "soon"), None);
        assert_eq!(order(Primitive::DateTime, "20240301", "202403011015", true), Some(Ordering::Equal));
        assert_eq!(order(Primitive::Time, "1015", "0959", false), Some(Ordering::Greater));
    }

    #[test]
    fn numbers_compare_as_numbers_and_text_as_text() {
        assert_eq!(order(Primitive::Number, "10", "9.5", false), Some(Ordering::Greater));
        assert_eq!(order(Primitive::Number, "1.0", "1", false), Some(Ordering::Equal));
        assert_eq!(order(Primitive::Number, "one", "1", false), None);
        assert_eq!(order(Primitive::Text, "10", "9.5", false), Some(Ordering::Less));
    }

    #[test]
    fn identical_equality_wants_the_same_characters() {
        let mode = ComparisonMode { identical: true, truncated: false };
        let relation = compare_texts(Primitive::Number, "1.0", "1", mode).unwrap();
        assert!(!meets(Operator::Equal, relation));
        assert!(meets(Operator::LessOrEqual, relation));
        let same = compare_texts(Primitive::Number, "1.0", "1.0", mode).unwrap();
        assert!(meets(Operator::Equal, same));
    }

    #[test]
    fn check_digits_of_loinc_and_snomed() {
        for code in ["2345-7", "718-7", "94500-6", "11502-2"] {
            assert!(is_loinc(code), "{code}");
        }
        for code in ["2345-8", "2345", "-7", "2345-", "2345-77", "a-1", "é-1"] {
            assert!(!is_loinc(code), "{code}");
        }
        for code in ["404684003", "73211009", "138875005"] {
            assert!(is_snomed(code), "{code}");
        }
        for code in ["404684004", "40468400", "12345", "", "é2345678"] {
            assert!(!is_snomed(code), "{code}");
        }
    }
}
