//! When to try again: pure, jitter and time are arguments.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::AfterFailure;

/// The spread of a wait that somebody asked for is never narrower than this.
const LEAST_SPREAD: Duration = Duration::from_millis(450);

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureClass {
    /// It will fail again: to the dead letter.
    Permanent,
    /// It may succeed later; the attempt counts.
    Transient {
        /// The remote asked to wait at least this long.
        wait: Option<Duration>,
    },
    /// It may succeed later and says nothing about the job: a breaker, a quota, two transactions that met.
    Uncounted {
        /// Wait at least this long.
        wait: Option<Duration>,
    },
}

/// Exponential backoff with a cap and jitter: 3 attempts, 1 s, 2 s, 4 s, …, at most 10 s, each ±25 %.
///
/// ```
/// use carewire_sync_engine::RetryPolicy;
/// let policy = RetryPolicy::default();
/// for (attempt, seconds) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 10.0), (60, 10.0)] {
///     let delay = policy.delay(attempt, 0xdead_beef).as_secs_f64();
///     assert!((seconds * 0.75..=seconds * 1.25).contains(&delay));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Counted attempts before the dead letter; for [`crate::NewJob::max_attempts`].
    pub max_attempts: u32,
    /// The delay after the first attempt; it doubles with each further one.
    pub first: Duration,
    /// No delay grows beyond this, jitter aside.
    pub cap: Duration,
    /// By how many percent a delay is shortened or lengthened at most.
    pub jitter_percent: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            first: Duration::from_secs(1),
            cap: Duration::from_secs(10),
            jitter_percent: 25,
        }
    }
}

impl RetryPolicy {
    /// The same policy with another number of attempts.
    #[must_use]
    pub fn with_max_attempts(self, max_attempts: u32) -> Self {
        Self { max_attempts, ..self }
    }

    /// The same policy with another first delay.
    #[must_use]
    pub fn with_first(self, first: Duration) -> Self {
        Self { first, ..self }
    }

    /// The same policy with another cap.
    #[must_use]
    pub fn with_cap(self, cap: Duration) -> Self {
        Self { cap, ..self }
    }

    /// How long to wait after the given attempt (from 1). `jitter` is any number; equal numbers give equal delays.
    #[must_use]
    pub fn delay(&self, attempt: u32, jitter: u64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let delay = self.first.saturating_mul(1 << doublings).min(self.cap);
        let percent = self.jitter_percent.min(100);
        let shortest = delay.saturating_mul(100 - percent) / 100;
        let longest = delay.saturating_mul(100 + percent) / 100;
        between(shortest, longest, jitter)
    }

    /// What happens to a job whose `attempt` failed at `now`.
    #[must_use]
    pub fn after(&self, class: FailureClass, attempt: u32, now: DateTime<Utc>, jitter: u64) -> AfterFailure {
        let (delay, counts) = match class {
            FailureClass::Permanent => return AfterFailure::Dead,
            FailureClass::Transient { wait } => {
                let asked = wait.map_or(Duration::ZERO, |wait| spread(wait, jitter));
                (self.delay(attempt, jitter).max(asked), true)
            }
            FailureClass::Uncounted { wait: Some(wait) } => (spread(wait, jitter), false),
            FailureClass::Uncounted { wait: None } => (self.delay(1, jitter), false),
        };
        AfterFailure::Retry { at: now + delay, counts }
    }
}

/// Not before the wait that was asked for, and not all at once after it.
fn spread(wait: Duration, jitter: u64) -> Duration {
    between(wait, wait.saturating_add(LEAST_SPREAD.max(wait / 4)), jitter)
}

fn between(shortest: Duration, longest: Duration, jitter: u64) -> Duration {
    const STEPS: u32 = 1000;
    let step = u32::try_from(jitter % u64::from(STEPS + 1)).unwrap_or(STEPS);
    shortest.saturating_add(longest.saturating_sub(shortest) / STEPS * step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Refusal;

    fn now() -> DateTime<Utc> {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn waits(class: FailureClass, attempt: u32, jitter: u64) -> (Duration, bool) {
        match RetryPolicy::default().after(class, attempt, now(), jitter) {
            AfterFailure::Retry { at, counts } => ((at - now()).to_std().unwrap(), counts),
            AfterFailure::Dead => panic!("not dead"),
        }
    }

    #[test]
    fn jitter_reaches_both_ends() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.delay(2, 0), Duration::from_millis(1500));
        assert_eq!(policy.delay(2, 1000), Duration::from_millis(2500));
    }

    #[test]
    fn a_permanent_failure_is_dead() {
        let after = RetryPolicy::default().after(FailureClass::Permanent, 1, now(), 0);
        assert_eq!(after, AfterFailure::Dead);
    }

    #[test]
    fn a_wait_that_was_asked_for_is_kept() {
        let wait = Some(Duration::from_secs(59));
        assert!(waits(FailureClass::Transient { wait }, 1, 7).0 >= Duration::from_secs(59));
        let (delay, counts) = waits(FailureClass::Uncounted { wait }, 1, 1000);
        assert!(delay > Duration::from_secs(70) && !counts, "spread by a quarter");
    }

    #[test]
    fn transactions_that_met_wait_between_50_and_500_ms() {
        let class = Refusal::transient(Refusal::SERIALIZATION).class();
        assert_eq!(waits(class, 3, 0), (Duration::from_millis(50), false));
        assert_eq!(waits(class, 3, 1000), (Duration::from_millis(500), false));
    }

    proptest! {
        #[test]
        fn no_delay_is_zero_or_beyond_the_jittered_cap(attempt in 0..u32::MAX, jitter: u64) {
            let delay = RetryPolicy::default().delay(attempt, jitter);
            prop_assert!((Duration::from_millis(750)..=Duration::from_millis(12_500)).contains(&delay));
        }
    }
}
