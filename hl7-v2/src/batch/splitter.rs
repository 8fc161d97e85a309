//! A file of messages taken apart as its bytes come in.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;

use super::line::LineKind;
use super::{BatchEvent, BatchFinding, BatchFindingKind, BatchLine, BatchMessage};
use crate::lead_in;

/// The most bytes of one message, unless the caller sets another limit: 64 MiB.
const DEFAULT_LIMIT: usize = 64 << 20;

/// The most bytes that say nothing before a header and still belong to its segment. Where there are more, as where a
/// sender fills up its blocks with NUL, they all belong to what is before them.
const MOST_LEAD_IN: u64 = 1 << 10;

/// Takes a file apart (chapter 2, section 2.10.3), whatever pieces its bytes come in. It does no I/O itself.
///
/// Every byte is in exactly one event or finding, counts and missing trailers aside, which point at bytes a second
/// time. Envelopes may be absent, several or broken. It holds no more than one message and what was pushed last.
/// The end of a message is seen at the line that follows it, or at [`finish`](Splitter::finish).
///
/// ```
/// use carewire_hl7_v2::batch::{BatchEvent, Splitter};
/// use std::io::Read;
///
/// let mut file: &[u8] = b"FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rBTS|3\rFTS|1\r";
/// let (mut splitter, mut chunk) = (Splitter::new(), [0; 16]);
/// let (mut messages, mut findings) = (Vec::new(), Vec::new());
/// loop {
///     match file.read(&mut chunk)? {
///         0 => splitter.finish(),
///         read => splitter.push(&chunk[..read]),
///     }
///     while let Some(event) = splitter.next_event() {
///         match event {
///             BatchEvent::Message(message) => messages.push(message.span()),
///             BatchEvent::Finding(finding) => findings.push(finding.to_string()),
///             _ => {}
///         }
///     }
///     if splitter.is_finished() {
///         break;
///     }
/// }
/// assert_eq!(messages, [22..39, 39..50]);
/// assert_eq!(findings, ["batch trailer declares 3 messages, there are 2 at bytes 50..56"]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Splitter {
    buffer: Vec<u8>,
    /// Where the buffer begins in the file. All other places are in the file as well.
    base: u64,
    limit: u64,
    /// Behind what was looked at.
    position: u64,
    /// Where the line at the position begins, when nothing but what says nothing was seen of it.
    line: u64,
    /// How far the end of an envelope line was looked for.
    searched: u64,
    in_line: bool,
    finished: bool,
    ended: bool,
    open: Open,
    counts: Counts,
    ready: VecDeque<Ready>,
}

/// What the bytes before the position, from the given place on, belong to.
enum Open {
    Nothing,
    Message(u64),
    TooLong { start: u64, is_message: bool },
    Outside { start: u64, lines: u64, line_has_text: bool },
}

/// What was counted so far.
#[derive(Default)]
struct Counts {
    file: Option<Range<u64>>,
    batch: Option<Range<u64>>,
    batches: u64,
    messages: u64,
    /// Messages came outside any BHS.
    implicit: bool,
}

/// An event that was found, by its place.
enum Ready {
    Message(Range<u64>, u64),
    Header(LineKind, Range<u64>),
    Trailer { kind: LineKind, span: Range<u64>, declared: Option<u64>, counted: u64 },
    Finding(BatchFinding),
}

impl Splitter {
    /// Takes a file apart whose messages have up to 64 MiB each.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// The same, with another limit for the bytes of one message. A longer one is a finding.
    #[must_use]
    pub fn with_limit(bytes: usize) -> Self {
        Self {
            buffer: Vec::new(),
            base: 0,
            limit: length(bytes),
            position: 0,
            line: 0,
            searched: 0,
            in_line: false,
            finished: false,
            ended: false,
            open: Open::Nothing,
            counts: Counts::default(),
            ready: VecDeque::new(),
        }
    }

    /// Adds bytes of the file; they do nothing after [`finish`](Self::finish). Take the events before the next
    /// ones, so that memory stays bounded.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.finished {
            return;
        }
        self.release();
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that the file is complete.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Whether the file is complete and all its events were taken.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.ended && self.ready.is_empty()
    }

    /// The next event; `None` when more bytes are needed, or the end is reached.
    pub fn next_event(&mut self) -> Option<BatchEvent<'_>> {
        while self.ready.is_empty() && self.step() {}
        let ready = self.ready.pop_front()?;
        Some(self.lend(ready))
    }

    /// Looks at the next line or the rest of one; false when that needs more bytes.
    fn step(&mut self) -> bool {
        if !self.in_line {
            self.pass_lead_in();
        }
        let rest = self.slice(self.position..self.end());
        if rest.is_empty() && (self.in_line || self.position == self.line) {
            return self.finished && self.conclude();
        }
        if self.in_line {
            return self.pass_over();
        }
        let Some(kind) = LineKind::of(rest, self.finished) else { return false };
        match kind {
            LineKind::Other => {
                self.open_outside();
                self.in_line = true;
            }
            LineKind::MessageHeader => {
                self.close_before_header();
                self.open = Open::Message(self.header_start());
                self.in_line = true;
            }
            _ => return self.envelope(kind),
        }
        true
    }

    /// Goes behind what says nothing before the text of a line.
    fn pass_lead_in(&mut self) {
        let passed = lead_in::in_line(self.slice(self.position..self.end()));
        self.position += length(passed);
        self.limit_message(self.header_start());
    }

    /// Where the segment at the position begins, provided that it is a header.
    fn header_start(&self) -> u64 {
        if self.position - self.line <= MOST_LEAD_IN { self.line } else { self.position }
    }

    /// Goes to the end of a line that is no envelope, or of the bytes.
    fn pass_over(&mut self) -> bool {
        let rest = self.slice(self.position..self.end());
        let end = memchr::memchr2(b'\r', b'\n', rest);
        let line = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        let has_text = !line.iter().copied().all(lead_in::is_filler);
        let passed = end.map_or(rest.len(), |end| end + 1);
        self.in_line = end.is_none();
        self.position += length(passed);
        self.line = self.position;
        self.limit_message(self.position);
        if let Open::Outside { lines, line_has_text, .. } = &mut self.open {
            *lines += u64::from(has_text && !*line_has_text);
            *line_has_text = (*line_has_text || has_text) && self.in_line;
        }
        true
    }

    /// Gives up a message that reaches to `end` and so is above the limit.
    fn limit_message(&mut self, end: u64) {
        if let Open::Message(start) = self.open
            && end - start > self.limit
        {
            self.open = Open::TooLong { start, is_message: true };
        }
    }

    /// Opens what is outside any message with the line at the position, unless something is open.
    fn open_outside(&mut self) {
        if matches!(self.open, Open::Nothing) {
            self.open = Open::Outside { start: self.line, lines: 0, line_has_text: false };
        }
    }

    /// Takes a whole line of the envelope; false when its end has not come yet.
    fn envelope(&mut self, kind: LineKind) -> bool {
        let (start, end) = (self.header_start(), self.line_end());
        if end.unwrap_or(self.end()) - start > self.limit {
            self.close_before_header();
            self.open = Open::TooLong { start, is_message: false };
            self.in_line = true;
            return true;
        }
        let Some(end) = end else { return false };
        self.close_before_header();
        (self.position, self.line) = (end, end);
        self.take_envelope(kind, start..end);
        true
    }

    /// Behind the CR, LF or CR LF of the line at the position; `None` when that has not come yet.
    fn line_end(&mut self) -> Option<u64> {
        let from = self.searched.max(self.position);
        let rest = self.slice(from..self.end());
        let Some(at) = memchr::memchr2(b'\r', b'\n', rest) else {
            self.searched = self.end();
            return self.finished.then_some(self.searched);
        };
        let behind = from + length(at) + 1;
        match (rest.get(at), rest.get(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => Some(behind + 1),
            // An LF may follow the CR.
            (Some(b'\r'), None) if !self.finished => None,
            _ => Some(behind),
        }
    }

    fn take_envelope(&mut self, kind: LineKind, span: Range<u64>) {
        match kind {
            LineKind::FileHeader => {
                self.leave_file();
                self.counts.file = Some(span.clone());
                self.ready.push_back(Ready::Header(kind, span));
            }
            LineKind::BatchHeader => {
                self.leave_batch();
                self.counts.batches += 1;
                self.counts.batch = Some(span.clone());
                self.ready.push_back(Ready::Header(kind, span));
            }
            LineKind::BatchTrailer => {
                let header = self.counts.batch.take();
                let empty = header.is_none() && !self.counts.implicit;
                self.counts.batches += u64::from(empty);
                let counted = std::mem::take(&mut self.counts.messages);
                self.counts.implicit = false;
                self.trailer(kind, span, header.is_some(), counted);
            }
            _ => {
                self.leave_batch();
                let header = self.counts.file.take();
                let counted = std::mem::take(&mut self.counts.batches);
                self.trailer(kind, span, header.is_some(), counted);
            }
        }
    }

    fn trailer(&mut self, kind: LineKind, span: Range<u64>, has_header: bool, counted: u64) {
        let line = BatchLine { bytes: self.slice(span.clone()), start: span.start };
        let (declared, written) = (line.count(), !line.field(1).is_empty());
        self.ready.push_back(Ready::Trailer { kind, span: span.clone(), declared, counted });
        if !has_header {
            self.report(BatchFindingKind::MissingHeader, span.clone());
        }
        match declared {
            Some(declared) if declared != counted && kind == LineKind::BatchTrailer => {
                self.report(BatchFindingKind::MessageCount { declared, counted }, span);
            }
            Some(declared) if declared != counted => {
                self.report(BatchFindingKind::BatchCount { declared, counted }, span);
            }
            None if written => self.report(BatchFindingKind::UnreadableCount, span),
            _ => {}
        }
    }

    /// Ends a batch that has no trailer.
    fn leave_batch(&mut self) {
        if let Some(header) = self.counts.batch.take() {
            self.report(BatchFindingKind::MissingTrailer, header);
        }
        self.counts.messages = 0;
        self.counts.implicit = false;
    }

    /// Ends a file that has no trailer.
    fn leave_file(&mut self) {
        self.leave_batch();
        if let Some(header) = self.counts.file.take() {
            self.report(BatchFindingKind::MissingTrailer, header);
        }
        self.counts.batches = 0;
    }

    /// Ends what is open before the header at the position.
    fn close_before_header(&mut self) {
        let start = self.header_start();
        if start > self.line {
            self.open_outside();
        }
        self.close(start);
    }

    /// Ends what is open.
    fn close(&mut self, end: u64) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Message(start) => {
                let number = self.count_message();
                self.ready.push_back(Ready::Message(start..end, number));
            }
            Open::TooLong { start, is_message } => {
                if is_message {
                    self.count_message();
                }
                self.report(BatchFindingKind::TooLong, start..end);
            }
            Open::Outside { start, lines: 0, .. } => self.report(BatchFindingKind::Blank, start..end),
            Open::Outside { start, lines, .. } => {
                self.report(BatchFindingKind::StrayLines { lines }, start..end);
            }
        }
    }

    fn count_message(&mut self) -> u64 {
        let first_outside = self.counts.batch.is_none() && !self.counts.implicit;
        self.counts.batches += u64::from(first_outside);
        self.counts.implicit |= first_outside;
        self.counts.messages += 1;
        self.counts.messages
    }

    /// Ends the file; false when that was done before.
    fn conclude(&mut self) -> bool {
        if std::mem::replace(&mut self.ended, true) {
            return false;
        }
        self.close(self.position);
        self.leave_file();
        true
    }

    fn report(&mut self, kind: BatchFindingKind, span: Range<u64>) {
        self.ready.push_back(Ready::Finding(BatchFinding { kind, span }));
    }

    fn lend(&self, ready: Ready) -> BatchEvent<'_> {
        let line = |span: Range<u64>| BatchLine { start: span.start, bytes: self.slice(span) };
        match ready {
            Ready::Message(span, number) => {
                BatchEvent::Message(BatchMessage { start: span.start, bytes: self.slice(span), number })
            }
            Ready::Header(LineKind::FileHeader, span) => BatchEvent::FileHeader(line(span)),
            Ready::Header(_, span) => BatchEvent::BatchHeader(line(span)),
            Ready::Trailer { kind: LineKind::BatchTrailer, span, declared, counted } => {
                BatchEvent::BatchTrailer { line: line(span), declared, counted }
            }
            Ready::Trailer { span, declared, counted, .. } => {
                BatchEvent::FileTrailer { line: line(span), declared, counted }
            }
            Ready::Finding(finding) => BatchEvent::Finding(finding),
        }
    }

    /// Lets go of the bytes that nothing needs any more.
    fn release(&mut self) {
        let start = |ready: &Ready| match ready {
            Ready::Message(span, _) | Ready::Header(_, span) | Ready::Trailer { span, .. } => {
                Some(span.start)
            }
            Ready::Finding(_) => None,
        };
        let open = match self.open {
            Open::Message(start) => start,
            _ => self.header_start(),
        };
        let keep = self.ready.iter().find_map(start).unwrap_or(open);
        self.buffer.drain(..self.index(keep));
        self.base = keep;
    }

    fn slice(&self, span: Range<u64>) -> &[u8] {
        self.buffer.get(self.index(span.start)..self.index(span.end)).unwrap_or_default()
    }

    fn index(&self, place: u64) -> usize {
        let index = usize::try_from(place.saturating_sub(self.base)).unwrap_or(usize::MAX);
        index.min(self.buffer.len())
    }

    fn end(&self) -> u64 {
        self.base + length(self.buffer.len())
    }
}

impl Default for Splitter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Splitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Splitter")
            .field("position", &self.position)
            .field("held", &self.buffer.len())
            .field("finished", &self.finished)
            .finish_non_exhaustive()
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
