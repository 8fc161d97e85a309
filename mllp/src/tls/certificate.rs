//! What is told about the certificate of a peer.

use rustls::{CipherSuite, SupportedCipherSuite, crypto::ring};
use rustls_pki_types::CertificateDer;
use x509_parser::{certificate::X509Certificate, extensions::GeneralName};

use crate::Certificate;

impl Certificate {
    /// What a certificate says about its owner. One that cannot be read has its fingerprint and no name.
    pub(super) fn of(der: &CertificateDer<'_>) -> Option<Self> {
        let names = match x509_parser::parse_x509_certificate(der) {
            Ok((_, certificate)) => names(&certificate),
            Err(_) => Vec::new(),
        };
        Some(Self { fingerprint: sha256(der)?, names })
    }
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let alternative = certificate.subject_alternative_name().ok().flatten();
    let dns =
        alternative.iter().flat_map(|extension| &extension.value.general_names).filter_map(
            |name| match name {
                GeneralName::DNSName(name) => Some(*name),
                _ => None,
            },
        );
    let common = certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok());
    let mut names: Vec<String> = Vec::new();
    for name in dns.chain(common) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// By the hash of a cipher suite that the provider always has.
fn sha256(bytes: &[u8]) -> Option<[u8; 32]> {
    let suite = ring::ALL_CIPHER_SUITES
        .iter()
        .find(|suite| suite.suite() == CipherSuite::TLS13_AES_128_GCM_SHA256)?;
    let SupportedCipherSuite::Tls13(suite) = suite else {
        return None;
    };
    suite.common.hash_provider.hash(bytes).as_ref().try_into().ok()
}

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
