//! Hints between processes that a queue has new jobs, so that their workers need not poll often.
//!
//! `NOTIFY` makes all commits of its kind in the server stand in one line, so it is never part of a transaction that does
//! work: a task of each process says afterwards, on a connection of its own and at most once in [`GAP`], which queues have
//! something new. What gets lost on the way is found by polling.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::error::Cause;

/// What processes of one database say it on.
const CHANNEL: &str = "carewire_jobs";

/// The least time between two hints of a process.
const GAP: Duration = Duration::from_millis(20);

/// How soon a connection that was lost, or not to be had, is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// PostgreSQL carries less than 8000 bytes.
const LONGEST: usize = 7_999;

/// The hints of a store and its clones; nothing where they are off.
#[derive(Clone, Default)]
pub(crate) struct Hints {
    shared: Option<Arc<Shared>>,
}

struct Shared {
    lines: Arc<Lines>,
    tasks: Mutex<Tasks>,
}

/// They end with the last clone of the store: a set of tasks stops its tasks when it is dropped.
#[derive(Default)]
struct Tasks {
    set: JoinSet<()>,
    sends: bool,
    listens: bool,
}

/// What the tasks work on.
struct Lines {
    /// Two connections at most: one says, one hears.
    pool: PgPool,
    unsaid: Mutex<BTreeSet<String>>,
    some: Notify,
    workers: Mutex<BTreeMap<String, Vec<Weak<Notify>>>>,
}

impl Hints {
    pub(crate) fn on(pool: PgPool) -> Self {
        let lines = Lines { pool, unsaid: Mutex::default(), some: Notify::new(), workers: Mutex::default() };
        Self { shared: Some(Arc::new(Shared { lines: Arc::new(lines), tasks: Mutex::default() })) }
    }

    /// Wakes the workers of these queues: those of this process at once, those of others within [`GAP`].
    pub(crate) fn tell<'q>(&self, queues: impl IntoIterator<Item = &'q str>) {
        let Some(shared) = &self.shared else { return };
        let queues: BTreeSet<&str> = queues.into_iter().filter(|queue| queue.len() <= LONGEST).collect();
        if queues.is_empty() {
            return;
        }
        for queue in &queues {
            shared.lines.wake(queue);
        }
        locked(&shared.lines.unsaid).extend(queues.into_iter().map(str::to_owned));
        shared.lines.some.notify_one();
        let mut tasks = locked(&shared.tasks);
        if !mem::replace(&mut tasks.sends, true) {
            tasks.set.spawn(send_for_ever(Arc::clone(&shared.lines)));
        }
    }

    /// Wakes `worker` by hints for the queue, as long as anybody else holds it.
    pub(crate) fn wake(&self, queue: &str, worker: &Arc<Notify>) {
        let Some(shared) = &self.shared else { return };
        let mut workers = locked(&shared.lines.workers);
        let of_queue = workers.entry(queue.to_owned()).or_default();
        of_queue.retain(|worker| worker.strong_count() > 0);
        of_queue.push(Arc::downgrade(worker));
        drop(workers);
        let mut tasks = locked(&shared.tasks);
        if !mem::replace(&mut tasks.listens, true) {
            tasks.set.spawn(listen_for_ever(Arc::clone(&shared.lines)));
        }
    }

    /// Says what is left to say, and stops.
    pub(crate) async fn close(&self) {
        let Some(shared) = &self.shared else { return };
        let mut tasks = mem::take(&mut locked(&shared.tasks).set);
        tasks.shutdown().await;
        shared.lines.send().await;
        shared.lines.pool.close().await;
    }
}

impl Lines {
    fn wake(&self, queue: &str) {
        let workers = locked(&self.workers);
        for worker in workers.get(queue).into_iter().flatten().filter_map(Weak::upgrade) {
            worker.notify_one();
        }
    }

    fn wake_all(&self) {
        for worker in locked(&self.workers).values().flatten().filter_map(Weak::upgrade) {
            worker.notify_one();
        }
    }

    /// In a transaction that is over at once: it does not wait for the disk.
    async fn send(&self) {
        let queues: Vec<String> = mem::take(&mut *locked(&self.unsaid)).into_iter().collect();
        if queues.is_empty() {
            return;
        }
        let said = sqlx::query(
            "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, queue) FROM unnest($2) AS queue",
        )
        .bind(CHANNEL)
        .bind(queues)
        .execute(&self.pool)
        .await;
        if let Err(error) = said.as_ref().map_err(Cause::of) {
            tracing::debug!(%error, "a hint to other processes is lost; they poll");
        }
    }

    /// Until the connection is lost.
    async fn listen(&self) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        // What was said before is not heard any more.
        self.wake_all();
        while let Some(hint) = listener.try_recv().await? {
            self.wake(hint.payload());
        }
        Ok(())
    }
}

async fn send_for_ever(lines: Arc<Lines>) {
    loop {
        lines.some.notified().await;
        lines.send().await;
        sleep(GAP).await;
    }
}

async fn listen_for_ever(lines: Arc<Lines>) {
    loop {
        match lines.listen().await {
            Err(error) => {
                tracing::debug!(error = %Cause::of(&error), "no hints from other processes; workers poll")
            }
            Ok(()) => tracing::debug!("the connection for hints was lost; workers poll until it is back"),
        }
        sleep(AGAIN).await;
    }
}

/// Nothing panics while one of these is held.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
