//! The queue traits over the table of jobs.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use crate::{
    ClaimOptions, ClaimedJob, Failure, JobFilter, JobId, JobQueue, JobView, Lease, NewJob, QueueAdmin,
    QueueStats, Result, Settled,
};

#[async_trait]
impl JobQueue for MemoryStore {
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<JobId>> {
        Ok(self.state().jobs.insert(jobs))
    }

    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        Ok(self.state().jobs.claim(options))
    }

    async fn heartbeat(&self, leases: &[Lease], until: DateTime<Utc>) -> Result<Vec<bool>> {
        let jobs = &mut self.state().jobs;
        Ok(leases.iter().map(|lease| jobs.heartbeat(lease, until)).collect())
    }

    async fn complete(&self, leases: &[Lease], now: DateTime<Utc>) -> Result<Vec<Settled>> {
        let jobs = &mut self.state().jobs;
        Ok(leases.iter().map(|lease| jobs.complete(lease, now)).collect())
    }

    async fn fail(&self, lease: &Lease, failure: &Failure, now: DateTime<Utc>) -> Result<Settled> {
        Ok(self.state().jobs.fail(lease, failure, now))
    }

    async fn hold(&self, lease: &Lease, hold_key: &str, code: &str, now: DateTime<Utc>) -> Result<Settled> {
        Ok(self.state().jobs.hold(lease, hold_key, code, now))
    }

    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>> {
        Ok(self.state().jobs.next_due(queue))
    }
}

#[async_trait]
impl QueueAdmin for MemoryStore {
    async fn stats(&self, org: &OrgId, now: DateTime<Utc>) -> Result<QueueStats> {
        Ok(self.state().jobs.stats(org, now))
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

    async fn set_paused(&self, org: &OrgId, queue: &str, paused: bool) -> Result<()> {
        self.state().jobs.set_paused(org, queue, paused);
        Ok(())
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
