//! Medians of batches, so that a busy machine disturbs little.

use std::hint::black_box;
use std::time::{Duration, Instant};

const BATCHES: usize = 201;

/// The time of one decision, of batches of so many.
#[expect(clippy::unwrap_used, reason = "there are batches")]
pub(crate) fn median(decisions: u32, mut permits: impl FnMut() -> bool) -> Duration {
    let mut batches: Vec<Duration> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..decisions {
                assert!(black_box(permits()));
            }
            start.elapsed() / decisions
        })
        .collect();
    batches.sort();
    batches.get(BATCHES / 2).copied().unwrap()
}
