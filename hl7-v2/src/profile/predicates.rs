//! Which conditional elements have a predicate.

use std::collections::HashSet;

use super::ConformanceProfile;
use super::context::Context;
use super::model::{DatatypeProfile, ElementProfile, GroupProfile, ProfileNode, SegmentProfile, Usage};
use super::path::Step;
use super::unsupported::{Notes, UnsupportedReason};
use super::xml::{Document, Element};

/// An element by what it is in and its position there.
type Place<'p> = (Holder<'p>, usize);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Holder<'p> {
    Group(&'p str),
    Segment(&'p str),
    Datatype(&'p str),
}

/// Notes each element of usage C that no predicate is about, and each predicate whose target is nowhere.
pub(super) fn note_missing(profile: &ConformanceProfile, document: &Document, notes: &mut Notes) {
    let mut search = Search { covered: HashSet::new(), conditional: Vec::new(), seen: HashSet::new(), notes };
    for message in &profile.messages {
        search.group(&message.root);
    }
    for segment in &profile.segments {
        search.segment(segment);
    }
    let Search { covered, conditional, notes, .. } = search;
    let places = Places::new(document);
    for place in conditional.into_iter().filter(|place| !covered.contains(place)) {
        let (id, at) = places.find(place);
        let at = at.unwrap_or(&document.root);
        notes.note(UnsupportedReason::MissingPredicate, document.file, at, format!("{id}.{}", place.1));
    }
}

struct Search<'p, 'n> {
    covered: HashSet<Place<'p>>,
    conditional: Vec<Place<'p>>,
    seen: HashSet<Holder<'p>>,
    notes: &'n mut Notes,
}

impl<'p> Search<'p, '_> {
    fn group(&mut self, group: &'p GroupProfile) {
        let holder = Holder::Group(&group.id);
        if !self.seen.insert(holder) {
            return;
        }
        self.cover(&group.context, &Target::Group(group));
        for (index, node) in group.nodes.iter().enumerate() {
            self.add(node.usage(), (holder, index + 1));
            match node {
                ProfileNode::Group(group) => self.group(group),
                ProfileNode::Segment(reference) => self.segment(&reference.segment),
            }
        }
    }

    fn segment(&mut self, segment: &'p SegmentProfile) {
        let holder = Holder::Segment(&segment.id);
        if !self.seen.insert(holder) {
            return;
        }
        self.cover(&segment.context, &Target::Segment(segment));
        self.elements(holder, &segment.fields);
        let cases = segment.mappings.iter().flat_map(|mapping| &mapping.cases);
        cases.for_each(|case| self.datatype(&case.datatype));
        let slices = segment.slicings.iter().flat_map(|slicing| &slicing.slices);
        slices.for_each(|slice| self.datatype(&slice.definition));
    }

    fn datatype(&mut self, datatype: &'p DatatypeProfile) {
        let holder = Holder::Datatype(&datatype.id);
        if !self.seen.insert(holder) {
            return;
        }
        self.cover(&datatype.context, &Target::Datatype(datatype));
        self.elements(holder, &datatype.components);
    }

    fn elements(&mut self, holder: Holder<'p>, elements: &'p [ElementProfile]) {
        for (index, element) in elements.iter().enumerate() {
            self.add(element.usage, (holder, index + 1));
            self.datatype(&element.datatype);
        }
    }

    fn add(&mut self, usage: Usage, place: Place<'p>) {
        if usage == Usage::Conditional {
            self.conditional.push(place);
        }
    }

    fn cover(&mut self, context: &Context, target: &Target<'p>) {
        for predicate in &context.predicates {
            match target.follow(&predicate.target.steps) {
                Some(place) => {
                    self.covered.insert(place);
                }
                None => self.notes.note_at(
                    UnsupportedReason::Path,
                    super::ProfileFile::Constraints,
                    predicate.place,
                    format!("predicate of {}", predicate.target_name()),
                ),
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Target<'p> {
    Group(&'p GroupProfile),
    Segment(&'p SegmentProfile),
    Datatype(&'p DatatypeProfile),
}

impl<'p> Target<'p> {
    fn follow(&self, steps: &[Step]) -> Option<Place<'p>> {
        let (last, before) = steps.split_last()?;
        let mut target = *self;
        for step in before {
            target = target.child(step.position)?;
        }
        target.child(last.position)?;
        Some((target.holder(), last.position))
    }

    fn child(self, position: usize) -> Option<Self> {
        let index = position.checked_sub(1)?;
        Some(match self {
            Self::Group(group) => match group.nodes.get(index)? {
                ProfileNode::Group(group) => Self::Group(group),
                ProfileNode::Segment(reference) => Self::Segment(&reference.segment),
            },
            Self::Segment(segment) => Self::Datatype(&segment.fields.get(index)?.datatype),
            Self::Datatype(datatype) => Self::Datatype(&datatype.components.get(index)?.datatype),
        })
    }

    fn holder(self) -> Holder<'p> {
        match self {
            Self::Group(group) => Holder::Group(&group.id),
            Self::Segment(segment) => Holder::Segment(&segment.id),
            Self::Datatype(datatype) => Holder::Datatype(&datatype.id),
        }
    }
}

/// Where segments and data types are defined in the file.
struct Places<'d> {
    segments: std::collections::HashMap<&'d str, &'d Element>,
    datatypes: std::collections::HashMap<&'d str, &'d Element>,
}

impl<'d> Places<'d> {
    fn new(document: &'d Document) -> Self {
        let by_id = |part: &str| {
            let children = document.root.child(part).map(|part| part.children.as_slice()).unwrap_or_default();
            children.iter().filter_map(|child| Some((child.attribute("ID")?, child))).collect()
        };
        Self { segments: by_id("Segments"), datatypes: by_id("Datatypes") }
    }

    fn find<'p>(&self, (holder, position): Place<'p>) -> (&'p str, Option<&'d Element>) {
        let (id, definition) = match holder {
            Holder::Group(id) => return (id, None),
            Holder::Segment(id) => (id, self.segments.get(id)),
            Holder::Datatype(id) => (id, self.datatypes.get(id)),
        };
        let elements = definition.into_iter().flat_map(|definition| &definition.children);
        let mut elements = elements.filter(|child| matches!(&*child.name, "Field" | "Component"));
        (id, elements.nth(position.saturating_sub(1)))
    }
}
