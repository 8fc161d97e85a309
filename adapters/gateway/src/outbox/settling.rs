//! What becomes of a message that was not delivered, and what is on record.

use std::collections::{BTreeMap, HashMap};
use std::sync::{MutexGuard, PoisonError};

use carewire_consent::ConsentEpoch;
use carewire_fhir_core::PatientToken;
use carewire_mllp::ClientError;
use carewire_sync_engine::{
    AuditAction, AuditRecord, ClaimedJob, JobId, JobOutcome, MessageId, OutboundState, PauseScope,
    StoredOutbound,
};

use super::counters::Count;
use super::sending::{Parcel, Sender, Stop};
use super::{OnReject, outbound_context};
use crate::Result;
use crate::decision::hold_code;
use crate::message::failed;

impl Sender {
    /// Settles the message and says what becomes of the job.
    pub(super) async fn settle(&self, job: &ClaimedJob, id: &MessageId, stop: Stop) -> Result<JobOutcome> {
        let feed = &self.feed;
        let retry = |code: String, counts| JobOutcome::Retry { code, counts, wait: None };
        match stop {
            Stop::Held(token, denied) => {
                self.denied().insert(job.lease.job, denied.epoch);
                self.mark(id, OutboundState::Held, None).await?;
                feed.counters.add(Count::Held);
                Ok(JobOutcome::Hold { key: token.to_string(), code: hold_code(&denied) })
            }
            Stop::Deferred { code, answer } => {
                feed.counters.add(Count::Deferred);
                match feed.destination.deferrals {
                    Some(most) if job.attempt > most => self.bury(job, id, code, Some(answer)).await,
                    _ => Ok(retry(code, true)),
                }
            }
            Stop::Silent(error) => Ok(self.silent(job, &error)),
            Stop::Dead { code, answer } => self.bury(job, id, code, answer).await,
            Stop::Failed(error) => {
                tracing::warn!(correlation = %job.correlation, %error, "attempt failed");
                match failed(&error) {
                    JobOutcome::Dead { code } => self.bury(job, id, code, None).await,
                    outcome => Ok(outcome),
                }
            }
        }
    }

    /// Silence says nothing about the message, so it never counts.
    fn silent(&self, job: &ClaimedJob, error: &ClientError) -> JobOutcome {
        let Self { shared, feed, .. } = self;
        let (count, code) = match error.may_be_received() {
            true => (Count::Unanswered, "no-answer"),
            false => (Count::Unreachable, "receiver-away"),
        };
        feed.counters.add(count);
        let clock = &shared.parts.clock;
        let pause = feed.silence.goes_on(feed.destination.pauses, clock.now(), clock.jitter());
        tracing::warn!(
            correlation = %job.correlation, destination = feed.destination.name(), %error, ?pause, "message not answered"
        );
        JobOutcome::Retry { code: code.into(), counts: false, wait: Some(pause) }
    }

    /// To the dead letter. Where the order must be kept the destination stops before the job steps aside.
    async fn bury(
        &self,
        job: &ClaimedJob,
        id: &MessageId,
        code: String,
        answer: Option<Vec<u8>>,
    ) -> Result<JobOutcome> {
        let Self { shared, feed, store } = self;
        let name = feed.destination.name();
        let Some(stored) = store.outbound(&shared.org, id).await? else {
            // Somebody removed it: there is nothing to keep in order.
            return Ok(JobOutcome::Dead { code });
        };
        if feed.destination.on_reject == OnReject::Stop {
            shared.parts.admin.set_paused(&PauseScope::queue(&shared.org, feed.queue.as_str()), true).await?;
            feed.counters.stopped(true);
            tracing::error!(correlation = %job.correlation, destination = name, reason = code, "destination stopped");
        }
        let reason = [("reason", code.clone())];
        self.record(&stored, None, AuditAction::DeadLettered, "failure", reason).await?;
        self.mark(id, OutboundState::Dead, answer.as_deref()).await?;
        feed.counters.add(Count::Dead);
        tracing::error!(correlation = %job.correlation, destination = name, reason = code, "message is dead");
        Ok(JobOutcome::Dead { code })
    }

    /// The consent epoch at which each job that is about to be held was denied.
    pub(super) fn denied(&self) -> MutexGuard<'_, HashMap<JobId, ConsentEpoch>> {
        self.shared.denied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn mark(
        &self,
        id: &MessageId,
        state: OutboundState,
        answer: Option<&[u8]>,
    ) -> Result<()> {
        let shared = &self.shared;
        let context = outbound_context(shared, "outbound-answer", id);
        let seal = |answer| shared.keys.sealer.seal(&context, answer, shared.parts.entropy.as_ref());
        let sealed = answer.map(seal).transpose()?;
        Ok(self.store.mark(&shared.org, id, state, sealed).await?)
    }

    /// Bytes may have left.
    pub(super) async fn disclosed(&self, parcel: &Parcel, outcome: &str, answer: &str) -> Result<()> {
        let details = [("basis", parcel.basis.reference()), ("answer", answer.to_owned())];
        self.record(&parcel.stored, parcel.patient.as_ref(), AuditAction::Disclosed, outcome, details).await
    }

    pub(super) async fn record(
        &self,
        stored: &StoredOutbound,
        patient: Option<&PatientToken>,
        action: AuditAction,
        outcome: &str,
        details: impl IntoIterator<Item = (impl Into<String>, String)>,
    ) -> Result<()> {
        let shared = &self.shared;
        let mut details: BTreeMap<String, String> =
            details.into_iter().map(|(name, value)| (name.into(), value)).collect();
        details.insert("message".into(), stored.id.to_string());
        details.insert("destination".into(), self.feed.destination.name().to_owned());
        let record = AuditRecord {
            org: shared.org.clone(),
            at: shared.parts.clock.now(),
            action,
            outcome: outcome.into(),
            correlation: stored.correlation.clone(),
            patient: patient.cloned(),
            details,
        };
        Ok(shared.parts.audit.append(vec![record]).await?)
    }
}
