//! What can go wrong.

use carewire_fhir_core::{Issue, ParseError};

/// Why an export, one of its files or one of its documents cannot be used. Repeats no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A line of a file is not a resource. The lines after it can still be read.
    #[error("line {line} at byte {offset}: {source}")]
    Line {
        /// The line, from 1.
        line: u64,
        /// Where the line begins in the file.
        offset: u64,
        /// What is wrong with it.
        source: LineError,
    },
    /// A manifest or configuration does not say what it must.
    #[error("{document}: {reason}")]
    Document {
        /// Which document.
        document: &'static str,
        /// What is wrong with it.
        reason: DocumentError,
    },
    /// The server refuses: a retry of the same request will not help.
    #[error("refused with status {status}")]
    Refused {
        /// The status.
        status: u16,
        /// What the server said; may hold data, and is not shown.
        issues: Vec<Issue>,
    },
    /// A fresh token was refused too.
    #[error("not authorized")]
    Unauthorized,
    /// The export is not there any more: start anew.
    #[error("the export is gone")]
    Gone,
    /// The server accepted the export but did not say where to ask for it.
    #[error("no usable content-location")]
    NoStatusUrl,
    /// The server failed more often in a row than [`crate::Polling::max_failures`].
    #[error("the server keeps failing")]
    Unavailable,
    /// The export did not end within [`crate::Polling::give_up_after`].
    #[error("the export did not end in time")]
    TimedOut,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// It is longer than the limit.
    #[error("longer than the limit")]
    TooLong,
    /// It is not a resource.
    #[error(transparent)]
    Resource(#[from] carewire_fhir_core::ResourceError),
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// It is not JSON.
    #[error(transparent)]
    Json(#[from] ParseError),
    /// An element is missing or of the wrong kind.
    #[error("no usable `{0}`")]
    Element(String),
}
