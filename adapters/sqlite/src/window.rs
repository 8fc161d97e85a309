//! How long the writer waits for company before it commits.

use std::time::Duration;

/// However slow the disk is, no group waits longer than this for one more operation.
const LONGEST: Duration = Duration::from_millis(2);

/// What the last commit says about the next one.
///
/// Callers that send their next operation as soon as the last one is answered form a closed loop. Without a wait
/// they split into parts that take turns, and every commit serves one part. So the writer expects those that it has
/// just answered to come back, beside those that queued meanwhile, and keeps the group open for them: a fraction of a
/// commit's time after each arrival, and never longer than one commit takes. With one caller there is nobody to wait
/// for, and no wait.
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

    /// Whether a group of `gathered` operations that has been open so long waits on after so long a silence.
    pub(crate) fn is_open(&self, gathered: usize, silence: Duration, open: Duration) -> bool {
        gathered < self.expected && silence < (self.last_commit / 4).min(LONGEST) && open < self.last_commit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: Duration = Duration::from_millis(4);
    const NONE: Duration = Duration::ZERO;

    #[test]
    fn a_single_caller_never_waits() {
        let mut window = Window::default();
        assert!(!window.is_open(1, NONE, NONE));
        window.committed(COMMIT, 1, 0);
        assert!(!window.is_open(1, NONE, NONE));
    }

    #[test]
    fn parts_that_take_turns_wait_for_each_other() {
        let mut window = Window::default();
        window.committed(COMMIT, 10, 10);
        assert!(window.is_open(10, NONE, NONE));
        assert!(window.is_open(19, NONE, NONE));
        assert!(!window.is_open(20, NONE, NONE), "everybody is here");
        window.committed(COMMIT, 20, 0);
        assert!(!window.is_open(20, NONE, NONE), "and stays expected");
    }

    #[test]
    fn silence_closes_the_window_and_so_does_time() {
        let mut window = Window::default();
        window.committed(COMMIT, 5, 0);
        assert!(window.is_open(1, COMMIT / 5, COMMIT / 2));
        assert!(!window.is_open(1, COMMIT / 4, COMMIT / 2));
        assert!(!window.is_open(1, NONE, COMMIT));
        window.committed(Duration::from_secs(1), 5, 0);
        assert!(!window.is_open(1, LONGEST, LONGEST), "a slow disk does not make it patient");
    }
}
