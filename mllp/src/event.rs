//! What a decoder finds in a stream.

/// One finding. Offsets count the bytes of the stream from 0.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A whole frame.
    Message {
        /// Where the frame begins.
        offset: u64,
        /// What it holds, unchanged; never empty.
        payload: Vec<u8>,
    },
    /// A frame whose payload will not be delivered.
    Error(FrameError),
    /// A frame that is delivered although its form is not right. It comes before the frame's message.
    Deviation {
        /// Where.
        offset: u64,
        /// What.
        kind: Deviation,
    },
    /// Text outside of frames, dropped. One for each run of such bytes.
    Garbage {
        /// Where the run begins.
        offset: u64,
        /// How many bytes.
        len: u64,
    },
    /// Carriage returns, line feeds, NULs or repeated end marks outside of frames: nothing that could be a message.
    Padding {
        /// Where the run begins.
        offset: u64,
        /// How many bytes.
        len: u64,
    },
    /// A whole frame that is a commit acknowledgement of MLLP release 2 and no message.
    Commit {
        /// Where the frame begins.
        offset: u64,
        /// Which.
        block: CommitBlock,
    },
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Message { offset, payload } => f
                .debug_struct("Message")
                .field("offset", offset)
                .field("len", &payload.len())
                .finish_non_exhaustive(),
            Self::Error(error) => f.debug_tuple("Error").field(error).finish(),
            Self::Deviation { offset, kind } => {
                f.debug_struct("Deviation").field("offset", offset).field("kind", kind).finish()
            }
            Self::Garbage { offset, len } => {
                f.debug_struct("Garbage").field("offset", offset).field("len", len).finish()
            }
            Self::Padding { offset, len } => {
                f.debug_struct("Padding").field("offset", offset).field("len", len).finish()
            }
            Self::Commit { offset, block } => {
                f.debug_struct("Commit").field("offset", offset).field("block", block).finish()
            }
        }
    }
}

/// A commit acknowledgement of MLLP release 2: what a receiver says about its storage, before any answer of HL7.
///
/// ```
/// use carewire_mllp::{CommitBlock, Decoder, Event, Limits};
/// let mut decoder = Decoder::new(Limits::default());
/// decoder.feed(b"\x0b\x06\x1c\r");
/// assert_eq!(decoder.poll(), Some(Event::Commit { offset: 0, block: CommitBlock::Ack }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the release has two, and a caller must tell them apart")]
pub enum CommitBlock {
    /// `VT 06 FS CR`: the receiver has the message in safe storage.
    Ack,
    /// `VT 15 FS CR`: the receiver does not have it; send it again.
    Nak,
}

impl CommitBlock {
    /// The stable name, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ack => "ack",
            Self::Nak => "nak",
        }
    }

    /// The one byte between the marks.
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Ack => 0x06,
            Self::Nak => 0x15,
        }
    }

    /// The block that a payload is.
    pub(crate) fn of(payload: &[u8]) -> Option<Self> {
        match payload {
            [0x06] => Some(Self::Ack),
            [0x15] => Some(Self::Nak),
            _ => None,
        }
    }
}

/// Why the payload of a frame is not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Nothing stands between the start and the end.
    #[error("frame at byte {offset} is empty")]
    Empty {
        /// Where the frame begins.
        offset: u64,
    },
    /// More than the limit: the rest of the frame is skipped.
    #[error("frame at byte {offset} is longer than {limit} bytes")]
    TooLong {
        /// Where the frame begins.
        offset: u64,
        /// The limit.
        limit: usize,
    },
    /// Another frame, or the end of the stream, came before the end of this one.
    #[error("frame at byte {offset} broke off after {len} bytes")]
    Unfinished {
        /// Where the frame begins.
        offset: u64,
        /// How much of its payload had come.
        len: u64,
    },
    /// Text was followed by the end of a frame that never began.
    #[error("text at byte {offset} of {len} bytes has an end of frame but no start")]
    MissingStart {
        /// Where the text begins.
        offset: u64,
        /// How long it is.
        len: u64,
    },
}

impl FrameError {
    /// The stable name, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty { .. } => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Unfinished { .. } => "unfinished",
            Self::MissingStart { .. } => "missing_start",
        }
    }
}

/// What is not right with a frame that is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deviation {
    /// The start stands twice.
    RepeatedStart,
    /// No carriage return follows the end mark.
    MissingCarriageReturn,
}

impl Deviation {
    /// The stable name, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RepeatedStart => "repeated_start",
            Self::MissingCarriageReturn => "missing_carriage_return",
        }
    }
}
