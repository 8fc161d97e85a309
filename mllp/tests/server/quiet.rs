//! Nothing that is logged, shown or counted holds a byte of a message, over TLS and with a tap as well.

use std::sync::{Arc, Mutex};

use carewire_mllp::{Direction, Reason, Reply, Server, ServerOptions, ServerTls, Shape, Tap, encode};
use rustls::version::TLS13;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{
    Desk, exchange,
    logs::Logs,
    pki::{Authority, connect, connector},
    start,
};

const NAME: &str = "intake.example.org";

/// Keeps all that a tap is told, as text.
#[derive(Default)]
struct Told(Mutex<String>);

impl Tap for Told {
    fn saw(&self, connection: u64, direction: Direction, offset: u64, shape: &Shape) {
        let line = format!("{connection} {direction:?} {offset} {shape} {shape:?}\n");
        tracing::info!(connection, %shape, "seen");
        self.0.lock().unwrap().push_str(&line);
    }
}

#[tokio::test]
async fn nothing_told_about_a_session_holds_a_byte_of_it() {
    let (logs, guard) = Logs::collect();
    let told = Arc::new(Told::default());
    let authority = Authority::new("servers");
    let identity = authority.server(NAME);
    let tls = ServerTls::from_pem(identity.cert.as_bytes(), identity.key.as_bytes(), None).unwrap();
    let options =
        ServerOptions { max_frame: 64, tap: Some(Arc::clone(&told) as _), ..ServerOptions::default() };
    let shown = Mutex::new(String::new());
    let running = start(Desk::new(99), |server: Server| {
        let server = server.with_options(options).with_tls(tls);
        shown.lock().unwrap().push_str(&format!("{server:?}"));
        server
    })
    .await;
    let connector = connector(&authority, None, &[&TLS13]);

    // Messages, bad frames and garbage, answered until one that is too long closes.
    let mut stream = connect(&connector, NAME, running.raw().await).await.unwrap();
    exchange(&mut stream, b"CANARY").await;
    let long = encode(&b"CANARY".repeat(20));
    stream.write_all(b"CANARY\x0b\x06\x1c\r\x0b\x0bCANARY\x1c\nCANARY").await.unwrap();
    stream.write_all(&long).await.unwrap();
    stream.flush().await.unwrap();
    let _: Result<_, _> = stream.read_to_end(&mut Vec::new()).await;
    drop(stream);
    running.until_ended(Reason::Handler, 1).await;

    // Plain text in the middle of a session.
    let mut stream = connect(&connector, NAME, running.raw().await).await.unwrap();
    exchange(&mut stream, b"CANARY").await;
    let (mut tcp, _session) = stream.into_inner();
    tcp.write_all(&encode(b"MSH|CANARY")).await.unwrap();
    let _: Result<_, _> = tcp.read_to_end(&mut Vec::new()).await;
    running.until_ended(Reason::Broken, 1).await;

    // A session that is cut in the middle of a frame.
    let mut stream = connect(&connector, NAME, running.raw().await).await.unwrap();
    stream.write_all(b"\x0bCANARY").await.unwrap();
    stream.flush().await.unwrap();
    drop(stream);
    running.until_ended(Reason::Truncated, 1).await;

    let replies =
        format!("{:?} {:?}", Reply::Send(b"CANARY".to_vec()), Reply::SendAll(vec![b"CANARY".to_vec()]));
    let stats = format!("{:?}", running.stats);
    let summary = format!("{:?}", running.stopped().await);
    drop(guard);
    let told = told.0.lock().unwrap().clone();
    assert!(told.contains("Received 0 VT text*6 FS CR") && told.contains("Sent 0 VT text*9 FS CR"), "{told}");
    for expected in
        ["message received", "commit acknowledgement", "frame not delivered", "broken", "truncated"]
    {
        assert!(logs.text().contains(expected), "{expected} is not in the log:\n{}", logs.text());
    }
    for text in [&logs.text(), &told, &replies, &stats, &summary, &*shown.lock().unwrap()] {
        assert!(!text.contains("CANARY") && !text.contains("67, 65, 78"), "{text}");
    }
}
