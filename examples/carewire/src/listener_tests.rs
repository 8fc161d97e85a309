use std::path::Path;

use super::*;

fn write(directory: &Path, name: &str) -> TlsFiles {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    let files =
        TlsFiles { cert: directory.join("server.pem"), key: directory.join("server.key"), client_ca: None };
    std::fs::write(&files.cert, params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    files
}

/// What a client sees as the server's certificate, by its length and bytes.
async fn shown(tls: &ServerTls) -> Vec<u8> {
    #[derive(Debug)]
    struct Nobody;

    #[async_trait::async_trait]
    impl carewire_mllp::Handler for Nobody {
        async fn handle(&self, _: &carewire_mllp::Peer, _: Vec<u8>) -> carewire_mllp::Reply {
            carewire_mllp::Reply::Close
        }
    }

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::new(Arc::new(Nobody)).with_tls(tls.clone());
    tokio::spawn(server.serve(listener, std::future::pending()));
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Looker(Arc::clone(&seen))))
        .with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("any").unwrap();
    let _ = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let bytes = seen.lock().unwrap().clone();
    assert!(!bytes.is_empty());
    bytes
}

/// Remembers the certificate and trusts nobody.
#[derive(Debug)]
struct Looker(Arc<std::sync::Mutex<Vec<u8>>>);

impl rustls::client::danger::ServerCertVerifier for Looker {
    fn verify_server_cert(
        &self,
        end_entity: &rustls::pki_types::CertificateDer<'_>,
        _: &[rustls::pki_types::CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        *self.0.lock().unwrap() = end_entity.to_vec();
        Err(rustls::Error::General("looked at".into()))
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("not asked".into()))
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("not asked".into()))
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

#[tokio::test]
async fn changed_files_are_found_by_looking_also_when_they_change_one_after_the_other() {
    let directory = tempfile::tempdir().unwrap();
    let files = write(directory.path(), "one.example.org");
    let tls = ServerTls::from_files(files.clone()).unwrap();
    let (clone, paths, asked) = (tls.clone(), files.clone(), Notify::new());
    tokio::spawn(async move { follow(&clone, &paths, Duration::from_millis(20), &asked).await });
    let first = shown(&tls).await;

    let other = tempfile::tempdir().unwrap();
    let new = write(other.path(), "two.example.org");
    // The key is that of no certificate for a while: the old pair stays.
    std::fs::copy(&new.key, &files.key).unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(shown(&tls).await, first);
    std::fs::copy(&new.cert, &files.cert).unwrap();
    let began = std::time::Instant::now();
    while shown(&tls).await == first {
        assert!(began.elapsed() < Duration::from_secs(10), "the new certificate never came");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
