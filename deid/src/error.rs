//! The one error of this crate.

use std::error::Error as StdError;

/// What could not be done, named by what the caller can do about it.
///
/// No variant carries a value of a resource or a key: only positions, element names, type names and fixed phrases.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The key file cannot be used; it must be mended or restored.
    #[error("key file: {at}: {reason}")]
    KeyFile {
        /// `keys[2].key`, or a line and column.
        at: String,
        /// What is wrong there.
        reason: &'static str,
    },
    /// The source of randomness failed; nothing was made.
    #[error("no randomness to be had")]
    Entropy,
    /// The bytes name a key that the key ring does not hold: restore the retired key.
    #[error("sealed with a key that is not in the key ring")]
    UnknownKey,
    /// The bytes are no sealed record, were altered, or belong to another record.
    #[error("sealed record cannot be opened")]
    NotOpened,
    /// The policy file cannot be used.
    #[error("policy: {0}")]
    Policy(#[from] PolicyError),
    /// A rule file of another engine cannot be used.
    #[error("rule file: {0}")]
    RuleFile(#[from] crate::import::RuleError),
    /// A resource was refused because the policy cannot say what it means. Nothing was emitted.
    #[error("{path}: {reason}")]
    Refused {
        /// Where, as an element path. Names that FHIR does not know are shown as `?`.
        path: String,
        /// Why.
        reason: Refusal,
    },
    /// A message of HL7 v2 cannot be read, or not under this policy. Nothing of it was written.
    #[error("segment {segment}{}: {reason}", field.map_or(String::new(), |field| format!(", field {field}")))]
    Message {
        /// The segment, from 1.
        segment: usize,
        /// The field, where it is one.
        field: Option<usize>,
        /// Why.
        reason: MessageFault,
    },
    /// The text is no JSON that may be read. Nothing was written.
    #[error("resource: {source}")]
    Unreadable {
        /// Where, and why.
        source: carewire_fhir_core::ParseError,
    },
    /// The store cannot be reached; the same call may succeed later.
    #[error("token vault is unavailable")]
    Unavailable {
        /// The cause, for the log: it must not print row values.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// Stored bytes cannot be understood.
    #[error("stored {what} is corrupt")]
    Corrupt {
        /// The kind of thing that is corrupt.
        what: &'static str,
    },
}

/// Why a resource or Bundle was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A modifier extension that the policy does not name may change the meaning of everything around it.
    #[error("modifier extension is not known to the policy")]
    ModifierExtension,
    /// The resource handed over is not a Bundle.
    #[error("not a Bundle")]
    NotABundle,
    /// The text is not a FHIR resource.
    #[error("not a resource")]
    NotAResource,
    /// The policy keeps surrogates of different runs apart, and the key is one that outlives a run.
    #[error("the policy wants a key that lives for one run")]
    KeyOutlivesRun,
    /// The policy counts ages, and no day was given at which.
    #[error("the policy wants the day at which ages are counted")]
    NoDay,
    /// The policy encrypts values, and there is nothing to encrypt them with.
    #[error("the policy encrypts, and was given no cipher")]
    NoCipher,
    /// The policy scrubs texts, and names a scrubber that is not there.
    #[error("the policy scrubs texts, and was not given the scrubber that it names")]
    NoScrubber,
    /// The policy has no rule for this type.
    #[error("resource type is not in the policy")]
    TypeNotInPolicy,
    /// The Bundle holds more than one Patient, and the context names one token only, or the same one twice.
    #[error("more than one patient in the bundle")]
    SeveralPatients,
    /// The references of the resource lead to two patients of the Bundle, so that it could go under neither's token.
    #[error("references to more than one patient")]
    OfSeveralPatients,
    /// R4 has no such resource type or element, or a value of another kind.
    #[error("not FHIR R4")]
    NotR4,
    /// A rule of an imported file cannot be evaluated over the resource.
    #[error("a rule cannot be applied")]
    RuleFailed,
    /// The Bundle holds a patient, and the context has no token for it.
    #[error("no token was given for the patient")]
    PatientWithoutToken,
}

/// Why a message of HL7 v2 was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum MessageFault {
    /// There is no MSH, FHS or BHS with a field separator that can be one.
    #[error("no header with a usable field separator")]
    NoHeader,
    /// The text is in UTF-16 or UTF-32.
    #[error("text with two or four bytes for each character")]
    Wide,
}

/// A policy file is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct PolicyError {
    line: usize,
    column: usize,
    reason: String,
}

impl PolicyError {
    pub(crate) fn new(source: &str, offset: usize, reason: impl Into<String>) -> Self {
        let before = source.as_bytes().get(..offset).unwrap_or(source.as_bytes());
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        Self { line, column: before.len() - start + 1, reason: reason.into() }
    }

    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in bytes, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong there.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
