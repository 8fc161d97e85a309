//! When a schedule fires: pure, the instants are arguments.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::parser::{CronParser, Seconds};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A cron pattern in a time zone.
///
/// Five fields (minute, hour, day of month, month, day of week) as crontab(5) has them, with names of months and days, `L`,
/// `W` and `#`; or six, the first for seconds. In summer time the behaviour is Vixie cron's: what names its hour runs once on
/// the day of a change (after the gap, or in the first of two equal hours), what runs in intervals follows the clock on the
/// wall.
///
/// ```
/// use carewire_sync_engine::Cron;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let nightly = Cron::parse("0 3 * * *", Some("Europe/Berlin"))?;
/// let summer = "2026-07-01T12:00:00Z".parse()?;
/// assert_eq!(nightly.after(summer).unwrap().to_rfc3339(), "2026-07-02T01:00:00+00:00");
/// assert!(Cron::parse("0 25 * * *", None).is_err());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Cron {
    written: Written,
    pattern: croner::Cron,
    zone: Tz,
}

/// What is stored of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    pattern: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
}

impl Cron {
    /// Reads a pattern, in a zone of the IANA database (UTC where none is named).
    ///
    /// # Errors
    /// [`Error::Invalid`]: not a pattern, or not a zone.
    pub fn parse(pattern: &str, zone: Option<&str>) -> Result<Self> {
        let written = Written { pattern: pattern.to_owned(), zone: zone.map(str::to_owned) };
        let zone = zone.map_or(Ok(Tz::UTC), Tz::from_str);
        let zone =
            zone.map_err(|_| Error::Invalid { what: "a time zone that is not in the IANA database" })?;
        let parser = CronParser::builder().seconds(Seconds::Optional).build();
        let pattern = parser
            .parse(pattern)
            .map_err(|_| Error::Invalid { what: "a pattern that cron does not know" })?;
        Ok(Self { written, pattern, zone })
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.written.pattern
    }

    /// The name of the zone, if one was named.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        self.written.zone.as_deref()
    }

    /// The first instant after the given one at which it fires; `None` if it never does again (30 February).
    #[must_use]
    pub fn after(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = instant.with_timezone(&self.zone);
        self.pattern.find_next_occurrence(&local, false).ok().map(|next| next.with_timezone(&Utc))
    }

    /// The last instant at which it fired, the given one included.
    #[must_use]
    pub(super) fn last_until(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = instant.with_timezone(&self.zone);
        self.pattern.find_previous_occurrence(&local, true).ok().map(|last| last.with_timezone(&Utc))
    }
}

impl TryFrom<Written> for Cron {
    type Error = Error;

    fn try_from(written: Written) -> Result<Self> {
        Self::parse(&written.pattern, written.zone.as_deref())
    }
}

impl From<Cron> for Written {
    fn from(cron: Cron) -> Self {
        cron.written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn next(pattern: &str, zone: &str, after: &str) -> String {
        Cron::parse(pattern, Some(zone)).unwrap().after(at(after)).unwrap().to_rfc3339()
    }

    #[test]
    fn a_time_that_a_day_does_not_have_comes_after_the_gap() {
        let next = next("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z");
        assert_eq!(next, "2026-03-29T01:00:00+00:00", "3:00 in Berlin, since 2:30 is not there");
    }

    #[test]
    fn a_time_that_a_day_has_twice_comes_once() {
        let cron = Cron::parse("30 2 * * *", Some("Europe/Berlin")).unwrap();
        let first = cron.after(at("2026-10-24T12:00:00Z")).unwrap();
        assert_eq!(first, at("2026-10-25T00:30:00Z"));
        assert_eq!(cron.after(first), Some(at("2026-10-26T01:30:00Z")));
    }

    #[test]
    fn the_last_occurrence_includes_the_instant() {
        let cron = Cron::parse("0 3 * * *", None).unwrap();
        assert_eq!(cron.last_until(at("2026-01-02T03:00:00Z")), Some(at("2026-01-02T03:00:00Z")));
        assert_eq!(cron.last_until(at("2026-01-02T02:59:59Z")), Some(at("2026-01-01T03:00:00Z")));
    }

    #[test]
    fn what_never_comes_is_none() {
        let cron = Cron::parse("0 0 30 2 *", None).unwrap();
        assert_eq!(cron.after(at("2026-01-01T00:00:00Z")), None);
    }

    #[test]
    fn it_survives_serialization() {
        let cron = Cron::parse("*/10 * * * * *", Some("Asia/Kolkata")).unwrap();
        let json = serde_json::to_string(&cron).unwrap();
        assert_eq!(json, r#"{"pattern":"*/10 * * * * *","zone":"Asia/Kolkata"}"#);
        assert_eq!(serde_json::from_str::<Cron>(&json).unwrap(), cron);
        assert!(serde_json::from_str::<Cron>(r#"{"pattern":"nonsense"}"#).is_err());
        assert!(Cron::parse("* * * * *", Some("Mars/Olympus")).is_err());
    }
}
