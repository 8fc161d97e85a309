//! The embedded default of Carewire's stores: one SQLite file that holds the intake, the queue, the identity map,
//! the consents, the vault and the audit trail.
//!
//! [`SqliteStore`] implements [`Intake`], [`Idempotency`], [`Outbox`], [`JobQueue`], [`QueueAdmin`], [`RateLimits`],
//! [`Scheduler`], [`IdentityMap`], [`AuditLog`], [`ConsentStore`] and [`TokenVault`]. It passes the contract suites of all of them.
//!
//! ```
//! use std::sync::Arc;
//!
//! use carewire_fhir_core::OrgId;
//! use carewire_sqlite::{SqliteOptions, SqliteStore};
//! use carewire_sync_engine::Intake;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("carewire.db");
//! let store = SqliteStore::open(&path, SqliteOptions::default()).await?;
//! let intake: Arc<dyn Intake> = Arc::new(store.clone());
//!
//! assert_eq!(intake.tally(&OrgId::new("default")?).await?.total(), 0);
//! store.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Durability
//! The file is in WAL mode with `synchronous=FULL`. One task owns the one connection that writes. It gathers the
//! operations that are waiting into one transaction and answers their callers after its commit, so that many
//! callers share one fsync: see [`CommitStats`]. When an operation of a group fails, the group is rolled back and
//! its operations run one by one, each with its own result. A caller that stops waiting does not undo its
//! operation. Reads run beside the writer on connections of their own and see everything that was answered before.
//!
//! Several processes may open one file, for example a server and an administrator's shell: a write waits for the
//! other's commit, up to [`SqliteOptions::busy_timeout`]. A [guard][`ConsentStore::guard`] of consents binds one store and its
//! clones: revoke in the process that writes to remotes.
//!
//! # What it will not do
//! It reads no clock to fill a row, encrypts nothing (what arrives sealed stays sealed), and deletes nothing that it
//! was not told to delete. It does not work on a network file system, where SQLite's locks do not hold.
//!
//! [`Intake`]: carewire_sync_engine::Intake
//! [`Idempotency`]: carewire_sync_engine::Idempotency
//! [`Outbox`]: carewire_sync_engine::Outbox
//! [`JobQueue`]: carewire_sync_engine::JobQueue
//! [`QueueAdmin`]: carewire_sync_engine::QueueAdmin
//! [`RateLimits`]: carewire_sync_engine::RateLimits
//! [`Scheduler`]: carewire_sync_engine::Scheduler
//! [`IdentityMap`]: carewire_sync_engine::IdentityMap
//! [`AuditLog`]: carewire_sync_engine::AuditLog
//! [`ConsentStore`]: carewire_consent::ConsentStore
//! [`ConsentStore::guard`]: carewire_consent::ConsentStore::guard
//! [`TokenVault`]: carewire_deid::TokenVault

mod audit;
mod checkpoint;
mod consents;
mod deliveries;
mod error;
mod identity;
mod intake;
mod jobs;
mod options;
mod outbox;
mod readers;
mod row;
mod schedules;
mod schema;
mod store;
mod vault;
mod window;
mod writer;

pub use error::Error;
pub use options::{SqliteOptions, Synchronous};
pub use store::SqliteStore;
pub use writer::CommitStats;
