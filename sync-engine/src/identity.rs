//! The identity map: which local resource is which remote resource, and what was last sent.

use async_trait::async_trait;
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};

use crate::Result;

/// The identity of a resource on our side: pseudonymous, stable, unique within an org.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalKey {
    /// `Patient`, `Observation`, …
    pub resource_type: String,
    /// The identifier system that travels to the remote.
    pub system: String,
    /// The token or keyed pseudonym.
    pub value: String,
}

/// One row of the map.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Our side.
    pub key: LocalKey,
    /// The id that the remote gave.
    pub remote_id: String,
    /// The version that the remote answered with, opaque.
    pub remote_version: Option<String>,
    /// Hash of the canonical form of what was last sent.
    pub hash: [u8; 32],
    /// The resource as last sent, sealed: the base of a merge and the source of a repair.
    pub base: Vec<u8>,
    /// The intake sequence of the message that it came from. An older message never overwrites it.
    pub source_sequence: i64,
    /// The patient, where the resource belongs to one.
    pub patient: Option<PatientToken>,
    /// The data classes that a permit must cover, by code.
    pub classes: Vec<String>,
    /// When it was written.
    pub synced_at: DateTime<Utc>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("key", &self.key)
            .field("remote_id", &self.remote_id)
            .field("source_sequence", &self.source_sequence)
            .finish_non_exhaustive()
    }
}

/// The map of one store. `remote` is the configured name of a remote.
#[async_trait]
pub trait IdentityMap: std::fmt::Debug + Send + Sync {
    /// The rows of `keys`, in their order.
    async fn lookup(&self, org: &OrgId, remote: &str, keys: &[LocalKey]) -> Result<Vec<Option<Identity>>>;

    /// Inserts or replaces rows, all or none, durably. A row whose stored `source_sequence` is higher is kept as it is.
    async fn record(&self, org: &OrgId, remote: &str, rows: Vec<Identity>) -> Result<()>;

    /// Rows in the order of their keys, after `after`, at most `limit`.
    async fn scan(
        &self,
        org: &OrgId,
        remote: &str,
        after: Option<&LocalKey>,
        limit: usize,
    ) -> Result<Vec<Identity>>;
}
