//! The one error of this crate.

use std::time::Duration;

/// What a driver could not do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program cannot be run, or ended as it should not have: look at its logs.
    #[error("`{program}` {what}")]
    Program {
        /// Its name.
        program: String,
        /// What happened.
        what: String,
    },
    /// Something did not happen in time.
    #[error("{what}: not within {} s", .within.as_secs_f64())]
    TimedOut {
        /// What was waited for.
        what: String,
        /// How long.
        within: Duration,
    },
    /// A server refused.
    #[error("{what} answered {status}")]
    Refused {
        /// What was asked.
        what: String,
        /// The status.
        status: u16,
    },
    /// An answer is not what its protocol says.
    #[error("{what}: the answer is not understood")]
    NotUnderstood {
        /// What was asked.
        what: String,
    },
    /// A server cannot be reached, or the connection broke.
    #[error("{what}: {source}")]
    Http {
        /// What was asked.
        what: String,
        /// Why.
        source: reqwest::Error,
    },
    /// A file, a socket or a process of the operating system.
    #[error("{what}: {source}")]
    Io {
        /// What was touched.
        what: String,
        /// Why.
        source: std::io::Error,
    },
}

impl Error {
    pub(crate) fn program(program: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Program { program: program.into(), what: what.into() }
    }

    pub(crate) fn not_understood(what: impl Into<String>) -> Self {
        Self::NotUnderstood { what: what.into() }
    }

    pub(crate) fn timed_out(what: impl Into<String>, within: Duration) -> Self {
        Self::TimedOut { what: what.into(), within }
    }

    /// For `map_err`: what was touched.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
