//! What all connections together may hold: nobody waits for ever, and small messages never wait.

use std::time::Duration;

use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, sleep},
};

use super::*;
use crate::{
    Reason, encode,
    server::pipe::{Pipe, Site},
};

const MIB: usize = 1 << 20;

/// Room for three frames of the longest kind.
fn site(permits: usize) -> Site {
    Site::new(permits, ServerOptions { max_frame: MIB, max_buffered: 3 * MIB, ..ServerOptions::default() })
}

/// A connection with a frame of 800 KiB that lacks its end, and whether all of it was taken.
async fn begin(site: &Site, id: u64) -> (Pipe, bool) {
    let mut pipe = site.open_as(id, 1024);
    let begun = [b"\x0b".as_slice(), &vec![b'x'; 800 << 10]].concat();
    let sending = pipe.client.write_all(&begun);
    let taken = tokio::time::timeout(Duration::from_secs(5), sending).await.is_ok();
    (pipe, taken)
}

#[tokio::test(start_paused = true)]
async fn a_frame_beyond_the_budget_waits_until_there_is_room() {
    let site = site(0);
    let mut begun = Vec::new();
    for n in 0..3 {
        let (pipe, taken) = begin(&site, 1).await;
        assert!(taken, "{n}");
        begun.push(pipe);
    }
    assert!(site.shared.stats.buffered() <= 3 * MIB as u64);
    let begin = Instant::now();
    let mut late = site.open_as(Site::FREE, 1024);
    let sending = tokio::spawn(async move {
        late.sends(&encode(&vec![b'x'; 800 << 10])).await;
        late.hears(b"\x0blong\x1c\r").await;
        Instant::now()
    });
    sleep(Duration::from_secs(10)).await;
    assert!(!sending.is_finished());
    // A message that is handled still counts; one that is answered does not.
    let mut first = begun.remove(0);
    first.sends(b"\x1c\r").await;
    sleep(Duration::from_secs(5)).await;
    assert!(!sending.is_finished());
    site.echo.permits.add_permits(1);
    assert_eq!((sending.await.unwrap() - begin).as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_room_times_out_like_anybody() {
    let site = site(0);
    let mut begun = Vec::new();
    for _ in 0..3 {
        begun.push(begin(&site, 1).await.0);
    }
    let start = Instant::now();
    let (pipe, taken) = begin(&site, 1).await;
    assert!(!taken);
    assert_eq!(pipe.ended().await.0, Reason::FrameTimeout);
    // What it was let send before took some of the time.
    assert!((30..60).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    for pipe in begun {
        assert_eq!(pipe.ended().await.0, Reason::FrameTimeout);
    }
    assert_eq!(site.shared.stats.buffered(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_room_is_drained() {
    let site = site(0);
    let mut begun = Vec::new();
    for _ in 0..4 {
        begun.push(begin(&site, 1).await.0);
    }
    let start = Instant::now();
    site.drain.send_replace(true);
    for pipe in begun {
        assert_eq!(pipe.connection.await.unwrap(), Reason::Drained);
    }
    assert!(start.elapsed() <= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn small_messages_never_wait() {
    let site = site(0);
    let mut begun = Vec::new();
    for _ in 0..4 {
        begun.push(begin(&site, 1).await.0);
    }
    let start = Instant::now();
    let mut small = site.open_as(Site::FREE, 1024);
    for len in [1, 1_000, READ_SIZE] {
        let frame = encode(&vec![b'x'; len]);
        for piece in frame.chunks(999) {
            small.sends(piece).await;
        }
        small.client.write_all(b"").await.unwrap();
        let answer = if len > 1024 { encode(b"long") } else { frame };
        small.hears(&answer).await;
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// Frames that all come in half at once would wait for each other; the spare one lets them through one by one.
#[tokio::test(start_paused = true)]
async fn frames_that_come_in_half_together_all_get_through() {
    let site = site(usize::MAX >> 4);
    let frame = encode(&vec![b'x'; MIB]);
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (mut pipe, frame) = (site.open_as(Site::FREE, 1024), frame.clone());
        senders.spawn(async move {
            let (head, tail) = frame.split_at(frame.len() / 3);
            pipe.sends(head).await;
            tokio::task::yield_now().await;
            pipe.sends(tail).await;
            pipe.hears(b"\x0blong\x1c\r").await;
        });
    }
    let start = Instant::now();
    while let Some(sent) = senders.join_next().await {
        sent.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO, "nobody timed out, and nobody waited for time to pass");
    assert_eq!((site.seen(), site.shared.stats.buffered()), (12, 0));
}

/// A budget below the longest payload lets one large message through at a time.
#[tokio::test(start_paused = true)]
async fn a_budget_of_nothing_is_one_frame() {
    let options = ServerOptions { max_frame: MIB, max_buffered: 0, ..ServerOptions::default() };
    let site = Site::new(usize::MAX >> 4, options);
    for _ in 0..2 {
        let mut pipe = site.open_as(Site::FREE, 1024);
        pipe.sends(&encode(&vec![b'x'; MIB])).await;
        pipe.hears(b"\x0blong\x1c\r").await;
    }
    let (_first, taken) = begin(&site, 1).await;
    let (_second, waits) = begin(&site, 1).await;
    assert!(taken && !waits);
}
