//! What silence and the explicit null mean.

use std::collections::BTreeMap;

/// What it means that a message does not say an element that it could have said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Absence {
    /// Nothing: what is known stays.
    #[default]
    Keep,
    /// That there is no value: the sender says all it knows in every message.
    Snapshot,
}

/// What the explicit null, `""`, means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Null {
    /// That there is no value: what is known is cleared.
    #[default]
    Clear,
    /// Nothing: some senders write it for any empty field. The end of a link (`Patient.link`) is an event, no null, and
    /// holds.
    Ignore,
}

/// How the messages of a sender are to be read.
///
/// ```
/// use carewire_hl7_v2::fhir::{Absence, SettlePolicy};
/// let policy = SettlePolicy::default().with_absence_of("Encounter", Absence::Snapshot);
/// assert_eq!(policy.absence("Encounter"), Absence::Snapshot);
/// assert_eq!(policy.absence("Patient"), Absence::Keep);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettlePolicy {
    /// What silence means, for the types that [`by_type`](Self::by_type) does not name.
    pub absence: Absence,
    /// What the explicit null means.
    pub null: Null,
    /// What silence means for single resource types.
    pub by_type: BTreeMap<String, Absence>,
}

impl SettlePolicy {
    /// What silence means.
    #[must_use]
    pub fn with_absence(self, absence: Absence) -> Self {
        Self { absence, ..self }
    }

    /// What silence means for one resource type.
    #[must_use]
    pub fn with_absence_of(mut self, resource_type: impl Into<String>, absence: Absence) -> Self {
        self.by_type.insert(resource_type.into(), absence);
        self
    }

    /// What the explicit null means.
    #[must_use]
    pub fn with_null(self, null: Null) -> Self {
        Self { null, ..self }
    }

    /// What silence means for a resource type.
    #[must_use]
    pub fn absence(&self, resource_type: &str) -> Absence {
        self.by_type.get(resource_type).copied().unwrap_or(self.absence)
    }
}
