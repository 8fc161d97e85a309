use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The moment until which a throttled remote is left alone: a request that comes too early still costs quota.
#[derive(Debug, Default)]
pub(crate) struct Pause(Mutex<Option<Instant>>);

impl Pause {
    /// How long it still lasts; `None` when requests may be sent.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        let until = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let remaining = until.saturating_duration_since(Instant::now());
        (!remaining.is_zero()).then_some(remaining)
    }

    /// Lasts at least so long from now.
    pub(crate) fn extend(&self, wait: Duration) {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(new) = Instant::now().checked_add(wait) else { return };
        if until.is_none_or(|until| until < new) {
            *until = Some(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_longest_wait_counts() {
        let pause = Pause::default();
        assert_eq!(pause.remaining(), None);
        pause.extend(Duration::from_secs(5));
        pause.extend(Duration::from_secs(2));
        assert_eq!(pause.remaining(), Some(Duration::from_secs(5)));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(pause.remaining(), None);
    }
}
