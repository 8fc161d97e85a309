//! Slicing: segments and repetitions of fields that are checked by another definition, chosen by their number or by an
//! assertion.

use std::collections::HashMap;
use std::sync::Arc;

use super::assertion::{Assertion, Refusal};
use super::binding::Binder;
use super::error::{ProfileError, ProfileFile};
use super::model::{DatatypeProfile, SegmentProfile};
use super::unsupported::{Notes, UnsupportedReason};
use super::xml::{Document, Element, shown};

/// The slices of what is at one position of a group or segment; the first that fits is taken.
#[derive(Debug)]
pub(super) struct Slicing<T> {
    pub(super) position: usize,
    pub(super) slices: Vec<Slice<T>>,
}

/// A definition, and what it is for.
#[derive(Debug)]
pub(super) struct Slice<T> {
    pub(super) chosen_by: Choice,
    pub(super) definition: Arc<T>,
}

#[derive(Debug)]
pub(super) enum Choice {
    /// This one of those at the position.
    Number(usize),
    /// Those of which it holds.
    Assertion(Assertion),
}

pub(super) type SegmentSlicing = Slicing<SegmentProfile>;
pub(super) type FieldSlicing = Slicing<DatatypeProfile>;

/// The slicings of a profile, as read, before it is known what they refer to.
#[derive(Default)]
pub(super) struct Slicings {
    groups: HashMap<(String, String), Vec<Unresolved>>,
    segments: HashMap<String, Vec<Unresolved>>,
}

/// A slice refers to what there is not.
pub(super) struct Nowhere {
    pub(super) id: String,
    pub(super) place: (usize, usize),
}

struct Unresolved {
    position: usize,
    slices: Vec<(Choice, String)>,
    place: (usize, usize),
    used: bool,
}

impl Slicings {
    /// Reads `ProfileSlicing`.
    pub(super) fn read(document: &Document, binder: &mut Binder<'_>) -> Result<Self, ProfileError> {
        let mut slicings = Self::default();
        let root = &document.root;
        binder.notes.children(document.file, root, &["SegmentSlicing", "FieldSlicing", "MetaData"]);
        for message in root.children_named("SegmentSlicing").flat_map(|part| part.children_named("Message")) {
            let id = document.required(message, "ID")?;
            for group in message.children_named("GroupContext") {
                let key = (id.to_owned(), document.required(group, "ID")?.to_owned());
                let read = read_all(document, group, binder)?;
                slicings.groups.entry(key).or_default().extend(read);
            }
        }
        let contexts =
            root.children_named("FieldSlicing").flat_map(|part| part.children_named("SegmentContext"));
        for segment in contexts {
            let id = document.required(segment, "ID")?.to_owned();
            let read = read_all(document, segment, binder)?;
            slicings.segments.entry(id).or_default().extend(read);
        }
        Ok(slicings)
    }

    /// The slicings of a group. `resolve` gives the segment of an id.
    pub(super) fn of_group(
        &mut self,
        message: &str,
        group: &str,
        resolve: impl FnMut(&str) -> Option<Arc<SegmentProfile>>,
    ) -> Result<Vec<SegmentSlicing>, Nowhere> {
        let key = (message.to_owned(), group.to_owned());
        self.groups.get_mut(&key).map_or(Ok(Vec::new()), |found| resolve_all(found, resolve))
    }

    /// The slicings of a segment. `resolve` gives the data type of an id.
    pub(super) fn of_segment(
        &mut self,
        segment: &str,
        resolve: impl FnMut(&str) -> Option<Arc<DatatypeProfile>>,
    ) -> Result<Vec<FieldSlicing>, Nowhere> {
        self.segments.get_mut(segment).map_or(Ok(Vec::new()), |found| resolve_all(found, resolve))
    }

    /// Notes those of groups and segments that the profile does not have.
    pub(super) fn note_unused(&self, notes: &mut Notes) {
        let groups = self.groups.iter().map(|((_, id), found)| (id, found));
        for (id, found) in groups.chain(&self.segments) {
            for unused in found.iter().filter(|slicing| !slicing.used) {
                notes.note_at(UnsupportedReason::Context, ProfileFile::Slicings, unused.place, shown(id));
            }
        }
    }
}

fn resolve_all<T>(
    found: &mut [Unresolved],
    mut resolve: impl FnMut(&str) -> Option<Arc<T>>,
) -> Result<Vec<Slicing<T>>, Nowhere> {
    let mut resolved = Vec::new();
    for slicing in found.iter_mut().filter(|slicing| !slicing.used) {
        slicing.used = true;
        let mut slices = Vec::new();
        for (chosen_by, id) in slicing.slices.drain(..) {
            let definition = resolve(&id).ok_or(Nowhere { id, place: slicing.place })?;
            slices.push(Slice { chosen_by, definition });
        }
        resolved.push(Slicing { position: slicing.position, slices });
    }
    Ok(resolved)
}

fn read_all(
    document: &Document,
    parent: &Element,
    binder: &mut Binder<'_>,
) -> Result<Vec<Unresolved>, ProfileError> {
    binder.notes.children(document.file, parent, &["OccurrenceSlicing", "AssertionSlicing"]);
    let mut read = Vec::new();
    for at in &parent.children {
        let by_number = &*at.name == "OccurrenceSlicing";
        if !by_number && &*at.name != "AssertionSlicing" {
            continue;
        }
        let position = count(document, at, "Position")?;
        let mut slices = Vec::new();
        for slice in at.children_named("Slice") {
            let id = document.required(slice, "Ref")?.to_owned();
            let chosen_by = if by_number {
                Some(Choice::Number(count(document, slice, "Occurrence")?))
            } else {
                read_assertion(document, slice, &id, binder)?
            };
            slices.extend(chosen_by.map(|chosen_by| (chosen_by, id)));
        }
        read.push(Unresolved { position, slices, place: (at.line, at.column), used: false });
    }
    Ok(read)
}

fn read_assertion(
    document: &Document,
    slice: &Element,
    id: &str,
    binder: &mut Binder<'_>,
) -> Result<Option<Choice>, ProfileError> {
    let assertion = document.required_child(slice, "Assertion")?;
    match Assertion::read_in(document, assertion, binder) {
        Ok(assertion) => Ok(Some(Choice::Assertion(assertion))),
        Err(Refusal::Error(error)) => Err(error),
        Err(Refusal::Unsupported(reason)) => {
            binder.notes.note(reason, document.file, slice, id);
            Ok(None)
        }
    }
}

fn count(document: &Document, at: &Element, attribute: &'static str) -> Result<usize, ProfileError> {
    let number = document.required(at, attribute)?.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| document.unreadable(at, attribute))
}
