//! What a server refuses, and how it ends, over real loopback sockets.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use carewire_mllp::{Exposure, Handler, Peer, Reason, Reply, Server, ServerOptions, bind, encode};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpSocket, TcpStream},
};

use crate::support::{Desk, exchange, hears, is_closed, logs::Logs, start, until};

fn options() -> ServerOptions {
    ServerOptions::default()
}

#[tokio::test]
async fn a_port_is_bound_to_this_machine_unless_told_otherwise() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
        let error = bind(address.parse().unwrap(), Exposure::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{address}");
        assert!(error.to_string().contains("not a loopback address"), "{error}");
    }
    for address in ["127.0.0.1:0", "127.0.0.9:0"] {
        let listener = bind(address.parse().unwrap(), Exposure::Loopback).unwrap();
        TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    }
    let listener = bind("0.0.0.0:0".parse().unwrap(), Exposure::Network).unwrap();
    assert!(listener.local_addr().unwrap().ip().is_unspecified());
    assert_eq!(
        bind(listener.local_addr().unwrap(), Exposure::Network).unwrap_err().kind(),
        ErrorKind::AddrInUse
    );
}

/// A port that was just left can be bound again, although connections of it still linger.
#[tokio::test]
async fn a_server_can_be_restarted_at_once() {
    let listener = bind("127.0.0.1:0".parse().unwrap(), Exposure::Loopback).unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).await.unwrap();
    let (accepted, _) = listener.accept().await.unwrap();
    drop((accepted, listener));
    drop(client);
    bind(address, Exposure::Loopback).unwrap();
}

#[cfg(target_os = "linux")]
async fn connect_from(source: &str, server: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(source.parse().unwrap(), 0)).unwrap();
    socket.connect(server).await.unwrap()
}

/// On Linux all of 127.0.0.0/8 is this machine.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn one_address_cannot_take_all_places() {
    let options = ServerOptions { max_connections_per_address: Some(2), ..options() };
    let running = start(Desk::new(99), |server| server.with_options(options)).await;
    let (mut first, mut second) = (running.raw().await, running.raw().await);
    exchange(&mut first, b"one").await;
    exchange(&mut second, b"two").await;
    assert!(is_closed(&mut running.raw().await).await);
    running.until_ended(Reason::TooManyOfAddress, 1).await;
    for source in ["127.0.0.2", "127.0.0.3"] {
        exchange(&mut connect_from(source, running.address).await, b"three").await;
    }
    drop(first);
    running.until_open(1).await;
    exchange(&mut running.raw().await, b"four").await;
    assert_eq!(running.stopped().await.refused, 1);
}

#[tokio::test]
async fn refused_and_closed_connections_are_counted_and_logged_by_reason() {
    let (logs, guard) = Logs::collect();
    static ADMITS: AtomicBool = AtomicBool::new(false);
    let desk = Desk { admits: |_| ADMITS.load(Ordering::SeqCst), ..Desk::new(99) };
    let options = ServerOptions { max_connections: 1, idle_timeout: Duration::from_millis(300), ..options() };
    let running = start(desk, |server| server.with_options(options)).await;
    assert!(is_closed(&mut running.raw().await).await);
    running.until_ended(Reason::NotAdmitted, 1).await;
    running.until_open(0).await;
    ADMITS.store(true, Ordering::SeqCst);
    let mut admitted = running.raw().await;
    exchange(&mut admitted, b"one").await;
    assert!(is_closed(&mut running.raw().await).await);
    running.until_ended(Reason::IdleTimeout, 1).await;
    let address = admitted.local_addr().unwrap();
    drop(guard);
    let text = logs.text();
    let line = |needle: &str| text.lines().find(|line| line.contains(needle)).unwrap_or_default().to_owned();
    for (reason, message) in
        [("too_many", "refused"), ("not_admitted", "refused"), ("idle_timeout", "closed")]
    {
        let line = line(reason);
        assert!(
            line.contains(message) && line.contains("connection=") && line.contains("address=127.0.0.1:"),
            "{line}"
        );
    }
    assert!(line("idle_timeout").contains(&address.to_string()));
    let stats = Arc::clone(&running.stats);
    let summary = running.stopped().await;
    assert_eq!((summary.connections, summary.refused, summary.timeouts), (1, 2, 1));
    assert_eq!(stats.by_reason().map(|(_, count)| count).sum::<u64>(), 3);
}

#[tokio::test]
async fn a_peer_cannot_fill_the_log() {
    let (logs, guard) = Logs::collect();
    let running = start(Desk::new(9), |server| server).await;
    let mut stream = running.raw().await;
    stream.write_all(&b"CANARY\x0b\x06\x1c\r".repeat(500)).await.unwrap();
    exchange(&mut stream, b"one").await;
    drop(guard);
    let warnings = logs.text().lines().filter(|line| line.contains("WARN")).count();
    assert_eq!(warnings, 16);
    assert_eq!(running.stats.commits(), 500);
    assert!(!logs.text().contains("CANARY"));
}

#[tokio::test]
async fn counters_are_live_and_answers_go_out_as_meant() {
    let running = start(Desk::new(9), |server| server).await;
    let mut stream = running.raw().await;
    stream.write_all(&[encode(b"two answers"), encode(b"commit")].concat()).await.unwrap();
    hears(&mut stream, b"\x0bCA\x1c\r\x0bAA\x1c\r\x0b\x06\x1c\r").await;
    let stats = &running.stats;
    assert_eq!((stats.open(), stats.served(), stats.messages(), stats.bad_frames()), (1, 1, 2, 0));
    assert_eq!((stats.received(), stats.sent()), (14 + 9, 14));
    assert!(
        running.desk.peers.lock().unwrap().iter().all(|peer| peer.address() == stream.local_addr().unwrap())
    );
    assert_eq!(
        running.desk.messages.lock().unwrap().as_slice(),
        [b"two answers".to_vec(), b"commit".to_vec()]
    );
    drop(stream);
    running.until_ended(Reason::Peer, 1).await;
    running.until_open(0).await;
}

/// A handler whose store hangs and holds its thread, so that it neither returns nor can be cut off.
#[derive(Default)]
struct Stuck {
    free: Mutex<bool>,
    freed: Condvar,
}

#[async_trait::async_trait]
impl Handler for Stuck {
    async fn handle(&self, _peer: &Peer, _message: Vec<u8>) -> Reply {
        tokio::task::block_in_place(|| {
            let free = self.free.lock().unwrap();
            drop(self.freed.wait_while(free, |free| !*free).unwrap());
        });
        Reply::Close
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_hangs_does_not_delay_the_end_beyond_the_deadline() {
    let handler = Arc::new(Stuck::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = ServerOptions { drain_deadline: Duration::from_millis(200), ..options() };
    let server = Server::new(Arc::clone(&handler) as _).with_options(options);
    let stats = server.stats();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(server.serve(listener, async { stopped.await.unwrap() }));
    let mut stuck = TcpStream::connect(address).await.unwrap();
    stuck.write_all(&encode(b"one")).await.unwrap();
    assert!(until(|| stats.messages() == 1).await);

    let begin = Instant::now();
    stop.send(()).unwrap();
    let summary = tokio::time::timeout(Duration::from_secs(10), server).await.unwrap().unwrap();
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!((summary.messages, summary.aborted), (1, 1));
    *handler.free.lock().unwrap() = true;
    handler.freed.notify_all();
}
