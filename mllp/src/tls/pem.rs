//! Certificates and keys from PEM.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rustls::{RootCertStore, sign::CertifiedKey};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

use super::{TlsError, provider};

/// A PEM text, and what errors call it.
pub(super) struct Pem<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a [u8],
}

impl Pem<'_> {
    /// The certificates, at least one, each of them well formed.
    pub(super) fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        // The library's errors quote the text.
        let found = CertificateDer::pem_slice_iter(self.text)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| self.invalid("not well-formed PEM"))?;
        let well_formed =
            |der: &CertificateDer<'_>| matches!(x509_parser::parse_x509_certificate(der), Ok(([], _)));
        match found.as_slice() {
            [] => Err(self.invalid("no certificate in it")),
            all if all.iter().all(well_formed) => Ok(found),
            _ => Err(self.invalid("a certificate in it is malformed")),
        }
    }

    /// When the first certificate ends.
    pub(super) fn expires(&self) -> Result<SystemTime, TlsError> {
        let certificates = self.certificates()?;
        let first = certificates.first().and_then(|der| x509_parser::parse_x509_certificate(der).ok());
        let ends = first.map(|(_, certificate)| certificate.validity().not_after.timestamp());
        // One that ended before 1970 has ended.
        let seconds = ends.map(|seconds| u64::try_from(seconds).unwrap_or(0));
        seconds
            .and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)))
            .ok_or_else(|| self.invalid("a certificate in it is malformed"))
    }

    /// The authorities to trust.
    pub(super) fn roots(&self) -> Result<Arc<RootCertStore>, TlsError> {
        let mut roots = RootCertStore::empty();
        for certificate in self.certificates()? {
            roots.add(certificate).map_err(|_| self.invalid("a certificate in it cannot be an authority"))?;
        }
        Ok(Arc::new(roots))
    }

    fn key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        PrivateKeyDer::from_pem_slice(self.text).map_err(|error| match error {
            rustls_pki_types::pem::Error::NoItemsFound => self.invalid("no private key in it"),
            _ => self.invalid("not well-formed PEM"),
        })
    }

    fn invalid(&self, problem: &'static str) -> TlsError {
        TlsError::invalid(self.name, problem)
    }
}

/// A certificate chain with the key of its first certificate.
pub(super) fn identity(chain: &Pem<'_>, key: &Pem<'_>) -> Result<Arc<CertifiedKey>, TlsError> {
    let certified = CertifiedKey::from_der(chain.certificates()?, key.key()?, &provider());
    certified.map(Arc::new).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            TlsError::KeyMismatch { certificate: chain.name.to_owned(), key: key.name.to_owned() }
        }
        _ => key.invalid("a private key that cannot be used"),
    })
}
