//! The certificate of the server that speaks TLS, and the load's end of it.

use std::error::Error;
use std::fs;
use std::io;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_pki_types::ServerName;

/// The names of the files in a folder.
pub(crate) const CERTIFICATE: &str = "certificate.pem";
pub(crate) const KEY: &str = "key.pem";

const NAME: &str = "localhost";

/// A certificate in a folder, and a client that trusts it.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    pub(crate) folder: PathBuf,
    pub(crate) client: Arc<ClientConfig>,
}

impl Tls {
    /// Makes a certificate.
    pub(crate) fn certify(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let made = rcgen::generate_simple_self_signed([NAME.to_owned()])?;
        fs::write(folder.join(CERTIFICATE), made.cert.pem())?;
        fs::write(folder.join(KEY), made.signing_key.serialize_pem())?;
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let client = client.with_root_certificates(roots).with_no_client_auth();
        Ok(Self { folder: folder.to_owned(), client: Arc::new(client) })
    }
}

/// Shakes hands.
pub(crate) fn connect(
    mut stream: TcpStream,
    config: &Arc<ClientConfig>,
) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let name = ServerName::try_from(NAME).map_err(io::Error::other)?;
    let mut session = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
    while session.is_handshaking() {
        session.complete_io(&mut stream)?;
    }
    Ok(StreamOwned::new(session, stream))
}
