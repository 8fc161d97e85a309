//! TLS: always verified. There is no way to switch that off.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

use crate::{Error, Result};

/// How the suite connects over TLS.
#[derive(Clone)]
pub struct TlsClient {
    with_identity: TlsConnector,
    without_identity: TlsConnector,
    has_identity: bool,
    name: ServerName<'static>,
}

impl TlsClient {
    /// Trusts the certificates of `ca` (PEM) and expects the server to be `name`; shows the certificate and key (PEM) of
    /// `identity`, where there is one.
    ///
    /// # Errors
    /// When a certificate, the key or the name cannot be used.
    pub fn new(ca: &[u8], name: &str, identity: Option<(&[u8], &[u8])>) -> Result<Self> {
        let roots = Arc::new(roots(ca)?);
        let builder = || {
            let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
            let builder = builder.with_safe_default_protocol_versions().map_err(refused)?;
            Result::Ok(builder.with_root_certificates(Arc::clone(&roots)))
        };
        let without = builder()?.with_no_client_auth();
        let with = match identity {
            None => without.clone(),
            Some((certificate, key)) => {
                builder()?.with_client_auth_cert(chain(certificate)?, private_key(key)?).map_err(refused)?
            }
        };
        Ok(Self {
            with_identity: TlsConnector::from(Arc::new(with)),
            without_identity: TlsConnector::from(Arc::new(without)),
            has_identity: identity.is_some(),
            name: ServerName::try_from(name.to_owned()).map_err(refused)?,
        })
    }

    /// Whether a certificate is shown.
    pub(crate) fn has_identity(&self) -> bool {
        self.has_identity
    }

    pub(crate) async fn connect(
        &self,
        stream: TcpStream,
        with_identity: bool,
    ) -> io::Result<client::TlsStream<TcpStream>> {
        let connector = if with_identity { &self.with_identity } else { &self.without_identity };
        connector.connect(self.name.clone(), stream).await
    }
}

/// How the suite is connected to over TLS.
#[derive(Clone)]
pub struct TlsServer(TlsAcceptor);

impl TlsServer {
    /// Shows this certificate and uses its key (both PEM); where there is a `client_ca` (PEM), wants a certificate of it.
    ///
    /// # Errors
    /// When a certificate or the key cannot be used.
    pub fn new(certificate: &[u8], key: &[u8], client_ca: Option<&[u8]>) -> Result<Self> {
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().map_err(refused)?;
        let builder = match client_ca {
            None => builder.with_no_client_auth(),
            Some(ca) => {
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots(ca)?), provider);
                builder.with_client_cert_verifier(verifier.build().map_err(refused)?)
            }
        };
        let config = builder.with_single_cert(chain(certificate)?, private_key(key)?).map_err(refused)?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<server::TlsStream<TcpStream>> {
        self.0.accept(stream).await
    }
}

impl std::fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsClient").field("has_identity", &self.has_identity).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TlsServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsServer").finish_non_exhaustive()
    }
}

/// Reads a file for the functions above.
///
/// # Errors
/// When it cannot be read; the error names it.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| Error::File { path: path.display().to_string(), source })
}

fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(refused)?;
    if chain.is_empty() {
        return Err(refused("no certificate in PEM form"));
    }
    Ok(chain)
}

fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem).map_err(refused)
}

fn roots(pem: &[u8]) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(pem)? {
        roots.add(certificate).map_err(refused)?;
    }
    Ok(roots)
}

fn refused(error: impl std::fmt::Display) -> Error {
    Error::Tls(error.to_string())
}
