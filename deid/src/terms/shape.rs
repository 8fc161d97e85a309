//! The shape that codes of a system have. A code of another shape is text that a sender put in its place.

use serde::Deserialize;

use super::{is_language, is_published, is_unit};

/// How the codes of a system look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Shape {
    /// `718-7`, `LP14449-0`, `LA6576-8`.
    Loinc,
    /// 6 to 18 digits.
    Snomed,
    /// ICD-9 and ICD-10 with their modifications: `E11.9`, `250.00`.
    Icd,
    /// Up to 8 digits.
    Digits,
    /// Four digits and a digit or letter.
    Cpt,
    /// Digits in groups: `0777-3105-02`.
    Ndc,
    /// A UCUM expression.
    Ucum,
    /// ICD-10-PCS: `0DTJ4ZZ`.
    Pcs,
    /// Manufacturers of vaccines: two or three upper-case letters.
    Mvx,
    /// A plain tag of BCP 47: `en-US`.
    Language,
    /// One of the codes that HL7 published for the system.
    Published,
}

impl Shape {
    /// Whether a code of a system has the shape.
    pub(crate) fn fits(self, system: &str, code: &str) -> bool {
        let length = |low: usize, high: usize| (low..=high).contains(&code.len());
        match self {
            Self::Loinc => is_loinc(code),
            Self::Snomed => length(6, 18) && digits(code),
            Self::Icd => is_icd(code),
            Self::Digits => length(1, 8) && digits(code),
            Self::Cpt => is_cpt(code),
            Self::Ndc => length(8, 14) && code.split('-').count() <= 3 && code.split('-').all(digits),
            Self::Ucum => is_unit(code),
            Self::Pcs => is_pcs(code),
            Self::Mvx => length(2, 3) && code.bytes().all(|byte| byte.is_ascii_uppercase()),
            Self::Language => is_language(code),
            Self::Published => is_published(system, code),
        }
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_loinc(code: &str) -> bool {
    let number = ["LP", "LA", "LL", "LG"].iter().find_map(|part| code.strip_prefix(part)).unwrap_or(code);
    let Some((number, check)) = number.split_once('-') else { return false };
    number.len() <= 7 && check.len() == 1 && digits(number) && digits(check)
}

fn is_icd(code: &str) -> bool {
    let (category, rest) =
        code.split_once('.').unwrap_or_else(|| code.split_at_checked(3).unwrap_or((code, "")));
    let [first, second, more @ ..] = category.as_bytes() else { return false };
    let ninth = digits(category) && category.len() == 3;
    let lettered = first.is_ascii_uppercase() && second.is_ascii_digit();
    let detail =
        rest.len() <= 4 && rest.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let lettered = lettered && matches!(more, [third] | [third, _] if third.is_ascii_alphanumeric());
    detail && (ninth && digits_or_none(rest) || lettered && more.iter().all(u8::is_ascii_alphanumeric))
}

fn digits_or_none(text: &str) -> bool {
    text.is_empty() || digits(text)
}

fn is_cpt(code: &str) -> bool {
    let Some((number, last)) = code.split_at_checked(4) else { return false };
    digits(number)
        && last.len() == 1
        && last.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// Seven digits and letters without `I` and `O`, the first a section; a name has neither a digit nor `ZZZ`.
fn is_pcs(code: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_uppercase() && !b"IO".contains(&byte);
    let characters = code.bytes().all(|byte| byte.is_ascii_digit() || is_letter(byte));
    let section = code.starts_with(|first: char| first.is_ascii_digit() || "BCDFGHX".contains(first));
    let unlike_a_name = code.contains(|one: char| one.is_ascii_digit()) || code.ends_with("ZZZ");
    code.len() == 7 && characters && section && unlike_a_name
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    #[test]
    fn codes_fit_and_names_do_not() {
        let cases = [
            (
                Shape::Loinc,
                &["718-7", "LP14449-0", "8867-4"][..],
                &["SMITH", "718", "718-77", "12345678-1"][..],
            ),
            (Shape::Snomed, &["38341003", "900000000000207008"], &["38341", "3834100x", ""]),
            (
                Shape::Icd,
                &["E11.9", "250.00", "I10", "S52.521A", "E119", "O9A.1", "E950.3"],
                &["SMITH", "MRN1234", "1", "é1."],
            ),
            (Shape::Digits, &["8", "313782"], &["123456789", "08a"]),
            (Shape::Cpt, &["99213", "0001F"], &["SMITH", "992135"]),
            (Shape::Ndc, &["0777-3105-02", "00777310502"], &["0777-31-05-0277", "077-x-22"]),
            (Shape::Pcs, &["0DTJ4ZZ", "B211YZZ", "GZGZZZZ"], &["CHARLES", "0DTJ4Z", "0OTJ4ZZ", "SM1TH77"]),
            (Shape::Language, &["en-US", "pt"], &["doe", "en-SMITH"]),
            (Shape::Mvx, &["MSD", "BA"], &["SMITH", "M", "msd", "M1"]),
            (Shape::Published, &["AMB", "IMP"], &["SMITH", "", "amb"]),
        ];
        for (shape, good, bad) in cases {
            good.iter().for_each(|code| assert!(shape.fits(ACT_CODE, code), "{shape:?} {code}"));
            bad.iter().for_each(|code| assert!(!shape.fits(ACT_CODE, code), "{shape:?} {code}"));
        }
    }
}
