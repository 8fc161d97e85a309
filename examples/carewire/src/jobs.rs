//! `carewire jobs …`: the queue of the configured store.

use std::path::Path;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_gateway::QUEUE;
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditRecord, JobFilter, JobId, JobState, LimitScope, PauseScope, QueueAdmin,
    QueueAdminExt as _, RateLimits,
};
use chrono::Utc;
use serde_json::json;

use crate::cli::{Jobs, Limit, Scope, Which};
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::queue_config::Retention;
use crate::rate::{EXPECTED, rate};
use crate::store::Store;
use crate::{out, queue};

/// How often a pause looks whether all has come to rest.
const LOOK: std::time::Duration = std::time::Duration::from_millis(200);

pub(crate) async fn run(file: Option<&Path>, what: Jobs) -> Result<Done, Failure> {
    let config = Config::read(file)?;
    let store = Store::open_existing(&config).await?;
    let all = store.all();
    let done = match queue::Queue::open(&config, &store).await {
        Ok(opened) => {
            let (admin, limits, keep) = (&*opened.admin(), &*opened.limits(), config.queue.keep);
            act(&Queue { admin, limits, audit: &*all, org: &config.org, keep }, what).await
        }
        Err(failure) => Err(failure),
    };
    store.close().await;
    done
}

async fn act(queue: &Queue<'_>, what: Jobs) -> Result<Done, Failure> {
    let Queue { admin, org, .. } = *queue;
    let now = Utc::now();
    match what {
        Jobs::Stats { queue } => out::line(json!(admin.stats(org, queue.as_deref(), now).await?))?,
        Jobs::List { which, limit } => {
            for job in admin.list(org, &filter(which)?, limit).await? {
                out::line(json!(job))?;
            }
        }
        Jobs::Show { id } => match admin.job(org, job_id(&id)?).await? {
            Some(job) => out::line(json!(job))?,
            None => return Ok(missing(&id)),
        },
        Jobs::Retry { id } => return queue.retry(&id).await,
        Jobs::Redrive(which) => {
            let count = admin.redrive(org, &filter(which)?, now).await?;
            queue.record("redrive", count).await?;
            out::line(json!({"redriven": count}))?;
        }
        Jobs::Cancel { id: Some(id), .. } => {
            let count = admin.cancel(org, &JobFilter::one(job_id(&id)?), now).await?;
            if count == 0 {
                return Ok(missing(&id));
            }
            queue.record("cancel", count).await?;
            out::note(format_args!("{id} is cancelled"));
        }
        Jobs::Cancel { id: None, which } => {
            let count = admin.cancel(org, &filter(which)?, now).await?;
            queue.record("cancel", count).await?;
            out::line(json!({"cancelled": count}))?;
        }
        Jobs::Pause { scope, wait } => return queue.pause(scope, wait).await,
        Jobs::Resume(scope) => {
            admin.set_paused(&pause_scope(org, scope), false).await?;
            queue.record("resume", 1).await?;
        }
        Jobs::Paused => {
            for scope in admin.paused(org).await? {
                out::line(json!(scope))?;
            }
        }
        Jobs::Limits(limit) => queue.limit(limit).await?,
        Jobs::Clean => {
            let (completed, failed) = queue.keep.before(now);
            let count = admin.clean(org, completed, failed).await?;
            queue.record("clean", count).await?;
            out::line(json!({"removed": count}))?;
        }
    }
    Ok(Done::All)
}

/// The queue of one org, and the trail in which acts on it stand.
struct Queue<'q> {
    admin: &'q dyn QueueAdmin,
    limits: &'q dyn RateLimits,
    audit: &'q dyn AuditLog,
    org: &'q OrgId,
    keep: Retention,
}

impl Queue<'_> {
    async fn retry(&self, id: &str) -> Result<Done, Failure> {
        let mut filter = JobFilter::one(job_id(id)?);
        for state in [JobState::Failed, JobState::Cancelled] {
            filter.state = Some(state);
            let count = self.admin.redrive(self.org, &filter, Utc::now()).await?;
            if count > 0 {
                self.record("redrive", count).await?;
                out::note(format_args!("{id} runs again"));
                return Ok(Done::All);
            }
        }
        Ok(missing(id))
    }

    async fn pause(&self, scope: Scope, wait: Option<u64>) -> Result<Done, Failure> {
        let scope = pause_scope(self.org, scope);
        self.admin.set_paused(&scope, true).await?;
        self.record("pause", 1).await?;
        let Some(seconds) = wait else { return Ok(Done::All) };
        let covered = JobFilter {
            queue: scope.queue,
            kind: scope.kind,
            remote: scope.remote,
            resource_type: scope.resource_type,
            ..JobFilter::default()
        };
        let idle = self.admin.until_idle(self.org, &covered, LOOK);
        match tokio::time::timeout(std::time::Duration::from_secs(seconds), idle).await {
            Ok(idle) => idle?,
            Err(_) => {
                out::note(format_args!("paused, but jobs are still active after {seconds} s"));
                return Ok(Done::Some);
            }
        }
        Ok(Done::All)
    }

    /// Changes the limit, or prints all.
    async fn limit(&self, limit: Limit) -> Result<(), Failure> {
        let Limit { queue, remote, own, set, remove, open } = limit;
        let scope = LimitScope { org: own.then(|| self.org.clone()), queue, remote };
        let now = Utc::now();
        let act = match set {
            Some(text) => {
                let limit = rate(&text)
                    .ok_or_else(|| Failure::usage(format!("--set {text}: {EXPECTED} is expected")))?;
                self.limits.set_limit(&scope, Some(limit), now).await?;
                "limit"
            }
            None if remove => {
                self.limits.set_limit(&scope, None, now).await?;
                "unlimit"
            }
            None if open => {
                self.limits.close(&scope, now, now).await?;
                "open"
            }
            None => {
                let all = self.limits.limits(now).await?;
                return all.iter().try_for_each(|limit| out::line(json!(limit)));
            }
        };
        self.record(act, 1).await
    }

    /// Puts on record that somebody with access to the store acted on the queue.
    async fn record(&self, act: &str, count: u64) -> Result<(), Failure> {
        Ok(self.audit.append(vec![administered(self.org, act, "command-line", count)?]).await?)
    }
}

/// The record of an act on a queue, and by whom.
pub(crate) fn administered(org: &OrgId, act: &str, by: &str, count: u64) -> Result<AuditRecord, Failure> {
    let details = [("act", act.to_owned()), ("by", by.to_owned()), ("count", count.to_string())];
    let correlation = CorrelationId::new(&uuid::Uuid::now_v7().to_string());
    Ok(AuditRecord {
        org: org.clone(),
        at: Utc::now(),
        action: AuditAction::QueueAdministered,
        outcome: "success".into(),
        correlation: correlation.map_err(|error| Failure::unreachable(error.to_string()))?,
        patient: None,
        details: details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    })
}

fn job_id(id: &str) -> Result<JobId, Failure> {
    id.parse().map_err(|_| Failure::usage("a job id such as job_7 is expected"))
}

fn filter(which: Which) -> Result<JobFilter, Failure> {
    let Which { state, queue, kind, remote, resource_type, reason, correlation } = which;
    let named = |name: String| JobState::from_name(&name).ok_or_else(|| wrong_state(&name));
    let state = state.map(named).transpose()?;
    Ok(JobFilter { queue, kind, remote, resource_type, state, reason, correlation, ..JobFilter::default() })
}

/// The gateway's queue, unless something is named.
fn pause_scope(org: &OrgId, scope: Scope) -> PauseScope {
    let Scope { queue, kind, remote, resource_type, all } = scope;
    let nothing = !all && queue.is_none() && kind.is_none() && remote.is_none() && resource_type.is_none();
    let queue = if nothing { Some(QUEUE.to_owned()) } else { queue };
    PauseScope { org: Some(org.clone()), queue, kind, remote, resource_type }
}

fn missing(id: &str) -> Done {
    out::note(format_args!("{id}: no such job, or not in a state for this"));
    Done::Some
}

fn wrong_state(name: &str) -> Failure {
    let names: Vec<&str> = JobState::ALL.iter().map(|state| state.as_str()).collect();
    Failure::usage(format!("--state {name}: one of {} is expected", names.join(", ")))
}
