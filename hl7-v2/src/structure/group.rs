//! One group of a tree.

use std::fmt;
use std::ops::Range;

use super::Tree;
use super::tree::{GroupNode, NONE};
use crate::{GroupStep, Segment, SegmentId};

/// One repetition of a group of a message, or the top level.
///
/// ```
/// use carewire_hl7_v2::dictionary::{Dictionary, Version};
/// use carewire_hl7_v2::structure::Tree;
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let bytes = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01|7|P|2.5.1\rPID|1\rOBR|1\rOBX|1\rNTE|1\rOBX|2\r";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let tree = Tree::of(&message, Dictionary::of(Version::V2_5_1));
/// let note = tree.root().group("PATIENT_RESULT", 1)
///     .and_then(|result| result.group("ORDER_OBSERVATION", 1))
///     .and_then(|order| order.group("OBSERVATION", 1))
///     .and_then(|observation| observation.segment("NTE", 1));
/// assert_eq!(note.map(|note| note.index()), Some(4));
/// let order = tree.groups("PATIENT_RESULT.ORDER_OBSERVATION")?.next().ok_or("no order")?;
/// assert_eq!(order.all_segments_named("OBX").count(), 2);
/// assert_eq!(order.segments_named("OBX").count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Group<'t, 'm> {
    tree: &'t Tree<'m>,
    number: u32,
}

/// What a group consists of.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a group holds segments and groups, and callers match both")]
pub enum Item<'t, 'm> {
    /// A segment.
    Segment(Segment<'m>),
    /// A group in the group.
    Group(Group<'t, 'm>),
}

impl<'t, 'm> Group<'t, 'm> {
    pub(super) fn new(tree: &'t Tree<'m>, number: u32) -> Self {
        Self { tree, number }
    }

    /// The name, as in `ORDER_OBSERVATION`; empty for the top level.
    #[must_use]
    pub fn name(&self) -> &'m str {
        self.node().filter(|_| !self.is_root()).map_or("", |node| node.name)
    }

    /// Which repetition of the group this is in the group around it, from 1.
    #[must_use]
    pub fn occurrence(&self) -> usize {
        self.node().map_or(1, |node| node.occurrence)
    }

    /// Whether it is the top level.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.number == 0
    }

    /// Where it is, as in `PATIENT_RESULT[1].ORDER_OBSERVATION[2]`; empty for the top level.
    #[must_use]
    pub fn path(&self) -> String {
        let mut steps: Vec<String> =
            self.lineage().map(|group| format!("{}[{}]", group.name(), group.occurrence())).collect();
        steps.reverse();
        steps.join(".")
    }

    /// The group around it; `None` for the top level.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let parent = self.node()?.parent;
        self.tree.node(parent).map(|_| Self { number: parent, ..*self })
    }

    /// Its own segments and groups, in order.
    pub fn items(&self) -> impl Iterator<Item = Item<'t, 'm>> + use<'t, 'm> {
        let mut segments = self.segments().peekable();
        let mut groups = self.groups().peekable();
        std::iter::from_fn(move || {
            let segment = segments.peek().map(Segment::index);
            let group = groups.peek().map(|group| group.segment_range().start);
            let is_segment = segment.is_some_and(|at| group.is_none_or(|start| at < start));
            if is_segment { segments.next().map(Item::Segment) } else { groups.next().map(Item::Group) }
        })
    }

    /// Its own segments in order, without those of groups in it; the unexpected ones are among them.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'m>> + Clone + use<'t, 'm> {
        let tree = self.tree;
        let mut next = self.node().map_or(NONE, |node| node.first_segment);
        std::iter::from_fn(move || {
            let index = next as usize;
            next = tree.places.get(index)?.next;
            tree.message.segment_at(index)
        })
    }

    /// Its own segments of this name, in order.
    pub fn segments_named(&self, name: &str) -> impl Iterator<Item = Segment<'m>> + Clone + use<'t, 'm> {
        named(self.segments(), name)
    }

    /// The `occurrence`-th of its own segments of this name, from 1.
    #[must_use]
    pub fn segment(&self, name: &str, occurrence: usize) -> Option<Segment<'m>> {
        self.segments_named(name).nth(occurrence.checked_sub(1)?)
    }

    /// All segments in it and in the groups in it, in order.
    pub fn all_segments(&self) -> impl Iterator<Item = Segment<'m>> + Clone + use<'t, 'm> {
        let (tree, own) = (self.tree, self.is_root());
        let inside =
            move |index: &usize| own || tree.places.get(*index).is_some_and(|place| place.group != 0);
        self.segment_range().filter(inside).filter_map(move |index| tree.message.segment_at(index))
    }

    /// All segments of this name in it and in the groups in it, in order.
    pub fn all_segments_named(&self, name: &str) -> impl Iterator<Item = Segment<'m>> + Clone + use<'t, 'm> {
        named(self.all_segments(), name)
    }

    /// The groups in it, in order.
    pub fn groups(&self) -> impl Iterator<Item = Self> + Clone + use<'t, 'm> {
        let tree = self.tree;
        let mut next = self.node().map_or(NONE, |node| node.first_child);
        std::iter::from_fn(move || {
            let number = next;
            next = tree.node(number)?.next_sibling;
            Some(Self { tree, number })
        })
    }

    /// The groups of this name in it, in order.
    pub fn groups_named<'n>(&self, name: &'n str) -> impl Iterator<Item = Self> + Clone + use<'t, 'm, 'n> {
        self.groups().filter(move |group| group.name() == name)
    }

    /// The `occurrence`-th group of this name in it, from 1.
    #[must_use]
    pub fn group(&self, name: &str, occurrence: usize) -> Option<Self> {
        self.groups_named(name).nth(occurrence.checked_sub(1)?)
    }

    /// The indexes of the segments from its first to behind its last, groups in it included.
    #[must_use]
    pub fn segment_range(&self) -> Range<usize> {
        self.node().map_or(0..0, |node| node.start as usize..node.end as usize)
    }

    /// It and the groups around it, innermost first, without the top level.
    fn lineage(&self) -> impl Iterator<Item = Self> + use<'t, 'm> {
        std::iter::successors(Some(*self), Self::parent).take_while(|group| !group.is_root())
    }

    /// Whether these steps lead to it from the top level.
    pub(super) fn is_at(&self, steps: &[GroupStep]) -> bool {
        let mut steps = steps.iter().rev();
        let is_of = |step: &GroupStep, group: Self| {
            group.name().eq_ignore_ascii_case(step.name()) && step.occurrence().includes(group.occurrence())
        };
        self.lineage().all(|group| steps.next().is_some_and(|step| is_of(step, group)))
            && steps.next().is_none()
    }

    fn node(&self) -> Option<&'t GroupNode<'m>> {
        self.tree.node(self.number)
    }
}

fn named<'m, S>(segments: S, name: &str) -> impl Iterator<Item = Segment<'m>> + Clone + use<'m, S>
where
    S: Iterator<Item = Segment<'m>> + Clone,
{
    let wanted = SegmentId::parse(name);
    segments
        .filter(move |segment| wanted.is_some_and(|wanted| segment.id().is_some_and(|id| id.matches(wanted))))
}

impl fmt::Debug for Group<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Group({}, segments {:?})", self.path(), self.segment_range())
    }
}
