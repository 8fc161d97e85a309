//! The deliveries in memory.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use crate::{Begun, BlindKey, Delivery, Idempotency, Redeemed, Result, Ticket};

/// Who sent what, without its content.
type ControlKey = (OrgId, BlindKey);

#[derive(Default)]
pub(super) struct Deliveries {
    last: u64,
    by_fence: BTreeMap<u64, Row>,
    /// The fence of each content under a control key.
    known: HashMap<ControlKey, HashMap<BlindKey, u64>>,
}

/// A reservation, or with an answer what became of it.
struct Row {
    key: ControlKey,
    content: BlindKey,
    received_at: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    answer: Option<Vec<u8>>,
}

#[async_trait]
impl Idempotency for MemoryStore {
    async fn begin(&self, delivery: &Delivery) -> Result<Begun> {
        Ok(self.state().deliveries.begin(delivery))
    }

    async fn finish(&self, ticket: &Ticket, sealed_answer: Vec<u8>) -> Result<Redeemed> {
        Ok(self.state().deliveries.finish(ticket, sealed_answer))
    }

    async fn abandon(&self, ticket: &Ticket) -> Result<Redeemed> {
        Ok(self.state().deliveries.abandon(ticket))
    }

    async fn purge(&self, org: &OrgId, before: DateTime<Utc>, limit: usize) -> Result<u64> {
        Ok(self.state().deliveries.purge(org, before, limit))
    }
}

impl Deliveries {
    fn begin(&mut self, delivery: &Delivery) -> Begun {
        let Some(control) = delivery.control_key else {
            let ticket = Ticket { org: delivery.org.clone(), fence: None };
            return Begun::New { ticket, control_id_reused: false, taken_over: false };
        };
        let key = (delivery.org.clone(), control);
        let known = self.known.get(&key);
        let control_id_reused =
            known.is_some_and(|known| known.keys().any(|content| *content != delivery.content_hash));
        let earlier = known.and_then(|known| known.get(&delivery.content_hash)).copied();
        let mut taken_over = false;
        if let Some(fence) = earlier
            && let Some(row) = self.by_fence.get(&fence)
        {
            match &row.answer {
                Some(answer) if row.received_at > delivery.since => {
                    return Begun::Resend { answer: answer.clone() };
                }
                None if row.lease_until > delivery.received_at => {
                    return Begun::InProgress { until: row.lease_until };
                }
                answer => taken_over = answer.is_none(),
            }
            self.by_fence.remove(&fence);
        }
        let ticket = Ticket { org: delivery.org.clone(), fence: Some(self.reserve(key, delivery)) };
        Begun::New { ticket, control_id_reused, taken_over }
    }

    fn reserve(&mut self, key: ControlKey, delivery: &Delivery) -> u64 {
        self.last += 1;
        self.known.entry(key.clone()).or_default().insert(delivery.content_hash, self.last);
        let row = Row {
            key,
            content: delivery.content_hash,
            received_at: delivery.received_at,
            lease_until: delivery.lease_until,
            answer: None,
        };
        self.by_fence.insert(self.last, row);
        self.last
    }

    fn finish(&mut self, ticket: &Ticket, answer: Vec<u8>) -> Redeemed {
        let Some(fence) = ticket.fence else { return Redeemed::Done };
        match self.by_fence.get_mut(&fence).filter(|row| row.key.0 == ticket.org) {
            Some(row) => {
                row.answer.get_or_insert(answer);
                Redeemed::Done
            }
            None => Redeemed::Stale,
        }
    }

    fn abandon(&mut self, ticket: &Ticket) -> Redeemed {
        let Some(fence) = ticket.fence else { return Redeemed::Done };
        let open = |row: &&Row| row.key.0 == ticket.org && row.answer.is_none();
        if self.by_fence.get(&fence).filter(open).is_none() {
            return Redeemed::Stale;
        }
        self.forget(fence);
        Redeemed::Done
    }

    fn purge(&mut self, org: &OrgId, before: DateTime<Utc>, limit: usize) -> u64 {
        let old = |row: &Row| {
            row.key.0 == *org
                && row.received_at < before
                && (row.answer.is_some() || row.lease_until < before)
        };
        let mut old: Vec<_> = self
            .by_fence
            .iter()
            .filter(|(_, row)| old(row))
            .map(|(fence, row)| (row.received_at, *fence))
            .collect();
        old.sort_unstable();
        old.truncate(limit);
        for (_, fence) in &old {
            self.forget(*fence);
        }
        old.len() as u64
    }

    fn forget(&mut self, fence: u64) {
        let Some(row) = self.by_fence.remove(&fence) else { return };
        if let Some(known) = self.known.get_mut(&row.key) {
            known.remove(&row.content);
            if known.is_empty() {
                self.known.remove(&row.key);
            }
        }
    }
}
