//! Moving the write-ahead log into the file, beside the writer.
//!
//! SQLite does it in a commit, once the log has grown long: whoever waits for that commit then waits for all of it. Here a
//! connection of its own moves the log on after about [`FRAMES`] pages, which stops neither the writer nor readers; what it
//! leaves, a commit moves as ever.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Pages in the log.
const FRAMES: u64 = 1000;

/// How many commits that is, until the first look tells better.
const COMMITS: u64 = 16;

/// Counts commits, and says when the log is to be moved.
#[derive(Debug)]
pub(crate) struct Pace {
    commits: AtomicU64,
    every: AtomicU64,
    due: Notify,
}

impl Default for Pace {
    fn default() -> Self {
        Self { commits: AtomicU64::new(0), every: AtomicU64::new(COMMITS), due: Notify::new() }
    }
}

impl Pace {
    pub(crate) fn committed(&self) {
        if self.commits.fetch_add(1, Ordering::Relaxed) + 1 >= self.every.load(Ordering::Relaxed) {
            self.commits.store(0, Ordering::Relaxed);
            self.due.notify_one();
        }
    }

    /// The log has grown by so many pages since the last look, or has begun anew with them.
    fn learn(&self, grown: u64) {
        let each = (grown / self.every.load(Ordering::Relaxed).max(1)).max(1);
        self.every.store((FRAMES / each).clamp(1, FRAMES), Ordering::Relaxed);
    }
}

/// The task that does it; it ends when this is dropped.
pub(crate) struct Checkpoints {
    task: Mutex<Option<JoinHandle<()>>>,
    stop: Arc<Notify>,
}

impl Checkpoints {
    pub(crate) fn start(connection: SqliteConnection, pace: Arc<Pace>) -> Self {
        let stop = Arc::new(Notify::new());
        let task = tokio::spawn(serve(connection, pace, Arc::clone(&stop)));
        Self { task: Mutex::new(Some(task)), stop }
    }

    pub(crate) async fn close(&self) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(task) = task else { return };
        self.stop.notify_one();
        if task.await.is_err() {
            tracing::warn!("the log of the store was not moved any more");
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(task) = self.task.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

async fn serve(mut connection: SqliteConnection, pace: Arc<Pace>, stop: Arc<Notify>) {
    let mut last = 0;
    loop {
        tokio::select! {
            () = stop.notified() => break,
            () = pace.due.notified() => {}
        }
        match checkpoint(&mut connection).await {
            Ok(frames) => {
                pace.learn(frames.checked_sub(last).unwrap_or(frames));
                last = frames;
            }
            Err(error) => tracing::debug!(%error, "the log of the store is moved later"),
        }
    }
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "a connection of the store was not closed cleanly");
    }
}

/// Answers how many pages are in the log, those that were moved included.
async fn checkpoint(connection: &mut SqliteConnection) -> sqlx::Result<u64> {
    let (_, frames, _): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(connection).await?;
    Ok(u64::try_from(frames).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_after_about_as_many_pages_whatever_a_commit_writes() {
        let pace = Pace::default();
        for (pages, commits) in [(50, 20), (5, 200), (1, 1000), (4000, 1)] {
            for _ in 0..4 {
                pace.learn(pages * pace.every.load(Ordering::Relaxed));
            }
            assert_eq!(pace.every.load(Ordering::Relaxed), commits, "{pages}");
        }
    }
}
