//! Who asks.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{Api, ApiError};

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Role {
    /// Everything in the org.
    Admin,
    /// Records of patients in care.
    #[serde(alias = "PROVIDER")]
    Clinician,
    /// Own consents and data.
    Patient,
    /// De-identified data only.
    Researcher,
    /// Machines: ingress.
    System,
    /// The audit trail.
    Auditor,
}

/// The claims of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    pub sub: String,
    /// The org that the request is about.
    pub org: String,
    /// What the user may do.
    pub role: Role,
    /// The patient token, for [`Role::Patient`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// When the token ends, in seconds since 1970.
    pub exp: i64,
}

/// Signs claims with HS256.
///
/// # Errors
/// [`ApiError`] when signing fails.
pub fn sign(claims: &Claims, secret: &SecretString) -> Result<String, ApiError> {
    let key = EncodingKey::from_secret(secret.expose_secret().as_bytes());
    encode(&Header::new(Algorithm::HS256), claims, &key).map_err(|_| ApiError::unavailable())
}

/// The caller of a request, checked.
pub(crate) struct Caller {
    pub(crate) claims: Claims,
}

impl Caller {
    /// Refuses everybody else.
    pub(crate) fn allow(&self, roles: &[Role]) -> Result<(), ApiError> {
        if roles.contains(&self.claims.role) { Ok(()) } else { Err(ApiError::forbidden()) }
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Self::Rejection> {
        let secret = api.inner.secret.as_ref().ok_or_else(ApiError::unauthorized)?;
        let token = bearer(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
        let claims = decode::<Claims>(token, &key, &Validation::new(Algorithm::HS256))
            .map_err(|_| ApiError::unauthorized())?
            .claims;
        same(&parts.headers, "x-org-id", &claims.org)?;
        same(&parts.headers, "x-user-id", &claims.sub)?;
        if claims.org != api.inner.gateway.org().as_str() {
            return Err(ApiError::forbidden());
        }
        Ok(Self { claims })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// A header that contradicts the token is refused.
fn same(headers: &HeaderMap, name: &str, expected: &str) -> Result<(), ApiError> {
    match headers.get(name) {
        Some(value) if value.as_bytes() != expected.as_bytes() => Err(ApiError::forbidden()),
        _ => Ok(()),
    }
}
