//! The callers' side of the writer: operations go into a queue, results come back when they may be relied on.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::committer::Committer;
use crate::error::Failure;
use crate::syncer::{SyncFn, Syncer};

/// Callers wait when so many operations are queued.
const QUEUED: usize = 1024;

/// What the writer of a store has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommitStats {
    /// Fsyncs of the write-ahead log. (SQLite's checkpoints, about one for every 16 MB written, add some each.)
    pub commits: u64,
    /// Operations that they made durable.
    pub operations: u64,
    /// The most operations that shared one.
    pub largest_group: u64,
}

/// One write: runs inside a transaction, more than once when that is rolled back because of another operation.
pub(crate) type Step<A, T> = for<'c> fn(&'c mut SqliteConnection, &'c A) -> BoxFuture<'c, Result<T, Failure>>;

/// What an answer promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// What was done is on disk. Others may have seen it a moment earlier.
    Durable,
    /// The same, and nobody saw it before: for what allows something that cannot be taken back.
    Hidden,
    /// What was done survives the process and is on disk before anything that is done later, but a power failure may
    /// undo it: for leases, which nobody holds after a power failure.
    Ordered,
}

/// Operations that share a transaction or a sync.
pub(crate) type Group = Vec<Box<dyn Operation>>;

/// The callers' side.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Operation>>>>,
    task: Mutex<Option<JoinHandle<()>>>,
    counters: Arc<Counters>,
}

impl Writer {
    /// Without a way to sync, what is committed counts as durable.
    pub(crate) fn start(connection: SqliteConnection, sync: Option<SyncFn>) -> Self {
        let (sender, queue) = mpsc::channel(QUEUED);
        let counters = Arc::<Counters>::default();
        let durable = sync.is_some();
        let syncer = Syncer::start(sync.unwrap_or_else(|| Box::new(|| Ok(()))), Arc::clone(&counters));
        let committer = Committer::new(connection, queue, Arc::clone(&counters), syncer, durable);
        let task = tokio::spawn(committer.serve());
        Self { queue: Mutex::new(Some(sender)), task: Mutex::new(Some(task)), counters }
    }

    /// Runs `step` with `input` and returns when the promise can be given.
    pub(crate) async fn submit<A, T>(
        &self,
        promise: Promise,
        input: A,
        step: Step<A, T>,
    ) -> Result<T, Failure>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        let queue = lock(&self.queue).clone().ok_or(Failure::Closed)?;
        let (reply, answer) = oneshot::channel();
        let place = (promise == Promise::Durable).then(|| Place::take(&self.counters));
        let pending = Pending { promise, input, step, result: Err(Failure::Closed), reply, _place: place };
        queue.send(Box::new(pending)).await.map_err(|_| Failure::Closed)?;
        answer.await.map_err(|_| Failure::Closed)?
    }

    pub(crate) fn stats(&self) -> CommitStats {
        CommitStats {
            commits: self.counters.commits.load(Ordering::Relaxed),
            operations: self.counters.operations.load(Ordering::Relaxed),
            largest_group: self.counters.largest_group.load(Ordering::Relaxed),
        }
    }

    /// Lets the task finish what is queued and close its connection.
    pub(crate) async fn close(&self) {
        lock(&self.queue).take();
        let task = lock(&self.task).take();
        if let Some(task) = task
            && task.await.is_err()
        {
            tracing::error!("the writer of the store did not end well");
        }
    }
}

/// No code can panic while it holds these locks.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Default)]
pub(crate) struct Counters {
    commits: AtomicU64,
    operations: AtomicU64,
    largest_group: AtomicU64,
    waiting: AtomicUsize,
}

impl Counters {
    /// Operations that wait for the disk, wherever they are.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(crate) fn synced(&self, operations: usize) {
        let operations = operations as u64;
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.operations.fetch_add(operations, Ordering::Relaxed);
        self.largest_group.fetch_max(operations, Ordering::Relaxed);
    }
}

/// Counts an operation as waiting while it exists.
struct Place(Arc<Counters>);

impl Place {
    fn take(counters: &Arc<Counters>) -> Self {
        counters.waiting.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(counters))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A queued write, its result kept until it is durable.
pub(crate) trait Operation: Send {
    fn promise(&self) -> Promise;

    /// Runs inside the open transaction; answers whether it succeeded.
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> BoxFuture<'a, bool>;

    /// Gives the caller the result of the last run.
    fn answer(self: Box<Self>);

    /// Gives the caller a failure of the store in place of the result.
    fn refuse(self: Box<Self>, failure: Failure);
}

struct Pending<A, T> {
    promise: Promise,
    input: A,
    step: Step<A, T>,
    result: Result<T, Failure>,
    reply: oneshot::Sender<Result<T, Failure>>,
    _place: Option<Place>,
}

impl<A: Send + Sync, T: Send> Operation for Pending<A, T> {
    fn promise(&self) -> Promise {
        self.promise
    }

    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            self.result = (self.step)(connection, &self.input).await;
            self.result.is_ok()
        })
    }

    fn answer(self: Box<Self>) {
        // A caller that is gone needs no answer.
        drop(self.reply.send(self.result));
    }

    fn refuse(self: Box<Self>, failure: Failure) {
        drop(self.reply.send(Err(failure)));
    }
}

pub(crate) fn refuse(group: Group, failure: &Failure) {
    for operation in group {
        operation.refuse(failure.clone());
    }
}
