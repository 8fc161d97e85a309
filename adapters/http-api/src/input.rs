//! What a request says, or a refusal in the API's own words: where it is wrong, never what it said.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::ApiError;

/// The body of a request, up to the limit of the router.
pub(crate) struct Body(pub(crate) Bytes);

impl Body {
    /// The body as JSON, whatever its content type says.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.0).map_err(|error| malformed(&error))
    }

    /// The body as JSON; no body at all is the default.
    pub(crate) fn json_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        if self.0.trim_ascii().is_empty() { Ok(T::default()) } else { self.json() }
    }
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let read = Bytes::from_request(request, state).await;
        read.map(Self).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(),
            _ => ApiError::invalid("the body could not be read"),
        })
    }
}

/// The query of a request.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(_) => Err(ApiError::invalid("a query parameter is malformed")),
        }
    }
}

/// The one variable segment of a path.
pub(crate) struct Id(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(ApiError::invalid("the path is malformed")),
        }
    }
}

fn malformed(error: &serde_json::Error) -> ApiError {
    let what = match error.classify() {
        Category::Data => "a member is missing, unknown or malformed",
        Category::Syntax | Category::Eof | Category::Io => "not valid JSON",
    };
    ApiError::invalid(format!("line {}, column {}: {what}", error.line(), error.column()))
}
