//! Handing over: checked, sealed, and stored with its job.

use std::collections::BTreeMap;

use carewire_hl7_v2::ParseOptions;
use carewire_hl7_v2::fhir::patient_identity;
use carewire_hl7_v2::light::{Peek, peek};
use carewire_mllp::is_encodable;
use carewire_sync_engine::{BlindKey, MessageId, NewJob, NewOutbound, Posted};
use chrono::{DateTime, Utc};

use super::counters::Count;
use super::leaving::one_patient;
use super::{Basis, Feed, MllpOutbox, outbound_context};
use crate::{Error, Result, Shared};

/// A message to hand over. `Debug` shows its length.
#[derive(Clone)]
pub struct Outgoing<'m> {
    destination: &'m str,
    message: &'m [u8],
    basis: Basis,
    order: Option<&'m str>,
}

impl<'m> Outgoing<'m> {
    /// This message, to the destination of that name, by that right.
    #[must_use]
    pub fn new(destination: &'m str, message: &'m [u8], basis: Basis) -> Self {
        Self { destination, message, basis, order: None }
    }

    /// In order with the other messages to this destination that have the same key, and no others. Without it the
    /// destination decides: all of its messages, or those of the patient.
    #[must_use]
    pub fn in_order_of(self, key: &'m str) -> Self {
        Self { order: Some(key), ..self }
    }
}

impl std::fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("destination", &self.destination)
            .field("len", &self.message.len())
            .field("basis", &self.basis)
            .finish_non_exhaustive()
    }
}

impl MllpOutbox {
    /// Stores a message to be sent, and returns when it is durable. The bytes are sent as they are.
    ///
    /// Idempotent: the same destination, MSH-10 and content (MSH-7 does not matter) within the gateway's resend window are
    /// the same message, and the id of the first is returned. The same MSH-10 with other content is another message; since
    /// its receiver may drop it, that is counted and logged.
    ///
    /// # Errors
    /// [`Error::UnknownDestination`]; [`Error::NotSendable`] for a message that holds marks of a frame, has no MSH-10 (no
    /// answer could be told to be its), or goes on [`Basis::Consent`] and cannot be decided about; or a store's failure,
    /// after which the message may be stored, and may be handed over again.
    pub async fn enqueue(&self, outgoing: Outgoing<'_>) -> Result<MessageId> {
        let feed = self.feed(outgoing.destination)?;
        let peeked = self.shared.check(&outgoing)?;
        let (id, message) = self.shared.to_post(feed, &outgoing, &peeked)?;
        match self.store.post(message).await? {
            Posted::Stored { control_id_reused, .. } => {
                feed.counters.add(Count::Enqueued);
                if control_id_reused {
                    feed.counters.add(Count::ControlIdReused);
                    tracing::warn!(message = %id, destination = feed.destination.name(), "control_id_reused");
                }
                feed.wake.notify_one();
                Ok(id)
            }
            Posted::Known { first } => {
                feed.counters.add(Count::Known);
                Ok(first)
            }
        }
    }
}

impl Shared {
    /// What can be known before a message is stored: that it can be sent, answered and decided about.
    fn check(&self, outgoing: &Outgoing<'_>) -> Result<Peek> {
        let not_sendable = |reason| Error::NotSendable { reason };
        if !is_encodable(outgoing.message) {
            return Err(not_sendable("not-encodable"));
        }
        let peeked = peek(outgoing.message, &ParseOptions::default())
            .map_err(|_| not_sendable("message-unreadable"))?;
        if control_id(&peeked).is_none() {
            return Err(not_sendable("no-control-id"));
        }
        if peeked.holds_another {
            return Err(not_sendable("several-messages"));
        }
        if outgoing.basis == Basis::Consent {
            let mapped = self.to_fhir(outgoing.message).map_err(not_sendable)?;
            one_patient(&mapped).map_err(not_sendable)?;
        }
        Ok(peeked)
    }

    fn to_post(
        &self,
        feed: &Feed,
        outgoing: &Outgoing<'_>,
        peeked: &Peek,
    ) -> Result<(MessageId, NewOutbound)> {
        let (id, correlation) = self.new_ids()?;
        let name = feed.destination.name();
        let now = self.parts.clock.now();
        let window = chrono::Duration::from_std(self.settings.resend_window).unwrap_or(chrono::Duration::MAX);
        let job = NewJob {
            ordering_keys: vec![self.outbound_order(feed, outgoing, peeked)],
            refs: BTreeMap::from([
                ("message".into(), id.to_string()),
                ("basis".into(), outgoing.basis.reference()),
            ]),
            // Only an answer ends the attempts: see `Sender`.
            max_attempts: u32::MAX,
            ..NewJob::new(self.org.clone(), feed.queue.as_str(), "outbound", correlation.clone(), now)
        };
        let message = NewOutbound {
            org: self.org.clone(),
            id: id.clone(),
            correlation,
            destination: name.to_owned(),
            control_key: self.keys.outbound("control", &[name, control_id(peeked).unwrap_or_default()]),
            content_hash: self.keys.content(outgoing.message),
            sealed: self.keys.sealer.seal(
                &outbound_context(self, "outbound", &id),
                outgoing.message,
                self.parts.entropy.as_ref(),
            )?,
            enqueued_at: now,
            known_since: now.checked_sub_signed(window).unwrap_or(DateTime::<Utc>::MIN_UTC),
            job,
        };
        Ok((id, message))
    }

    /// Keys of their own for each destination: a patient's messages to one do not wait for those to another.
    fn outbound_order(&self, feed: &Feed, outgoing: &Outgoing<'_>, peeked: &Peek) -> BlindKey {
        let name = feed.destination.name();
        if let Some(key) = outgoing.order {
            return self.keys.outbound("order", &[name, "key", key]);
        }
        match patient_identity(peeked, &self.map_options()) {
            Some(patient) if feed.destination.connections > 1 => {
                self.keys.outbound("order", &[name, "patient", &patient.system, &patient.value])
            }
            _ => self.keys.outbound("order", &[name]),
        }
    }
}

fn control_id(peeked: &Peek) -> Option<&str> {
    peeked.control_id.as_deref().filter(|id| !id.is_empty())
}
