//! The MLLP listener of `serve`: TLS, who may send, figures, and an end that does not wait for ever.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use carewire_hl7_v2::ack;
use carewire_mllp::{Decoder, Event, Limits, encode};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sqlx::{Connection, Executor};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::support::{Place, Server, canary_message};

/// An authority, and the certificates that it signs.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key, as files.
struct Identity {
    cert: String,
    key: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn sign(&self, name: &str) -> Identity {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let cert = params.signed_by(&key, &self.0).unwrap();
        Identity { cert: cert.pem(), key: key.serialize_pem() }
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    /// A client that trusts this authority and shows `identity`.
    async fn connect(
        &self,
        address: &str,
        identity: Option<&Identity>,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.pem().as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let chain = vec![CertificateDer::from_pem_slice(identity.cert.as_bytes()).unwrap()];
                let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from("gateway.example.org").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }
}

/// The code of the answer, with those of its errors; nothing when the connection ended instead.
async fn code(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), message: &str) -> Option<String> {
    stream.write_all(&encode(message.as_bytes())).await.ok()?;
    stream.flush().await.ok()?;
    let mut decoder = Decoder::new(Limits::default());
    let mut buffer = [0; 4096];
    loop {
        if let Some(Event::Message { payload, .. }) = decoder.poll() {
            let ack = ack::read(&payload).unwrap();
            return Some([&[ack.code.as_str().to_owned()][..], &ack.error_codes].concat().join(" "));
        }
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer)).await.unwrap();
        match read {
            Ok(len) if len > 0 => decoder.feed(&buffer[..len]),
            _ => return None,
        }
    }
}

/// What `serve` is told about its certificates.
const TLS: [(&str, &str); 3] = [
    ("CAREWIRE_MLLP_TLS_CERT", "server.pem"),
    ("CAREWIRE_MLLP_TLS_KEY", "server.key"),
    ("CAREWIRE_MLLP_TLS_CLIENT_CA", "clients.pem"),
];

fn secured(place: &Place, authority: &Authority) {
    let identity = authority.sign("gateway.example.org");
    place.write("server.pem", &identity.cert).write("server.key", &identity.key);
    place.write("clients.pem", authority.pem());
}

fn with_senders(place: &Place, senders: &str) {
    let file = format!("{}\n{senders}", place.read("carewire/carewire.toml"));
    place.write("carewire/carewire.toml", file);
}

async fn metrics(server: &Server) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.get(format!("{}/metrics", server.http)).send().await.unwrap().text().await.unwrap()
}

/// Waits until the metrics have that line.
async fn until_metric(server: &Server, line: &str) {
    let started = Instant::now();
    loop {
        let text = metrics(server).await;
        if text.lines().any(|found| found == line) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{line} is not in\n{text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn hang_up(server: &Server) {
    let id = server.id().to_string();
    assert!(std::process::Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_says_whose_messages_they_are() {
    let (place, authority, stranger) = (Place::initialised(), Authority::new(), Authority::new());
    secured(&place, &authority);
    with_senders(
        &place,
        "[[sender]]\nfrom = [\"name:lis.example.org\"]\napplication = \"APP\"\norg = \"north\"\n\
         [[sender]]\nfrom = [\"name:ehr.example.org\"]\n",
    );
    let mut server = Server::start(&place, &TLS);
    let (lis, ehr) = (authority.sign("lis.example.org"), authority.sign("ehr.example.org"));
    let mut stream = authority.connect(&server.mllp, Some(&lis)).await.unwrap();
    assert_eq!(code(&mut stream, &canary_message("1")).await.as_deref(), Some("AA"));
    let elsewhere = canary_message("2").replace("|APP|", "|OTHER|");
    assert_eq!(code(&mut stream, &elsewhere).await.as_deref(), Some("AR 103"));
    let mut stream = authority.connect(&server.mllp, Some(&ehr)).await.unwrap();
    assert_eq!(code(&mut stream, &elsewhere).await.as_deref(), Some("AA"));
    // Known to the authority and to no rule; signed by somebody else; without a certificate; without TLS.
    let unknown = authority.sign("unknown.example.org");
    let mut stream = authority.connect(&server.mllp, Some(&unknown)).await.unwrap();
    assert_eq!(code(&mut stream, &canary_message("3")).await, None);
    for identity in [Some(&stranger.sign("lis.example.org")), None] {
        if let Ok(mut stream) = authority.connect(&server.mllp, identity).await {
            assert_eq!(code(&mut stream, &canary_message("3")).await, None);
        }
    }
    let mut plain = TcpStream::connect(&server.mllp).await.unwrap();
    assert_eq!(code(&mut plain, &canary_message("3")).await, None);

    let text = metrics(&server).await;
    for line in [
        "carewire_messages_acknowledged_total{org=\"north\"} 1",
        "carewire_messages_acknowledged_total{org=\"default\"} 1",
        "carewire_messages_turned_away_total 1",
        "carewire_mllp_connections_accepted_total 2",
        "carewire_mllp_connections_refused_total{reason=\"not_admitted\"} 1",
        "carewire_mllp_connections_refused_total{reason=\"handshake\"} 3",
        "carewire_mllp_messages_total 3",
        "carewire_mllp_timeouts_total{reason=\"idle_timeout\"} 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert_eq!(server.terminate(), 0);
    for value in crate::support::CANARIES {
        assert!(!server.log().contains(value) && !text.contains(value), "{value} came out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_certificates_count_at_a_hangup_and_bad_ones_do_not() {
    let (place, old, new) = (Place::initialised(), Authority::new(), Authority::new());
    secured(&place, &old);
    let server = Server::start(&place, &TLS[..2]);
    let mut standing = old.connect(&server.mllp, None).await.unwrap();
    until_metric(&server, "carewire_mllp_tls_reload_failed 0").await;

    place.write("server.key", "no key at all: SECRETKEY");
    hang_up(&server);
    until_metric(&server, "carewire_mllp_tls_reload_failed 1").await;
    old.connect(&server.mllp, None).await.unwrap();
    let log = server.log();
    assert!(log.contains("not loaded; the old ones stay") && log.contains("server.key"), "{log}");
    assert!(!log.contains("SECRETKEY"));

    secured(&place, &new);
    hang_up(&server);
    until_metric(&server, "carewire_mllp_tls_reload_failed 0").await;
    assert!(old.connect(&server.mllp, None).await.is_err(), "the old certificate is gone");
    let mut stream = new.connect(&server.mllp, None).await.unwrap();
    assert_eq!(code(&mut stream, &canary_message("1")).await.as_deref(), Some("AA"));
    assert_eq!(code(&mut standing, &canary_message("2")).await.as_deref(), Some("AA"), "it goes on");
    until_metric(&server, "carewire_mllp_tls_reloads_total{outcome=\"ok\"} 1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limits_are_those_of_the_configuration() {
    let place = Place::initialised();
    let limits = [
        ("CAREWIRE_MLLP_MAX_CONNECTIONS", "2"),
        ("CAREWIRE_MLLP_IDLE_TIMEOUT", "1s"),
        ("CAREWIRE_MLLP_MAX_FRAME", "2000"),
    ];
    let server = Server::start(&place, &limits);
    let mut one = TcpStream::connect(&server.mllp).await.unwrap();
    let mut two = TcpStream::connect(&server.mllp).await.unwrap();
    let long = format!("{}OBX|2|TX|||{}\r", canary_message("1"), "x".repeat(2_000));
    assert_eq!(code(&mut one, &canary_message("1")).await.as_deref(), Some("AA"));
    let mut three = TcpStream::connect(&server.mllp).await.unwrap();
    assert_eq!(code(&mut three, &canary_message("2")).await, None);
    assert_eq!(code(&mut two, &long).await.as_deref(), Some("AE 102"));
    until_metric(&server, "carewire_mllp_connections_refused_total{reason=\"too_many\"} 1").await;
    until_metric(&server, "carewire_mllp_timeouts_total{reason=\"idle_timeout\"} 1").await;
    until_metric(&server, "carewire_mllp_bad_frames_total{kind=\"too_long\"} 1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_stuck_does_not_keep_the_process() {
    let place = Place::initialised();
    let mut server = Server::start(&place, &[("CAREWIRE_SHUTDOWN", "2s")]);
    let mut stream = TcpStream::connect(&server.mllp).await.unwrap();
    assert_eq!(code(&mut stream, &canary_message("1")).await.as_deref(), Some("AA"));

    // Somebody else writes and does not come to an end.
    let url = format!("sqlite:{}", place.path("carewire/carewire.db").display());
    let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    stream.write_all(&encode(canary_message("2").as_bytes())).await.unwrap();
    server.wait_for_nth("\"message\":\"message received\"", 2);

    let asked = Instant::now();
    assert_eq!(server.terminate(), 3);
    let took = asked.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}");
    let log = server.log();
    assert!(log.contains("stopped after 2 s although not done: ") && log.contains("store"), "{log}");
    assert!(!log.contains("panicked"), "{log}");
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.is_empty(), "what is not stored is not acknowledged");

    // What was acknowledged is there, what was not is taken when it is sent again, and neither is there twice.
    other.execute("ROLLBACK").await.unwrap();
    drop(other);
    let mut server = Server::start(&place, &[]);
    let mut stream = TcpStream::connect(&server.mllp).await.unwrap();
    for control in ["1", "2"] {
        assert_eq!(code(&mut stream, &canary_message(control)).await.as_deref(), Some("AA"));
    }
    let text = metrics(&server).await;
    assert!(text.contains("carewire_messages_resent_total{org=\"default\"} 1"), "{text}");
    assert_eq!(server.terminate(), 0);
}
