//! Received messages: stored before they are acknowledged.

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::{NewJob, Result};

/// The id of a received message: a UUID, unique over all orgs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(String);

impl MessageId {
    /// Wraps an id made by the caller (a UUIDv7 in the gateway).
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for MessageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A keyed hash (HMAC-SHA-256) that lets a store compare without knowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlindKey(pub [u8; 32]);

impl From<BlindKey> for String {
    fn from(key: BlindKey) -> Self {
        HEXLOWER.encode(&key.0)
    }
}

impl TryFrom<String> for BlindKey {
    type Error = &'static str;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or("a blind key is 64 lower-case hex digits")
    }
}

/// What the bytes of a received message are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// An HL7 v2 message as received, without its MLLP frame.
    Hl7v2,
    /// A FHIR JSON resource or Bundle.
    Fhir,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Hl7v2, Self::Fhir];

    /// The stable lower-case name (stored).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hl7v2 => "hl7v2",
            Self::Fhir => "fhir",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }
}

/// A message to store, with the job that will process it.
pub struct NewMessage {
    /// The org that the listener belongs to.
    pub org: OrgId,
    /// The id of this reception.
    pub id: MessageId,
    /// The id that follows the message to the remote.
    pub correlation: CorrelationId,
    /// What the bytes are.
    pub format: Format,
    /// `ADT^A01` for HL7 v2, the resource type for FHIR; `None` where it could not be read.
    pub message_type: Option<String>,
    /// Blind key of (sender, control id); `None` where it could not be read: such a message is never a resend.
    pub control_key: Option<BlindKey>,
    /// Blind key of the bytes.
    pub content_hash: BlindKey,
    /// The raw bytes, sealed.
    pub sealed: Vec<u8>,
    /// The acknowledgement that will be sent, sealed, so that a resend gets the same one.
    pub sealed_ack: Vec<u8>,
    /// When the last byte arrived.
    pub received_at: DateTime<Utc>,
    /// A message received after this instant with the same keys is the same message (7 days by default).
    pub resend_since: DateTime<Utc>,
    /// The state to store it in: [`MessageState::Received`], or [`MessageState::Refused`] for an unreadable one.
    pub state: MessageState,
    /// The jobs, committed in the same transaction, their ids in this order; none for a refused message.
    pub jobs: Vec<NewJob>,
}

impl std::fmt::Debug for NewMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewMessage").field("org", &self.org).field("id", &self.id).finish_non_exhaustive()
    }
}

/// Where a received message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MessageState {
    /// Stored and acknowledged; its job has not finished.
    Received,
    /// Everything that it says is at the remote.
    Pushed,
    /// Consent denies it; it waits for the patient's consent epoch to move.
    Held,
    /// Its job is in the dead letter.
    Dead,
    /// It could not be read: answered AE, kept as received, no job.
    Refused,
}

impl MessageState {
    /// All states, in the order in which reports print them.
    pub const ALL: [Self; 5] = [Self::Received, Self::Pushed, Self::Held, Self::Dead, Self::Refused];

    /// The stable lower-case name (stored, logged, used as a metric label).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Pushed => "pushed",
            Self::Held => "held",
            Self::Dead => "dead",
            Self::Refused => "refused",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// What [`Intake::accept`] did.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Receipt {
    /// Stored now, durably. `sequence` grows with the order of commit within the store, for calls that do not overlap.
    Stored {
        /// The position in the order of intake.
        sequence: i64,
        /// The same sender used this control id before, for other content.
        control_id_reused: bool,
    },
    /// The same message was stored before: nothing was written.
    Resend {
        /// The first reception.
        first: MessageId,
        /// The acknowledgement that was stored with it, sealed.
        sealed_ack: Vec<u8>,
    },
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stored { sequence, control_id_reused } => f
                .debug_struct("Stored")
                .field("sequence", sequence)
                .field("control_id_reused", control_id_reused)
                .finish(),
            Self::Resend { first, .. } => {
                f.debug_struct("Resend").field("first", first).finish_non_exhaustive()
            }
        }
    }
}

/// A stored message.
pub struct StoredMessage {
    /// The id of this reception.
    pub id: MessageId,
    /// The position in the order of intake.
    pub sequence: i64,
    /// The id that follows the message.
    pub correlation: CorrelationId,
    /// What the bytes are.
    pub format: Format,
    /// As given to [`Intake::accept`].
    pub message_type: Option<String>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub state: MessageState,
    /// The raw bytes, sealed.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for StoredMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredMessage")
            .field("id", &self.id)
            .field("sequence", &self.sequence)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// How many messages of an org stand in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// [`MessageState::Received`].
    pub received: u64,
    /// [`MessageState::Pushed`].
    pub pushed: u64,
    /// [`MessageState::Held`].
    pub held: u64,
    /// [`MessageState::Dead`].
    pub dead: u64,
    /// [`MessageState::Refused`].
    pub refused: u64,
}

impl Tally {
    /// Every message that was stored.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.received + self.pushed + self.held + self.dead + self.refused
    }

    /// The counter of `state`.
    pub fn of_mut(&mut self, state: MessageState) -> &mut u64 {
        match state {
            MessageState::Received => &mut self.received,
            MessageState::Pushed => &mut self.pushed,
            MessageState::Held => &mut self.held,
            MessageState::Dead => &mut self.dead,
            MessageState::Refused => &mut self.refused,
        }
    }
}

/// The durable intake of an org's messages.
#[async_trait]
pub trait Intake: std::fmt::Debug + Send + Sync {
    /// Stores `message` and its jobs in one transaction.
    ///
    /// Atomic: message and jobs are all there or none. Durable: when this returns `Ok`, a power failure does
    /// not lose them, so the caller may acknowledge. Idempotent: a message whose `control_key` and `content_hash`
    /// equal those of one received after `resend_since` in the same org is a [`Receipt::Resend`] and writes nothing.
    /// Many calls at once may share one commit.
    async fn accept(&self, message: NewMessage) -> Result<Receipt>;

    /// The message of that id in that org.
    async fn load(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredMessage>>;

    /// Moves messages of one org to a state. Idempotent. An id that is not there is [`crate::Error::NotFound`]
    /// and nothing is moved.
    async fn settle(&self, org: &OrgId, ids: &[MessageId], state: MessageState) -> Result<()>;

    /// Counts by state.
    async fn tally(&self, org: &OrgId) -> Result<Tally>;
}
