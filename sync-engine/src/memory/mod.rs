//! All stores in memory: the reference implementation of the traits, for tests, for examples and for processes that
//! may forget.

mod audit;
mod deliveries;
mod identities;
mod jobs;
mod limits;
mod messages;
mod outbound;
mod queue;
mod schedules;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Implements [`Intake`](crate::Intake), [`Idempotency`](crate::Idempotency), [`Outbox`](crate::Outbox),
/// [`JobQueue`](crate::JobQueue), [`QueueAdmin`](crate::QueueAdmin), [`RateLimits`](crate::RateLimits),
/// [`Scheduler`](crate::Scheduler),
/// [`IdentityMap`](crate::IdentityMap) and [`AuditLog`](crate::AuditLog) in the memory of one process.
///
/// It keeps every promise of the traits but durability.
///
/// ```
/// use std::sync::Arc;
/// use carewire_sync_engine::{MemoryStore, Store};
/// let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
/// ```
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic elsewhere cannot leave the state half-changed: every change is made after its checks.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct State {
    messages: messages::Messages,
    deliveries: deliveries::Deliveries,
    outbound: outbound::Outbound,
    jobs: jobs::JobTable,
    limits: limits::Limits,
    schedules: schedules::Schedules,
    identities: identities::Identities,
    audit: audit::Trails,
}
