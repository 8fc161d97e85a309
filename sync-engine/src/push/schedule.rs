//! The choice of the next request.

use carewire_fhir_core::dependency_order;

use super::node::{Node, Progress};
use super::{Confirmed, Push};

impl Push {
    /// Updates by id go first, so that an id that is gone is noticed before others refer to it.
    pub(super) fn schedule(&mut self) -> Vec<usize> {
        self.drop_unchanged();
        let updates = self.next_updates();
        if updates.is_empty() { self.next_conditionals() } else { updates }
    }

    /// The size of the largest ring that could not be sent.
    pub(super) fn oversized_ring(&self) -> Option<usize> {
        let rings = self.new_components().into_iter().map(|ring| ring.len());
        rings.max().filter(|entries| *entries > self.conditional_limit())
    }

    pub(super) fn conditional_limit(&self) -> usize {
        self.limits.conditional_entries.max(1)
    }

    fn drop_unchanged(&mut self) {
        for n in self.pending(|node| node.sent.is_some()) {
            let Some((resource, hash)) = self.final_form(n) else { continue };
            if let Some(node) = self.nodes.get_mut(n).filter(|node| node.sent == Some(hash)) {
                node.state = Progress::Done;
                self.summary.unchanged += 1;
                self.confirmed.extend(node.confirmation.take().map(|row| Confirmed { row: *row, resource }));
            }
        }
    }

    fn next_updates(&self) -> Vec<usize> {
        let mut ready = self.pending(|node| node.id.is_some() && self.references_are_known(node));
        if let Some(&alone) = ready.iter().find(|&&n| self.nodes.get(n).is_some_and(|node| node.alone)) {
            return vec![alone];
        }
        ready.truncate(self.limits.update_entries.max(1));
        ready
    }

    /// As many components as fit, each after what it refers to.
    fn next_conditionals(&self) -> Vec<usize> {
        let mut chunk: Vec<usize> = Vec::new();
        for component in self.new_components() {
            let within =
                |target: &usize| component.contains(target) || self.limits.atomic && chunk.contains(target);
            let known = |target: &usize| self.nodes.get(*target).is_some_and(|target| target.id.is_some());
            let mut targets =
                component.iter().filter_map(|&n| self.nodes.get(n)).flat_map(|node| &node.references);
            let sendable = targets.all(|target| known(target) || within(target));
            if sendable && chunk.len() + component.len() <= self.conditional_limit() {
                chunk.extend(component);
            }
        }
        chunk
    }

    /// The components of what has no id yet, in the order in which they can be sent.
    fn new_components(&self) -> Vec<Vec<usize>> {
        let is_new = |node: &Node| node.is_pending() && node.id.is_none();
        let among_new = |node: &Node| {
            let targets = node.references.iter().copied();
            targets.filter(|&n| self.nodes.get(n).is_some_and(is_new)).collect()
        };
        let edges: Vec<Vec<usize>> =
            self.nodes.iter().map(|node| if is_new(node) { among_new(node) } else { Vec::new() }).collect();
        let mut components = dependency_order(&edges);
        components.retain(|part| part.iter().all(|&n| self.nodes.get(n).is_some_and(is_new)));
        components
    }

    fn pending(&self, wanted: impl Fn(&Node) -> bool) -> Vec<usize> {
        let nodes = self.nodes.iter().enumerate();
        nodes.filter(|(_, node)| node.is_pending() && wanted(node)).map(|(n, _)| n).collect()
    }
}
