//! The intake in memory.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::{MemoryStore, State};
use crate::{
    BlindKey, Error, Intake, MessageId, MessageState, NewMessage, Receipt, Result, StoredMessage, Tally,
};

#[derive(Default)]
pub(super) struct Messages {
    last: i64,
    rows: BTreeMap<MessageId, Row>,
    by_control_key: HashMap<(OrgId, BlindKey), Vec<MessageId>>,
}

/// A received message without its job.
struct Row {
    sequence: i64,
    message: NewMessage,
}

impl Row {
    fn view(&self) -> StoredMessage {
        StoredMessage {
            id: self.message.id.clone(),
            sequence: self.sequence,
            correlation: self.message.correlation.clone(),
            format: self.message.format,
            message_type: self.message.message_type.clone(),
            received_at: self.message.received_at,
            state: self.message.state,
            sealed: self.message.sealed.clone(),
        }
    }
}

#[async_trait]
impl Intake for MemoryStore {
    async fn accept(&self, mut message: NewMessage) -> Result<Receipt> {
        let State { messages, jobs, .. } = &mut *self.state();
        let earlier = messages.with_control_key(&message);
        if let Some(first) = first_reception(&earlier, message.content_hash, message.resend_since) {
            return Ok(Receipt::Resend {
                first: first.message.id.clone(),
                sealed_ack: first.message.sealed_ack.clone(),
            });
        }
        let control_id_reused = earlier.iter().any(|row| row.message.content_hash != message.content_hash);
        if messages.rows.contains_key(&message.id) {
            return Err(Error::Conflict { what: "message" });
        }
        if message.jobs.iter().any(|job| job.org != message.org) {
            return Err(Error::Conflict { what: "job" });
        }
        jobs.enqueue(std::mem::take(&mut message.jobs))?;
        Ok(Receipt::Stored { sequence: messages.insert(message), control_id_reused })
    }

    async fn load(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredMessage>> {
        let state = self.state();
        Ok(state.messages.rows.get(id).filter(|row| row.message.org == *org).map(Row::view))
    }

    async fn settle(&self, org: &OrgId, ids: &[MessageId], state: MessageState) -> Result<()> {
        let rows = &mut self.state().messages.rows;
        let known = |id| rows.get(id).is_some_and(|row| row.message.org == *org);
        if !ids.iter().all(known) {
            return Err(Error::NotFound { what: "message" });
        }
        for id in ids {
            if let Some(row) = rows.get_mut(id) {
                row.message.state = state;
            }
        }
        Ok(())
    }

    async fn tally(&self, org: &OrgId) -> Result<Tally> {
        let mut tally = Tally::default();
        for row in self.state().messages.rows.values().filter(|row| row.message.org == *org) {
            *tally.of_mut(row.message.state) += 1;
        }
        Ok(tally)
    }
}

impl Messages {
    /// Earlier receptions of the same org with the same control key, oldest first.
    fn with_control_key(&self, message: &NewMessage) -> Vec<&Row> {
        let Some(key) = message.control_key else { return Vec::new() };
        let ids = self.by_control_key.get(&(message.org.clone(), key));
        ids.into_iter().flatten().filter_map(|id| self.rows.get(id)).collect()
    }

    fn insert(&mut self, message: NewMessage) -> i64 {
        self.last += 1;
        if let Some(key) = message.control_key {
            self.by_control_key.entry((message.org.clone(), key)).or_default().push(message.id.clone());
        }
        self.rows.insert(message.id.clone(), Row { sequence: self.last, message });
        self.last
    }
}

fn first_reception<'a>(earlier: &[&'a Row], content: BlindKey, since: DateTime<Utc>) -> Option<&'a Row> {
    let same = |row: &&&Row| row.message.content_hash == content && row.message.received_at > since;
    earlier.iter().find(same).copied()
}
