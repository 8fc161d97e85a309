//! Which groups can be sent next.

use std::collections::BTreeSet;

use super::entry::Node;
use crate::bundle::graph::transpose;

/// Groups of entries that are not sent yet, in the order in which they can be. Each edge between entries is looked at
/// once, however many Bundles are made.
#[derive(Clone)]
pub(super) struct Queue {
    groups: Vec<Group>,
    /// The group of each entry; none of one that another stands for.
    group_of: Vec<Option<usize>>,
    /// Which entries refer to each entry.
    referrers: Vec<Vec<usize>>,
    /// The groups that wait for no other.
    ready: BTreeSet<usize>,
    waiting: usize,
    /// No group before this one is a waiting write.
    first_write: usize,
}

#[derive(Clone)]
struct Group {
    entries: Vec<usize>,
    /// How many references lead to groups that are not released.
    missing: usize,
    is_read: bool,
    waits: bool,
}

impl Queue {
    pub(super) fn of(groups: Vec<Vec<usize>>, nodes: &[Node]) -> Self {
        let references: Vec<Vec<usize>> = nodes.iter().map(|node| node.references.clone()).collect();
        let mut group_of = vec![None; nodes.len()];
        for (g, &n) in groups.iter().enumerate().flat_map(|(g, group)| group.iter().map(move |n| (g, n))) {
            if let Some(place) = group_of.get_mut(n) {
                *place = Some(g);
            }
        }
        let group = |(g, entries): (usize, Vec<usize>)| {
            let own = || entries.iter().filter_map(|&n| nodes.get(n));
            let targets = own().flat_map(|node| &node.references);
            let elsewhere =
                |target: &&usize| group_of.get(**target).is_some_and(|of| of.is_some_and(|of| of != g));
            let missing = targets.filter(elsewhere).count();
            let is_read = own().all(Node::is_read);
            Group { missing, is_read, waits: true, entries }
        };
        let groups: Vec<Group> = groups.into_iter().enumerate().map(group).collect();
        let ready =
            groups.iter().enumerate().filter(|(_, group)| group.missing == 0).map(|(g, _)| g).collect();
        let waiting = groups.len();
        Self { groups, group_of, referrers: transpose(&references), ready, waiting, first_write: 0 }
    }

    /// How many groups are waiting.
    pub(super) fn len(&self) -> usize {
        self.waiting
    }

    /// The entries of each group, sent or not.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[usize]> {
        self.groups.iter().map(|group| group.entries.as_slice())
    }

    pub(super) fn entries(&self, g: usize) -> &[usize] {
        self.groups.get(g).map_or(&[], |group| &group.entries)
    }

    /// The first group from this one on that waits for no other. The first that is waiting at all is always ready.
    pub(super) fn ready_from(&self, g: usize) -> Option<usize> {
        self.ready.range(g..).next().copied()
    }

    /// Whether it reads, and something before it that writes is waiting.
    pub(super) fn waits_for_writes(&mut self, g: usize) -> bool {
        while self.groups.get(self.first_write).is_some_and(|group| !group.waits || group.is_read) {
            self.first_write += 1;
        }
        self.first_write < g && self.groups.get(g).is_some_and(|group| group.is_read)
    }

    /// Takes a group out: it is sent, or will not be.
    pub(super) fn take(&mut self, g: usize) -> Vec<usize> {
        let Some(group) = self.groups.get_mut(g).filter(|group| group.waits) else { return Vec::new() };
        group.waits = false;
        self.waiting -= 1;
        self.ready.remove(&g);
        group.entries.clone()
    }

    /// What refers to a group no longer waits for it.
    pub(super) fn release(&mut self, g: usize) {
        let Self { groups, group_of, referrers, ready, .. } = self;
        let entries = groups.get(g).map_or_else(Vec::new, |group| group.entries.clone());
        for &referrer in entries.iter().filter_map(|&n| referrers.get(n)).flatten() {
            let Some(of) = group_of.get(referrer).copied().flatten().filter(|of| *of != g) else { continue };
            if let Some(group) = groups.get_mut(of) {
                group.missing = group.missing.saturating_sub(1);
                if group.missing == 0 && group.waits {
                    ready.insert(of);
                }
            }
        }
    }

    /// The groups that refer to an entry.
    pub(super) fn referring(&self, n: usize) -> Vec<usize> {
        let referrers = self.referrers.get(n).into_iter().flatten();
        referrers.filter_map(|&referrer| self.group_of.get(referrer).copied().flatten()).collect()
    }
}
