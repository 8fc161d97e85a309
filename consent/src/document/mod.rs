//! Reading consents, with errors that tell where and never what.

mod documents;

use carewire_fhir_core::{OrgId, PatientToken, Value};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::error::Category;

use crate::source::{self, Shape};
use crate::{Consent, SimpleConsent};

/// Reads consents of any source: one document, an array, NDJSON, or a Bundle of which the `Consent`s are taken.
///
/// A document is recognised by its shape: FHIR R4 or R5 `Consent`, an ABDM artefact, else the simple form. FHIR and ABDM
/// do not say which org holds a consent: they get `org`. A FHIR consent without an id is called by its place, `#1`.
///
/// ```
/// use carewire_consent::{ParseReason, parse_consents};
/// use carewire_fhir_core::OrgId;
/// let org = OrgId::new("o")?;
/// let one = r#"{"id":"a","org":"o","patient":"pt_1","purpose":"CARE","state":"ACTIVE","data_classes":["VITALS"]}"#;
/// assert_eq!(parse_consents(one.as_bytes(), &org)?.len(), 1);
/// assert_eq!(parse_consents(format!("[{one},{one}]").as_bytes(), &org)?.len(), 2);
/// assert_eq!(parse_consents(format!("{one}\n{one}\n").as_bytes(), &org)?.len(), 2);
///
/// let refused = parse_consents(br#"{"resourceType":"Consent"}"#, &org).unwrap_err();
/// assert_eq!(refused.reason(), ParseReason::NoPatient);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ParseError`] for the first document that cannot be read; then none is returned, since what cannot be read may
/// have been a denial.
pub fn parse_consents(bytes: &[u8], org: &OrgId) -> Result<Vec<Consent>, ParseError> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut consents = Vec::new();
    for (record, part) in documents::split(text).into_iter().enumerate() {
        let read =
            document(part.bytes, org, consents.len()).map_err(|fault| fault.within(text, part.start, record));
        consents.extend(read?);
    }
    Ok(consents)
}

impl Consent {
    /// Reads one consent of any source; a simple one must be of `org`.
    ///
    /// # Errors
    /// [`ParseError`] when it is not exactly one, or cannot be read.
    pub fn parse(bytes: &[u8], org: &OrgId) -> Result<Self, ParseError> {
        let mut consents = parse_consents(bytes, org)?;
        match (consents.pop(), consents.is_empty()) {
            (Some(consent), true) if consent.org() == org => Ok(consent),
            _ => Err(ParseError { record: 0, line: 1, column: 1, reason: ParseReason::Shape }),
        }
    }
}

/// The consents of one document: several of a Bundle.
fn document(bytes: &[u8], org: &OrgId, place: usize) -> Result<Vec<Consent>, Fault> {
    let value = Value::parse(bytes).map_err(|error| Fault::syntax(&error))?;
    let at_start = |reason| Fault { line: 1, column: 1, reason };
    match (Shape::of(&value), value.str("resourceType")) {
        (Shape::Simple, _) => {
            let read = serde_json::from_slice::<SimpleConsent>(bytes);
            read.map(|consent| vec![consent.into()]).map_err(|error| Fault::of(&error))
        }
        (Shape::OtherResource, Some("Bundle")) => {
            let resources = value.list("entry").iter().filter_map(|entry| entry.get("resource"));
            let consents = resources.filter(|resource| resource.str("resourceType") == Some("Consent"));
            let read =
                consents.enumerate().map(|(n, consent)| source::read(consent, org, place.saturating_add(n)));
            read.collect::<Result<_, _>>().map_err(at_start)
        }
        _ => source::read(&value, org, place).map(|consent| vec![consent]).map_err(at_start),
    }
}

/// What is wrong with a document, and where in it.
struct Fault {
    line: usize,
    column: usize,
    reason: ParseReason,
}

impl Fault {
    fn of(error: &serde_json::Error) -> Self {
        let reason = match error.classify() {
            Category::Data => Self::data(&error.to_string()),
            _ => ParseReason::Syntax,
        };
        // What is found when all was read has no place of its own.
        Self { line: error.line().max(1), column: error.column().max(1), reason }
    }

    /// What the reader says of an element; of what it says only names that are known here go on.
    fn data(said: &str) -> ParseReason {
        let is_missing = |name: &&&str| said.starts_with(&format!("missing field `{name}`"));
        match REQUIRED.iter().find(is_missing) {
            Some(name) => ParseReason::Missing(name),
            None if said.starts_with(NOT_A_PATIENT) => ParseReason::NoPatient,
            None if said.starts_with(NOT_A_RESOURCE) => ParseReason::Malformed("resource"),
            None if said.starts_with(NO_DATES) => ParseReason::Malformed("data_period"),
            None => ParseReason::Shape,
        }
    }

    fn syntax(error: &carewire_fhir_core::ParseError) -> Self {
        let reason = match error.reason() {
            carewire_fhir_core::ParseReason::DuplicateMember => ParseReason::Shape,
            _ => ParseReason::Syntax,
        };
        Self { line: error.line(), column: error.column(), reason }
    }

    /// The same place in the text that the document is a part of.
    fn within(self, text: &[u8], start: usize, record: usize) -> ParseError {
        let before = text.get(..start).unwrap_or_default();
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        let since = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        let column = if self.line <= 1 { self.column.saturating_add(since) } else { self.column };
        ParseError { record, line: self.line.saturating_add(lines), column, reason: self.reason }
    }
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

    pub(crate) fn at(record: usize, line: usize, column: usize, reason: ParseReason) -> Self {
        Self { record, line, column, reason }
    }

    pub(crate) fn syntax(line: usize, column: usize) -> Self {
        Self { record: 0, line, column, reason: ParseReason::Syntax }
    }
}

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseReason {
    /// It is not JSON, or no text at all.
    #[error("not valid JSON or text")]
    Syntax,
    /// It is not CSV: a quote opens and does not close, or stands within a cell.
    #[error("not valid CSV")]
    Table,
    /// The header names a column that is not known, one twice, or not all that are required.
    #[error("a column is missing, unknown or repeated")]
    Header,
    /// An element is missing, unknown, twice there or has another form than it should.
    #[error("an element is missing, unknown, repeated or malformed")]
    Shape,
    /// An element is not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// An element is not of the form that it should have.
    #[error("`{0}` is malformed")]
    Malformed(&'static str),
    /// It names no patient, or one in a way that is not understood.
    #[error("no patient is named by a token (`pt_…`), a reference (`Patient/…`), a URL or `system|value`")]
    NoPatient,
    /// It is no consent: neither a FHIR `Consent`, nor an ABDM artefact, nor of the simple form.
    #[error("not a consent of a supported form")]
    FormNotSupported,
}

/// Reads a patient who may be named by a token, a reference, a URL, or an identifier as `system|value`.
pub(crate) fn patient_reference<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<PatientToken, D::Error> {
    let text = String::deserialize(deserializer)?;
    // An id of another kind counts only where it says that it is one: a bare text may be any identifier.
    let says_so = text.starts_with("Patient/") || source::is_global(&text);
    let named = if says_so { source::patient(&text) } else { PatientToken::new(&text).ok() };
    named.ok_or_else(|| D::Error::custom(NOT_A_PATIENT))
}

const NOT_A_PATIENT: &str = "not a patient";
/// What the reader of a request says of its `resource`, and of its `data_period`.
pub(crate) const NOT_A_RESOURCE: &str = "not a resource";
pub(crate) const NO_DATES: &str = "no dates";

/// The elements that requests and simple consents cannot do without.
const REQUIRED: [&str; 5] = ["id", "org", "patient", "purpose", "state"];

pub(crate) fn refusal(error: &serde_json::Error, record: usize) -> ParseError {
    let Fault { line, column, reason } = Fault::of(error);
    ParseError { record, line, column, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        r#"{"id":"a","org":"o","patient":"pt_1","purpose":"CARE","state":"ACTIVE","data_classes":[]}"#;

    fn parse(text: &str) -> Result<Vec<Consent>, ParseError> {
        parse_consents(text.as_bytes(), &OrgId::new("o").unwrap())
    }

    #[test]
    fn one_bad_document_refuses_all_and_is_located() {
        let bad = GOOD.replace("ACTIVE", "canary");
        for (text, line) in [(format!("{GOOD}\n{bad}\n{GOOD}"), 2), (format!("[{GOOD},\n{bad}]"), 2)] {
            let error = parse(&text).unwrap_err();
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
            assert_eq!(parse(&text).unwrap_err().reason(), ParseReason::Shape);
        }
    }

    #[test]
    fn truncated_or_foreign_text_is_an_error_and_nothing_is_nothing() {
        assert_eq!(parse(GOOD.get(..40).unwrap()).unwrap_err().reason(), ParseReason::Syntax);
        let foreign = format!("{GOOD}\n{{\"resourceType\":\"Patient\"}}");
        let error = parse(&foreign).unwrap_err();
        assert_eq!((error.record(), error.reason()), (1, ParseReason::FormNotSupported));
        assert_eq!(parse(" \n").unwrap(), Vec::new());
        assert_eq!(parse("[]").unwrap(), Vec::new());
    }

    #[test]
    fn a_time_that_is_no_time_is_an_error() {
        let text = GOOD.replace("\"data_classes\":[]", "\"end\":\"2026-13-45\"");
        assert_eq!(parse(&text).unwrap_err().reason(), ParseReason::Shape);
    }
}
