//! The codes of a provision.

use crate::decide::Fit;
use crate::facts::Facts;
use crate::model::Coding;

/// Codes of which data must hold one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    pub(crate) codings: Box<[Coding]>,
    has_unknown: bool,
}

impl Codes {
    pub(crate) fn new(codings: Vec<Coding>, has_unknown: bool) -> Self {
        Self { codings: codings.into(), has_unknown }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.codings.is_empty() && !self.has_unknown
    }

    pub(crate) fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    pub(crate) fn fit(&self, facts: &Facts<'_>) -> Fit {
        if self.is_empty() {
            return Fit::YES;
        }
        let unknown = if self.has_unknown { Fit::UNKNOWN } else { Fit::NO };
        let Some(resource) = facts.resource else { return unknown | Fit::OPEN };
        let found = |coding: &Coding| match () {
            () if resource.codings.iter().any(|own| own.is(coding)) => Fit::YES,
            () if resource.codings.iter().any(|own| own.may_be(coding)) => Fit::UNKNOWN,
            () => Fit::NO,
        };
        self.codings.iter().map(found).fold(unknown, |all, one| all | one)
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        other.is_empty()
            || (!self.is_empty()
                && !self.has_unknown
                && self.codings.iter().all(|coding| other.codings.contains(coding)))
    }
}
