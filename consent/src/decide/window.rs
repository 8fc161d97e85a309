//! The time around an instant in which no decision changes by itself.

use chrono::{DateTime, Utc};

/// The time around an instant in which no period begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The last boundary at or before the instant.
    pub(crate) from: Option<DateTime<Utc>>,
    /// The first boundary after it.
    pub(crate) until: Option<DateTime<Utc>>,
}

impl Window {
    pub(crate) fn around(now: DateTime<Utc>, boundaries: impl Iterator<Item = DateTime<Utc>>) -> Self {
        let none = Self { from: None, until: None };
        boundaries.fold(none, |window, at| match at <= now {
            true => Self { from: window.from.max(Some(at)), ..window },
            false => Self { until: Some(window.until.map_or(at, |until| until.min(at))), ..window },
        })
    }

    pub(crate) fn contains(&self, now: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}
