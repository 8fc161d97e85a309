//! Clients over TLS: whose certificate is accepted, and which is shown.
#![cfg(feature = "tls")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use carewire_mllp::{
    Client, ClientError, ClientOptions, ClientTls, Correlation, Handler, Link, LinkOptions, Outcome, Peer,
    Pipeline, Reply, Server, ServerOptions, ServerTls, Target, TlsError, Verdict,
};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use tokio::{io::AsyncReadExt as _, net::TcpListener};

const NAME: &str = "lis.example.org";

struct Pem {
    chain: String,
    key: String,
}

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    fn certificate(&self, names: &[&str], purpose: ExtendedKeyUsagePurpose) -> Pem {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.extended_key_usages = vec![purpose];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Pem { chain: certificate.pem(), key: key.serialize_pem() }
    }
}

/// Answers `re <message>` and remembers who sent it.
#[derive(Default)]
struct Desk {
    names: Mutex<Vec<Vec<String>>>,
}

#[async_trait::async_trait]
impl Handler for Desk {
    async fn handle(&self, peer: &Peer, message: Vec<u8>) -> Reply {
        let names = peer.certificate().map(|certificate| certificate.names.clone()).unwrap_or_default();
        self.names.lock().unwrap().push(names);
        if message == b"close" {
            return Reply::Close;
        }
        Reply::Send([b"re ".as_slice(), &message].concat())
    }
}

fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    if answer.ends_with(sent) { Correlation::Final } else { Correlation::Other }
}

fn options() -> ClientOptions {
    ClientOptions { ack_timeout: Duration::from_secs(5), ..ClientOptions::new(correlate) }
}

fn server_tls(authority: &Authority, clients: Option<&Authority>) -> ServerTls {
    let pem = authority.certificate(&[NAME, "127.0.0.1"], ExtendedKeyUsagePurpose::ServerAuth);
    let clients = clients.map(Authority::pem);
    ServerTls::from_pem(pem.chain.as_bytes(), pem.key.as_bytes(), clients.as_deref().map(str::as_bytes))
        .unwrap()
}

async fn server(tls: ServerTls) -> (Arc<Desk>, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let desk = Arc::new(Desk::default());
    let server = Server::new(Arc::clone(&desk) as _).with_options(ServerOptions::default()).with_tls(tls);
    tokio::spawn(server.serve(listener, std::future::pending()));
    (desk, address)
}

fn trusting(authority: &Authority) -> ClientTls {
    ClientTls::with_roots(authority.pem().as_bytes()).unwrap()
}

fn reason(error: &ClientError) -> &'static str {
    match error {
        ClientError::Tls(TlsError::Handshake { reason }) => reason,
        other => other.as_str(),
    }
}

#[tokio::test]
async fn the_right_server_is_spoken_to_by_name_and_by_address() {
    let authority = Authority::new("authority");
    let (desk, address) = server(server_tls(&authority, None)).await;
    for name in [NAME, "127.0.0.1"] {
        let mut client = Client::connect_tls(address, name, &trusting(&authority), options()).await.unwrap();
        for message in [&b"one"[..], &vec![b'x'; 100_000]] {
            assert_eq!(client.send(message).await.unwrap().payload, [b"re ", message].concat());
        }
        client.close().await;
    }
    assert_eq!(desk.names.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn a_certificate_of_another_name_or_authority_is_refused() {
    let authority = Authority::new("authority");
    let (desk, address) = server(server_tls(&authority, None)).await;
    let cases = [
        (trusting(&authority), "other.example.org", "certificate_of_another_name"),
        (trusting(&Authority::new("another")), NAME, "certificate_unknown_issuer"),
    ];
    for (tls, name, expected) in cases {
        let error = Client::connect_tls(address, name, &tls, options()).await.unwrap_err();
        assert_eq!(reason(&error), expected);
        assert!(!error.may_be_received() && !error.to_string().contains("example"), "{error}");
        let target = Target::new(address.to_string()).with_tls(name, tls);
        let mut link = Link::new(target.clone(), LinkOptions::new(options(), |_| Verdict::Accepted));
        assert_eq!(reason(&link.exchange(b"one").await.unwrap_err()), expected);
        assert!(Pipeline::connect(&target, options(), NonZeroUsize::MIN).await.is_err());
    }
    let error = Client::connect_tls(address, "no name", &trusting(&authority), options()).await.unwrap_err();
    assert!(matches!(error, ClientError::Tls(TlsError::ServerName)));
    assert!(desk.names.lock().unwrap().is_empty(), "no message was sent");
}

#[tokio::test]
async fn a_client_shows_its_certificate_where_the_server_asks_for_one() {
    let (authority, clients) = (Authority::new("authority"), Authority::new("clients"));
    let (desk, address) = server(server_tls(&authority, Some(&clients))).await;
    let pem = clients.certificate(&["his.example.org"], ExtendedKeyUsagePurpose::ClientAuth);
    let tls = trusting(&authority).with_identity(pem.chain.as_bytes(), pem.key.as_bytes()).unwrap();
    let mut client = Client::connect_tls(address, NAME, &tls, options()).await.unwrap();
    client.send(b"one").await.unwrap();
    let names = desk.names.lock().unwrap().concat();
    assert!(names.contains(&"his.example.org".to_owned()), "{names:?}");

    // Without a certificate, or with one of somebody else, nothing is taken. With TLS 1.3 the client learns of it after its own
    // handshake.
    let other =
        Authority::new("others").certificate(&["his.example.org"], ExtendedKeyUsagePurpose::ClientAuth);
    let other = trusting(&authority).with_identity(other.chain.as_bytes(), other.key.as_bytes()).unwrap();
    for tls in [trusting(&authority), other] {
        let refused = match Client::connect_tls(address, NAME, &tls, options()).await {
            Ok(mut client) => client.send(b"two").await.is_err(),
            Err(_) => true,
        };
        assert!(refused);
    }
    assert_eq!(desk.names.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_link_connects_again_and_a_pipeline_keeps_its_answers_apart() {
    let authority = Authority::new("authority");
    let (desk, address) = server(server_tls(&authority, None)).await;
    let target = Target::new(address.to_string()).with_tls(NAME, trusting(&authority));

    let backoff = carewire_mllp::Backoff { first: Duration::from_millis(10), ..Default::default() };
    let options_of_link =
        LinkOptions { attempts: 2, backoff, ..LinkOptions::new(options(), |_| Verdict::Accepted) };
    let mut link = Link::new(target.clone(), options_of_link);
    assert!(matches!(link.deliver(b"close").await.outcome, Outcome::Failed(_)));
    assert!(matches!(link.deliver(b"one").await.outcome, Outcome::Accepted(_)));
    link.disconnect().await;
    assert_eq!(desk.names.lock().unwrap().len(), 3);

    let pipeline = Pipeline::connect(&target, options(), NonZeroUsize::new(8).unwrap()).await.unwrap();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..10 {
        let pipeline = pipeline.clone();
        callers.spawn(async move {
            for n in 0..100 {
                let message = format!("{caller} {n} {}", "x".repeat(n * 50)).into_bytes();
                let answer = pipeline.send(message.clone()).await.unwrap();
                assert_eq!(answer.payload, [b"re ".as_slice(), &message].concat());
            }
        });
    }
    callers.join_all().await;
}

#[tokio::test]
async fn a_handshake_takes_no_longer_than_connecting_may() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let silent = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = Vec::new();
        let _ = stream.read_to_end(&mut hello).await;
        hello.len()
    });
    let options = ClientOptions { connect_timeout: Duration::from_millis(200), ..options() };
    let tls = trusting(&Authority::new("authority"));
    let begin = Instant::now();
    let error = Client::connect_tls(address, NAME, &tls, options).await.unwrap_err();
    assert!(matches!(error, ClientError::ConnectTimeout));
    assert!(begin.elapsed() < Duration::from_secs(2));
    assert!(silent.await.unwrap() > 0, "the handshake was begun");
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let desk = Arc::new(Desk::default());
    tokio::spawn(Server::new(Arc::clone(&desk) as _).serve(listener, std::future::pending()));
    let tls = trusting(&Authority::new("authority"));
    let options = ClientOptions { connect_timeout: Duration::from_secs(1), ..options() };
    let error = Client::connect_tls(address, NAME, &tls, options).await.unwrap_err();
    assert!(!error.may_be_received());
    assert!(desk.names.lock().unwrap().is_empty());
}
