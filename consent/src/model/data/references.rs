//! The data that a provision names by reference.

use serde::{Deserialize, Serialize};

use crate::decide::Fit;
use crate::facts::Facts;
use crate::model::{Name, Sameness};

/// How data stand to what a provision names (FHIR `consent-data-meaning`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Meaning {
    /// They are it.
    Instance,
    /// They are it, or refer to it.
    Related,
    /// They refer to it, directly or by others.
    Dependents,
    /// It wrote them.
    AuthoredBy,
}

/// Data by reference.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DataRef {
    pub(crate) meaning: Meaning,
    pub(crate) reference: Box<str>,
}

impl std::fmt::Debug for DataRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DataRef({:?})", self.meaning)
    }
}

/// References to one of which data must stand as is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DataRefs {
    pub(crate) refs: Box<[DataRef]>,
    has_unknown: bool,
}

impl DataRefs {
    pub(crate) fn new(refs: Vec<DataRef>, has_unknown: bool) -> Self {
        Self { refs: refs.into(), has_unknown }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.refs.is_empty() && !self.has_unknown
    }

    pub(crate) fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    pub(crate) fn fit(&self, facts: &Facts<'_>) -> Fit {
        if self.is_empty() {
            return Fit::YES;
        }
        let unknown = if self.has_unknown { Fit::UNKNOWN } else { Fit::NO };
        self.refs.iter().map(|named| named.fit(facts)).fold(unknown, |all, one| all | one)
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        other.is_empty()
            || (!self.is_empty()
                && !self.has_unknown
                && self.refs.iter().all(|named| other.refs.contains(named)))
    }
}

impl DataRef {
    fn fit(&self, facts: &Facts<'_>) -> Fit {
        let Some(resource) = facts.resource else { return Fit::OPEN };
        let among = |references: &[Box<str>]| {
            references
                .iter()
                .map(|reference| same(&self.reference, reference))
                .fold(Fit::NO, |all, one| all | one)
        };
        let itself = || resource.reference.as_ref().map_or(Fit::OPEN, |own| same(&self.reference, own));
        match self.meaning {
            Meaning::Instance => itself(),
            Meaning::Related => itself() | among(&resource.references),
            // What refers to it by way of others cannot be seen from one resource.
            Meaning::Dependents => match among(&resource.references) {
                Fit::YES => Fit::YES,
                _ => Fit::OPEN,
            },
            Meaning::AuthoredBy if resource.authors.is_empty() => Fit::OPEN,
            Meaning::AuthoredBy => among(&resource.authors),
        }
    }
}

fn same(named: &str, found: &str) -> Fit {
    match Name::of(named).compare(Name::of(found)) {
        Sameness::Same => Fit::YES,
        Sameness::Perhaps => Fit::UNKNOWN,
        Sameness::Other => Fit::NO,
    }
}
