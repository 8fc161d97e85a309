//! `/fhir/admin/reconciliation/*`.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use carewire_sync_engine::ReconcileOptions;
use chrono::Duration;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::auth::Caller;
use crate::input::Body;
use crate::{Api, ApiError, Role};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Run {
    stale_days: Option<i64>,
    batch_size: Option<usize>,
    org_id: Option<String>,
    dry_run: bool,
}

pub(crate) async fn run(State(api): State<Api>, caller: Caller, body: Body) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin])?;
    start(&api, body.json_or_default()?).await
}

/// The same for a scheduler that knows the secret and has no token.
pub(crate) async fn cron(
    State(api): State<Api>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let secret = api.inner.cron_secret.as_ref().ok_or_else(ApiError::forbidden)?;
    let given = headers.get("x-cron-secret").ok_or_else(ApiError::forbidden)?;
    if !bool::from(secret.expose_secret().as_bytes().ct_eq(given.as_bytes())) {
        return Err(ApiError::forbidden());
    }
    start(&api, body.json_or_default()?).await
}

async fn start(api: &Api, run: Run) -> Result<Json<Value>, ApiError> {
    let gateway = &api.inner.gateway;
    if run.org_id.as_deref().is_some_and(|org| org != gateway.org().as_str()) {
        return Err(ApiError::forbidden());
    }
    let mut options = ReconcileOptions::default().with_dry_run(run.dry_run);
    if let Some(batch) = run.batch_size {
        options = options.with_batch(batch.clamp(1, 10_000));
    }
    if let Some(days) = run.stale_days {
        options =
            options.with_synced_before(gateway.parts().clock.now() - Duration::days(days.clamp(0, 36_500)));
    }
    let report = gateway.reconcile(&options).await?;
    Ok(Json(json!({"success": true, "result": report})))
}
