//! The queue. Functions of the schema do the work, each call in one statement; here they are called.

mod admin;
mod claim;
mod enqueue;
mod filter;
mod limits;
mod ring;
mod settle;
mod view;

use async_trait::async_trait;
use carewire_sync_engine::{
    Beat, ClaimOptions, ClaimedJob, Enqueued, JobQueue, NewJob, Result, Settled, Settlement,
};
use chrono::{DateTime, Utc};

use crate::error::Failure;
use crate::{PostgresStore, row};

pub use enqueue::enqueue_in;
pub(crate) use enqueue::insert;
pub(crate) use ring::Rings;

#[async_trait]
impl JobQueue for PostgresStore {
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<Enqueued>> {
        let enqueued = if jobs.iter().all(|job| job.unique.is_none()) {
            // It is a single statement, which is a transaction of its own.
            let mut connection = self.pool().acquire().await.map_err(Failure::from)?;
            insert(&mut connection, &jobs).await?
        } else {
            let mut transaction = self.begin().await?;
            let enqueued = insert(&mut transaction, &jobs).await?;
            transaction.commit().await.map_err(Failure::from)?;
            enqueued
        };
        self.announce(&jobs);
        Ok(enqueued)
    }

    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        Ok(claim::claim(self, options).await?)
    }

    async fn heartbeat(&self, beats: &[Beat], until: DateTime<Utc>) -> Result<Vec<bool>> {
        Ok(settle::heartbeat(self.pool(), beats, until).await?)
    }

    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<Vec<Settled>> {
        Ok(settle::settle(self.pool(), settlements, now).await?)
    }

    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>> {
        let due: Option<i64> = sqlx::query_scalar("SELECT carewire.job_next_due($1)")
            .bind(queue)
            .fetch_one(self.pool())
            .await
            .map_err(Failure::from)?;
        Ok(due.map(row::instant).transpose()?)
    }
}
