//! The outbox in memory.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::{MemoryStore, State};
use crate::{
    BlindKey, Error, MessageId, NewOutbound, OutboundState, OutboundTally, Outbox, Posted, Result,
    StoredOutbound,
};

#[derive(Default)]
pub(super) struct Outbound {
    last: i64,
    rows: BTreeMap<i64, Row>,
    ids: HashMap<MessageId, i64>,
    /// The postings under each control key, oldest first.
    known: HashMap<(OrgId, BlindKey), Vec<i64>>,
}

struct Row {
    org: OrgId,
    control_key: BlindKey,
    content_hash: BlindKey,
    stored: StoredOutbound,
}

#[async_trait]
impl Outbox for MemoryStore {
    async fn post(&self, message: NewOutbound) -> Result<Posted> {
        let State { outbound, jobs, .. } = &mut *self.state();
        let earlier = outbound.with_control_key(&message.org, message.control_key);
        let same = |row: &&&Row| {
            row.content_hash == message.content_hash && row.stored.enqueued_at > message.known_since
        };
        if let Some(first) = earlier.iter().find(same) {
            return Ok(Posted::Known { first: first.stored.id.clone() });
        }
        let control_id_reused = earlier.iter().any(|row| row.content_hash != message.content_hash);
        if outbound.ids.contains_key(&message.id) {
            return Err(Error::Conflict { what: "message" });
        }
        if message.job.org != message.org {
            return Err(Error::Conflict { what: "job" });
        }
        jobs.enqueue(vec![message.job.clone()])?;
        Ok(Posted::Stored { sequence: outbound.insert(message), control_id_reused })
    }

    async fn outbound(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredOutbound>> {
        Ok(self.state().outbound.get(org, id).map(|row| copy(&row.stored)))
    }

    async fn mark(
        &self,
        org: &OrgId,
        id: &MessageId,
        state: OutboundState,
        sealed_answer: Option<Vec<u8>>,
    ) -> Result<()> {
        let outbound = &mut self.state().outbound;
        let row = outbound.get_mut(org, id).ok_or(Error::NotFound { what: "message" })?;
        if row.stored.state != OutboundState::Delivered {
            row.stored.state = state;
            row.stored.sealed_answer = sealed_answer.or(row.stored.sealed_answer.take());
        }
        Ok(())
    }

    async fn outbound_tally(&self, org: &OrgId, destination: &str) -> Result<OutboundTally> {
        let mut tally = OutboundTally::default();
        let of_destination = |row: &&Row| row.org == *org && row.stored.destination == destination;
        for row in self.state().outbound.rows.values().filter(of_destination) {
            *tally.of_mut(row.stored.state) += 1;
        }
        Ok(tally)
    }

    async fn remove_outbound(
        &self,
        org: &OrgId,
        state: OutboundState,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<u64> {
        match state {
            OutboundState::Delivered | OutboundState::Dead => {
                Ok(self.state().outbound.remove(org, state, before, limit))
            }
            OutboundState::Waiting | OutboundState::Held => Err(Error::Conflict { what: "outbound state" }),
        }
    }
}

impl Outbound {
    fn with_control_key(&self, org: &OrgId, key: BlindKey) -> Vec<&Row> {
        let sequences = self.known.get(&(org.clone(), key));
        sequences.into_iter().flatten().filter_map(|sequence| self.rows.get(sequence)).collect()
    }

    fn get(&self, org: &OrgId, id: &MessageId) -> Option<&Row> {
        self.rows.get(self.ids.get(id)?).filter(|row| row.org == *org)
    }

    fn get_mut(&mut self, org: &OrgId, id: &MessageId) -> Option<&mut Row> {
        self.rows.get_mut(self.ids.get(id)?).filter(|row| row.org == *org)
    }

    fn insert(&mut self, message: NewOutbound) -> i64 {
        self.last += 1;
        self.ids.insert(message.id.clone(), self.last);
        self.known.entry((message.org.clone(), message.control_key)).or_default().push(self.last);
        let stored = StoredOutbound {
            id: message.id,
            sequence: self.last,
            correlation: message.correlation,
            destination: message.destination,
            enqueued_at: message.enqueued_at,
            state: OutboundState::Waiting,
            sealed: message.sealed,
            sealed_answer: None,
        };
        let NewOutbound { org, control_key, content_hash, .. } = message;
        self.rows.insert(self.last, Row { org, control_key, content_hash, stored });
        self.last
    }

    fn remove(&mut self, org: &OrgId, state: OutboundState, before: DateTime<Utc>, limit: usize) -> u64 {
        let over =
            |row: &Row| row.org == *org && row.stored.state == state && row.stored.enqueued_at < before;
        let rows = self.rows.iter().filter(|(_, row)| over(row));
        let mut old: Vec<_> = rows.map(|(sequence, row)| (row.stored.enqueued_at, *sequence)).collect();
        old.sort_unstable();
        old.truncate(limit);
        for (_, sequence) in &old {
            let Some(row) = self.rows.remove(sequence) else { continue };
            self.ids.remove(&row.stored.id);
            if let Some(known) = self.known.get_mut(&(row.org, row.control_key)) {
                known.retain(|other| other != sequence);
            }
        }
        old.len() as u64
    }
}

fn copy(stored: &StoredOutbound) -> StoredOutbound {
    StoredOutbound {
        id: stored.id.clone(),
        sequence: stored.sequence,
        correlation: stored.correlation.clone(),
        destination: stored.destination.clone(),
        enqueued_at: stored.enqueued_at,
        state: stored.state,
        sealed: stored.sealed.clone(),
        sealed_answer: stored.sealed_answer.clone(),
    }
}
