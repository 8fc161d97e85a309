//! The client's side.

use std::sync::Arc;

use rustls::{ClientConfig, client::Resumption, sign::SingleCertAndKey};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    TlsError, VERSIONS,
    pem::{Pem, identity},
    provider,
};

/// How a client speaks TLS: whose certificates it trusts, and which it shows.
///
/// Cheap to clone. TLS 1.2 is the oldest version, and no session is resumed, so that each connection checks the server's
/// certificate anew.
#[derive(Clone)]
pub struct ClientTls {
    config: Arc<ClientConfig>,
}

impl ClientTls {
    /// Trusts servers whose certificate one of these authorities (PEM) signed, and no others.
    ///
    /// # Errors
    /// [`TlsError::Invalid`].
    pub fn with_roots(ca: &[u8]) -> Result<Self, TlsError> {
        let name = "server authorities";
        let roots = Pem { name, text: ca }.roots()?;
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(VERSIONS)
            .map_err(|_| TlsError::invalid(name, "no version of TLS in common with the provider"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        Ok(Self { config: Arc::new(config) })
    }

    /// As the configuration says, which is the caller's to answer for.
    #[must_use]
    pub fn from_config(config: Arc<ClientConfig>) -> Self {
        Self { config }
    }

    /// Shows this certificate (PEM: the certificate, then those between it and an authority) to servers that ask for one.
    ///
    /// # Errors
    /// [`TlsError::Invalid`] and [`TlsError::KeyMismatch`].
    pub fn with_identity(mut self, cert_chain: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain = Pem { name: "certificate chain", text: cert_chain };
        let identity = identity(&chain, &Pem { name: "private key", text: key })?;
        let config = Arc::make_mut(&mut self.config);
        config.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(identity));
        Ok(self)
    }

    /// The handshake with a server whose certificate must have this DNS name or address.
    pub(crate) async fn connect<S>(&self, name: &str, stream: S) -> Result<TlsStream<S>, TlsError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let name = ServerName::try_from(name.to_owned()).map_err(|_| TlsError::ServerName)?;
        let connector = TlsConnector::from(Arc::clone(&self.config));
        connector.connect(name, stream).await.map_err(TlsError::of_handshake)
    }
}

impl std::fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientTls").finish_non_exhaustive()
    }
}
