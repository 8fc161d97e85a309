//! The messages of a batch file (FHS, BHS … BTS, FTS), or of any file of messages one after another (chapter 2,
//! section 2.10.3).
//!
//! [`Splitter`] takes a file apart as its bytes come in, [`Batch`] one that is in memory. [`BatchWriter`] writes one.
//!
//! # Acknowledging a batch
//! A batch is answered either with nothing, when BHS asks for no answer and its messages are answered one by one, or
//! with a batch whose BHS-12 is the BHS-11 of the batch received
//! ([`EnvelopeHeader::answering`]) and which holds acknowledgements: of all messages, or, if the two sides agreed on
//! that, of the failed ones only, so that an empty batch says that all went well. Which of them holds is not in the
//! messages; it is for the caller to know.

mod event;
mod line;
mod splitter;
mod writer;

pub use event::{BatchEvent, BatchFinding, BatchFindingKind, BatchLine, BatchMessage};
pub use splitter::Splitter;
pub use writer::{BatchWriteError, BatchWriter, EnvelopeHeader};

use std::fmt;
use std::ops::Range;

use crate::SegmentId;
use line::LineKind;

/// Whether segments of this name are of the envelope around messages, and stand in none.
pub(crate) fn is_envelope(name: SegmentId) -> bool {
    LineKind::of(name.as_str().as_bytes(), true).is_some_and(LineKind::is_envelope)
}

/// The bytes that are looked at in one go.
const CHUNK: usize = 64 << 10;

/// The messages of a file in memory, in order, and what its trailers say about their number.
///
/// ```
/// use carewire_hl7_v2::batch::Batch;
///
/// let file = b"FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rBTS|2\rFTS|1\r";
/// let batch = Batch::split(file);
/// assert_eq!(batch.messages(), [&b"MSH|^~\\&|A\rPID|1\r"[..], b"MSH|^~\\&|B\r"]);
/// assert_eq!(batch.declared_count(), Some(2));
/// assert!(batch.findings().is_empty());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Batch<'a> {
    messages: Vec<&'a [u8]>,
    declared: Option<usize>,
    findings: Vec<BatchFinding>,
}

impl<'a> Batch<'a> {
    /// Takes a file apart. A message reaches from its MSH to the next MSH or line of the envelope; it is not
    /// looked into.
    #[must_use]
    pub fn split(bytes: &'a [u8]) -> Self {
        let mut batch = Self { messages: Vec::new(), declared: None, findings: Vec::new() };
        let mut splitter = Splitter::with_limit(usize::MAX);
        for chunk in bytes.chunks(CHUNK) {
            splitter.push(chunk);
            batch.take(bytes, &mut splitter);
        }
        splitter.finish();
        batch.take(bytes, &mut splitter);
        batch
    }

    /// The bytes of each message.
    #[must_use]
    pub fn messages(&self) -> &[&'a [u8]] {
        &self.messages
    }

    /// The number of messages that the BTS segments give in BTS-1; `None` when none of them gives one.
    #[must_use]
    pub fn declared_count(&self) -> Option<usize> {
        self.declared
    }

    /// How many lines that are not blank stand outside any message and the envelope.
    #[must_use]
    pub fn stray_lines(&self) -> usize {
        let lines = self.findings.iter().map(|finding| match finding.kind() {
            BatchFindingKind::StrayLines { lines } => usize::try_from(lines).unwrap_or(usize::MAX),
            _ => 0,
        });
        lines.fold(0, usize::saturating_add)
    }

    /// What is not as the standard has it: wrong counts, missing headers and trailers, bytes outside any message.
    #[must_use]
    pub fn findings(&self) -> &[BatchFinding] {
        &self.findings
    }

    fn take(&mut self, bytes: &'a [u8], splitter: &mut Splitter) {
        while let Some(event) = splitter.next_event() {
            match event {
                BatchEvent::Message(message) => self.messages.extend(part(bytes, message.span())),
                BatchEvent::BatchTrailer { declared: Some(declared), .. } => {
                    let declared = usize::try_from(declared).unwrap_or(usize::MAX);
                    self.declared = Some(self.declared.unwrap_or(0).saturating_add(declared));
                }
                BatchEvent::Finding(finding) => self.findings.push(finding),
                _ => {}
            }
        }
    }
}

fn part(bytes: &[u8], span: Range<u64>) -> Option<&[u8]> {
    bytes.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("messages", &self.messages.len())
            .field("declared", &self.declared)
            .field("findings", &self.findings)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_message_is_a_batch_of_one() {
        let bytes = b"\xEF\xBB\xBFMSH|^~\\&|A\r\nPID|1\r\n";
        assert_eq!(Batch::split(bytes).messages(), [&bytes[..]]);
    }

    #[test]
    fn counts_of_several_batches_add_up() {
        let file = b"BHS|^~\\&\nMSH|^~\\&|A\nBTS|1\nBHS|^~\\&\nMSH|^~\\&|B\nMSH|^~\\&|C\nBTS|2|x\n";
        let batch = Batch::split(file);
        assert_eq!((batch.messages().len(), batch.declared_count()), (3, Some(3)));
    }

    #[test]
    fn a_bare_name_is_a_header_also_where_a_frame_ends() {
        let batch = Batch::split(b"MSH|^~\\&|A\rMSH\x1C\r\x0BMSH|^~\\&|B\r");
        assert_eq!(batch.messages(), [&b"MSH|^~\\&|A\r"[..], b"MSH\x1C\r", b"\x0BMSH|^~\\&|B\r"]);
        assert_eq!(Batch::split(b"MSH|^~\\&|A\rMSHX|\r").messages().len(), 1);
    }

    #[test]
    fn lines_outside_are_counted() {
        let batch = Batch::split(b"hello\r\rMSH|^~\\&|A\rmore\rBTS|x\rafter");
        assert_eq!((batch.messages().len(), batch.stray_lines(), batch.declared_count()), (1, 2, None));
        assert_eq!(Batch::split(b"").messages().len(), 0);
    }
}
