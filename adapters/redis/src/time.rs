//! Instants as the scripts know them: microseconds since 1970, as the binary numbers of Lua.

use carewire_sync_engine::{Error, Result};
use chrono::{DateTime, Utc};

/// Exact up to the year 2255.
pub(crate) type Micros = f64;

pub(crate) fn micros(instant: DateTime<Utc>) -> Micros {
    instant.timestamp_micros() as Micros
}

/// The same as an argument of a script.
pub(crate) fn exact(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

pub(crate) fn moment(micros: Micros) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros as i64).ok_or(Error::Corrupt { what: "instant" })
}

/// What a script answers for an instant that need not be.
pub(crate) fn optional_moment(text: &[u8]) -> Result<Option<DateTime<Utc>>> {
    if text.is_empty() {
        return Ok(None);
    }
    let parsed: Option<Micros> = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    parsed.ok_or(Error::Corrupt { what: "instant" }).and_then(moment).map(Some)
}
