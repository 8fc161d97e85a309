//! One connection: its timeouts, what it reads and writes, and how it ends.

use std::{
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadBuf},
    time::sleep,
};

use super::*;
use crate::{
    Direction, ServerOptions, Shape, Tap, encode,
    server::pipe::{Site, peer},
};

fn site(permits: usize) -> Site {
    Site::new(permits, ServerOptions::default())
}

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_and_garbage_does_not_keep_it_open() {
    let begin = Instant::now();
    let site = site(1);
    let mut pipe = site.open(1024);
    pipe.exchanges(b"one").await;
    for _ in 0..9 {
        sleep(secs(60)).await;
        pipe.sends(b"x").await;
    }
    assert_eq!(pipe.ended().await, (Reason::IdleTimeout, 1));
    assert_eq!(begin.elapsed().as_secs(), 600);
}

#[tokio::test(start_paused = true)]
async fn each_whole_frame_begins_the_idle_time_anew() {
    let begin = Instant::now();
    let site = site(9);
    let mut pipe = site.open(1024);
    for frame in [&b"\x0bone\x1c\r"[..], b"\x0b\x06\x1c\r", b"\x0b\x1c\r"] {
        sleep(secs(500)).await;
        pipe.sends(frame).await;
    }
    assert_eq!(pipe.ended().await, (Reason::IdleTimeout, 1));
    assert_eq!(begin.elapsed().as_secs(), 3 * 500 + 600);
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_trickles_in_is_cut_off() {
    let begin = Instant::now();
    let site = site(1);
    let mut pipe = site.open(1024);
    pipe.sends(b"\x0b").await;
    let mut client = pipe.client;
    let trickle = tokio::spawn(async move {
        while client.write_all(b"x").await.is_ok() {
            sleep(secs(1)).await;
        }
    });
    assert_eq!((pipe.connection.await.unwrap(), pipe.stats.messages()), (Reason::FrameTimeout, 0));
    assert_eq!(begin.elapsed().as_secs(), 30);
    trickle.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn each_frame_has_its_own_time() {
    let site = site(2);
    let mut pipe = site.open(1024);
    for _ in 0..2 {
        pipe.sends(b"\x0bone").await;
        sleep(secs(20)).await;
        // The end of one frame and the beginning of the next come together.
        pipe.sends(b"\x1c\r\x0b").await;
        pipe.hears(b"\x0bone\x1c\r").await;
    }
    assert_eq!(site.seen(), 2);
    assert_eq!(pipe.ended().await, (Reason::FrameTimeout, 2));
}

/// How a frame of a megabyte ends that comes at so many bytes per second, and after how long.
async fn at_rate(rate: usize, options: ServerOptions) -> (Reason, u64, u64) {
    let begin = Instant::now();
    let site = Site::new(1, options);
    let pipe = site.open(1 << 20);
    let mut client = pipe.client;
    let sending = tokio::spawn(async move {
        for second in encode(&vec![b'x'; 1 << 20]).chunks(rate) {
            sleep(secs(1)).await;
            if client.write_all(second).await.is_err() {
                return;
            }
        }
        client.read_exact(&mut [0; 7]).await.unwrap();
    });
    let (reason, messages) = (pipe.connection.await.unwrap(), pipe.stats.messages());
    sending.await.unwrap();
    (reason, messages, begin.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_large_frame_over_a_slow_link_gets_through_and_a_slower_one_does_not() {
    let options = ServerOptions::default;
    assert_eq!(at_rate(16 << 10, options()).await, (Reason::Peer, 1, 65));
    // Its first byte comes after a second, and each second gives it half a second more: 1 + 30 + 62 / 2.
    assert_eq!(at_rate(8 << 10, options()).await, (Reason::FrameTimeout, 0, 62));
    let strict = ServerOptions { least_rate: 0, ..options() };
    assert_eq!(at_rate(16 << 10, strict).await, (Reason::FrameTimeout, 0, 31));
}

#[tokio::test(start_paused = true)]
async fn a_frame_without_end_ends() {
    let options = ServerOptions { max_frame: 16 << 10, ..ServerOptions::default() };
    // One second for the longest frame, however much more comes.
    assert_eq!(at_rate(20 << 10, options).await, (Reason::FrameTimeout, 0, 32));
}

#[tokio::test(start_paused = true)]
async fn a_missing_carriage_return_costs_a_moment() {
    let begin = Instant::now();
    let site = site(1);
    let mut pipe = site.open(1024);
    pipe.sends(b"\x0bone\x1c").await;
    pipe.hears(b"\x0bone\x1c\r").await;
    assert_eq!(begin.elapsed().as_millis(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_is_not_done_in_time_gets_no_answer_sent() {
    let begin = Instant::now();
    let site = site(0);
    let mut pipe = site.open(1024);
    pipe.sends(b"\x0bone\x1c\r\x0btwo\x1c\r").await;
    pipe.hears_the_end().await;
    assert_eq!(pipe.ended().await, (Reason::HandlerTimeout, 1));
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn refusing_and_admitting_have_the_same_time() {
    let begin = Instant::now();
    let site = site(0);
    let mut refusing = site.open(1024);
    refusing.sends(b"\x0bMSH|one\r\x0b").await;
    let undecided = site.open_as(Site::UNDECIDED, 1024);
    assert_eq!(refusing.ended().await, (Reason::HandlerTimeout, 0));
    assert_eq!(undecided.ended().await, (Reason::HandlerTimeout, 0));
    assert_eq!(begin.elapsed().as_secs(), 30);
    assert_eq!((site.shared.stats.served(), site.shared.stats.bad_frames()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn who_is_not_admitted_is_not_read_from() {
    let site = site(9);
    let mut pipe = site.open_as(Site::REFUSED, 1024);
    pipe.sends(b"\x0bone\x1c\r").await;
    pipe.hears_the_end().await;
    assert_eq!(pipe.ended().await, (Reason::NotAdmitted, 0));
    assert_eq!((site.shared.stats.served(), site.shared.stats.received()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_is_cut_off() {
    let begin = Instant::now();
    let site = site(1);
    let mut pipe = site.open(8);
    pipe.sends(b"\x0bmore than fits\x1c\r").await;
    assert_eq!(pipe.ended().await, (Reason::WriteTimeout, 1));
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn time_that_never_ends_is_no_overflow() {
    let never = Duration::MAX;
    let options = ServerOptions {
        idle_timeout: never,
        frame_timeout: never,
        end_timeout: never,
        handler_timeout: never,
        write_timeout: never,
        drain_deadline: never,
        ..ServerOptions::default()
    };
    let site = Site::new(1, options);
    let mut pipe = site.open(8);
    pipe.sends(b"\x0bone\x1c").await;
    sleep(secs(60 * 60 * 24 * 30)).await;
    pipe.sends(b"\r").await;
    pipe.hears(b"\x0bone\x1c\r").await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_while_a_message_is_handled() {
    let site = site(0);
    let mut pipe = site.open(64);
    pipe.sends(b"\x0bone\x1c\r").await;
    site.until_seen(1).await;
    let flood = [b'x'; 1024];
    let written = timeout(secs(10), pipe.client.write_all(&flood)).await;
    assert!(written.is_err(), "the pipe holds 64 bytes and nobody may read them");
    site.echo.permits.add_permits(1);
    pipe.hears(b"\x0bone\x1c\r").await;
    pipe.sends(&flood).await;
}

#[tokio::test(start_paused = true)]
async fn every_reply_is_sent_as_it_is_meant() {
    let site = site(99);
    let mut pipe = site.open(1024);
    pipe.sends(b"\x0btwo answers\x1c\r\x0bcommit\x1c\r\x0bnothing\x1c\r\x0bone\x1c\r").await;
    pipe.hears(b"\x0bCA\x1c\r\x0bAA\x1c\r\x0b\x06\x1c\r\x0bone\x1c\r").await;
    pipe.sends(b"\x0b\x15\x1c\r\x0b\x1c\rno start\x1c\r").await;
    pipe.hears(b"\x0bempty\x1c\r\x0bmissing_start\x1c\r").await;
    assert_eq!(
        (pipe.stats.commits(), pipe.stats.bad_frames(), pipe.stats.sent()),
        (1, 2, 10 + 4 + 6 + 8 + 16)
    );
    pipe.sends(b"\x0blong answers\x1c\r").await;
    pipe.hears(&[encode(&[b'x'; 5_000]), encode(&[b'y'; 6_000])].concat()).await;
    pipe.sends(b"\x0bhalf bad\x1c\r").await;
    pipe.hears_the_end().await;
    assert_eq!(pipe.ended().await, (Reason::BadAnswer, 6));
    let mut pipe = site.open(1024);
    pipe.sends(b"\x0bclose\x1c\r").await;
    pipe.hears_the_end().await;
    drop(pipe.client);
    assert_eq!(pipe.connection.await.unwrap(), Reason::Handler);
}

/// A stream that counts how often it is written to.
struct Counting(DuplexStream, Arc<Mutex<usize>>);

impl AsyncRead for Counting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Counting {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        *self.1.lock().unwrap() += 1;
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_one_write_and_so_are_two_at_once() {
    let (site, writes) = (site(9), Arc::default());
    let (mut client, server) = tokio::io::duplex(1024);
    let connection =
        Connection::new(Counting(server, Arc::clone(&writes)), peer(1), Arc::clone(&site.shared));
    let connection = tokio::spawn(connection.run(site.drain.subscribe()));
    for (message, answer) in [("one", "\x0bone\x1c\r"), ("two answers", "\x0bCA\x1c\r\x0bAA\x1c\r")] {
        client.write_all(&encode(message.as_bytes())).await.unwrap();
        let mut heard = vec![0; answer.len()];
        client.read_exact(&mut heard).await.unwrap();
        assert_eq!((heard.as_slice(), std::mem::take(&mut *writes.lock().unwrap())), (answer.as_bytes(), 1));
    }
    drop(client);
    assert_eq!(connection.await.unwrap(), Reason::Peer);
}

#[tokio::test(start_paused = true)]
async fn draining_answers_what_was_read_and_nothing_more() {
    let site = site(0);
    let mut pipe = site.open(1024);
    pipe.sends(b"\x0bone\x1c\r\x0btwo\x1c\r\x0bhal").await;
    site.until_seen(1).await;
    site.drain.send_replace(true);
    pipe.sends(b"f\x1c\r\x0bthree\x1c\r").await;
    site.echo.permits.add_permits(9);
    pipe.hears(b"\x0bone\x1c\r\x0btwo\x1c\r").await;
    pipe.hears_the_end().await;
    drop(pipe.client);
    assert_eq!((pipe.connection.await.unwrap(), pipe.stats.messages()), (Reason::Drained, 2));
}

/// In real time: where there is always something to do, paused time stands still.
#[tokio::test]
async fn a_peer_that_never_pauses_is_drained_all_the_same() {
    let site = site(usize::MAX >> 4);
    let pipe = site.open(64);
    let (mut reader, mut writer) = tokio::io::split(pipe.client);
    let sending = tokio::spawn(async move { while writer.write_all(b"\x0bone\x1c\r").await.is_ok() {} });
    let hearing = tokio::spawn(async move { while reader.read(&mut [0; 64]).await.unwrap_or(0) > 0 {} });
    site.until_seen(100).await;
    site.drain.send_replace(true);
    assert_eq!(pipe.connection.await.unwrap(), Reason::Drained);
    sending.await.unwrap();
    hearing.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_drains_at_once() {
    let begin = Instant::now();
    let site = site(1);
    let pipe = site.open(1024);
    site.drain.send_replace(true);
    drop(pipe.client);
    assert_eq!(pipe.connection.await.unwrap(), Reason::Drained);
    assert!(begin.elapsed() < Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_close_after_the_drain_is_left_after_a_second() {
    let begin = Instant::now();
    let site = site(1);
    let pipe = site.open(1024);
    site.drain.send_replace(true);
    assert_eq!(pipe.connection.await.unwrap(), Reason::Drained);
    assert_eq!(begin.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_last_frame_before_the_peer_closes_is_answered() {
    let site = site(1);
    let mut pipe = site.open(1024);
    pipe.sends(b"\x0bone\x1c").await;
    pipe.client.shutdown().await.unwrap();
    pipe.hears(b"\x0bone\x1c\r").await;
    assert_eq!(pipe.ended().await, (Reason::Peer, 1));
}

/// What was seen, put together by direction.
#[derive(Default)]
struct Seen(Mutex<Vec<(Direction, u64, String)>>);

impl Tap for Seen {
    fn saw(&self, connection: u64, direction: Direction, offset: u64, shape: &Shape) {
        assert_eq!(connection, 1);
        self.0.lock().unwrap().push((direction, offset, shape.to_string()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_tap_sees_the_shape_of_everything() {
    let seen = Arc::new(Seen::default());
    let options = ServerOptions { tap: Some(Arc::clone(&seen) as _), ..ServerOptions::default() };
    let site = Site::new(9, options);
    let mut pipe = site.open(1024);
    pipe.exchanges(b"MSH|1\r").await;
    pipe.sends(b"junk\n").await;
    pipe.exchanges(b"two").await;
    pipe.client.shutdown().await.unwrap();
    pipe.connection.await.unwrap();
    let (received, sent) = (Direction::Received, Direction::Sent);
    let seen: Vec<_> = seen.0.lock().unwrap().clone();
    let seen: Vec<_> = seen.iter().map(|(way, at, shape)| (*way, *at, shape.as_str())).collect();
    assert_eq!(
        seen,
        [
            (received, 0, "VT text*5 CR FS CR"),
            (sent, 0, "VT text*5 CR FS CR"),
            (received, 9, "text*4 LF VT text*3 FS CR"),
            (sent, 9, "VT text*3 FS CR"),
        ]
    );
}
