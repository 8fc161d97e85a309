//! What can go wrong, on connecting and inside an operation.

use std::error::Error as StdError;

use redis::{ErrorKind, RedisError};

/// Why a queue could not be connected to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The URL cannot be understood.
    #[error("the URL of the queue is not a Redis URL")]
    Url,
    /// The file with the authorities cannot be read or holds none, or the URL does not begin with `rediss://`.
    #[error("the file of certificate authorities cannot be used")]
    Ca,
    /// The prefix cannot be used: it is empty, or holds a brace or a control character.
    #[error("the prefix of the keys is not allowed")]
    Prefix,
    /// The server cannot be reached, or refused: check address, user and rights, then try again.
    #[error("the queue is unavailable")]
    Unavailable {
        /// The cause, without anything that was sent.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The server is too old.
    #[error("the server is of version {found}; version 7.0 or later is needed")]
    OlderServer {
        /// Its version.
        found: String,
    },
    /// The server would throw jobs away when its memory is full: set `maxmemory-policy noeviction`.
    #[error("the server evicts keys when its memory is full: it needs `maxmemory-policy noeviction`")]
    Evicts,
    /// A newer program wrote the keys: use that one, or another prefix.
    #[error("the queue has format {found}; this program knows format {supported}")]
    OtherFormat {
        /// The format of the keys.
        found: i64,
        /// The format that this program knows.
        supported: i64,
    },
}

impl From<RedisError> for Error {
    fn from(error: RedisError) -> Self {
        Self::Unavailable { source: Box::new(Cause::of(&error)) }
    }
}

/// What the server or the connection said, without its words: those may repeat what was sent.
#[derive(Debug, thiserror::Error)]
#[error("{category} ({code})")]
struct Cause {
    category: String,
    code: String,
}

impl Cause {
    fn of(error: &RedisError) -> Self {
        Self {
            category: error.category().to_owned(),
            code: error.code().map_or_else(|| format!("{:?}", error.kind()), str::to_owned),
        }
    }
}

/// What the script of `enqueue` answers to a replacement with other ordering keys.
const INVALID: &str = "INVALID";
/// What that of `fire` answers to a job of another org than the schedule.
const FOREIGN: &str = "FOREIGN";

/// The error of the trait that was called.
pub(crate) fn failure(error: &RedisError) -> carewire_sync_engine::Error {
    if error.code() == Some(INVALID) {
        return carewire_sync_engine::Error::Conflict { what: "the ordering keys of a replacement" };
    }
    if error.code() == Some(FOREIGN) {
        return carewire_sync_engine::Error::Conflict { what: "job" };
    }
    let parsing = matches!(error.kind(), ErrorKind::UnexpectedReturnType | ErrorKind::Parse);
    if parsing {
        return carewire_sync_engine::Error::Corrupt { what: "answer" };
    }
    carewire_sync_engine::Error::Unavailable { what: "queue", source: Some(Box::new(Cause::of(error))) }
}
