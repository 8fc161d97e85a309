//! Acknowledgements: written for what was received, readable or not, and read when they come back.

mod read;
mod write;

pub use read::{Ack, answers, read};
pub use write::acknowledge;

use std::fmt;
use std::str::FromStr;

use crate::{Location, ParseError, SegmentId};

/// The acknowledgement code, MSA-1 (table 0008).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the standard fixes the codes, and callers match them all")]
pub enum AckCode {
    /// Application accept.
    AA,
    /// Application error: the message was understood to be one, and could not be processed.
    AE,
    /// Application reject: the message is not of a kind that is handled.
    AR,
    /// Commit accept (enhanced mode): the message is in safe storage.
    CA,
    /// Commit error (enhanced mode).
    CE,
    /// Commit reject (enhanced mode).
    CR,
}

impl AckCode {
    /// The code as written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AA => "AA",
            Self::AE => "AE",
            Self::AR => "AR",
            Self::CA => "CA",
            Self::CE => "CE",
            Self::CR => "CR",
        }
    }

    /// Whether the message was taken over.
    #[must_use]
    pub fn is_accept(self) -> bool {
        matches!(self, Self::AA | Self::CA)
    }
}

impl FromStr for AckCode {
    type Err = ParseError;

    fn from_str(code: &str) -> Result<Self, ParseError> {
        let codes = [Self::AA, Self::AE, Self::AR, Self::CA, Self::CE, Self::CR];
        codes.into_iter().find(|known| known.as_str() == code).ok_or(ParseError::NotAnAcknowledgement)
    }
}

impl fmt::Display for AckCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an acknowledgement says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AckOptions<'o> {
    /// MSA-1.
    pub code: AckCode,
    /// MSH-10 of the acknowledgement itself.
    pub control_id: &'o str,
    /// MSH-7, as it is to be written.
    pub timestamp: Option<&'o str>,
    /// What stands in ERR segments.
    pub errors: Vec<AckError>,
}

impl<'o> AckOptions<'o> {
    /// This code, in an acknowledgement of this control id.
    #[must_use]
    pub fn new(code: AckCode, control_id: &'o str) -> Self {
        Self { code, control_id, timestamp: None, errors: Vec::new() }
    }

    /// Sets the time of the acknowledgement, as it is to be written in MSH-7.
    #[must_use]
    pub fn at(mut self, timestamp: &'o str) -> Self {
        self.timestamp = Some(timestamp);
        self
    }

    /// Adds errors.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = AckError>) -> Self {
        self.errors.extend(errors);
        self
    }
}

/// One fault that an acknowledgement reports. It can name a place and a fixed phrase, not a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AckError {
    /// The place in the message.
    pub location: Option<Location>,
    /// What kind of fault.
    pub code: ErrorCode,
    /// How grave it is; written from version 2.5 on.
    pub severity: Severity,
    /// A phrase for the people at the other end; written from version 2.5 on.
    pub text: Option<&'static str>,
}

impl AckError {
    /// An error of this kind.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self { location: None, code, severity: Severity::Error, text: None }
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
    pub fn with_text(mut self, text: &'static str) -> Self {
        self.text = Some(text);
        self
    }
}

impl From<&ParseError> for AckError {
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
            ParseError::NotAnAcknowledgement => Self::new(ErrorCode::UnsupportedMessageType),
            ParseError::Strict(found) => Self {
                location: found.location().copied(),
                ..Self::new(ErrorCode::DataTypeError).with_text("message is not well-formed")
            },
        }
    }
}

/// The kind of a fault (table 0357).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// 100: segments are missing or out of order.
    SegmentSequenceError,
    /// 101: a required field is missing.
    RequiredFieldMissing,
    /// 102: a value is not of its data type.
    DataTypeError,
    /// 103: a code is not in its table.
    TableValueNotFound,
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

    /// The phrase of the standard for it.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::SegmentSequenceError => ("100", "Segment sequence error"),
            Self::RequiredFieldMissing => ("101", "Required field missing"),
            Self::DataTypeError => ("102", "Data type error"),
            Self::TableValueNotFound => ("103", "Table value not found"),
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

/// How grave a fault is (table 0516).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The message was not processed.
    Error,
    /// The message was processed; something may be wrong.
    Warning,
    /// The message was processed.
    Information,
}

impl Severity {
    /// The code as written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "E",
            Self::Warning => "W",
            Self::Information => "I",
        }
    }
}
