//! How much all connections together may hold of large messages.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{ServerOptions, Stats, wire::READ_SIZE};

/// What each connection may hold without asking: a frame that is no longer than one read needs no more, since room doubles.
pub(super) const FREE: usize = 4 * READ_SIZE;

/// The unit in which memory is given out: a semaphore counts no further than 32 bits at once.
const UNIT: usize = 1024;

/// Memory for the large messages of all connections.
///
/// If messages that have come in half could wait for each other's memory, all would wait until they time out. So one longest
/// payload is set aside for one connection at a time: whoever has it can finish, and sets others free.
pub(super) struct Budget {
    shared: Arc<Semaphore>,
    spare: Arc<Semaphore>,
    stats: Arc<Stats>,
}

impl Budget {
    pub(super) fn new(options: &ServerOptions, stats: Arc<Stats>) -> Self {
        let shared = options.max_buffered.saturating_sub(options.max_frame) / UNIT;
        Self {
            shared: Arc::new(Semaphore::new(shared.min(Semaphore::MAX_PERMITS))),
            spare: Arc::new(Semaphore::new(1)),
            stats,
        }
    }
}

/// What one connection has of the budget.
pub(super) struct Share {
    budget: Arc<Budget>,
    units: usize,
    held: Option<OwnedSemaphorePermit>,
    spare: Option<OwnedSemaphorePermit>,
}

impl Share {
    pub(super) fn new(budget: Arc<Budget>) -> Self {
        Self { budget, units: 0, held: None, spare: None }
    }

    /// Whether it may hold so many bytes as it is.
    pub(super) fn covers(&self, bytes: usize) -> bool {
        units_for(bytes) <= self.units
    }

    /// Waits until it may hold so many bytes.
    pub(super) async fn grow(&mut self, bytes: usize) {
        let more = units_for(bytes).saturating_sub(self.units);
        if self.spare.is_none() {
            let permits = u32::try_from(more).unwrap_or(u32::MAX);
            tokio::select! {
                biased;
                Ok(permit) = Arc::clone(&self.budget.shared).acquire_many_owned(permits) => self.hold(permit),
                Ok(permit) = Arc::clone(&self.budget.spare).acquire_owned() => self.spare = Some(permit),
                // Nobody closes the semaphores.
                else => {}
            }
        }
        self.units += more;
        self.budget.stats.count_buffered(more * UNIT);
    }

    /// Gives everything back.
    pub(super) fn release(&mut self) {
        if self.units == 0 {
            return;
        }
        (self.held, self.spare) = (None, None);
        self.budget.stats.count_unbuffered(self.units * UNIT);
        self.units = 0;
    }

    fn hold(&mut self, permit: OwnedSemaphorePermit) {
        match &mut self.held {
            Some(held) => held.merge(permit),
            None => self.held = Some(permit),
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.release();
    }
}

fn units_for(bytes: usize) -> usize {
    bytes.saturating_sub(FREE).div_ceil(UNIT)
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
