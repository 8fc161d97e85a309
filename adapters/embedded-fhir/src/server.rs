use std::fmt::Debug;
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::serve::ListenerExt;
use carewire_fhir_core::Value;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::api::{Answer, Context, Operation, Preconditions, capability_statement, read, run_bundle, write};
use crate::faults::{Fault, Faults};
use crate::refusal::Refusal;
use crate::request_log::RequestSink;
use crate::rules::{Decimals, Empty, Rules};
use crate::stats::Stats;
use crate::store::{Journal, NoJournal, Position, SqliteJournal, State, Work};
use crate::{Error, http};

/// A FHIR server. Cheap to clone; the clones share what they store.
#[derive(Clone, Debug)]
pub struct EmbeddedFhir {
    server: Arc<Server>,
}

impl EmbeddedFhir {
    /// Starts to describe a server.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The routes: FHIR below [`BASE_PATH`](crate::BASE_PATH), `/healthcheck`, and the administration
    /// (`/_faults`, `/_stats`) unless it was switched off.
    pub fn router(&self) -> Router {
        http::router(Arc::clone(&self.server))
    }

    /// Serves until `shutdown` completes and the requests in flight are answered.
    ///
    /// # Errors
    /// [`Error::Listener`] when the listener fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        // Answers are small and waited for; a socket that refuses the option still works.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        axum::serve(listener, self.router()).with_graceful_shutdown(shutdown).await?;
        Ok(())
    }

    /// Switches a fault on, besides those that are on already.
    pub fn add_fault(&self, fault: Fault) {
        self.server.faults.add(fault);
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.server.faults.clear();
    }

    /// What `GET /_stats` answers: counts of requests, faults, changes and stored resources.
    #[must_use]
    pub fn stats(&self) -> Value {
        self.server.stats()
    }
}

/// Describes a server; see [`EmbeddedFhir::builder`].
pub struct Builder {
    rules: Rules,
    path: Option<PathBuf>,
    token: Option<String>,
    admin: bool,
    faults: Vec<Fault>,
    sink: Option<Arc<dyn RequestSink>>,
    clock: Clock,
}

type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

impl Default for Builder {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            path: None,
            token: None,
            admin: true,
            faults: Vec::new(),
            sink: None,
            clock: Arc::new(Utc::now),
        }
    }
}

impl Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("rules", &self.rules)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Keeps everything in a SQLite file, durably before each answer. Without it, in memory only.
    #[must_use]
    pub fn sqlite(self, path: impl Into<PathBuf>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// Demands `Authorization: Bearer <token>` of every request but the health check.
    #[must_use]
    pub fn bearer_token(self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    /// Whether `/_faults` and `/_stats` are served (they are, unless switched off).
    #[must_use]
    pub fn admin(self, on: bool) -> Self {
        Self { admin: on, ..self }
    }

    /// Switches a fault on from the start.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Records every request.
    #[must_use]
    pub fn request_log(self, sink: Arc<dyn RequestSink>) -> Self {
        Self { sink: Some(sink), ..self }
    }

    /// Whether a transaction with a failing entry leaves nothing behind (it does). Switched off, a transaction is
    /// processed entry by entry like a batch, while the `CapabilityStatement` still lists it.
    #[must_use]
    pub fn atomic_transactions(mut self, on: bool) -> Self {
        self.rules.atomic_transactions = on;
        self
    }

    /// What happens to empty arrays, objects and strings.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.rules.empty = empty;
        self
    }

    /// What happens to the text of decimals.
    #[must_use]
    pub fn decimals(mut self, decimals: Decimals) -> Self {
        self.rules.decimals = decimals;
        self
    }

    /// The most entries of a transaction that holds a conditional one (8).
    #[must_use]
    pub fn conditional_entries(mut self, most: usize) -> Self {
        self.rules.conditional_entries = most;
        self
    }

    /// The most updates by id in a transaction (50).
    #[must_use]
    pub fn update_entries(mut self, most: usize) -> Self {
        self.rules.update_entries = most;
        self
    }

    /// The largest body in bytes (1 MiB).
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.rules.max_body = bytes;
        self
    }

    /// Another clock than the system's, for `meta.lastUpdated`.
    #[must_use]
    pub fn clock(self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// Opens the storage and makes the server.
    ///
    /// # Errors
    /// [`Error::Storage`] when the file cannot be opened, [`Error::Corrupt`] when it cannot be understood.
    pub async fn build(self) -> Result<EmbeddedFhir, Error> {
        let (journal, state): (Box<dyn Journal>, State) = match &self.path {
            Some(path) => {
                let (journal, state) = SqliteJournal::open(path).await?;
                (Box::new(journal), state)
            }
            None => (Box::new(NoJournal), State::default()),
        };
        let faults = Faults::default();
        self.faults.into_iter().for_each(|fault| faults.add(fault));
        let server = Server {
            rules: self.rules,
            state: RwLock::new(state),
            journal,
            faults,
            stats: Stats::default(),
            sink: self.sink,
            token: self.token,
            admin: self.admin,
            clock: self.clock,
        };
        Ok(EmbeddedFhir { server: Arc::new(server) })
    }

    /// [`Builder::build`] and [`EmbeddedFhir::serve`] in one.
    ///
    /// # Errors
    /// As of the two.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        self.build().await?.serve(listener, shutdown).await
    }
}

/// What all requests share.
pub(crate) struct Server {
    pub(crate) rules: Rules,
    state: RwLock<State>,
    journal: Box<dyn Journal>,
    pub(crate) faults: Faults,
    pub(crate) stats: Stats,
    pub(crate) sink: Option<Arc<dyn RequestSink>>,
    pub(crate) token: Option<String>,
    pub(crate) admin: bool,
    clock: Clock,
}

impl Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("rules", &self.rules)
            .field("journal", &self.journal)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Does an operation and waits until everything that its answer may rest on is durable.
    pub(crate) async fn run(
        &self,
        operation: &Operation,
        conditions: &Preconditions,
        body: Option<Value>,
        base: &str,
        throttle: Option<u64>,
    ) -> Result<Answer, Refusal> {
        let context = Context {
            rules: &self.rules,
            base,
            now: (self.clock)().timestamp_millis(),
            new_id: &Uuid::new_v4,
        };
        let (result, position) = match operation {
            Operation::Metadata => {
                return Ok(Answer::json(capability_statement(base, context.now).to_json()));
            }
            _ if operation.is_read() => self.look(|state| read(state, operation, conditions, &context)),
            Operation::Bundle => {
                let bundle = body.unwrap_or_default();
                self.change(|work| run_bundle(work, &bundle, &context, throttle))
            }
            _ => self.change(|work| write(work, operation, conditions, body, None, &context)),
        };
        self.journal.durable(position).await.map_err(|_| Refusal::storage())?;
        result
    }

    pub(crate) fn stats(&self) -> Value {
        let counts = self.look(State::counts).0;
        self.stats.to_value(&counts)
    }

    fn look<T>(&self, f: impl FnOnce(&State) -> T) -> (T, Position) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        (f(&state), self.journal.position())
    }

    /// All changes of `f` are kept when it succeeds, none when not.
    fn change<T>(
        &self,
        f: impl FnOnce(&mut Work<'_>) -> Result<T, Refusal>,
    ) -> (Result<T, Refusal>, Position) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let mut work = Work::new(&mut state);
        let start = work.mark();
        let result = f(&mut work);
        if result.is_err() {
            work.roll_back(start);
        }
        let (entries, tally) = work.finish();
        self.stats.changed(tally);
        let position =
            if entries.is_empty() { self.journal.position() } else { self.journal.append(entries) };
        (result, position)
    }
}
