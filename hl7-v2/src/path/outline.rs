//! Which segments are in which groups, and what a path through groups names.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{GroupStep, Index, Path, Target};
use crate::dictionary::{Dictionary, Node};
use crate::index::Name;
use crate::structure::{Group, Tree, TreeOptions};
use crate::{Message, PathError, Segment, SegmentId};

/// The groups of a message, by the indexes of its segments.
#[derive(Clone, Debug)]
pub(crate) struct Outline<'d> {
    structure: &'d str,
    nodes: &'d [Node],
    /// The kinds of groups that are there: by the kind of the group around it, and the name.
    kinds: BTreeMap<(usize, String), usize>,
    groups: Vec<OutlineGroup>,
    /// The segments that are in groups.
    nested: Vec<usize>,
    /// Those of them with a name, by name.
    nested_by_name: Vec<(Name, usize)>,
    /// All segments with a name, by name.
    by_name: Vec<(Name, usize)>,
}

/// One group. The first is the message itself.
#[derive(Clone, Debug)]
struct OutlineGroup {
    kind: usize,
    parent: Option<usize>,
    /// The groups in it and in those, in order, by kind.
    inner: BTreeMap<usize, Vec<usize>>,
    /// Its own segments with a name, by name.
    own: Vec<(Name, usize)>,
    /// From its first segment to behind its last, groups in it included.
    range: Range<usize>,
}

/// The kind of the message itself.
const TOP: usize = 0;

impl<'d> Outline<'d> {
    /// The groups of a message, in the tree of these options.
    pub(crate) fn of(
        message: &Message<'_>,
        dictionary: &'d Dictionary,
        options: &TreeOptions,
    ) -> Result<Self, PathError> {
        let tree =
            Tree::with_options(message, dictionary, options).map_err(|_| PathError::UnknownStructure)?;
        let definition = tree.structure().and_then(|name| dictionary.structure(name));
        let definition = definition.ok_or(PathError::UnknownStructure)?;
        let root = tree.root();
        let mut outline = Self {
            structure: definition.name(),
            nodes: definition.nodes(),
            kinds: BTreeMap::new(),
            groups: Vec::new(),
            nested: Vec::new(),
            nested_by_name: Vec::new(),
            by_name: by_name(message.segments()),
        };
        let mut waiting = vec![(None, root)];
        while let Some((parent, group)) = waiting.pop() {
            let number = outline.add(parent, group);
            // The stack turns the order round.
            let inner: Vec<_> = group.groups().collect();
            waiting.extend(inner.into_iter().rev().map(|group| (Some(number), group)));
        }
        let mut is_nested = vec![true; message.segments().len()];
        for loose in root.segments() {
            is_nested.get_mut(loose.index()).into_iter().for_each(|nested| *nested = false);
        }
        let nested = || message.segments().filter(|segment| is_nested.get(segment.index()) == Some(&true));
        outline.nested = nested().map(|segment| segment.index()).collect();
        outline.nested_by_name = by_name(nested());
        Ok(outline)
    }

    fn add(&mut self, parent: Option<usize>, group: Group<'_, '_>) -> usize {
        let number = self.groups.len();
        let around = parent.and_then(|parent| self.groups.get(parent));
        let kind = around.map_or(TOP, |around| {
            let next = self.kinds.len() + 1;
            *self.kinds.entry((around.kind, group.name().to_owned())).or_insert(next)
        });
        let mut next = parent;
        while let Some(around) = next.and_then(|around| self.groups.get_mut(around)) {
            around.inner.entry(kind).or_default().push(number);
            next = around.parent;
        }
        let own = by_name(group.segments());
        self.groups.push(OutlineGroup {
            kind,
            parent,
            inner: BTreeMap::new(),
            own,
            range: group.segment_range(),
        });
        number
    }

    /// The indexes of the segments that a path names, with what it names in them.
    pub(crate) fn resolve(
        &self,
        message: &Message<'_>,
        path: &Path,
    ) -> Result<Vec<(usize, Option<Target>)>, PathError> {
        let (groups, nodes) = self.groups_at(path)?;
        let groups = groups.into_iter().filter_map(|group| self.groups.get(group));
        let Some(target) = path.target else {
            return Ok(groups.flat_map(|group| self.all(group)).map(|index| (index, None)).collect());
        };
        let own = has_segment(nodes, target.segment);
        let named = groups.flat_map(|group| {
            chosen(
                if own { group.own(target.segment) } else { self.anywhere(group, target.segment) },
                target.occurrence,
            )
        });
        let found = named.filter_map(|(_, index)| {
            let occurrence = message.segment_at(*index)?.occurrence();
            Some((*index, Some(Target { occurrence: Index::Nth(occurrence), ..target })))
        });
        Ok(found.collect())
    }

    /// Where a segment of this name belongs in the one group at a path: directly behind (true) or before (false)
    /// the segment with this index. `None` when the group is not there.
    pub(crate) fn place_for(
        &self,
        message: &Message<'_>,
        path: &Path,
        id: SegmentId,
    ) -> Result<Option<(usize, bool)>, PathError> {
        let (groups, nodes) = self.groups_at(path)?;
        let [group] = *groups.as_slice() else {
            return if groups.is_empty() { Ok(None) } else { Err(PathError::Every) };
        };
        let Some(group) = self.groups.get(group) else { return Ok(None) };
        let rank = rank_of_segment(nodes, id).ok_or(PathError::NotInGroup)?;
        let own = group.own.iter().filter_map(|(_, index)| {
            let own = message.segment_at(*index)?.id()?;
            Some((rank_of_segment(nodes, own)?, *index))
        });
        let inner = self
            .children(group)
            .filter_map(|(name, child)| Some((rank_of_group(nodes, name)?, self.all(child).next_back()?)));
        let last = own.chain(inner).filter(|(other, _)| *other <= rank).map(|(_, index)| index).max();
        Ok(match last {
            Some(last) => Some((last, true)),
            None => self.all(group).next().map(|first| (first, false)),
        })
    }

    /// The groups at the steps of a path, and what the structure has in such a group.
    fn groups_at(&self, path: &Path) -> Result<(Vec<usize>, &'d [Node]), PathError> {
        let (mut groups, mut nodes) = (vec![0], self.nodes);
        for (step, number) in path.groups.iter().zip(1..) {
            if number == 1 && step.name.eq_ignore_ascii_case(self.structure) {
                continue;
            }
            let way = way_to(nodes, step, number)?;
            let inside = |group: usize| chosen(self.inside(group, &way), step.occurrence);
            groups = groups.into_iter().flat_map(inside).copied().collect();
            nodes = way.last().map(|(_, nodes)| *nodes).unwrap_or_default();
        }
        Ok((groups, nodes))
    }

    /// The groups in a group at the end of a way of names.
    fn inside(&self, group: usize, way: &[(&str, &[Node])]) -> &[usize] {
        let Some(group) = self.groups.get(group) else { return &[] };
        let kind =
            names(way).try_fold(group.kind, |kind, name| self.kinds.get(&(kind, name.to_owned())).copied());
        kind.and_then(|kind| group.inner.get(&kind)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The groups directly in a group, with their names.
    fn children<'o>(&'o self, group: &'o OutlineGroup) -> impl Iterator<Item = (&'o str, &'o OutlineGroup)> {
        let kinds = self.kinds.range((group.kind, String::new())..);
        kinds.take_while(|((around, _), _)| *around == group.kind).flat_map(|((_, name), kind)| {
            let numbers = group.inner.get(kind).map(Vec::as_slice).unwrap_or_default();
            numbers.iter().filter_map(|number| Some((name.as_str(), self.groups.get(*number)?)))
        })
    }

    /// The segments of a group and of the groups in it, in order.
    fn all<'o>(&'o self, group: &OutlineGroup) -> impl DoubleEndedIterator<Item = usize> + use<'o> {
        let everything = group.kind == TOP;
        group.range.clone().filter(move |index| everything || self.nested.binary_search(index).is_ok())
    }

    /// The segments of a name in a group and in the groups in it, in order.
    fn anywhere(&self, group: &OutlineGroup, id: SegmentId) -> &[(Name, usize)] {
        let list = if group.kind == TOP { &self.by_name } else { &self.nested_by_name };
        of_name(list, id, group.range.clone())
    }
}

impl OutlineGroup {
    /// Its own segments of a name, in order.
    fn own(&self, id: SegmentId) -> &[(Name, usize)] {
        of_name(&self.own, id, self.range.clone())
    }
}

/// The segments that have a name, by name and then in order.
fn by_name<'m>(segments: impl Iterator<Item = Segment<'m>>) -> Vec<(Name, usize)> {
    let mut list: Vec<_> =
        segments.filter_map(|segment| Some((Name::of(segment.id()?), segment.index()))).collect();
    list.sort_unstable();
    list
}

/// Those of a name within a range, from a list by name.
fn of_name(list: &[(Name, usize)], id: SegmentId, range: Range<usize>) -> &[(Name, usize)] {
    let name = Name::of(id);
    let start = list.partition_point(|entry| *entry < (name, range.start));
    let end = list.partition_point(|entry| *entry < (name, range.end));
    list.get(start..end).unwrap_or_default()
}

/// All of a list, or the one that is wanted.
fn chosen<T>(list: &[T], wanted: Index) -> &[T] {
    match wanted {
        Index::Every => list,
        Index::Nth(number) => number.checked_sub(1).and_then(|at| list.get(at..=at)).unwrap_or_default(),
    }
}

/// The names of groups from outer to inner, each with what the structure has in it.
type Way<'d> = Vec<(&'d str, &'d [Node])>;

/// The way from the inside of a group to the group that a step names: directly, or through groups in between if
/// only one such group is there.
fn way_to<'d>(nodes: &'d [Node], step: &GroupStep, number: usize) -> Result<Way<'d>, PathError> {
    let mut level: Vec<(Way<'d>, &'d [Node])> = vec![(Vec::new(), nodes)];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (way, nodes) in level {
            for (name, inner) in groups_of(nodes) {
                let mut way = way.clone();
                way.push((name, inner));
                next.push((way, inner));
            }
        }
        let wanted = |(way, _): &&(Way<'d>, &'d [Node])| {
            way.last().is_some_and(|(name, _)| name.eq_ignore_ascii_case(&step.name))
        };
        let mut found = next.iter().filter(wanted);
        if let Some((way, _)) = found.next() {
            let other = found.any(|(other, _)| !names(other).eq(names(way)));
            return if other { Err(PathError::AmbiguousGroup { step: number }) } else { Ok(way.clone()) };
        }
        level = next;
    }
    Err(PathError::UnknownGroup { step: number })
}

fn names<'w>(way: &'w [(&str, &[Node])]) -> impl Iterator<Item = &'w str> {
    way.iter().map(|(name, _)| *name)
}

/// The parts of a group, those of choices included, with the number of the part that each stands in.
fn parts(nodes: &[Node]) -> impl Iterator<Item = (usize, &Node)> {
    let mut waiting: Vec<_> = nodes.iter().enumerate().rev().collect();
    std::iter::from_fn(move || {
        let (rank, node) = waiting.pop()?;
        if let Node::Choice { nodes, .. } = node {
            waiting.extend(nodes.iter().rev().map(|node| (rank, node)));
        }
        Some((rank, node))
    })
}

fn groups_of(nodes: &[Node]) -> impl Iterator<Item = (&str, &[Node])> {
    parts(nodes).filter_map(|(_, node)| match node {
        Node::Group { name, nodes, .. } => Some((&**name, nodes.as_slice())),
        _ => None,
    })
}

fn has_segment(nodes: &[Node], id: SegmentId) -> bool {
    rank_of_segment(nodes, id).is_some()
}

fn rank_of_segment(nodes: &[Node], wanted: SegmentId) -> Option<usize> {
    let is_it = |node: &Node| match node {
        Node::Segment { id, .. } => SegmentId::parse(id).is_some_and(|id| id.matches(wanted)),
        _ => false,
    };
    parts(nodes).find(|(_, node)| is_it(node)).map(|(rank, _)| rank)
}

fn rank_of_group(nodes: &[Node], wanted: &str) -> Option<usize> {
    let is_it = |node: &Node| matches!(node, Node::Group { name, .. } if **name == *wanted);
    parts(nodes).find(|(_, node)| is_it(node)).map(|(rank, _)| rank)
}
