//! Finds what the remote has lost or what somebody else changed there, and puts it right.
//!
//! The identity map is read page by page; for each type of a page the remote is asked which ids and versions it has. An
//! equal version is no drift. Another version is read and compared by canonical hash: equal content only updates the
//! version. Other content, a deleted and an absent resource are drift, repaired by sending the sealed base again.
//!
//! Every repair asks for a permit of its own: what consent forbids now is reported as blocked and not sent. A row that
//! a worker wrote in the meantime is left alone, and a changed resource is overwritten only in the version that was
//! read (`If-Match`). A resource that comes back under a new id is followed by all that refer to it.

mod compare;
mod relink;
mod repair;

use std::sync::Arc;

use async_trait::async_trait;
use carewire_consent::Permit;
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{Clock, Identity, IdentityMap, LocalKey, Refusal, Remote, Result};
use compare::Drift;

/// Where a repair gets its permit from: the evaluator, with the consents as they are now.
#[async_trait]
pub trait PermitSource: std::fmt::Debug + Send + Sync {
    /// A permit to send resources of these classes of the patient to the remote; `None` when consent denies it.
    async fn permit(
        &self,
        org: &OrgId,
        patient: &PatientToken,
        remote: &str,
        classes: &[String],
    ) -> Result<Option<Permit>>;
}

/// Seals and opens the bases of the identity map. The keys are the caller's.
pub trait BaseSealer: std::fmt::Debug + Send + Sync {
    /// Seals a base for this place only.
    fn seal(&self, org: &OrgId, remote: &str, key: &LocalKey, plain: &[u8]) -> Result<Vec<u8>>;

    /// Opens what [`BaseSealer::seal`] sealed for the same place. [`crate::Error::Corrupt`] when it cannot be opened.
    fn open(&self, org: &OrgId, remote: &str, key: &LocalKey, sealed: &[u8]) -> Result<Vec<u8>>;
}

/// What a run looks at.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ReconcileOptions {
    /// How many rows are read and asked for together.
    pub batch: usize,
    /// Only count: nothing is sent and nothing is stored.
    pub dry_run: bool,
    /// Only rows that were written before this instant.
    pub synced_before: Option<DateTime<Utc>>,
}

impl Default for ReconcileOptions {
    fn default() -> Self {
        Self { batch: 100, dry_run: false, synced_before: None }
    }
}

impl ReconcileOptions {
    /// The same, only counting or not.
    #[must_use]
    pub fn with_dry_run(self, dry_run: bool) -> Self {
        Self { dry_run, ..self }
    }

    /// The same with another batch size.
    #[must_use]
    pub fn with_batch(self, batch: usize) -> Self {
        Self { batch: batch.max(1), ..self }
    }

    /// The same for rows written before `instant`.
    #[must_use]
    pub fn with_synced_before(self, instant: DateTime<Utc>) -> Self {
        Self { synced_before: Some(instant), ..self }
    }
}

/// What a run found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReconcileReport {
    /// Rows that were compared with the remote.
    pub checked: u64,
    /// Resources that the remote does not have or has deleted.
    pub missing: u64,
    /// Resources whose content at the remote is not what was sent.
    pub changed: u64,
    /// Drift that was put right.
    pub repaired: u64,
    /// Resources that were sent again since they referred to one that came back under a new id.
    pub relinked: u64,
    /// Drift that consent forbids to put right.
    pub blocked: u64,
    /// Drift that moved while it was looked at: left to the worker that wrote it, or to the next run.
    pub raced: u64,
    /// Rows that could not be compared or repaired.
    pub errors: u64,
    /// The code of the outage that ended the run early; `None` when every row was looked at.
    pub interrupted: Option<String>,
}

/// Everything that a run needs, each behind its trait.
#[derive(Clone, Debug)]
pub struct Reconciler {
    /// What was sent.
    pub identities: Arc<dyn IdentityMap>,
    /// Where it was sent.
    pub remote: Arc<dyn Remote>,
    /// Whether it may be sent again.
    pub permits: Arc<dyn PermitSource>,
    /// Opens and seals what was sent.
    pub sealer: Arc<dyn BaseSealer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Reconciler {
    /// Compares, and repairs unless told otherwise. An outage of the remote ends the run early and is in the report.
    ///
    /// # Errors
    /// What the identity map, the sealer or the permit source could not do.
    pub async fn run(&self, org: &OrgId, options: &ReconcileOptions) -> Result<ReconcileReport> {
        let mut run =
            Run { parts: self, org, options, report: ReconcileReport::default(), moved: Vec::new() };
        match run.all().await {
            Ok(()) => {}
            Err(Stop::Outage(code)) => run.report.interrupted = Some(code),
            Err(Stop::Error(error)) => return Err(error),
        }
        Ok(run.report)
    }
}

/// A run in progress.
struct Run<'a> {
    parts: &'a Reconciler,
    org: &'a OrgId,
    options: &'a ReconcileOptions,
    report: ReconcileReport,
    /// `Type/id` that is gone, and where the resource is now.
    moved: Vec<(String, String)>,
}

/// Why a run ends before its time.
enum Stop {
    Outage(String),
    Error(crate::Error),
}

impl From<crate::Error> for Stop {
    fn from(error: crate::Error) -> Self {
        Self::Error(error)
    }
}

impl Run<'_> {
    async fn all(&mut self) -> Result<(), Stop> {
        let mut after = None;
        loop {
            let page = self.page(after.as_ref()).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            for rows in page.chunk_by(|a, b| a.key.resource_type == b.key.resource_type) {
                self.one_type(rows).await?;
            }
        }
        self.relink().await
    }

    async fn page(&self, after: Option<&LocalKey>) -> Result<Vec<Identity>> {
        let Reconciler { identities, remote, .. } = self.parts;
        identities.scan(self.org, remote.name(), after, self.options.batch).await
    }

    async fn one_type(&mut self, rows: &[Identity]) -> Result<(), Stop> {
        let wanted = |row: &&Identity| self.options.synced_before.is_none_or(|before| row.synced_at < before);
        let rows: Vec<&Identity> = rows.iter().filter(wanted).collect();
        self.report.checked += rows.len() as u64;
        let drifted = match self.compare(&rows).await {
            Ok(drifted) => drifted,
            Err(refusal) => return self.failed(rows.len(), &refusal),
        };
        for (row, drift) in drifted {
            match &drift {
                Drift::Missing => self.report.missing += 1,
                Drift::Changed { .. } => self.report.changed += 1,
                Drift::Renumbered { .. } => {}
                Drift::Unreadable => self.report.errors += 1,
            }
            if !self.options.dry_run {
                self.repair(row, drift).await?;
            }
        }
        Ok(())
    }

    /// A refusal that will last is an error of these rows; an outage ends the run.
    fn failed(&mut self, rows: usize, refusal: &Refusal) -> Result<(), Stop> {
        self.report.errors += rows as u64;
        match refusal {
            Refusal::Transient { code, .. } => Err(Stop::Outage(code.clone())),
            _ => Ok(()),
        }
    }
}
