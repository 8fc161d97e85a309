//! Ids made from the caller's clock and randomness.

use carewire_deid::Entropy;
use carewire_fhir_core::CorrelationId;
use carewire_sync_engine::{Clock, MessageId};

use crate::{Result, Shared};

impl Shared {
    /// A message id and the correlation id that follows it: the same UUIDv7, so that one leads to the other.
    pub(crate) fn new_ids(&self) -> Result<(MessageId, CorrelationId)> {
        let id = uuid_v7(self.parts.clock.as_ref(), self.parts.entropy.as_ref())?;
        let correlation = CorrelationId::new(&id)?;
        Ok((MessageId::new(id), correlation))
    }
}

/// RFC 9562 section 5.7.
fn uuid_v7(clock: &dyn Clock, entropy: &dyn Entropy) -> Result<String> {
    let millis = u64::try_from(clock.now().timestamp_millis()).unwrap_or(0);
    let mut random = [0_u8; 10];
    entropy.fill(&mut random)?;
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    Ok(id.hyphenated().to_string())
}
