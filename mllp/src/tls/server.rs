//! The server's side.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use rustls::{
    RootCertStore, ServerConfig,
    server::{NoServerSessionStorage, WebPkiClientVerifier, danger::ClientCertVerifier},
    sign::{CertifiedKey, SingleCertAndKey},
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    TlsError, VERSIONS,
    pem::{Pem, identity},
    provider,
};
use crate::Certificate;

/// Where a server's certificate comes from, all of it PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "settings that a caller writes out")]
pub struct TlsFiles {
    /// The server's certificate, and then those between it and an authority.
    pub cert: PathBuf,
    /// The key of the first certificate.
    pub key: PathBuf,
    /// The authorities of clients. With it every client must show a certificate that one of them signed.
    pub client_ca: Option<PathBuf>,
}

/// How a server speaks TLS: its certificate, and whose certificates its clients must have.
///
/// Clones share one certificate. [`ServerTls::reload`] changes it for the connections that come, and those that stand go on.
/// TLS 1.2 is the oldest version, and no session is resumed, so that each connection proves its certificate anew.
#[derive(Clone)]
pub struct ServerTls {
    shared: Arc<Shared>,
    clients: Clients,
}

struct Shared {
    files: Option<TlsFiles>,
    material: RwLock<Configs>,
}

/// Whether a client without a certificate is let in, where there are authorities of clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clients {
    Required,
    Optional,
}

/// The two ways of using the same certificates.
struct Configs {
    required: Arc<ServerConfig>,
    optional: Arc<ServerConfig>,
    expires: SystemTime,
}

impl ServerTls {
    /// From PEM texts: the certificate chain, its key, and the authorities of clients if those must have certificates.
    ///
    /// # Errors
    /// [`TlsError::Invalid`] and [`TlsError::KeyMismatch`].
    pub fn from_pem(cert_chain: &[u8], key: &[u8], client_ca: Option<&[u8]>) -> Result<Self, TlsError> {
        let chain = Pem { name: "certificate chain", text: cert_chain };
        let key = Pem { name: "private key", text: key };
        let client_ca = client_ca.map(|text| Pem { name: "client authorities", text });
        Ok(Self::new(None, Configs::new(&chain, &key, client_ca.as_ref())?))
    }

    /// From PEM files, which [`ServerTls::reload`] reads again.
    ///
    /// # Errors
    /// [`TlsError::Read`], [`TlsError::Invalid`] and [`TlsError::KeyMismatch`], each with the name of the file.
    pub fn from_files(files: TlsFiles) -> Result<Self, TlsError> {
        let configs = Configs::read(&files)?;
        Ok(Self::new(Some(files), configs))
    }

    /// Lets in clients without a certificate too. Those that show one must still show a good one.
    #[must_use]
    pub fn with_optional_client_certificates(mut self) -> Self {
        self.clients = Clients::Optional;
        self
    }

    /// Reads the files again, for the connections that come, of this and all its clones.
    ///
    /// Either all of the files are good and count from now on, or nothing changes. It reads from the disk: call it where
    /// that may block.
    ///
    /// # Errors
    /// As [`ServerTls::from_files`]; what was loaded before stays. [`TlsError::NotFromFiles`] if there are no files.
    pub fn reload(&self) -> Result<(), TlsError> {
        let files = self.shared.files.as_ref().ok_or(TlsError::NotFromFiles)?;
        let configs = Configs::read(files)?;
        *self.shared.material.write().unwrap_or_else(PoisonError::into_inner) = configs;
        Ok(())
    }

    /// When the certificate that is loaded ends, for those who watch it. It is used beyond that all the same, and clients will
    /// refuse it.
    #[must_use]
    pub fn expires(&self) -> SystemTime {
        self.shared.material.read().unwrap_or_else(PoisonError::into_inner).expires
    }

    fn new(files: Option<TlsFiles>, configs: Configs) -> Self {
        Self {
            shared: Arc::new(Shared { files, material: RwLock::new(configs) }),
            clients: Clients::Required,
        }
    }

    fn config(&self) -> Arc<ServerConfig> {
        let configs = self.shared.material.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(match self.clients {
            Clients::Required => &configs.required,
            Clients::Optional => &configs.optional,
        })
    }

    /// The handshake, and the certificate of the client.
    pub(crate) async fn accept<S>(&self, stream: S) -> Result<(TlsStream<S>, Option<Certificate>), TlsError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let acceptor = TlsAcceptor::from(self.config());
        let stream = acceptor.accept(stream).await.map_err(TlsError::of_handshake)?;
        let (_, session) = stream.get_ref();
        let shown = session.peer_certificates().and_then(<[_]>::first);
        let certificate = shown.and_then(Certificate::of);
        Ok((stream, certificate))
    }
}

impl std::fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerTls")
            .field("files", &self.shared.files)
            .field("clients", &self.clients)
            .finish_non_exhaustive()
    }
}

impl Configs {
    fn read(files: &TlsFiles) -> Result<Self, TlsError> {
        let (chain, key) = (File::read(&files.cert)?, File::read(&files.key)?);
        let client_ca = files.client_ca.as_deref().map(File::read).transpose()?;
        Self::new(&chain.pem(), &key.pem(), client_ca.as_ref().map(File::pem).as_ref())
    }

    fn new(chain: &Pem<'_>, key: &Pem<'_>, client_ca: Option<&Pem<'_>>) -> Result<Self, TlsError> {
        let identity = identity(chain, key)?;
        let roots = client_ca.map(Pem::roots).transpose()?;
        let config = |clients| {
            let name = client_ca.map_or("client authorities", |pem| pem.name);
            config(&identity, roots.as_ref(), clients).map_err(|problem| TlsError::invalid(name, problem))
        };
        let expires = chain.expires()?;
        Ok(Self { required: config(Clients::Required)?, optional: config(Clients::Optional)?, expires })
    }
}

/// A file with its name, for errors.
struct File {
    name: String,
    text: Vec<u8>,
}

impl File {
    fn read(path: &Path) -> Result<Self, TlsError> {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(text) => Ok(Self { name, text }),
            Err(source) => Err(TlsError::Read { file: name, source }),
        }
    }

    fn pem(&self) -> Pem<'_> {
        Pem { name: &self.name, text: &self.text }
    }
}

fn config(
    identity: &Arc<CertifiedKey>,
    roots: Option<&Arc<RootCertStore>>,
    clients: Clients,
) -> Result<Arc<ServerConfig>, &'static str> {
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(VERSIONS)
        .map_err(|_| "no version of TLS in common with the provider")?;
    let builder = match roots {
        None => builder.with_no_client_auth(),
        Some(roots) => builder.with_client_cert_verifier(verifier(roots, clients)?),
    };
    let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(identity))));
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

fn verifier(
    roots: &Arc<RootCertStore>,
    clients: Clients,
) -> Result<Arc<dyn ClientCertVerifier>, &'static str> {
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::clone(roots), provider());
    let builder = match clients {
        Clients::Required => builder,
        Clients::Optional => builder.allow_unauthenticated(),
    };
    builder.build().map_err(|_| "no authority that can be used in it")
}
