//! What stands at a path.

use super::check::Checker;
use super::data::{Data, Spot};
use super::matching::Placed;
use crate::profile::model::Usage;
use crate::profile::path::{PositionPath, Step};

/// Something at a path.
#[derive(Clone, Copy)]
pub(super) enum Node<'p, 'm> {
    /// The message, a group or a segment.
    Instance(usize),
    /// A repetition or part of a field, and the segment that it is in.
    Data(Data<'p, 'm>, usize),
}

impl<'p, 'm> Node<'p, 'm> {
    /// The segment or group that it is in, or is.
    pub(super) fn instance(&self) -> usize {
        match self {
            Self::Instance(node) | Self::Data(_, node) => *node,
        }
    }
}

/// A path goes on below a value that has no parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreachable;

impl<'p, 'm> Checker<'p, 'm, '_> {
    /// What stands at a path below a node, in order.
    pub(super) fn query(
        &self,
        from: Node<'p, 'm>,
        path: &PositionPath,
    ) -> Result<Vec<Node<'p, 'm>>, Unreachable> {
        self.follow(from, &path.steps)
    }

    pub(super) fn follow(
        &self,
        from: Node<'p, 'm>,
        steps: &[Step],
    ) -> Result<Vec<Node<'p, 'm>>, Unreachable> {
        let mut found = vec![from];
        for step in steps {
            let mut below = Vec::new();
            for node in &found {
                self.children(*node, *step, &mut below)?;
            }
            found = below;
        }
        Ok(found)
    }

    /// The values at a path. Refused when something there has parts.
    pub(super) fn values(
        &self,
        from: Node<'p, 'm>,
        path: &PositionPath,
    ) -> Result<Vec<(Data<'p, 'm>, usize)>, Unreachable> {
        let simple = |node| match node {
            Node::Data(data, segment) if data.datatype.is_primitive() => Ok((data, segment)),
            _ => Err(Unreachable),
        };
        self.query(from, path)?.into_iter().map(simple).collect()
    }

    /// Where a node is.
    pub(super) fn place_of(&self, node: Node<'p, 'm>) -> Spot<'m> {
        match node {
            Node::Instance(node) => self.spot_of(node),
            Node::Data(data, _) => data.spot(),
        }
    }

    /// Which of those at its position a node is.
    pub(super) fn number_of(&self, node: Node<'p, 'm>) -> usize {
        match node {
            Node::Instance(node) => self.instances.get(node).map_or(1, |instance| instance.number),
            Node::Data(data, _) => data.number,
        }
    }

    /// Whether the profile wants nothing to stand there, so that nothing else is said about it.
    pub(super) fn is_forbidden(&self, node: Node<'p, 'm>) -> bool {
        let usage = match node {
            Node::Data(data, _) => data.usage,
            Node::Instance(node) => match self.instances.get(node).map(|instance| instance.placed) {
                Some(Placed::Segment(reference, _)) => reference.usage,
                Some(Placed::Group(group)) => group.usage,
                None => Usage::Optional,
            },
        };
        usage.forbids()
    }

    fn children(
        &self,
        node: Node<'p, 'm>,
        step: Step,
        found: &mut Vec<Node<'p, 'm>>,
    ) -> Result<(), Unreachable> {
        let is_wanted = |number| step.instance.is_none_or(|wanted| wanted == number);
        match node {
            Node::Data(data, _) if data.datatype.is_primitive() => return Err(Unreachable),
            Node::Data(data, segment) => {
                let child = data.child(step.position).filter(|_| is_wanted(1));
                found.extend(child.map(|child| Node::Data(child, segment)));
            }
            Node::Instance(node) => {
                if let Some(segment) = self.segment_data(node) {
                    let repetitions =
                        segment.repetitions(step.position).filter(|data| is_wanted(data.number));
                    let sliced = repetitions.map(|data| self.sliced(segment, step.position, data, node));
                    found.extend(sliced.map(|data| Node::Data(data, node)));
                    return Ok(());
                }
                let children = self.instances.get(node).map(|instance| instance.children.as_slice());
                let at_step = |child: &&usize| {
                    let child = self.instances.get(**child);
                    child.is_some_and(|child| child.position == step.position && is_wanted(child.number))
                };
                found
                    .extend(children.unwrap_or_default().iter().filter(at_step).copied().map(Node::Instance));
            }
        }
        Ok(())
    }
}
