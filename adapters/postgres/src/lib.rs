//! Carewire's stores on PostgreSQL, for services of several processes.
//!
//! [`PostgresStore`] implements every trait of a store: [`Intake`], [`Idempotency`], [`Outbox`], [`IdentityMap`],
//! [`AuditLog`], [`ConsentStore`] and [`TokenVault`], and the queue with [`JobQueue`], [`QueueAdmin`], [`RateLimits`] and
//! [`Scheduler`]. It passes their contract suites.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use carewire_consent::ConsentStore;
//! use carewire_postgres::{PostgresOptions, PostgresStore};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Once, as the owner of the tables:
//! PostgresStore::migrate("postgres://owner@db.example/health", Some("carewire_app")).await?;
//! // The service, as a role that owns nothing:
//! let store = PostgresStore::connect("postgres://carewire_app@db.example/health", PostgresOptions::default()).await?;
//! let consents: Arc<dyn ConsentStore> = Arc::new(store);
//! # let _ = consents;
//! # Ok(())
//! # }
//! ```
//!
//! # Orgs
//! Every table has row-level security: a transaction names its org, and sees and writes rows of that org alone, even if a
//! statement forgot to ask. PostgreSQL lets superusers, and roles with `BYPASSRLS`, past it: [`PostgresStore::connect`]
//! refuses to work as one. Owners of the tables are held to it too, except for jobs and schedules.
//!
//! That is against a statement that forgot its org, not against code that runs as the role of the service: who connects as
//! that role may name any org, and what works over all orgs (to enqueue, to claim, limits, schedules) does so whatever org
//! the transaction has named. No function takes a table of the caller's for one of the schema.
//!
//! # The queue
//! Jobs are enqueued in a transaction of the store, or of the caller ([`enqueue_in`]). The functions of the schema do the
//! work, each call in one statement; those that work over all orgs run as the owner of the tables, check leases and orgs
//! themselves, and are the only way in which a service writes jobs. A claim waits for no other, but where two would start
//! two jobs of one ordering key, and where limits are set that both take from.
//!
//! A claim reads past the index entries of what was claimed since the last vacuum. Those of 32 jobs or more begin where the
//! one before stopped, and do not notice; smaller ones, and those that find little, take some 10 µs more for each thousand
//! jobs: set `autovacuum_naptime` to a few seconds where many jobs go through, and do not leave transactions open, since
//! behind the oldest one nothing is vacuumed.
//!
//! Processes tell each other that a queue has new jobs ([`PostgresStore::wake_by_hints`]). That is a hint: workers poll too.
//!
//! # Durability and order
//! Each operation is one transaction at the isolation level `read committed`, durable when it returns as far as the
//! server's `synchronous_commit` goes (leave it on). The epoch of a patient moves in the transaction of the change, which
//! waits for the [guard][`ConsentStore::guard`] of any process. Connect to the primary: a replica that lags shows consents
//! that were revoked.
//!
//! # What it will not do
//! It reads no clock, encrypts nothing (ask for TLS with `sslmode=verify-full` in the URL), and deletes nothing that it was
//! not told to delete.
//!
//! [`AuditLog`]: carewire_sync_engine::AuditLog
//! [`ConsentStore`]: carewire_consent::ConsentStore
//! [`Idempotency`]: carewire_sync_engine::Idempotency
//! [`IdentityMap`]: carewire_sync_engine::IdentityMap
//! [`Intake`]: carewire_sync_engine::Intake
//! [`JobQueue`]: carewire_sync_engine::JobQueue
//! [`Outbox`]: carewire_sync_engine::Outbox
//! [`QueueAdmin`]: carewire_sync_engine::QueueAdmin
//! [`RateLimits`]: carewire_sync_engine::RateLimits
//! [`Scheduler`]: carewire_sync_engine::Scheduler
//! [`TokenVault`]: carewire_deid::TokenVault
//! [`ConsentStore::guard`]: carewire_consent::ConsentStore::guard

mod alone;
mod audit;
pub mod capture;
mod consents;
mod deliveries;
mod error;
mod hints;
mod identity;
mod intake;
mod jobs;
mod outbox;
mod row;
mod schedules;
mod schema;
mod store;
mod vault;

pub use error::Error;
pub use jobs::enqueue_in;
pub use store::{PostgresOptions, PostgresStore};
