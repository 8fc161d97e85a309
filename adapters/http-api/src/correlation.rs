//! One id for a request: taken from the caller or made, named in logs and errors, returned on every answer.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use carewire_fhir_core::CorrelationId;
use tracing::Instrument;

use crate::ApiError;

const HEADER: HeaderName = HeaderName::from_static("x-correlation-id");

/// Carries the id through the request, gives errors their body and puts the header on the answer.
pub(crate) async fn carry(mut request: Request, next: Next) -> Response {
    let Some(id) = taken(request.headers()).or_else(made) else {
        return ApiError::unavailable().into_response();
    };
    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", correlation = %id);
    let mut response = next.run(request).instrument(span).await;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = error.shown(&id, response);
    }
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// The caller's id, where it is one: anything else could be a value that must not stand in a log.
fn taken(headers: &HeaderMap) -> Option<CorrelationId> {
    CorrelationId::new(headers.get(HEADER)?.to_str().ok()?).ok()
}

fn made() -> Option<CorrelationId> {
    CorrelationId::new(&uuid::Uuid::now_v7().to_string()).ok()
}
