//! The forms of values that may stay. A value is a text that a sender wrote: it stays only where it has the form of its
//! type, so a name in a number field, or a telephone number among codes, does not.

use super::dictionary::{self, Table, Typed};
use crate::terms::{country, is_state};
use crate::transform::v2_year;

/// The form of a primitive value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// One of the codes of a table.
    Code(&'static Table),
    /// NM: a decimal number.
    Number,
    /// SI: up to four digits.
    SetId,
    /// DT, DTM, TS: by the policy's rule for dates.
    Date,
    /// TM: by the policy's rule for dates.
    Time,
    /// SN.1: `>`, `<=`.
    Comparator,
    /// SN.3: `-`, `/`.
    Separator,
    /// OBX-7: `3.5-5.0`, `>60`, `<=0.04`.
    Range,
    /// OBX-4: `1.2.1`.
    Outline,
    /// A unit of UCUM.
    Unit,
    /// The version of a code system: `2.74`.
    Version,
    /// Two or three capital letters: a currency.
    Letters,
    /// A state, by code or name.
    State,
    /// A country, by code or name.
    Country,
    /// TQ.3: `D10`, `X3`.
    Interval,
}

/// The form that values have at a place, such as `OBX-7` or `SN.1`; `None` where it is text.
pub(super) fn of(typed: Typed, place: &str) -> Option<Form> {
    if let Some((_, form)) = PLACES.iter().find(|(known, _)| *known == place) {
        return Some(*form);
    }
    match (typed.datatype, typed.table) {
        ("TQ", _) => None,
        ("ID", "0399") => Some(Form::Country),
        ("ID", "0913") => Some(Form::Letters),
        ("ID" | "IS" | "ST", table) => dictionary::table(table).map(Form::Code),
        ("NM" | "SNM", _) => Some(Form::Number),
        ("SI", _) => Some(Form::SetId),
        ("DT" | "DTM" | "TS", _) => Some(Form::Date),
        ("TM", _) => Some(Form::Time),
        _ => None,
    }
}

/// Whether a place has a form that others of its type do not have.
pub(super) fn is_special(place: &str) -> bool {
    PLACES.iter().any(|(known, _)| *known == place)
}

/// Places whose type is that of text and whose values have a form all the same.
const PLACES: &[(&str, Form)] = &[
    ("SN.1", Form::Comparator),
    ("SN.3", Form::Separator),
    ("OBX-7", Form::Range),
    ("OG.1", Form::Outline),
    ("BTS-1", Form::Number),
    ("XAD.4", Form::State),
    ("XAD.6", Form::Country),
    ("TQ.3", Form::Interval),
];

impl Form {
    /// Whether the value has the form.
    pub(super) fn holds(self, value: &[u8]) -> bool {
        match self {
            Self::Code(codes) => codes.binary_search_by(|code| code.as_bytes().cmp(value)).is_ok(),
            Self::Number => is_number(value),
            Self::SetId => value.len() <= 4 && digits(value),
            Self::Date => str::from_utf8(value).is_ok_and(|text| v2_year(text).is_some()),
            Self::Time => is_time(value),
            Self::Comparator => matches!(value, b">" | b"<" | b">=" | b"<=" | b"=" | b"<>"),
            Self::Separator => matches!(value, b"-" | b"+" | b"/" | b"." | b":"),
            Self::Range => is_range(value),
            Self::Outline => is_outline(value, 3, 3),
            Self::Unit => str::from_utf8(value).is_ok_and(is_unit),
            Self::Version => is_version(value),
            Self::Letters => matches!(value.len(), 2 | 3) && value.iter().all(u8::is_ascii_uppercase),
            Self::State => str::from_utf8(value).is_ok_and(is_state),
            Self::Country => str::from_utf8(value).is_ok_and(|text| country(text).is_some()),
            Self::Interval => is_interval(value),
        }
    }
}

/// A unit of UCUM; one that is made of numbers only could be an address.
pub(super) fn is_unit(text: &str) -> bool {
    text.contains(|one: char| one.is_ascii_alphabetic() || matches!(one, '%' | '*'))
        && crate::terms::is_unit(text)
}

fn digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

fn is_number(value: &[u8]) -> bool {
    let unsigned = value.strip_prefix(b"-").or_else(|| value.strip_prefix(b"+")).unwrap_or(value);
    let mut parts = unsigned.split(|byte| *byte == b'.');
    let whole = parts.next().unwrap_or_default();
    let fraction = parts.next();
    let well_formed = match fraction {
        Some(fraction) => {
            digits(fraction) && (whole.is_empty() || digits(whole)) || digits(whole) && fraction.is_empty()
        }
        None => digits(whole),
    };
    well_formed && parts.next().is_none() && value.len() <= 20
}

/// `3.5-5.0`, `-1 - 1`, `>60`, `<= 0.04`: bounds without leading zeros, the lower first, so not `555-0100`.
fn is_range(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let signed = [&b">="[..], b"<=", b">", b"<"].iter().find_map(|sign| value.strip_prefix(*sign));
    if let Some(only) = signed {
        return bound(only).is_some();
    }
    (1..value.len()).any(|at| {
        let (low, rest) = value.split_at_checked(at).unwrap_or_default();
        let high = rest.strip_prefix(b"-").and_then(bound);
        bound(low).zip(high).is_some_and(|(low, high)| low <= high)
    })
}

fn bound(text: &[u8]) -> Option<f64> {
    let text = text.trim_ascii();
    let padded = matches!(text.strip_prefix(b"-").unwrap_or(text), [b'0', b'0'..=b'9', ..]);
    let text = Some(text).filter(|text| is_number(text) && !padded && text.len() <= 9)?;
    str::from_utf8(text).ok()?.parse().ok()
}

/// `2.74`: two numbers, so neither an address nor a date.
fn is_version(value: &[u8]) -> bool {
    is_outline(value, 2, 4)
}

/// Numbers with dots between them.
fn is_outline(value: &[u8], most_parts: usize, most_digits: usize) -> bool {
    let parts = value.split(|byte| *byte == b'.');
    parts.clone().count() <= most_parts
        && parts.into_iter().all(|part| digits(part) && part.len() <= most_digits)
}

fn is_interval(value: &[u8]) -> bool {
    let Some((unit, count)) = value.split_first() else { return false };
    b"SMHDWLX".contains(unit) && digits(count) && count.len() <= 4
}

/// `HH[MM[SS[.S[S[S[S]]]]]][+/-ZZZZ]`
fn is_time(value: &[u8]) -> bool {
    let (local, zoned) = without_zone(value);
    let (whole, fraction) = split_fraction(local);
    zoned && digits(whole) && is_clock(whole, fraction)
}

fn is_clock(clock: &[u8], fraction: Option<&[u8]>) -> bool {
    let fraction_fits = fraction.is_none_or(|part| clock.len() == 6 && digits(part) && part.len() <= 9);
    matches!(clock.len(), 0 | 2 | 4 | 6)
        && within(clock, 0, 0, 24)
        && within(clock, 2, 0, 59)
        && within(clock, 4, 0, 60)
        && fraction_fits
}

/// Whether the two digits at a place, if there are any, are in a range.
fn within(text: &[u8], at: usize, low: u8, high: u8) -> bool {
    match text.get(at..at + 2) {
        Some([ten, one]) => (low..=high).contains(&(ten.wrapping_sub(b'0') * 10 + one.wrapping_sub(b'0'))),
        _ => true,
    }
}

/// The text before the zone, and whether the zone, if there is one, is well-formed.
fn without_zone(value: &[u8]) -> (&[u8], bool) {
    match value.iter().position(|byte| matches!(byte, b'+' | b'-')) {
        Some(at) => {
            let (local, zone) = value.split_at_checked(at).unwrap_or_default();
            let offset = zone.get(1..).unwrap_or_default();
            (
                local,
                digits(offset) && offset.len() == 4 && within(offset, 0, 0, 14) && within(offset, 2, 0, 59),
            )
        }
        None => (value, true),
    }
}

fn split_fraction(local: &[u8]) -> (&[u8], Option<&[u8]>) {
    match local.iter().position(|byte| *byte == b'.') {
        Some(at) => (local.get(..at).unwrap_or_default(), local.get(at + 1..)),
        None => (local, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(form: Form, good: &[&str], bad: &[&str]) {
        good.iter().for_each(|value| assert!(form.holds(value.as_bytes()), "{form:?} {value}"));
        bad.iter().for_each(|value| assert!(!form.holds(value.as_bytes()), "{form:?} {value}"));
    }

    #[test]
    fn values_have_their_form_and_names_do_not() {
        all(
            Form::Number,
            &["0", "-1.5", "+3", ".5", "5.", "13.20"],
            &["", "-", ".", "1e5", "1.2.3", "7A", "SMITH"],
        );
        all(Form::SetId, &["1", "9999"], &["", "12345", "A", "-1"]);
        all(
            Form::Date,
            &["2024", "202402", "20240229", "2024022910", "20240229101500.1234+0530", "2024-0300"],
            &[
                "",
                "1931-02-03",
                "02/03/1931",
                "20241301",
                "20240232",
                "2024022",
                "0000",
                "20240229101500.",
                "2024+05",
            ],
        );
        all(Form::Time, &["10", "1015", "101500.5-0300"], &["2500", "1", "10:15", "SMITH"]);
        all(
            Form::Range,
            &["3.5-5.0", "-1--0.5", ">60", "<= 0.04", "3.5 - 5"],
            &["555-0100", "555-0100-1", "9-5", "Jo-5", "-", "<", ""],
        );
        all(Form::Outline, &["1", "1.2.1"], &["", "1..2", "a", "1234", "10.1.2.3"]);
        all(Form::Letters, &["MA", "USA"], &["Ma", "M", "MASS", "1A"]);
        all(Form::Version, &["2.74", "2024"], &["v1", "19310203", "10.1.2.3", ""]);
        all(Form::Interval, &["D10", "X3"], &["D", "10", "Z1", "D12345"]);
        all(Form::Comparator, &[">", "<="], &["", "!", "Jo"]);
    }

    #[test]
    fn text_has_no_form() {
        for datatype in ["ST", "TX", "FT", "XPN", "varies", "-"] {
            assert!(of(Typed { datatype, table: "" }, "PID-5").is_none());
        }
        assert!(of(Typed { datatype: "IS", table: "0289" }, "PID-12").is_none(), "a site's own table");
    }
}
