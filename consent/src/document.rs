//! Reading consents, with errors that tell where and never what.

use carewire_fhir_core::PatientToken;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::error::Category;

use crate::SimpleConsent;

/// Reads consents in the simple form: one, an array, or NDJSON.
///
/// ```
/// use carewire_consent::{ParseReason, parse_consents};
/// let one = r#"{"id":"a","org":"o","patient":"pt_1","purpose":"CARE","state":"ACTIVE","data_classes":["VITALS"]}"#;
/// assert_eq!(parse_consents(one.as_bytes())?.len(), 1);
/// assert_eq!(parse_consents(format!("[{one},{one}]").as_bytes())?.len(), 2);
/// assert_eq!(parse_consents(format!("{one}\n{one}\n").as_bytes())?.len(), 2);
///
/// let refused = parse_consents(br#"{"resourceType":"Consent"}"#).unwrap_err();
/// assert_eq!(refused.reason(), ParseReason::FormNotSupported);
/// # Ok::<(), carewire_consent::ParseError>(())
/// ```
///
/// # Errors
/// [`ParseError`] for the first document that cannot be read; then none is returned, since what cannot be read may
/// have been a denial.
pub fn parse_consents(bytes: &[u8]) -> Result<Vec<SimpleConsent>, ParseError> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    read(text).map_err(|error| explain(text, error))
}

/// A consent or request cannot be read. No value of the text is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("document {}, line {line}, column {column}: {reason}", record.saturating_add(1))]
pub struct ParseError {
    record: usize,
    line: usize,
    column: usize,
    reason: ParseReason,
}

impl ParseError {
    /// The position of the document among those read, from 0.
    #[must_use]
    pub fn record(&self) -> usize {
        self.record
    }

    /// The line of the input, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column of the input, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong.
    #[must_use]
    pub fn reason(&self) -> ParseReason {
        self.reason
    }

    pub(crate) fn syntax(line: usize, column: usize) -> Self {
        Self { record: 0, line, column, reason: ParseReason::Syntax }
    }
}

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseReason {
    /// It is not JSON.
    #[error("not valid JSON")]
    Syntax,
    /// An element is missing, unknown, twice there or has another form than it should.
    #[error("an element is missing, unknown, repeated or malformed")]
    Shape,
    /// It is a FHIR `Consent` or an ABDM artefact, which this version does not read.
    #[error("only the simple form of consents is supported, not FHIR Consent or ABDM artefacts")]
    FormNotSupported,
}

/// Reads a patient token that may be written as a reference.
pub(crate) fn patient_reference<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<PatientToken, D::Error> {
    let text = String::deserialize(deserializer)?;
    PatientToken::new(text.strip_prefix("Patient/").unwrap_or(&text)).map_err(D::Error::custom)
}

pub(crate) fn refusal(error: &serde_json::Error, record: usize) -> ParseError {
    let reason = match error.classify() {
        Category::Data => ParseReason::Shape,
        _ => ParseReason::Syntax,
    };
    ParseError { record, line: error.line(), column: error.column(), reason }
}

struct At {
    record: usize,
    error: serde_json::Error,
}

fn read(text: &[u8]) -> Result<Vec<SimpleConsent>, At> {
    if is_array(text) {
        return serde_json::from_slice(text).map_err(|error| At { record: 0, error });
    }
    let documents = serde_json::Deserializer::from_slice(text).into_iter();
    documents.enumerate().map(|(record, read)| read.map_err(|error| At { record, error })).collect()
}

/// Tells an unsupported form from a malformed one, and which of an array's items it is.
fn explain(text: &[u8], At { record, error }: At) -> ParseError {
    let refused = refusal(&error, record);
    if refused.reason != ParseReason::Shape {
        return refused;
    }
    let items: Vec<serde_json::Value> = if is_array(text) {
        serde_json::from_slice(text).unwrap_or_default()
    } else {
        serde_json::Deserializer::from_slice(text).into_iter().map_while(Result::ok).collect()
    };
    let first_bad = |item: &serde_json::Value| SimpleConsent::deserialize(item).is_err();
    let record = if is_array(text) { items.iter().position(first_bad).unwrap_or(record) } else { record };
    let foreign = items.get(record).is_some_and(is_another_form);
    let reason = if foreign { ParseReason::FormNotSupported } else { refused.reason };
    ParseError { record, reason, ..refused }
}

fn is_array(text: &[u8]) -> bool {
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[')
}

fn is_another_form(document: &serde_json::Value) -> bool {
    ["resourceType", "consentDetail", "consentId", "hiTypes"].iter().any(|key| document.get(key).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        r#"{"id":"a","org":"o","patient":"pt_1","purpose":"CARE","state":"ACTIVE","data_classes":[]}"#;

    #[test]
    fn one_bad_document_refuses_all_and_is_located() {
        let bad = GOOD.replace("ACTIVE", "canary");
        for (text, line) in [(format!("{GOOD}\n{bad}\n{GOOD}"), 2), (format!("[{GOOD},\n{bad}]"), 2)] {
            let error = parse_consents(text.as_bytes()).unwrap_err();
            assert_eq!((error.record(), error.line(), error.reason()), (1, line, ParseReason::Shape));
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn an_unknown_or_repeated_element_is_refused_because_it_may_restrict() {
        for extra in
            [r#","except":["LAB_RESULTS"]"#, r#","state":"REVOKED""#, r#","data_classes":["VITALS"]"#]
        {
            let text = GOOD.replace("\"data_classes\":[]", &format!("\"data_classes\":[]{extra}"));
            assert_eq!(parse_consents(text.as_bytes()).unwrap_err().reason(), ParseReason::Shape);
        }
    }

    #[test]
    fn truncated_or_foreign_text_is_an_error_and_nothing_is_nothing() {
        assert_eq!(parse_consents(&GOOD.as_bytes()[..40]).unwrap_err().reason(), ParseReason::Syntax);
        let foreign = format!("{GOOD}\n{{\"resourceType\":\"Consent\"}}");
        let error = parse_consents(foreign.as_bytes()).unwrap_err();
        assert_eq!((error.record(), error.reason()), (1, ParseReason::FormNotSupported));
        assert_eq!(parse_consents(b" \n").unwrap(), Vec::new());
        assert_eq!(parse_consents(b"[]").unwrap(), Vec::new());
    }

    #[test]
    fn a_time_that_is_no_time_is_an_error() {
        let text = GOOD.replace("\"data_classes\":[]", "\"end\":\"2026-13-45\"");
        assert_eq!(parse_consents(text.as_bytes()).unwrap_err().reason(), ParseReason::Shape);
    }
}
