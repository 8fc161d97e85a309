//! `/api/consents`.

use axum::Json;
use axum::http::StatusCode;
use carewire_consent::parse_consents;
use carewire_fhir_core::PatientToken;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::input::{Body, Id, Params};
use crate::{ApiError, Role};

#[derive(Deserialize)]
pub(crate) struct Page {
    patient: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

pub(crate) async fn create(caller: Caller, body: Body) -> Result<(StatusCode, Json<Value>), ApiError> {
    let mut consents = parse_consents(&body.0, caller.gateway.org())
        .map_err(|error| ApiError::invalid(error.to_string()))?;
    let (Some(consent), true) = (consents.pop(), consents.is_empty()) else {
        return Err(ApiError::invalid("one consent is expected"));
    };
    may_change(&caller, consent.patient())?;
    let id = consent.id().to_owned();
    let epoch = caller.gateway.put_consent(consent).await?;
    Ok((StatusCode::CREATED, Json(json!({"success": true, "id": id, "epoch": epoch.0}))))
}

pub(crate) async fn revoke(caller: Caller, Id(id): Id) -> Result<Json<Value>, ApiError> {
    let gateway = &caller.gateway;
    let consent = gateway.parts().consents.get(gateway.org(), &id).await?.ok_or_else(ApiError::not_found)?;
    may_change(&caller, consent.patient())?;
    let (patient, epoch) = gateway.revoke_consent(&id).await?;
    Ok(Json(json!({"success": true, "patient": patient.as_str(), "epoch": epoch.0})))
}

pub(crate) async fn list(caller: Caller, Params(page): Params<Page>) -> Result<Json<Value>, ApiError> {
    let asked = page.patient.as_deref().map(PatientToken::new).transpose();
    let asked = asked.map_err(|_| ApiError::invalid("not a patient token"))?;
    let patient = match caller.claims.role {
        Role::Patient => Some(own(&caller, asked)?),
        Role::Admin => asked,
        _ => return Err(ApiError::forbidden()),
    };
    let gateway = &caller.gateway;
    let limit = page.limit.unwrap_or(50).clamp(1, 1_000);
    let consents =
        gateway.parts().consents.list(gateway.org(), patient.as_ref(), page.cursor.as_deref(), limit).await?;
    let cursor = consents.last().filter(|_| consents.len() == limit).map(|consent| consent.id().to_owned());
    Ok(Json(json!({"success": true, "count": consents.len(), "consents": consents, "cursor": cursor})))
}

/// An administrator, or the patient about whom the consent is.
fn may_change(caller: &Caller, patient: &PatientToken) -> Result<(), ApiError> {
    match caller.claims.role {
        Role::Admin => Ok(()),
        Role::Patient => own(caller, Some(patient.clone())).map(drop),
        _ => Err(ApiError::forbidden()),
    }
}

/// The caller's own token, where nobody else's is asked for.
fn own(caller: &Caller, asked: Option<PatientToken>) -> Result<PatientToken, ApiError> {
    let own = caller.claims.patient.as_deref().and_then(|token| PatientToken::new(token).ok());
    own.filter(|own| asked.is_none_or(|asked| asked == *own)).ok_or_else(ApiError::forbidden)
}
