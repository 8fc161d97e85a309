//! Changes of tables that one cannot patch: triggers that enqueue a job in the transaction of the change.
//!
//! Where a program can be changed, [`enqueue_in`](crate::enqueue_in) beside its own statement says more, and costs less. This
//! is for the tables of others, in the same database as the queue. INSERT, UPDATE, DELETE, MERGE, COPY and the deletes of
//! foreign keys enqueue one job for each row that changed, and none for a row that an UPDATE left as it was; what is rolled
//! back enqueues nothing. [`RowChange`] reads such a job.
//!
//! ```no_run
//! use carewire_fhir_core::OrgId;
//! use carewire_postgres::capture::{Capture, Captures, OrgOf};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // As the owner of the queue's tables, who needs the right TRIGGER on the table:
//! let mut captures = Captures::connect("postgres://owner@db.example/health").await?;
//! let capture = Capture::new("app.encounter", OrgOf::Constant(OrgId::new("org_a")?));
//! println!("{}", captures.plan(&capture).await?);
//! captures.install(&capture).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What a job carries
//! Names: of the table, the operation, the columns that changed, the origin; and the primary key. No other value leaves the
//! table: jobs are seen by operators, and a handler reads the row as it is when it runs. That is why there is no image of
//! the row before: the base of a three-way merge is what was synced last, not what stood there before the last of several
//! changes. Do not capture a table whose primary key is itself a secret, such as an insurance number.
//!
//! # Order
//! Jobs of one row have one ordering key ([`RowChange::ordering_key`]), and a row is locked until its transaction ends: they
//! run one after the other, in the order of the commits. A change of the primary key, or of the org, is a delete of the old
//! row and an insert of the new one.
//!
//! # Rights
//! The triggers run as the owner of the queue, so who writes the table needs no right on anything of the queue, cannot
//! enqueue otherwise, and sees no job. They call no function, cast or operator that a role other than the owner or the server
//! defines.
//!
//! # What it will not see
//! - TRUNCATE, which names no rows: it is refused, or [ignored](Truncate::Ignore).
//! - What is written while triggers are off: under `session_replication_role = replica`, so by logical replication, and by
//!   `ALTER TABLE … DISABLE TRIGGER`. [`Installed::enabled`] tells of the second.
//! - What a transaction says the sync itself wrote ([`Capture::skip_origins`]). Any writer may say so: this guards against
//!   loops, not against people.
//!
//! Partitioned tables, partitions and inherited tables are refused: a statement on a part would not be seen at the whole.
//!
//! After a column was dropped or renamed, writes fail until the capture is [installed](Captures::install) again: better
//! than losing them. Do both in one transaction, with the SQL of [`Captures::plan`]. A table that is renamed keeps its old
//! name in jobs until then.

mod catalog;
mod change;
mod error;
mod options;
mod sql;

use serde_json::Value;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use catalog::Table;
pub use change::{Operation, RowChange};
pub use error::CaptureError;
pub use options::{Capture, OrgOf, Truncate};

/// How long an installation waits for those who write the table. Meanwhile all others wait behind it.
const PATIENCE: &str = "SET LOCAL lock_timeout = '5s'";

/// A connection that installs captures and removes them.
#[derive(Debug)]
pub struct Captures {
    connection: PgConnection,
}

/// A capture that is there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Installed {
    /// Schema and name of the table as they are now, quoted where that is needed.
    pub table: String,
    /// The function of the schema `carewire` that its triggers call.
    pub function: String,
    /// Whether all four triggers are there and on.
    pub enabled: bool,
    /// Whether table and columns have the names that they had when it was installed.
    pub current: bool,
    /// What was asked for, as JSON.
    pub settings: Value,
}

impl Captures {
    /// Connects as the owner of the schema `carewire`, or as a member of that role. The schema must be up to date.
    ///
    /// # Errors
    /// [`CaptureError::Store`], [`CaptureError::NotOwner`].
    pub async fn connect(url: &str) -> Result<Self, CaptureError> {
        let options = crate::store::options(url).map_err(CaptureError::Store)?;
        let mut connection = options.connect().await.map_err(crate::Error::unavailable)?;
        catalog::check_schema(&mut connection).await?;
        Ok(Self { connection })
    }

    /// The SQL that [`install`](Self::install) would run. Nothing is changed.
    ///
    /// # Errors
    /// [`CaptureError`].
    pub async fn plan(&mut self, capture: &Capture) -> Result<String, CaptureError> {
        let table = Table::find(&mut self.connection, &capture.table).await?;
        sql::install(&table, capture)
    }

    /// Installs a capture, in one transaction, or replaces the one of that table. It waits up to 5 s for transactions that
    /// write the table.
    ///
    /// # Errors
    /// [`CaptureError`].
    pub async fn install(&mut self, capture: &Capture) -> Result<(), CaptureError> {
        let script = self.plan(capture).await?;
        self.run(&script).await
    }

    /// Removes the capture of a table; answers whether there was one. Jobs that it enqueued stay.
    ///
    /// # Errors
    /// [`CaptureError::NoSuchTable`], [`CaptureError::Busy`], [`CaptureError::Store`].
    pub async fn uninstall(&mut self, table: &str) -> Result<bool, CaptureError> {
        let functions = catalog::functions_of(&mut self.connection, table).await?;
        for function in &functions {
            self.run(&sql::uninstall(function)).await?;
        }
        Ok(!functions.is_empty())
    }

    /// The captures of the database, by table.
    ///
    /// # Errors
    /// [`CaptureError::Store`].
    pub async fn list(&mut self) -> Result<Vec<Installed>, CaptureError> {
        catalog::installed(&mut self.connection).await
    }

    async fn run(&mut self, script: &str) -> Result<(), CaptureError> {
        let mut transaction = self.connection.begin().await?;
        sqlx::raw_sql(PATIENCE).execute(&mut *transaction).await?;
        // Names in it are quoted by `sql`.
        sqlx::raw_sql(AssertSqlSafe(script.to_owned())).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }
}
