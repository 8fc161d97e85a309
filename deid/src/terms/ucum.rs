//! Units: what a quantity's unit may say without being free text.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::fhir::data_lines;

/// Whether the text is a UCUM expression over the units that we carry, or one of the common ways to write one.
///
/// Annotations in braces may hold anything by UCUM; here they must be known.
pub(crate) fn is_unit(text: &str) -> bool {
    let sized = (1..=40).contains(&text.len());
    sized && (UNITS.word.contains(text) || is_expression(text))
}

fn is_expression(text: &str) -> bool {
    let parts = text.strip_prefix('/').unwrap_or(text);
    parts.split(['/', '.']).all(is_component)
}

fn is_component(text: &str) -> bool {
    let (unit, annotation) =
        text.find('{').map_or((text, ""), |at| text.split_at_checked(at).unwrap_or((text, "")));
    let annotated = annotation.is_empty() || UNITS.annotation.contains(annotation);
    annotated && (is_simple(unit) || unit.is_empty() && !annotation.is_empty())
}

fn is_simple(unit: &str) -> bool {
    if let Some(power) = unit.strip_prefix("10*").or_else(|| unit.strip_prefix("10^")) {
        return is_exponent(power.strip_prefix(['+', '-']).unwrap_or(power));
    }
    let stem = unit.trim_end_matches(|letter: char| letter.is_ascii_digit());
    if stem.is_empty() {
        return (1..=4).contains(&unit.len());
    }
    let power = unit.strip_prefix(stem).unwrap_or_default();
    let atom = stem.strip_suffix(['+', '-']).filter(|_| !power.is_empty()).unwrap_or(stem);
    (power.is_empty() || is_exponent(power)) && is_atom(atom)
}

fn is_exponent(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_atom(text: &str) -> bool {
    const PREFIXES: [&str; 20] =
        ["da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "µ", "n", "p", "f", "a", "z"];
    let prefixed = |prefix| text.strip_prefix(prefix).is_some_and(|atom| UNITS.metric.contains(atom));
    UNITS.plain.contains(text) || UNITS.metric.contains(text) || PREFIXES.iter().any(prefixed)
}

#[derive(Default)]
struct Units {
    metric: HashSet<&'static str>,
    plain: HashSet<&'static str>,
    annotation: HashSet<&'static str>,
    word: HashSet<&'static str>,
}

static UNITS: LazyLock<Units> = LazyLock::new(|| {
    let mut units = Units::default();
    for line in data_lines(include_str!("../../data/ucum.txt")) {
        let mut words = line.split(' ');
        let set = match words.next() {
            Some("metric") => &mut units.metric,
            Some("plain") => &mut units.plain,
            Some("annotation") => &mut units.annotation,
            _ => &mut units.word,
        };
        set.extend(words);
    }
    units
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_known_and_names_are_not() {
        for unit in [
            "mg/dL",
            "mm[Hg]",
            "10*3/uL",
            "/min",
            "{beats}/min",
            "kg/m2",
            "%",
            "Cel",
            "[degF]",
            "mmol/L",
            "[iU]/L",
            "ng/mL",
            "m/s2",
            "10*9/L",
            "g/(d)",
            "mL/min",
            "mcg",
            "bpm",
            "cm",
            "L",
            "1",
            "s-1",
            "mg/kg.d",
            "[lb_av]",
        ] {
            assert_eq!(is_unit(unit), unit != "g/(d)", "{unit}");
        }
        for text in [
            "JOHNSMITH",
            "{JOHN}",
            "mg {SMITH}",
            "",
            "12345678",
            "555-1234",
            "mg/SMITH",
            "10*999",
            "/",
            "{",
            "é",
        ] {
            assert!(!is_unit(text), "{text}");
        }
    }
}
