//! Primitive values that may stay: those that can only be what their type says.

use carewire_fhir_core::json::JsonNode;
use carewire_fhir_core::{Date, DateTime, Instant, Time};

use crate::fhir::Codes;
use crate::policy::Primitive;
use crate::terms::{is_language, is_unit};

/// Whether a value is of a primitive type that cannot hold free text, and well-formed. A text in the place of a date,
/// a number written as a string, a status that R4 does not have: none of them fits.
pub(super) fn fits<'a>(kind: Primitive, value: impl JsonNode<'a>, codes: Codes) -> bool {
    let text = |is: fn(&str) -> bool| value.as_str().is_some_and(is);
    match kind {
        Primitive::Boolean => value.as_bool().is_some(),
        Primitive::Decimal => value.as_number().is_some(),
        Primitive::Integer(_) => value.as_number().is_some_and(|number| is_number(kind, number)),
        Primitive::Date => text(|text| Date::parse(text).is_ok()),
        Primitive::DateTime => text(|text| DateTime::parse(text).is_ok()),
        Primitive::Instant => text(|text| Instant::parse(text).is_ok()),
        Primitive::Time => text(|text| Time::parse(text).is_ok()),
        Primitive::Code => value.as_str().is_some_and(|code| is_code(code, codes)),
    }
}

/// Whether a number is one of a primitive type.
pub(super) fn is_number(kind: Primitive, number: &str) -> bool {
    match kind {
        Primitive::Integer(least) => number.parse::<i32>().is_ok_and(|number| number >= least),
        kind => kind == Primitive::Decimal,
    }
}

pub(super) fn is_date(kind: Primitive) -> bool {
    matches!(kind, Primitive::Date | Primitive::DateTime | Primitive::Instant)
}

fn is_code(code: &str, codes: Codes) -> bool {
    match codes {
        Codes::Set(set) => set.lists(code),
        Codes::Mime => MIME_TYPES.contains(&code),
        Codes::Unit => is_unit(code),
        // The only codes that R4 leaves open and that stand without a system.
        Codes::Open => is_language(code),
    }
}

/// A sender writes the subtype, so the usual ones are listed.
const MIME_TYPES: [&str; 32] = [
    "application/dicom",
    "application/fhir+json",
    "application/fhir+xml",
    "application/hl7-cda+xml",
    "application/hl7-v2",
    "application/hl7-v2+er7",
    "application/hl7-v2+xml",
    "application/json",
    "application/msword",
    "application/octet-stream",
    "application/pdf",
    "application/rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/xml",
    "application/zip",
    "audio/basic",
    "audio/mpeg",
    "audio/wav",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/jpg",
    "image/png",
    "image/svg+xml",
    "image/tiff",
    "text/csv",
    "text/html",
    "text/markdown",
    "text/plain",
    "text/rtf",
    "text/xml",
    "video/mp4",
];

#[cfg(test)]
mod tests {
    use carewire_fhir_core::Value;

    use super::*;
    use crate::fhir::codes_of;

    fn fits(kind: &str, value: &Value, codes: Codes) -> bool {
        Primitive::named(kind).is_some_and(|kind| super::fits(kind, value, codes))
    }

    #[test]
    fn only_well_formed_values_of_the_type_fit() {
        let text = |text: &str| Value::from(text);
        for (kind, good, bad) in [
            ("date", text("2024-03"), text("ZZ1931")),
            ("dateTime", text("2024-03-05T14:30:00+01:00"), text("2024-03-05 SMITH")),
            ("instant", text("2024-03-05T14:30:00Z"), text("2024")),
            ("time", text("14:30:00"), text("noon")),
            ("decimal", Value::number("0.50").unwrap(), text("0.50")),
            ("positiveInt", Value::integer(1), Value::integer(0)),
            ("unsignedInt", Value::integer(0), Value::integer(-1)),
            ("integer", Value::integer(-1), Value::number("1.5").unwrap()),
            ("boolean", Value::bool(true), text("true")),
            ("code", text("en-US"), text("Smith")),
            ("string", Value::null(), text("anything")),
        ] {
            assert_eq!(fits(kind, &good, Codes::Open), kind != "string", "{kind}");
            assert!(!fits(kind, &bad, Codes::Open), "{kind}");
        }
        let status = codes_of("Observation", "status");
        assert!(fits("code", &text("final"), status));
        assert!(!fits("code", &text("MRN123"), status));
        let currency = codes_of("Money", "currency");
        assert!(fits("code", &text("EUR"), currency) && !fits("code", &text("DOE"), currency));
        assert!(!fits("code", &text("text/smith"), Codes::Mime));
    }
}
