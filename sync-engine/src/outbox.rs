//! Messages to send: stored with their job in one transaction, kept until the receiver's answer is stored.

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId};
use chrono::{DateTime, Utc};

use crate::{BlindKey, MessageId, NewJob, Result};

/// A message to send, with the job that will send it.
pub struct NewOutbound {
    /// The org whose message it is.
    pub org: OrgId,
    /// The id of this sending.
    pub id: MessageId,
    /// The id that follows the message.
    pub correlation: CorrelationId,
    /// Where it goes: a name that the operator chose.
    pub destination: String,
    /// Blind key of (destination, control id).
    pub control_key: BlindKey,
    /// Blind key of the content.
    pub content_hash: BlindKey,
    /// The bytes as they will be sent, sealed.
    pub sealed: Vec<u8>,
    /// When it was handed over.
    pub enqueued_at: DateTime<Utc>,
    /// A message handed over after this instant with the same keys is the same message.
    pub known_since: DateTime<Utc>,
    /// The job, committed in the same transaction.
    pub job: NewJob,
}

impl std::fmt::Debug for NewOutbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewOutbound").field("org", &self.org).field("id", &self.id).finish_non_exhaustive()
    }
}

/// What [`Outbox::post`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Posted {
    /// Stored now, durably, with its job. `sequence` grows with the order of commit within the store, for calls that do not
    /// overlap.
    Stored {
        /// The position in the order of posting.
        sequence: i64,
        /// This control id went to this destination before, with other content that the store still has. A receiver that
        /// knows messages by their control id may drop the second one.
        control_id_reused: bool,
    },
    /// The same message was posted before: nothing was written.
    Known {
        /// The first posting.
        first: MessageId,
    },
}

/// Where a message to send stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum OutboundState {
    /// Stored; its receiver has not taken it yet.
    Waiting,
    /// Consent denies it; it waits for the patient's consent epoch to move.
    Held,
    /// Its receiver took it. Final.
    Delivered,
    /// Its job is in the dead letter.
    Dead,
}

impl OutboundState {
    /// All states, in the order in which reports print them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Held, Self::Delivered, Self::Dead];

    /// The stable lower-case name (stored, logged, used as a metric label).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A stored message to send.
pub struct StoredOutbound {
    /// The id of this sending.
    pub id: MessageId,
    /// The position in the order of posting.
    pub sequence: i64,
    /// The id that follows the message.
    pub correlation: CorrelationId,
    /// Where it goes.
    pub destination: String,
    /// When it was handed over.
    pub enqueued_at: DateTime<Utc>,
    /// Where it stands.
    pub state: OutboundState,
    /// The bytes as they are sent, sealed.
    pub sealed: Vec<u8>,
    /// The last answer that was stored, sealed.
    pub sealed_answer: Option<Vec<u8>>,
}

impl std::fmt::Debug for StoredOutbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredOutbound")
            .field("id", &self.id)
            .field("sequence", &self.sequence)
            .field("destination", &self.destination)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// How many messages to one destination stand in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboundTally {
    /// [`OutboundState::Waiting`].
    pub waiting: u64,
    /// [`OutboundState::Held`].
    pub held: u64,
    /// [`OutboundState::Delivered`].
    pub delivered: u64,
    /// [`OutboundState::Dead`].
    pub dead: u64,
}

impl OutboundTally {
    /// Every message that is stored.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.waiting + self.held + self.delivered + self.dead
    }

    /// The counter of `state`.
    pub fn of_mut(&mut self, state: OutboundState) -> &mut u64 {
        match state {
            OutboundState::Waiting => &mut self.waiting,
            OutboundState::Held => &mut self.held,
            OutboundState::Delivered => &mut self.delivered,
            OutboundState::Dead => &mut self.dead,
        }
    }
}

/// The messages that an org sends. Received ones are [`Intake`](crate::Intake)'s and are counted there.
#[async_trait]
pub trait Outbox: std::fmt::Debug + Send + Sync {
    /// Stores `message` and its job in one transaction. The job goes to the same store's [`JobQueue`](crate::JobQueue).
    ///
    /// Atomic: message and job are both there or neither. Durable when it returns `Ok`, so the caller may forget the
    /// message. Idempotent: a message whose `control_key` and `content_hash` equal those of one posted after `known_since`
    /// in the same org is [`Posted::Known`] and writes nothing. An id that is taken, or a job of another org, is
    /// [`crate::Error::Conflict`] and nothing is stored.
    async fn post(&self, message: NewOutbound) -> Result<Posted>;

    /// The message of that id in that org.
    async fn outbound(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredOutbound>>;

    /// Moves a message to a state, durably, and keeps the receiver's answer, if there is one (an earlier one stays
    /// otherwise). Idempotent.
    ///
    /// [`OutboundState::Delivered`] is final: a message that has it is left as it is, so that a worker that was too slow
    /// undoes nothing. An id that is not there is [`crate::Error::NotFound`].
    async fn mark(
        &self,
        org: &OrgId,
        id: &MessageId,
        state: OutboundState,
        sealed_answer: Option<Vec<u8>>,
    ) -> Result<()>;

    /// Counts by state.
    async fn outbound_tally(&self, org: &OrgId, destination: &str) -> Result<OutboundTally>;

    /// Removes up to `limit` messages of a state that were handed over before `before`, oldest first; answers how many.
    ///
    /// The state is [`OutboundState::Delivered`] or [`OutboundState::Dead`]; any other is [`crate::Error::Conflict`],
    /// since its messages are still to be sent. What is removed is not [`Posted::Known`] any more.
    async fn remove_outbound(
        &self,
        org: &OrgId,
        state: OutboundState,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<u64>;
}
