//! The one error of this crate.

use std::io;

/// Why a suite could not run. What an endpoint does wrong is no error: it is in the report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The endpoint cannot be connected to at all.
    #[error("endpoint cannot be reached: {0}")]
    Unreachable(#[source] io::Error),
    /// The address to listen on cannot be had.
    #[error("cannot listen: {0}")]
    Listen(#[source] io::Error),
    /// A file cannot be read.
    #[error("`{path}`: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A certificate, a key or a server name cannot be used.
    #[error("TLS: {0}")]
    Tls(String),
    /// The message given does not begin with a header segment that has a control id field.
    #[error("the message does not begin with an MSH segment of at least ten fields")]
    Message,
    /// There is no quirk of this id.
    #[error("no quirk is called `{0}`")]
    NoSuchQuirk(String),
    /// The command of the client under test cannot be run.
    #[error("command cannot be run: {0}")]
    Command(#[source] io::Error),
}

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
