//! The decoder: bytes in, events out.

use std::collections::VecDeque;

use memchr::{memchr, memchr2};

use crate::{CR, CommitBlock, Deviation, Event, FS, FrameError, LF, Limits, VT};

/// How much room for later payloads or events is kept when nothing is in it: what a large frame needed is given back.
const KEPT: usize = 4 * 1024;

/// Finds frames in a stream of bytes that comes in any pieces.
///
/// The events depend on the bytes alone, not on how they were cut. The work is linear in the input, and no more is
/// kept than one unfinished payload, in a buffer that never exceeds the limit, and the events that were not taken. Every byte
/// is part of an event, or of the marks of a frame.
///
/// - A frame ends with `FS CR`; also with `FS LF`, and with `FS` before the next frame. Any other `FS` is content.
/// - A `VT` right after the start of a frame repeats it; one after a carriage return begins another frame, since the one before
///   broke off. Any other `VT` is content.
/// - A frame that holds `06` or `15` and nothing else is a commit acknowledgement of release 2.
/// - After `FS` the decoder waits for one more byte. Where none comes, [`Decoder::end_frame`] takes the frame as ended.
///
/// ```
/// use carewire_mllp::{Decoder, Event, FrameError, Limits};
/// let mut decoder = Decoder::new(Limits::default().with_max_frame(8));
/// decoder.feed(b"junk\x0bMSH|x\x1c");
/// decoder.feed(b"\r\x0bMSH|too long\x1c\r");
/// assert_eq!(decoder.poll(), Some(Event::Garbage { offset: 0, len: 4 }));
/// assert_eq!(decoder.poll(), Some(Event::Message { offset: 4, payload: b"MSH|x".to_vec() }));
/// assert_eq!(decoder.poll(), Some(Event::Error(FrameError::TooLong { offset: 12, limit: 8 })));
/// assert_eq!(decoder.poll(), None);
/// ```
pub struct Decoder {
    limits: Limits,
    state: State,
    /// How many bytes were consumed.
    offset: u64,
    /// Where the frame, or the run of bytes outside of frames, began.
    began: u64,
    payload: Vec<u8>,
    /// Whether a repeated start of this frame was reported.
    repeated: bool,
    events: VecDeque<Event>,
    #[cfg(test)]
    work: Work,
}

/// What decoding cost, in bytes that were looked at and bytes that were copied.
#[cfg(test)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Work {
    scanned: u64,
    copied: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Outside of frames; nothing, or only padding, has come since `began`.
    Between,
    /// Outside of frames; text has come since `began`.
    Garbage,
    /// In a frame.
    Inside,
    /// In a frame, after an `FS`.
    AfterEnd,
    /// In a frame that is too long.
    Skipping,
    /// In a frame that is too long, after an `FS`.
    SkippingAfterEnd,
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            state: State::Between,
            offset: 0,
            began: 0,
            payload: Vec::new(),
            repeated: false,
            events: VecDeque::new(),
            #[cfg(test)]
            work: Work::default(),
        }
    }

    /// Takes the next bytes of the stream.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let used = match self.state {
                State::Between => self.between(bytes),
                State::Garbage => self.garbage(bytes),
                State::Inside => self.inside(bytes),
                State::AfterEnd => self.after_end(bytes),
                State::Skipping => self.skipping(bytes),
                State::SkippingAfterEnd => self.skipping_after_end(bytes),
            };
            self.offset += used as u64;
            #[cfg(test)]
            self.count_scanned(used);
            bytes = bytes.get(used..).unwrap_or_default();
        }
    }

    /// The next event, if there is one.
    #[must_use]
    pub fn poll(&mut self) -> Option<Event> {
        let event = self.events.pop_front();
        if self.events.is_empty() && self.events.capacity() > KEPT / size_of::<Event>() {
            self.events = VecDeque::new();
        }
        event
    }

    /// Takes a frame as ended that has its `FS` but no byte after it. Otherwise does nothing.
    ///
    /// A peer that never sends the carriage return waits for its answer: call this a moment after
    /// [`Decoder::awaits_end`] became true.
    pub fn end_frame(&mut self) {
        if self.state == State::AfterEnd {
            self.deviate(self.offset, Deviation::MissingCarriageReturn);
            self.complete();
            self.outside(self.offset);
        } else if self.state == State::SkippingAfterEnd {
            self.outside(self.offset);
        }
    }

    /// Says that the stream is at its end. The decoder is then at the start of another stream, but for its offsets.
    pub fn finish(&mut self) {
        self.end_frame();
        match self.state {
            State::Inside => self.break_off(),
            State::Between | State::Garbage => self.report_run(self.offset),
            _ => {}
        }
        self.payload = Vec::new();
        self.outside(self.offset);
    }

    /// Whether it is outside of any frame.
    #[must_use]
    pub fn is_between_frames(&self) -> bool {
        matches!(self.state, State::Between | State::Garbage)
    }

    /// Whether a frame has its `FS` and waits for the byte after it.
    #[must_use]
    pub fn awaits_end(&self) -> bool {
        matches!(self.state, State::AfterEnd | State::SkippingAfterEnd)
    }

    /// Where the unfinished frame began.
    #[must_use]
    pub fn frame_offset(&self) -> Option<u64> {
        (!self.is_between_frames()).then_some(self.began)
    }

    /// How many bytes of memory the unfinished payload takes: at least as many as have come of it, at most the limit.
    #[must_use]
    pub fn held(&self) -> usize {
        self.payload.capacity()
    }

    /// The most that [`Decoder::held`] can become with `more` bytes.
    #[must_use]
    pub fn held_after(&self, more: usize) -> usize {
        let needed = self.payload.len().saturating_add(more);
        needed.saturating_mul(2).min(self.limits.max_frame).max(self.held())
    }

    /// How many bytes were fed.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn between(&mut self, bytes: &[u8]) -> usize {
        match bytes.iter().position(|byte| !is_padding(*byte)) {
            None => bytes.len(),
            Some(text) if bytes.get(text) == Some(&VT) => self.start(text),
            Some(text) => {
                self.state = State::Garbage;
                text
            }
        }
    }

    fn garbage(&mut self, bytes: &[u8]) -> usize {
        let Some(mark) = memchr2(VT, FS, bytes) else {
            return bytes.len();
        };
        if bytes.get(mark) == Some(&VT) {
            return self.start(mark);
        }
        let end = self.offset + mark as u64;
        self.events
            .push_back(Event::Error(FrameError::MissingStart { offset: self.began, len: end - self.began }));
        self.outside(end + 1);
        mark + 1
    }

    /// Begins a frame at `mark` of the bytes at hand.
    fn start(&mut self, mark: usize) -> usize {
        let at = self.offset + mark as u64;
        self.report_run(at);
        self.begin_frame(at);
        mark + 1
    }

    fn inside(&mut self, bytes: &[u8]) -> usize {
        let mark = memchr2(VT, FS, bytes);
        let content = bytes.get(..mark.unwrap_or(bytes.len())).unwrap_or(bytes);
        if !self.take(content) {
            return content.len();
        }
        let Some(mark) = mark else {
            return content.len();
        };
        if bytes.get(mark) == Some(&FS) {
            self.state = State::AfterEnd;
        } else {
            self.start_inside(self.offset + mark as u64);
        }
        mark + 1
    }

    /// A `VT` in a frame: a repeated start, another frame, or content.
    fn start_inside(&mut self, at: u64) {
        match self.payload.last() {
            None if self.repeated => {}
            None => {
                self.repeated = true;
                self.deviate(at, Deviation::RepeatedStart);
            }
            Some(&CR) => {
                self.break_off();
                self.begin_frame(at);
            }
            Some(_) => {
                self.take(&[VT]);
            }
        }
    }

    fn after_end(&mut self, bytes: &[u8]) -> usize {
        match bytes.first() {
            Some(&CR) => {
                self.complete();
                self.outside(self.offset + 1);
                1
            }
            Some(&(LF | VT)) => {
                self.end_frame();
                0
            }
            _ => {
                self.state = State::Inside;
                self.take(&[FS]);
                0
            }
        }
    }

    fn skipping(&mut self, bytes: &[u8]) -> usize {
        let Some(mark) = memchr(FS, bytes) else {
            return bytes.len();
        };
        self.state = State::SkippingAfterEnd;
        mark + 1
    }

    fn skipping_after_end(&mut self, bytes: &[u8]) -> usize {
        match bytes.first() {
            Some(&CR) => {
                self.outside(self.offset + 1);
                1
            }
            Some(&(LF | VT)) => {
                self.end_frame();
                0
            }
            _ => {
                self.state = State::Skipping;
                0
            }
        }
    }

    /// Adds to the payload; false where it would be too long: then the rest of the frame is skipped.
    fn take(&mut self, content: &[u8]) -> bool {
        let fits = content.len() <= self.limits.max_frame.saturating_sub(self.payload.len());
        if fits {
            self.grow(content.len());
            self.payload.extend_from_slice(content);
        } else {
            let error = FrameError::TooLong { offset: self.began, limit: self.limits.max_frame };
            self.events.push_back(Event::Error(error));
            self.payload = Vec::new();
            self.state = State::Skipping;
        }
        fits
    }

    /// Makes room in steps that double, so that each byte is moved a few times at most, but never beyond the limit.
    fn grow(&mut self, more: usize) {
        let needed = self.payload.len() + more;
        if needed > self.payload.capacity() {
            #[cfg(test)]
            self.count_copied(self.payload.len());
            self.payload.reserve_exact(self.capacity_for(needed) - self.payload.len());
        }
        #[cfg(test)]
        self.count_copied(more);
    }

    /// The room that a payload of so many bytes gets.
    fn capacity_for(&self, needed: usize) -> usize {
        match self.payload.capacity() {
            enough if needed <= enough => enough,
            small => needed.max(small.saturating_mul(2).min(self.limits.max_frame)),
        }
    }

    fn begin_frame(&mut self, at: u64) {
        self.state = State::Inside;
        self.began = at;
        self.repeated = false;
    }

    fn outside(&mut self, at: u64) {
        self.state = State::Between;
        self.began = at;
    }

    fn complete(&mut self) {
        let payload = std::mem::take(&mut self.payload);
        let offset = self.began;
        self.events.push_back(match CommitBlock::of(&payload) {
            Some(block) => Event::Commit { offset, block },
            None if payload.is_empty() => Event::Error(FrameError::Empty { offset }),
            None => Event::Message { offset, payload },
        });
    }

    fn break_off(&mut self) {
        let error = FrameError::Unfinished { offset: self.began, len: self.payload.len() as u64 };
        self.payload.clear();
        self.payload.shrink_to(KEPT);
        self.events.push_back(Event::Error(error));
    }

    fn deviate(&mut self, offset: u64, kind: Deviation) {
        self.events.push_back(Event::Deviation { offset, kind });
    }

    /// Reports the bytes outside of frames from `began` to `end`.
    fn report_run(&mut self, end: u64) {
        let (offset, len) = (self.began, end - self.began);
        match self.state {
            _ if len == 0 => {}
            State::Garbage => self.events.push_back(Event::Garbage { offset, len }),
            _ => self.events.push_back(Event::Padding { offset, len }),
        }
    }
}

#[cfg(test)]
impl Decoder {
    fn count_scanned(&mut self, bytes: usize) {
        // A step that consumes nothing looks at one byte.
        self.work.scanned += bytes.max(1) as u64;
    }

    fn count_copied(&mut self, bytes: usize) {
        self.work.copied += bytes as u64;
    }
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder")
            .field("state", &self.state)
            .field("offset", &self.offset)
            .field("buffered", &self.payload.len())
            .field("events", &self.events.len())
            .finish_non_exhaustive()
    }
}

fn is_padding(byte: u8) -> bool {
    matches!(byte, CR | LF | FS | 0)
}

#[cfg(test)]
#[path = "decoder_tests.rs"]
mod tests;
