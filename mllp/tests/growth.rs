//! Thousands of connections come and go, and nothing stays: no file descriptor, no task, no memory.
#![cfg(all(feature = "tokio", target_os = "linux"))]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that tells what it measured")]

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use carewire_mllp::{Handler, Peer, Reply, Server, ServerOptions, Stats, encode};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};

struct Echo;

#[async_trait::async_trait]
impl Handler for Echo {
    async fn handle(&self, _peer: &Peer, message: Vec<u8>) -> Reply {
        Reply::Send(message)
    }
}

/// What the process has now.
#[derive(Clone, Copy, Debug)]
struct Has {
    descriptors: usize,
    tasks: usize,
    resident: usize,
}

fn has() -> Has {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = statm.split(' ').nth(1).unwrap().parse().unwrap();
    Has {
        descriptors: std::fs::read_dir("/proc/self/fd").unwrap().count(),
        tasks: tokio::runtime::Handle::current().metrics().num_alive_tasks(),
        resident: pages * 4096,
    }
}

/// The tests measure the whole process, so they take turns where they share one.
static TURN: Mutex<()> = Mutex::const_new(());

struct Running {
    address: SocketAddr,
    stats: Arc<Stats>,
}

async fn start(ready: impl FnOnce(Server) -> Server) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = ServerOptions { max_connections: 20_000, ..ServerOptions::default() };
    let server = ready(Server::new(Arc::new(Echo)).with_options(options));
    let stats = server.stats();
    tokio::spawn(server.serve(listener, std::future::pending()));
    Running { address, stats }
}

impl Running {
    /// Waits until all have ended that came, which are `count` since the start.
    async fn until_gone(&self, count: u64) {
        let begin = Instant::now();
        let ended = || self.stats.by_reason().map(|(_, ended)| ended).sum::<u64>();
        while self.stats.open() > 0 || ended() < count {
            assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", self.stats);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // The tasks of connections are gone when the server has looked at them.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// One connection of every kind: silent, in the middle of a frame, at its end, after its answer, and cut off hard.
async fn comes_and_goes(address: SocketAddr, n: usize) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_zero_linger().unwrap();
    match n % 5 {
        0 => {}
        1 => stream.write_all(b"\x0bMSH|half").await.unwrap(),
        2 => stream.write_all(b"\x0bMSH|all but its last byte\x1c").await.unwrap(),
        3 => stream.write_all(&encode(&vec![b'x'; 100_000]).split_off(1)).await.unwrap(),
        _ => {
            let frame = encode(b"MSH|whole");
            stream.write_all(&frame).await.unwrap();
            stream.read_exact(&mut vec![0; frame.len()]).await.unwrap();
        }
    }
}

fn assert_no_growth(before: Has, after: Has, what: &str) {
    println!("{what}: {before:?} -> {after:?}");
    assert!(after.descriptors <= before.descriptors, "{before:?} {after:?}");
    assert!(after.tasks <= before.tasks, "{before:?} {after:?}");
    // An allocator keeps some; a leak of 400 bytes for each of 10,000 connections would show.
    assert!(after.resident <= before.resident + (4 << 20), "{before:?} {after:?}");
}

#[tokio::test]
async fn ten_thousand_connections_leave_nothing() {
    let _turn = TURN.lock().await;
    let running = start(|server| server).await;
    // The first thousand warm up what is kept for good: the allocator, the timer, the table of tasks.
    let mut before = has();
    for n in 0..11_000 {
        comes_and_goes(running.address, n).await;
        if n == 999 {
            running.until_gone(1_000).await;
            before = has();
        }
    }
    running.until_gone(11_000).await;
    assert_no_growth(before, has(), "10,000 connections, one after another");
}

/// How many connections fit the descriptors that the process may have: each takes two here.
fn at_once() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let soft: usize = line.split_whitespace().nth(3).unwrap().parse().unwrap_or(usize::MAX);
    (soft.saturating_sub(200) / 2).min(9_000)
}

#[tokio::test]
async fn many_idle_connections_at_once_are_cheap_and_leave_nothing() {
    let _turn = TURN.lock().await;
    let running = start(|server| server).await;
    let count = at_once();
    let mut rounds = Vec::new();
    for _ in 0..2 {
        let before = has();
        let mut streams = Vec::with_capacity(count);
        for _ in 0..count {
            let mut stream = TcpStream::connect(running.address).await.unwrap();
            stream.set_zero_linger().unwrap();
            // Each has been used: an idle connection is not one that never had anything to do.
            let frame = encode(&[b'x'; 1_500]);
            stream.write_all(&frame).await.unwrap();
            stream.read_exact(&mut vec![0; frame.len()]).await.unwrap();
            streams.push(stream);
        }
        assert_eq!(running.stats.open(), count as u64);
        let during = has();
        let each = during.resident.saturating_sub(before.resident) / count;
        println!("{count} idle connections: {each} bytes each, both ends");
        rounds.push(each);
        drop(streams);
        running.until_gone((rounds.len() * count) as u64).await;
        if rounds.len() == 2 {
            assert_no_growth(before, has(), "many at once, again");
        }
    }
    assert!(rounds.iter().all(|each| *each < 8 * 1024), "{rounds:?}");
}

#[cfg(feature = "tls")]
mod tls {
    use carewire_mllp::ServerTls;
    use rustls::{ClientConfig, RootCertStore};
    use rustls_pki_types::ServerName;
    use tokio_rustls::TlsConnector;

    use super::*;

    /// Silent, in the middle of the handshake, after it, in the middle of a frame, and after an answer.
    async fn comes_and_goes(connector: &TlsConnector, address: SocketAddr, n: usize) {
        let mut stream = TcpStream::connect(address).await.unwrap();
        match n % 5 {
            0 => {}
            1 => stream.write_all(&[0x16, 3, 1, 2, 0, 1]).await.unwrap(),
            kind => {
                let name = ServerName::try_from("intake.example.org").unwrap();
                let mut stream = connector.connect(name, stream).await.unwrap();
                match kind {
                    2 => stream.write_all(b"\x0bMSH|half").await.unwrap(),
                    3 => {
                        let frame = encode(b"MSH|whole");
                        stream.write_all(&frame).await.unwrap();
                        stream.read_exact(&mut vec![0; frame.len()]).await.unwrap();
                        stream.shutdown().await.unwrap();
                    }
                    _ => {}
                }
                stream.flush().await.unwrap();
            }
        }
    }

    /// A server's side and a client's that trusts it.
    fn sides() -> (ServerTls, TlsConnector) {
        let certified = rcgen::generate_simple_self_signed(["intake.example.org".to_owned()]).unwrap();
        let (cert, key) = (certified.cert.pem(), certified.signing_key.serialize_pem());
        let tls = ServerTls::from_pem(cert.as_bytes(), key.as_bytes(), None).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(certified.cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        (tls, TlsConnector::from(Arc::new(config)))
    }

    #[tokio::test]
    async fn connections_over_tls_leave_nothing() {
        let _turn = TURN.lock().await;
        let (tls, connector) = sides();
        let running = start(|server| server.with_tls(tls)).await;
        let mut before = has();
        for n in 0..1_200 {
            comes_and_goes(&connector, running.address, n).await;
            if n == 199 {
                running.until_gone(200).await;
                before = has();
            }
        }
        running.until_gone(1_200).await;
        assert_no_growth(before, has(), "1,000 connections over TLS");
    }

    #[tokio::test]
    async fn idle_connections_over_tls_are_cheap() {
        let _turn = TURN.lock().await;
        let (tls, connector) = sides();
        let running = start(|server| server.with_tls(tls)).await;
        let (mut before, mut streams) = (has(), Vec::new());
        for n in 0..300 {
            if n == 100 {
                before = has();
            }
            let name = ServerName::try_from("intake.example.org").unwrap();
            let stream = TcpStream::connect(running.address).await.unwrap();
            let mut stream = connector.connect(name, stream).await.unwrap();
            let frame = encode(&[b'x'; 1_500]);
            stream.write_all(&frame).await.unwrap();
            stream.read_exact(&mut vec![0; frame.len()]).await.unwrap();
            streams.push(stream);
        }
        assert_eq!(running.stats.open(), 300);
        let each = has().resident.saturating_sub(before.resident) / 200;
        println!("200 idle connections over TLS: {each} bytes each, both ends");
        assert!(each < 64 * 1024, "{each}");
    }
}
