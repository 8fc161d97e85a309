//! India.

use super::checksum::{digits, verhoeff};

pub(super) fn abha(text: &str) -> bool {
    digits(text, 14).is_some_and(|number| number.iter().any(|digit| *digit > 0))
}

pub(super) fn abha_address(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let inner = |one: u8| one.is_ascii_alphanumeric() || b"._".contains(&one);
    let edges = name.starts_with(|one: char| one.is_ascii_alphanumeric())
        && name.ends_with(|one: char| one.is_ascii_alphanumeric());
    (3..=32).contains(&name.len())
        && edges
        && name.bytes().all(inner)
        && matches!(domain, "ABDM" | "SBX" | "NDHM")
}

pub(super) fn aadhaar(text: &str) -> bool {
    digits(text, 12).is_some_and(|number| matches!(number.first(), Some(2..)) && verhoeff(&number))
}

pub(super) fn pin(text: &str) -> bool {
    digits(text, 6).is_some_and(|number| matches!(number.first(), Some(1..)))
}
