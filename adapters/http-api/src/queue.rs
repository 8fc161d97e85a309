//! `/fhir/admin/queue/*`.

use axum::Json;
use carewire_gateway::QUEUE;
use carewire_sync_engine::{AuditAction, AuditRecord, JobFilter, JobId, JobState, JobView, PauseScope};
use chrono::Duration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::input::{Body, Id, Params};
use crate::{ApiError, Role};

/// How long finished and failed jobs are kept by default.
const COMPLETED_DAYS: i64 = 7;
const FAILED_DAYS: i64 = 30;

#[derive(Deserialize)]
pub(crate) struct Page {
    limit: Option<usize>,
    cursor: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Redrive {
    reason: Option<String>,
}

pub(crate) async fn stats(caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin, Role::Auditor, Role::System])?;
    let gateway = &caller.gateway;
    let parts = gateway.parts();
    let stats = parts.admin.stats(gateway.org(), None, parts.clock.now()).await?;
    Ok(Json(json!({"success": true, "stats": stats})))
}

pub(crate) async fn failed(caller: Caller, Params(page): Params<Page>) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin])?;
    let gateway = &caller.gateway;
    let limit = page.limit.unwrap_or(50).clamp(1, 1_000);
    let filter =
        JobFilter { state: Some(JobState::Failed), after: page.cursor.map(JobId), ..JobFilter::default() };
    let jobs = gateway.parts().admin.list(gateway.org(), &filter, limit).await?;
    let cursor = jobs.last().filter(|_| jobs.len() == limit).map(|job| job.id.0);
    let shown: Vec<Value> = jobs.iter().map(job_json).collect();
    Ok(Json(json!({"success": true, "count": shown.len(), "jobs": shown, "cursor": cursor})))
}

pub(crate) async fn retry(caller: Caller, Id(id): Id) -> Result<Json<Value>, ApiError> {
    let id: JobId = id.parse().map_err(|_| ApiError::invalid("not a job id"))?;
    match again(&caller, JobFilter { id: Some(id), ..JobFilter::default() }).await? {
        0 => Err(ApiError::not_found()),
        _ => Ok(Json(json!({"success": true, "id": id.to_string()}))),
    }
}

pub(crate) async fn redrive(caller: Caller, body: Body) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin])?;
    let Redrive { reason } = body.json_or_default()?;
    let filter = JobFilter { reason, ..JobFilter::default() };
    let count = again(&caller, filter).await?;
    Ok(Json(json!({"success": true, "count": count})))
}

pub(crate) async fn clean(caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin])?;
    let gateway = &caller.gateway;
    let parts = gateway.parts();
    let now = parts.clock.now();
    let (completed, failed) = (now - Duration::days(COMPLETED_DAYS), now - Duration::days(FAILED_DAYS));
    let count = parts.admin.clean(gateway.org(), completed, failed).await?;
    record(&caller, "clean", count).await?;
    Ok(Json(json!({"success": true, "count": count})))
}

pub(crate) async fn pause(caller: Caller) -> Result<Json<Value>, ApiError> {
    set_paused(&caller, true).await
}

pub(crate) async fn resume(caller: Caller) -> Result<Json<Value>, ApiError> {
    set_paused(&caller, false).await
}

async fn set_paused(caller: &Caller, paused: bool) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin])?;
    let gateway = &caller.gateway;
    gateway.parts().admin.set_paused(&PauseScope::queue(gateway.org(), QUEUE), paused).await?;
    record(caller, if paused { "pause" } else { "resume" }, 1).await?;
    gateway.wake();
    Ok(Json(json!({"success": true, "paused": paused})))
}

async fn again(caller: &Caller, filter: JobFilter) -> Result<u64, ApiError> {
    caller.allow(&[Role::Admin])?;
    let gateway = &caller.gateway;
    let parts = gateway.parts();
    let count = parts.admin.redrive(gateway.org(), &filter, parts.clock.now()).await?;
    record(caller, "redrive", count).await?;
    gateway.wake();
    Ok(count)
}

/// Puts on record who acted on the queue.
async fn record(caller: &Caller, act: &str, count: u64) -> Result<(), ApiError> {
    let gateway = &caller.gateway;
    let details = [("act", act.to_owned()), ("by", caller.claims.sub.clone()), ("count", count.to_string())];
    let record = AuditRecord {
        org: gateway.org().clone(),
        at: gateway.parts().clock.now(),
        action: AuditAction::QueueAdministered,
        outcome: "success".into(),
        correlation: caller.correlation.clone(),
        patient: None,
        details: details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    };
    Ok(gateway.parts().audit.append(vec![record]).await?)
}

/// A job in the shape of the seed documents: references only.
fn job_json(job: &JobView) -> Value {
    json!({
        "id": job.id.to_string(), "name": job.kind, "data": job.refs, "failedReason": job.reason,
        "attemptsMade": job.attempts, "timestamp": job.enqueued_at.to_rfc3339(), "correlationId": job.correlation,
    })
}
