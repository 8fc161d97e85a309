//! The classes of a provision: classes of data, types of resources, profiles, types of documents.

use crate::DataClass;
use crate::decide::{Fit, Level};
use crate::facts::Facts;
use crate::model::Coding;

/// The bit of data whose class is not said.
pub(crate) const NOT_SAID: u32 = 1 << 31;

/// The bit of data that no class describes.
pub(crate) const NO_CLASS: u32 = 1 << 30;

/// The bit of a class; none for what no consent can permit.
pub(crate) fn bit_of(class: &DataClass) -> Option<u32> {
    DataClass::permittable().position(|known| known == *class).map(|place| 1 << place)
}

/// Classes of which data must have one.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Classes {
    /// Classes of data.
    pub(crate) known: Box<[DataClass]>,
    bits: u32,
    /// Types of resources.
    pub(crate) types: Box<[Box<str>]>,
    /// Profiles that a resource claims.
    pub(crate) profiles: Box<[Box<str>]>,
    /// Types of documents.
    pub(crate) documents: Box<[Coding]>,
    has_unknown: bool,
}

impl std::fmt::Debug for Classes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Classes").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Classes {
    pub(crate) fn new(
        classes: Vec<DataClass>,
        types: Vec<Box<str>>,
        profiles: Vec<Box<str>>,
        documents: Vec<Coding>,
        has_unknown: bool,
    ) -> Self {
        let has_unknown = has_unknown || !classes.iter().all(DataClass::is_permittable);
        let bits = classes.iter().filter_map(bit_of).fold(0, |bits, bit| bits | bit);
        let (types, profiles) = (types.into(), profiles.into());
        Self { known: classes.into(), bits, types, profiles, documents: documents.into(), has_unknown }
    }

    /// Classes of data alone.
    pub(crate) fn of(classes: impl IntoIterator<Item = DataClass>) -> Self {
        Self::new(classes.into_iter().collect(), vec![], vec![], vec![], false)
    }

    /// A list that is there, although nothing fits it.
    pub(crate) fn none() -> Self {
        Self { types: Box::new(["".into()]), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bits == 0
            && !self.has_unknown
            && self.types.is_empty()
            && self.profiles.is_empty()
            && self.documents.is_empty()
    }

    pub(crate) fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    pub(crate) fn fit(&self, facts: &Facts<'_>) -> Fit {
        if self.is_empty() {
            return Fit::YES;
        }
        let not_said = if self.bits == 0 { 0 } else { NOT_SAID };
        let mut fit = Fit::of(Level { sure: self.bits, maybe: self.bits | not_said });
        if self.has_unknown {
            fit = fit | Fit::UNKNOWN;
        }
        if self.names_resources() {
            fit = fit
                | facts.resource.map_or(Fit::OPEN, |resource| {
                    let by_type = self.types.iter().any(|name| **name == *resource.resource_type);
                    let by_profile = self.profiles.iter().any(|profile| resource.profiles.contains(profile));
                    let document = |kind: &Coding| resource.codings.iter().any(|coding| coding.is(kind));
                    (by_type || by_profile || self.documents.iter().any(document)).into()
                });
        }
        fit
    }

    fn names_resources(&self) -> bool {
        let somebody = self.types.iter().any(|name| !name.is_empty());
        somebody || !self.profiles.is_empty() || !self.documents.is_empty()
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        other.is_empty()
            || (!self.is_empty()
                && !self.has_unknown
                && self.bits & !other.bits == 0
                && self.types.iter().all(|name| other.types.contains(name))
                && self.profiles.iter().all(|profile| other.profiles.contains(profile))
                && self.documents.iter().all(|kind| other.documents.contains(kind)))
    }
}
