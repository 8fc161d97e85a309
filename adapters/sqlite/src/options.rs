//! How a store is opened.

use std::path::Path;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

/// How to open a [`SqliteStore`](crate::SqliteStore).
///
/// ```
/// use std::time::Duration;
///
/// use carewire_sqlite::SqliteOptions;
///
/// let options = SqliteOptions::default().busy_timeout(Duration::from_secs(30)).readers(8);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    synchronous: Synchronous,
    busy_timeout: Duration,
    readers: u32,
    fsync_delay: Option<Duration>,
}

/// When a commit counts as durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synchronous {
    /// A commit returns after its fsync: what was answered survives a power failure.
    #[default]
    Full,
    /// No fsync. **Unsafe for real use**: a power failure or a crash of the system loses messages that were
    /// acknowledged and may corrupt the file. It is here to measure what durability costs.
    Off,
}

impl SqliteOptions {
    /// [`Synchronous::Full`] by default.
    #[must_use]
    pub fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.synchronous = synchronous;
        self
    }

    /// How long a write waits for another process that is writing (10 s by default).
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// How many connections read at once (4 by default, at least 1).
    #[must_use]
    pub fn readers(mut self, readers: u32) -> Self {
        self.readers = readers.max(1);
        self
    }

    /// Makes every commit take this much longer, as on a disk whose fsync is slow. For tests and demonstrations.
    #[must_use]
    pub fn fsync_delay(mut self, delay: Duration) -> Self {
        self.fsync_delay = Some(delay);
        self
    }

    pub(crate) fn delay(&self) -> Option<Duration> {
        self.fsync_delay
    }

    pub(crate) fn reader_count(&self) -> usize {
        usize::try_from(self.readers).unwrap_or(1)
    }

    /// The connection that writes.
    pub(crate) fn for_writer(&self, path: &Path) -> SqliteConnectOptions {
        let synchronous = match self.synchronous {
            Synchronous::Full => SqliteSynchronous::Full,
            Synchronous::Off => SqliteSynchronous::Off,
        };
        // `fullfsync` matters on macOS alone, where a plain fsync leaves the data in the drive's cache.
        self.connection(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .pragma("fullfsync", "ON")
            .pragma("wal_autocheckpoint", "4000")
            .pragma("journal_size_limit", "67108864")
    }

    /// The connections that read.
    pub(crate) fn for_readers(&self, path: &Path) -> SqliteConnectOptions {
        self.connection(path).pragma("query_only", "ON")
    }

    fn connection(&self, path: &Path) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(self.busy_timeout)
            .statement_cache_capacity(256)
            .pragma("cache_size", "-16384")
            .pragma("temp_store", "MEMORY")
            .disable_statement_logging()
    }
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            synchronous: Synchronous::Full,
            busy_timeout: Duration::from_secs(10),
            readers: 4,
            fsync_delay: None,
        }
    }
}
