//! From the wire to the disk, and only then the acknowledgement.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use carewire_deid::SealContext;
use carewire_fhir_core::CorrelationId;
use carewire_hl7_v2::Timestamp;
use carewire_hl7_v2::ack::{self, AckCode, AckError, AckOptions};
use carewire_hl7_v2::fhir::{PatientIdentity, patient_identity};
use carewire_hl7_v2::light::{Peek, peek};
use carewire_hl7_v2::{ParseError, ParseOptions};
use carewire_mllp::{Handler, Peer, Reply};
use carewire_sync_engine::{
    AuditAction, AuditRecord, BlindKey, Format, MessageId, MessageState, NewJob, NewMessage, Receipt,
};
use chrono::{DateTime, Utc};

use crate::counters::Step;
use crate::{QUEUE, Result, Shared};

/// The MLLP handler of one org: stores, then answers.
///
/// AA means that message and job are on disk. AE with an ERR segment means that the message could not be read (it is
/// kept as received) or that it could not be stored (the sender must send it again).
#[derive(Clone, Debug)]
pub struct MllpIntake {
    shared: Arc<Shared>,
}

impl MllpIntake {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

#[async_trait]
impl Handler for MllpIntake {
    async fn handle(&self, peer: &Peer, message: Vec<u8>) -> Reply {
        let shared = &self.shared;
        let received_at = shared.parts.clock.now();
        shared.counters.add(Step::Received, 1);
        let answer = match shared.receive(peer, &message, received_at).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(connection = peer.id(), error = %error, "message not stored");
                shared.answer(&message, AckCode::AE, Some(AckError::application_internal()))
            }
        };
        shared.counters.acknowledged.record(since(received_at, shared.parts.clock.now()));
        Reply::Send(answer)
    }
}

impl Shared {
    /// Stores the message and returns the bytes of its acknowledgement.
    async fn receive(&self, peer: &Peer, bytes: &[u8], received_at: DateTime<Utc>) -> Result<Vec<u8>> {
        let (id, correlation) = self.new_ids()?;
        tracing::info!(connection = peer.id(), %correlation, bytes = bytes.len(), "message received");
        let read = peek(bytes, &ParseOptions::default());
        let answer = match &read {
            Ok(_) => self.answer(bytes, AckCode::AA, None),
            Err(error) => self.answer(bytes, AckCode::AE, Some(AckError::from(error))),
        };
        let message = self.to_store(bytes, &read, &answer, &id, &correlation, received_at)?;
        let receipt = self.parts.intake.accept(message).await?;
        match receipt {
            Receipt::Stored { control_id_reused, .. } => {
                self.stored(&read, &id, correlation, received_at, control_id_reused).await?;
                Ok(answer)
            }
            Receipt::Resend { first, sealed_ack } => {
                self.counters.add(Step::Resent, 1);
                tracing::info!(message = %first, "resend recognised");
                Ok(self.keys.sealer.open(&self.context("ack", &first), &sealed_ack)?)
            }
        }
    }

    /// Counts, wakes the workers, and audits a refusal; whatever is permitted or denied later is audited there.
    async fn stored(
        &self,
        read: &Result<Peek, ParseError>,
        id: &MessageId,
        correlation: CorrelationId,
        received_at: DateTime<Utc>,
        control_id_reused: bool,
    ) -> Result<()> {
        if control_id_reused {
            self.counters.add(Step::ControlIdReused, 1);
            tracing::warn!(message = %id, "control_id_reused");
        }
        if read.is_ok() {
            self.counters.add(Step::Acknowledged, 1);
            self.wake.notify_one();
            return Ok(());
        }
        self.counters.add(Step::Refused, 1);
        tracing::warn!(message = %id, "message cannot be read; stored and answered with AE");
        let record = AuditRecord {
            org: self.org.clone(),
            at: received_at,
            action: AuditAction::Refused,
            outcome: "failure".into(),
            correlation,
            patient: None,
            details: BTreeMap::from([("message".into(), id.to_string())]),
        };
        Ok(self.parts.audit.append(vec![record]).await?)
    }

    fn to_store(
        &self,
        bytes: &[u8],
        read: &Result<Peek, ParseError>,
        answer: &[u8],
        id: &MessageId,
        correlation: &CorrelationId,
        received_at: DateTime<Utc>,
    ) -> Result<NewMessage> {
        let entropy = self.parts.entropy.as_ref();
        let peeked = read.as_ref().ok();
        let job = peeked.map(|peek| self.job(id, correlation, Some(self.ordering_key(peek)), received_at));
        let window = chrono::Duration::from_std(self.settings.resend_window).unwrap_or(chrono::Duration::MAX);
        Ok(NewMessage {
            org: self.org.clone(),
            id: id.clone(),
            correlation: correlation.clone(),
            format: Format::Hl7v2,
            message_type: peeked.and_then(message_type),
            control_key: peeked.and_then(|peek| {
                Some(self.keys.control(sender(peek), peek.control_id.as_deref().filter(|id| !id.is_empty())?))
            }),
            content_hash: self.keys.content(bytes),
            sealed: self.keys.sealer.seal(&self.context("intake", id), bytes, entropy)?,
            sealed_ack: self.keys.sealer.seal(&self.context("ack", id), answer, entropy)?,
            received_at,
            resend_since: received_at.checked_sub_signed(window).unwrap_or(DateTime::<Utc>::MIN_UTC),
            state: if peeked.is_some() { MessageState::Received } else { MessageState::Refused },
            job,
        })
    }

    /// The job that works on a stored message.
    pub(crate) fn job(
        &self,
        id: &MessageId,
        correlation: &CorrelationId,
        ordering_key: Option<BlindKey>,
        run_at: DateTime<Utc>,
    ) -> NewJob {
        NewJob {
            org: self.org.clone(),
            queue: QUEUE.into(),
            kind: "message".into(),
            ordering_key,
            refs: BTreeMap::from([("message".into(), id.to_string())]),
            run_at,
            max_attempts: self.settings.retry.max_attempts,
            correlation: correlation.clone(),
        }
    }

    /// Messages of one patient keep their order; without a patient, those of one sender do.
    fn ordering_key(&self, peek: &Peek) -> BlindKey {
        match patient_identity(peek, &self.map_options()) {
            Some(PatientIdentity { system, value, .. }) => self.keys.patient_order(&system, &value),
            None => self.keys.sender_order(sender(peek)),
        }
    }

    fn answer(&self, bytes: &[u8], code: AckCode, error: Option<AckError>) -> Vec<u8> {
        let now = self.parts.clock.now().format("%Y%m%d%H%M%S+0000").to_string().parse::<Timestamp>();
        let id = self.new_ids().map(|(id, _)| id.to_string()).unwrap_or_default();
        // MSH-10 holds at most 20 characters before version 2.7: the random end of the id.
        let short = id.replace('-', "");
        let control_id = short.get(short.len().saturating_sub(20)..).unwrap_or_default();
        ack::acknowledge(bytes, &AckOptions::new(code, control_id).at(now.ok()).with_errors(error))
    }

    /// What a sealed record is; version 1 of its layout.
    pub(crate) fn context<'a>(&'a self, kind: &'a str, id: &'a MessageId) -> SealContext<'a> {
        SealContext { org: &self.org, kind, id: id.as_str(), version: 1 }
    }
}

fn sender(peek: &Peek) -> [&str; 2] {
    [peek.sending_application.as_deref().unwrap_or(""), peek.sending_facility.as_deref().unwrap_or("")]
}

/// `ADT^A01`: codes of the standard, or nothing. A sender's own text never becomes a column or a label.
fn message_type(peek: &Peek) -> Option<String> {
    let code = |text: &str| {
        text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let message = peek.message_code.as_deref().filter(|text| code(text))?;
    match peek.trigger_event.as_deref().filter(|text| code(text)) {
        Some(event) => Some(format!("{message}^{event}")),
        None => Some(message.to_owned()),
    }
}

pub(crate) fn since(start: DateTime<Utc>, end: DateTime<Utc>) -> std::time::Duration {
    (end - start).to_std().unwrap_or_default()
}
