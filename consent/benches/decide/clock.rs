//! Medians of short batches, so that a busy machine disturbs little.

use std::hint::black_box;
use std::time::{Duration, Instant};

const BATCHES: usize = 1_001;
/// Shorter than a turn of the scheduler: most batches are not interrupted, whatever a decision takes.
const BATCH: Duration = Duration::from_micros(200);

/// The time of one decision.
#[expect(clippy::unwrap_used, reason = "there are batches, and they are short")]
pub(crate) fn median(mut permits: impl FnMut() -> bool) -> Duration {
    let mut batch = |decisions: u32| {
        let start = Instant::now();
        for _ in 0..decisions {
            assert!(black_box(permits()));
        }
        start.elapsed() / decisions
    };
    let single = (0..100).map(|_| batch(1)).min().unwrap();
    let decisions = BATCH.as_nanos() / single.as_nanos().max(1);
    let decisions = u32::try_from(decisions).unwrap().max(1);
    let mut batches: Vec<Duration> = (0..BATCHES).map(|_| batch(decisions)).collect();
    batches.sort();
    batches.get(BATCHES / 2).copied().unwrap()
}
