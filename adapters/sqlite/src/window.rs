//! How long the syncer waits for company.

use std::time::Duration;

/// However slow the disk is, no group waits longer than this for one more operation.
const LONGEST: Duration = Duration::from_millis(2);

/// What the last sync says about the next one.
///
/// Callers that send their next operation as soon as the last one is answered form a closed loop. Without a wait
/// they split into parts that take turns, and every sync serves one part. So the syncer expects those that it has
/// just answered to come back, beside those that were committed meanwhile, and waits for them: a fraction of a sync's
/// time after each arrival, longer for those that are already with the writer, and never longer than one sync takes.
/// With one caller there is nobody to wait for, and no wait.
#[derive(Debug, Default)]
pub(crate) struct Window {
    last_sync: Duration,
    expected: usize,
}

impl Window {
    /// Notes a sync that took so long and served so many, while `committed` more arrived.
    pub(crate) fn synced(&mut self, took: Duration, served: usize, committed: usize) {
        self.last_sync = took;
        self.expected = served + committed;
    }

    /// How long a group of `gathered` operations that has been open so long waits for one more, while so many are
    /// `coming` from the writer.
    pub(crate) fn patience(&self, gathered: usize, coming: usize, open: Duration) -> Option<Duration> {
        let left = self.last_sync.saturating_sub(open);
        if left.is_zero() || (coming == 0 && gathered >= self.expected) {
            return None;
        }
        let longest = if coming > 0 { self.last_sync } else { self.last_sync / 4 };
        Some(longest.min(LONGEST).min(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYNC: Duration = Duration::from_millis(4);
    const NONE: Duration = Duration::ZERO;

    #[test]
    fn a_single_caller_never_waits() {
        let mut window = Window::default();
        assert_eq!(window.patience(1, 0, NONE), None);
        window.synced(SYNC, 1, 0);
        assert_eq!(window.patience(1, 0, NONE), None);
    }

    #[test]
    fn parts_that_take_turns_wait_for_each_other() {
        let mut window = Window::default();
        window.synced(SYNC, 10, 10);
        assert_eq!(window.patience(10, 0, NONE), Some(SYNC / 4));
        assert_eq!(window.patience(19, 0, NONE), Some(SYNC / 4));
        assert_eq!(window.patience(20, 0, NONE), None, "everybody is here");
        window.synced(SYNC, 20, 0);
        assert_eq!(window.patience(20, 0, NONE), None, "and stays expected");
    }

    #[test]
    fn who_is_with_the_writer_is_waited_for() {
        let mut window = Window::default();
        assert_eq!(window.patience(1, 1, NONE), None, "nobody knows how long");
        window.synced(SYNC, 2, 0);
        assert_eq!(window.patience(2, 1, NONE), Some(LONGEST));
        assert_eq!(window.patience(2, 1, SYNC - SYNC / 8), Some(SYNC / 8));
        assert_eq!(window.patience(2, 1, SYNC), None);
    }

    #[test]
    fn patience_ends_with_the_time_that_a_sync_takes() {
        let mut window = Window::default();
        window.synced(SYNC, 5, 0);
        assert_eq!(window.patience(1, 0, SYNC / 2), Some(SYNC / 4));
        assert_eq!(window.patience(1, 0, SYNC - SYNC / 8), Some(SYNC / 8));
        assert_eq!(window.patience(1, 0, SYNC), None);
        window.synced(Duration::from_secs(1), 5, 0);
        assert_eq!(window.patience(1, 0, NONE), Some(LONGEST), "a slow disk does not make it patient");
    }
}
