//! One handler for each kind of job.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::{JobHandler, JobOutcome};
use crate::ClaimedJob;

/// Gives each job to the handler of its kind. A job of a kind that nobody handles here is given back without a counted
/// attempt, for a minute: another process, or the next version of this one, may know it. It is never discarded.
///
/// ```
/// use std::sync::Arc;
/// use carewire_sync_engine::{Handlers, JobHandler};
/// # fn build(push: Arc<dyn JobHandler>, pull: Arc<dyn JobHandler>) -> Handlers {
/// Handlers::new().on("push", push).on("pull", pull)
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Handlers {
    by_kind: BTreeMap<String, Arc<dyn JobHandler>>,
}

impl Handlers {
    /// The code of a job that was given back because nobody handles its kind.
    pub const UNKNOWN_KIND: &'static str = "unknown-kind";
    const LATER: Duration = Duration::from_secs(60);

    /// No handlers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives jobs of the kind to the handler.
    #[must_use]
    pub fn on(mut self, kind: impl Into<String>, handler: Arc<dyn JobHandler>) -> Self {
        self.by_kind.insert(kind.into(), handler);
        self
    }
}

#[async_trait]
impl JobHandler for Handlers {
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
        match self.by_kind.get(&job.kind) {
            Some(handler) => handler.handle(job).await,
            None => {
                JobOutcome::Retry { code: Self::UNKNOWN_KIND.into(), counts: false, wait: Some(Self::LATER) }
            }
        }
    }

    async fn held(&self, job: &ClaimedJob, key: &str) {
        if let Some(handler) = self.by_kind.get(&job.kind) {
            handler.held(job, key).await;
        }
    }
}
