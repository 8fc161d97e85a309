//! [`JobQueue`]: leases, fenced by epoch, in order per key, fair over orgs.

mod admin;
mod change;
mod claim;
mod due;
mod enqueue;
mod fair;
mod lanes;
mod limits;
mod lines;
mod list;
#[cfg(test)]
mod plans;
mod settle;
mod statement;
mod stored;

use async_trait::async_trait;
use carewire_sync_engine::{
    Beat, ClaimOptions, ClaimedJob, Enqueued, JobQueue, NewJob, Progress, Result, Settled, Settlement,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::SqliteStore;
use crate::error::Failure;

pub(crate) use enqueue::enqueue;

/// Rows that travel to SQLite as one parameter.
///
/// In texts of several statements parameters are written `$1`: sqlx counts a number that a statement leaves out of `?1`, `?3`
/// as one by position, and binds something else.
fn json<T: Serialize + ?Sized>(rows: &T) -> Result<String, Failure> {
    serde_json::to_string(rows).map_err(|_| Failure::Corrupt("row"))
}

#[async_trait]
impl JobQueue for SqliteStore {
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<Enqueued>> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.write(jobs, |connection, jobs| Box::pin(enqueue(connection, jobs))).await?)
    }

    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        // An idle worker polls: that must not cost a write transaction. A busy one need not look twice.
        if !self.busy().contains(&options.queue) {
            let next = due::look(self.reader().await?.connection(), &options.queue).await?.next_due();
            if next.is_none_or(|next| next > options.now) {
                return Ok(Vec::new());
            }
        }
        let input = options.clone();
        let claimed =
            self.write(input, |connection, options| Box::pin(claim::claim(connection, options))).await?;
        if claimed.is_empty() {
            self.busy().remove(&options.queue);
        } else {
            self.busy().insert(options.queue.clone());
        }
        Ok(claimed)
    }

    async fn heartbeat(&self, beats: &[Beat], until: DateTime<Utc>) -> Result<Vec<bool>> {
        Progress::check(beats)?;
        if beats.is_empty() {
            return Ok(Vec::new());
        }
        let input = (beats.to_vec(), until);
        Ok(self
            .write(input, |connection, (beats, until)| Box::pin(settle::renew(connection, beats, *until)))
            .await?)
    }

    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<Vec<Settled>> {
        if settlements.is_empty() {
            return Ok(Vec::new());
        }
        let input = (settlements.to_vec(), now);
        Ok(self
            .write(input, |connection, (settlements, now)| {
                Box::pin(settle::settle(connection, settlements, *now))
            })
            .await?)
    }

    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>> {
        Ok(due::look(self.reader().await?.connection(), queue).await?.next_due())
    }
}

impl SqliteStore {
    /// Stores jobs in a transaction of the caller's own, on a connection of the caller's own to the file of a store: they
    /// are there with its commit, together with what else it wrote, and gone with its rollback. All are stored, or none.
    ///
    /// The transaction must have been begun with `BEGIN IMMEDIATE` (sqlx: `begin_with("BEGIN IMMEDIATE")`): SQLite has one
    /// writer, and a transaction that begins by reading is refused at once, as busy, when it wants to write after another
    /// one has. The store's own writer waits while that transaction is open, so keep it short, and set a `busy_timeout` on
    /// the connection. The file must have been opened by a [`SqliteStore`] of this version before, which makes the tables.
    ///
    /// Workers find the jobs when they look next. A job that is due later than its `enqueued_at` is found as well.
    ///
    /// ```
    /// use carewire_fhir_core::{CorrelationId, OrgId};
    /// use carewire_sqlite::{SqliteOptions, SqliteStore};
    /// use carewire_sync_engine::NewJob;
    /// use sqlx::{Connection as _, SqliteConnection};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("carewire.db");
    /// let store = SqliteStore::open(&path, SqliteOptions::default()).await?;
    ///
    /// let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await?;
    /// sqlx::query("CREATE TABLE visit (id TEXT)").execute(&mut connection).await?;
    /// let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    /// sqlx::query("INSERT INTO visit VALUES ('v-1')").execute(&mut *transaction).await?;
    /// let now = "2026-01-01T00:00:00Z".parse()?;
    /// let job = NewJob::new(OrgId::new("org_a")?, "sync", "push", CorrelationId::new("c-1")?, now);
    /// let enqueued = SqliteStore::enqueue_in(&mut transaction, &[job]).await?;
    /// transaction.commit().await?;
    /// assert_eq!(enqueued.len(), 1);
    /// # store.close().await;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of [`JobQueue::enqueue`]; nothing of the jobs is stored then, and the transaction may go on.
    pub async fn enqueue_in(connection: &mut SqliteConnection, jobs: &[NewJob]) -> Result<Vec<Enqueued>> {
        sqlx::query("SAVEPOINT carewire_enqueue").execute(&mut *connection).await.map_err(Failure::from)?;
        let enqueued = enqueue(connection, jobs).await;
        let end = match enqueued {
            Ok(_) => "RELEASE carewire_enqueue",
            Err(_) => "ROLLBACK TO carewire_enqueue; RELEASE carewire_enqueue",
        };
        sqlx::query(end).execute(connection).await.map_err(Failure::from)?;
        Ok(enqueued?)
    }
}
