//! The queue traits over the table of jobs.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use crate::{
    Beat, ClaimOptions, ClaimedJob, Enqueued, JobFilter, JobQueue, JobView, NewJob, PauseScope, Progress,
    QueueAdmin, QueueStats, Result, Settled, Settlement, TakeOver,
};

#[async_trait]
impl JobQueue for MemoryStore {
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<Enqueued>> {
        self.state().jobs.enqueue(jobs)
    }

    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        let state = &mut *self.state();
        Ok(state.jobs.claim(options, &mut state.limits))
    }

    async fn heartbeat(&self, beats: &[Beat], until: DateTime<Utc>) -> Result<Vec<bool>> {
        Progress::check(beats)?;
        let jobs = &mut self.state().jobs;
        Ok(beats.iter().map(|beat| jobs.heartbeat(beat, until)).collect())
    }

    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<Vec<Settled>> {
        let jobs = &mut self.state().jobs;
        Ok(settlements.iter().map(|settlement| jobs.settle(settlement, now)).collect())
    }

    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>> {
        let state = self.state();
        Ok(state.jobs.next_due(queue, &state.limits))
    }
}

#[async_trait]
impl TakeOver for MemoryStore {
    async fn take_over(&self, source: &str, jobs: Vec<(String, NewJob)>) -> Result<Vec<Enqueued>> {
        self.state().jobs.take_over(source, jobs)
    }
}

#[async_trait]
impl QueueAdmin for MemoryStore {
    async fn stats(&self, org: &OrgId, queue: Option<&str>, now: DateTime<Utc>) -> Result<QueueStats> {
        Ok(self.state().jobs.stats(org, queue, now))
    }

    async fn list(&self, org: &OrgId, filter: &JobFilter, limit: usize) -> Result<Vec<JobView>> {
        Ok(self.state().jobs.list(org, filter, limit))
    }

    async fn redrive(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        Ok(self.state().jobs.redrive(org, filter, now))
    }

    async fn release(&self, org: &OrgId, hold_key: &str, now: DateTime<Utc>) -> Result<u64> {
        Ok(self.state().jobs.release(org, hold_key, now))
    }

    async fn cancel(&self, org: &OrgId, filter: &JobFilter, now: DateTime<Utc>) -> Result<u64> {
        Ok(self.state().jobs.cancel(org, filter, now))
    }

    async fn set_paused(&self, scope: &PauseScope, paused: bool) -> Result<()> {
        self.state().jobs.set_paused(scope, paused);
        Ok(())
    }

    async fn paused(&self, org: &OrgId) -> Result<Vec<PauseScope>> {
        Ok(self.state().jobs.paused(org))
    }

    async fn clean(
        &self,
        org: &OrgId,
        completed_before: DateTime<Utc>,
        failed_before: DateTime<Utc>,
    ) -> Result<u64> {
        Ok(self.state().jobs.clean(org, completed_before, failed_before))
    }
}
