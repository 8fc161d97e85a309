//! The connections that read.
//!
//! A pool of its own: sqlx's asks every connection that comes back for a sign of life, which costs one more trip to
//! the connection's thread per read.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard, Semaphore, SemaphorePermit};

use crate::error::Failure;

/// Some connections, opened when they are needed.
pub(crate) struct Readers {
    options: SqliteConnectOptions,
    /// As many permits as slots: who has one finds a slot unlocked.
    free: Semaphore,
    slots: Vec<Slot>,
}

type Slot = Mutex<Option<SqliteConnection>>;

impl Readers {
    /// With one connection, so that a file that cannot be read is found out now.
    pub(crate) async fn open(options: SqliteConnectOptions, size: usize) -> Result<Self, sqlx::Error> {
        let mut slots: Vec<_> = std::iter::repeat_with(Slot::default).take(size).collect();
        if let Some(first) = slots.first_mut() {
            *first.get_mut() = Some(options.connect().await?);
        }
        Ok(Self { options, free: Semaphore::new(size), slots })
    }

    /// Waits until one is free.
    pub(crate) async fn acquire(&self) -> Result<Reader<'_>, Failure> {
        let permit = self.free.acquire().await.map_err(|_| Failure::Closed)?;
        // The first ones are used most and have the warmest caches.
        let mut slot = self.slots.iter().find_map(|slot| slot.try_lock().ok()).ok_or(Failure::Closed)?;
        if slot.is_none() {
            *slot = Some(self.options.connect().await?);
        }
        let connection = MutexGuard::try_map(slot, Option::as_mut).map_err(|_| Failure::Closed)?;
        Ok(Reader { connection, _permit: permit })
    }

    /// Waits for those that are reading; later ones are refused.
    pub(crate) async fn close(&self) {
        self.free.close();
        for slot in &self.slots {
            let connection = slot.lock().await.take();
            if let Some(connection) = connection
                && let Err(error) = connection.close().await
            {
                tracing::warn!(%error, "a connection that reads was not closed cleanly");
            }
        }
    }
}

/// A connection in use; free again when it is dropped.
pub(crate) struct Reader<'a> {
    // Given back in this order.
    connection: MappedMutexGuard<'a, SqliteConnection>,
    _permit: SemaphorePermit<'a>,
}

impl Reader<'_> {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
