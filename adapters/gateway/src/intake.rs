//! From the wire to the disk, and only then the acknowledgement.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use carewire_deid::SealContext;
use carewire_fhir_core::CorrelationId;
use carewire_hl7_v2::fhir::patient_identities;
use carewire_hl7_v2::light::Peek;
use carewire_mllp::{FrameError, Handler, Peer, Reply};
use carewire_sync_engine::{
    AuditAction, AuditRecord, BlindKey, Format, MessageId, MessageState, NewJob, NewMessage, Receipt,
};
use chrono::{DateTime, Utc};

use crate::answer::{Reading, Refusal, Verdict, join, reply, split};
use crate::counters::Step;
use crate::senders::Route;
use crate::{MllpSender, QUEUE, Result, Shared};

/// The MLLP handler: decides by the connection which org a message belongs to, stores it, and then answers.
///
/// What is answered, and in which order, is what the sender asked for in MSH-15 and MSH-16. An acceptance (AA, CA) means
/// that message and job are on disk, and never that the message was processed. AE and AR (CE, CR) come with an ERR
/// segment; what was refused is kept as it came. Where the store failed nothing is kept, and the code of the error is
/// 207: the sender must send again.
#[derive(Clone, Debug)]
pub struct MllpIntake {
    senders: Arc<[MllpSender]>,
}

impl MllpIntake {
    /// Takes the messages of these senders; the first of them that matches a connection and its message decides. A
    /// connection that none of them matches is not admitted.
    pub fn new(senders: impl IntoIterator<Item = MllpSender>) -> Self {
        Self { senders: senders.into_iter().collect() }
    }
}

#[async_trait]
impl Handler for MllpIntake {
    async fn admit(&self, peer: &Peer) -> bool {
        self.senders.iter().any(|sender| sender.admits(peer))
    }

    async fn handle(&self, peer: &Peer, message: Vec<u8>) -> Reply {
        let mut reading = Reading::of(&message);
        match Route::of(&self.senders, peer, reading.peek.as_ref()) {
            Route::To(gateway) => gateway.shared.take(peer, &mut reading).await,
            Route::WrongSender(gateway) => gateway.shared.turn_away(peer, &reading),
            Route::Nowhere => Reply::Close,
        }
    }

    /// Says what was wrong with the frame. After one that broke off or was cut short the connection ends as well: the
    /// sender counts its messages otherwise than we do, and would take the next answer for that of another message.
    async fn refuse(&self, peer: &Peer, error: FrameError) -> Reply {
        metrics::counter!("carewire_mllp_bad_frames_total", "kind" => error.as_str()).increment(1);
        let Some(sender) = self.senders.iter().find(|sender| sender.admits(peer)) else {
            return Reply::Close;
        };
        let answer = sender.gateway.shared.answer_to_frame(error);
        match error {
            FrameError::Empty { .. } | FrameError::MissingStart { .. } => Reply::Send(answer),
            _ => Reply::SendAndClose(answer),
        }
    }
}

impl Shared {
    /// Stores the message, then answers.
    async fn take(&self, peer: &Peer, reading: &mut Reading<'_>) -> Reply {
        let received_at = self.parts.clock.now();
        self.counters.add(Step::Received, 1);
        let answers = match self.receive(peer, reading, received_at).await {
            Ok(answers) => answers,
            Err(error) => {
                tracing::error!(connection = peer.id(), error = %error, "message not stored");
                self.counters.add(Step::NotStored, 1);
                let answers = self.refusals(reading, &Refusal::not_stored());
                if answers.is_empty() {
                    // The sender asked for no answer in this case; it can see the end of the connection.
                    return Reply::Close;
                }
                answers
            }
        };
        self.counters.acknowledged.record(since(received_at, self.parts.clock.now()));
        reply(answers)
    }

    /// Answers a message that names another sender than its connection may. Nothing is stored, since nobody knows whose
    /// it is; the sender still has it.
    fn turn_away(&self, peer: &Peer, reading: &Reading<'_>) -> Reply {
        let refusal = match &reading.verdict {
            Verdict::Refused(refusal) if reading.peek.is_none() => refusal.clone(),
            _ => Refusal::wrong_sender(),
        };
        tracing::warn!(connection = peer.id(), reason = refusal.reason, "message turned away, not stored");
        metrics::counter!("carewire_messages_turned_away_total").increment(1);
        reply(self.refusals(reading, &refusal))
    }

    /// Stores the message and returns its acknowledgements.
    async fn receive(
        &self,
        peer: &Peer,
        reading: &mut Reading<'_>,
        received_at: DateTime<Utc>,
    ) -> Result<Vec<Vec<u8>>> {
        let (id, correlation) = self.new_ids()?;
        let bytes = reading.bytes.len();
        tracing::info!(connection = peer.id(), %correlation, bytes, "message received");
        let answers = self.answers_to(reading);
        let message = self.to_store(reading, &answers, &id, &correlation, received_at)?;
        let receipt = self.parts.intake.accept(message).await?;
        match receipt {
            Receipt::Stored { control_id_reused, .. } => {
                self.stored(reading, &id, correlation, received_at, control_id_reused).await?;
                Ok(answers)
            }
            Receipt::Resend { first, sealed_ack } => {
                self.counters.add(Step::Resent, 1);
                tracing::info!(message = %first, "resend recognised");
                Ok(split(&self.keys.sealer.open(&self.context("ack", &first), &sealed_ack)?))
            }
        }
    }

    /// Counts, wakes the workers, and audits a refusal; whatever is permitted or denied later is audited there.
    async fn stored(
        &self,
        reading: &Reading<'_>,
        id: &MessageId,
        correlation: CorrelationId,
        received_at: DateTime<Utc>,
        control_id_reused: bool,
    ) -> Result<()> {
        if control_id_reused {
            self.counters.add(Step::ControlIdReused, 1);
            tracing::warn!(message = %id, "control_id_reused");
        }
        if reading.is_accepted() {
            self.counters.add(Step::Acknowledged, 1);
            self.wake.notify_one();
            return Ok(());
        }
        let reason = reading.reason();
        self.counters.add(Step::Refused, 1);
        tracing::warn!(message = %id, reason, "message is kept and not worked on");
        let record = AuditRecord {
            org: self.org.clone(),
            at: received_at,
            action: AuditAction::Refused,
            outcome: "failure".into(),
            correlation,
            patient: None,
            details: BTreeMap::from([
                ("message".into(), id.to_string()),
                ("reason".into(), reason.to_owned()),
            ]),
        };
        Ok(self.parts.audit.append(vec![record]).await?)
    }

    fn to_store(
        &self,
        reading: &Reading<'_>,
        answers: &[Vec<u8>],
        id: &MessageId,
        correlation: &CorrelationId,
        received_at: DateTime<Utc>,
    ) -> Result<NewMessage> {
        let entropy = self.parts.entropy.as_ref();
        let peeked = reading.peek.as_ref();
        let worked_on = peeked.filter(|_| reading.is_accepted());
        let job = worked_on.map(|peek| self.job(id, correlation, peek, received_at));
        let window = chrono::Duration::from_std(self.settings.resend_window).unwrap_or(chrono::Duration::MAX);
        Ok(NewMessage {
            org: self.org.clone(),
            id: id.clone(),
            correlation: correlation.clone(),
            format: Format::Hl7v2,
            message_type: peeked.and_then(message_type),
            control_key: peeked.and_then(|peek| Some(self.keys.control(sender(peek), control_id(peek)?))),
            content_hash: self.keys.content(reading.bytes),
            sealed: self.keys.sealer.seal(&self.context("intake", id), reading.bytes, entropy)?,
            sealed_ack: self.keys.sealer.seal(&self.context("ack", id), &join(answers), entropy)?,
            received_at,
            resend_since: received_at.checked_sub_signed(window).unwrap_or(DateTime::<Utc>::MIN_UTC),
            state: if job.is_some() { MessageState::Received } else { MessageState::Refused },
            jobs: job.into_iter().collect(),
        })
    }

    /// The job that works on a stored message.
    ///
    /// Messages of one patient keep their order, a message about several that of each; without a patient, those of one
    /// sender do.
    fn job(
        &self,
        id: &MessageId,
        correlation: &CorrelationId,
        peek: &Peek,
        received_at: DateTime<Utc>,
    ) -> NewJob {
        let patients = patient_identities(peek, &self.map_options());
        let keys = patients.iter().map(|patient| self.keys.patient_order(&patient.system, &patient.value));
        let mut ordering_keys: Vec<BlindKey> = keys.collect();
        if ordering_keys.is_empty() {
            ordering_keys.push(self.keys.sender_order(sender(peek)));
        }
        NewJob {
            ordering_keys,
            refs: BTreeMap::from([("message".into(), id.to_string())]),
            max_attempts: self.settings.retry.max_attempts,
            remote: Some(self.parts.remote.name().to_owned()),
            ..NewJob::new(self.org.clone(), QUEUE, "message", correlation.clone(), received_at)
        }
    }

    /// What a sealed record is; version 1 of its layout.
    pub(crate) fn context<'a>(&'a self, kind: &'a str, id: &'a MessageId) -> SealContext<'a> {
        SealContext { org: &self.org, kind, id: id.as_str(), version: 1 }
    }
}

fn sender(peek: &Peek) -> [&str; 2] {
    [peek.sending_application.as_deref().unwrap_or(""), peek.sending_facility.as_deref().unwrap_or("")]
}

/// MSH-10, where it says anything.
pub(crate) fn control_id(peek: &Peek) -> Option<&str> {
    peek.control_id.as_deref().filter(|id| !id.trim().is_empty())
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
