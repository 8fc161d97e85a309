//! What every engine is given to do: nothing, and to say that it was done.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

/// A job of about 200 bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// Its number, from 0.
    pub(crate) number: u64,
    /// When it was handed over: nanoseconds since the process began.
    pub(crate) at: u64,
    /// References, as the jobs of a gateway carry them.
    pub(crate) refs: String,
}

impl Payload {
    pub(crate) fn new(number: u64, at: u64) -> Self {
        let refs = format!("message/{number:032x} correlation/{number:032x} patient/{:064x}", number % 1000);
        Self { number, at, refs }
    }
}

/// Counts jobs and tells when enough have begun.
#[derive(Debug)]
pub(crate) struct Handler {
    begun: Instant,
    target: u64,
    from: u64,
    stalls: bool,
    timed: bool,
    count: AtomicU64,
    reached: Notify,
    is_reached: AtomicBool,
    waits: Mutex<Vec<u64>>,
}

impl Handler {
    /// Does nothing, `target` times.
    pub(crate) fn new(begun: Instant, target: u64) -> Self {
        Self {
            begun,
            target,
            from: 0,
            stalls: false,
            timed: false,
            count: AtomicU64::new(0),
            reached: Notify::new(),
            is_reached: AtomicBool::new(false),
            waits: Mutex::new(Vec::new()),
        }
    }

    /// Never ends what it began.
    pub(crate) fn stalling(self) -> Self {
        Self { stalls: true, ..self }
    }

    /// Keeps how long each job waited.
    pub(crate) fn timed(self) -> Self {
        Self { timed: true, ..self }
    }

    /// Counts and times only jobs from that number on.
    pub(crate) fn from(self, number: u64) -> Self {
        Self { from: number, ..self }
    }

    /// Handles a job.
    pub(crate) async fn run(&self, job: &Payload) {
        if job.number < self.from {
            return;
        }
        if self.timed {
            let now = u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
            let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
            waits.push(now.saturating_sub(job.at));
        }
        if self.count.fetch_add(1, Ordering::Relaxed) + 1 >= self.target {
            self.is_reached.store(true, Ordering::Release);
            self.reached.notify_waiters();
        }
        if self.stalls {
            std::future::pending::<()>().await;
        }
    }

    /// Returns when the target is reached.
    pub(crate) async fn done(&self) {
        loop {
            let reached = self.reached.notified();
            if self.is_reached.load(Ordering::Acquire) {
                return;
            }
            reached.await;
        }
    }

    /// How many jobs have begun.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Nanoseconds from the enqueue to the start, for each job.
    pub(crate) fn waits(&self) -> Vec<u64> {
        std::mem::take(&mut *self.waits.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
