//! `/api/patients/*`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::input::Body;
use crate::{Api, ApiError, Role};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identifier {
    system: String,
    value: String,
}

/// The token of a patient by identifier.
pub(crate) async fn resolve(
    State(api): State<Api>,
    caller: Caller,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin, Role::System])?;
    let identifier: Identifier = body.json()?;
    let token = api.inner.gateway.resolve_patient(&identifier.system, &identifier.value).await?;
    Ok(Json(json!({"success": true, "patient": token.as_str()})))
}
