//! What goes over one connection: framed, counted, and told to the tap.

use std::sync::Arc;

use crate::{
    ClientOptions, CommitBlock, Decoder, Direction, Event, FrameError, Limits, Release, Shape, Tap,
    connection_number,
};

/// Both directions of one connection.
#[derive(Debug)]
pub(super) struct Line {
    id: u64,
    release: Release,
    decoder: Decoder,
    tap: Option<Arc<dyn Tap>>,
    /// What came since the last [`Line::forget`].
    recent: Shape,
    received: u64,
    sent: u64,
}

/// What a client has to react to.
pub(super) enum Heard {
    Message(Vec<u8>),
    Commit(CommitBlock),
    Bad(FrameError),
}

impl Line {
    pub(super) fn new(options: &ClientOptions) -> Self {
        Self {
            id: connection_number::next(),
            release: options.release,
            decoder: Decoder::new(Limits::default().with_max_frame(options.max_frame)),
            tap: options.tap.clone(),
            recent: Shape::default(),
            received: 0,
            sent: 0,
        }
    }

    /// The number of the connection.
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// Notes what was written.
    pub(super) fn wrote(&mut self, bytes: &[u8]) {
        if let Some(tap) = &self.tap {
            tap.saw(self.id, Direction::Sent, self.sent, &Shape::of(bytes));
        }
        self.sent += bytes.len() as u64;
    }

    /// Takes what was read.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        if let Some(tap) = &self.tap {
            tap.saw(self.id, Direction::Received, self.received, &Shape::of(bytes));
        }
        self.received += bytes.len() as u64;
        self.recent.extend(bytes);
        self.decoder.feed(bytes);
    }

    /// What was heard and not taken yet.
    pub(super) fn next(&mut self) -> Option<Heard> {
        while let Some(event) = self.decoder.poll() {
            self.report(&event);
            match event {
                Event::Message { payload, .. } => return Some(Heard::Message(payload)),
                Event::Error(error) => return Some(Heard::Bad(error)),
                Event::Commit { block, .. } if self.release == Release::Two => {
                    return Some(Heard::Commit(block));
                }
                _ => {}
            }
        }
        None
    }

    /// Whether an answer has its `FS` and waits for the byte after it.
    pub(super) fn awaits_end(&self) -> bool {
        self.decoder.awaits_end()
    }

    /// Whether no answer has begun.
    pub(super) fn is_between_frames(&self) -> bool {
        self.decoder.is_between_frames()
    }

    /// Takes an answer as ended whose byte after `FS` does not come.
    pub(super) fn end_frame(&mut self) {
        self.decoder.end_frame();
    }

    /// The peer sends nothing more.
    pub(super) fn finish(&mut self) {
        self.decoder.finish();
    }

    /// What came since the last [`Line::forget`].
    pub(super) fn recent(&self) -> Shape {
        self.recent.clone()
    }

    pub(super) fn forget(&mut self) {
        self.recent = Shape::default();
    }

    /// Forgets all but the answer that has begun in the last bytes that were read.
    pub(super) fn forget_before(&mut self, last_read: &[u8]) {
        let start = self.received - last_read.len() as u64;
        let begun =
            self.decoder.frame_offset().and_then(|offset| usize::try_from(offset.checked_sub(start)?).ok());
        self.recent = Shape::of(begun.and_then(|begun| last_read.get(begun..)).unwrap_or_default());
    }

    fn report(&self, event: &Event) {
        let connection = self.id;
        match event {
            Event::Garbage { offset, len } => {
                tracing::warn!(connection, offset, len, "bytes outside of frames dropped");
            }
            Event::Deviation { offset, kind } => {
                tracing::debug!(connection, offset, kind = kind.as_str(), "answer is not well formed");
            }
            Event::Commit { offset, .. } if self.release == Release::One => {
                tracing::warn!(connection, offset, "commit block of MLLP release 2 passed over");
            }
            _ => {}
        }
    }
}
