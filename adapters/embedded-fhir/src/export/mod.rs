//! Bulk export (Bulk Data Access STU2, whole server, all patients, or the patients of a group).
//!
//! A job is a description and a place in the order of changes. Versions are never dropped, so the same job gives the
//! same lines at any time: after a restart it is simply done again.

mod answer;
mod job;
mod run;
mod spec;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::refusal::Refusal;
pub(crate) use answer::serve;
use job::{File, Job, Progress};
pub(crate) use run::run;
pub(crate) use spec::Spec;

/// How the server exports.
///
/// ```
/// use carewire_embedded_fhir::ExportOptions;
/// let lax = ExportOptions::default().demand_prefer(false);
/// # drop(lax);
/// ```
#[derive(Clone, Debug)]
pub struct ExportOptions {
    pub(crate) demand_prefer: bool,
    keep: Duration,
    at_least: Duration,
    lines: usize,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self {
            demand_prefer: true,
            keep: Duration::from_secs(3_600),
            at_least: Duration::ZERO,
            lines: 10_000,
        }
    }
}

impl ExportOptions {
    /// Whether a kick-off without `Prefer: respond-async` is refused (it is). Medplum takes it.
    #[must_use]
    pub fn demand_prefer(self, on: bool) -> Self {
        Self { demand_prefer: on, ..self }
    }

    /// How long the files are there (an hour).
    #[must_use]
    pub fn keep(self, keep: Duration) -> Self {
        Self { keep, ..self }
    }

    /// How long an export takes at least (no time), so that clients have to poll.
    #[must_use]
    pub fn at_least(self, time: Duration) -> Self {
        Self { at_least: time, ..self }
    }

    /// The most lines of a file (10,000).
    #[must_use]
    pub fn lines(self, lines: usize) -> Self {
        Self { lines: lines.max(1), ..self }
    }
}

/// So many jobs may be there at a time.
const MOST_JOBS: usize = 32;

/// All export jobs.
#[derive(Debug)]
pub(crate) struct Exports {
    pub(crate) options: ExportOptions,
    jobs: Mutex<HashMap<Uuid, Job>>,
}

impl Exports {
    pub(crate) fn new(options: ExportOptions) -> Self {
        Self { options, jobs: Mutex::default() }
    }

    /// Adds a job that is to run.
    pub(crate) fn add(&self, id: Uuid, spec: Spec) -> Result<(), Refusal> {
        let mut jobs = self.lock();
        if jobs.len() >= MOST_JOBS {
            return Err(Refusal::throttled(1_000));
        }
        jobs.insert(id, Job::new(spec));
        Ok(())
    }

    /// Forgets a job; false when there is none.
    pub(crate) fn remove(&self, id: Uuid) -> bool {
        self.lock().remove(&id).is_some()
    }

    /// Forgets the jobs whose files are to go, and names them.
    pub(crate) fn expire(&self, now: i64) -> Vec<Uuid> {
        let mut jobs = self.lock();
        let gone: Vec<_> = jobs.iter().filter(|(_, job)| job.expires(&self.options) <= now).collect();
        let gone: Vec<_> = gone.into_iter().map(|(id, _)| *id).collect();
        gone.iter().for_each(|id| drop(jobs.remove(id)));
        gone
    }

    /// Looks at a job.
    pub(crate) fn with<T>(&self, id: Uuid, f: impl FnOnce(&mut Job) -> T) -> Option<T> {
        self.lock().get_mut(&id).map(f)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lines of a file.
pub(crate) type Lines = Arc<[crate::store::Text]>;
