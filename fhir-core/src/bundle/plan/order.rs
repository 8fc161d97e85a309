//! The order in which entries can be sent.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::entry::Node;
use crate::bundle::dependency_order;

/// Groups of entries that go together, each after what it refers to; otherwise deletions, then writes, then reads, and
/// in the order of the Bundle.
pub(super) fn groups(nodes: &[Node]) -> Vec<Vec<usize>> {
    let references: Vec<Vec<usize>> = nodes.iter().map(|node| node.references.clone()).collect();
    let groups = dependency_order(&references);
    let mut group_of = vec![0; nodes.len()];
    for (g, &n) in groups.iter().enumerate().flat_map(|(g, group)| group.iter().map(move |n| (g, n))) {
        if let Some(place) = group_of.get_mut(n) {
            *place = g;
        }
    }
    let mut referrers = vec![Vec::new(); groups.len()];
    let mut missing = vec![0_usize; groups.len()];
    for (g, target) in targets(&groups, &references) {
        let target = group_of.get(target).copied().unwrap_or_default();
        if let Some((own, others)) = missing.get_mut(g).zip(referrers.get_mut(target)).filter(|_| g != target)
        {
            *own += 1;
            others.push(g);
        }
    }
    let rank = |g: usize| {
        let group = groups.get(g).map(Vec::as_slice).unwrap_or_default();
        let phase = group.iter().filter_map(|&n| nodes.get(n)).map(Node::phase).max();
        Reverse((phase, group.first().copied(), g))
    };
    let mut ready: BinaryHeap<_> =
        missing.iter().enumerate().filter(|(_, m)| **m == 0).map(|(g, _)| rank(g)).collect();
    let mut ordered = Vec::with_capacity(groups.len());
    while let Some(Reverse((_, _, g))) = ready.pop() {
        for &referrer in referrers.get(g).into_iter().flatten() {
            if let Some(left) = missing.get_mut(referrer) {
                *left -= 1;
                if *left == 0 {
                    ready.push(rank(referrer));
                }
            }
        }
        ordered.extend(groups.get(g).filter(|group| is_sent(nodes, group)).cloned());
    }
    ordered
}

/// For each group, what its entries refer to.
fn targets<'a>(
    groups: &'a [Vec<usize>],
    references: &'a [Vec<usize>],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    groups.iter().enumerate().flat_map(move |(g, group)| {
        let targets = group.iter().filter_map(|&n| references.get(n)).flatten();
        targets.map(move |&target| (g, target))
    })
}

/// Not one that an earlier entry stands for.
fn is_sent(nodes: &[Node], group: &[usize]) -> bool {
    group.iter().all(|&n| nodes.get(n).is_some_and(|node| node.same_as.is_none()))
}
