//! A message as a tree of groups.

use std::fmt;

use super::group::{Group, Item};
use super::matcher::Matcher;
use super::{StructureError, TreeOptions, UnknownStructure, select};
use crate::dictionary::Dictionary;
use crate::{Finding, GroupStep, Message, Path, PathError};

/// Stands for "no such group or segment" in the links below.
pub(super) const NONE: u32 = u32::MAX;

/// A message as the tree of groups that its structure describes.
///
/// Every segment is in exactly one group, or at the top level: where the structure has it, or, unexpected, where it
/// was met; for the latter there is a finding. The text of a tree (`Display`) shows names only, with `!` before the
/// unexpected.
///
/// Where several places are possible, a segment goes to the nearest: first further on in the group that is open
/// innermost, then into its next repetition, then the same in the group around it. One rule stands above this: a
/// segment that began a group begins that group again rather than an optional group in it. So the second ORC of an
/// OML^O21 is a second order, not a prior result of the first. A group is begun only by a segment that can be its
/// first; required segments that are missing are passed over inside an open group.
///
/// Where that gives no place: a segment that comes too late for its slot in an open group is put there (not at the top
/// level); one that begins a group that is open begins it once more, though it may not repeat; one that begins a group
/// inside another opens both, though what the outer one begins with is missing (an OBR without its ORC). Any other is
/// left in the group that is open.
///
/// ```
/// use carewire_hl7_v2::dictionary::{Dictionary, Version};
/// use carewire_hl7_v2::structure::Tree;
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let bytes = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01^ORU_R01|7|P|2.5.1\rPID|1\rORC|RE\rOBR|1\rOBX|1\rOBX|2\rOBR|2\rOBX|1\rZDS|1\r";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let tree = Tree::of(&message, Dictionary::of(Version::V2_5_1));
///
/// let orders: Vec<_> = tree.groups("PATIENT_RESULT.ORDER_OBSERVATION(*)")?.collect();
/// assert_eq!(orders.len(), 2);
/// assert_eq!(orders[0].groups_named("OBSERVATION").count(), 2);
/// assert_eq!(orders[1].path(), "PATIENT_RESULT[1].ORDER_OBSERVATION[2]");
/// assert_eq!(orders[1].segments_named("OBR").next().map(|obr| obr.occurrence()), Some(2));
/// assert!(!tree.is_expected(8));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Tree<'m> {
    pub(super) message: &'m Message<'m>,
    pub(super) structure: Option<&'m str>,
    /// In the order in which they began; the first is the message itself.
    pub(super) nodes: Vec<GroupNode<'m>>,
    /// For each segment of the message.
    pub(super) places: Vec<Place>,
    pub(super) findings: Vec<Finding>,
}

/// One group of a message.
#[derive(Clone, Copy)]
pub(super) struct GroupNode<'m> {
    pub(super) name: &'m str,
    pub(super) occurrence: usize,
    pub(super) parent: u32,
    pub(super) next_sibling: u32,
    pub(super) first_child: u32,
    pub(super) last_child: u32,
    pub(super) first_segment: u32,
    pub(super) last_segment: u32,
    /// The segments from here on, until `end`, are in it or in groups in it.
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The place of one segment.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) group: u32,
    /// The next segment of the same group.
    pub(super) next: u32,
    pub(super) expected: bool,
}

impl<'m> Tree<'m> {
    /// The tree of a message. The structure is that of MSH-9.3, or without a known one there, that of MSH-9.1 and
    /// MSH-9.2; without any, all segments stand at the top level and a finding says so.
    #[must_use]
    pub fn of(message: &'m Message<'_>, dictionary: &'m Dictionary) -> Self {
        Self::build(message, select::structure(message, dictionary, None), &TreeOptions::default())
    }

    /// The tree of a message, built in this way.
    ///
    /// # Errors
    /// When the structure is not known and the options refuse that.
    pub fn with_options(
        message: &'m Message<'_>,
        dictionary: &'m Dictionary,
        options: &TreeOptions,
    ) -> Result<Self, StructureError> {
        let structure = select::structure(message, dictionary, options.structure.as_deref());
        match options.unknown_structure {
            UnknownStructure::Refuse if structure.is_none() => Err(StructureError::Unknown),
            _ => Ok(Self::build(message, structure, options)),
        }
    }

    /// The name of the structure, as in `ORU_R01`; `None` when it is not known and the tree is flat.
    #[must_use]
    pub fn structure(&self) -> Option<&'m str> {
        self.structure
    }

    /// The message that it is the tree of.
    #[must_use]
    pub fn message(&self) -> &'m Message<'m> {
        self.message
    }

    /// What is missing, repeated too often or out of place, in the order of the message as far as possible. At most
    /// 1000; a last one stands for the rest.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The same, without the tree.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// The top level: the message itself, as a group without a name.
    #[must_use]
    pub fn root(&self) -> Group<'_, 'm> {
        Group::new(self, 0)
    }

    /// The groups at a [`Path`], in order: `PATIENT_RESULT(*).ORDER_OBSERVATION(*)` names all orders of all patients,
    /// `PATIENT_RESULT.ORDER_OBSERVATION(2)` the second order of the first. Every group on the way is named, from the
    /// top level or from the name of the structure. None when the message has no such group.
    ///
    /// # Errors
    /// When the path cannot be read, or names a place inside a segment.
    pub fn groups<'t, P>(
        &'t self,
        path: P,
    ) -> Result<impl Iterator<Item = Group<'t, 'm>> + use<'t, 'm, P>, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        let mut steps = path.try_into()?.into_steps()?;
        let is_structure = |step: &GroupStep| {
            self.structure.is_some_and(|structure| step.name().eq_ignore_ascii_case(structure))
        };
        if steps.first().is_some_and(is_structure) {
            steps.remove(0);
        }
        let numbers = 1..u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let groups = numbers.map(|number| Group::new(self, number));
        Ok(groups.filter(move |group| group.is_at(&steps)))
    }

    /// The group that the segment with this index is in; the top level is one.
    #[must_use]
    pub fn group_of(&self, segment: usize) -> Option<Group<'_, 'm>> {
        let place = self.places.get(segment)?;
        Some(Group::new(self, place.group))
    }

    /// Whether the structure has the segment with this index at its place.
    #[must_use]
    pub fn is_expected(&self, segment: usize) -> bool {
        self.places.get(segment).is_some_and(|place| place.expected)
    }

    fn build(
        message: &'m Message<'_>,
        structure: Option<select::Selected<'m>>,
        options: &TreeOptions,
    ) -> Self {
        match structure {
            Some(selected) => Matcher::new(message, selected, options).run(),
            None => Self::flat(message),
        }
    }

    fn flat(message: &'m Message<'_>) -> Self {
        let mut tree = Self::empty(message, None);
        for segment in message.segments() {
            tree.attach(0, segment.index(), true);
        }
        tree.finish(0, message.segments().len());
        tree.findings.push(select::unknown(message));
        tree
    }

    pub(super) fn empty(message: &'m Message<'_>, structure: Option<&'m str>) -> Self {
        let places = Vec::with_capacity(message.segments().len());
        let mut tree = Self { message, structure, nodes: Vec::new(), places, findings: Vec::new() };
        tree.open(structure.unwrap_or_default(), 1, NONE, 0);
        tree
    }

    /// Adds a group that begins with the segment `start`.
    pub(super) fn open(&mut self, name: &'m str, occurrence: usize, parent: u32, start: usize) -> u32 {
        let number = link(self.nodes.len());
        let start = link(start);
        self.nodes.push(GroupNode {
            name,
            occurrence,
            parent,
            next_sibling: NONE,
            first_child: NONE,
            last_child: NONE,
            first_segment: NONE,
            last_segment: NONE,
            start,
            end: start,
        });
        let last = self.node(parent).map(|parent| parent.last_child);
        if let Some(last) = last.and_then(|last| self.node_mut(last)) {
            last.next_sibling = number;
        }
        if let Some(parent) = self.node_mut(parent) {
            parent.last_child = number;
            if parent.first_child == NONE {
                parent.first_child = number;
            }
        }
        number
    }

    /// Puts the next segment of the message into a group.
    pub(super) fn attach(&mut self, group: u32, segment: usize, expected: bool) {
        self.places.push(Place { group, next: NONE, expected });
        let segment = link(segment);
        let last = self.node(group).map(|group| group.last_segment);
        if let Some(last) = last.and_then(|last| self.places.get_mut(last as usize)) {
            last.next = segment;
        }
        if let Some(group) = self.node_mut(group) {
            group.last_segment = segment;
            if group.first_segment == NONE {
                group.first_segment = segment;
            }
        }
    }

    /// Ends a group before the segment `end`.
    pub(super) fn finish(&mut self, group: u32, end: usize) {
        if let Some(group) = self.node_mut(group) {
            group.end = link(end);
        }
    }

    pub(super) fn node(&self, number: u32) -> Option<&GroupNode<'m>> {
        self.nodes.get(number as usize)
    }

    fn node_mut(&mut self, number: u32) -> Option<&mut GroupNode<'m>> {
        self.nodes.get_mut(number as usize)
    }
}

/// Messages with more than four thousand million segments do not fit into memory with their tree.
fn link(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.structure.unwrap_or("?"))?;
        let mut open = vec![(0_usize, self.root().items())];
        while let Some((depth, items)) = open.last_mut() {
            let indent = (*depth + 1) * 2;
            match items.next() {
                Some(Item::Segment(segment)) => {
                    let mark = if self.is_expected(segment.index()) { "" } else { "!" };
                    let name = segment.id();
                    let name = name.as_ref().map_or("?", |id| id.as_str());
                    writeln!(f, "{:indent$}{mark}{name}", "")?;
                }
                Some(Item::Group(group)) => {
                    writeln!(f, "{:indent$}{}[{}]", "", group.name(), group.occurrence())?;
                    let depth = *depth + 1;
                    open.push((depth, group.items()));
                }
                None => drop(open.pop()),
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("structure", &self.structure)
            .field("segments", &self.places.len())
            .field("groups", &(self.nodes.len() - 1))
            .field("findings", &self.findings)
            .finish()
    }
}
