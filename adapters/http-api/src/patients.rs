//! `/api/patients/*`.

use axum::Json;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::input::Body;
use crate::{ApiError, Role};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identifier {
    system: String,
    value: String,
}

/// The token of a patient by identifier.
pub(crate) async fn resolve(caller: Caller, body: Body) -> Result<Json<Value>, ApiError> {
    caller.allow(&[Role::Admin, Role::System])?;
    let identifier: Identifier = body.json()?;
    let token = caller.gateway.resolve_patient(&identifier.system, &identifier.value).await?;
    Ok(Json(json!({"success": true, "patient": token.as_str()})))
}
