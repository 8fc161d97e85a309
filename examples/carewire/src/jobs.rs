//! `carewire jobs …`: the queue of the configured store.

use std::path::Path;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_gateway::QUEUE;
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditRecord, JobFilter, JobId, JobState, PauseScope, QueueAdmin,
};
use chrono::{Duration, Utc};
use serde_json::json;

use crate::cli::Jobs;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::out;
use crate::store::Store;

pub(crate) async fn run(file: Option<&Path>, what: Jobs) -> Result<Done, Failure> {
    let config = Config::read(file)?;
    let store = Store::open_existing(&config).await?;
    let all = store.all();
    let queue = Queue { admin: &*all, audit: &*all, org: &config.org };
    let done = act(&queue, what).await;
    store.close().await;
    done
}

async fn act(queue: &Queue<'_>, what: Jobs) -> Result<Done, Failure> {
    let Queue { admin, org, .. } = *queue;
    let now = Utc::now();
    match what {
        Jobs::Stats => out::line(json!(admin.stats(org, None, now).await?))?,
        Jobs::List { state, limit } => {
            let state =
                state.map(|name| JobState::from_name(&name).ok_or_else(|| wrong_state(&name))).transpose()?;
            for job in admin.list(org, &JobFilter { state, ..JobFilter::default() }, limit).await? {
                out::line(json!(job))?;
            }
        }
        Jobs::Show { id } => match admin.list(org, &one(&id)?, 1).await?.first() {
            Some(job) => out::line(json!(job))?,
            None => return Ok(missing(&id)),
        },
        Jobs::Retry { id } => {
            let count = admin.redrive(org, &one(&id)?, now).await?;
            if count == 0 {
                return Ok(missing(&id));
            }
            queue.record("redrive", count).await?;
            out::note(format_args!("{id} runs again"));
        }
        Jobs::Redrive { reason } => {
            let count = admin.redrive(org, &JobFilter { reason, ..JobFilter::default() }, now).await?;
            queue.record("redrive", count).await?;
            out::line(json!({"redriven": count}))?;
        }
        Jobs::Pause => queue.pause(true).await?,
        Jobs::Resume => queue.pause(false).await?,
        Jobs::Clean => {
            let count = admin.clean(org, now - Duration::days(7), now - Duration::days(30)).await?;
            queue.record("clean", count).await?;
            out::line(json!({"removed": count}))?;
        }
    }
    Ok(Done::All)
}

/// The queue of one org, and the trail in which acts on it stand.
struct Queue<'q> {
    admin: &'q dyn QueueAdmin,
    audit: &'q dyn AuditLog,
    org: &'q OrgId,
}

impl Queue<'_> {
    async fn pause(&self, paused: bool) -> Result<(), Failure> {
        self.admin.set_paused(&PauseScope::queue(self.org, QUEUE), paused).await?;
        self.record(if paused { "pause" } else { "resume" }, 1).await
    }

    /// Puts on record that somebody with access to the store acted on the queue.
    async fn record(&self, act: &str, count: u64) -> Result<(), Failure> {
        let details =
            [("act", act.to_owned()), ("by", "command-line".to_owned()), ("count", count.to_string())];
        let correlation = CorrelationId::new(&uuid::Uuid::now_v7().to_string());
        let record = AuditRecord {
            org: self.org.clone(),
            at: Utc::now(),
            action: AuditAction::QueueAdministered,
            outcome: "success".into(),
            correlation: correlation.map_err(|error| Failure::unreachable(error.to_string()))?,
            patient: None,
            details: details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        };
        Ok(self.audit.append(vec![record]).await?)
    }
}

fn one(id: &str) -> Result<JobFilter, Failure> {
    let id: JobId = id.parse().map_err(|_| Failure::usage("a job id such as job_7 is expected"))?;
    Ok(JobFilter { id: Some(id), ..JobFilter::default() })
}

fn missing(id: &str) -> Done {
    out::note(format_args!("{id}: no such job, or not in a state for this"));
    Done::Some
}

fn wrong_state(name: &str) -> Failure {
    let names: Vec<&str> = JobState::ALL.iter().map(|state| state.as_str()).collect();
    Failure::usage(format!("--state {name}: one of {} is expected", names.join(", ")))
}
