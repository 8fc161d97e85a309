//! The load: one thread, a closed loop on every connection, every acknowledgement checked.
//!
//! Sockets block, and are touched when there is something to read: a write of so little never waits long.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};

use crate::frame::Frame;
use crate::server::Server;
use crate::wire::Wire;
use crate::{ack, machine};

/// What goes before the clock starts.
const WARM_UP: Duration = Duration::from_millis(50);
/// Without an answer for so long, no more are waited for.
const STALLED: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

/// Each connection numbers its messages in a block of its own, so that no control id comes twice.
const BLOCK: u64 = 10_000_000;
static BLOCKS: AtomicU64 = AtomicU64::new(0);

/// How messages are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) connections: usize,
    /// Messages sent on a connection before the answer to the first is there.
    pub(crate) in_flight: usize,
    /// Bytes given to the system at once; `None` for a whole frame.
    pub(crate) bytes_at_once: Option<usize>,
}

/// What came of a round.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// Messages with their answers, and the time that they took.
    pub(crate) answered: u64,
    pub(crate) took: Duration,
    /// Answers that belong to another message, or are no `AA`.
    pub(crate) mismatched: u64,
    /// Messages that nothing answered.
    pub(crate) unanswered: u64,
    /// From the write to the answer of each message, in nanoseconds.
    pub(crate) latencies: Vec<u64>,
    /// Processor time of the server, and of the load.
    pub(crate) server: Duration,
    pub(crate) load: Duration,
    /// Commits of the server's store.
    pub(crate) commits: u64,
}

/// Sends for so long and waits for the answers.
pub(crate) fn run(server: &mut Server, manner: Manner, length: Duration) -> io::Result<Round> {
    let mut senders = Senders::connect(server, manner)?;
    let mut round = Round::default();
    senders.send_first()?;
    senders.answer_until(Instant::now() + WARM_UP, &mut round)?;
    let (done, load) = (server.done()?, machine::worked(std::process::id())?);
    let (mismatched, start) = (round.mismatched, Instant::now());
    round = Round { mismatched, latencies: Vec::with_capacity(1 << 16), ..Round::default() };
    let last = senders.answer_until(start + length, &mut round)?;
    round.took = last.saturating_duration_since(start);
    let now = server.done()?;
    round.server = now.worked.saturating_sub(done.worked);
    round.commits = now.commits - done.commits;
    round.load = machine::worked(std::process::id())?.saturating_sub(load);
    let mut rest = Round::default();
    senders.finish(&mut rest)?;
    round.mismatched += rest.mismatched;
    round.unanswered = senders.unanswered();
    Ok(round)
}

/// All connections, and what tells which of them can be read.
pub(crate) struct Senders {
    all: Vec<Sender>,
    ready: rustix::fd::OwnedFd,
    events: Vec<epoll::Event>,
    /// Nothing came for a long time.
    stalled: bool,
}

impl Senders {
    pub(crate) fn connect(server: &Server, manner: Manner) -> io::Result<Self> {
        let ready = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let mut all = Vec::with_capacity(manner.connections);
        for number in 0..manner.connections {
            let sender = Sender::connect(server, manner)?;
            epoll::add(
                &ready,
                &sender.wire,
                epoll::EventData::new_u64(number as u64),
                epoll::EventFlags::IN,
            )?;
            all.push(sender);
        }
        Ok(Self { all, ready, events: Vec::with_capacity(manner.connections), stalled: false })
    }

    pub(crate) fn send_first(&mut self) -> io::Result<()> {
        for sender in &mut self.all {
            for _ in 0..sender.manner.in_flight {
                sender.send(Instant::now())?;
            }
        }
        Ok(())
    }

    /// Answers every answer with the next message; gives the time of the last.
    fn answer_until(&mut self, end: Instant, round: &mut Round) -> io::Result<Instant> {
        let mut now = Instant::now();
        while now < end && !self.stalled {
            let last = now;
            now = self.turn(round, true)?.unwrap_or(last);
        }
        Ok(now)
    }

    /// Waits for the answers to what was sent.
    pub(crate) fn finish(&mut self, round: &mut Round) -> io::Result<()> {
        while !self.stalled && self.all.iter().any(|sender| !sender.waiting.is_empty()) {
            self.turn(round, false)?;
        }
        Ok(())
    }

    /// How many messages have no answer.
    pub(crate) fn unanswered(&self) -> u64 {
        self.all.iter().map(|sender| sender.waiting.len() as u64).sum()
    }

    /// Takes what can be read now; gives the time of the last.
    fn turn(&mut self, round: &mut Round, send: bool) -> io::Result<Option<Instant>> {
        let waited = epoll::wait(&self.ready, spare_capacity(&mut self.events), Some(&STALLED));
        if waited? == 0 {
            self.stalled = true;
            return Ok(None);
        }
        let mut last = None;
        for event in self.events.drain(..) {
            let number = usize::try_from(event.data.u64()).unwrap_or(usize::MAX);
            let Some(sender) = self.all.get_mut(number) else { continue };
            last = Some(sender.receive(round, send)?);
        }
        Ok(last)
    }
}

/// One connection.
struct Sender {
    wire: Wire,
    manner: Manner,
    frame: Frame,
    next: u64,
    /// The messages without an answer yet, oldest first, and when they were sent.
    waiting: VecDeque<(u64, Instant)>,
    received: Vec<u8>,
    buffer: Vec<u8>,
}

impl Sender {
    fn connect(server: &Server, manner: Manner) -> io::Result<Self> {
        Ok(Self {
            wire: Wire::connect(server)?,
            manner,
            frame: Frame::new().ok_or(io::ErrorKind::InvalidData)?,
            next: BLOCKS.fetch_add(1, Ordering::Relaxed) * BLOCK,
            waiting: VecDeque::with_capacity(manner.in_flight),
            received: Vec::with_capacity(4096),
            buffer: vec![0; 4096],
        })
    }

    fn send(&mut self, now: Instant) -> io::Result<()> {
        self.next += 1;
        self.waiting.push_back((self.next, now));
        let frame = self.frame.with_id(self.next);
        match self.manner.bytes_at_once {
            None => self.wire.write_all(frame),
            Some(size) => frame.chunks(size).try_for_each(|chunk| self.wire.write_all(chunk)),
        }
    }

    /// Reads once and checks the answers; gives the time after the read.
    fn receive(&mut self, round: &mut Round, send: bool) -> io::Result<Instant> {
        let len = self.wire.read(&mut self.buffer)?;
        let now = Instant::now();
        if len == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.received.extend_from_slice(self.buffer.get(..len).unwrap_or_default());
        let mut start = 0;
        while let Some(len) = answer_len(self.received.get(start..).unwrap_or_default()) {
            let answer = self.received.get(start..start + len).unwrap_or_default();
            match self.waiting.pop_front() {
                Some((id, sent)) if ack::accepts(answer, &Frame::id(id)) => {
                    round.answered += 1;
                    let latency = now.saturating_duration_since(sent).as_nanos();
                    round.latencies.push(u64::try_from(latency).unwrap_or(u64::MAX));
                }
                _ => round.mismatched += 1,
            }
            start += len + 2;
            if send {
                self.send(now)?;
            }
        }
        self.received.drain(..start);
        Ok(now)
    }
}

/// The length of the first frame without its end, when it is whole.
fn answer_len(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\x1C\r")
}
