//! Decisions in memory.

use std::collections::{HashMap, VecDeque};

use async_trait::async_trait;

use super::{CachedDecision, DecisionCache, DecisionKey};
use crate::sync::{Mutex, MutexGuard, PoisonError};

/// A [`DecisionCache`] of bounded size: when it is full, the oldest decision goes.
pub struct MemoryDecisionCache {
    capacity: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    decisions: HashMap<DecisionKey, CachedDecision>,
    /// Each key once, the oldest first.
    order: VecDeque<DecisionKey>,
}

impl MemoryDecisionCache {
    /// For at most `capacity` decisions.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, kept: Mutex::default() }
    }

    /// How many decisions it keeps now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().decisions.len()
    }

    /// Whether it keeps none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A panic leaves at most a key without its decision, or the other way round: neither is another's decision.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for MemoryDecisionCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryDecisionCache")
            .field("capacity", &self.capacity)
            .field("len", &self.len())
            .finish()
    }
}

#[async_trait]
impl DecisionCache for MemoryDecisionCache {
    async fn get(&self, key: &DecisionKey) -> Option<CachedDecision> {
        self.lock().decisions.get(key).cloned()
    }

    async fn put(&self, key: DecisionKey, decision: CachedDecision) {
        if self.capacity == 0 {
            return;
        }
        let mut kept = self.lock();
        if kept.decisions.insert(key.clone(), decision).is_none() {
            kept.order.push_back(key);
        }
        while kept.order.len() > self.capacity {
            let Some(oldest) = kept.order.pop_front() else { break };
            kept.decisions.remove(&oldest);
        }
    }
}
