//! Messages whose job ended in the dead letter without a handler to say so.
//!
//! A worker that dies with a job, again and again, loses its lease; the queue ends such a job inside `claim`. A handler
//! that panics on its last attempt says nothing either. Both leave a message that looks as if it were still on its way.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use carewire_consent::{Consent, State};
use carewire_fhir_core::PatientToken;
use carewire_sync_engine::{JobFilter, JobId, JobState, JobView, MessageId, MessageState};

use chrono::{DateTime, Utc};

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
        // A grant may have been stored by a process that ended before it could release what was held.
        let mut since = DateTime::<Utc>::MIN_UTC;
        loop {
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "dead letter not swept");
            }
            let now = self.parts.clock.now();
            match self.release_what_began(since, now).await {
                Ok(()) => since = now,
                Err(error) => tracing::warn!(%error, "held messages not looked at"),
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Releases what is held for patients with a consent of which a period began or ended after `since`: with the period of a
    /// denial ends what it forbade. The first look takes all patients.
    pub(crate) async fn release_what_began(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let mut after: Option<String> = None;
        loop {
            let page = self.parts.consents.list(&self.org, None, after.as_deref(), PAGE).await?;
            let first = since == DateTime::<Utc>::MIN_UTC;
            let began = |consent: &&Consent| {
                consent.state() == State::Active
                    && (first || consent.boundaries().any(|boundary| since < boundary && boundary <= now))
            };
            let patients: BTreeSet<&PatientToken> = page.iter().filter(began).map(Consent::patient).collect();
            for patient in patients {
                self.release_held(patient).await?;
            }
            match page.last() {
                Some(last) if page.len() == PAGE => after = Some(last.id().to_owned()),
                _ => return Ok(()),
            }
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
        let Some(stored) =
            stored.filter(|stored| matches!(stored.state, MessageState::Received | MessageState::Held))
        else {
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
