//! Where claims stopped, so that the next one need not read past what they left behind in the indexes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A lane (org, remote, priority) of a queue.
pub(super) type Lane = (String, String, i16);

/// The first job that a claim found in a lane: when it is due, and its id.
pub(super) type Place = (i64, i64);

/// A claim without a view is made after twenty times the time that it takes, but not more often than this.
const REST: [Duration; 2] = [Duration::from_millis(20), Duration::from_secs(1)];

/// What a claim that took all it asked for knows about the queue. It is a hint: what comes in before the places is found by the
/// next claim without a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    pub(super) lanes: BTreeMap<Lane, Place>,
    /// The instant of the last claim, in microseconds: leases and delays that ended before were seen.
    pub(super) since: i64,
    taken: Instant,
    rest: Duration,
}

impl View {
    /// What a claim without a view saw, which began at an instant of the process's clock and has just ended.
    pub(super) fn new(lanes: BTreeMap<Lane, Place>, since: i64, began: Instant) -> Self {
        let [least, most] = REST;
        Self { lanes, since, taken: Instant::now(), rest: (began.elapsed() * 20).clamp(least, most) }
    }

    /// The same after a claim with it, which found jobs at these places.
    pub(super) fn moved(mut self, lanes: BTreeMap<Lane, Place>, since: i64) -> Self {
        self.lanes.extend(lanes);
        self.since = since;
        self
    }

    /// Whether it is still to be believed.
    pub(super) fn is_fresh(&self) -> bool {
        self.taken.elapsed() < self.rest
    }
}
