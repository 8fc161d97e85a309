//! The year of a date.

use carewire_fhir_core::DateParts;

use super::v2_date::V2Date;

/// The year of a `date`, `dateTime` or `instant` of FHIR; `None` when it is not well-formed as a whole.
///
/// ```
/// use carewire_deid::transform::fhir_year;
/// assert_eq!(fhir_year("2019-03-14T10:00:00Z"), Some("2019"));
/// assert_eq!(fhir_year("2019-03-32"), None);
/// ```
#[must_use]
pub fn fhir_year(text: &str) -> Option<&str> {
    DateParts::parse(text)?;
    text.get(..4)
}

/// The year of a `DT`, `DTM` or the first component of a `TS` of HL7 v2; `None` when it is not well-formed as a whole.
///
/// ```
/// use carewire_deid::transform::v2_year;
/// assert_eq!(v2_year("20190314100000-0500"), Some("2019"));
/// assert_eq!(v2_year("20190314 SMITH"), None);
/// ```
#[must_use]
pub fn v2_year(text: &str) -> Option<&str> {
    V2Date::parse(text)?;
    text.get(..4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_that_only_begins_like_a_date_has_no_year() {
        for (text, fhir, v2) in [
            ("2019", Some("2019"), Some("2019")),
            ("201903", None, Some("2019")),
            ("2019-03", Some("2019"), None),
            ("0000", None, None),
            ("20191332", None, None),
            ("2019031424", None, Some("2019")),
            ("2019 Smith", None, None),
            ("é019", None, None),
        ] {
            assert_eq!((fhir_year(text), v2_year(text)), (fhir, v2), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_year_is_four_digits(text in "\\PC{0,20}|[0-9.+-]{0,20}") {
            for year in [fhir_year(&text), v2_year(&text)].into_iter().flatten() {
                prop_assert!(year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }
    }
}
