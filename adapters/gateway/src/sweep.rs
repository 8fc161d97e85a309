//! Messages whose job ended in the dead letter without a handler to say so.
//!
//! A worker that dies with a job, again and again, loses its lease; the queue ends such a job inside `claim`. A handler
//! that panics on its last attempt says nothing either. Both leave a message that looks as if it were still on its way.

use std::convert::Infallible;
use std::time::Duration;

use carewire_sync_engine::{JobFilter, JobId, JobState, JobView, MessageId, MessageState};

use crate::counters::Step;
use crate::{QUEUE, Result, Shared};

/// How often to look.
const EVERY: Duration = Duration::from_secs(30);
/// Jobs in one look at the store.
const PAGE: usize = 200;
/// The reasons of jobs that ended without their handler.
const UNTOLD: [&str; 2] = ["lease-expired", "handler-panicked"];

impl Shared {
    /// Sweeps now and then, for ever.
    pub(crate) async fn sweep_for_ever(&self) -> Infallible {
        loop {
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "dead letter not swept");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Settles the messages of jobs that ended untold; answers how many.
    pub(crate) async fn sweep(&self) -> Result<u64> {
        let mut settled = 0;
        for reason in UNTOLD {
            let mut after = None;
            loop {
                let jobs = self.ended(reason, after).await?;
                for job in &jobs {
                    settled += u64::from(self.bury(job).await?);
                }
                match jobs.last() {
                    Some(last) if jobs.len() == PAGE => after = Some(last.id),
                    _ => break,
                }
            }
        }
        Ok(settled)
    }

    async fn ended(&self, reason: &str, after: Option<JobId>) -> Result<Vec<JobView>> {
        let filter = JobFilter {
            queue: Some(QUEUE.into()),
            state: Some(JobState::Failed),
            reason: Some(reason.into()),
            after,
            ..JobFilter::default()
        };
        Ok(self.parts.admin.list(&self.org, &filter, PAGE).await?)
    }

    /// Settles the message of a dead job, once; answers whether it had to.
    async fn bury(&self, job: &JobView) -> Result<bool> {
        let Some(id) = job.refs.get("message").map(|id| MessageId::new(id.as_str())) else {
            return Ok(false);
        };
        let stored = self.parts.intake.load(&self.org, &id).await?;
        let Some(stored) = stored.filter(|stored| stored.state == MessageState::Received) else {
            return Ok(false);
        };
        if !self.is_still_dead(job).await? {
            return Ok(false);
        }
        self.parts.intake.settle(&self.org, std::slice::from_ref(&id), MessageState::Dead).await?;
        self.counters.add(Step::Dead, 1);
        tracing::error!(correlation = %stored.correlation, job = %job.id, "message is dead: no attempt ended");
        Ok(true)
    }

    /// An operator may have sent the job round again while the sweep was looking.
    async fn is_still_dead(&self, job: &JobView) -> Result<bool> {
        let filter = JobFilter { id: Some(job.id), state: Some(JobState::Failed), ..JobFilter::default() };
        Ok(!self.parts.admin.list(&self.org, &filter, 1).await?.is_empty())
    }
}
