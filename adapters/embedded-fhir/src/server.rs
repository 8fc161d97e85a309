use std::fmt::Debug;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use axum::Router;
use axum::serve::ListenerExt;
use carewire_fhir_core::Value;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use uuid::Uuid;

use crate::api::{Answer, Context, Operation, Preconditions, capability_statement, read, run_bundle, write};
use crate::audit::Agent;
use crate::export::{ExportOptions, Exports, Spec};
use crate::faults::{Fault, Faults};
use crate::quota::{Client, Meter, Quota, Quotas};
use crate::refusal::Refusal;
use crate::request_log::RequestSink;
use crate::rules::{Decimals, Empty, Rules, content};
use crate::stats::Stats;
use crate::store::{Journal, Keys, NoJournal, Opened, Position, SqliteJournal, State, Version, Work};
use crate::subscription::{Backlog, Event, Reach, SubscriptionOptions, dispatch, failed};
use crate::{Error, audit, export, http, quota, stats};

/// So many requests may have made changes of which it was not yet found out who is to be told.
const QUEUE: usize = 1_024;

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
        self.server.rules.reach.add_own(listener.local_addr()?);
        // Answers are small and waited for; a socket that refuses the option still works.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(shutdown).await?;
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
    quota: Option<Quota>,
    audit: bool,
    export: ExportOptions,
    subscriptions: SubscriptionOptions,
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
            quota: None,
            audit: false,
            export: ExportOptions::default(),
            subscriptions: SubscriptionOptions::default(),
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

    /// Limits what each client may do. Without it, there is no limit.
    #[must_use]
    pub fn quota(self, quota: Quota) -> Self {
        Self { quota: Some(quota), ..self }
    }

    /// Whether every interaction is recorded as an `AuditEvent` resource (it is not, unless switched on).
    #[must_use]
    pub fn audit_events(self, on: bool) -> Self {
        Self { audit: on, ..self }
    }

    /// How bulk exports are done.
    #[must_use]
    pub fn export(self, options: ExportOptions) -> Self {
        Self { export: options, ..self }
    }

    /// How notifications of subscriptions are sent.
    #[must_use]
    pub fn subscriptions(self, options: SubscriptionOptions) -> Self {
        Self { subscriptions: options, ..self }
    }

    /// Opens the storage and makes the server. To be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`Error::Storage`] when the file cannot be opened, [`Error::Corrupt`] when it cannot be understood.
    pub async fn build(self) -> Result<EmbeddedFhir, Error> {
        let (journal, state, exports): (Box<dyn Journal>, _, _) = match &self.path {
            Some(path) => {
                let Opened { journal, state, exports } = SqliteJournal::open(path).await?;
                (Box::new(journal), state, exports)
            }
            None => (Box::new(NoJournal), State::default(), Vec::new()),
        };
        let faults = Faults::default();
        self.faults.into_iter().for_each(|fault| faults.add(fault));
        let (events, changed) = mpsc::channel(QUEUE);
        let (hooks_on, (of_one, in_all)) = (self.subscriptions.on, self.subscriptions.pending);
        let reach = Reach::new(self.subscriptions.loopback, self.subscriptions.any_host);
        let server = Arc::new_cyclic(|me| Server {
            me: Weak::clone(me),
            rules: Rules { reach, ..self.rules },
            state: RwLock::new(state),
            journal,
            faults,
            stats: Stats::default(),
            sink: self.sink,
            token: self.token,
            admin: self.admin,
            clock: self.clock,
            quotas: self.quota.map(Quotas::new),
            audit: self.audit,
            exports: Exports::new(self.export),
            events: hooks_on.then_some(events),
            backlog: Backlog::new(of_one, in_all),
        });
        if hooks_on {
            tokio::spawn(dispatch(Arc::downgrade(&server), changed, self.subscriptions));
        }
        for (id, description) in exports {
            if Spec::from_json(&description).is_some_and(|spec| server.exports.add(id, spec).is_ok()) {
                server.run_export(id);
            }
        }
        Ok(EmbeddedFhir { server })
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

/// Who sends a request, and what it wants beside the operation.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The address below which resources live, as the client knows it.
    pub(crate) base: String,
    pub(crate) client: Client,
    pub(crate) address: Option<IpAddr>,
    /// The `Prefer` header.
    pub(crate) prefer: Option<String>,
}

/// One request.
pub(crate) struct Asked<'r> {
    pub(crate) operation: &'r Operation,
    pub(crate) conditions: &'r Preconditions,
    pub(crate) body: Option<Value>,
    pub(crate) caller: &'r Caller,
    /// Milliseconds that a throttled client is to wait.
    pub(crate) throttle: Option<u64>,
}

/// What all requests share.
pub(crate) struct Server {
    me: Weak<Self>,
    pub(crate) rules: Rules,
    state: RwLock<State>,
    pub(crate) journal: Box<dyn Journal>,
    pub(crate) faults: Faults,
    pub(crate) stats: Stats,
    pub(crate) sink: Option<Arc<dyn RequestSink>>,
    pub(crate) token: Option<String>,
    pub(crate) admin: bool,
    clock: Clock,
    pub(crate) quotas: Option<Quotas>,
    audit: bool,
    pub(crate) exports: Exports,
    events: Option<mpsc::Sender<Event>>,
    pub(crate) backlog: Arc<Backlog>,
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
    pub(crate) async fn run(&self, asked: Asked<'_>) -> Result<Answer, Refusal> {
        let now = self.now();
        let Asked { operation, conditions, body, caller, throttle } = asked;
        let meter = match &self.quotas {
            Some(quotas) => Some(quotas.admit(&caller.client, now)?),
            None => None,
        };
        if let Some(meter) = &meter {
            meter.charge(quota::points(operation, conditions))?;
        }
        if let Operation::Export(step) = operation {
            let result = export::serve(self, step, body.as_ref(), caller, now).await;
            self.note(operation, &result, caller, now).await?;
            return result;
        }
        let agent = self.agent(caller);
        let context = self.context(caller, agent.as_ref(), meter, now);
        if *operation == Operation::Metadata {
            return Ok(Answer::json(capability_statement(context.base, now, self.token.is_some()).to_json()));
        }
        let (result, position) = if operation.is_read() {
            let read = self.look(|state| read(state, operation, conditions, body.as_ref(), &context));
            self.note(operation, &read.0, caller, now).await?;
            read
        } else if *operation == Operation::Bundle {
            let bundle = body.unwrap_or_default();
            let run =
                |work: &mut Work<'_>, context: &Context<'_>| run_bundle(work, &bundle, context, throttle);
            self.change(&context, run, |work, result, context| {
                // The entries of one that succeeded are recorded one by one.
                if result.is_err() {
                    audit::record(work, operation, result, context);
                }
            })
        } else {
            let run = |work: &mut Work<'_>, context: &Context<'_>| {
                write(work, operation, conditions, body, None, context)
            };
            self.change(&context, run, |work, result, context| {
                audit::record(work, operation, result, context)
            })
        };
        self.durable(position).await?;
        result
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        (self.clock)().timestamp_millis()
    }

    pub(crate) fn stats(&self) -> Value {
        let counts = self.look(State::counts).0;
        let (open, given_up) = self.backlog.open_and_given_up();
        self.stats
            .to_value(&counts)
            .with("notifying", stats::number(open))
            .with("given_up", stats::number(given_up))
    }

    pub(crate) fn look<T>(&self, f: impl FnOnce(&State) -> T) -> (T, Position) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        (f(&state), self.journal.position())
    }

    /// Waits until everything up to the position is durable.
    pub(crate) async fn durable(&self, position: Position) -> Result<(), Refusal> {
        self.journal.durable(position).await.map_err(|_| Refusal::storage())
    }

    /// Lets an export job begin.
    pub(crate) fn run_export(&self, id: Uuid) {
        tokio::spawn(export::run(Weak::clone(&self.me), id));
    }

    /// Gives a Subscription the status `error`.
    pub(crate) fn fail_subscription(&self, id: Uuid) {
        let caller = Caller { base: String::new(), client: Client::Unknown, address: None, prefer: None };
        let context = self.context(&caller, None, None, self.now());
        let fail = |work: &mut Work<'_>, context: &Context<'_>| {
            let failed = work.state().live("Subscription", id).and_then(failed);
            if let Some(failed) = failed {
                let (version, keys) = ((context.new_id)(), Keys::of(&failed));
                let text = content::stored_text(&failed, id, version, context.now);
                work.put("Subscription", id, Version::new(version, context.now, Some(text.into())), keys);
            }
            Ok(())
        };
        let (Ok(()) | Err(_), _) = self.change(&context, fail, |_, _, _| {});
    }

    fn agent(&self, caller: &Caller) -> Option<Agent> {
        let has_token = matches!(caller.client, Client::Token(_));
        self.audit.then_some(Agent { address: caller.address, has_token })
    }

    fn context<'a>(
        &'a self,
        caller: &'a Caller,
        audit: Option<&'a Agent>,
        meter: Option<Meter<'a>>,
        now: i64,
    ) -> Context<'a> {
        Context { rules: &self.rules, base: &caller.base, now, new_id: &Uuid::new_v4, audit, meter }
    }

    /// Records what changed nothing, where that is recorded.
    async fn note(
        &self,
        operation: &Operation,
        result: &Result<Answer, Refusal>,
        caller: &Caller,
        now: i64,
    ) -> Result<(), Refusal> {
        let Some(agent) = self.agent(caller) else { return Ok(()) };
        let context = self.context(caller, Some(&agent), None, now);
        let position = self
            .change(
                &context,
                |_, _| Ok(()),
                |work, _, context| audit::record(work, operation, result, context),
            )
            .1;
        self.durable(position).await
    }

    /// All changes of `f` are kept when it succeeds, none when not; those of `after` are kept in any case. No change gets
    /// a time before that of an earlier one.
    fn change<T>(
        &self,
        context: &Context<'_>,
        f: impl FnOnce(&mut Work<'_>, &Context<'_>) -> Result<T, Refusal>,
        after: impl FnOnce(&mut Work<'_>, &Result<T, Refusal>, &Context<'_>),
    ) -> (Result<T, Refusal>, Position) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let context = Context { now: context.now.max(state.newest_at()), ..*context };
        let mut work = Work::new(&mut state);
        let start = work.mark();
        let result = f(&mut work, &context);
        if result.is_err() {
            work.roll_back(start);
        }
        after(&mut work, &result, &context);
        let (changes, tally) = work.finish();
        self.stats.changed(tally);
        if changes.is_empty() {
            return (result, self.journal.position());
        }
        let events = self.events.as_ref().filter(|_| state.has_live("Subscription"));
        let told = events.map(|_| {
            changes.iter().filter(|(entry, _)| entry.resource_type != "AuditEvent").cloned().collect()
        });
        let position = self.journal.append(changes.into_iter().map(|(entry, _)| entry).collect());
        if let (Some(events), Some(changes)) = (events, told) {
            let event = Event { position, changes, ticket: self.backlog.change() };
            // Nobody listens when the server is about to end.
            if let Err(TrySendError::Full(_)) = events.try_send(event) {
                self.backlog.lose();
            }
        }
        (result, position)
    }
}
