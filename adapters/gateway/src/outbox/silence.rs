//! While a receiver is away its messages wait without trying.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use carewire_sync_engine::{JobOutcome, RetryPolicy};
use chrono::{DateTime, Utc};

/// How long a receiver has not answered. Forgotten with the process: the next one tries at once.
#[derive(Debug, Default)]
pub(super) struct Silence {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    until: Option<DateTime<Utc>>,
}

impl Silence {
    /// What a job must do instead of trying, if so.
    pub(super) fn blocks(&self, now: DateTime<Utc>) -> Option<JobOutcome> {
        let until = self.state().until.filter(|until| now < *until)?;
        let wait = (until - now).to_std().ok();
        Some(JobOutcome::Retry { code: "receiver-away".into(), counts: false, wait })
    }

    /// The receiver said something.
    pub(super) fn ended(&self) {
        *self.state() = State::default();
    }

    /// An attempt had no answer; how long to wait before the next.
    pub(super) fn goes_on(&self, pauses: RetryPolicy, now: DateTime<Utc>, jitter: u64) -> Duration {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        let pause = pauses.delay(state.failures, jitter);
        state.until = Some(now + pause);
        pause
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_up_to_their_limit_and_end_with_an_answer() {
        let silence = Silence::default();
        let pauses = RetryPolicy::default().with_cap(Duration::from_secs(60));
        let now = DateTime::<Utc>::UNIX_EPOCH;
        assert_eq!(silence.blocks(now), None);
        // Halfway between the shortest and the longest: no jitter.
        let waited: Vec<u64> = (0..9).map(|_| silence.goes_on(pauses, now, 500).as_secs()).collect();
        assert_eq!(waited, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert!(silence.blocks(now + chrono::TimeDelta::seconds(59)).is_some());
        assert_eq!(silence.blocks(now + chrono::TimeDelta::seconds(60)), None, "the next one tries");
        silence.ended();
        assert_eq!(silence.blocks(now), None);
        assert_eq!(silence.goes_on(pauses, now, 500).as_secs(), 1);
    }
}
