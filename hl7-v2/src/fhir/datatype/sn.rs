//! SN, a structured numeric: `>^100`, `1^:^128`, `2^-^5`.

use super::nm;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::{Datatype, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `SN[Quantity]`
pub(crate) const SN_QUANTITY: Via = Via::Type(&Datatype {
    name: "SN[Quantity]",
    fhir: "Quantity",
    read: |n, c| Ok(read(n, Kind::Quantity, c).map(Val::Object)),
});

/// `SN[Range]`
pub(crate) const SN_RANGE: Via = Via::Type(&Datatype {
    name: "SN[Range]",
    fhir: "Range",
    read: |n, c| Ok(read(n, Kind::Range, c).map(Val::Object)),
});

/// `SN[Ratio]`
pub(crate) const SN_RATIO: Via = Via::Type(&Datatype {
    name: "SN[Ratio]",
    fhir: "Ratio",
    read: |n, c| Ok(read(n, Kind::Ratio, c).map(Val::Object)),
});

/// What an SN says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Quantity,
    Range,
    Ratio,
    /// What FHIR has no datatype for: `<>^5`, `2^+`.
    Text,
}

/// What kind of value an SN is, by its separator. `None` without a number.
pub(crate) fn kind(sn: &Node<'_>) -> Option<Kind> {
    let [comparator, first, separator, second] = [1, 2, 3, 4].map(|part| sn.get(part));
    if first.is_none() && second.is_none() {
        return None;
    }
    let (low, high) = (first.map(number), second.map(number));
    if low == Some(None) || high == Some(None) {
        return Some(Kind::Text);
    }
    let symbol = comparator.unwrap_or("=");
    let is_known = matches!(symbol, "=" | "<" | "<=" | ">" | ">=");
    Some(match (separator, low, high) {
        // rng-2: a range does not end below its start.
        (Some("-"), low, high)
            if symbol == "=" && low.is_none_or(|low| high.is_none_or(|high| low <= high)) =>
        {
            Kind::Range
        }
        (Some(":" | "/"), Some(_), Some(_)) if is_known => Kind::Ratio,
        (None, Some(_), None) if is_known => Kind::Quantity,
        _ => Kind::Text,
    })
}

/// An SN as a value of this kind; nothing when it is of another kind.
pub(crate) fn read<'a>(sn: &Node<'a>, wanted: Kind, c: &mut Context<'a>) -> Option<Object<'a>> {
    if kind(sn) != Some(wanted) {
        return None;
    }
    let amount = |part: u16, c: &Context<'a>| nm::quantity(sn.get(part), c).ok().flatten();
    let comparator = sn.get(1).filter(|symbol| *symbol != "=");
    let mut value = c.object();
    match wanted {
        Kind::Quantity => {
            value = amount(2, c)?;
            value.put("comparator", comparator);
        }
        Kind::Range => {
            told(&mut value, sn, c);
            value.put("low", amount(2, c));
            value.put("high", amount(4, c));
        }
        Kind::Ratio => {
            told(&mut value, sn, c);
            let mut numerator = amount(2, c)?;
            numerator.put("comparator", comparator);
            value.set("numerator", numerator);
            value.put("denominator", amount(4, c));
        }
        Kind::Text => return None,
    }
    Some(value)
}

/// The parts with single spaces between, as the guide has it.
pub(crate) fn text<'a>(sn: &Node<'a>, unit: Option<&'a str>, c: &Context<'a>) -> Option<&'a str> {
    let mut said = "";
    for part in (1..=4).filter_map(|part| sn.get(part)).chain(unit) {
        said = if said.is_empty() { part } else { c.arena.format(format_args!("{said} {part}")) };
    }
    Some(said).filter(|said| !said.is_empty())
}

/// What the message wrote, with its separator.
fn told<'a>(value: &mut Object<'a>, sn: &Node<'a>, c: &Context<'a>) {
    if let Some(text) = text(sn, None, c) {
        extend(value, "originalText", "valueString", text, c.arena);
    }
}

/// A number, to be compared only.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    text.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::read as json;

    #[test]
    fn the_separator_tells_the_kind() {
        assert_eq!(json(">^100", SN_QUANTITY).0, r#"{"value":100,"comparator":">"}"#);
        assert_eq!(json("^100.0", SN_QUANTITY).0, r#"{"value":100.0}"#);
        assert_eq!(json("=^7", SN_QUANTITY).0, r#"{"value":7}"#);
        let told = |text: &str| {
            format!(
                r#""extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/originalText","valueString":"{text}"}}]"#
            )
        };
        let (range, _) = json("^2^-^5", SN_RANGE);
        assert_eq!(range, format!(r#"{{{},"low":{{"value":2}},"high":{{"value":5}}}}"#, told("2 - 5")));
        let (ratio, _) = json("^1^:^128", SN_RATIO);
        let parts = r#""numerator":{"value":1},"denominator":{"value":128}"#;
        assert_eq!(ratio, format!("{{{},{parts}}}", told("1 : 128")));
    }

    #[test]
    fn what_fits_no_kind_is_a_text() {
        for (field, said) in [
            ("<>^5", "<> 5"),
            ("^2^+", "2 +"),
            ("^a few", "a few"),
            ("^9^-^5", "9 - 5"),
            ("<^1^-^5", "< 1 - 5"),
        ] {
            crate::fhir::testing::with_field(field, |n, c| {
                assert_eq!(kind(n), Some(Kind::Text), "{field}");
                assert_eq!(text(n, None, c), Some(said));
            });
        }
        assert_eq!(crate::fhir::testing::with_field(">", |n, _| kind(n)), None);
    }
}
