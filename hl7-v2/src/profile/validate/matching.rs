//! Which place of the profile each segment of a message is at.
//!
//! Segments are taken in order. Each goes to the nearest place that it can have without anything required being
//! passed over: further on in the groups that are open, innermost first, or in a new repetition of one of them. Only
//! if there is none, a place behind something required is taken, and only then one that repeats too often.

use std::collections::VecDeque;

use crate::profile::model::{GroupProfile, ProfileNode, SegmentReference, Usage};
use crate::{Segment, SegmentId};

/// The segments and groups that a message has, as nodes that know their parents and children.
#[derive(Debug)]
pub(super) struct Instances<'p> {
    nodes: Vec<Instance<'p>>,
    /// The segments that have no place.
    pub(super) unplaced: Vec<usize>,
}

/// A segment or group at a place.
#[derive(Debug)]
pub(super) struct Instance<'p> {
    pub(super) placed: Placed<'p>,
    /// Its position among the nodes of the parent, from 1.
    pub(super) position: usize,
    /// Which of those at the position it is, from 1.
    pub(super) number: usize,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Placed<'p> {
    Group(&'p GroupProfile),
    /// The segment, and which line of the message it is.
    Segment(&'p SegmentReference, usize),
}

impl<'p> Instances<'p> {
    pub(super) const ROOT: usize = 0;

    pub(super) fn of(root: &'p GroupProfile, segments: &[Segment<'_>]) -> Self {
        let first = Instance {
            placed: Placed::Group(root),
            position: 1,
            number: 1,
            parent: None,
            children: Vec::new(),
        };
        let instances = Self { nodes: vec![first], unplaced: Vec::new() };
        let open = vec![Open { group: root, node: Self::ROOT, position: 0, repeated: 0 }];
        let mut matcher = Matcher { instances, open };
        for (line, segment) in segments.iter().enumerate() {
            let id = segment.id().map(SegmentId::upper_case);
            let placed = id.is_some_and(|id| matcher.place(id, line));
            if !placed {
                matcher.instances.unplaced.push(line);
            }
        }
        matcher.instances
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn get(&self, node: usize) -> Option<&Instance<'p>> {
        self.nodes.get(node)
    }

    /// The groups around a node, as in `PATIENT_RESULT[1].ORDER_OBSERVATION[2]`, itself included when it is one.
    pub(super) fn group_path(&self, node: usize) -> Option<String> {
        let mut names = VecDeque::new();
        let mut at = Some(node);
        while let Some(instance) = at.and_then(|at| self.nodes.get(at)) {
            if let (Placed::Group(group), Some(_)) = (instance.placed, instance.parent) {
                names.push_front(format!("{}[{}]", group.name, instance.number));
            }
            at = instance.parent;
        }
        (!names.is_empty()).then(|| Vec::from(names).join("."))
    }

    /// The first segment in or at a node.
    pub(super) fn first_line(&self, mut node: usize) -> Option<usize> {
        loop {
            let instance = self.nodes.get(node)?;
            match instance.placed {
                Placed::Segment(_, line) => return Some(line),
                Placed::Group(_) => node = *instance.children.first()?,
            }
        }
    }

    fn add(&mut self, placed: Placed<'p>, position: usize, number: usize, parent: usize) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Instance { placed, position, number, parent: Some(parent), children: Vec::new() });
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(node);
        }
        node
    }
}

/// How far a search goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leniency {
    /// Nothing required is passed over and nothing repeats too often.
    None,
    /// What is required may be passed over.
    Missing,
    /// Segments and groups may repeat too often.
    Repeated,
}

/// A group that a segment can still go to.
struct Open<'p> {
    group: &'p GroupProfile,
    node: usize,
    /// The position of the child that came last, from 1; 0 when there is none.
    position: usize,
    /// How many children there are at that position.
    repeated: usize,
}

/// The positions to go down, from 1.
type Route = Vec<usize>;

struct Matcher<'p> {
    instances: Instances<'p>,
    open: Vec<Open<'p>>,
}

impl<'p> Matcher<'p> {
    fn place(&mut self, id: SegmentId, line: usize) -> bool {
        if !self.open.first().is_some_and(|root| root.group.has_segment(id)) {
            return false;
        }
        for leniency in [Leniency::None, Leniency::Missing, Leniency::Repeated] {
            for depth in (0..self.open.len()).rev() {
                let Some((kept, route)) = self.route(depth, id, leniency) else { continue };
                self.open.truncate(kept);
                self.enter(&route, line);
                return true;
            }
        }
        false
    }

    /// How many groups stay open, and the way from the innermost of them.
    fn route(&self, depth: usize, id: SegmentId, leniency: Leniency) -> Option<(usize, Route)> {
        let onward = || Some((depth + 1, onward(self.open.get(depth)?, id, leniency)?));
        let again = || Some((depth, self.again(depth, id, leniency)?));
        match leniency {
            // That a group repeats too often says more than that the segment it begins with does.
            Leniency::Repeated => again().or_else(onward),
            _ => onward().or_else(again),
        }
    }

    /// The way to the segment in a new repetition of the open group at `depth`.
    fn again(&self, depth: usize, id: SegmentId, leniency: Leniency) -> Option<Route> {
        let open = self.open.get(depth)?;
        let parent = self.open.get(depth.checked_sub(1)?)?;
        let too_often = open.group.cardinality.is_exceeded_by(parent.repeated + 1);
        if too_often && leniency != Leniency::Repeated {
            return None;
        }
        let mut route = vec![parent.position];
        match leniency {
            // Something of the group itself that is required shows that a group begins, whatever is missing before.
            Leniency::Missing => {
                let usage = reach(&open.group.nodes, 0, id, leniency, &mut route)?;
                (usage == Usage::Required && route.len() == 2).then_some(route)
            }
            _ => reach(&open.group.nodes, 0, id, Leniency::None, &mut route).map(|_| route),
        }
    }

    /// Goes down from the innermost open group, and puts the line where the route ends.
    fn enter(&mut self, route: &[usize], line: usize) {
        for position in route {
            let Some(open) = self.open.last_mut() else { return };
            open.repeated = if open.position == *position { open.repeated + 1 } else { 1 };
            open.position = *position;
            let (number, parent) = (open.repeated, open.node);
            match open.group.nodes.get(position.wrapping_sub(1)) {
                Some(ProfileNode::Segment(reference)) => {
                    self.instances.add(Placed::Segment(reference, line), *position, number, parent);
                }
                Some(ProfileNode::Group(group)) => {
                    let node = self.instances.add(Placed::Group(group), *position, number, parent);
                    self.open.push(Open { group, node, position: 0, repeated: 0 });
                }
                None => return,
            }
        }
    }
}

/// The way to the segment in what is left of an open group.
fn onward(open: &Open<'_>, id: SegmentId, leniency: Leniency) -> Option<Route> {
    if !open.group.has_segment(id) {
        return None;
    }
    let current = open.position.checked_sub(1).and_then(|index| open.group.nodes.get(index));
    if let Some(ProfileNode::Segment(reference)) = current {
        let too_often = reference.cardinality.is_exceeded_by(open.repeated + 1);
        if reference.segment.segment == id && (!too_often || leniency == Leniency::Repeated) {
            return Some(vec![open.position]);
        }
    }
    let mut route = Route::new();
    reach(&open.group.nodes, open.position, id, leniency, &mut route).map(|_| route)
}

/// Adds the way to the segment among the nodes from `skip` on, and gives its usage. The nesting is that of the
/// profile.
fn reach(
    nodes: &[ProfileNode],
    skip: usize,
    id: SegmentId,
    leniency: Leniency,
    route: &mut Route,
) -> Option<Usage> {
    for (index, node) in nodes.iter().enumerate().skip(skip) {
        route.push(index + 1);
        match node {
            ProfileNode::Segment(reference) if reference.segment.segment == id => {
                return Some(reference.usage);
            }
            ProfileNode::Group(group) if group.has_segment(id) => {
                if let Some(usage) = reach(&group.nodes, 0, id, leniency, route) {
                    return Some(usage);
                }
            }
            _ => {}
        }
        route.pop();
        if leniency == Leniency::None && node.usage() == Usage::Required {
            return None;
        }
    }
    None
}
