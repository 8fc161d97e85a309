//! What a server says about its authorization.

use carewire_fhir_core::Value;

use crate::{DocumentError, Error};

/// `.well-known/smart-configuration`, as far as a service without a user needs it.
///
/// ```
/// use carewire_bulk_data::SmartConfiguration;
/// let configuration = SmartConfiguration::parse(br#"{
///     "token_endpoint": "https://a.example/token",
///     "token_endpoint_auth_methods_supported": ["private_key_jwt"],
///     "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"]
/// }"#)?;
/// assert!(configuration.takes_signed_assertions());
/// assert_eq!(configuration.pick_algorithm(&["ES384", "RS384"]), Some("ES384"));
/// # Ok::<(), carewire_bulk_data::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SmartConfiguration {
    /// Who issues the tokens.
    pub issuer: Option<String>,
    /// Where tokens are asked for.
    pub token_endpoint: String,
    /// Where the server's keys are.
    pub jwks_uri: Option<String>,
    /// How a client may show who it is.
    pub auth_methods: Vec<String>,
    /// With what a client may sign.
    pub signing_algorithms: Vec<String>,
    /// The scopes that the server names; it may know more.
    pub scopes: Vec<String>,
    /// The grants that the server names.
    pub grant_types: Vec<String>,
    /// What else the server can do.
    pub capabilities: Vec<String>,
}

impl SmartConfiguration {
    /// Reads the document.
    ///
    /// # Errors
    /// [`Error::Document`] when it is not JSON or names no token endpoint.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        Self::read(body).map_err(|reason| Error::Document { document: "smart configuration", reason })
    }

    /// Whether a client may show who it is by a signed assertion (`private_key_jwt`).
    #[must_use]
    pub fn takes_signed_assertions(&self) -> bool {
        self.auth_methods.iter().any(|method| method == "private_key_jwt")
            || self.capabilities.iter().any(|capability| capability == "client-confidential-asymmetric")
    }

    /// The first of one's own algorithms that the server takes. A server that names none must take RS384 and ES384.
    #[must_use]
    pub fn pick_algorithm<'a>(&self, ours: &[&'a str]) -> Option<&'a str> {
        let takes = |algorithm: &str| match self.signing_algorithms.as_slice() {
            [] => matches!(algorithm, "RS384" | "ES384"),
            named => named.iter().any(|name| name == algorithm),
        };
        ours.iter().copied().find(|algorithm| takes(algorithm))
    }

    fn read(body: &[u8]) -> Result<Self, DocumentError> {
        let value = Value::parse(body)?;
        let endpoint = value.str("token_endpoint").filter(|endpoint| !endpoint.is_empty());
        let list =
            |name: &str| value.list(name).iter().filter_map(Value::as_str).map(str::to_owned).collect();
        Ok(Self {
            issuer: value.str("issuer").map(str::to_owned),
            token_endpoint: endpoint
                .ok_or_else(|| DocumentError::Element("token_endpoint".to_owned()))?
                .to_owned(),
            jwks_uri: value.str("jwks_uri").map(str::to_owned),
            auth_methods: list("token_endpoint_auth_methods_supported"),
            signing_algorithms: list("token_endpoint_auth_signing_alg_values_supported"),
            scopes: list("scopes_supported"),
            grant_types: list("grant_types_supported"),
            capabilities: list("capabilities"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_without_a_token_endpoint_is_refused() {
        for bad in ["", "{}", r#"{"token_endpoint":""}"#, r#"{"token_endpoint":["x"]}"#] {
            assert!(SmartConfiguration::parse(bad.as_bytes()).is_err());
        }
    }

    #[test]
    fn algorithms_are_negotiated() {
        let silent = SmartConfiguration::parse(br#"{"token_endpoint":"t"}"#).unwrap();
        assert_eq!(silent.pick_algorithm(&["RS256", "RS384"]), Some("RS384"));
        assert!(!silent.takes_signed_assertions());
        let only = br#"{"token_endpoint":"t","token_endpoint_auth_signing_alg_values_supported":["ES384"],
            "capabilities":["client-confidential-asymmetric"]}"#;
        let only = SmartConfiguration::parse(only).unwrap();
        assert_eq!(only.pick_algorithm(&["RS384"]), None);
        assert!(only.takes_signed_assertions());
    }
}
