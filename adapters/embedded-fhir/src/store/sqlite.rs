use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Row, Sqlite, SqliteConnection};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::{Journal, JournalEntry, Position, State, Version};
use crate::Error;
use crate::rules::types;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS version (
  sequence INTEGER PRIMARY KEY,
  resource_type TEXT NOT NULL,
  id BLOB NOT NULL,
  version_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  resource TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS export (
  id BLOB PRIMARY KEY,
  description TEXT NOT NULL
) STRICT";

/// Versions in a transaction; SQLite takes 32,766 values in a statement.
const ROWS_PER_STATEMENT: usize = 1_000;

/// A journal in a SQLite file. Requests that wait at the same time share a commit; one request is never split.
#[derive(Debug)]
pub(crate) struct SqliteJournal {
    queue: mpsc::UnboundedSender<(Position, Vec<Item>)>,
    taken: AtomicU64,
    written: watch::Receiver<Written>,
}

/// What is written.
enum Item {
    Version(JournalEntry),
    Export(Uuid, Option<String>),
}

/// What a file held when it was opened.
pub(crate) struct Opened {
    pub(crate) journal: SqliteJournal,
    pub(crate) state: State,
    /// The ids and descriptions of the exports that were not cancelled.
    pub(crate) exports: Vec<(Uuid, String)>,
}

#[derive(Clone, Copy, Debug)]
enum Written {
    UpTo(Position),
    Failed,
}

impl SqliteJournal {
    /// Opens or makes the file and reads what it holds.
    pub(crate) async fn open(path: &Path) -> Result<Opened, Error> {
        let mut connection = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging()
            .connect()
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&mut connection).await?;
        let state = load(&mut connection).await?;
        let exports = load_exports(&mut connection).await?;
        let (queue, requests) = mpsc::unbounded_channel();
        let (progress, written) = watch::channel(Written::UpTo(0));
        tokio::spawn(write_all(connection, requests, progress));
        let journal = Self { queue, taken: AtomicU64::new(0), written };
        Ok(Opened { journal, state, exports })
    }

    fn take(&self, items: Vec<Item>) -> Position {
        let position = self.taken.fetch_add(1, Ordering::SeqCst) + 1;
        // A writer that is gone has said so through `written`, where `durable` finds it.
        drop(self.queue.send((position, items)));
        position
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    fn append(&self, entries: Vec<JournalEntry>) -> Position {
        self.take(entries.into_iter().map(Item::Version).collect())
    }

    fn keep_export(&self, id: Uuid, description: Option<String>) -> Position {
        self.take(vec![Item::Export(id, description)])
    }

    fn position(&self) -> Position {
        self.taken.load(Ordering::SeqCst)
    }

    async fn durable(&self, position: Position) -> Result<(), Error> {
        let mut written = self.written.clone();
        let reached = written
            .wait_for(|written| match written {
                Written::UpTo(reached) => *reached >= position,
                Written::Failed => true,
            })
            .await;
        match reached.as_deref() {
            Ok(Written::UpTo(_)) => Ok(()),
            Ok(Written::Failed) | Err(_) => Err(Error::Stopped),
        }
    }
}

async fn load(connection: &mut SqliteConnection) -> Result<State, Error> {
    let mut state = State::default();
    let mut rows = sqlx::query(
        "SELECT sequence, resource_type, id, version_id, at, resource FROM version ORDER BY sequence",
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let sequence: i64 = row.try_get(0)?;
        let corrupt = Error::Corrupt { row: sequence };
        let Some(resource_type) = types::known(row.try_get(1)?) else { return Err(corrupt) };
        let (Ok(id), Ok(version)) = (Uuid::from_slice(row.try_get(2)?), Uuid::from_slice(row.try_get(3)?))
        else {
            return Err(corrupt);
        };
        let text: Option<&str> = row.try_get(5)?;
        let version = Version::new(version, row.try_get(4)?, text.map(Into::into));
        state.replay(JournalEntry { resource_type, id, version });
    }
    Ok(state)
}

async fn load_exports(connection: &mut SqliteConnection) -> Result<Vec<(Uuid, String)>, Error> {
    let mut exports = Vec::new();
    let mut rows = sqlx::query("SELECT rowid, id, description FROM export ORDER BY rowid").fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let id =
            Uuid::from_slice(row.try_get(1)?).map_err(|_| row.try_get(0).map(|row| Error::Corrupt { row }));
        let id = match id {
            Ok(id) => id,
            Err(corrupt) => return Err(corrupt?),
        };
        exports.push((id, row.try_get(2)?));
    }
    Ok(exports)
}

async fn write_all(
    mut connection: SqliteConnection,
    mut requests: mpsc::UnboundedReceiver<(Position, Vec<Item>)>,
    progress: watch::Sender<Written>,
) {
    while let Some((mut position, mut entries)) = requests.recv().await {
        while let Ok((next, more)) = requests.try_recv() {
            position = next;
            entries.extend(more);
        }
        match commit(&mut connection, &entries).await {
            Ok(()) => {
                progress.send_replace(Written::UpTo(position));
            }
            Err(error) => {
                tracing::error!(%error, "commit failed, the server answers 503 until it is restarted");
                progress.send_replace(Written::Failed);
                return;
            }
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "storage was not closed cleanly");
    }
}

async fn commit(connection: &mut SqliteConnection, items: &[Item]) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let versions: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            Item::Version(entry) => Some(entry),
            Item::Export(..) => None,
        })
        .collect();
    for part in versions.chunks(ROWS_PER_STATEMENT) {
        let mut insert: QueryBuilder<Sqlite> =
            QueryBuilder::new("INSERT INTO version (resource_type, id, version_id, at, resource) ");
        insert.push_values(part, |mut row, entry| {
            row.push_bind(entry.resource_type)
                .push_bind(entry.id.as_bytes().to_vec())
                .push_bind(entry.version.id.as_bytes().to_vec())
                .push_bind(entry.version.at)
                .push_bind(entry.version.text.as_deref().map(str::to_owned));
        });
        insert.build().persistent(part.len() <= 8).execute(&mut *transaction).await?;
    }
    for item in items {
        let Item::Export(id, description) = item else { continue };
        let statement = match description {
            Some(_) => "INSERT OR REPLACE INTO export (id, description) VALUES (?, ?)",
            None => "DELETE FROM export WHERE id = ? AND ? IS NULL",
        };
        let statement = sqlx::query(statement).bind(id.as_bytes().to_vec()).bind(description.clone());
        statement.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
