//! Enqueues jobs until it is told to stop, again and again while it does not know whether they were stored.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use carewire_canary::Rng;
use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{BlindKey, NewJob, Priority, Unique};
use chrono::Utc;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::Queue;
use crate::worker::{EFFECT, QUEUE};

/// Jobs of so many keys.
const KEYS: u64 = 17;
/// An answer that takes longer will not come.
const PATIENCE: Duration = Duration::from_secs(3);

/// The keys of a job, known from what it is about: none, one, or the two of a merge.
pub(crate) fn keys_of(effect: u64) -> Vec<u64> {
    match effect % 10 {
        0 | 1 => vec![],
        2 => vec![effect % KEYS, (effect / 10) % KEYS],
        _ => vec![effect % KEYS],
    }
}

fn job(effect: u64, rng: &mut Rng) -> Option<NewJob> {
    let orgs = ["org_a", "org_b", "org_c"];
    let key = |key: u64| BlindKey([u8::try_from(key).unwrap_or_default(); 32]);
    let org = OrgId::new(orgs.get(usize::try_from(effect % 3).ok()?)?).ok()?;
    let correlation = CorrelationId::new(&format!("effect-{effect}")).ok()?;
    Some(NewJob {
        ordering_keys: keys_of(effect).into_iter().map(key).collect(),
        refs: BTreeMap::from([(EFFECT.to_owned(), effect.to_string())]),
        priority: Priority::new(1 + u8::try_from(rng.below(5)).ok()?)?,
        // Kills count as attempts, and every job must get through.
        max_attempts: u32::MAX,
        unique: Some(Unique::skip(effect.to_string())),
        ..NewJob::new(org, QUEUE, "effect", correlation, Utc::now())
    })
}

/// Answers how many effects were acknowledged as enqueued: 1 to that number.
pub(crate) async fn run(queue: Arc<dyn Queue>, seed: u64, mut stopped: watch::Receiver<bool>) -> u64 {
    let mut rng = Rng::new(seed);
    let mut acknowledged = 0;
    while !*stopped.borrow_and_update() {
        let first = acknowledged + 1;
        let last = acknowledged + 1 + rng.below(8);
        let jobs: Vec<NewJob> = (first..=last).filter_map(|effect| job(effect, &mut rng)).collect();
        // Whether a call that failed had stored them is unknown: the same again, under the same unique keys.
        while !matches!(timeout(PATIENCE, queue.enqueue(jobs.clone())).await, Ok(Ok(_))) {
            sleep(Duration::from_millis(50)).await;
        }
        acknowledged = last;
        sleep(Duration::from_millis(rng.below(20))).await;
    }
    acknowledged
}
