//! The one error of this crate.

use std::error::Error as StdError;

/// What a store, a queue or a remote could not do, named by what the caller can do about it.
///
/// No variant carries a value of a message or resource: only names, ids and positions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The row, job or resource is not there (or not in this org, which is the same answer).
    #[error("{what} not found")]
    NotFound {
        /// The kind of thing that was looked for.
        what: &'static str,
    },
    /// The request contradicts what is stored; repeating it unchanged will fail again.
    #[error("{what} conflicts with what is stored")]
    Conflict {
        /// The kind of thing that conflicts.
        what: &'static str,
    },
    /// The request cannot be carried out as it is; repeating it unchanged will fail again.
    #[error("{what} is not allowed")]
    Invalid {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The store or remote cannot be reached or is overloaded; the same call may succeed later.
    #[error("{what} is unavailable")]
    Unavailable {
        /// The store or remote.
        what: &'static str,
        /// The cause, for the log: it must not print row values.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// Stored bytes cannot be understood: a corrupted row or one written by a newer version.
    #[error("stored {what} is corrupt")]
    Corrupt {
        /// The kind of thing that is corrupt.
        what: &'static str,
    },
    /// A write was not covered by a live permit. Nothing was sent.
    #[error("no live permit covers entry {entry}")]
    NotPermitted {
        /// Position in the batch.
        entry: usize,
    },
    /// Resources refer to each other in a ring that does not fit into one request of the remote.
    #[error("{entries} resources refer to each other in a ring, the remote takes {limit} in one request")]
    RingTooLarge {
        /// How many resources form the ring.
        entries: usize,
        /// What the remote takes.
        limit: usize,
    },
    /// A reference names a resource that is not part of the push: the remote could not resolve it.
    #[error("entry {entry} refers to a resource outside of the push at `{path}`")]
    DanglingReference {
        /// Position in the push.
        entry: usize,
        /// The element path, without values.
        path: String,
    },
}

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
