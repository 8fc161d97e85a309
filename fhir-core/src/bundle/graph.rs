//! What must be sent before what, and what only together.

/// Groups of nodes in an order in which they can be sent: what is referred to comes before what refers to it, and what
/// refers to each other in a ring is one group. `references[n]` lists what node `n` refers to.
///
/// ```
/// use carewire_fhir_core::dependency_order;
/// // 0 refers to 1; 1 and 2 refer to each other.
/// assert_eq!(dependency_order(&[vec![1], vec![2], vec![1]]), [vec![1, 2], vec![0]]);
/// ```
#[must_use]
pub fn dependency_order(references: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let referrers = transpose(references);
    let mut finished = Vec::with_capacity(references.len());
    let mut seen = vec![false; references.len()];
    for root in 0..references.len() {
        visit(root, &referrers, &mut seen, &mut finished);
    }
    seen.fill(false);
    let mut components = Vec::new();
    for root in finished.into_iter().rev() {
        let mut component = Vec::new();
        visit(root, references, &mut seen, &mut component);
        if !component.is_empty() {
            component.sort_unstable();
            components.push(component);
        }
    }
    components
}

/// For each node, those from which an edge leads to it.
pub(super) fn transpose(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut transposed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for &to in targets {
            if let Some(sources) = transposed.get_mut(to) {
                sources.push(from);
            }
        }
    }
    transposed
}

/// Depth first without recursion; appends every node that `root` reaches and that was not seen, children first.
fn visit(root: usize, edges: &[Vec<usize>], seen: &mut [bool], finished: &mut Vec<usize>) {
    let targets = |node: usize| edges.get(node).into_iter().flatten();
    if !mark(seen, root) {
        return;
    }
    let mut path = vec![(root, targets(root))];
    while let Some((node, rest)) = path.last_mut() {
        match rest.next() {
            Some(&next) => {
                if mark(seen, next) {
                    path.push((next, targets(next)));
                }
            }
            None => {
                finished.push(*node);
                path.pop();
            }
        }
    }
}

fn mark(seen: &mut [bool], node: usize) -> bool {
    seen.get_mut(node).is_some_and(|seen| !std::mem::replace(seen, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_referred_to_comes_first_and_rings_stay_together() {
        // 0 -> 1 -> 2 <-> 3, 4 -> 0, 5 alone
        let references = vec![vec![1], vec![2], vec![3], vec![2], vec![0], vec![]];
        let found = dependency_order(&references);
        let place = |node| found.iter().position(|part| part.contains(&node)).unwrap();
        assert_eq!(found.iter().map(Vec::len).sum::<usize>(), 6);
        assert!(found.contains(&vec![2, 3]));
        assert!(place(2) < place(1) && place(1) < place(0) && place(0) < place(4));
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let references: Vec<_> = (0..100_000).map(|n| if n == 0 { vec![] } else { vec![n - 1] }).collect();
        assert_eq!(dependency_order(&references).len(), 100_000);
    }
}
