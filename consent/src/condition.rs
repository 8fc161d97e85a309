//! Which data an obligation is about.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::decide::Level;
use crate::facts::Facts;
use crate::model::data::{DataFilter, DataRef, Dates, Span};

/// Data, described by the elements of a provision: they must fit all of them, and none of the exceptions.
///
/// As JSON: the elements that are there (`labels`, `data_classes`, `resource_types`, `profiles`, `document_types`,
/// `codes`, `data_period`, `data`, `authors`), inside a list one is enough; `and` for further elements that must fit too;
/// `except`; and `consent` and `path`, where it comes from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Condition {
    pub(crate) filters: Vec<DataFilter>,
    pub(crate) except: Vec<Self>,
    pub(crate) consent: Arc<str>,
    pub(crate) path: Arc<str>,
}

/// What a condition is for: a permit keeps what surely fits, a denial leaves out what may fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Permit,
    Deny,
}

impl Condition {
    /// The consent that it comes from.
    #[must_use]
    pub fn consent(&self) -> &str {
        &self.consent
    }

    /// The provision that it comes from.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it is about all data.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.filters.is_empty() && self.except.is_empty()
    }

    pub(crate) fn level(&self, facts: &Facts<'_>, side: Side) -> Level {
        let of_side = |filter: &DataFilter| match side {
            Side::Permit => filter.fit(facts).least,
            Side::Deny => filter.fit(facts).most,
        };
        let other = match side {
            Side::Permit => Side::Deny,
            Side::Deny => Side::Permit,
        };
        let fits = self.filters.iter().map(of_side).fold(Level::YES, |all, one| all & one);
        let excepted =
            self.except.iter().map(|one| one.level(facts, other)).fold(Level::NO, |all, one| all | one);
        fits & !excepted
    }

    /// Whether all that fits `self` fits `other`, as far as can be told from the lists.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let bounded = |bound: &DataFilter| self.filters.iter().any(|filter| filter.is_within(bound));
        other.except.is_empty() && other.filters.iter().all(bounded)
    }

    /// How many conditions it is made of.
    pub(crate) fn size(&self) -> usize {
        self.except.iter().map(Self::size).fold(1, usize::saturating_add)
    }
}

/// Where it comes from; what it says is for [`Serialize`].
impl std::fmt::Debug for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Condition");
        shown.field("consent", &self.consent).field("path", &self.path).field("except", &self.except);
        shown.finish_non_exhaustive()
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut filters = self.filters.iter();
        if let Some(first) = filters.next() {
            elements(first, &mut map)?;
        }
        let further: Vec<Elements<'_>> = filters.map(Elements).collect();
        entry(&mut map, "and", &further, further.is_empty())?;
        entry(&mut map, "except", &self.except, self.except.is_empty())?;
        entry(&mut map, "consent", &self.consent, self.consent.is_empty())?;
        entry(&mut map, "path", &self.path, self.path.is_empty())?;
        map.end()
    }
}

struct Elements<'a>(&'a DataFilter);

impl Serialize for Elements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        elements(self.0, &mut map)?;
        map.end()
    }
}

fn elements<M: SerializeMap>(filter: &DataFilter, map: &mut M) -> Result<(), M::Error> {
    let types: Vec<&str> =
        filter.classes.types.iter().map(|name| &**name).filter(|name| !name.is_empty()).collect();
    entry(map, "labels", &filter.labels.codings(), filter.labels.codings().is_empty())?;
    entry(map, "data_classes", &filter.classes.known, filter.classes.known.is_empty())?;
    entry(map, "resource_types", &types, types.is_empty())?;
    entry(map, "profiles", &filter.classes.profiles, filter.classes.profiles.is_empty())?;
    entry(map, "document_types", &filter.classes.documents, filter.classes.documents.is_empty())?;
    entry(map, "codes", &filter.codes.codings, filter.codes.codings.is_empty())?;
    if let Dates::Within(span) = filter.dates {
        map.serialize_entry("data_period", &Bounds(span))?;
    }
    entry(map, "data", &Refs(&filter.data.refs), filter.data.refs.is_empty())?;
    entry(map, "authors", &Refs(&filter.authors.refs), filter.authors.refs.is_empty())?;
    entry(map, "unknown", &true, !filter.has_unknown())
}

fn entry<M: SerializeMap>(
    map: &mut M,
    name: &str,
    value: &impl Serialize,
    is_empty: bool,
) -> Result<(), M::Error> {
    if is_empty { Ok(()) } else { map.serialize_entry(name, value) }
}

struct Refs<'a>(&'a [DataRef]);

impl Serialize for Refs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let one =
            |named: &DataRef| serde_json::json!({"meaning": named.meaning, "reference": named.reference});
        serializer.collect_seq(self.0.iter().map(one))
    }
}

/// A half-open stretch of time: `start` is the first instant, `end` the first after it.
struct Bounds(Span);

impl Serialize for Bounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        entry(&mut map, "start", &self.0.start, self.0.start.is_none())?;
        entry(&mut map, "end", &self.0.end, self.0.end.is_none())?;
        map.end()
    }
}
