//! What operators do with a destination.

use std::collections::BTreeMap;

use carewire_fhir_core::CorrelationId;
use carewire_sync_engine::{AuditAction, AuditRecord, JobFilter, JobId, JobState, JobView, PauseScope};

use super::MllpOutbox;
use crate::Result;

impl MllpOutbox {
    /// The jobs of a destination that are in the dead letter, oldest first, at most `limit`. A rejected one has the reason
    /// `nak-AE`, `nak-AR`, `nak-CE` or `nak-CR`.
    ///
    /// # Errors
    /// [`Error::UnknownDestination`](crate::Error::UnknownDestination), or a store's failure.
    pub async fn dead(&self, destination: &str, limit: usize) -> Result<Vec<JobView>> {
        let filter = self.dead_of(destination, None)?;
        Ok(self.shared.parts.admin.list(&self.shared.org, &filter, limit).await?)
    }

    /// Puts dead messages of a destination back: this one, or all. They go before the later ones that still wait, when
    /// the destination is not stopped. Answers how many.
    ///
    /// # Errors
    /// [`Error::UnknownDestination`](crate::Error::UnknownDestination), or a store's failure.
    pub async fn send_again(&self, destination: &str, job: Option<JobId>) -> Result<u64> {
        let filter = self.dead_of(destination, job)?;
        let shared = &self.shared;
        let moved = shared.parts.admin.redrive(&shared.org, &filter, shared.parts.clock.now()).await?;
        self.administered(destination, "send-again", moved).await?;
        self.feed(destination)?.wake.notify_one();
        Ok(moved)
    }

    /// Stops a destination: exchanges under way end, nothing more is begun. Messages are taken in meanwhile.
    ///
    /// # Errors
    /// [`Error::UnknownDestination`](crate::Error::UnknownDestination), or a store's failure.
    pub async fn stop(&self, destination: &str) -> Result<()> {
        self.set_stopped(destination, true).await?;
        self.administered(destination, "stop", 0).await
    }

    /// Lets a destination go on that was stopped, by an operator or by a rejection. A rejected message that was not put
    /// back with [`MllpOutbox::send_again`] before is left out.
    ///
    /// # Errors
    /// [`Error::UnknownDestination`](crate::Error::UnknownDestination), or a store's failure.
    pub async fn resume(&self, destination: &str) -> Result<()> {
        self.administered(destination, "resume", 0).await?;
        self.set_stopped(destination, false).await?;
        self.feed(destination)?.wake.notify_one();
        Ok(())
    }

    async fn set_stopped(&self, destination: &str, stopped: bool) -> Result<()> {
        let feed = self.feed(destination)?;
        self.shared
            .parts
            .admin
            .set_paused(&PauseScope::queue(&self.shared.org, feed.queue.as_str()), stopped)
            .await?;
        feed.counters.stopped(stopped);
        Ok(())
    }

    fn dead_of(&self, destination: &str, job: Option<JobId>) -> Result<JobFilter> {
        Ok(JobFilter {
            queue: Some(self.feed(destination)?.queue.clone()),
            state: Some(JobState::Failed),
            id: job,
            ..JobFilter::default()
        })
    }

    async fn administered(&self, destination: &str, act: &str, jobs: u64) -> Result<()> {
        let shared = &self.shared;
        let record = AuditRecord {
            org: shared.org.clone(),
            at: shared.parts.clock.now(),
            action: AuditAction::QueueAdministered,
            outcome: "success".into(),
            correlation: CorrelationId::new(shared.new_ids()?.0.as_str())?,
            patient: None,
            details: BTreeMap::from([
                ("act".into(), act.to_owned()),
                ("destination".into(), self.feed(destination)?.destination.name().to_owned()),
                ("jobs".into(), jobs.to_string()),
            ]),
        };
        Ok(shared.parts.audit.append(vec![record]).await?)
    }
}
