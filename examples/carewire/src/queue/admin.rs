//! The jobs on Redis together with those on their way there, as operators see them.

use std::sync::Arc;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_redis::RedisQueue;
use carewire_sync_engine::{JobFilter, JobId, JobView, PauseScope, QueueAdmin, QueueStats, Result, relay};
use chrono::{DateTime, Utc};

use crate::maintenance;

/// The ids on Redis begin at its clock in microseconds (this is September 2001), those of a store at 1.
const FIRST_ON_REDIS: JobId = JobId(1_000_000_000_000_000);

/// A job is asked for where its id or its queue says that it is. Where nothing says so, what is seen is what Redis has, and
/// what is counted, moved or removed is both.
#[derive(Debug)]
pub(super) struct BothQueues {
    pub(super) store: Arc<dyn QueueAdmin>,
    pub(super) redis: RedisQueue,
}

/// Where to look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Store,
    Redis,
    Both,
}

impl Place {
    fn of(filter: &JobFilter) -> Self {
        match (filter.id, filter.queue.as_deref()) {
            (Some(id), _) if id < FIRST_ON_REDIS => Self::Store,
            (Some(_), _) => Self::Redis,
            (None, queue) => Self::of_queue(queue),
        }
    }

    fn of_queue(queue: Option<&str>) -> Self {
        match queue {
            Some(relay::QUEUE | maintenance::QUEUE) => Self::Store,
            Some(_) => Self::Redis,
            None => Self::Both,
        }
    }
}

#[async_trait]
impl QueueAdmin for BothQueues {
    /// What was handed over is completed in the store, and is another job on Redis: it counts once.
    async fn stats(&self, org: &OrgId, queue: Option<&str>, now: DateTime<Utc>) -> Result<QueueStats> {
        match Place::of_queue(queue) {
            Place::Store => self.store.stats(org, queue, now).await,
            Place::Redis => self.redis.stats(org, queue, now).await,
            Place::Both => {
                let mut here = self.store.stats(org, None, now).await?;
                let handed_over = self.store.stats(org, Some(relay::QUEUE), now).await?.completed;
                here.completed = here.completed.saturating_sub(handed_over);
                Ok(here + self.redis.stats(org, None, now).await?)
            }
        }
    }

    async fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Result<Vec<JobView>> {
        match Place::of(filter) {
            Place::Store => self.store.list(org, filter, limit).await,
            Place::Redis | Place::Both => self.redis.list(org, filter, limit).await,
        }
    }

    async fn redrive(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        let mut count = 0;
        if Place::of(filter) != Place::Redis {
            count += self.store.redrive(org, filter, now).await?;
        }
        if Place::of(filter) != Place::Store {
            count += self.redis.redrive(org, filter, now).await?;
        }
        Ok(count)
    }

    async fn release(&self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> Result<u64> {
        self.redis.release(org, hold_key, now).await
    }

    /// First in the store: what is on its way is on Redis afterwards.
    async fn cancel(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        let mut count = 0;
        if Place::of(filter) != Place::Redis {
            count += self.store.cancel(org, filter, now).await?;
        }
        if Place::of(filter) != Place::Store {
            count += self.redis.cancel(org, filter, now).await?;
        }
        Ok(count)
    }

    /// Jobs are taken to Redis although they are paused, and wait there.
    async fn set_paused(&self, scope: &PauseScope, paused: bool) -> Result<()> {
        match Place::of_queue(scope.queue.as_deref()) {
            Place::Store => self.store.set_paused(scope, paused).await,
            Place::Redis | Place::Both => self.redis.set_paused(scope, paused).await,
        }
    }

    async fn paused(&self, org: &OrgId) -> Result<Vec<PauseScope>> {
        let mut scopes = self.store.paused(org).await?;
        scopes.extend(self.redis.paused(org).await?);
        scopes.sort_unstable();
        Ok(scopes)
    }

    async fn clean(
        &self,
        org: &OrgId,
        completed_before: DateTime<Utc>,
        failed_before: DateTime<Utc>,
    ) -> Result<u64> {
        let here = self.store.clean(org, completed_before, failed_before).await?;
        Ok(here + self.redis.clean(org, completed_before, failed_before).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_or_a_queue_says_where_a_job_is() {
        let queue = |name: &str| JobFilter { queue: Some(name.into()), ..JobFilter::default() };
        assert!(Place::of(&JobFilter::one(JobId(7))) == Place::Store);
        assert!(Place::of(&JobFilter::one(JobId(Utc::now().timestamp_micros()))) == Place::Redis);
        assert!(Place::of(&queue("relay")) == Place::Store && Place::of(&queue("sync")) == Place::Redis);
        assert!(Place::of(&JobFilter::default()) == Place::Both);
    }
}
