//! Certificates from files: what is wrong is named, and a reload counts for the connections that come.

use std::path::{Path, PathBuf};

use carewire_mllp::{ClientTls, ServerTls, TlsError, TlsFiles};
use rustls::version::{TLS12, TLS13};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::support::{
    Desk, Running, exchange,
    pki::{Authority, Identity, Validity, connect, connector},
    start,
};

const NAME: &str = "intake.example.org";

struct Files {
    directory: tempfile::TempDir,
    files: TlsFiles,
}

impl Files {
    fn new(identity: &Identity, client_ca: Option<&Authority>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let client_ca = client_ca.map(|authority| (path("clients.pem"), authority.pem()));
        if let Some((path, text)) = &client_ca {
            std::fs::write(path, text).unwrap();
        }
        let files = TlsFiles {
            cert: path("cert.pem"),
            key: path("key.pem"),
            client_ca: client_ca.map(|(path, _)| path),
        };
        let files = Self { directory, files };
        files.write(identity);
        files
    }

    fn write(&self, identity: &Identity) {
        std::fs::write(&self.files.cert, &identity.cert).unwrap();
        std::fs::write(&self.files.key, &identity.key).unwrap();
    }

    fn load(&self) -> Result<ServerTls, TlsError> {
        ServerTls::from_files(self.files.clone())
    }
}

async fn open(running: &Running, authority: &Authority, identity: Option<&Identity>) -> TlsStream<TcpStream> {
    let connector = connector(authority, identity, &[&TLS13, &TLS12]);
    let mut stream = connect(&connector, NAME, running.raw().await).await.unwrap();
    exchange(&mut stream, b"hello").await;
    stream
}

/// The certificate that a server shows.
fn shown(stream: &TlsStream<TcpStream>) -> Vec<u8> {
    stream.get_ref().1.peer_certificates().unwrap().first().unwrap().to_vec()
}

#[tokio::test]
async fn a_reload_counts_for_connections_that_come_and_leaves_those_that_stand() {
    let (old, new) = (Authority::new("old"), Authority::new("new"));
    let (clients, new_clients) = (Authority::new("clients"), Authority::new("new clients"));
    let files = Files::new(&old.server(NAME), Some(&clients));
    let tls = files.load().unwrap();
    let running = start(Desk::new(99), |server| server.with_tls(tls.clone())).await;
    let client = clients.client("lis.example.org");
    let mut standing = open(&running, &old, Some(&client)).await;

    files.write(&new.server(NAME));
    std::fs::write(files.files.client_ca.as_ref().unwrap(), new_clients.pem()).unwrap();
    let again = open(&running, &old, Some(&client)).await;
    assert_eq!(shown(&again), shown(&standing), "files alone change nothing");

    tls.reload().unwrap();
    let later = open(&running, &new, Some(&new_clients.client("lis.example.org"))).await;
    assert_ne!(shown(&later), shown(&standing));
    exchange(&mut standing, b"still here").await;
    let connector = connector(&new, Some(&client), &[&TLS12]);
    assert!(
        connect(&connector, NAME, running.raw().await).await.is_err(),
        "its authority is trusted no more"
    );
}

#[tokio::test]
async fn a_bad_file_changes_nothing_and_is_named() {
    let authority = Authority::new("servers");
    let (first, second) = (authority.server(NAME), authority.server(NAME));
    let files = Files::new(&first, None);
    let tls = files.load().unwrap();
    let running = start(Desk::new(99), |server| server.with_tls(tls.clone())).await;
    let before = shown(&open(&running, &authority, None).await);

    let half = |text: &str| text.get(..text.len() / 2).unwrap().to_owned();
    let cases: [(&str, Option<String>, &str); 8] = [
        ("cert.pem", Some(half(&second.cert)), "not well-formed PEM"),
        ("key.pem", Some(half(&second.key)), "not well-formed PEM"),
        ("cert.pem", Some(String::new()), "no certificate"),
        ("key.pem", Some(String::new()), "no private key"),
        ("key.pem", Some(second.cert.clone()), "no private key"),
        ("cert.pem", None, "cannot read"),
        ("cert.pem", Some(second.cert.clone()), "is not the key"),
        ("cert.pem", Some(malformed(&second.cert)), "malformed"),
    ];
    for (name, text, problem) in cases {
        files.write(&first);
        let path = files.directory.path().join(name);
        match &text {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let error = tls.reload().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(error.to_string().contains(problem), "{problem}: {error}");
        assert!(shown.contains(path.to_str().unwrap()), "{shown}");
        for secret in [&first.key, &second.key] {
            assert!(!secret.lines().any(|line| !line.starts_with('-') && shown.contains(line)), "{shown}");
        }
    }
    assert_eq!(shown(&open(&running, &authority, None).await), before, "what was loaded stays");

    files.write(&second);
    tls.reload().unwrap();
    assert_ne!(shown(&open(&running, &authority, None).await), before);
}

/// A certificate whose base64 is well formed and whose content is not.
fn malformed(cert: &str) -> String {
    let lines: Vec<&str> = cert.lines().collect();
    let kept = lines.iter().enumerate().filter(|(n, _)| *n != 2).map(|(_, line)| *line);
    kept.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_bad_authority_of_clients_is_named() {
    let authority = Authority::new("servers");
    let files = Files::new(&authority.server(NAME), Some(&authority));
    let path: PathBuf = files.files.client_ca.clone().unwrap();
    for (text, problem) in [("", "no certificate"), ("-----BEGIN CERTIFICATE-----\nAAAA\n", "PEM")] {
        std::fs::write(&path, text).unwrap();
        let error = files.load().unwrap_err().to_string();
        assert!(error.contains(problem) && error.contains(path.to_str().unwrap()), "{error}");
    }
}

#[test]
fn texts_cannot_be_reloaded_and_are_named_by_what_they_are() {
    let authority = Authority::new("servers");
    let (one, two) = (authority.server(NAME), authority.server(NAME));
    let from = |cert: &str, key: &str| ServerTls::from_pem(cert.as_bytes(), key.as_bytes(), None);
    assert!(matches!(from(&one.cert, &one.key).unwrap().reload(), Err(TlsError::NotFromFiles)));
    let error = from(&one.cert, &two.key).unwrap_err().to_string();
    assert_eq!(error, "private key is not the key of the first certificate in certificate chain");
    let error = ClientTls::with_roots(b"").unwrap_err().to_string();
    assert_eq!(error, "server authorities: no certificate in it");
    let roots = ClientTls::with_roots(authority.pem().as_bytes()).unwrap();
    assert!(roots.clone().with_identity(one.cert.as_bytes(), two.key.as_bytes()).is_err());
    assert!(roots.with_identity(one.cert.as_bytes(), one.key.as_bytes()).is_ok());
}

#[test]
fn the_end_of_the_certificate_is_told() {
    let authority = Authority::new("servers");
    let files = Files::new(&authority.server(NAME), None);
    let tls = files.load().unwrap();
    let ends = |tls: &ServerTls| tls.expires().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    // The first of January of 2120, and of 2021.
    assert_eq!(ends(&tls), 4_733_510_400);
    files.write(&authority.issue(NAME, Validity::Past, rcgen::ExtendedKeyUsagePurpose::ServerAuth));
    tls.reload().unwrap();
    assert_eq!(ends(&tls), 1_609_459_200);
}

/// A key that others may read is the operator's affair.
#[cfg(unix)]
#[test]
fn the_mode_of_a_key_is_not_looked_at() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = Files::new(&Authority::new("servers").server(NAME), None);
    let key: &Path = &files.files.key;
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(files.load().is_ok());
}
