//! The segments that an overlay lets stand at any place of a structure.

use crate::SegmentId;
use crate::dictionary::Node;

/// Such segments, and how often they came.
pub(super) struct Anywhere(Vec<Free>);

struct Free {
    id: SegmentId,
    min: usize,
    max: Option<usize>,
    used: usize,
}

impl Anywhere {
    pub(super) fn new(nodes: &[Node]) -> Self {
        let free = |node: &Node| match node {
            Node::Segment { id, .. } => SegmentId::parse(id).map(|id| {
                let bounds = node.cardinality();
                let max = bounds.max.map(|max| max as usize);
                Free { id: id.upper_case(), min: bounds.min as usize, max, used: 0 }
            }),
            _ => None,
        };
        Self(nodes.iter().filter_map(free).collect())
    }

    /// Counts a segment; `None` when it may not stand anywhere, `false` when it came more often than it may.
    pub(super) fn take(&mut self, id: SegmentId) -> Option<bool> {
        let free = self.0.iter_mut().find(|free| free.id == id)?;
        free.used += 1;
        Some(free.max.is_none_or(|max| free.used <= max))
    }

    /// Those that came less often than they have to.
    pub(super) fn absent(&self) -> Vec<SegmentId> {
        self.0.iter().filter(|free| free.used < free.min).map(|free| free.id).collect()
    }
}
