use std::path::PathBuf;

/// What kept the server from starting or from going on.
///
/// What a client did wrong is not here: that is answered over HTTP as an `OperationOutcome`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The storage file cannot be opened, read or written. No value of a resource is in the text.
    #[error("storage is unavailable")]
    Storage {
        /// The database's own error.
        #[source]
        source: sqlx::Error,
    },
    /// The storage file holds something that this version did not write.
    #[error("storage is corrupt at row {row}")]
    Corrupt {
        /// The number of the first row that cannot be understood.
        row: i64,
    },
    /// A commit failed earlier, so nothing that is answered from now on could be trusted. Restart the server.
    #[error("an earlier commit failed")]
    Stopped,
    /// The request log cannot be opened.
    #[error("request log `{}` cannot be opened", path.display())]
    RequestLog {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A fault was described in a way that is not understood.
    #[error("fault is not understood: `{member}` {expected}")]
    Fault {
        /// The JSON member that is wrong.
        member: &'static str,
        /// What was expected of it.
        expected: &'static str,
    },
    /// The listener failed.
    #[error("listener failed")]
    Listener(#[from] std::io::Error),
}

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        Self::Storage { source }
    }
}
