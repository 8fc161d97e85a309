//! What a file of messages consists of.

use std::fmt;
use std::ops::Range;

use super::line::LineKind;
use crate::lead_in;

/// A part of a file of messages. Its bytes are borrowed from the [`Splitter`](super::Splitter).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BatchEvent<'s> {
    /// FHS: a file begins.
    FileHeader(BatchLine<'s>),
    /// BHS: a batch begins.
    BatchHeader(BatchLine<'s>),
    /// A message: from its MSH to the next MSH or line of the envelope.
    Message(BatchMessage<'s>),
    /// BTS: a batch ends.
    BatchTrailer {
        /// The segment.
        line: BatchLine<'s>,
        /// How many messages BTS-1 says that the batch has.
        declared: Option<u64>,
        /// How many it has.
        counted: u64,
    },
    /// FTS: a file ends.
    FileTrailer {
        /// The segment.
        line: BatchLine<'s>,
        /// How many batches FTS-1 says that the file has.
        declared: Option<u64>,
        /// How many it has. Messages outside any BHS are a batch as well.
        counted: u64,
    },
    /// Something that is not as the standard has it.
    Finding(BatchFinding),
}

/// One message of a file. `Debug` shows its place only.
#[derive(Clone, PartialEq, Eq)]
pub struct BatchMessage<'s> {
    pub(super) bytes: &'s [u8],
    pub(super) start: u64,
    pub(super) number: u64,
}

impl<'s> BatchMessage<'s> {
    /// Its bytes, as received.
    #[must_use]
    pub fn bytes(&self) -> &'s [u8] {
        self.bytes
    }

    /// Where it lies in the file.
    #[must_use]
    pub fn span(&self) -> Range<u64> {
        span(self.start, self.bytes)
    }

    /// Its number among the messages of its batch, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl fmt::Debug for BatchMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchMessage({}, bytes {:?})", self.number, self.span())
    }
}

/// A segment of the envelope (FHS, BHS, BTS, FTS). `Debug` shows its place only.
#[derive(Clone, PartialEq, Eq)]
pub struct BatchLine<'s> {
    pub(super) bytes: &'s [u8],
    pub(super) start: u64,
}

impl<'s> BatchLine<'s> {
    /// Its bytes, the line end and whatever stands before its name included.
    #[must_use]
    pub fn bytes(&self) -> &'s [u8] {
        self.bytes
    }

    /// Where it lies in the file.
    #[must_use]
    pub fn span(&self) -> Range<u64> {
        span(self.start, self.bytes)
    }

    /// The bytes of field `n` as written, counted as the standard does: in FHS and BHS the separator is field 1.
    /// Nothing when it is not there.
    #[must_use]
    pub fn field(&self, n: usize) -> &'s [u8] {
        let line = self.bytes.get(lead_in::in_line(self.bytes)..).unwrap_or_default();
        let end = memchr::memchr2(b'\r', b'\n', line).unwrap_or(line.len());
        let line = line.get(..end).unwrap_or_default();
        let Some(separator) = line.get(3) else { return &[] };
        let is_header =
            matches!(LineKind::of(line, true), Some(LineKind::FileHeader | LineKind::BatchHeader));
        if is_header && n == 1 {
            return line.get(3..4).unwrap_or_default();
        }
        let Some(skip) = n.checked_sub(if is_header { 2 } else { 1 }) else { return &[] };
        line.get(4..).unwrap_or_default().split(|byte| byte == separator).nth(skip).unwrap_or_default()
    }

    /// The number in field 1 of a trailer.
    pub(super) fn count(&self) -> Option<u64> {
        std::str::from_utf8(self.field(1)).ok()?.trim().parse().ok()
    }
}

impl fmt::Debug for BatchLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchLine(bytes {:?})", self.span())
    }
}

fn span(start: u64, bytes: &[u8]) -> Range<u64> {
    start..start + u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Something about a file that is not as the standard has it, and where. It holds no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchFinding {
    pub(super) kind: BatchFindingKind,
    pub(super) span: Range<u64>,
}

impl BatchFinding {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> BatchFindingKind {
        self.kind
    }

    /// The bytes of the file that it is about; empty, where something is missing.
    #[must_use]
    pub fn span(&self) -> Range<u64> {
        self.span.clone()
    }
}

impl fmt::Display for BatchFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at bytes {}..{}", self.kind, self.span.start, self.span.end)
    }
}

/// The kinds of findings about a file of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BatchFindingKind {
    /// Nothing but white space and frame characters, outside any message.
    Blank,
    /// Text outside any message and the envelope.
    StrayLines {
        /// How many lines of it are not blank.
        lines: u64,
    },
    /// A message or a segment of the envelope above the limit; it was passed over. A message is counted.
    TooLong,
    /// BTS-1 is not the number of messages in the batch.
    MessageCount {
        /// What BTS-1 says.
        declared: u64,
        /// How many there are.
        counted: u64,
    },
    /// FTS-1 is not the number of batches in the file.
    BatchCount {
        /// What FTS-1 says.
        declared: u64,
        /// How many there are.
        counted: u64,
    },
    /// BTS-1 or FTS-1 is not a number.
    UnreadableCount,
    /// FHS or BHS without its trailer before the next one, or before the end.
    MissingTrailer,
    /// BTS or FTS without its header.
    MissingHeader,
}

impl fmt::Display for BatchFindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("blank lines outside any message"),
            Self::StrayLines { lines } => write!(f, "{lines} lines outside any message"),
            Self::TooLong => f.write_str("longer than the limit"),
            Self::MessageCount { declared, counted } => {
                write!(f, "batch trailer declares {declared} messages, there are {counted}")
            }
            Self::BatchCount { declared, counted } => {
                write!(f, "file trailer declares {declared} batches, there are {counted}")
            }
            Self::UnreadableCount => f.write_str("count is not a number"),
            Self::MissingTrailer => f.write_str("no trailer for this header"),
            Self::MissingHeader => f.write_str("no header for this trailer"),
        }
    }
}
