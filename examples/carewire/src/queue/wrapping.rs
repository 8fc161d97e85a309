//! The store, with jobs that are for a queue elsewhere.

use std::sync::Arc;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::relay::wrap;
use carewire_sync_engine::{
    Intake, MessageId, MessageState, NewMessage, NewOutbound, OutboundState, OutboundTally, Outbox, Posted,
    Receipt, Result, StoredMessage, StoredOutbound, Tally,
};
use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::store::AllStores;

/// Wraps the jobs that are committed with messages, and wakes the relay. Everything else is the store's.
#[derive(Debug)]
pub(super) struct Wrapping {
    pub(super) store: Arc<dyn AllStores>,
    pub(super) wake: Arc<Notify>,
}

#[async_trait]
impl Intake for Wrapping {
    async fn accept(&self, mut message: NewMessage) -> Result<Receipt> {
        message.jobs = message.jobs.iter().map(wrap).collect::<Result<_>>()?;
        let receipt = self.store.accept(message).await?;
        self.wake.notify_one();
        Ok(receipt)
    }

    async fn load(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredMessage>> {
        self.store.load(org, id).await
    }

    async fn settle(&self, org: &OrgId, ids: &[MessageId], state: MessageState) -> Result<()> {
        Intake::settle(&*self.store, org, ids, state).await
    }

    async fn tally(&self, org: &OrgId) -> Result<Tally> {
        self.store.tally(org).await
    }
}

#[async_trait]
impl Outbox for Wrapping {
    async fn post(&self, mut message: NewOutbound) -> Result<Posted> {
        message.job = wrap(&message.job)?;
        let posted = self.store.post(message).await?;
        self.wake.notify_one();
        Ok(posted)
    }

    async fn outbound(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredOutbound>> {
        self.store.outbound(org, id).await
    }

    async fn mark(
        &self,
        org: &OrgId,
        id: &MessageId,
        state: OutboundState,
        sealed_answer: Option<Vec<u8>>,
    ) -> Result<()> {
        self.store.mark(org, id, state, sealed_answer).await
    }

    async fn outbound_tally(&self, org: &OrgId, destination: &str) -> Result<OutboundTally> {
        self.store.outbound_tally(org, destination).await
    }

    async fn remove_outbound(
        &self,
        org: &OrgId,
        state: OutboundState,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<u64> {
        self.store.remove_outbound(org, state, before, limit).await
    }
}
