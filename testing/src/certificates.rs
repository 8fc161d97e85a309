//! An authority, a server and a client, made anew for each test.

use std::path::{Path, PathBuf};

use carewire_mllp::ClientTls;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};

use crate::{Error, Result};

/// PEM files in one directory.
///
/// ```
/// let directory = std::env::temp_dir().join("carewire-certificates");
/// let made = carewire_testing::certificates::Certificates::make(&directory)?;
/// assert!(std::fs::read_to_string(made.ca())?.starts_with("-----BEGIN CERTIFICATE-----"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Certificates {
    directory: PathBuf,
}

impl Certificates {
    /// The name that the server's certificate is for.
    pub const SERVER_NAME: &'static str = "gateway.test";

    /// Makes an authority, and with it the certificates of a server and of a client.
    ///
    /// # Errors
    /// When they cannot be made or written.
    pub fn make(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory).map_err(Error::io("certificates"))?;
        let made = Self { directory: directory.to_path_buf() };
        made.write().map_err(|error| Error::program("certificates", error))?;
        Ok(made)
    }

    fn write(&self) -> Result<(), String> {
        let mut authority = CertificateParams::new(vec![]).map_err(text)?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.distinguished_name.push(DnType::CommonName, "Tests only");
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().map_err(text)?).map_err(text)?;
        std::fs::write(self.ca(), authority.pem()).map_err(text)?;
        let uses = [
            (Self::SERVER_NAME, ExtendedKeyUsagePurpose::ServerAuth, self.server()),
            ("sender.test", ExtendedKeyUsagePurpose::ClientAuth, self.client()),
        ];
        for (name, purpose, (certificate, key)) in uses {
            let mut params = CertificateParams::new(vec![name.to_owned()]).map_err(text)?;
            params.distinguished_name.push(DnType::CommonName, name);
            params.extended_key_usages = vec![purpose];
            let pair = KeyPair::generate().map_err(text)?;
            let signed = params.signed_by(&pair, &authority).map_err(text)?;
            std::fs::write(certificate, signed.pem()).map_err(text)?;
            std::fs::write(key, pair.serialize_pem()).map_err(text)?;
        }
        Ok(())
    }

    /// The authority's certificate.
    #[must_use]
    pub fn ca(&self) -> PathBuf {
        self.directory.join("ca.pem")
    }

    /// The server's certificate and its key.
    #[must_use]
    pub fn server(&self) -> (PathBuf, PathBuf) {
        (self.directory.join("server.pem"), self.directory.join("server.key"))
    }

    /// How the client connects: it trusts the authority and shows its certificate.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn client_tls(&self) -> Result<ClientTls> {
        let read = |path: PathBuf| std::fs::read(path).map_err(Error::io("certificates"));
        let (certificate, key) = self.client();
        let (certificate, key) = (read(certificate)?, read(key)?);
        let tls =
            ClientTls::with_roots(&read(self.ca())?).and_then(|tls| tls.with_identity(&certificate, &key));
        tls.map_err(|error| Error::program("certificates", error.to_string()))
    }

    /// The client's certificate and its key.
    #[must_use]
    pub fn client(&self) -> (PathBuf, PathBuf) {
        (self.directory.join("client.pem"), self.directory.join("client.key"))
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
