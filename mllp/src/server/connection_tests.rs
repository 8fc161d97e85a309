//! One connection over a pipe, in paused time: every timeout is exact and no test waits.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    sync::Semaphore,
    task::JoinHandle,
};

use super::*;
use crate::{Handler, Server, Stats};

/// Answers with what it got, once for each permit.
struct Echo {
    permits: Semaphore,
    handling: AtomicUsize,
    seen: Mutex<Vec<Vec<u8>>>,
}

#[async_trait::async_trait]
impl Handler for Echo {
    async fn handle(&self, _peer: &Peer, message: Vec<u8>) -> Reply {
        assert_eq!(self.handling.fetch_add(1, Ordering::SeqCst), 0, "two messages of one connection at once");
        self.seen.lock().unwrap().push(message.clone());
        self.permits.acquire().await.unwrap().forget();
        self.handling.fetch_sub(1, Ordering::SeqCst);
        Reply::Send(message)
    }
}

struct Pipe {
    echo: Arc<Echo>,
    client: DuplexStream,
    connection: JoinHandle<Reason>,
    stats: Arc<Stats>,
    drain: watch::Sender<bool>,
}

fn open(permits: usize, pipe_size: usize) -> Pipe {
    let echo = Arc::new(Echo {
        permits: Semaphore::new(permits),
        handling: AtomicUsize::new(0),
        seen: Mutex::default(),
    });
    let (client, server) = tokio::io::duplex(pipe_size);
    let peer = Peer::new(1, ([127, 0, 0, 1], 1).into());
    let handler: Arc<dyn Handler> = Arc::clone(&echo) as _;
    let (drain, draining) = watch::channel(false);
    let server_of_one = Server::new(handler);
    let stats = server_of_one.stats();
    let connection = Connection::new(server, peer, Arc::new(server_of_one.into_shared()));
    Pipe { echo, client, connection: tokio::spawn(connection.run(draining)), stats, drain }
}

impl Pipe {
    async fn hears(&mut self, expected: &[u8]) {
        let mut heard = vec![0; expected.len()];
        self.client.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, expected);
    }

    /// Why it ended, and how many messages it handled.
    async fn ended(self) -> (Reason, u64) {
        (self.connection.await.unwrap(), self.stats.messages())
    }

    fn seen(&self) -> usize {
        self.echo.seen.lock().unwrap().len()
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_and_garbage_does_not_keep_it_open() {
    let begin = Instant::now();
    let mut pipe = open(1, 1024);
    pipe.client.write_all(b"\x0bone\x1c\r").await.unwrap();
    pipe.hears(b"\x0bone\x1c\r").await;
    for _ in 0..9 {
        tokio::time::sleep(Duration::from_secs(60)).await;
        pipe.client.write_all(b"x").await.unwrap();
    }
    assert_eq!(pipe.ended().await, (Reason::IdleTimeout, 1));
    assert_eq!(begin.elapsed().as_secs(), 600);
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_trickles_in_is_cut_off() {
    let begin = Instant::now();
    let Pipe { mut client, connection, stats, drain: _drain, .. } = open(1, 1024);
    client.write_all(b"\x0b").await.unwrap();
    let trickle = tokio::spawn(async move {
        while client.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    assert_eq!((connection.await.unwrap(), stats.messages()), (Reason::FrameTimeout, 0));
    assert_eq!(begin.elapsed().as_secs(), 30);
    trickle.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn each_frame_has_its_own_time() {
    let mut pipe = open(2, 1024);
    for _ in 0..2 {
        pipe.client.write_all(b"\x0bone").await.unwrap();
        tokio::time::sleep(Duration::from_secs(20)).await;
        // The end of one frame and the beginning of the next come together.
        pipe.client.write_all(b"\x1c\r\x0b").await.unwrap();
        pipe.hears(b"\x0bone\x1c\r").await;
    }
    assert_eq!(pipe.seen(), 2);
    assert_eq!(pipe.ended().await, (Reason::FrameTimeout, 2));
}

#[tokio::test(start_paused = true)]
async fn a_missing_carriage_return_costs_a_moment() {
    let begin = Instant::now();
    let mut pipe = open(1, 1024);
    pipe.client.write_all(b"\x0bone\x1c").await.unwrap();
    pipe.hears(b"\x0bone\x1c\r").await;
    assert_eq!(begin.elapsed().as_millis(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_is_not_done_in_time_gets_no_answer_sent() {
    let begin = Instant::now();
    let mut pipe = open(0, 1024);
    pipe.client.write_all(b"\x0bone\x1c\r\x0btwo\x1c\r").await.unwrap();
    let mut heard = Vec::new();
    pipe.client.read_to_end(&mut heard).await.unwrap();
    assert!(heard.is_empty());
    assert_eq!(pipe.ended().await, (Reason::HandlerTimeout, 1));
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_is_cut_off() {
    let begin = Instant::now();
    let mut pipe = open(1, 8);
    pipe.client.write_all(b"\x0bmore than fits\x1c\r").await.unwrap();
    assert_eq!(pipe.ended().await, (Reason::WriteTimeout, 1));
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_while_a_message_is_handled() {
    let mut pipe = open(0, 64);
    pipe.client.write_all(b"\x0bone\x1c\r").await.unwrap();
    while pipe.seen() == 0 {
        tokio::task::yield_now().await;
    }
    let flood = [b'x'; 1024];
    let written = timeout(Duration::from_secs(10), pipe.client.write_all(&flood)).await;
    assert!(written.is_err(), "the pipe holds 64 bytes and nobody may read them");
    pipe.echo.permits.add_permits(1);
    pipe.hears(b"\x0bone\x1c\r").await;
    pipe.client.write_all(&flood).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn draining_answers_what_was_read_and_nothing_more() {
    let mut pipe = open(0, 1024);
    pipe.client.write_all(b"\x0bone\x1c\r\x0btwo\x1c\r\x0bhal").await.unwrap();
    while pipe.seen() == 0 {
        tokio::task::yield_now().await;
    }
    pipe.drain.send_replace(true);
    pipe.client.write_all(b"f\x1c\r\x0bthree\x1c\r").await.unwrap();
    pipe.echo.permits.add_permits(9);
    pipe.hears(b"\x0bone\x1c\r\x0btwo\x1c\r").await;
    let mut rest = Vec::new();
    pipe.client.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty());
    drop(pipe.client);
    assert_eq!((pipe.connection.await.unwrap(), pipe.stats.messages()), (Reason::Drained, 2));
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_drains_at_once() {
    let begin = Instant::now();
    let pipe = open(1, 1024);
    pipe.drain.send_replace(true);
    drop(pipe.client);
    assert_eq!(pipe.connection.await.unwrap(), Reason::Drained);
    assert!(begin.elapsed() < Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn the_last_frame_before_the_peer_closes_is_answered() {
    let mut pipe = open(1, 1024);
    pipe.client.write_all(b"\x0bone\x1c").await.unwrap();
    pipe.client.shutdown().await.unwrap();
    pipe.hears(b"\x0bone\x1c\r").await;
    assert_eq!(pipe.ended().await, (Reason::Peer, 1));
}
