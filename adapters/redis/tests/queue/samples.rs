//! Jobs and claims of the tests.

use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_redis::RedisQueue;
use carewire_sync_engine::{ClaimOptions, ClaimedJob, JobQueue, Lease, NewJob};
use chrono::{DateTime, TimeDelta, Utc};

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

pub(crate) fn org() -> OrgId {
    OrgId::new("org_a").unwrap()
}

pub(crate) fn job() -> NewJob {
    NewJob::new(org(), "sync", "work", CorrelationId::new("c").unwrap(), at(0))
}

pub(crate) fn jobs(count: usize) -> Vec<NewJob> {
    vec![job(); count]
}

/// With a lease of 30 seconds.
pub(crate) async fn claim(queue: &RedisQueue, limit: usize, seconds: i64) -> Vec<ClaimedJob> {
    let lease = Duration::from_secs(30);
    queue.claim(&ClaimOptions { queue: "sync".into(), limit, lease, now: at(seconds) }).await.unwrap()
}

pub(crate) fn leases(claimed: &[ClaimedJob]) -> Vec<Lease> {
    claimed.iter().map(|job| job.lease.clone()).collect()
}
