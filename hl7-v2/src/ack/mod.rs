//! Acknowledgements: written for what was received, readable or not, and read when they come back.

mod error;
mod judge;
mod plan;
mod read;
mod write;

pub use error::{AckError, ErrorCode};
pub use judge::{AckPart, AckVerdict, judge, part_of};
pub use plan::{AckCondition, AckMode, AckPlan, Outcome, Received, plan};
pub use read::{Ack, ReportedError, answers, read};
pub use write::acknowledge;

pub use crate::Severity;

use std::fmt;
use std::str::FromStr;

use crate::{Charset, ParseError, Timestamp};

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

/// What an acknowledgement says. `Debug` shows codes and places only.
#[derive(Clone)]
#[non_exhaustive]
pub struct AckOptions<'o> {
    /// MSA-1.
    pub code: AckCode,
    /// MSH-10 of the acknowledgement itself.
    pub control_id: &'o str,
    /// MSH-7. Without one MSH-7 is empty, although the standard requires it: there is no clock here, so the caller
    /// gives the time.
    pub timestamp: Option<Timestamp>,
    /// MSA-4, the number that the receiver expects in MSH-13 of the next message.
    pub expected_sequence_number: Option<u64>,
    /// The character set of texts, where the message received names none that is known.
    pub default_charset: Charset,
    /// What stands in ERR segments.
    pub errors: Vec<AckError>,
}

impl<'o> AckOptions<'o> {
    /// This code, in an acknowledgement of this control id. MSH-7, which the standard requires, is empty until
    /// [`AckOptions::at`] gives the time.
    #[must_use]
    pub fn new(code: AckCode, control_id: &'o str) -> Self {
        Self {
            code,
            control_id,
            timestamp: None,
            expected_sequence_number: None,
            default_charset: Charset::Utf8,
            errors: Vec::new(),
        }
    }

    /// Sets the time of the acknowledgement, MSH-7, with the precision and zone that it has. The standard requires it.
    #[must_use]
    pub fn at(mut self, timestamp: impl Into<Option<Timestamp>>) -> Self {
        self.timestamp = timestamp.into();
        self
    }

    /// Sets the number that is expected in MSH-13 of the next message, where the two sides number their messages.
    #[must_use]
    pub fn expecting_sequence_number(mut self, number: u64) -> Self {
        self.expected_sequence_number = Some(number);
        self
    }

    /// Sets the character set of texts, where the message received names none that is known.
    #[must_use]
    pub fn with_default_charset(mut self, charset: Charset) -> Self {
        self.default_charset = charset;
        self
    }

    /// Adds errors.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = AckError>) -> Self {
        self.errors.extend(errors);
        self
    }
}

impl fmt::Debug for AckOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AckOptions")
            .field("code", &self.code)
            .field("default_charset", &self.default_charset)
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}
