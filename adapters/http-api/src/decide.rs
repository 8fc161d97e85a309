//! `/api/consents/decide`: may the caller do this?

use axum::Json;
use carewire_consent::{Request, Response};
use carewire_fhir_core::PatientToken;

use crate::auth::Caller;
use crate::input::Body;
use crate::{ApiError, Role};

/// The decision about a request, as `carewire consent decide` prints it. It is put on record.
pub(crate) async fn decide(caller: Caller, body: Body) -> Result<Json<Response>, ApiError> {
    let request = Request::parse(&body.0).map_err(|error| ApiError::invalid(error.to_string()))?;
    let request = asked_by(&caller, request)?;
    Ok(Json(caller.gateway.decide(&request, &caller.correlation).await?))
}

/// The request as the caller's own. An administrator may ask for anybody in the org; everybody else asks for himself, and what
/// his token does not show he cannot claim to be.
fn asked_by(caller: &Caller, mut request: Request) -> Result<Request, ApiError> {
    if request.org != *caller.gateway.org() {
        return Err(ApiError::forbidden());
    }
    if caller.claims.role == Role::Admin {
        request.actor.role.get_or_insert_with(|| Role::Admin.name().into());
        return Ok(request);
    }
    let actor = &mut request.actor;
    let is_own_role =
        actor.role.as_deref().is_none_or(|name| Role::from_name(name) == Some(caller.claims.role));
    let is_own_org = actor.org.as_ref().is_none_or(|org| *org == request.org);
    if !(is_own_role && is_own_org && actor.aliases.is_empty() && request.org_aliases.is_empty()) {
        return Err(ApiError::forbidden());
    }
    actor.role = Some(caller.claims.role.name().into());
    actor.reference = Some(reference(caller, actor.reference.as_deref(), &request.patient)?);
    Ok(request)
}

/// Who the caller is, where he says nothing else about himself.
fn reference(caller: &Caller, stated: Option<&str>, patient: &PatientToken) -> Result<String, ApiError> {
    let claims = &caller.claims;
    let own = match claims.role {
        // Nobody learns by what rules somebody else's data are kept.
        Role::Patient if claims.patient.as_deref() != Some(patient.as_str()) => {
            return Err(ApiError::forbidden());
        }
        Role::Patient => vec![format!("Patient/{patient}"), patient.to_string()],
        Role::Clinician => vec![
            claims.sub.clone(),
            format!("Practitioner/{}", claims.sub),
            format!("PractitionerRole/{}", claims.sub),
        ],
        _ => vec![claims.sub.clone()],
    };
    match stated {
        None => own.into_iter().next().ok_or_else(ApiError::forbidden),
        Some(stated) if own.iter().any(|own| own == stated) => Ok(stated.to_owned()),
        Some(_) => Err(ApiError::forbidden()),
    }
}
