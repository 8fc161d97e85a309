//! Places in a structure.

use super::error::OverlayProblem;
use super::statement::word;
use crate::dictionary::structure::Node;

/// `after OBX[2] in PATIENT_RESULT.ORDER_OBSERVATION`
pub(super) struct Place<'t> {
    before: bool,
    anchor: &'t str,
    /// Which of several, from 1.
    which: Option<usize>,
    groups: Vec<&'t str>,
}

impl<'t> Place<'t> {
    pub(super) fn read(words: &'t str) -> Result<Self, OverlayProblem> {
        let (side, rest) = word(words);
        let before = match side {
            "before" => true,
            "after" => false,
            "" => return Err(OverlayProblem::Missing),
            _ => return Err(OverlayProblem::BadWord),
        };
        let (anchor, rest) = word(rest);
        let (anchor, which) = match anchor.split_once('[') {
            Some((anchor, which)) => {
                let which = which.strip_suffix(']').and_then(|which| which.parse().ok());
                (anchor, Some(which.filter(|&which| which > 0).ok_or(OverlayProblem::BadWord)?))
            }
            None => (anchor, None),
        };
        let groups = match word(rest) {
            ("", _) => Vec::new(),
            ("in", path) if !path.is_empty() => path.split('.').collect(),
            _ => return Err(OverlayProblem::BadWord),
        };
        if anchor.is_empty() {
            Err(OverlayProblem::Missing)
        } else {
            Ok(Self { before, anchor, which, groups })
        }
    }

    /// Puts the nodes there. That they are there already is no reason to put them there again.
    pub(super) fn put(&self, nodes: &mut Vec<Node>, new: Vec<Node>) -> Result<(), OverlayProblem> {
        let level = self
            .groups
            .iter()
            .try_fold(nodes, |nodes, name| inner(nodes, name))
            .ok_or(OverlayProblem::NoPlace)?;
        let places: Vec<usize> = level
            .iter()
            .enumerate()
            .filter(|(_, node)| is_anchor(node, self.anchor))
            .map(|(at, _)| at)
            .collect();
        let at = match (places.as_slice(), self.which) {
            ([], _) => return Err(OverlayProblem::NoPlace),
            ([at], None) => *at,
            (_, None) => return Err(OverlayProblem::SeveralPlaces),
            (_, Some(which)) => *places.get(which - 1).ok_or(OverlayProblem::NoPlace)?,
        };
        let at = if self.before { at } else { at + 1 };
        let there = if self.before {
            level.get(at.saturating_sub(new.len())..at)
        } else {
            level.get(at..at.saturating_add(new.len()))
        };
        if there != Some(new.as_slice()) {
            level.splice(at..at, new);
        }
        Ok(())
    }
}

/// The nodes of the group with this name, which may be one of a choice.
fn inner<'n>(nodes: &'n mut [Node], name: &str) -> Option<&'n mut Vec<Node>> {
    nodes.iter_mut().find_map(|node| match node {
        Node::Group { name: own, nodes, .. } if own == name => Some(nodes),
        Node::Choice { nodes, .. } => nodes.iter_mut().find_map(|node| match node {
            Node::Group { name: own, nodes, .. } if own == name => Some(nodes),
            _ => None,
        }),
        _ => None,
    })
}

fn is_anchor(node: &Node, anchor: &str) -> bool {
    match node {
        Node::Segment { id, .. } => id == anchor,
        Node::Group { name, .. } => name == anchor,
        Node::Choice { nodes, .. } => nodes.iter().any(|node| match node {
            Node::Segment { id, .. } => id == anchor,
            Node::Group { name, .. } => name == anchor,
            _ => false,
        }),
        Node::Any { .. } => false,
    }
}
