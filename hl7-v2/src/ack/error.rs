//! What an acknowledgement says about faults.

use std::borrow::Cow;
use std::fmt;

use crate::{Finding, Location, ParseError, SegmentId, Severity};

/// One fault that an acknowledgement reports: a place, codes and phrases. It has no value of the message, unless the
/// caller puts one into the diagnostic.
///
/// ```
/// use carewire_hl7_v2::ack::{AckError, ErrorCode};
/// use carewire_hl7_v2::{Finding, FindingKind};
///
/// let found = Finding::new(FindingKind::NotInTable).at("PID-8".parse()?).expecting("table 0001");
/// let error = AckError::from(&found).with_text("Please use the codes of the guide");
/// assert_eq!((error.code, error.diagnostic.as_deref()), (ErrorCode::TableValueNotFound, Some("code not in its table (table 0001)")));
/// # Ok::<(), carewire_hl7_v2::PathError>(())
/// ```
///
/// `Debug` does not show what the diagnostic says.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AckError {
    /// The place in the message.
    pub location: Option<Location>,
    /// What kind of fault.
    pub code: ErrorCode,
    /// How grave it is; written from version 2.5 on.
    pub severity: Severity,
    /// A phrase for the people at the other end: ERR-8 from version 2.5 on; before that, the first one in MSA-3.
    pub text: Option<Cow<'static, str>>,
    /// The receiver's own code for the fault (table 0533), ERR-5; written from version 2.5 on.
    pub application_code: Option<&'static str>,
    /// What helps the technicians at the other end, ERR-7; written from version 2.5 on.
    pub diagnostic: Option<Cow<'static, str>>,
}

impl AckError {
    /// An error of this kind.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self {
            location: None,
            code,
            severity: Severity::Error,
            text: None,
            application_code: None,
            diagnostic: None,
        }
    }

    /// The receiver could not do its part; sending the message again may help.
    #[must_use]
    pub fn application_internal() -> Self {
        Self::new(ErrorCode::ApplicationInternalError)
    }

    /// Sets the place.
    #[must_use]
    pub fn in_place(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets how grave it is.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Sets the phrase.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Sets the receiver's own code (table 0533).
    #[must_use]
    pub fn with_application_code(mut self, code: &'static str) -> Self {
        self.application_code = Some(code);
        self
    }

    /// Sets what helps the technicians. A value of the message has no place in it: it would travel into logs.
    #[must_use]
    pub fn with_diagnostic(mut self, diagnostic: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic = Some(diagnostic.into());
        self
    }
}

impl From<&ParseError> for AckError {
    /// The nearest code of table 0357, and a phrase. A message above the limits is another fault (199) and not an
    /// internal one (207), for which senders try the same message again.
    fn from(error: &ParseError) -> Self {
        let header = Location::of_segment(SegmentId::MSH, 1);
        match error {
            ParseError::Empty => Self::new(ErrorCode::SegmentSequenceError).with_text("empty message"),
            ParseError::NoHeader { .. } => {
                Self::new(ErrorCode::SegmentSequenceError).in_place(header).with_text("no message header")
            }
            ParseError::Batch => {
                Self::new(ErrorCode::UnsupportedMessageType).with_text("batch where a message is expected")
            }
            ParseError::WideCharacters => {
                Self::new(ErrorCode::DataTypeError).in_place(header).with_text("UTF-16 is not supported")
            }
            ParseError::FieldSeparator { .. } => {
                Self::new(ErrorCode::DataTypeError).in_place(header.at_field(1))
            }
            ParseError::TooLarge { .. } | ParseError::TooManySegments { .. } => {
                Self::new(ErrorCode::OtherHl7Error).with_text("message is too large")
            }
            ParseError::NotAnAcknowledgement => Self::new(ErrorCode::UnsupportedMessageType),
            ParseError::Strict(found) => Self {
                location: found.location().copied(),
                diagnostic: Some(Cow::Owned(found.kind().to_string())),
                ..Self::new(ErrorCode::DataTypeError).with_text("message is not well-formed")
            },
        }
    }
}

impl From<&Finding> for AckError {
    /// The code, place and severity of the finding, and what was expected there. A finding without a code of its own
    /// is another fault in the message (199).
    fn from(found: &Finding) -> Self {
        let mut diagnostic = found.kind().to_string();
        if let Some(expected) = found.expected() {
            diagnostic.push_str(&format!(" ({expected})"));
        }
        if let Some(rule) = found.rule() {
            diagnostic.push_str(&format!(", rule {rule}"));
        }
        Self {
            location: found.location().copied(),
            severity: found.severity(),
            diagnostic: Some(Cow::Owned(diagnostic)),
            ..Self::new(found.code().unwrap_or(ErrorCode::OtherHl7Error))
        }
    }
}

impl fmt::Debug for AckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AckError")
            .field("location", &self.location)
            .field("code", &self.code)
            .field("severity", &self.severity)
            .field("has_text", &self.text.is_some())
            .field("application_code", &self.application_code)
            .field("has_diagnostic", &self.diagnostic.is_some())
            .finish()
    }
}

/// The kind of a fault (table 0357).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// 0: nothing is wrong; for systems that must always give a code.
    MessageAccepted,
    /// 100: segments are missing or out of order.
    SegmentSequenceError,
    /// 101: a required field is missing.
    RequiredFieldMissing,
    /// 102: a value is not of its data type.
    DataTypeError,
    /// 103: a code is not in its table.
    TableValueNotFound,
    /// 104: a value is longer than allowed. In the table from version 2.7 on.
    ValueTooLong,
    /// 198: there are more or fewer than allowed. In the table from version 2.9 on.
    NonConformantCardinality,
    /// 199: another fault in the message. In the table from version 2.9 on.
    OtherHl7Error,
    /// 200: messages of this type are not handled.
    UnsupportedMessageType,
    /// 201: this event is not handled.
    UnsupportedEventCode,
    /// 202: messages of this processing id are not handled.
    UnsupportedProcessingId,
    /// 203: this version is not handled.
    UnsupportedVersionId,
    /// 204: the patient, order or other record is not known.
    UnknownKeyIdentifier,
    /// 205: the record exists already.
    DuplicateKeyIdentifier,
    /// 206: the record is in use; sending the message again later may help.
    ApplicationRecordLocked,
    /// 207: the receiver could not do its part; sending the message again may help.
    ApplicationInternalError,
}

impl ErrorCode {
    /// The code as written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Reads a code as written.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == code.trim())
    }

    /// The nearest code that the table of a version has, by its numbers.
    pub(super) fn in_version(self, version: [u16; 3]) -> Self {
        match self {
            Self::ValueTooLong if version < [2, 7, 0] => Self::DataTypeError,
            Self::NonConformantCardinality | Self::OtherHl7Error if version < [2, 9, 0] => {
                Self::DataTypeError
            }
            _ => self,
        }
    }

    const ALL: [Self; 16] = [
        Self::MessageAccepted,
        Self::SegmentSequenceError,
        Self::RequiredFieldMissing,
        Self::DataTypeError,
        Self::TableValueNotFound,
        Self::ValueTooLong,
        Self::NonConformantCardinality,
        Self::OtherHl7Error,
        Self::UnsupportedMessageType,
        Self::UnsupportedEventCode,
        Self::UnsupportedProcessingId,
        Self::UnsupportedVersionId,
        Self::UnknownKeyIdentifier,
        Self::DuplicateKeyIdentifier,
        Self::ApplicationRecordLocked,
        Self::ApplicationInternalError,
    ];

    /// The phrase of the standard for it.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::MessageAccepted => ("0", "Message accepted"),
            Self::SegmentSequenceError => ("100", "Segment sequence error"),
            Self::RequiredFieldMissing => ("101", "Required field missing"),
            Self::DataTypeError => ("102", "Data type error"),
            Self::TableValueNotFound => ("103", "Table value not found"),
            Self::ValueTooLong => ("104", "Value too long"),
            Self::NonConformantCardinality => ("198", "Non-Conformant Cardinality"),
            Self::OtherHl7Error => ("199", "Other HL7 Error"),
            Self::UnsupportedMessageType => ("200", "Unsupported message type"),
            Self::UnsupportedEventCode => ("201", "Unsupported event code"),
            Self::UnsupportedProcessingId => ("202", "Unsupported processing id"),
            Self::UnsupportedVersionId => ("203", "Unsupported version id"),
            Self::UnknownKeyIdentifier => ("204", "Unknown key identifier"),
            Self::DuplicateKeyIdentifier => ("205", "Duplicate key identifier"),
            Self::ApplicationRecordLocked => ("206", "Application record locked"),
            Self::ApplicationInternalError => ("207", "Application internal error"),
        }
    }
}
