//! Names of maps and codes as names of Rust.

use std::collections::BTreeSet;

/// `AddressType[Use]` as `ADDRESS_TYPE_USE`.
pub(super) fn constant(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

/// `AllergySeverity[AllergyIntolerance.criticality]` as `concept_allergy_intolerance_criticality`; a map that is called
/// as its enum is only `concept`.
pub(super) fn concept(map: &str, table: &str, alone: bool) -> String {
    let base = map.split('[').next().unwrap_or(map);
    match map.split_once('[') {
        _ if alone => "concept".to_owned(),
        Some((_, target)) => format!("concept_{}", words(target).join("_")),
        None if words(base) == words(table) => "concept".to_owned(),
        None => format!("concept_{}", words(base).join("_")),
    }
}

/// The variants for the codes of a table, in their order.
pub(super) fn variants(codes: &[&str]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for code in codes {
        let mut name = variant(code);
        while !taken.insert(name.clone()) {
            name.push('2');
        }
        names.push(name);
    }
    names
}

fn variant(code: &str) -> String {
    let spelled: String = code.chars().map(spelled).collect();
    let parts = spelled.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let name: String = parts.map(capitalised).collect();
    match name.as_str() {
        "Self" => "SelfCode".to_owned(),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("N{name}"),
        _ => name,
    }
}

fn spelled(c: char) -> String {
    match c {
        '<' => " Less ".to_owned(),
        '>' => " Greater ".to_owned(),
        '&' => " And ".to_owned(),
        '+' => " Plus ".to_owned(),
        other => other.to_string(),
    }
}

/// `BLD` as `Bld`, `Once` and `x400` as `Once` and `X400`.
fn capitalised(part: &str) -> String {
    let shouted = !part.contains(|c: char| c.is_ascii_lowercase());
    let mut chars = part.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    let rest = chars.map(|c| if shouted { c.to_ascii_lowercase() } else { c });
    first.into_iter().chain(rest).collect()
}

/// The words of a name in camel case: `PractitionerIDNumberType` has four.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let chars: Vec<char> = name.chars().collect();
    let mut start = true;
    for (index, c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            start = true;
            continue;
        }
        let before = index.checked_sub(1).and_then(|before| chars.get(before));
        let after = chars.get(index + 1);
        let rises = c.is_ascii_uppercase() && before.is_some_and(|before| !before.is_ascii_uppercase());
        let last_of_capitals =
            c.is_ascii_uppercase() && after.is_some_and(|after| after.is_ascii_lowercase());
        if start || rises || last_of_capitals {
            words.push(String::new());
        }
        start = false;
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_maps_are_parted_into_words() {
        assert_eq!(constant("AddressType[Use]"), "ADDRESS_TYPE_USE");
        assert_eq!(constant("PractitionerIDNumberType"), "PRACTITIONER_ID_NUMBER_TYPE");
        assert_eq!(constant("Yes/NoIndicator[AvailabilityStatus]"), "YES_NO_INDICATOR_AVAILABILITY_STATUS");
        assert_eq!(concept("AllergyType", "AllergenType", false), "concept_allergy_type");
        assert_eq!(concept("EventType", "EventType", false), "concept");
        assert_eq!(concept("ResultStatus[Non-Queries]", "ResultStatus", true), "concept");
    }

    #[test]
    fn codes_are_variants_and_no_two_the_same() {
        let codes = ["01", "1", "<", "BLD", "Once", "SELF", "Self", "de-AT", "x400"];
        let names = ["N01", "N1", "Less", "Bld", "Once", "SelfCode", "SelfCode2", "DeAt", "X400"];
        assert_eq!(variants(&codes), names);
    }
}
