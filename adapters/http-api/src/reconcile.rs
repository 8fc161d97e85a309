//! `/fhir/admin/reconciliation/*`.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use carewire_gateway::Gateway;
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

pub(crate) async fn run(caller: Caller, body: Body) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin])?;
    let run: Run = body.json_or_default()?;
    if run.org_id.as_deref().is_some_and(|org| org != caller.claims.org) {
        return Err(ApiError::forbidden());
    }
    start(&caller.gateway, &run).await
}

/// The same for a scheduler that knows the secret and has no token: it names the org, where there are several.
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
    let run: Run = body.json_or_default()?;
    let gateways = &api.inner.gateways;
    let gateway = match &run.org_id {
        Some(org) => gateways.get(org).ok_or_else(ApiError::forbidden)?,
        None if gateways.iter().count() == 1 => gateways.main(),
        None => return Err(ApiError::invalid("`orgId` is expected: there are several orgs")),
    };
    start(gateway, &run).await
}

async fn start(gateway: &Gateway, run: &Run) -> Result<Json<Value>, ApiError> {
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
