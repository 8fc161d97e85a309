//! Who asks.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use carewire_fhir_core::CorrelationId;
use carewire_gateway::Gateway;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::value::StrDeserializer;
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

impl Role {
    /// The role of that name; capitals do not matter, and `PROVIDER` is a clinician.
    ///
    /// ```
    /// use carewire_http_api::Role;
    /// assert_eq!(Role::from_name("provider"), Some(Role::Clinician));
    /// assert_eq!(Role::from_name("root"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_uppercase();
        Self::deserialize(StrDeserializer::<serde::de::value::Error>::new(&name)).ok()
    }

    /// The name, as in a token.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "ADMIN",
            Self::Clinician => "CLINICIAN",
            Self::Patient => "PATIENT",
            Self::Researcher => "RESEARCHER",
            Self::System => "SYSTEM",
            Self::Auditor => "AUDITOR",
        }
    }
}

/// The claims of a token. `Debug` does not show who it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Claims");
        shown.field("role", &self.role).field("exp", &self.exp).finish_non_exhaustive()
    }
}

/// Signs claims with HS256.
///
/// ```
/// use carewire_http_api::{Claims, Role, sign};
/// let secret = "at least 32 characters, from the environment".into();
/// let claims =
///     Claims { sub: "ada".into(), org: "default".into(), role: Role::Admin, patient: None, exp: 2_000_000_000 };
/// assert_eq!(sign(&claims, &secret)?.split('.').count(), 3);
/// # Ok::<(), carewire_http_api::ApiError>(())
/// ```
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
    /// That of the token's org.
    pub(crate) gateway: Gateway,
    /// The id of the request.
    pub(crate) correlation: CorrelationId,
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
        same(&parts.headers, "x-org-id", |org| org == claims.org)?;
        same(&parts.headers, "x-user-id", |user| user == claims.sub)?;
        same(&parts.headers, "x-role", |role| Role::from_name(role) == Some(claims.role))?;
        let gateway = api.inner.gateways.get(&claims.org).cloned().ok_or_else(ApiError::forbidden)?;
        let correlation = parts.extensions.get().cloned().ok_or_else(ApiError::unavailable)?;
        Ok(Self { claims, gateway, correlation })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// A header that contradicts the token is refused, wherever it stands among several.
fn same(headers: &HeaderMap, name: &str, agrees: impl Fn(&str) -> bool) -> Result<(), ApiError> {
    let all = headers.get_all(name).iter().all(|value| value.to_str().is_ok_and(&agrees));
    if all { Ok(()) } else { Err(ApiError::forbidden()) }
}
