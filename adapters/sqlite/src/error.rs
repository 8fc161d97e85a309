//! What can go wrong, on opening and inside an operation.

use std::error::Error as StdError;
use std::sync::Arc;

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A newer program wrote the file: use that one, or restore a backup.
    #[error("the store has schema version {found}; this program knows versions up to {supported}")]
    NewerSchema {
        /// The version of the file.
        found: i64,
        /// The latest version that this program knows.
        supported: i64,
    },
    /// The file is a SQLite database of another program: check the path.
    #[error("the file is a database of another program")]
    NotAStore,
    /// The file cannot be opened, read or written: check path, permissions and space, then try again.
    #[error("the store is unavailable")]
    Unavailable {
        /// The cause.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl Error {
    pub(crate) fn unavailable(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::Unavailable { source: Box::new(source) }
    }
}

/// Why an operation failed. Becomes the error of the trait that was called; names kinds of things, never values.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The row is not there.
    NotFound(&'static str),
    /// The request contradicts what is stored.
    Conflict(&'static str),
    /// A stored row cannot be understood.
    Corrupt(&'static str),
    /// SQLite could not do it; the message of its error names tables and columns, never values.
    Unavailable(Arc<sqlx::Error>),
    /// The store was closed.
    Closed,
}

impl Failure {
    pub(crate) fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Unavailable(cause)
            if cause.as_database_error().is_some_and(|error| error.is_unique_violation()))
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Corrupt("row"),
            sqlx::Error::PoolClosed => Self::Closed,
            other => Self::Unavailable(Arc::new(other)),
        }
    }
}

impl From<Failure> for carewire_sync_engine::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound(what) => Self::NotFound { what },
            Failure::Conflict(what) => Self::Conflict { what },
            Failure::Corrupt(what) => Self::Corrupt { what },
            Failure::Unavailable(cause) => Self::Unavailable { what: "store", source: Some(Box::new(cause)) },
            Failure::Closed => Self::Unavailable { what: "store", source: None },
        }
    }
}
