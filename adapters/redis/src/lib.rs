//! Carewire's job queue on Redis, for services of several processes that run Redis already.
//!
//! [`RedisQueue`] implements [`JobQueue`], [`QueueAdmin`], [`RateLimits`], [`Scheduler`] and [`TakeOver`] and passes their contract suites.
//! Redis 7.0 or later; each operation is one Lua script of bounded work, or a walk of such steps where an operator asks for much.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use carewire_fhir_core::{CorrelationId, OrgId};
//! use carewire_redis::{Durability, RedisOptions, RedisQueue};
//! use carewire_sync_engine::{ClaimOptions, JobQueue, JobQueueExt, NewJob};
//! use chrono::Utc;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let queue = RedisQueue::connect("redis://127.0.0.1:6379", RedisOptions::default().prefix("clinic")).await?;
//! assert_eq!(queue.durability(), Durability::Always);
//! let job = NewJob::new(OrgId::new("org_a")?, "sync", "message", CorrelationId::new("c-1")?, Utc::now());
//! queue.enqueue(vec![job]).await?;
//!
//! let options = ClaimOptions { queue: "sync".into(), limit: 100, lease: Duration::from_secs(30), now: Utc::now() };
//! let leases: Vec<_> = queue.claim(&options).await?.into_iter().map(|job| job.lease).collect();
//! queue.complete(&leases, Utc::now()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What is lost when
//! Redis acknowledges before a disk has the write, unless it is told otherwise. [`RedisQueue::durability`] says what the
//! server told when it was connected to.
//!
//! | the server stops at once, with | lost |
//! |---|---|
//! | `appendonly yes`, `appendfsync always` | nothing that was acknowledged |
//! | `appendonly yes`, `appendfsync everysec` | the last second, two where a sync takes long: of a machine that loses power. Of a process that is killed, what waited for such a sync |
//! | `appendonly yes`, `appendfsync no` | of a machine that loses power, what the system had not written: on Linux half a minute |
//! | no append-only file | everything since the last snapshot |
//! | a failover to a replica, whatever the settings | what the replica had not received: replication is asynchronous |
//! | a backup that is restored | everything since |
//!
//! So a job that must not be lost is enqueued in a SQL store, in the transaction of what it is about, and comes here by a
//! [`Relay`](carewire_sync_engine::Relay), which may hand it over again without a second one: for a week it is known by its
//! source, also when it is done and removed. With less than `always`, what this server loses after the relay has heard that
//! it was taken over is there again when the relay [offers it again](carewire_sync_engine::Relay::offer_again), which is for
//! the time when another [run](RedisQueue::run_id) of the server answers. What else is lost are jobs that were
//! enqueued here, and ends of attempts, which then run again; but never does an old lease act on a job that it does not hold:
//! see below. Each script is in the append-only file wholly or not at all.
//!
//! A server that evicts keys when its memory is full would lose jobs silently: [`RedisQueue::connect`] refuses it. With
//! `noeviction` a full server refuses new jobs ([`Error::Unavailable`](carewire_sync_engine::Error::Unavailable)).
//!
//! # Epochs after a loss
//! An epoch that was given out must never be given again, even if the server has forgotten that it gave it: the old lease
//! would fit the new attempt. A counter in Redis alone would do just that after a loss of the last second, and so would the
//! counter of the ids. Both are therefore drawn from one sequence that is never lower than the server's clock in
//! microseconds. Numbers are drawn at less than one each microsecond, so all that was lost lies below the clock of the
//! server that comes after, whatever the way of losing. What this demands: the clock of a server, or of the replica that
//! takes over, does not stand before that of the moment of the last number that was lost. This is the only use of that
//! clock; every rule of the queue takes the time of the call.
//!
//! # Keys
//! All keys begin with the prefix in braces, `{carewire}:` by default. The braces are a hash tag: in a cluster all keys of
//! an installation are in one slot. The scripts form names of keys from what they read, within that tag. Several processes
//! share a prefix; nothing else may write under it.
//!
//! # The work of a call
//! A claim takes at most 100 ended leases back, looks at no more than 256 orgs and gives at most 1,000 jobs; jobs that are
//! delayed, done or behind another of their ordering keys cost it nothing. An enqueue or a settlement grows with what it is
//! given, and the server does nothing else meanwhile: give it hundreds, not a hundred thousand. What is about many jobs
//! goes in steps of 200; a list that is filtered by more than queue and state reads what it skips, 500 jobs a step.
//!
//! A script does not read what it need not: a claim hands the records on as they are, and what a settlement has to know of an
//! active job stands beside its epoch. So most jobs are never parsed on the server.
//!
//! # What is kept
//! A completed job stays until [`QueueAdmin::clean`](carewire_sync_engine::QueueAdmin::clean): its record, and about 350 bytes of indexes and names. A million completed
//! jobs of 280 bytes are 620 MB, so clean often: `carewire_sync_engine` leaves to the caller how long they are of use.
//!
//! # What it will not do
//! It holds no message and no consent: references only. It does not encrypt what the server keeps; the connection it does, with
//! a URL that begins with `rediss://` (see [`RedisOptions::ca_file`]). It shows no certificate of its own.
//! No key of it expires but the names of sources. It cannot commit a job together with a row of another store.
//!
//! [`JobQueue`]: carewire_sync_engine::JobQueue
//! [`QueueAdmin`]: carewire_sync_engine::QueueAdmin
//! [`RateLimits`]: carewire_sync_engine::RateLimits
//! [`Scheduler`]: carewire_sync_engine::Scheduler
//! [`TakeOver`]: carewire_sync_engine::TakeOver

mod admin;
mod error;
mod jobs;
mod limits;
mod queue;
mod record;
mod schedules;
mod script;
mod time;

pub use error::Error;
pub use queue::{Durability, RedisOptions, RedisQueue};
