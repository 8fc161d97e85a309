//! Messages and jobs for the tests of this folder.
#![expect(clippy::unwrap_used, reason = "fixed values that are known to be valid")]

use std::collections::BTreeMap;
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{BlindKey, ClaimOptions, Format, MessageId, MessageState, NewJob, NewMessage};
use chrono::{DateTime, TimeDelta, Utc};

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::seconds(seconds)
}

pub(crate) fn org() -> OrgId {
    OrgId::new("org_a").unwrap()
}

pub(crate) fn job(key: Option<BlindKey>, message: &str) -> NewJob {
    NewJob {
        ordering_keys: key.into_iter().collect(),
        refs: BTreeMap::from([("message".into(), message.into())]),
        ..NewJob::new(org(), "sync", "message", CorrelationId::new(message).unwrap(), at(0))
    }
}

/// A message of 2 kB whose keys are made from `name`.
pub(crate) fn message(name: &str) -> NewMessage {
    NewMessage {
        org: org(),
        id: MessageId::new(name),
        correlation: CorrelationId::new(name).unwrap(),
        format: Format::Hl7v2,
        message_type: Some("ADT^A01".into()),
        control_key: Some(key(name, 1)),
        content_hash: key(name, 2),
        sealed: vec![0xab; 2000],
        sealed_ack: vec![0xcd; 200],
        received_at: at(0),
        resend_since: at(-3600),
        state: MessageState::Received,
        jobs: vec![job(Some(key(name, 3)), name)],
    }
}

/// Differs with the name and the use.
pub(crate) fn key(name: &str, purpose: u64) -> BlindKey {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut bytes = Vec::new();
    for part in 0..4_u64 {
        let mut hasher = DefaultHasher::new();
        (name, purpose, part).hash(&mut hasher);
        bytes.extend(hasher.finish().to_be_bytes());
    }
    BlindKey(bytes.try_into().unwrap())
}

pub(crate) fn claim(limit: usize) -> ClaimOptions {
    ClaimOptions { queue: "sync".into(), limit, lease: Duration::from_secs(30), now: at(1) }
}
