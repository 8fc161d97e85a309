//! A durable sync engine: what was received is stored, worked on under leases, pushed to a FHIR server, remembered,
//! reconciled and audited. Every store and every remote is a small trait that an integrator can implement.
//!
//! # The smallest run
//! ```
//! use std::{collections::BTreeMap, time::Duration};
//! use carewire_fhir_core::{CorrelationId, OrgId};
//! use carewire_sync_engine::{ClaimOptions, JobQueue, JobQueueExt, JobState, MemoryStore, NewJob, Settled};
//! use chrono::{DateTime, Utc};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = MemoryStore::new();
//! let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse()?;
//! store
//!     .enqueue(vec![NewJob {
//!         refs: BTreeMap::from([("message".into(), "0196".into())]),
//!         ..NewJob::new(OrgId::new("org_a")?, "sync", "message", CorrelationId::new("c-1")?, now)
//!     }])
//!     .await?;
//!
//! let options = ClaimOptions { queue: "sync".into(), limit: 10, lease: Duration::from_secs(30), now };
//! for job in store.claim(&options).await? {
//!     let settled = store.complete(&[job.lease], now).await?;
//!     assert_eq!(settled, [Settled::Done(JobState::Completed)]);
//! }
//! # Ok(()) }
//! ```
//!
//! # The modules
//! | seam (a trait to implement) | what it is |
//! |---|---|
//! | [`Intake`] | received messages, stored before they are acknowledged |
//! | [`Idempotency`] | what was answered to whom, for effects in a store of somebody else |
//! | [`Outbox`] | messages to send, stored with the job that sends them |
//! | [`JobQueue`], [`QueueAdmin`] | leased jobs, in order per key, fair over orgs; what operators do with them |
//! | [`RateLimits`] | token buckets that all processes share, by queue, org and remote |
//! | [`TakeOver`] | a queue that takes a job over once |
//! | [`Scheduler`] | cron schedules, fired once by whoever leads |
//! | [`IdentityMap`] | which local resource is which remote resource |
//! | [`AuditLog`] | the hash-chained trail |
//! | [`Remote`] | a FHIR server; its write call demands permits |
//! | [`JobHandler`], [`Clock`], [`PermitSource`], [`BaseSealer`] | what a worker and a reconcile run call |
//!
//! | logic | what it does |
//! |---|---|
//! | [`push`] | plans the writes for a remote, chunk by chunk, without I/O |
//! | [`worker`] | claims, heartbeats, runs handlers, settles |
//! | [`reconcile`] | finds and repairs drift |
//! | [`relay`] | from the store of a transaction to a queue elsewhere |
//! | [`retry`] | when to try again |
//! | [`idempotency`] | how often an effect happens, and when |
//! | [`chain`] | the hash chain that every audit log shares |
//! | [`memory`] | all stores in memory: the reference implementation |
//! | `contract` (feature `contract`) | the promises of the traits as tests that every adapter runs |
//!
//! # What it will not do
//! It reads no clock and makes no randomness: both are arguments. It opens no socket and no file: adapters do. It never
//! sees a key: bases and messages arrive sealed. It does not decide about consent: it demands the proof of a decision.

pub mod chain;
pub mod idempotency;
pub mod memory;
pub mod push;
pub mod reconcile;
pub mod relay;
pub mod retry;
pub mod schedule;
pub mod worker;

#[cfg(feature = "contract")]
pub mod contract;

mod audit;
mod clock;
mod error;
mod identity;
mod intake;
mod jobs;
mod kept;
mod limits;
mod outbox;
mod remote;

pub use audit::{AuditAction, AuditLog, AuditQuery, AuditRecord, ChainedRecord, Verification};
pub use clock::Clock;
pub use error::{Error, Result};
pub use idempotency::{Begun, Delivery, Idempotency, Redeemed, Ticket};
pub use identity::{Identity, IdentityMap, LocalKey};
pub use intake::{
    BlindKey, Format, Intake, MessageId, MessageState, NewMessage, Receipt, StoredMessage, Tally,
};
pub use jobs::{
    AfterFailure, Beat, ClaimOptions, ClaimedJob, Enqueued, Failure, HowEnqueued, JobFilter, JobId, JobQueue,
    JobQueueExt, JobState, JobView, Lease, NewJob, Outcome, PauseScope, Priority, Progress, QueueAdmin,
    QueueAdminExt, QueueStats, Reported, Settled, Settlement, Unique, UniqueMode,
};
pub use kept::KEPT_URLS;
pub use limits::{Bucket, Lane, LimitScope, LimitView, RateLimit, RateLimits, Taken};
pub use memory::MemoryStore;
pub use outbox::{NewOutbound, OutboundState, OutboundTally, Outbox, Posted, StoredOutbound};
pub use push::{Applied, Confirmed, Draft, Push, PushSummary, Recorded};
pub use reconcile::{BaseSealer, PermitSource, ReconcileOptions, ReconcileReport, Reconciler};
pub use relay::{Relay, RelayOptions, TakeOver};
pub use remote::{
    InventoryEntry, Limits, PermittedWrites, Refusal, Remembered, Remote, TOKEN_SYSTEM, Write, WriteMethod,
    WriteOutcome, needs_no_patient,
};
pub use retry::{FailureClass, RetryPolicy};
pub use schedule::{
    Cron, Fired, Firing, Firings, Leadership, Missed, Schedule, ScheduleRunner, ScheduleRunnerOptions,
    ScheduleView, Scheduler,
};
pub use worker::{Handlers, JobHandler, JobOutcome, Worker, WorkerOptions, WorkerReport, measure_queue};

/// Everything that one SQL store is: a name for its traits together, implemented for whatever implements them.
pub trait Store:
    Intake + Idempotency + Outbox + JobQueue + QueueAdmin + RateLimits + IdentityMap + AuditLog
{
}

impl<T> Store for T where
    T: Intake + Idempotency + Outbox + JobQueue + QueueAdmin + RateLimits + IdentityMap + AuditLog + ?Sized
{
}
