use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use super::Version;
use crate::Error;

/// One version of one resource, as the journal keeps it.
#[derive(Clone, Debug)]
pub(crate) struct JournalEntry {
    pub(crate) resource_type: &'static str,
    pub(crate) id: Uuid,
    pub(crate) version: Version,
}

/// How far a journal has been written: the number of requests that changed something.
pub(crate) type Position = u64;

/// What makes versions durable.
#[async_trait]
pub(crate) trait Journal: Debug + Send + Sync {
    /// Takes the versions of one request. They become durable together, after those of all requests before.
    /// To be called under the lock of the state, so that the order is that of the changes. Does not block.
    fn append(&self, entries: Vec<JournalEntry>) -> Position;

    /// Remembers the description of an export, or forgets it.
    fn keep_export(&self, id: Uuid, description: Option<String>) -> Position;

    /// The position of the last request that was taken.
    fn position(&self) -> Position;

    /// Waits until everything up to `position` is durable.
    async fn durable(&self, position: Position) -> Result<(), Error>;
}

/// The journal of a server that forgets everything when it ends.
#[derive(Debug)]
pub(crate) struct NoJournal;

#[async_trait]
impl Journal for NoJournal {
    fn append(&self, _: Vec<JournalEntry>) -> Position {
        0
    }

    fn keep_export(&self, _: Uuid, _: Option<String>) -> Position {
        0
    }

    fn position(&self) -> Position {
        0
    }

    async fn durable(&self, _: Position) -> Result<(), Error> {
        Ok(())
    }
}

/// The text of a stored resource, shared between the state, the journal and answers.
pub(crate) type Text = Arc<str>;
