//! Errors as the API shows them.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use carewire_fhir_core::CorrelationId;
use serde_json::json;

/// An answer that is not a success. It carries codes and fixed phrases, never values.
///
/// As a response it has its status only; the router's outermost layer knows the correlation id and writes the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "a valid bearer token is required")
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "the token does not allow this")
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid", message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "not found")
    }

    pub(crate) fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "the route has other methods")
    }

    pub(crate) fn conflict() -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "it contradicts what is stored")
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "the body is larger than the limit")
    }

    pub(crate) fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "a store or the remote cannot be reached")
    }

    /// The answer as the caller sees it; headers of `bare` (such as `Allow`) stay.
    pub(crate) fn shown(&self, correlation: &CorrelationId, bare: Response) -> Response {
        tracing::info!(%correlation, status = self.status.as_u16(), code = self.code, "request refused");
        let body = json!({
            "success": false,
            "error": {"code": self.code, "message": self.message, "correlationId": correlation.as_str()},
        });
        let mut response = (self.status, Json(body)).into_response();
        let kept = bare.headers().iter().filter(|(name, _)| !matches!(**name, CONTENT_LENGTH | CONTENT_TYPE));
        response.headers_mut().extend(kept.map(|(name, value)| (name.clone(), value.clone())));
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<carewire_gateway::Error> for ApiError {
    fn from(error: carewire_gateway::Error) -> Self {
        use carewire_gateway::Error;
        match &error {
            Error::Engine(carewire_sync_engine::Error::NotFound { .. })
            | Error::Consents(carewire_consent::StoreError::NotFound) => Self::not_found(),
            Error::Consents(carewire_consent::StoreError::Conflict) => Self::conflict(),
            Error::OtherOrg => Self::forbidden(),
            Error::NotStorable { .. } => Self::invalid(error.to_string()),
            _ => {
                tracing::error!(%error, "request failed");
                Self::unavailable()
            }
        }
    }
}

impl From<carewire_sync_engine::Error> for ApiError {
    fn from(error: carewire_sync_engine::Error) -> Self {
        carewire_gateway::Error::from(error).into()
    }
}

impl From<carewire_consent::StoreError> for ApiError {
    fn from(error: carewire_consent::StoreError) -> Self {
        carewire_gateway::Error::from(error).into()
    }
}
