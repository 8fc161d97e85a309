//! Between Rust values and columns.

use std::collections::BTreeMap;

use carewire_fhir_core::{CorrelationId, OrgId, PatientToken};
use carewire_sync_engine::BlindKey;
use chrono::{DateTime, Utc};

use crate::error::Failure;

/// Microseconds since 1970: what an INTEGER column holds.
pub(crate) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

pub(crate) fn instant(micros: i64) -> Result<DateTime<Utc>, Failure> {
    DateTime::from_timestamp_micros(micros).ok_or(Failure::Corrupt("instant"))
}

pub(crate) fn org(text: &str) -> Result<OrgId, Failure> {
    OrgId::new(text).map_err(|_| Failure::Corrupt("org"))
}

pub(crate) fn correlation(text: &str) -> Result<CorrelationId, Failure> {
    CorrelationId::new(text).map_err(|_| Failure::Corrupt("correlation id"))
}

pub(crate) fn token(text: &str) -> Result<PatientToken, Failure> {
    PatientToken::new(text).map_err(|_| Failure::Corrupt("patient token"))
}

pub(crate) fn digest(bytes: Vec<u8>) -> Result<[u8; 32], Failure> {
    bytes.try_into().map_err(|_| Failure::Corrupt("hash"))
}

pub(crate) fn blob(key: Option<&BlindKey>) -> Option<&[u8]> {
    key.map(|key| key.0.as_slice())
}

/// Names and values stored as a JSON object.
pub(crate) fn names(json: &str) -> Result<BTreeMap<String, String>, Failure> {
    serde_json::from_str(json).map_err(|_| Failure::Corrupt("names and values"))
}

pub(crate) fn unsigned(number: i64) -> Result<u64, Failure> {
    number.try_into().map_err(|_| Failure::Corrupt("count"))
}

pub(crate) fn small(number: i64) -> Result<u32, Failure> {
    number.try_into().map_err(|_| Failure::Corrupt("count"))
}

/// A limit as SQL knows it.
pub(crate) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// An epoch that no claim reaches is nobody's.
pub(crate) fn epoch(epoch: u64) -> i64 {
    i64::try_from(epoch).unwrap_or(-1)
}
