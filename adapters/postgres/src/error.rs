//! What can go wrong, on connecting and inside an operation.

use std::error::Error as StdError;

use carewire_consent::StoreError;

/// Why a store could not be connected to or migrated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The URL cannot be understood.
    #[error("the URL of the store is not a PostgreSQL URL")]
    Url,
    /// The server cannot be reached, or refused: check address, role, rights and certificates, then try again.
    #[error("the store is unavailable")]
    Unavailable {
        /// The cause. It names tables and columns, never values.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The tables are those of an older program, or are not there: [`migrate`](crate::PostgresStore::migrate) first.
    #[error("the store has schema version {found}; this program needs {needed}: migrate it")]
    OlderSchema {
        /// The version of the tables, 0 where there are none.
        found: i64,
        /// The version that this program needs.
        needed: i64,
    },
    /// A newer program migrated the tables: use that one.
    #[error("the store has schema version {found}; this program knows versions up to {supported}")]
    NewerSchema {
        /// The version of the tables.
        found: i64,
        /// The latest version that this program knows.
        supported: i64,
    },
    /// The role is a superuser or has `BYPASSRLS`: row-level security would not hold it. Connect as another one.
    #[error("the role of the connection bypasses row-level security")]
    PrivilegedRole,
    /// The role that the tables are to be granted to does not exist: `CREATE ROLE … LOGIN` first.
    #[error("there is no such role to grant the tables to")]
    NoSuchRole,
}

impl Error {
    pub(crate) fn unavailable(source: sqlx::Error) -> Self {
        Self::Unavailable { source: Box::new(Cause::of(&source)) }
    }
}

/// What the server or the connection said. The words of the server, and above all its details, may repeat values of a row.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Cause(String);

/// Classes of errors whose messages name roles, databases, tables and resources, and no values: connection, authorization,
/// catalog, access, resources, operators, system (Appendix A of PostgreSQL's documentation).
const SPOKEN: [&str; 7] = ["08", "28", "3D", "42", "53", "57", "58"];

impl Cause {
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        let sqlx::Error::Database(cause) = error else { return Self(error.to_string()) };
        let code = cause.code().unwrap_or_default();
        if SPOKEN.iter().any(|class| code.starts_with(class)) {
            return Self(format!("{} (SQLSTATE {code})", cause.message()));
        }
        let named = cause.constraint().or_else(|| cause.table());
        Self(named.map_or(format!("SQLSTATE {code}"), |name| format!("SQLSTATE {code} at `{name}`")))
    }
}

/// Why an operation failed. Becomes the error of the trait that was called; names kinds of things, never values.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The row is not there.
    NotFound(&'static str),
    /// The request contradicts what is stored.
    Conflict(&'static str),
    /// The request cannot be carried out as it is.
    Invalid(&'static str),
    /// A stored row cannot be understood.
    Corrupt(&'static str),
    /// The server could not do it.
    Unavailable(sqlx::Error),
}

/// What PostgreSQL will never keep: `character_not_in_repertoire`, a text with a zero byte, and
/// `program_limit_exceeded`, a key that is too long for its index.
const NEVER_KEPT: [&str; 2] = ["22021", "54000"];

/// What the functions of the schema raise when a replacement has other ordering keys.
const OTHER_KEYS: &str = "CW001";

impl Failure {
    /// Whether others were in the way, and nothing was done: `deadlock_detected`, `serialization_failure`, or an ordering key
    /// that another claim has taken meanwhile.
    pub(crate) fn is_collision(&self) -> bool {
        let Self::Unavailable(sqlx::Error::Database(cause)) = self else { return false };
        cause.code().is_some_and(|code| ["40P01", "40001"].contains(&code.as_ref()))
            || cause.constraint() == Some("job_turn")
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Corrupt("row"),
            sqlx::Error::Database(cause)
                if cause.code().is_some_and(|code| NEVER_KEPT.contains(&code.as_ref())) =>
            {
                Self::Conflict("text")
            }
            sqlx::Error::Database(cause) if cause.code().as_deref() == Some(OTHER_KEYS) => {
                Self::Conflict("the ordering keys of a replacement")
            }
            other => Self::Unavailable(other),
        }
    }
}

impl From<Failure> for carewire_sync_engine::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound(what) => Self::NotFound { what },
            Failure::Conflict(what) => Self::Conflict { what },
            Failure::Invalid(what) => Self::Invalid { what },
            Failure::Corrupt(what) => Self::Corrupt { what },
            Failure::Unavailable(cause) => {
                Self::Unavailable { what: "store", source: Some(Box::new(Cause::of(&cause))) }
            }
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound(_) => Self::NotFound,
            Failure::Conflict(_) | Failure::Invalid(_) => Self::Conflict,
            Failure::Corrupt(_) => Self::Corrupt,
            Failure::Unavailable(cause) => Self::Unavailable { source: Some(Box::new(Cause::of(&cause))) },
        }
    }
}
