//! What a worker does with one message to send, and what the answer means.

use std::sync::Arc;

use async_trait::async_trait;
use carewire_consent::Denied;
use carewire_fhir_core::PatientToken;
use carewire_hl7_v2::ack::{self, AckVerdict};
use carewire_mllp::ClientError;
use carewire_sync_engine::{
    ClaimedJob, JobHandler, JobOutcome, MessageId, OutboundState, Outbox, StoredOutbound,
};

use super::counters::Count;
use super::{Basis, Feed, outbound_context};
use crate::intake::since;
use crate::{Error, Result, Shared};

/// Sends the messages of one destination.
#[derive(Debug)]
pub(super) struct Sender {
    pub(super) shared: Arc<Shared>,
    pub(super) store: Arc<dyn Outbox>,
    pub(super) feed: Arc<Feed>,
}

impl Sender {
    pub(super) fn new(shared: Arc<Shared>, store: Arc<dyn Outbox>, feed: Arc<Feed>) -> Self {
        Self { shared, store, feed }
    }
}

/// Why an attempt ended without delivery. It may hold an answer, so it has no `Debug`.
pub(super) enum Stop {
    /// Nothing will make this message better, or its receiver will not take it: to the dead letter.
    Dead { code: String, answer: Option<Vec<u8>> },
    /// Consent denies.
    Held(PatientToken, Box<Denied>),
    /// The receiver takes it later, perhaps.
    Deferred { code: String, answer: Vec<u8> },
    /// There is no answer.
    Silent(ClientError),
    /// A store failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

pub(super) fn dead(code: &str) -> Stop {
    Stop::Dead { code: code.to_owned(), answer: None }
}

/// A message at hand, opened.
pub(super) struct Parcel {
    pub(super) stored: StoredOutbound,
    pub(super) bytes: Vec<u8>,
    pub(super) basis: Basis,
    pub(super) patient: Option<PatientToken>,
}

#[async_trait]
impl JobHandler for Sender {
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
        let Some(id) = job.refs.get("message").map(|id| MessageId::new(id.as_str())) else {
            return JobOutcome::Dead { code: "no-message-reference".into() };
        };
        if let Some(wait) = self.feed.silence.blocks(self.shared.parts.clock.now()) {
            return wait;
        }
        self.denied().remove(&job.lease.job);
        match self.deliver(job, &id).await {
            Ok(()) => JobOutcome::Complete,
            Err(stop) => match self.settle(job, &id, stop).await {
                Ok(outcome) => outcome,
                Err(error) => {
                    tracing::error!(correlation = %job.correlation, %error, "outcome of a sending not stored");
                    JobOutcome::Retry { code: "store-unavailable".into(), counts: false, wait: None }
                }
            },
        }
    }

    async fn held(&self, job: &ClaimedJob, key: &str) {
        // The grant may have come between the decision and the hold: then nobody else will release it.
        let Ok(patient) = PatientToken::new(key) else { return };
        if let Err(error) = self.shared.release_if_changed(job, &patient).await {
            tracing::error!(correlation = %job.correlation, %error, "held message not looked at again");
        }
    }
}

impl Sender {
    async fn deliver(&self, job: &ClaimedJob, id: &MessageId) -> Result<(), Stop> {
        let shared = &self.shared;
        let stored = self.store.outbound(&shared.org, id).await?.ok_or_else(|| dead("message-missing"))?;
        if stored.state == OutboundState::Delivered {
            // A worker died between the mark and the end of its job.
            return Ok(());
        }
        let bytes = shared.keys.sealer.open(&outbound_context(shared, "outbound", id), &stored.sealed)?;
        let basis = job.refs.get("basis").and_then(|basis| Basis::from_reference(basis));
        let basis = basis.ok_or_else(|| dead("no-basis"))?;
        let mut parcel = Parcel { stored, bytes, basis, patient: None };
        let answer = match parcel.basis {
            Basis::Consent => self.exchange_with_consent(job, &mut parcel).await?,
            Basis::Contract(_) => self.exchange_by_contract(job, &mut parcel).await?,
        };
        self.judged(&parcel, answer).await
    }

    async fn judged(&self, parcel: &Parcel, answer: Vec<u8>) -> Result<(), Stop> {
        let code = code_of(&answer);
        let verdict = ack::judge(&answer);
        let outcome = if verdict == AckVerdict::Accepted { "success" } else { "refused" };
        // The disclosure first: after a crash in between, the message is sent and recorded again. The other way round it
        // would be delivered, and never be on record.
        self.disclosed(parcel, outcome, code).await?;
        match verdict {
            AckVerdict::Accepted => {
                self.mark(&parcel.stored.id, OutboundState::Delivered, Some(&answer)).await?;
                self.feed.counters.add(Count::Delivered);
                self.feed.counters.took(since(parcel.stored.enqueued_at, self.shared.parts.clock.now()));
                Ok(())
            }
            AckVerdict::Temporary => Err(Stop::Deferred { code: format!("nak-{code}"), answer }),
            AckVerdict::Rejected => {
                self.feed.counters.add(Count::Rejected);
                Err(Stop::Dead { code: format!("nak-{code}"), answer: Some(answer) })
            }
        }
    }
}

/// MSA-1 as the standard knows it, never the receiver's own text.
fn code_of(answer: &[u8]) -> &'static str {
    ack::read(answer).map_or("unreadable", |ack| ack.code.as_str())
}
