//! Codes cut to the category above them.

/// The category of a code: the three places of ICD-10 and ICD-9 (four of an external cause of ICD-9, `E950`), the fifth
/// place of ATC, its chemical group. `None` for another system, or for a text that no code of the system looks like.
///
/// ```
/// use carewire_deid::transform::category;
/// assert_eq!(category("http://hl7.org/fhir/sid/icd-10-cm", "E11.65"), Some("E11"));
/// assert_eq!(category("http://www.whocc.no/atc", "A10BA02"), Some("A10BA"));
/// assert_eq!(category("http://loinc.org", "718-7"), None);
/// ```
#[must_use]
pub fn category<'a>(system: &str, code: &'a str) -> Option<&'a str> {
    match system {
        "http://hl7.org/fhir/sid/icd-9-cm" => icd_9(code),
        "http://www.whocc.no/atc" => atc(code),
        _ if ICD_10.contains(&system) => icd_10(code),
        _ => None,
    }
}

const ICD_10: [&str; 5] = [
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://hl7.org/fhir/sid/icd-10-de",
    "http://hl7.org/fhir/sid/icd-10-nl",
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm",
];

/// `E11`, with or without a point and what stands behind it.
fn icd_10(code: &str) -> Option<&str> {
    let (category, detail) = code.split_at_checked(3)?;
    let shape = match category.as_bytes() {
        [a, b, c] => a.is_ascii_uppercase() && b.is_ascii_digit() && c.is_ascii_alphanumeric(),
        _ => false,
    };
    (shape && is_detail(detail)).then_some(category)
}

fn icd_9(code: &str) -> Option<&str> {
    let (category, detail) = code.split_at_checked(if code.starts_with('E') { 4 } else { 3 })?;
    let (first, rest) = category.split_at_checked(1)?;
    let shape = (first.bytes().all(|one| one.is_ascii_digit() || b"EV".contains(&one)))
        && rest.bytes().all(|one| one.is_ascii_digit());
    (shape && is_detail(detail)).then_some(category)
}

fn is_detail(text: &str) -> bool {
    let detail = text.strip_prefix('.').unwrap_or(text);
    detail.len() <= 4 && detail.bytes().all(|one| one.is_ascii_digit() || one.is_ascii_uppercase())
}

fn atc(code: &str) -> Option<&str> {
    let shape = code.bytes().enumerate().all(|(at, one)| match at {
        0 | 3 | 4 => one.is_ascii_uppercase(),
        _ => one.is_ascii_digit(),
    });
    (shape && matches!(code.len(), 5 | 7)).then(|| code.get(..5)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_looks_like_a_code_has_a_category() {
        for (system, code, expected) in [
            ("http://hl7.org/fhir/sid/icd-10", "I10", Some("I10")),
            ("http://hl7.org/fhir/sid/icd-10-cm", "S52.521A", Some("S52")),
            ("http://hl7.org/fhir/sid/icd-10-cm", "O9A.1", Some("O9A")),
            ("http://hl7.org/fhir/sid/icd-10", "E1165", Some("E11")),
            ("http://hl7.org/fhir/sid/icd-10", "SMITH", None),
            ("http://hl7.org/fhir/sid/icd-10", "E1", None),
            ("http://hl7.org/fhir/sid/icd-10", "E11.Smith", None),
            ("http://hl7.org/fhir/sid/icd-9-cm", "250.00", Some("250")),
            ("http://hl7.org/fhir/sid/icd-9-cm", "E950.3", Some("E950")),
            ("http://hl7.org/fhir/sid/icd-9-cm", "V58.61", Some("V58")),
            ("http://hl7.org/fhir/sid/icd-9-cm", "MRN", None),
            ("http://www.whocc.no/atc", "A10BA02", Some("A10BA")),
            ("http://www.whocc.no/atc", "A10", None),
            ("urn:x", "E11", None),
        ] {
            assert_eq!(category(system, code), expected, "{code}");
        }
    }

    proptest! {
        #[test]
        fn a_category_begins_its_code_and_is_its_own_category(code in "\\PC{0,10}|[A-Z0-9.]{0,9}") {
            for system in ICD_10.into_iter().chain(["http://hl7.org/fhir/sid/icd-9-cm", "http://www.whocc.no/atc"]) {
                if let Some(cut) = category(system, &code) {
                    prop_assert!(code.starts_with(cut));
                    prop_assert_eq!(category(system, cut), Some(cut));
                }
            }
        }
    }
}
