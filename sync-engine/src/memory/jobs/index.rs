//! Where to find the jobs that are still to be done.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};

use super::row::Job;
use crate::{BlindKey, JobId, JobState};

/// The jobs of a queue.
#[derive(Default)]
pub(super) struct Queue {
    /// Of each org the waiting jobs, by rank.
    pub(super) waiting: BTreeMap<OrgId, BTreeSet<(DateTime<Utc>, JobId)>>,
    pub(super) active: BTreeSet<JobId>,
}

/// The jobs of an ordering key.
#[derive(Default)]
struct Line {
    waiting: BTreeSet<JobId>,
    active: BTreeSet<JobId>,
    /// Failed jobs that the later ones wait for, and until when.
    parked: BTreeMap<JobId, DateTime<Utc>>,
}

#[derive(Default)]
pub(super) struct Indexes {
    pub(super) queues: HashMap<String, Queue>,
    lines: HashMap<(OrgId, BlindKey), Line>,
    /// The newest unsettled job of each unique key.
    pub(super) newest: HashMap<(OrgId, String, String), JobId>,
}

impl Indexes {
    pub(super) fn add(&mut self, id: JobId, job: &Job) {
        let queue = self.queues.entry(job.new.queue.clone()).or_default();
        match job.state {
            JobState::Waiting => {
                queue.waiting.entry(job.new.org.clone()).or_default().extend([(job.rank(), id)]);
            }
            JobState::Active => queue.active.extend([id]),
            _ => {}
        }
        for line in job.lines() {
            let line = self.lines.entry(line).or_default();
            match job.state {
                JobState::Waiting => line.waiting.extend([id]),
                JobState::Active => line.active.extend([id]),
                _ => line.parked.extend(job.parked_until.map(|until| (id, until))),
            }
        }
    }

    pub(super) fn remove(&mut self, id: JobId, job: &Job) {
        if let Some(queue) = self.queues.get_mut(&job.new.queue) {
            queue.active.remove(&id);
            if let Some(waiting) = queue.waiting.get_mut(&job.new.org) {
                waiting.remove(&(job.rank(), id));
                if waiting.is_empty() {
                    queue.waiting.remove(&job.new.org);
                }
            }
        }
        for key in job.lines() {
            let Some(line) = self.lines.get_mut(&key) else { continue };
            line.waiting.remove(&id);
            line.active.remove(&id);
            line.parked.remove(&id);
            if line.waiting.is_empty() && line.active.is_empty() && line.parked.is_empty() {
                self.lines.remove(&key);
            }
        }
    }

    /// Gives the unique key free, if it is this job that has it.
    pub(super) fn forget_unique(&mut self, id: JobId, job: &Job) {
        if let Some(key) = job.unique()
            && self.newest.get(&key) == Some(&id)
        {
            self.newest.remove(&key);
        }
    }

    /// The instant from which a waiting job may run as far as its ordering keys go: `None` while an older job waits or one
    /// is active.
    pub(super) fn turn(&self, id: JobId, job: &Job) -> Option<DateTime<Utc>> {
        let mut from = job.run_at;
        for line in job.lines().filter_map(|line| self.lines.get(&line)) {
            if !line.active.is_empty() || line.waiting.first() != Some(&id) {
                return None;
            }
            from = line.parked.range(..id).map(|(_, until)| *until).fold(from, DateTime::max);
        }
        Some(from)
    }
}
