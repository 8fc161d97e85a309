//! What a gateway is made of.

use std::sync::Arc;

use carewire_consent::ConsentStore;
use carewire_deid::{Entropy, TokenVault};
use carewire_sync_engine::{AuditLog, Clock, IdentityMap, Intake, JobQueue, QueueAdmin, RateLimits, Remote};

/// The stores, the remote, the clock and the randomness, each behind its trait. One SQLite store can be all stores.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Received messages.
    pub intake: Arc<dyn Intake>,
    /// Jobs, as workers see them.
    pub queue: Arc<dyn JobQueue>,
    /// Jobs, as operators see them.
    pub admin: Arc<dyn QueueAdmin>,
    /// What all processes of a store may ask of the remote, and when: that of the queue.
    pub limits: Arc<dyn RateLimits>,
    /// Which local resource is which remote one.
    pub identities: Arc<dyn IdentityMap>,
    /// The audit trail.
    pub audit: Arc<dyn AuditLog>,
    /// Consents.
    pub consents: Arc<dyn ConsentStore>,
    /// Patient tokens and sealed originals.
    pub vault: Arc<dyn TokenVault>,
    /// Where data goes.
    pub remote: Arc<dyn Remote>,
    /// Time and jitter.
    pub clock: Arc<dyn Clock>,
    /// Nonces, tokens and ids.
    pub entropy: Arc<dyn Entropy>,
}
