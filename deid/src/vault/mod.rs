//! Where patient tokens and sealed originals are kept.

#[cfg(feature = "contract")]
pub mod contract;
mod memory;

use async_trait::async_trait;
use carewire_fhir_core::{OrgId, PatientToken};

use crate::Result;

pub use memory::MemoryVault;

/// The vault: which token stands for which patient, and the sealed original behind a token.
///
/// A patient is known here only by a keyed surrogate of (system, value) made by [`crate::Pseudonymizer::blind`];
/// originals arrive sealed. So a stolen vault names nobody. Everything is scoped by org: what another org wrote
/// is not there.
#[async_trait]
pub trait TokenVault: std::fmt::Debug + Send + Sync {
    /// The token of a patient. The first candidate offered for a key becomes its token, atomically: of calls that
    /// run at the same time, all get the same one. Durable on return; repeating it changes nothing.
    async fn resolve(
        &self,
        org: &OrgId,
        patient_key: &[u8; 32],
        candidate: &PatientToken,
    ) -> Result<PatientToken>;

    /// The token of a patient, if there is one. Never makes one.
    async fn find(&self, org: &OrgId, patient_key: &[u8; 32]) -> Result<Option<PatientToken>>;

    /// Keeps the sealed original of a token, unless one of a higher `sequence` is there already (an older message
    /// never replaces a newer one). An equal sequence replaces. Durable on return.
    async fn put_original(
        &self,
        org: &OrgId,
        token: &PatientToken,
        sealed: Vec<u8>,
        sequence: i64,
    ) -> Result<()>;

    /// The sealed original of a token, byte for byte as it was put.
    async fn original(&self, org: &OrgId, token: &PatientToken) -> Result<Option<Vec<u8>>>;
}
