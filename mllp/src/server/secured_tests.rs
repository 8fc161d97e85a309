//! Handshakes that come to nothing, over pipes and in paused time.
#![cfg(feature = "tls")]

use std::time::Duration;

use tokio::{io::AsyncWriteExt as _, time::Instant};

use super::{
    pipe::{Site, peer},
    *,
};

/// A handshake over a pipe: the site, the client's end, and the task.
fn open(limit: Duration) -> (Site, tokio::io::DuplexStream, tokio::task::JoinHandle<()>) {
    let made = rcgen::generate_simple_self_signed(["intake.example.org".to_owned()]).unwrap();
    let (cert, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let tls = ServerTls::from_pem(cert.as_bytes(), key.as_bytes(), None).unwrap();
    let site = Site::new(1, ServerOptions { handshake_timeout: limit, ..ServerOptions::default() });
    let (client, server) = tokio::io::duplex(1024);
    let seat = Seat::take(&site.shared, 1, peer(1).address()).unwrap();
    assert_eq!(site.shared.stats.open(), 1);
    let shared = Arc::clone(&site.shared);
    let task = tokio::spawn(secured(server, tls, peer(1), seat, shared, site.drain.subscribe()));
    (site, client, task)
}

#[tokio::test(start_paused = true)]
async fn a_handshake_has_its_own_time_however_it_trickles() {
    let begin = Instant::now();
    let (site, mut client, task) = open(Duration::from_secs(10));
    for byte in [0x16, 3, 1, 2, 0, 1] {
        client.write_all(&[byte]).await.unwrap();
        sleep(Duration::from_secs(1)).await;
    }
    task.await.unwrap();
    assert_eq!(begin.elapsed().as_secs(), 10);
    let stats = &site.shared.stats;
    assert_eq!((stats.ended(Reason::HandshakeTimeout), stats.open(), stats.served()), (1, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_handshake_is_drained_at_once() {
    let begin = Instant::now();
    let (site, _client, task) = open(Duration::from_secs(10));
    tokio::task::yield_now().await;
    site.drain.send_replace(true);
    task.await.unwrap();
    assert_eq!((begin.elapsed(), site.shared.stats.ended(Reason::Drained)), (Duration::ZERO, 1));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_goes_in_the_handshake_is_counted() {
    let (site, client, task) = open(Duration::from_secs(10));
    drop(client);
    task.await.unwrap();
    assert_eq!(site.shared.stats.ended(Reason::Handshake), 1);
}
