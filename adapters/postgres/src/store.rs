//! The store: a pool of connections, and transactions that name their org.

use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use carewire_fhir_core::OrgId;
use carewire_sync_engine::NewJob;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, PgPool, Postgres, Transaction};
use tokio::sync::Notify;

use crate::error::Failure;
use crate::hints::Hints;
use crate::jobs::Rings;
use crate::{Error, schema};

/// How to connect.
///
/// ```
/// use carewire_postgres::PostgresOptions;
/// let options = PostgresOptions::default().connections(16).guards(32);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    connections: u32,
    guards: u32,
    patience: Duration,
    hints: bool,
}

impl PostgresOptions {
    /// How many connections read and write at once (8 by default, at least 1).
    #[must_use]
    pub fn connections(mut self, connections: u32) -> Self {
        self.connections = connections.max(1);
        self
    }

    /// How many [guards](carewire_consent::ConsentStore::guard) there may be at once: each keeps a connection of its own
    /// while it lives (8 by default, at least 1).
    #[must_use]
    pub fn guards(mut self, guards: u32) -> Self {
        self.guards = guards.max(1);
        self
    }

    /// How long an operation waits for a free connection before it fails as unavailable (10 s by default).
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Whether processes tell each other by `NOTIFY` that a queue has new jobs (they do by default; see
    /// [`PostgresStore::wake_by_hints`]). They use up to two connections more for that. Say no where connections go through
    /// a pooler that gives them to another client after each transaction: there nobody can listen.
    #[must_use]
    pub fn hints(mut self, hints: bool) -> Self {
        self.hints = hints;
        self
    }
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self { connections: 8, guards: 8, patience: Duration::from_secs(10), hints: true }
    }
}

/// The tables of one PostgreSQL database behind the store traits. Cloning is cheap; the clones share the connections.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
    guards: PgPool,
    rings: Rings,
    tidied: Arc<AtomicI64>,
    hints: Hints,
}

impl PostgresStore {
    /// Makes the schema `carewire`, or brings it up to date, in one transaction; several processes may do so at once. The
    /// role of the URL must own the schema, or be allowed to make it. `role` is granted what [`connect`](Self::connect)
    /// needs, and no more.
    ///
    /// # Errors
    /// [`Error::Url`], [`Error::Unavailable`], [`Error::NewerSchema`], [`Error::NoSuchRole`].
    pub async fn migrate(url: &str, role: Option<&str>) -> Result<(), Error> {
        let mut connection = options(url)?.connect().await.map_err(Error::unavailable)?;
        let outcome = schema::migrate(&mut connection, role).await;
        connection.close().await.ok();
        outcome
    }

    /// The role that connects with a URL, for [`migrate`](Self::migrate).
    ///
    /// ```
    /// use carewire_postgres::PostgresStore;
    /// assert_eq!(PostgresStore::role_of("postgres://carewire_app@db.example/health")?, "carewire_app");
    /// # Ok::<(), carewire_postgres::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Url`].
    pub fn role_of(url: &str) -> Result<String, Error> {
        Ok(options(url)?.get_username().to_owned())
    }

    /// Connects. Must be called on a tokio runtime.
    ///
    /// # Errors
    /// [`Error::Url`], [`Error::Unavailable`], [`Error::OlderSchema`], [`Error::NewerSchema`], [`Error::PrivilegedRole`].
    pub async fn connect(url: &str, pools: PostgresOptions) -> Result<Self, Error> {
        let options = options(url)?;
        // The pool would try again until its patience ends, and then not say why.
        let mut first = options.connect().await.map_err(Error::unavailable)?;
        let checked = schema::check(&mut first).await;
        first.close().await.ok();
        checked?;
        let sized = |connections| {
            PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(pools.patience)
                .connect_lazy_with(options.clone())
        };
        Ok(Self {
            pool: sized(pools.connections),
            guards: sized(pools.guards),
            rings: Rings::default(),
            tidied: Arc::default(),
            hints: if pools.hints { Hints::on(sized(2)) } else { Hints::default() },
        })
    }

    /// Wakes a worker whenever this process, or another one that works on the database, has put jobs into a queue: give it
    /// [`Worker::hint`](carewire_sync_engine::Worker::hint). It ends when nobody else holds `worker` any more. Must be
    /// called on a tokio runtime.
    ///
    /// A hint is no promise: it may come for nothing, and it may not come, so that a worker must go on to poll (each 1 to
    /// 5 s). Jobs that become due, or free, because of something else than an enqueueing are not told of, and neither are
    /// those that [`enqueue_in`](crate::enqueue_in) or a trigger put there: see [`tell`](Self::tell). The hint holds the
    /// name of the queue and nothing else; whoever may connect to the database can hear it, and send one.
    ///
    /// ```no_run
    /// # use std::sync::Arc;
    /// # use carewire_postgres::PostgresStore;
    /// # use carewire_sync_engine::{Clock, JobHandler, Worker, WorkerOptions};
    /// # async fn run(store: PostgresStore, handler: Arc<dyn JobHandler>, clock: Arc<dyn Clock>) {
    /// let worker = Worker::new(Arc::new(store.clone()), handler, clock, WorkerOptions::new("sync"));
    /// store.wake_by_hints("sync", &worker.hint());
    /// worker.run(async { /* wait for a signal */ }).await;
    /// # }
    /// ```
    pub fn wake_by_hints(&self, queue: &str, worker: &Arc<Notify>) {
        self.hints.wake(queue, worker);
    }

    /// Says that a queue has new jobs: after the commit of a transaction that [`enqueue_in`](crate::enqueue_in) was part
    /// of. However often it is called, a process says it at most once in 20 ms. Must be called on a tokio runtime.
    pub fn tell(&self, queue: &str) {
        self.hints.tell([queue]);
    }

    /// Jobs have come in, and their transaction is committed.
    pub(crate) fn announce<'j>(&self, jobs: impl IntoIterator<Item = &'j NewJob> + Clone) {
        self.rings.arrived(jobs.clone());
        self.hints.tell(jobs.into_iter().map(|job| job.queue.as_str()));
    }

    /// Closes the connections, when what is under way has ended. Not needed for durability.
    pub async fn close(&self) {
        self.hints.close().await;
        self.pool.close().await;
        self.guards.close().await;
    }

    /// A transaction that sees and writes rows of one org. It is rolled back unless it is committed.
    pub(crate) async fn of_org(&self, org: &OrgId) -> Result<Transaction<'static, Postgres>, Failure> {
        begin(&self.pool, org).await
    }

    /// A transaction that names no org: it sees no rows, and calls functions.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>, Failure> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?)
    }

    /// For a single statement that names no org.
    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(crate) fn rings(&self) -> &Rings {
        &self.rings
    }

    /// When the queue was tidied up last, in microseconds.
    pub(crate) fn tidied(&self) -> &AtomicI64 {
        &self.tidied
    }

    /// Such a transaction for a guard.
    pub(crate) async fn guard_of_org(&self, org: &OrgId) -> Result<Transaction<'static, Postgres>, Failure> {
        begin(&self.guards, org).await
    }
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").field("connections", &self.pool.size()).finish_non_exhaustive()
    }
}

async fn begin(pool: &PgPool, org: &OrgId) -> Result<Transaction<'static, Postgres>, Failure> {
    // Each statement must see what was committed while it waited for a lock, whatever the server's default is.
    let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
    name_org(&mut transaction, org).await?;
    Ok(transaction)
}

/// Names the org whose rows the transaction sees and writes, until it ends or names another one.
pub(crate) async fn name_org(connection: &mut PgConnection, org: &OrgId) -> Result<(), Failure> {
    let name = sqlx::query("SELECT set_config('carewire.org', $1, true)");
    name.bind(org.as_str()).execute(connection).await?;
    Ok(())
}

/// The statements of a log would show what they are about.
pub(crate) fn options(url: &str) -> Result<PgConnectOptions, Error> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(Error::Url);
    }
    let options = PgConnectOptions::from_str(url).map_err(|_| Error::Url)?;
    Ok(options.application_name("carewire").disable_statement_logging())
}
