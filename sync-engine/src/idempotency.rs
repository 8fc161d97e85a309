//! Deliveries: the same message never takes effect twice, for services that keep the effect in a store of their own.
//!
//! A sender that got no answer sends the same message again, perhaps over another connection, perhaps while the first
//! one is still worked on. [`Idempotency`] remembers what was answered, and reserves a message for one worker at a time.
//!
//! # Which of the two?
//! [`Intake::accept`](crate::Intake::accept) stores the message, its answer and its job in one transaction: nothing can
//! come between. Use it where the effect is a job of this engine. [`Idempotency`] is for effects elsewhere (a table of
//! the service, another system), which no transaction of this store can hold.
//!
//! # What is guaranteed
//! Deliveries of one org with equal `control_key` and `content_hash` are the same message. Of those that arrive within
//! the window, one begins the effect, and each of the others gets the answer that the first one finished with, byte for
//! byte, or is told that the first one is still at work. So the effect happens **exactly once, unless its process dies, or
//! outlives its lease, between the effect and [`finish`](Idempotency::finish)**. Then the next delivery begins it anew,
//! and says so (`taken_over`). Such an effect must be idempotent by the key, or look first whether it is there.
//!
//! | the process dies | what is there | what happens |
//! |---|---|---|
//! | before `begin` returns | nothing, or a reservation | no answer: the sender sends again; a reservation is taken over when its lease has ended |
//! | after `begin`, before the effect | a reservation | the same |
//! | after the effect, before `finish` returns | the effect, a reservation or the answer | without the answer the effect begins again after the lease (`taken_over`); with it, a resend |
//! | after `finish`, before the answer is sent | the effect, the answer | the sender sends again: a resend, the same answer |
//!
//! ```
//! use carewire_fhir_core::OrgId;
//! use carewire_sync_engine::{Begun, BlindKey, Delivery, Idempotency, MemoryStore, Redeemed};
//! use chrono::{DateTime, TimeDelta, Utc};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = MemoryStore::new();
//! let received_at: DateTime<Utc> = "2026-01-08T00:00:00Z".parse()?;
//! let delivery = Delivery {
//!     org: OrgId::new("org_a")?,
//!     control_key: Some(BlindKey([1; 32])), // HMAC of MSH-3, MSH-4, MSH-10
//!     content_hash: BlindKey([2; 32]),      // HMAC of the bytes but for MSH-7
//!     received_at,
//!     since: received_at - TimeDelta::days(7),
//!     lease_until: received_at + TimeDelta::seconds(60), // longer than the handler may take
//! };
//!
//! let answer = match store.begin(&delivery).await? {
//!     Begun::New { ticket, .. } => {
//!         // The effect. Where it fails: store.abandon(&ticket), and answer AE.
//!         let answer = b"sealed AA".to_vec();
//!         // Durable before the answer goes out. A stale ticket means that somebody else has the message now.
//!         assert_eq!(store.finish(&ticket, answer.clone()).await?, Redeemed::Done);
//!         answer
//!     }
//!     Begun::Resend { answer } => answer,
//!     Begun::InProgress { .. } => return Ok(()), // close, or answer AE with 206: the sender asks again
//! };
//! assert_eq!(store.begin(&delivery).await?, Begun::Resend { answer });
//! # Ok(()) }
//! ```

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use crate::{BlindKey, Result};

/// One arrival of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The org that the listener belongs to.
    pub org: OrgId,
    /// Blind key of (sender, control id): MSH-3, MSH-4 and MSH-10 of HL7 v2. `None` where the message has no control
    /// id: it is never a resend, and nothing is stored for it.
    pub control_key: Option<BlindKey>,
    /// Blind key of the content. MSH-7 stays out of it: a sender that repeats a message may set the time anew.
    pub content_hash: BlindKey,
    /// When the last byte arrived. It is the present instant to the store: leases that end by then have ended.
    pub received_at: DateTime<Utc>,
    /// A message received after this instant with the same keys is the same message (7 days by default).
    pub since: DateTime<Utc>,
    /// How long the message is reserved for whoever begins it. Later than any moment at which the effect may still
    /// happen: where a handler has a timeout, longer than that.
    pub lease_until: DateTime<Utc>,
}

/// The right to finish what [`Idempotency::begin`] began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The org of the delivery.
    pub org: OrgId,
    /// Grows with each reservation of the store and is never given twice; `None` for a delivery without a control id.
    pub fence: Option<u64>,
}

/// What [`Idempotency::begin`] found.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Begun {
    /// It is this caller's to do, and nobody else's until `lease_until`.
    New {
        /// What [`Idempotency::finish`] and [`Idempotency::abandon`] want.
        ticket: Ticket,
        /// The same sender used this control id for other content that the store still knows. Not a resend: senders
        /// reset their counters.
        control_id_reused: bool,
        /// Somebody began it before and neither finished nor abandoned it by the end of the lease: the effect may be
        /// there.
        taken_over: bool,
    },
    /// It was done. Nothing was written.
    Resend {
        /// What it was finished with, sealed.
        answer: Vec<u8>,
    },
    /// Somebody else is at it. Nothing was written.
    InProgress {
        /// When that reservation ends, unless it is finished or abandoned before.
        until: DateTime<Utc>,
    },
}

impl std::fmt::Debug for Begun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::New { ticket, control_id_reused, taken_over } => f
                .debug_struct("New")
                .field("ticket", ticket)
                .field("control_id_reused", control_id_reused)
                .field("taken_over", taken_over)
                .finish(),
            Self::Resend { answer } => {
                f.debug_struct("Resend").field("len", &answer.len()).finish_non_exhaustive()
            }
            Self::InProgress { until } => f.debug_struct("InProgress").field("until", until).finish(),
        }
    }
}

/// What became of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Redeemed {
    /// It was good.
    Done,
    /// It is not good any more, and nothing was changed: its lease ended and another delivery has the message, or it was
    /// abandoned. The caller must not send its answer: it closes the connection, and a resend gets the answer that holds.
    Stale,
}

/// The memory of deliveries. See the module's text for what it guarantees, and when [`crate::Intake`] is better.
#[async_trait]
pub trait Idempotency: std::fmt::Debug + Send + Sync {
    /// Says whether the message is new, done or under way, and reserves it when it is new.
    ///
    /// Atomic: of any number of calls at once with the same keys, one is [`Begun::New`]. Durable: a reservation survives a
    /// power failure, so that the ticket stays good after it. A reservation whose `lease_until` is at or before
    /// `received_at` has ended and is taken over; one that was finished with a `received_at` at or before `since` is out
    /// of the window and begun anew. Either makes the earlier tickets stale.
    async fn begin(&self, delivery: &Delivery) -> Result<Begun>;

    /// Stores the answer that every resend gets, durably: when it returns [`Redeemed::Done`], the answer may go out.
    ///
    /// A ticket stays good after the end of its lease until another delivery takes the message over. Idempotent: the
    /// first answer stays, and the same ticket is [`Redeemed::Done`] again.
    async fn finish(&self, ticket: &Ticket, sealed_answer: Vec<u8>) -> Result<Redeemed>;

    /// Gives the reservation back, durably: the effect did not happen, and the next delivery is new at once. What is
    /// finished stays finished: its ticket is [`Redeemed::Stale`] here.
    async fn abandon(&self, ticket: &Ticket) -> Result<Redeemed>;

    /// Forgets up to `limit` deliveries of an org received before `before`, oldest first; answers how many.
    ///
    /// Reservations go only if their lease ended before `before` too. What is forgotten is new when it comes again, so
    /// `before` is no later than the window's beginning; call it again while it answers `limit`.
    async fn purge(&self, org: &OrgId, before: DateTime<Utc>, limit: usize) -> Result<u64>;
}
