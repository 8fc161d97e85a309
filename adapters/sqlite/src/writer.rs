//! The writer: one task, one connection, and as few commits as the callers allow.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::checkpoint::Pace;
use crate::error::Failure;
use crate::window::Window;

/// Callers wait when so many operations are queued.
const QUEUED: usize = 1024;
/// A group stops growing here, so that its first caller does not wait for ever.
const GROUP: usize = 256;

/// What the writer of a store has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommitStats {
    /// Commits, each of which is one fsync of the write-ahead log. (Checkpoints, about one for every 4 MB written, add two
    /// each, beside the writer.)
    pub commits: u64,
    /// Operations that those commits made durable.
    pub operations: u64,
    /// The most operations that shared one commit.
    pub largest_group: u64,
}

/// One write: runs inside a transaction, more than once when that is rolled back because of another operation.
pub(crate) type Step<A, T> = for<'c> fn(&'c mut SqliteConnection, &'c A) -> BoxFuture<'c, Result<T, Failure>>;

/// The callers' side.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Operation>>>>,
    task: Mutex<Option<JoinHandle<()>>>,
    counters: Arc<Counters>,
}

impl Writer {
    pub(crate) fn start(connection: SqliteConnection, delay: Option<Duration>, pace: Arc<Pace>) -> Self {
        let (sender, queue) = mpsc::channel(QUEUED);
        let counters = Arc::<Counters>::default();
        let committer = Committer {
            connection,
            queue,
            counters: Arc::clone(&counters),
            window: Window::default(),
            delay,
            pace,
        };
        let task = tokio::spawn(committer.serve());
        Self { queue: Mutex::new(Some(sender)), task: Mutex::new(Some(task)), counters }
    }

    /// Runs `step` with `input` and returns after the commit.
    pub(crate) async fn submit<A, T>(&self, input: A, step: Step<A, T>) -> Result<T, Failure>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        let queue = lock(&self.queue).clone().ok_or(Failure::Closed)?;
        let (reply, answer) = oneshot::channel();
        let pending = Pending { input, step, result: Err(Failure::Closed), reply };
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
struct Counters {
    commits: AtomicU64,
    operations: AtomicU64,
    largest_group: AtomicU64,
}

impl Counters {
    fn committed(&self, operations: usize) {
        let operations = operations as u64;
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.operations.fetch_add(operations, Ordering::Relaxed);
        self.largest_group.fetch_max(operations, Ordering::Relaxed);
    }
}

/// A queued write, its result kept until it is durable.
trait Operation: Send {
    /// Runs inside the open transaction; answers whether it succeeded.
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> BoxFuture<'a, bool>;

    /// Gives the caller the result of the last run.
    fn answer(self: Box<Self>);

    /// Gives the caller a failure of the store in place of the result.
    fn refuse(self: Box<Self>, failure: Failure);
}

struct Pending<A, T> {
    input: A,
    step: Step<A, T>,
    result: Result<T, Failure>,
    reply: oneshot::Sender<Result<T, Failure>>,
}

impl<A: Send + Sync, T: Send> Operation for Pending<A, T> {
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

/// Why a group was rolled back.
enum Abort {
    /// One of its operations failed and keeps its own result.
    Operation,
    /// The transaction could not begin or commit.
    Store(Failure),
}

impl From<sqlx::Error> for Abort {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The task's side.
struct Committer {
    connection: SqliteConnection,
    queue: mpsc::Receiver<Box<dyn Operation>>,
    counters: Arc<Counters>,
    window: Window,
    delay: Option<Duration>,
    pace: Arc<Pace>,
}

impl Committer {
    async fn serve(mut self) {
        while let Some(first) = self.queue.recv().await {
            let mut group = vec![first];
            match self.transact(&mut group, GROUP).await {
                Ok(()) => group.into_iter().for_each(Operation::answer),
                Err(Abort::Store(failure)) => refuse(group, &failure),
                Err(Abort::Operation) => self.one_by_one(group).await,
            }
        }
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the store was not closed cleanly; its log will be read on the next opening");
        }
    }

    async fn one_by_one(&mut self, group: Vec<Box<dyn Operation>>) {
        for operation in group {
            let mut alone = vec![operation];
            match self.transact(&mut alone, 1).await {
                Ok(()) | Err(Abort::Operation) => alone.into_iter().for_each(Operation::answer),
                Err(Abort::Store(failure)) => refuse(alone, &failure),
            }
        }
    }

    /// Runs the group in one transaction, takes in what arrives meanwhile up to `most`, and commits.
    async fn transact(&mut self, group: &mut Vec<Box<dyn Operation>>, most: usize) -> Result<(), Abort> {
        let outcome = self.attempt(group, most).await;
        if outcome.is_err() {
            // Fails when SQLite has rolled back by itself: then there is nothing to do.
            drop(sqlx::query("ROLLBACK").execute(&mut self.connection).await);
        }
        outcome
    }

    async fn attempt(&mut self, group: &mut Vec<Box<dyn Operation>>, most: usize) -> Result<(), Abort> {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
        let mut next = 0;
        let begin = Instant::now();
        loop {
            while let Some(operation) = group.get_mut(next) {
                if !operation.run(&mut self.connection).await {
                    return Err(Abort::Operation);
                }
                next += 1;
            }
            if group.len() >= most {
                break;
            }
            let Some(arrived) = self.wait_for_company(group.len(), begin).await else { break };
            group.push(arrived);
        }
        self.commit(group.len()).await
    }

    async fn commit(&mut self, operations: usize) -> Result<(), Abort> {
        let begin = Instant::now();
        if let Some(delay) = self.delay {
            tokio::time::sleep(delay).await;
        }
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        self.window.committed(begin.elapsed(), operations, self.queue.len());
        self.counters.committed(operations);
        self.pace.committed();
        Ok(())
    }

    /// The next operation, if one is queued or arrives while the window is open.
    ///
    /// The waits are shorter than the ticks of a timer, so it yields to the other tasks instead of sleeping.
    async fn wait_for_company(&mut self, gathered: usize, begin: Instant) -> Option<Box<dyn Operation>> {
        let quiet = Instant::now();
        loop {
            if let Ok(operation) = self.queue.try_recv() {
                return Some(operation);
            }
            let open = self.window.is_open(gathered, quiet.elapsed(), begin.elapsed());
            if !open || self.queue.is_closed() {
                return None;
            }
            tokio::task::yield_now().await;
        }
    }
}

fn refuse(group: Vec<Box<dyn Operation>>, failure: &Failure) {
    for operation in group {
        operation.refuse(failure.clone());
    }
}
