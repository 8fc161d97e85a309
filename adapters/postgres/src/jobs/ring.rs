//! Whose turn it is: the place in the ring of orgs, and what orgs took beyond their share.
//!
//! It is kept by each process for itself, since a row of it would be locked by each claim until it is on disk. Several
//! processes share each their own part of the work fairly, so their sum is fair, too.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use carewire_sync_engine::NewJob;

use super::view::View;

/// The rings of all queues; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rings(Arc<Mutex<HashMap<String, Ring>>>);

impl Rings {
    /// The ring of a queue as it stands.
    pub(super) fn of(&self, queue: &str) -> Ring {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(queue).cloned().unwrap_or_default()
    }

    /// What a claim made of a ring. What has come in since it began, its view does not know.
    pub(super) fn put(&self, queue: &str, mut ring: Ring) {
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = rings.get(queue)
            && there.arrivals != ring.arrivals
        {
            ring.arrivals = there.arrivals;
            ring.view = None;
        }
        rings.insert(queue.to_owned(), ring);
    }

    /// Jobs have come in: no claim goes on with a view that does not know their lane.
    pub(crate) fn arrived<'j>(&self, jobs: impl IntoIterator<Item = &'j NewJob>) {
        let lanes: BTreeSet<(&str, &str, &str, i16)> = jobs.into_iter().map(queue_and_lane).collect();
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (queue, org, remote, level) in lanes {
            let Some(ring) = rings.get_mut(queue) else { continue };
            let lane = (org.to_owned(), remote.to_owned(), level);
            if ring.view.as_ref().is_none_or(|view| !view.lanes.contains_key(&lane)) {
                ring.arrivals += 1;
                ring.view = None;
            }
        }
    }
}

fn queue_and_lane(job: &NewJob) -> (&str, &str, &str, i16) {
    let remote = job.remote.as_deref().unwrap_or_default();
    (&job.queue, job.org.as_str(), remote, job.priority.number().into())
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
    /// Counts what came in from outside of the view.
    pub(super) arrivals: u64,
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
    use std::time::Instant;

    use carewire_fhir_core::{CorrelationId, OrgId};
    use chrono::DateTime;

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
        let ring =
            Ring { last: "a".to_owned(), debts: BTreeMap::from([("b".to_owned(), 2)]), ..Ring::default() };
        assert_eq!(after(ring.clone(), &[]), ring);
    }

    fn job(org: &str) -> NewJob {
        let (org, id) = (OrgId::new(org).unwrap(), CorrelationId::new("c").unwrap());
        NewJob::new(org, "q", "k", id, DateTime::UNIX_EPOCH)
    }

    fn viewing(org: &str) -> Ring {
        let level = job(org).priority.number().into();
        let lanes = BTreeMap::from([((org.to_owned(), String::new(), level), (0, 0))]);
        Ring { view: Some(View::new(lanes, 0, Instant::now())), ..Ring::default() }
    }

    #[test]
    fn a_view_ends_when_a_job_comes_into_a_lane_that_it_does_not_know() {
        let rings = Rings::default();
        rings.put("q", viewing("a"));
        rings.arrived([&job("a")]);
        assert!(rings.of("q").view.is_some());
        rings.arrived([&job("b")]);
        assert_eq!(rings.of("q").view, None);
    }

    #[test]
    fn a_claim_does_not_bring_a_view_back_that_has_ended_meanwhile() {
        let rings = Rings::default();
        rings.put("q", viewing("a"));
        let claiming = rings.of("q");
        rings.arrived([&job("b")]);
        rings.put("q", claiming);
        assert_eq!(rings.of("q").view, None);
        let claiming = rings.of("q");
        rings.put("q", Ring { view: viewing("a").view, ..claiming });
        assert!(rings.of("q").view.is_some());
    }
}
