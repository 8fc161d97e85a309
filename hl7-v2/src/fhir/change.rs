//! What a message says of a resource beyond the resource itself.

/// How to weigh what a message says of one resource: when it was said, and what it leaves out on purpose.
///
/// `Debug` shows which elements, never the time or the hash.
///
/// ```
/// use carewire_hl7_v2::fhir::Change;
/// let change = Change::new("9f86d081884c7d65")
///     .with_time("2026-03-01T08:30:00Z")
///     .with_cleared(["deceased"])
///     .with_owned(&["name", "birthDate", "deceased"]);
/// assert!(change.cleared.contains(&"deceased"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The instant that orders what is said of the resource, in UTC, so that texts compare as instants do
    /// (`2026-03-01T08:30:00.5Z`). `None` when the message gives no such time.
    pub time: Option<String>,
    /// A hash of the message: of two messages with the same time, the one with the greater hash counts as the later.
    pub tie: String,
    /// The top-level elements to which the message gives the explicit null, `""`. An element with a choice of types may
    /// be called by its stem (`deceased`) or by one of its names; one extension by `extension:` and its URL; one member of
    /// an element that is no list by both names (`period.end`).
    pub cleared: Vec<&'static str>,
    /// The top-level elements that the map could have set in this resource, in the same words.
    pub owned: &'static [&'static str],
}

impl Change {
    /// A change without a time, by a message with this hash.
    #[must_use]
    pub fn new(tie: impl Into<String>) -> Self {
        Self { tie: tie.into(), ..Self::default() }
    }

    /// When it was said.
    #[must_use]
    pub fn with_time(self, time: impl Into<String>) -> Self {
        Self { time: Some(time.into()), ..self }
    }

    /// What the message nulls.
    #[must_use]
    pub fn with_cleared(self, cleared: impl IntoIterator<Item = &'static str>) -> Self {
        Self { cleared: cleared.into_iter().collect(), ..self }
    }

    /// What the message could have said.
    #[must_use]
    pub fn with_owned(self, owned: &'static [&'static str]) -> Self {
        Self { owned, ..self }
    }
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change")
            .field("has_time", &self.time.is_some())
            .field("cleared", &self.cleared)
            .field("owned", &self.owned)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_time_and_no_hash() {
        let change = Change::new("abc123").with_time("1970-01-01T00:00:00Z").with_cleared(["name"]);
        assert_eq!(format!("{change:?}"), r#"Change { has_time: true, cleared: ["name"], owned: [], .. }"#);
    }
}
