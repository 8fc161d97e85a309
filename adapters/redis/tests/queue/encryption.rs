//! Connections over TLS, to a server with certificates that are made here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use carewire_redis::{Error, RedisOptions, RedisQueue};
use carewire_sync_engine::{JobQueue as _, JobQueueExt as _};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::samples::{at, claim, jobs, leases};
use crate::server::Server;

const PASSWORD: &str = "open-sesame-7c1d";

/// An authority, and a certificate of it for one name.
struct Certificates {
    directory: tempfile::TempDir,
}

impl Certificates {
    fn new(name: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "an authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &authority).unwrap();
        let certificates = Self { directory };
        std::fs::write(certificates.file("ca.pem"), authority.pem()).unwrap();
        std::fs::write(certificates.file("server.pem"), certificate.pem()).unwrap();
        std::fs::write(certificates.file("server.key"), key.serialize_pem()).unwrap();
        certificates
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A server that speaks TLS on a port of its own, with the URL of that.
    fn server(&self) -> Option<(Server, String)> {
        let text = |name| self.file(name).to_str().unwrap().to_owned();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Server::start(&[
            "--tls-port",
            &port.to_string(),
            "--tls-auth-clients",
            "no",
            "--tls-cert-file",
            &text("server.pem"),
            "--tls-key-file",
            &text("server.key"),
            "--tls-ca-cert-file",
            &text("ca.pem"),
        ])?;
        Some((server, format!("rediss://localhost:{port}")))
    }
}

fn options() -> RedisOptions {
    RedisOptions::default().patience(Duration::from_secs(3))
}

fn trusting(file: &Path) -> RedisOptions {
    options().ca_file(file)
}

/// Everything that an error says.
fn told(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(|cause| format!("{cause} {cause:?}")).collect()
}

#[tokio::test]
async fn jobs_go_over_tls() {
    let certificates = Certificates::new("localhost");
    let Some((_server, url)) = certificates.server() else { return };
    let queue = RedisQueue::connect(&url, trusting(&certificates.file("ca.pem"))).await.unwrap();
    queue.enqueue(jobs(3)).await.unwrap();
    let claimed = claim(&queue, 9, 0).await;
    assert_eq!(claimed.len(), 3);
    queue.complete(&leases(&claimed), at(1)).await.unwrap();
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_refused() {
    let (certificates, others) = (Certificates::new("localhost"), Certificates::new("localhost"));
    let Some((_server, url)) = certificates.server() else { return };
    for options in [trusting(&others.file("ca.pem")), options()] {
        let refused = RedisQueue::connect(&url, options).await;
        assert!(matches!(refused, Err(Error::Unavailable { .. })), "{refused:?}");
    }
    let insecure = RedisQueue::connect(&format!("{url}/#insecure"), options()).await;
    assert!(matches!(insecure, Err(Error::Url)), "{insecure:?}");
}

#[tokio::test]
async fn a_server_of_another_name_is_refused() {
    let certificates = Certificates::new("elsewhere.example");
    let Some((_server, url)) = certificates.server() else { return };
    let refused = RedisQueue::connect(&url, trusting(&certificates.file("ca.pem"))).await;
    assert!(matches!(refused, Err(Error::Unavailable { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_file_that_is_no_authority_is_refused() {
    let certificates = Certificates::new("localhost");
    for (url, file) in [
        ("rediss://localhost:1", certificates.file("absent.pem")),
        ("rediss://localhost:1", certificates.file("server.key")),
        ("redis://localhost:1", certificates.file("ca.pem")),
    ] {
        let refused = RedisQueue::connect(url, trusting(&file)).await;
        assert!(matches!(refused, Err(Error::Ca)), "{url}: {refused:?}");
    }
}

#[tokio::test]
async fn nothing_says_the_password_or_the_url() {
    let certificates = Certificates::new("localhost");
    let Some((server, url)) = certificates.server() else { return };
    let with = |scheme: &str| url.replacen("rediss://", &format!("{scheme}://clinic:{PASSWORD}@"), 1);
    let file = certificates.file("ca.pem");
    let plain = format!("redis://clinic:{PASSWORD}@127.0.0.1:{}", server.port());
    let closed = format!("rediss://clinic:{PASSWORD}@localhost:1");
    let refused = [
        (with("rediss"), trusting(&file)),
        (closed, trusting(&file)),
        (with("nonsense"), options()),
        (plain, options()),
    ];
    for (url, options) in refused {
        let said = told(&RedisQueue::connect(&url, options).await.unwrap_err());
        for secret in [PASSWORD, "clinic", "localhost", "127.0.0.1"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
    let queue = RedisQueue::connect(&url, trusting(&file)).await.unwrap();
    assert!(!format!("{queue:?}").contains("localhost"));
}
