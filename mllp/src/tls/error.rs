//! What is wrong with certificates, keys and handshakes.

use rustls::{CertificateError, Error};

/// Why a TLS configuration cannot be made or used. It names the file and what is wrong with it, and holds no byte of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {file}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file, or a text that was given, is not what it must be.
    #[error("{file}: {problem}")]
    Invalid {
        /// The file, or what was given.
        file: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The key is not that of the first certificate.
    #[error("{key} is not the key of the first certificate in {certificate}")]
    KeyMismatch {
        /// The file of the certificates, or what was given.
        certificate: String,
        /// The file of the key, or what was given.
        key: String,
    },
    /// There are no files to read again: the configuration was made from texts.
    #[error("nothing to reload: the certificates were not read from files")]
    NotFromFiles,
    /// The name to expect is neither a DNS name nor an address.
    #[error("the name that the server's certificate must have is not a DNS name or an address")]
    ServerName,
    /// The two sides did not come to terms.
    #[error("TLS handshake failed: {reason}")]
    Handshake {
        /// The stable name of the reason.
        reason: &'static str,
    },
    /// The connection broke in the handshake.
    #[error("connection failed in the TLS handshake")]
    Io(#[from] std::io::Error),
}

impl TlsError {
    pub(super) fn invalid(file: &str, problem: &'static str) -> Self {
        Self::Invalid { file: file.to_owned(), problem }
    }

    /// The error of a handshake, without the texts of the library, which may hold parts of certificates.
    pub(crate) fn of_handshake(error: std::io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(error) => Self::Handshake { reason: reason_of(error) },
            None if error.kind() == std::io::ErrorKind::UnexpectedEof => Self::Handshake { reason: "closed" },
            None => Self::Io(error),
        }
    }

    /// The stable name, for logs.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Read { .. } => "read",
            Self::Invalid { problem, .. } => problem,
            Self::KeyMismatch { .. } => "key_mismatch",
            Self::NotFromFiles => "not_from_files",
            Self::ServerName => "server_name",
            Self::Handshake { reason } => reason,
            Self::Io(_) => "broken",
        }
    }
}

/// The stable name of what went wrong between two sides.
fn reason_of(error: &Error) -> &'static str {
    match error {
        Error::NoCertificatesPresented => "no_certificate",
        Error::InvalidCertificate(error) => certificate_reason(error),
        Error::AlertReceived(_) => "refused_by_peer",
        Error::PeerIncompatible(_) => "incompatible",
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } => "not_tls",
        Error::InappropriateHandshakeMessage { .. } | Error::PeerMisbehaved(_) => "misbehaved",
        Error::DecryptError => "decrypt",
        _ => "other",
    }
}

fn certificate_reason(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "certificate_expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "certificate_not_valid_yet"
        }
        CertificateError::Revoked => "certificate_revoked",
        CertificateError::UnknownIssuer => "certificate_unknown_issuer",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "certificate_of_another_name"
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "certificate_of_another_purpose"
        }
        CertificateError::BadEncoding => "certificate_malformed",
        CertificateError::BadSignature => "certificate_signature",
        _ => "certificate_invalid",
    }
}
