//! The clock of the machine.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use carewire_sync_engine::Clock;
use chrono::{DateTime, Utc};

/// The clock of the machine, and numbers of the standard library's hasher.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn jitter(&self) -> u64 {
        RandomState::new().build_hasher().finish()
    }
}
