//! The audit trail: append-only, hash-chained within an org, one record for each decision and disclosure.

use std::collections::BTreeMap;

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId, PatientToken};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::Result;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AuditAction {
    /// A message was stored and acknowledged.
    Received,
    /// A message could not be read; it was stored and answered with AE.
    Refused,
    /// A message became a Bundle.
    Mapped,
    /// A Bundle was de-identified.
    Deidentified,
    /// A consent decision.
    ConsentDecided,
    /// A resource was written to a remote.
    Disclosed,
    /// A consent was granted, changed or revoked.
    ConsentChanged,
    /// A reconcile run found or repaired drift.
    Reconciled,
    /// An operator acted on the queue.
    QueueAdministered,
    /// A message went to the dead letter.
    DeadLettered,
}

impl AuditAction {
    /// All actions.
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::Refused,
        Self::Mapped,
        Self::Deidentified,
        Self::ConsentDecided,
        Self::Disclosed,
        Self::ConsentChanged,
        Self::Reconciled,
        Self::QueueAdministered,
        Self::DeadLettered,
    ];

    /// The stable name: stored, hashed into the chain, printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Refused => "refused",
            Self::Mapped => "mapped",
            Self::Deidentified => "deidentified",
            Self::ConsentDecided => "consent-decided",
            Self::Disclosed => "disclosed",
            Self::ConsentChanged => "consent-changed",
            Self::Reconciled => "reconciled",
            Self::QueueAdministered => "queue-administered",
            Self::DeadLettered => "dead-lettered",
        }
    }

    /// The action of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// One record. `details` holds codes, ids and counts, never values of a message or resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRecord {
    /// The org.
    pub org: OrgId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub action: AuditAction,
    /// `success`, `denied`, `failure`: a code.
    pub outcome: String,
    /// The id that follows the message.
    pub correlation: CorrelationId,
    /// The patient's token, where there is one.
    pub patient: Option<PatientToken>,
    /// Codes, ids and counts.
    pub details: BTreeMap<String, String>,
}

/// A record with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainedRecord {
    /// The position in the org's trail, from 1.
    pub sequence: i64,
    /// The record.
    pub record: AuditRecord,
    /// The hash of the batch that the record was appended with, in hex.
    pub batch_hash: String,
}

/// What to search for.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Only this action.
    pub action: Option<AuditAction>,
    /// Only this correlation id.
    pub correlation: Option<CorrelationId>,
    /// Only after this position.
    pub after: Option<i64>,
}

impl AuditQuery {
    /// Whether `row` is wanted.
    #[must_use]
    pub fn matches(&self, row: &ChainedRecord) -> bool {
        self.action.is_none_or(|action| action == row.record.action)
            && self.correlation.as_ref().is_none_or(|correlation| *correlation == row.record.correlation)
            && self.after.is_none_or(|after| row.sequence > after)
    }
}

/// The result of checking an org's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Verification {
    /// Every hash is right.
    Intact {
        /// How many records were checked.
        records: u64,
    },
    /// The first batch whose hash is wrong begins at this position.
    Broken {
        /// The position of the first record of the batch.
        sequence: i64,
    },
}

/// The audit trail of one store.
#[async_trait]
pub trait AuditLog: std::fmt::Debug + Send + Sync {
    /// Appends records, all or none, durably, in their order.
    async fn append(&self, records: Vec<AuditRecord>) -> Result<()>;

    /// Records of an org in order, at most `limit`.
    async fn search(&self, org: &OrgId, query: &AuditQuery, limit: usize) -> Result<Vec<ChainedRecord>>;

    /// Recomputes the chain of an org.
    async fn verify(&self, org: &OrgId) -> Result<Verification>;
}
