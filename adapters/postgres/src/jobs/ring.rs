//! Whose turn it is: the place in the ring of orgs, and what orgs took beyond their share.
//!
//! It is kept by each process for itself, since a row of it would be locked by each claim until it is on disk. Several
//! processes share each their own part of the work fairly, so their sum is fair, too.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::view::View;

/// The rings of all queues; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rings(Arc<Mutex<HashMap<String, Ring>>>);

impl Rings {
    /// The ring of a queue as it stands.
    pub(super) fn of(&self, queue: &str) -> Ring {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(queue).cloned().unwrap_or_default()
    }

    pub(super) fn put(&self, queue: &str, ring: Ring) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(queue.to_owned(), ring);
    }
}

/// The ring of a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ring {
    /// The org that was served last; empty: none.
    pub(super) last: String,
    /// What orgs took beyond their share.
    pub(super) debts: BTreeMap<String, i64>,
    /// Where the last claim stopped, if it left something.
    pub(super) view: Option<View>,
}

impl Ring {
    /// The ring after a claim that took jobs of these orgs and costs. They stand in the order in which each org's were taken.
    pub(super) fn after<'a>(mut self, taken: impl Iterator<Item = (&'a str, i64)>) -> Self {
        // The turn of a job is what its org had taken before it; the walk goes by turn, then along the ring.
        let mut end: Option<(i64, (bool, &str))> = None;
        for (org, cost) in taken {
            let spent = self.debts.entry(org.to_owned()).or_default();
            let place = (org <= self.last.as_str(), org);
            end = end.max(Some((*spent, place)));
            *spent += cost;
        }
        let Some((turn, place)) = end else { return self };
        let last = self.last.as_str();
        self.debts.retain(|org, spent| {
            let visited = (org.as_str() <= last, org.as_str()) <= place;
            *spent -= turn + i64::from(visited);
            *spent > 0
        });
        self.last = place.1.to_owned();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(ring: Ring, taken: &[(&str, i64)]) -> Ring {
        ring.after(taken.iter().copied())
    }

    #[test]
    fn a_claim_goes_on_where_the_last_one_stopped() {
        let ring = after(Ring::default(), &[("a", 1), ("b", 1)]);
        assert_eq!((ring.last.as_str(), ring.debts.len()), ("b", 0));
        // c, a, b, c: c was visited twice, the others once.
        let ring = after(ring, &[("a", 1), ("b", 1), ("c", 1), ("c", 1)]);
        assert_eq!((ring.last.as_str(), ring.debts.len()), ("c", 0));
    }

    #[test]
    fn what_a_costly_job_took_is_owed() {
        let ring = after(Ring::default(), &[("a", 5), ("b", 1)]);
        assert_eq!(ring.debts, BTreeMap::from([("a".to_owned(), 4)]));
        let ring = after(ring, &[("b", 1), ("b", 1), ("b", 1)]);
        assert_eq!(ring.debts, BTreeMap::from([("a".to_owned(), 1)]));
    }

    #[test]
    fn a_claim_that_found_nothing_changes_nothing() {
        let ring = Ring { last: "a".to_owned(), debts: BTreeMap::from([("b".to_owned(), 2)]), view: None };
        assert_eq!(after(ring.clone(), &[]), ring);
    }
}
