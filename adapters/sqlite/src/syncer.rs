//! The disk's side of the writer: a thread that brings the write-ahead log to disk for everybody who waits for it.
//!
//! The writer commits without waiting for the disk and goes on; what it commits meanwhile shares the next sync.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use crate::error::Failure;
use crate::window::Window;
use crate::writer::{Counters, Group, Operation, refuse};

/// Makes durable what was written before the call.
pub(crate) type SyncFn = Box<dyn FnMut() -> io::Result<()> + Send>;

/// The sync of the write-ahead log of a database that is open.
///
/// SQLite takes its locks on the other files, so a handle of our own on this one disturbs none.
pub(crate) fn log_of(path: &Path, delay: Option<Duration>) -> io::Result<SyncFn> {
    let database = path.canonicalize()?;
    let mut log = database.clone().into_os_string();
    log.push("-wal");
    let log = std::fs::OpenOptions::new().append(true).open(PathBuf::from(log))?;
    sync_folder(&database)?;
    Ok(Box::new(move || {
        delay.into_iter().for_each(std::thread::sleep);
        log.sync_data()
    }))
}

/// So that the names of the files survive as well as what is in them.
fn sync_folder(database: &Path) -> io::Result<()> {
    match database.parent() {
        Some(folder) if cfg!(unix) => std::fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// The writer's end. The thread stops when it is closed.
pub(crate) struct Syncer {
    groups: Sender<Group>,
    failed: Arc<OnceLock<Failure>>,
    thread: JoinHandle<()>,
}

impl Syncer {
    pub(crate) fn start(sync: SyncFn, counters: Arc<Counters>) -> Self {
        let (groups, committed) = channel();
        let failed = Arc::<OnceLock<Failure>>::default();
        let worker =
            Worker { committed, sync, counters, window: Window::default(), failed: Arc::clone(&failed) };
        Self { groups, failed, thread: tokio::task::spawn_blocking(|| worker.serve()) }
    }

    /// Answers the callers of committed operations when those are on disk.
    pub(crate) fn answer_when_durable(&self, group: Group) {
        if let Err(unsent) = self.groups.send(group) {
            refuse(unsent.0, &Failure::Closed);
        }
    }

    /// After a failed sync nobody knows what is on disk, and a later success does not tell: then nothing more may be
    /// written until the store is opened anew.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.failed.get()
    }

    /// Waits until everybody is answered.
    pub(crate) async fn close(self) {
        drop(self.groups);
        if self.thread.await.is_err() {
            tracing::error!("the thread that syncs the store did not end well");
        }
    }
}

struct Worker {
    committed: Receiver<Group>,
    sync: SyncFn,
    counters: Arc<Counters>,
    window: Window,
    failed: Arc<OnceLock<Failure>>,
}

impl Worker {
    fn serve(mut self) {
        let mut group = Group::new();
        while !group.is_empty() || self.receive(&mut group) {
            self.gather(&mut group);
            let begin = Instant::now();
            let synced = (self.sync)();
            let served = group.len();
            self.conclude(group, synced);
            group = self.committed.try_iter().flatten().collect();
            self.window.synced(begin.elapsed(), served, group.len());
        }
    }

    fn receive(&self, group: &mut Group) -> bool {
        self.committed.recv().map(|first| group.extend(first)).is_ok()
    }

    /// Takes in what was committed and what is committed while the window is open.
    fn gather(&self, group: &mut Group) {
        let begin = Instant::now();
        loop {
            group.extend(self.committed.try_iter().flatten());
            let coming = self.counters.waiting().saturating_sub(group.len());
            let Some(patience) = self.window.patience(group.len(), coming, begin.elapsed()) else { return };
            match self.committed.recv_timeout(patience) {
                Ok(arrived) => group.extend(arrived),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn conclude(&self, group: Group, synced: io::Result<()>) {
        if let Err(error) = synced {
            tracing::error!(%error, "the store could not be brought to disk and takes no more writes");
            // Only the first failure is kept.
            drop(self.failed.set(sqlx::Error::Io(error).into()));
        }
        match self.failed.get() {
            Some(failure) => refuse(group, failure),
            None => {
                self.counters.synced(group.len());
                group.into_iter().for_each(Operation::answer);
            }
        }
    }
}
