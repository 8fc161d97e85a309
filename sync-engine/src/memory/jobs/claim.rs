//! Which jobs are next: deficit round robin over the orgs.

use std::collections::HashMap;
use std::ops::Bound;

use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::{JobTable, LEASE_EXPIRED};
use crate::memory::limits::Limits;
use crate::{ClaimOptions, ClaimedJob, JobId};

/// Whose turn it is in a queue.
#[derive(Default)]
pub(super) struct Ring {
    /// Who was served last.
    last: Option<OrgId>,
    /// What an org may still take, or has taken beyond its share, while it has jobs.
    credit: HashMap<OrgId, i64>,
}

/// Where the walk over the jobs of an org stands.
struct Walk {
    org: OrgId,
    after: Bound<(DateTime<Utc>, JobId)>,
    next: Option<JobId>,
}

impl JobTable {
    pub(in crate::memory) fn claim(
        &mut self,
        options: &ClaimOptions,
        limits: &mut Limits,
    ) -> Vec<ClaimedJob> {
        self.expire(&options.queue, options.now);
        let mut ring = self.rings.remove(&options.queue).unwrap_or_default();
        let mut walks = self.walks(options, &ring, limits);
        ring.credit.retain(|org, _| walks.iter().any(|walk| walk.org == *org));
        let mut taken = Vec::new();
        while taken.len() < options.limit && !walks.is_empty() {
            self.round(options, limits, &mut ring, &mut walks, &mut taken);
        }
        self.rings.insert(options.queue.clone(), ring);
        let mut claimed: Vec<_> =
            taken.iter().filter_map(|id| Some((self.rows.get(id)?.rank(), *id))).collect();
        claimed.sort_unstable();
        claimed.iter().filter_map(|(_, id)| Some(self.rows.get(id)?.claimed(*id))).collect()
    }

    /// The orgs that have a job to claim, in the order of the ring.
    fn walks(&self, options: &ClaimOptions, ring: &Ring, limits: &Limits) -> Vec<Walk> {
        let Some(queue) = self.indexes.queues.get(&options.queue) else { return Vec::new() };
        let mut orgs: Vec<OrgId> = queue.waiting.keys().cloned().collect();
        let served = orgs.iter().filter(|org| ring.last.as_ref().is_some_and(|last| *org <= last)).count();
        let orgs_in_all = orgs.len().max(1);
        orgs.rotate_left(served % orgs_in_all);
        let walk = |org| Walk { org, after: Bound::Unbounded, next: None };
        let mut walks: Vec<Walk> = orgs.into_iter().map(walk).collect();
        walks.retain_mut(|walk| self.advance(walk, options, limits));
        walks
    }

    /// Looks for the next job of the org; answers whether there is one.
    fn advance(&self, walk: &mut Walk, options: &ClaimOptions, limits: &Limits) -> bool {
        let waiting = self.indexes.queues.get(&options.queue).and_then(|queue| queue.waiting.get(&walk.org));
        let mut rest = waiting.into_iter().flat_map(|jobs| jobs.range((walk.after, Bound::Unbounded)));
        let next = rest.find(|(_, id)| {
            self.rows.get(id).is_some_and(|job| {
                self.due(*id, job).is_some_and(|due| due <= options.now)
                    && limits.opens_at(&job.lane(), options.now) <= options.now
            })
        });
        walk.after = next.map_or(Bound::Unbounded, |place| Bound::Excluded(*place));
        walk.next = next.map(|(_, id)| *id);
        walk.next.is_some()
    }

    /// Gives each org its share of one, and takes jobs while it has credit.
    fn round(
        &mut self,
        options: &ClaimOptions,
        limits: &mut Limits,
        ring: &mut Ring,
        walks: &mut Vec<Walk>,
        taken: &mut Vec<JobId>,
    ) {
        // When all are in debt, as many rounds pass at once as the least debt takes.
        let credit = |walk: &Walk| ring.credit.get(&walk.org).copied().unwrap_or(0);
        let share = 1.max(1 - walks.iter().map(credit).max().unwrap_or(0));
        walks.retain_mut(|walk| {
            if taken.len() >= options.limit {
                return true;
            }
            *ring.credit.entry(walk.org.clone()).or_default() += share;
            // What another org has taken meanwhile may have closed a limit.
            while let Some(id) = self.still(walk, options, limits) {
                let credit = ring.credit.entry(walk.org.clone()).or_default();
                if *credit <= 0 || taken.len() >= options.limit {
                    return true;
                }
                *credit -= self.take(id, options, limits);
                ring.last = Some(walk.org.clone());
                taken.push(id);
                self.advance(walk, options, limits);
            }
            ring.credit.remove(&walk.org);
            false
        });
    }

    fn still(&self, walk: &mut Walk, options: &ClaimOptions, limits: &Limits) -> Option<JobId> {
        let job = self.rows.get(&walk.next?)?;
        if limits.opens_at(&job.lane(), options.now) > options.now {
            self.advance(walk, options, limits);
        }
        walk.next
    }

    fn take(&mut self, id: JobId, options: &ClaimOptions, limits: &mut Limits) -> i64 {
        let until = options.now + crate::jobs::span(options.lease);
        let cost = self.rows.get(&id).map_or(1, |job| {
            limits.charge(&job.lane(), job.new.cost.max(1), options.now);
            job.new.cost.max(1)
        });
        self.change(id, |job| job.lease(until));
        i64::from(cost)
    }

    /// Takes ended leases away: each counts as an attempt.
    fn expire(&mut self, queue: &str, now: DateTime<Utc>) {
        let active = self.indexes.queues.get(queue).map(|queue| queue.active.clone()).unwrap_or_default();
        for id in active {
            if self.rows.get(&id).is_some_and(|job| job.lease_until <= now) {
                self.change(id, |job| job.fail_counted(LEASE_EXPIRED, now, now));
            }
        }
    }

    pub(in crate::memory) fn next_due(&self, name: &str, limits: &Limits) -> Option<DateTime<Utc>> {
        let queue = self.indexes.queues.get(name)?;
        let waiting = queue.waiting.values().flatten().filter_map(|(_, id)| {
            let job = self.rows.get(id)?;
            let due = self.due(*id, job)?;
            Some(limits.opens_at(&job.lane(), due))
        });
        let expiry = |id: &JobId| self.rows.get(id).map(|job| job.lease_until);
        waiting.chain(queue.active.iter().filter_map(expiry)).min()
    }
}
