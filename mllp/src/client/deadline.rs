//! Points in time that options give.

use std::time::Duration;

use tokio::time::Instant;

/// So much later than any caller waits.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// So long from now; an option may be longer than the clock is.
pub(super) fn from_now(limit: Duration) -> Instant {
    after(Instant::now(), limit)
}

/// So long after another point.
pub(super) fn after(since: Instant, limit: Duration) -> Instant {
    since.checked_add(limit).unwrap_or_else(|| since + FAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_beyond_the_clock_is_far_away() {
        let now = Instant::now();
        assert_eq!(after(now, Duration::from_secs(7)) - now, Duration::from_secs(7));
        assert_eq!(after(now, Duration::MAX) - now, FAR);
    }
}
