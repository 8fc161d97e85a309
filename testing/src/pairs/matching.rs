//! Which resource of ours stands for which of theirs: the one that has most in common with it, in content and in what it
//! refers to and is referred to by.

use super::bundle::{Graph, Node};

/// What may stand once in one Bundle and many times in the other.
const SHARED: [&str; 5] = ["Organization", "Practitioner", "PractitionerRole", "Location", "Device"];

/// For each resource of theirs the index of ours.
pub(super) fn matching(theirs: &Graph<'_>, ours: &Graph<'_>) -> Vec<Option<usize>> {
    let mut matched = vec![None; theirs.nodes.len()];
    // Each round knows more about what the references lead to.
    for _ in 0..3 {
        matched = round(theirs, ours, &matched);
    }
    lonely(theirs, ours, &mut matched);
    shared(theirs, ours, &mut matched);
    matched
}

fn round(theirs: &Graph<'_>, ours: &Graph<'_>, known: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut candidates = Vec::new();
    for (left, their) in theirs.nodes.iter().enumerate() {
        for (right, our) in ours.nodes.iter().enumerate().filter(|(_, our)| our.kind == their.kind) {
            let score = content(their, our) + links(their, our, known);
            if score > 0 {
                candidates.push((std::cmp::Reverse(score), left.abs_diff(right), left, right));
            }
        }
    }
    candidates.sort_unstable();
    let mut matched = vec![None; theirs.nodes.len()];
    let mut taken = vec![false; ours.nodes.len()];
    for (_, _, left, right) in candidates {
        if let (Some(place @ None), Some(taken @ false)) = (matched.get_mut(left), taken.get_mut(right)) {
            (*place, *taken) = (Some(right), true);
        }
    }
    matched
}

/// What they say in common. What names the thing weighs most.
fn content(their: &Node<'_>, our: &Node<'_>) -> usize {
    let weight = |leaf: &str| match leaf.split_once('=').map_or(leaf, |(path, _)| path) {
        path if path.ends_with("identifier.value") => 16,
        path if path.contains(".name") || path.ends_with(".code") => 4,
        _ => 2,
    };
    let common = |(leaf, count): (&String, &usize)| {
        our.content.get(leaf).map_or(0, |ours| weight(leaf) * count.min(ours))
    };
    their.content.iter().map(common).sum::<usize>() + 2 * their.values.intersection(&our.values).count()
}

fn links(their: &Node<'_>, our: &Node<'_>, known: &[Option<usize>]) -> usize {
    let of = |index: usize| known.get(index).copied().flatten();
    let incoming = their.incoming.iter().map(|(source, path)| {
        let same = |(from, way): &&(usize, String)| way == path && of(*source) == Some(*from);
        let alike = |(_, way): &&(usize, String)| way == path;
        if our.incoming.iter().any(|link| same(&link)) {
            8
        } else {
            usize::from(our.incoming.iter().any(|l| alike(&l)))
        }
    });
    let outgoing = their.outgoing.iter().map(|(path, target)| {
        let same = |(way, to): &&(String, usize)| way == path && of(*target) == Some(*to);
        4 * usize::from(our.outgoing.iter().any(|link| same(&link)))
    });
    incoming.sum::<usize>() + outgoing.sum::<usize>()
}

/// The only one of its type that is left on both sides.
fn lonely(theirs: &Graph<'_>, ours: &Graph<'_>, matched: &mut [Option<usize>]) {
    for kind in ["MessageHeader", "Patient", "Encounter"] {
        let left: Vec<usize> = theirs.indices(kind).collect();
        let right: Vec<usize> = ours.indices(kind).collect();
        if let ([left], [right]) = (left.as_slice(), right.as_slice())
            && let Some(place) = matched.get_mut(*left)
        {
            place.get_or_insert(*right);
        }
    }
}

/// Theirs that stand several times, where ours stands once: what is left, and what has found no more than a link.
fn shared(theirs: &Graph<'_>, ours: &Graph<'_>, matched: &mut [Option<usize>]) {
    let known = matched.to_vec();
    for ((left, their), place) in theirs.nodes.iter().enumerate().zip(matched.iter_mut()) {
        let whole = content(their, their);
        let is_alike =
            |right: usize| ours.nodes.get(right).is_some_and(|our| content(their, our) * 2 >= whole);
        if place.is_some_and(is_alike) || !SHARED.contains(&their.kind) {
            continue;
        }
        let candidates = ours.nodes.iter().enumerate().filter(|(_, our)| our.kind == their.kind);
        let candidates = candidates.filter(|(right, _)| may_be_the_place(their, ours, *right));
        let scored = candidates.map(|(right, our)| (content(their, our), links(their, our, &known), right));
        let best = scored
            .max_by_key(|(content, links, right)| (content + links, usize::MAX - left.abs_diff(*right)));
        let better = best
            .filter(|(content, links, _)| (*links >= 8 && place.is_none()) || content * 2 >= whole.max(1))
            .map(|(_, _, right)| right);
        *place = better.or(*place);
    }
}

/// A visit has many places: that it is in both of them does not make them one. Ours, or a place above it, has the name.
fn may_be_the_place(their: &Node<'_>, ours: &Graph<'_>, right: usize) -> bool {
    let name = |leaf: &String| leaf.strip_prefix("Location.name=").map(str::to_owned);
    let mut names = their.content.keys().filter_map(name).peekable();
    let is_at = |at: usize| at == right || ours.lies_in(right, at);
    let has_name = |name: String| {
        let mut places = ours.nodes.iter().enumerate().filter(|(_, our)| our.values.contains(&name));
        places.any(|(at, _)| is_at(at))
    };
    their.kind != "Location" || names.peek().is_none() || names.any(has_name)
}

impl Graph<'_> {
    fn indices<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.kind == kind).map(|(index, _)| index)
    }
}
