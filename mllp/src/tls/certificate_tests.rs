//! A certificate that OpenSSL made, with the fingerprint that OpenSSL says it has.

use rustls_pki_types::pem::PemObject as _;

use super::*;

const PEM: &str = "\
-----BEGIN CERTIFICATE-----
MIICIzCCAcqgAwIBAgIUH0h2ZIuQda1zTQacQuzW/GwVyMkwCgYIKoZIzj0EAwIw
RTEXMBUGA1UEAwwOTGFib3JhdG9yeSBPbmUxEDAOBgNVBAoMB0V4YW1wbGUxGDAW
BgNVBAMMD2xpcy5leGFtcGxlLm9yZzAeFw0yNjExMjEyMTAxNTdaFw0yNjExMjIy
MTAxNTdaMEUxFzAVBgNVBAMMDkxhYm9yYXRvcnkgT25lMRAwDgYDVQQKDAdFeGFt
cGxlMRgwFgYDVQQDDA9saXMuZXhhbXBsZS5vcmcwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARqG6/woH6BenGrqpTt+RJYf4elu3ax3cbPnWG342mz3bZbnL/X3wBe
FnbX2vZdCJsKKn+THM/9U/9Ca5yj4QpEo4GXMIGUMB0GA1UdDgQWBBRmxes7kyal
6WKQrmiyrMzAsgJiPDAfBgNVHSMEGDAWgBRmxes7kyal6WKQrmiyrMzAsgJiPDAP
BgNVHRMBAf8EBTADAQH/MEEGA1UdEQQ6MDiCD2xpcy5leGFtcGxlLm9yZ4cEwAAC
AYIQbGlzMi5leGFtcGxlLm9yZ4ENeEBleGFtcGxlLm9yZzAKBggqhkjOPQQDAgNH
ADBEAiB/6oFGf0010wyqJGuGmlZ50fqmGsTDpoXBdO+ANGGZQAIgSWhGcmf0gG3P
6XSBJS5Qf6CUQ0ryPPrQ++yK7sDttrc=
-----END CERTIFICATE-----
";

const FINGERPRINT: &str = "a40f0d5700184bb956a4c1d1fccaba8a524f725a624e8cc8884234fc5acfbd44";

#[test]
fn names_and_fingerprint_are_read() {
    let certificate = Certificate::of(&CertificateDer::from_pem_slice(PEM.as_bytes()).unwrap()).unwrap();
    assert_eq!(certificate.fingerprint_hex(), FINGERPRINT);
    // The names of hosts first, then those of the subject, and each once; no addresses and no mail.
    assert_eq!(certificate.names, ["lis.example.org", "lis2.example.org", "Laboratory One"]);
}

#[test]
fn what_cannot_be_read_has_no_name() {
    let certificate = Certificate::of(&CertificateDer::from(b"none".to_vec())).unwrap();
    assert!(certificate.names.is_empty());
    assert_ne!(certificate.fingerprint_hex(), FINGERPRINT);
}
