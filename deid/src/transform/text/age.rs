//! Ages over 89.

use super::{ends, run};
use crate::transform::OLDEST;

/// An age over 89 becomes `90+`: a number from 90 to 150 before `years old`, `yo`, `anos` and the like, or after `age`.
pub(super) fn age(text: &[char], before: &str) -> Option<(Option<&'static str>, usize)> {
    let digits = run(text, 4, |one| one.is_ascii_digit());
    let value = text.iter().take(digits).try_fold(0, |value, one| Some(value * 10 + one.to_digit(10)?))?;
    if !matches!(digits, 2 | 3) || value <= OLDEST || value > 150 {
        return None;
    }
    let rest = text.get(digits..)?;
    if rest.first() == Some(&'+') {
        return Some((None, digits + 1));
    }
    ((is_unit(rest) || follows_age(before)) && (ends(text, digits) || is_unit(rest)))
        .then_some((Some("90+"), digits))
}

/// `-year-old`, ` yrs`, `yo`, ` y/o`, ` y.o.`, ` anos`.
fn is_unit(text: &[char]) -> bool {
    const UNITS: [&str; 19] = [
        "year",
        "years",
        "yr",
        "yrs",
        "yo",
        "y",
        "yof",
        "yom",
        "jahre",
        "jährig",
        "jährige",
        "jähriger",
        "ans",
        "anos",
        "años",
        "anni",
        "aged",
        "ano",
        "jaar",
    ];
    let gap = run(text, 3, |one| one == ' ' || one == '-');
    let rest = text.get(gap..).unwrap_or_default();
    let length = run(rest, 9, char::is_alphabetic);
    let unit: String = rest.iter().take(length).flat_map(|one| one.to_lowercase()).collect();
    let slash_or_point = unit == "y" && matches!(rest.get(1..3), Some(['/' | '.' | ' ', 'o' | 'O']));
    gap < 3 && (slash_or_point || unit != "y" && UNITS.contains(&unit.as_str()))
}

/// Whether the text so far ends with `age`, `aged`, `age:`, `age of`, `idade`, `Alter`.
fn follows_age(before: &str) -> bool {
    let mut tail: Vec<char> = before.chars().rev().take(16).collect();
    tail.reverse();
    let tail: String = tail.into_iter().flat_map(char::to_lowercase).collect();
    let tail = tail.trim_end_matches([' ', ':', '=', '-', '\t']);
    let tail = ["of", "is", "de"].iter().find_map(|word| tail.strip_suffix(word)).unwrap_or(tail).trim_end();
    let word = tail.rsplit(|one: char| !one.is_alphabetic()).next().unwrap_or_default();
    matches!(word, "age" | "aged" | "idade" | "edad" | "alter" | "âge" | "età")
}
