//! The store: one writer, some readers.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use carewire_consent::ConsentGate;
use sqlx::ConnectOptions as _;

use crate::audit::Heads;
use crate::checkpoint::{Checkpoints, Pace};
use crate::readers::{Reader, Readers};
use crate::writer::{Step, Writer};
use crate::{CommitStats, Error, SqliteOptions, error::Failure, schema};

/// One SQLite file behind all store traits. Cloning is cheap; the clones share the writer.
#[derive(Clone)]
pub struct SqliteStore {
    readers: Arc<Readers>,
    writer: Arc<Writer>,
    checkpoints: Arc<Checkpoints>,
    heads: Arc<Heads>,
    gate: ConsentGate,
    busy: Arc<Mutex<HashSet<String>>>,
}

impl SqliteStore {
    /// Opens the file, makes it (readable by its owner alone) when it is not there, and brings its schema up to date.
    ///
    /// Must be called on a tokio runtime: the task that writes is spawned on it.
    ///
    /// # Errors
    /// [`Error::NewerSchema`] when a newer program wrote the file, [`Error::NotAStore`] when it is some other SQLite
    /// database, [`Error::Unavailable`] when it cannot be opened or migrated.
    pub async fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, Error> {
        let path = path.as_ref();
        create_private(path).map_err(Error::unavailable)?;
        let mut connection = options.for_writer(path).connect().await.map_err(Error::unavailable)?;
        schema::migrate(&mut connection).await?;
        let readers = Readers::open(options.for_readers(path), options.reader_count())
            .await
            .map_err(Error::unavailable)?;
        let aside = options.for_writer(path).connect().await.map_err(Error::unavailable)?;
        let pace = Arc::new(Pace::default());
        let checkpoints = Arc::new(Checkpoints::start(aside, Arc::clone(&pace)));
        let writer = Arc::new(Writer::start(connection, options.delay(), pace));
        Ok(Self {
            readers: Arc::new(readers),
            writer,
            checkpoints,
            heads: Arc::default(),
            gate: ConsentGate::default(),
            busy: Arc::default(),
        })
    }

    /// What the writer has done since the store was opened.
    #[must_use]
    pub fn stats(&self) -> CommitStats {
        self.writer.stats()
    }

    /// Waits for the writes that were submitted, moves the write-ahead log into the file and closes it, for every
    /// clone of this store. Later calls fail as unavailable. Not needed for durability.
    pub async fn close(&self) {
        self.readers.close().await;
        self.checkpoints.close().await;
        self.writer.close().await;
    }

    /// A connection that reads, when one is free.
    pub(crate) async fn reader(&self) -> Result<Reader<'_>, Failure> {
        self.readers.acquire().await
    }

    pub(crate) fn heads(&self) -> &Arc<Heads> {
        &self.heads
    }

    /// The queues whose last claim found something.
    pub(crate) fn busy(&self) -> MutexGuard<'_, HashSet<String>> {
        // No code can panic while it holds the lock.
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What consents are held with, by this store and its clones.
    pub(crate) fn gate(&self) -> &ConsentGate {
        &self.gate
    }

    /// Runs `step` on the writer with `input`; returns after its commit. `step` may run more than once.
    pub(crate) async fn write<A, T>(&self, input: A, step: Step<A, T>) -> Result<T, Failure>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.writer.submit(input, step).await
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

/// SQLite gives its log files the mode of the database file, so it is enough to make that one private.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
