//! Errors as the API shows them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer that is not a success. It carries codes and fixed phrases, never values.
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

    pub(crate) fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "a store or the remote cannot be reached")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let correlation = uuid::Uuid::now_v7().to_string();
        tracing::info!(%correlation, status = self.status.as_u16(), code = self.code, "request refused");
        let body = json!({
            "success": false,
            "error": {"code": self.code, "message": self.message, "correlationId": correlation},
        });
        (self.status, Json(body)).into_response()
    }
}

impl From<carewire_gateway::Error> for ApiError {
    fn from(error: carewire_gateway::Error) -> Self {
        use carewire_gateway::Error;
        match &error {
            Error::Engine(carewire_sync_engine::Error::NotFound { .. })
            | Error::Consents(carewire_consent::StoreError::NotFound) => Self::not_found(),
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
