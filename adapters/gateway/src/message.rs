//! What a worker does with one message: every step, in order, and what each failure means.

use std::sync::{Arc, PoisonError};

use async_trait::async_trait;
use carewire_consent::{Denied, entry_data_classes};
use carewire_deid::{Deidentified, DeidentifiedEntry};
use carewire_fhir_core::{PatientToken, Resource};
use carewire_hl7_v2::fhir::{MapError, MapOptions, Mapped, map};
use carewire_hl7_v2::{Message, ParseOptions};
use carewire_sync_engine::{
    AuditAction, ClaimedJob, Draft, JobHandler, JobOutcome, LimitScope, LocalKey, MessageId, MessageState,
    Refusal, StoredMessage, needs_no_patient,
};
use chrono::{DateTime, Utc};

use crate::breaker::is_silence;
use crate::counters::Step;
use crate::decision::hold_code;
use crate::patients::Patients;
use crate::push::{Pushed, Stopped};
use crate::settle::Said;
use crate::trail::Trail;
use crate::{Error, Result, Shared};

/// Works on the messages of one org.
#[derive(Debug)]
pub(crate) struct MessageHandler {
    shared: Arc<Shared>,
}

impl MessageHandler {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

/// Why an attempt ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nothing will make this message better: to the dead letter.
    Dead(&'static str),
    /// Consent denies.
    Held(PatientToken, Box<Denied>),
    /// The remote refused.
    Refused(carewire_sync_engine::Refusal),
    /// A store failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

#[async_trait]
impl JobHandler for MessageHandler {
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
        let Some(id) = job.refs.get("message").map(|id| MessageId::new(id.as_str())) else {
            return JobOutcome::Dead { code: "no-message-reference".into() };
        };
        if let Some(wait) = self.shared.breaker.blocks(self.shared.parts.clock.now()) {
            return wait;
        }
        self.shared.denied.lock().unwrap_or_else(PoisonError::into_inner).remove(&job.lease.job);
        let outcome = match self.process(job, &id).await {
            Ok(()) => JobOutcome::Complete,
            Err(stop) => self.stopped(job, &id, stop).await,
        };
        tracing::info!(correlation = %job.correlation, job = %job.lease.job, outcome = name_of(&outcome), "message processed");
        outcome
    }

    async fn held(&self, job: &ClaimedJob, key: &str) {
        // The grant may have come between the decision and the hold: then nobody else will release it.
        let Ok(patient) = PatientToken::new(key) else { return };
        if let Err(error) = self.shared.release_if_changed(job, &patient).await {
            tracing::error!(correlation = %job.correlation, error = %error, "held message not looked at again");
        }
    }
}

impl MessageHandler {
    async fn process(&self, job: &ClaimedJob, id: &MessageId) -> Result<(), Stop> {
        let shared = &self.shared;
        let stored = shared.parts.intake.load(&shared.org, id).await?.ok_or(Stop::Dead("message-missing"))?;
        let mut trail = Trail::new(shared, &stored);
        if job.attempt == 1 && stored.state == MessageState::Received {
            trail.received();
        }
        let done = self.steps(&stored, &mut trail).await;
        if let Err(Stop::Dead(code)) = &done {
            trail.dead(code);
        }
        // Whatever the attempt came to, what was decided and done in it is on record.
        trail.flush().await?;
        done
    }

    async fn steps(&self, stored: &StoredMessage, trail: &mut Trail<'_>) -> Result<(), Stop> {
        let shared = &self.shared;
        let bytes = shared.keys.sealer.open(&shared.context("intake", &stored.id), &stored.sealed)?;
        shared.take_consents(&bytes, stored, trail).await?;
        let mapped = shared.map_message(&bytes, trail)?;
        let patients = shared.patients_of(&mapped).await?;
        trail.patients(patients.tokens.iter());
        let _turns = shared.turns.of(&patients.tokens).await;
        let done = shared.under_tokens(&mapped.bundle, &patients);
        let permits = shared.decide(&mapped.bundle, &patients, done.as_ref().ok(), trail).await?;
        let deidentified = shared.deidentified(done, trail)?;
        let said = said(&mapped, deidentified, stored.sequence);
        let pushed = match shared.push(said, permits, trail).await {
            Ok(pushed) => pushed,
            Err(Stopped::Denied(token, denied)) => return Err(Stop::Held(token, denied)),
            Err(Stopped::Refused(refusal)) => return Err(Stop::Refused(refusal)),
            Err(Stopped::Unplannable) => return Err(Stop::Dead("unplannable")),
            Err(Stopped::Failed(error)) => return Err(Stop::Failed(error)),
        };
        shared.counters.add(Step::Written, pushed.written);
        shared.counters.add(Step::Unchanged, pushed.unchanged);
        self.conclude(stored, &mapped.bundle, &patients, pushed, trail).await?;
        shared.counters.add(Step::Pushed, 1);
        shared.counters.delivered.record(crate::intake::since(stored.received_at, shared.parts.clock.now()));
        Ok(())
    }

    /// Everything that is left to store, at once, so that a store with group commit makes it one. The job is completed
    /// only when all of it is durable; until then another attempt would do it again.
    async fn conclude(
        &self,
        stored: &StoredMessage,
        bundle: &Resource,
        patients: &Patients,
        pushed: Pushed,
        trail: &mut Trail<'_>,
    ) -> Result<(), Stop> {
        let shared = &self.shared;
        let id = std::slice::from_ref(&stored.id);
        let (original, confirmed, audited, settled) = tokio::join!(
            shared.keep_originals(bundle, patients, stored.sequence),
            shared.confirm(pushed.confirmed),
            trail.flush(),
            shared.parts.intake.settle(&shared.org, id, MessageState::Pushed),
        );
        original?;
        confirmed?;
        audited?;
        Ok(settled?)
    }

    /// Settles the message and says what becomes of the job.
    async fn stopped(&self, job: &ClaimedJob, id: &MessageId, stop: Stop) -> JobOutcome {
        let outcome = match stop {
            Stop::Dead(code) => JobOutcome::Dead { code: code.into() },
            Stop::Held(token, denied) => {
                let mut epochs = self.shared.denied.lock().unwrap_or_else(PoisonError::into_inner);
                epochs.insert(job.lease.job, denied.epoch);
                JobOutcome::Hold { key: token.to_string(), code: hold_code(&denied) }
            }
            Stop::Refused(refusal) => self.shared.refused(&refusal).await,
            Stop::Failed(error) => {
                tracing::warn!(correlation = %job.correlation, error = %error, "attempt failed");
                failed(&error)
            }
        };
        let last = job.attempt >= job.max_attempts;
        let (step, state) = match &outcome {
            JobOutcome::Hold { .. } => (Step::Denied, Some(MessageState::Held)),
            JobOutcome::Retry { counts: true, .. } if last => (Step::Dead, Some(MessageState::Dead)),
            JobOutcome::Retry { .. } => (Step::Retried, None),
            _ => (Step::Dead, Some(MessageState::Dead)),
        };
        self.shared.counters.add(step, 1);
        if let Some(state) = state
            && let Err(error) =
                self.shared.parts.intake.settle(&self.shared.org, std::slice::from_ref(id), state).await
        {
            tracing::error!(correlation = %job.correlation, error = %error, "message state not stored");
            return JobOutcome::Retry { code: "store-unavailable".into(), counts: false, wait: None };
        }
        outcome
    }
}

/// An id that no server gave: asking for it shows whether the remote answers at all.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

impl Shared {
    /// What becomes of a job that the remote refused.
    async fn refused(&self, refusal: &Refusal) -> JobOutcome {
        let alive = !is_silence(refusal) || self.parts.remote.read("Patient", NOBODY).await.is_ok();
        let now = self.parts.clock.now();
        let outcome = self.breaker.refused(refusal, alive, now);
        if let Some(until) = self.breaker.closes_until(refusal, now) {
            self.leave_alone(until, now).await;
        }
        outcome
    }

    /// No process of the store claims a job for the remote before then. Where that cannot be stored, each finds out by
    /// itself.
    async fn leave_alone(&self, until: DateTime<Utc>, now: DateTime<Utc>) {
        let remote = self.parts.remote.name();
        tracing::warn!(remote, %until, "the remote is left alone");
        metrics::counter!("carewire_remote_closed_total", "remote" => remote.to_owned()).increment(1);
        if let Err(error) = self.parts.limits.close(&LimitScope::remote(remote), until, now).await {
            tracing::warn!(remote, %error, "other processes do not know that the remote is to be left alone");
        }
    }

    /// The options under which this org's messages are mapped.
    pub(crate) fn map_options(&self) -> MapOptions {
        let options = MapOptions::new(self.org.clone())
            .with_changes(true)
            .with_patient_systems(&self.settings.patient_systems)
            .with_unknown_codes(self.settings.unknown_codes);
        match self.settings.zone {
            Some(zone) => options.with_zone(zone),
            None => options,
        }
    }

    fn map_message(&self, bytes: &[u8], trail: &mut Trail<'_>) -> Result<Mapped, Stop> {
        let mapped = self.to_fhir(bytes).map_err(|code| {
            trail.step(AuditAction::Mapped, "failure", [("reason", code)]);
            Stop::Dead(code)
        })?;
        self.counters.add(Step::Mapped, 1);
        trail.step(
            AuditAction::Mapped,
            "success",
            [("issues", mapped.issues.len()), ("unmapped", mapped.unmapped.len())],
        );
        Ok(mapped)
    }

    /// The Bundle of a message that is about somebody; else the dead letter's reason.
    pub(crate) fn to_fhir(&self, bytes: &[u8]) -> Result<Mapped, &'static str> {
        let message = Message::parse(bytes, &ParseOptions::default()).map_err(|_| "message-unreadable")?;
        let mapped = map(&message, &self.map_options()).map_err(|error| code_of(&error))?;
        if mapped.patients.is_empty() { Err("no-patient-identifier") } else { Ok(mapped) }
    }

    /// The token of a patient; made on first sight.
    pub(crate) async fn token_of(&self, system: &str, value: &str) -> Result<PatientToken> {
        let key = self.keys.patient(system, value);
        let candidate = carewire_deid::new_token(self.parts.entropy.as_ref())?;
        Ok(self.parts.vault.resolve(&self.org, &key, &candidate).await?)
    }

    /// Releases the patient's held messages when consent would permit now what was denied a moment ago.
    pub(crate) async fn release_if_changed(&self, job: &ClaimedJob, patient: &PatientToken) -> Result<()> {
        let epoch = self.parts.consents.epoch(&self.org, patient).await?;
        let denied_at = self.denied.lock().unwrap_or_else(PoisonError::into_inner).remove(&job.lease.job);
        if denied_at != Some(epoch) {
            self.release_held(patient).await?;
        }
        Ok(())
    }
}

/// What cannot be opened or understood stays so: to the dead letter, until keys or rows are mended. A store that cannot
/// be reached is no fault of the message.
pub(crate) fn failed(error: &Error) -> JobOutcome {
    use carewire_deid::Error as Deid;
    use carewire_sync_engine::Error as Engine;
    match error {
        Error::Deid(Deid::UnknownKey | Deid::NotOpened) => {
            JobOutcome::Dead { code: "record-cannot-be-opened".into() }
        }
        Error::Deid(Deid::Corrupt { .. }) | Error::Engine(Engine::Corrupt { .. }) => {
            JobOutcome::Dead { code: "stored-record-corrupt".into() }
        }
        _ => JobOutcome::Retry { code: "store-unavailable".into(), counts: false, wait: None },
    }
}

/// The dead letter's reason for a message that has no Bundle.
fn code_of(error: &MapError) -> &'static str {
    match error {
        MapError::UnsupportedType { .. } => "unsupported-message-type",
        MapError::NoPatient => "no-patient-segment",
        MapError::NoPatientIdentity => "no-patient-identifier",
        _ => "not-mappable",
    }
}

/// What should be at the remote: each de-identified resource with the classes of its identified original.
fn said(mapped: &Mapped, deidentified: Deidentified, sequence: i64) -> Vec<Said> {
    let classes = entry_data_classes(&mapped.bundle);
    let draft = |entry: DeidentifiedEntry| Draft {
        patient: entry.patient.filter(|_| !needs_no_patient(&entry.resource_type)),
        classes: classes
            .get(entry.index)
            .map(|classes| classes.iter().map(|class| class.as_str().to_owned()).collect())
            .unwrap_or_default(),
        key: LocalKey { resource_type: entry.resource_type, system: entry.system, value: entry.value },
        full_url: entry.full_url,
        resource: entry.resource,
        source_sequence: sequence,
    };
    let entries = deidentified.entries.into_iter();
    // What happened at the same time is settled by arrival.
    let change = |entry: &DeidentifiedEntry| {
        let mut change = mapped.changes.get(entry.index).cloned().unwrap_or_default();
        change.tie = format!("{sequence:016}");
        change
    };
    entries.map(|entry| Said { change: change(&entry), draft: draft(entry) }).collect()
}

fn name_of(outcome: &JobOutcome) -> &'static str {
    match outcome {
        JobOutcome::Complete => "complete",
        JobOutcome::Retry { .. } => "retry",
        JobOutcome::Dead { .. } => "dead",
        JobOutcome::Hold { .. } => "hold",
        _ => "other",
    }
}
