//! TLS with the ring provider, chosen for each client: nothing is installed for the whole process.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::Error;

/// A configuration that trusts the platform's certificates and these PEM ones.
pub(crate) fn verifying(extra_pem: &[u8]) -> Result<ClientConfig, Error> {
    let extra: Vec<_> = CertificateDer::pem_slice_iter(extra_pem)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::Certificate)?;
    if extra.is_empty() && !extra_pem.is_empty() {
        return Err(Error::Certificate);
    }
    let provider = provider();
    let verifier = if extra.is_empty() {
        Verifier::new(Arc::clone(&provider))
    } else {
        Verifier::new_with_extra_roots(extra, Arc::clone(&provider))
    };
    let verifier = verifier.map_err(Error::tls)?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// A configuration that trusts nobody: for a client that speaks plain HTTP only, on a machine that may have no
/// certificates at all.
pub(crate) fn trusting_nobody() -> Result<ClientConfig, Error> {
    Ok(ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(Error::tls)?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused() {
        assert!(matches!(verifying(b"nonsense"), Err(Error::Certificate)));
        assert!(trusting_nobody().is_ok());
    }
}
