//! How long the writer waits for company before it commits.

use std::time::Duration;

/// No group waits longer than this, however slow the disk is.
const LONGEST: Duration = Duration::from_millis(2);

/// What the last commit says about the next one.
///
/// Callers that send their next operation as soon as the last one is answered form a closed loop. Without a wait
/// they split into two halves that take turns, and every commit serves half of them. So the writer expects those that
/// it has just answered to come back, beside those that queued meanwhile, and gives them a fraction of a commit's
/// time. With one caller there is nobody to wait for, and no wait.
#[derive(Debug, Default)]
pub(crate) struct Window {
    last_commit: Duration,
    expected: usize,
}

impl Window {
    /// Notes a commit that took so long and served so many, while `queued` more arrived.
    pub(crate) fn committed(&mut self, took: Duration, served: usize, queued: usize) {
        self.last_commit = took;
        self.expected = served + queued;
    }

    /// How long a group of `gathered` operations may wait for the next one.
    pub(crate) fn patience(&self, gathered: usize) -> Duration {
        if gathered < self.expected { (self.last_commit / 4).min(LONGEST) } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: Duration = Duration::from_millis(4);

    #[test]
    fn a_single_caller_never_waits() {
        let mut window = Window::default();
        assert_eq!(window.patience(1), Duration::ZERO);
        window.committed(COMMIT, 1, 0);
        assert_eq!(window.patience(1), Duration::ZERO);
    }

    #[test]
    fn halves_that_take_turns_wait_for_each_other() {
        let mut window = Window::default();
        window.committed(COMMIT, 10, 10);
        assert_eq!(window.patience(10), COMMIT / 4);
        assert_eq!(window.patience(19), COMMIT / 4);
        assert_eq!(window.patience(20), Duration::ZERO, "everybody is here");
        window.committed(COMMIT, 20, 0);
        assert_eq!(window.patience(20), Duration::ZERO, "and stays expected");
    }

    #[test]
    fn patience_ends_where_it_would_hurt() {
        let mut window = Window::default();
        window.committed(Duration::from_secs(1), 5, 0);
        assert_eq!(window.patience(1), LONGEST);
    }
}
