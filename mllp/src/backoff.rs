//! How long to wait before another try.

use std::time::Duration;

/// Pauses that grow with every failure in a row: `first`, then `factor` times as long each, at most `most`. Jitter takes a
/// part off, so that senders that lost the same server do not come back in step.
///
/// It reads no clock and makes no randomness.
///
/// ```
/// use std::time::Duration;
/// use carewire_mllp::Backoff;
///
/// let backoff = Backoff { first: Duration::from_secs(1), most: Duration::from_secs(60), factor: 2.0, jitter: 0.5 };
/// assert_eq!(backoff.delay(1, 0.0), Duration::from_secs(1));
/// assert_eq!(backoff.delay(4, 0.0), Duration::from_secs(8));
/// assert_eq!(backoff.delay(4, 0.5), Duration::from_secs(6));
/// assert_eq!(backoff.delay(400, 0.0), Duration::from_secs(60));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// The pause after the first failure (1 second).
    pub first: Duration,
    /// The longest pause (1 minute).
    pub most: Duration,
    /// How much longer each pause is than the one before (2). Less than 1 counts as 1.
    pub factor: f64,
    /// The part of a pause, from 0 to 1, that randomness can take off (0.5).
    pub jitter: f64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), most: Duration::from_secs(60), factor: 2.0, jitter: 0.5 }
    }
}

impl Backoff {
    /// The pause after so many failures in a row, from 1; none after 0. `random` is from 0 to 1 and takes that part of the
    /// jitter off.
    #[must_use]
    pub fn delay(&self, failures: u32, random: f64) -> Duration {
        let Some(steps) = failures.checked_sub(1) else { return Duration::ZERO };
        // Where the power overflows, `most` is reached long since.
        let steps = i32::try_from(steps).unwrap_or(i32::MAX);
        let seconds = self.first.as_secs_f64() * self.factor.max(1.0).powi(steps);
        let seconds =
            if seconds.is_finite() { seconds.min(self.most.as_secs_f64()) } else { self.most.as_secs_f64() };
        let kept = 1.0 - part(self.jitter) * part(random);
        Duration::try_from_secs_f64(seconds * kept).unwrap_or(self.most).min(self.most)
    }
}

/// The number, or the nearest one from 0 to 1; 0 where it is none.
fn part(number: f64) -> f64 {
    if number.is_nan() { 0.0 } else { number.clamp(0.0, 1.0) }
}

#[cfg(test)]
#[path = "backoff_tests.rs"]
mod tests;
