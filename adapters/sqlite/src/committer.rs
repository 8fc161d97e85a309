//! The task's side of the writer: one connection, and as few transactions as the callers allow.

use std::sync::Arc;

use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::mpsc;

use crate::error::Failure;
use crate::syncer::Syncer;
use crate::writer::{Counters, Group, Operation, Promise, refuse};

/// A group stops growing here, so that its first caller does not wait for ever.
const GROUP: usize = 256;

pub(crate) struct Committer {
    connection: SqliteConnection,
    queue: mpsc::Receiver<Box<dyn Operation>>,
    counters: Arc<Counters>,
    syncer: Syncer,
    /// Whether the disk matters at all.
    durable: bool,
    /// How the connection is set; unknown at first and after a failure.
    mode: Option<Mode>,
}

/// How SQLite brings a transaction to disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It does not: it writes the log in order, and the syncer brings that to disk.
    Later,
    /// Before anybody sees it.
    First,
}

/// Why a group was rolled back.
enum Abort {
    /// One of its operations failed and keeps its own result.
    Operation,
    /// The transaction could not begin or commit.
    Store(Failure),
}

impl Committer {
    pub(crate) fn new(
        connection: SqliteConnection,
        queue: mpsc::Receiver<Box<dyn Operation>>,
        counters: Arc<Counters>,
        syncer: Syncer,
        durable: bool,
    ) -> Self {
        Self { connection, queue, counters, syncer, durable, mode: None }
    }

    pub(crate) async fn serve(mut self) {
        while let Some(first) = self.queue.recv().await {
            let mut group = vec![first];
            self.take(&mut group);
            let (hidden, group): (Group, Group) =
                group.into_iter().partition(|operation| operation.promise() == Promise::Hidden);
            self.serve_group(group, Mode::Later).await;
            self.serve_group(hidden, Mode::First).await;
        }
        self.syncer.close().await;
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the store was not closed cleanly; its log will be read on the next opening");
        }
    }

    /// Takes what is queued.
    fn take(&mut self, group: &mut Group) {
        while group.len() < GROUP
            && let Ok(operation) = self.queue.try_recv()
        {
            group.push(operation);
        }
    }

    async fn serve_group(&mut self, mut group: Group, mode: Mode) {
        if group.is_empty() {
            return;
        }
        if let Some(failure) = self.syncer.failure() {
            return refuse(group, failure);
        }
        match self.transact(&mut group, mode).await {
            Ok(()) => self.answer(group, mode),
            Err(Abort::Store(failure)) => refuse(group, &failure),
            Err(Abort::Operation) => self.one_by_one(group, mode).await,
        }
    }

    async fn one_by_one(&mut self, group: Group, mode: Mode) {
        for operation in group {
            let mut alone = vec![operation];
            match self.transact(&mut alone, mode).await {
                Ok(()) => self.answer(alone, mode),
                Err(Abort::Operation) => alone.into_iter().for_each(Operation::answer),
                Err(Abort::Store(failure)) => refuse(alone, &failure),
            }
        }
    }

    /// Answers what was committed, or has it answered when it is durable.
    fn answer(&self, group: Group, mode: Mode) {
        if mode == Mode::First {
            self.counters.synced(group.len());
            return group.into_iter().for_each(Operation::answer);
        }
        let (now, later): (Group, Group) =
            group.into_iter().partition(|operation| operation.promise() == Promise::Ordered);
        now.into_iter().for_each(Operation::answer);
        if !later.is_empty() {
            self.syncer.answer_when_durable(later);
        }
    }

    /// Runs the group in one transaction.
    async fn transact(&mut self, group: &mut Group, mode: Mode) -> Result<(), Abort> {
        let outcome = self.attempt(group, mode).await;
        if outcome.is_err() {
            // Fails when SQLite has rolled back by itself: then there is nothing to do.
            drop(sqlx::query("ROLLBACK").execute(&mut self.connection).await);
        }
        outcome
    }

    async fn attempt(&mut self, group: &mut Group, mode: Mode) -> Result<(), Abort> {
        self.begin(mode).await?;
        for operation in group {
            if !operation.run(&mut self.connection).await {
                return Err(Abort::Operation);
            }
        }
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        Ok(())
    }

    async fn begin(&mut self, mode: Mode) -> Result<(), Abort> {
        if !self.durable || self.mode == Some(mode) {
            sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
            return Ok(());
        }
        self.mode = None;
        // The pragma acts when it is prepared: it must not come from the cache of statements.
        let begin = match mode {
            Mode::Later => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
            Mode::First => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        };
        sqlx::raw_sql(begin).execute(&mut self.connection).await?;
        self.mode = Some(mode);
        Ok(())
    }
}

impl From<sqlx::Error> for Abort {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
