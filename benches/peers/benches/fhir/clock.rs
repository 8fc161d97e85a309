//! Processor time of this thread, which other programs on the machine do not disturb much.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

const ROUNDS: usize = 8;
const ROUND: Duration = Duration::from_millis(40);

/// The time that this thread has worked.
pub(crate) fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or(0))
}

/// The seconds of one call: the best round of several.
pub(crate) fn seconds<T>(mut call: impl FnMut() -> T) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let (start, mut calls) = (worked(), 0_u32);
        while worked() - start < ROUND {
            for _ in 0..8 {
                black_box(call());
            }
            calls += 8;
        }
        best = best.min((worked() - start).as_secs_f64() / f64::from(calls));
    }
    best
}
