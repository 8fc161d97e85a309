//! The data that a provision names by reference.

use serde::{Deserialize, Serialize};

use crate::decide::Fit;
use crate::facts::Facts;

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
    match same_reference(named, found) {
        Sameness::Same => Fit::YES,
        Sameness::Perhaps => Fit::UNKNOWN,
        Sameness::Other => Fit::NO,
    }
}

/// Whether two references name the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sameness {
    Same,
    /// One is a URL whose end is the other.
    Perhaps,
    Other,
}

/// Compares two references. Versions do not count: what is said of a resource is said of all of its versions.
pub(crate) fn same_reference(one: &str, other: &str) -> Sameness {
    let (one, other) = (unversioned(one), unversioned(other));
    if one == other {
        return Sameness::Same;
    }
    let is_url = |reference: &str| reference.contains("://");
    let names_the_same = type_and_id(one).is_some_and(|named| type_and_id(other) == Some(named));
    if names_the_same && is_url(one) != is_url(other) { Sameness::Perhaps } else { Sameness::Other }
}

/// The type and the id that end a reference to a resource of a server. The id may be longer than FHIR allows, or hold other
/// characters, as the tokens of patients do: this tells what is meant, not what is valid.
pub(crate) fn type_and_id(reference: &str) -> Option<(&str, &str)> {
    let (before, id) = unversioned(reference).rsplit_once('/')?;
    let kind = before.rsplit_once('/').map_or(before, |(_, kind)| kind);
    kind.starts_with(|first: char| first.is_ascii_uppercase()).then_some((kind, id))
}

/// A reference without the version that it names.
pub(crate) fn unversioned(reference: &str) -> &str {
    let address = reference.rsplit_once('/').and_then(|(address, _)| address.strip_suffix("/_history"));
    address.unwrap_or(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_compared_by_what_they_name() {
        let cases = [
            ("Patient/1", "Patient/1", Sameness::Same),
            ("Patient/1", "Patient/1/_history/2", Sameness::Same),
            ("Patient/pt_1", "Patient/pt_1/_history/2", Sameness::Same),
            ("https://a.example/fhir/Patient/pt_1", "Patient/pt_1", Sameness::Perhaps),
            ("https://a.example/fhir/Patient/pt_1", "https://b.example/fhir/Patient/pt_1", Sameness::Other),
            ("https://a.example/fhir/Patient/pt_1", "https://a.example/fhir/Patient/pt_2", Sameness::Other),
            ("x/Patient/1", "Patient/1", Sameness::Other),
            ("Patient/1", "Patient/2", Sameness::Other),
            (
                "https://a.example/fhir/Patient/1",
                "https://a.example/fhir/Patient/1/_history/3",
                Sameness::Same,
            ),
            ("https://a.example/fhir/Patient/1", "https://b.example/fhir/Patient/1", Sameness::Other),
            ("https://a.example/fhir/Patient/1", "Patient/1", Sameness::Perhaps),
            ("urn:uuid:0a0a0a0a-0000-4000-8000-000000000001", "Patient/1", Sameness::Other),
        ];
        for (one, other, expected) in cases {
            assert_eq!(
                (same_reference(one, other), same_reference(other, one)),
                (expected, expected),
                "{one} {other}"
            );
        }
    }
}
