//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Moves health data between systems without losing it and without leaking it.
#[derive(Parser)]
#[command(name = "carewire", version, about, propagate_version = true)]
pub(crate) struct Cli {
    /// How log lines look on stderr.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Json)]
    pub(crate) log_format: LogFormat,
    /// Configuration in TOML; environment variables override it.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Json,
    Pretty,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the main job on the embedded default and print what happened to every message.
    Demo(Demo),
    /// Write a configuration, keys and sample messages to start from.
    Init {
        /// Where to; made when it is not there.
        #[arg(default_value = "carewire")]
        dir: PathBuf,
    },
    /// Run the gateway: MLLP, HTTP API, workers.
    Serve {
        /// Only check the configuration and reach every configured service.
        #[arg(long)]
        check: bool,
    },
    /// Run the embedded FHIR R4 server as a process of its own.
    FhirServer(FhirServer),
    /// Read, check, acknowledge and look into HL7 v2 messages.
    #[command(subcommand)]
    Hl7(crate::hl7::Hl7),
    /// Convert between HL7 v2 and FHIR.
    #[command(subcommand)]
    Convert(Convert),
    /// Say which v2 field and which row of the map each element of the output came from.
    Explain(Explain),
    /// De-identify, make keys, check policies.
    #[command(subcommand)]
    Deid(crate::deid::Deid),
    /// Decide about consent, apply decisions, keep consents.
    #[command(subcommand, alias = "consents")]
    Consent(crate::consent::Consent),
    /// Send and receive messages over MLLP.
    #[command(subcommand)]
    Mllp(crate::mllp::Mllp),
    /// Look at the queue and act on it.
    #[command(subcommand)]
    Jobs(Jobs),
    /// Let changes of tables in the store's database enqueue jobs.
    #[command(subcommand)]
    Outbox(crate::outbox::Outbox),
    /// Find and repair drift at the remote.
    #[command(subcommand)]
    Reconcile(Reconcile),
    /// Make the tables of a PostgreSQL store, or bring them up to date.
    ///
    /// It works as the role of `CAREWIRE_STORE_OWNER`, which owns the tables, and lets the role of `CAREWIRE_STORE` use
    /// them. Without it the role of `CAREWIRE_STORE` makes the tables for itself.
    Migrate,
    /// Sign a token for trying the API.
    Token(Token),
    #[command(external_subcommand)]
    Later(Vec<String>),
}

#[derive(Args)]
pub(crate) struct Demo {
    /// How many messages to play.
    #[arg(long, default_value_t = 500)]
    pub(crate) messages: usize,
    /// Another seed plays other messages.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where to keep the files; a temporary directory otherwise.
    #[arg(long)]
    pub(crate) data_dir: Option<PathBuf>,
    /// Keep running afterwards, with the HTTP API.
    #[arg(long)]
    pub(crate) serve: bool,
    /// MLLP connections that send at the same time.
    #[arg(long, default_value_t = 20)]
    pub(crate) connections: usize,
    /// For measuring only: `off` gives up durability.
    #[arg(long, value_enum, default_value_t = Durability::Full)]
    pub(crate) synchronous: Durability,
    /// For measuring only: makes every fsync take this many milliseconds longer.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(crate) fsync_delay: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Durability {
    Full,
    Off,
}

#[derive(Args)]
pub(crate) struct FhirServer {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8103")]
    pub(crate) bind: SocketAddr,
    /// A SQLite file to keep resources in; in memory otherwise.
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// Append every request line to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) request_log: Option<PathBuf>,
    /// Points that each client may spend in a minute: a read is 1, a search 20, a write 100. No limit otherwise.
    #[arg(long, value_name = "POINTS")]
    pub(crate) quota: Option<u64>,
    /// Record every interaction as an AuditEvent.
    #[arg(long)]
    pub(crate) audit_events: bool,
    /// Send notifications of Subscriptions to ports of this machine, though never to this server.
    #[arg(long)]
    pub(crate) notify_loopback: bool,
    /// Send notifications of Subscriptions to any other machine.
    #[arg(long)]
    pub(crate) notify_any_host: bool,
    /// Start exports without `Prefer: respond-async` too.
    #[arg(long)]
    pub(crate) lax_export: bool,
}

#[derive(Subcommand)]
pub(crate) enum Convert {
    /// One Bundle per message, as NDJSON in input order.
    V2ToFhir(V2ToFhir),
    #[command(external_subcommand)]
    Later(Vec<String>),
}

#[derive(Args)]
pub(crate) struct V2ToFhir {
    /// Files or directories; `-` is stdin.
    #[arg(default_value = "-")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The type of Bundle.
    #[arg(long, value_enum, default_value_t = BundleKind::Transaction)]
    pub(crate) bundle: BundleKind,
    #[command(flatten)]
    pub(crate) map: MapArgs,
    /// Issues make the exit status 1.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Name control ids in the report.
    #[arg(long)]
    pub(crate) with_control_ids: bool,
    /// A file for NDJSON, or a directory for one file per input.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Issues and unmapped fields, as NDJSON.
    #[arg(long)]
    pub(crate) report: Option<PathBuf>,
}

/// How messages are mapped.
#[derive(Args)]
pub(crate) struct MapArgs {
    /// The org whose identifier systems are used.
    #[arg(long, default_value = "default")]
    pub(crate) org: String,
    /// The offset of times without a zone, for example -03:00.
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) zone: Option<String>,
    /// The system of the number that says who the patient is; several times, the best first.
    #[arg(long = "patient-system", value_name = "URI")]
    pub(crate) patient_systems: Vec<String>,
    /// What becomes of a visit or patient that a message deletes: it stays with a status that says so, or its entry
    /// deletes it.
    #[arg(long, value_enum, default_value_t = DeletionKind::Status)]
    pub(crate) deletion: DeletionKind,
    /// What becomes of a message that does not say who the patient is: no Bundle, or a patient who is bound to it.
    #[arg(long, value_enum, default_value_t = UnidentifiedKind::Refuse)]
    pub(crate) unidentified: UnidentifiedKind,
    /// Whether the message itself comes along.
    #[arg(long, value_enum, default_value_t = RawKind::None)]
    pub(crate) raw: RawKind,
    /// Provenance in transactions and batches, too.
    #[arg(long)]
    pub(crate) provenance: bool,
    /// How Provenance and Binary are written, which no search finds again: created each time, or at an id made of the
    /// message (the server must let a client choose ids).
    #[arg(long, value_enum, default_value_t = UnnumberedKind::Created)]
    pub(crate) unnumbered: UnnumberedKind,
    /// Of which system a code is that names none and that its table is not known to have.
    #[arg(long, value_enum, default_value_t = UnknownCodesKind::WithoutSystem)]
    pub(crate) unknown_codes: UnknownCodesKind,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeletionKind {
    Status,
    Delete,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnidentifiedKind {
    Refuse,
    BindToMessage,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RawKind {
    None,
    DocumentReference,
    Binary,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnnumberedKind {
    Created,
    AtOwnId,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnknownCodesKind {
    WithoutSystem,
    OfTable,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BundleKind {
    Transaction,
    Batch,
    Collection,
    Message,
}

#[derive(Args)]
pub(crate) struct Explain {
    /// A message.
    pub(crate) file: PathBuf,
    /// Only this element, for example `Patient.name[0].family`.
    #[arg(long)]
    pub(crate) path: Option<String>,
    #[command(flatten)]
    pub(crate) map: MapArgs,
}

#[derive(Subcommand)]
pub(crate) enum Jobs {
    /// Counts by state.
    Stats {
        /// Only this queue.
        #[arg(long)]
        queue: Option<String>,
    },
    /// Jobs as NDJSON.
    List {
        #[command(flatten)]
        which: Which,
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// One job.
    Show { id: String },
    /// Run a failed or cancelled job again.
    Retry { id: String },
    /// Run failed jobs again (with --state cancelled: cancelled ones), all or those that match.
    Redrive(Which),
    /// Take a job, or all that match, out of the queue: a worker that has one stops at its next heartbeat.
    Cancel {
        /// One job.
        #[arg(conflicts_with = "Which", required_unless_present = "Which")]
        id: Option<String>,
        #[command(flatten)]
        which: Which,
    },
    /// Claim nothing more of the gateway's queue, or of what is named.
    Pause {
        #[command(flatten)]
        scope: Scope,
        /// Wait so many seconds at most for the active jobs to end; exit 1 if some have not.
        #[arg(long)]
        wait: Option<u64>,
    },
    /// Claim again.
    Resume(Scope),
    /// The pauses that hold.
    Paused,
    /// The limits that all processes share, and what is closed, as NDJSON; or change one.
    Limits(Limit),
    /// Remove finished jobs, and failed or cancelled ones, that have been kept for long enough (7 and 30 days). `serve` does
    /// so every hour.
    Clean,
}

/// Which jobs: those that are all that is named.
#[derive(Args)]
pub(crate) struct Which {
    /// Only this state.
    #[arg(long)]
    pub(crate) state: Option<String>,
    /// Only this queue.
    #[arg(long)]
    pub(crate) queue: Option<String>,
    /// Only this kind.
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Only this remote.
    #[arg(long)]
    pub(crate) remote: Option<String>,
    /// Only this type of resource.
    #[arg(long = "type")]
    pub(crate) resource_type: Option<String>,
    /// Only this reason code.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Only this correlation id.
    #[arg(long)]
    pub(crate) correlation: Option<String>,
}

/// What to pause.
#[derive(Args)]
pub(crate) struct Scope {
    /// This queue.
    #[arg(long)]
    pub(crate) queue: Option<String>,
    /// Only jobs of this kind.
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Only jobs that speak to this remote.
    #[arg(long)]
    pub(crate) remote: Option<String>,
    /// Only jobs about this type of resource.
    #[arg(long = "type")]
    pub(crate) resource_type: Option<String>,
    /// All jobs of the org.
    #[arg(long, conflicts_with_all = ["queue", "kind", "remote", "resource_type"])]
    pub(crate) all: bool,
}

/// Which limit, and what becomes of it.
#[derive(Args)]
pub(crate) struct Limit {
    /// That of the jobs of this queue.
    #[arg(long)]
    pub(crate) queue: Option<String>,
    /// That of the jobs that speak to this remote; the gateway's is `main`.
    #[arg(long)]
    pub(crate) remote: Option<String>,
    /// That of the configured org; otherwise of all orgs together.
    #[arg(long)]
    pub(crate) own: bool,
    /// So many jobs, for example 10/s, 600/m or 5000/h.
    #[arg(long, value_name = "RATE", conflicts_with_all = ["remove", "open"])]
    pub(crate) set: Option<String>,
    /// No limit any more.
    #[arg(long, conflicts_with = "open")]
    pub(crate) remove: bool,
    /// What was closed after failures, or since the remote asked for it, goes on now.
    #[arg(long)]
    pub(crate) open: bool,
}

#[derive(Subcommand)]
pub(crate) enum Reconcile {
    /// Compare with the remote and repair.
    Run {
        /// The org; the configured one otherwise.
        #[arg(long)]
        org: Option<String>,
        /// Only count.
        #[arg(long)]
        dry_run: bool,
        /// Only what was written at least this many days ago.
        #[arg(long)]
        stale_days: Option<i64>,
        /// How many rows are asked for together.
        #[arg(long)]
        batch: Option<usize>,
    },
    #[command(external_subcommand)]
    Later(Vec<String>),
}

#[derive(Args)]
pub(crate) struct Token {
    /// The user.
    #[arg(long)]
    pub(crate) sub: String,
    /// The org.
    #[arg(long)]
    pub(crate) org: String,
    /// ADMIN, CLINICIAN, PATIENT, RESEARCHER, SYSTEM or AUDITOR.
    #[arg(long)]
    pub(crate) role: String,
    /// The patient token, for the role PATIENT.
    #[arg(long)]
    pub(crate) patient: Option<String>,
    /// How long it is good, for example 15m or 8h.
    #[arg(long, default_value = "1h")]
    pub(crate) ttl: String,
}
