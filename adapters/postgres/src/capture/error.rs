//! Why a capture could not be installed.

/// Why a capture could not be installed, removed or listed. Errors name tables and columns, never values.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// There is no table of that name, or it is not one as SQL writes it: `schema.table`, `"Schema"."table"`.
    #[error("{table}: no such table")]
    NoSuchTable {
        /// As it was asked for.
        table: String,
    },
    /// What the name stands for cannot be captured.
    #[error("{table}: {what} cannot be captured")]
    NotCapturable {
        /// As it was asked for.
        table: String,
        /// What it is.
        what: &'static str,
    },
    /// A row could not be named.
    #[error("{table}: the table has no primary key")]
    NoPrimaryKey {
        /// As it was asked for.
        table: String,
    },
    /// The table has no such column.
    #[error("{table}: no such column: {column}")]
    NoSuchColumn {
        /// As it was asked for.
        table: String,
        /// The column.
        column: String,
    },
    /// The role must hold the right `TRIGGER` on the table, and `USAGE` on its schema.
    #[error("{table}: the role has no right TRIGGER on the table, or none to see its schema")]
    NoRight {
        /// As it was asked for.
        table: String,
    },
    /// The role does not own the schema `carewire`.
    #[error("the role of the connection does not own the schema `carewire`")]
    NotOwner,
    /// An option says what it cannot say.
    #[error("{what}")]
    Option {
        /// What is expected.
        what: &'static str,
    },
    /// Transactions have written the table for 5 s: try again.
    #[error("other transactions hold the table: nothing was changed")]
    Busy,
    /// The database cannot be reached, refused, or has another version.
    #[error(transparent)]
    Store(#[from] crate::Error),
}

/// `lock_not_available`.
const NO_LOCK: &str = "55P03";

impl From<sqlx::Error> for CaptureError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(|cause| cause.code()).as_deref() {
            Some(NO_LOCK) => Self::Busy,
            _ => Self::Store(crate::Error::unavailable(error)),
        }
    }
}
