//! The server over TLS, with certificates of authorities that each test makes.

use std::time::{Duration, Instant};

use carewire_mllp::{Reason, Reply, ServerOptions, ServerTls, encode};
use rcgen::ExtendedKeyUsagePurpose;
use rustls::version::{TLS12, TLS13};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

use crate::support::{
    Desk, Running, exchange, hears, is_closed,
    logs::Logs,
    pki::{Authority, Identity, Validity, connect, connector},
    start,
};

const NAME: &str = "intake.example.org";

fn tls(identity: &Identity, clients: Option<&Authority>) -> ServerTls {
    let clients = clients.map(Authority::pem);
    ServerTls::from_pem(
        identity.cert.as_bytes(),
        identity.key.as_bytes(),
        clients.as_ref().map(String::as_bytes),
    )
    .unwrap()
}

async fn with_tls(tls: ServerTls) -> Running {
    start(Desk::new(99), |server| server.with_tls(tls)).await
}

/// Connects as the client; the server's verdict on its certificate shows with the first answer only.
async fn asks(
    running: &Running,
    authority: &Authority,
    identity: Option<&Identity>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let connector = connector(authority, identity, &[&TLS13, &TLS12]);
    let mut stream = connect(&connector, NAME, running.raw().await).await?;
    stream.write_all(&encode(b"hello")).await?;
    let mut answer = [0; 11];
    stream.read_exact(&mut answer).await?;
    assert_eq!(&answer, b"\x0bre hello\x1c\r");
    Ok(stream)
}

#[tokio::test]
async fn messages_are_answered_over_both_versions_and_the_peer_has_no_certificate() {
    let authority = Authority::new("servers");
    let running = with_tls(tls(&authority.server(NAME), None)).await;
    for version in [&TLS12, &TLS13] {
        let connector = connector(&authority, None, &[version]);
        let mut stream = connect(&connector, NAME, running.raw().await).await.unwrap();
        exchange(&mut stream, b"one").await;
        exchange(&mut stream, &vec![b'x'; 100_000]).await;
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
        stream.shutdown().await.unwrap();
        assert!(is_closed(&mut stream).await, "the server ends the session too");
    }
    assert!(running.desk.peers.lock().unwrap().iter().all(|peer| peer.certificate().is_none()));
    running.until_ended(Reason::Peer, 2).await;
    assert_eq!(running.stopped().await.messages, 4);
}

#[tokio::test]
async fn a_server_of_another_name_or_authority_is_not_talked_to() {
    let (authority, other) = (Authority::new("servers"), Authority::new("others"));
    let running = with_tls(tls(&authority.server("elsewhere.example.org"), None)).await;
    assert!(asks(&running, &authority, None).await.is_err());
    running.until_ended(Reason::Handshake, 1).await;
    let running = with_tls(tls(&other.server(NAME), None)).await;
    assert!(asks(&running, &authority, None).await.is_err());
    running.until_ended(Reason::Handshake, 1).await;
}

#[tokio::test]
async fn a_client_with_a_certificate_is_known_by_it() {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let running = with_tls(tls(&servers.server(NAME), Some(&clients))).await;
    let lis = clients.client("lis.example.org");
    asks(&running, &servers, Some(&lis)).await.unwrap();
    let peer = running.desk.peers.lock().unwrap().pop().unwrap();
    let certificate = peer.certificate().unwrap();
    assert_eq!(certificate.names, ["lis.example.org", "cn of lis.example.org"]);
    let matches = |rule: &str| rule.parse::<carewire_mllp::PeerRule>().unwrap().matches(&peer);
    assert!(matches("name:lis.example.org") && !matches("name:intake.example.org"));
    assert!(matches(&format!("sha256:{}", certificate.fingerprint_hex())));
}

#[tokio::test]
async fn a_client_without_a_good_certificate_is_refused() {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let running = with_tls(tls(&servers.server(NAME), Some(&clients))).await;
    let client = ExtendedKeyUsagePurpose::ClientAuth;
    let bad = [
        None,
        Some(Authority::new("strangers").client("lis.example.org")),
        Some(clients.issue("lis.example.org", Validity::Past, client.clone())),
        Some(clients.issue("lis.example.org", Validity::Future, client)),
        Some(clients.server("lis.example.org")),
    ];
    let (logs, guard) = Logs::collect();
    for identity in &bad {
        assert!(asks(&running, &servers, identity.as_ref()).await.is_err());
    }
    running.until_ended(Reason::Handshake, 5).await;
    drop(guard);
    for reason in [
        "no_certificate",
        "certificate_unknown_issuer",
        "certificate_expired",
        "certificate_not_valid_yet",
        "certificate_of_another_purpose",
    ] {
        assert!(logs.text().contains(reason), "{reason} is not in the log:\n{}", logs.text());
    }
    asks(&running, &servers, Some(&clients.client("lis.example.org"))).await.unwrap();
    let summary = running.stopped().await;
    assert_eq!((summary.connections, summary.messages, summary.refused), (1, 1, 5));
}

#[tokio::test]
async fn optional_certificates_are_checked_where_they_are_shown() {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let tls = tls(&servers.server(NAME), Some(&clients)).with_optional_client_certificates();
    let running = with_tls(tls).await;
    asks(&running, &servers, None).await.unwrap();
    asks(&running, &servers, Some(&clients.client("lis.example.org"))).await.unwrap();
    let wrong = Authority::new("clients").client("lis.example.org");
    assert!(asks(&running, &servers, Some(&wrong)).await.is_err());
    let known: Vec<bool> =
        running.desk.peers.lock().unwrap().iter().map(|peer| peer.certificate().is_some()).collect();
    assert_eq!(known, [false, true]);
}

#[tokio::test]
async fn the_handler_admits_by_certificate() {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let tls = tls(&servers.server(NAME), Some(&clients));
    let desk = Desk {
        admits: |peer| "name:lis.example.org".parse::<carewire_mllp::PeerRule>().unwrap().matches(peer),
        ..Desk::new(9)
    };
    let running = start(desk, |server| server.with_tls(tls)).await;
    assert!(asks(&running, &servers, Some(&clients.client("other.example.org"))).await.is_err());
    running.until_ended(Reason::NotAdmitted, 1).await;
    asks(&running, &servers, Some(&clients.client("lis.example.org"))).await.unwrap();
    assert_eq!(running.stopped().await.messages, 1);
}

/// A hello that offers nothing above TLS 1.1 (RFC 4346, 7.4.1.2) is answered by an alert (RFC 5246, 7.2) and the end.
#[tokio::test]
async fn tls_1_1_is_not_spoken() {
    let running = with_tls(tls(&Authority::new("servers").server(NAME), None)).await;
    let mut stream = running.raw().await;
    let body = [
        &[3, 2][..],
        &[7; 32],
        // No session, two suites, no compression, and one extension: an algorithm for signatures.
        &[0, 0, 4, 0xC0, 0x13, 0, 0x2F, 1, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3],
    ]
    .concat();
    let len = u8::try_from(body.len()).unwrap();
    let hello = [&[0x16, 3, 1, 0, len + 4, 1, 0, 0, len][..], &body].concat();
    stream.write_all(&hello).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    // An alert, fatal, protocol_version.
    assert_eq!((answer.first(), answer.get(5..)), (Some(&0x15), Some(&[2, 70][..])), "{answer:?}");
    running.until_ended(Reason::Handshake, 1).await;
}

#[tokio::test]
async fn plain_text_to_a_port_of_tls_ends_at_once_and_is_not_logged() {
    let authority = Authority::new("servers");
    let running = with_tls(tls(&authority.server(NAME), None)).await;
    let (logs, guard) = Logs::collect();
    let begin = Instant::now();
    let mut stream = running.raw().await;
    stream.write_all(&encode(b"MSH|^~\\&|CANARY\r")).await.unwrap();
    let mut answer = Vec::new();
    let _: Result<_, _> = stream.read_to_end(&mut answer).await;
    assert!(begin.elapsed() < Duration::from_secs(5));
    running.until_ended(Reason::Handshake, 1).await;
    drop(guard);
    assert!(logs.text().contains("not_tls") && !logs.text().contains("CANARY"), "{}", logs.text());
    asks(&running, &authority, None).await.unwrap();
    assert_eq!(running.stopped().await.messages, 1);
}

/// Without the end of TLS nobody knows who closed: what looks complete but for its last byte is not taken.
#[tokio::test]
async fn a_session_that_is_cut_off_is_closed_and_its_last_frame_not_taken() {
    let authority = Authority::new("servers");
    let tls = tls(&authority.server(NAME), None);
    let options = ServerOptions { end_timeout: Duration::from_secs(60), ..ServerOptions::default() };
    let running = start(Desk::new(9), |server| server.with_options(options).with_tls(tls)).await;
    let mut stream = asks(&running, &authority, None).await.unwrap();
    stream.write_all(b"\x0bcut\x1c").await.unwrap();
    stream.flush().await.unwrap();
    let (mut tcp, _session) = stream.into_inner();
    tcp.shutdown().await.unwrap();
    running.until_ended(Reason::Truncated, 1).await;
    assert_eq!(running.desk.messages.lock().unwrap().as_slice(), [b"hello".to_vec()]);

    // With it, the frame is taken as it would be without TLS.
    let mut stream = asks(&running, &authority, None).await.unwrap();
    stream.write_all(b"\x0bwhole\x1c").await.unwrap();
    stream.shutdown().await.unwrap();
    hears(&mut stream, b"\x0bre whole\x1c\r").await;
    running.until_ended(Reason::Peer, 1).await;
}

#[tokio::test]
async fn idle_handshakes_are_counted_and_end_and_do_not_stop_others() {
    let authority = Authority::new("servers");
    let tls = tls(&authority.server(NAME), None);
    let options = ServerOptions {
        max_connections: 3,
        handshake_timeout: Duration::from_millis(300),
        ..ServerOptions::default()
    };
    let running = start(Desk::new(9), |server| server.with_options(options).with_tls(tls)).await;
    let (_first, mut second) = (running.raw().await, running.raw().await);
    // Half of a hello is no better than none.
    second.write_all(&[0x16, 3, 1, 2]).await.unwrap();
    running.until_open(2).await;
    let mut third = asks(&running, &authority, None).await.unwrap();
    assert!(is_closed(&mut running.raw().await).await);
    running.until_ended(Reason::TooMany, 1).await;
    running.until_ended(Reason::HandshakeTimeout, 2).await;
    running.until_open(1).await;
    asks(&running, &authority, None).await.unwrap();
    exchange(&mut third, b"still here").await;
}

#[tokio::test]
async fn a_handshake_does_not_delay_the_end() {
    let running = with_tls(tls(&Authority::new("servers").server(NAME), None)).await;
    let _idle = running.raw().await;
    running.until_open(1).await;
    let begin = Instant::now();
    let stats = std::sync::Arc::clone(&running.stats);
    running.stopped().await;
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert_eq!(stats.ended(Reason::Drained), 1);
}

/// A reply type is used here only so that its text is looked at as well.
#[test]
fn nothing_that_is_shown_holds_a_key() {
    let identity = Authority::new("servers").server(NAME);
    let tls = tls(&identity, None);
    let key: String = identity.key.lines().filter(|line| !line.starts_with('-')).collect();
    let shown = format!("{tls:?} {:?}", Reply::SendAll(vec![b"CANARY".to_vec()]));
    assert!(!shown.contains(key.get(..16).unwrap()) && !shown.contains("CANARY"));
}
