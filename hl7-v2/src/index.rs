//! Where the segments of an input lie.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{DiagnosticKind, Findings};
use crate::{Location, SegmentId};

/// One line that is kept as a segment: its place in the text and the name it begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) id: Option<SegmentId>,
    /// Which of the lines of its name it is, from 1.
    pub(crate) occurrence: usize,
}

impl Line {
    pub(crate) fn location(&self) -> Option<Location> {
        self.id.map(|id| Location::of_segment(id, self.occurrence))
    }

    pub(crate) fn is_named(&self, wanted: SegmentId) -> bool {
        self.id.is_some_and(|id| id.matches(wanted))
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The part of the input that holds segments, without a byte-order mark, frame characters and blank lines
/// around it; what was left off is reported.
pub(crate) fn body(bytes: &[u8], findings: &mut Findings) -> Range<usize> {
    let mut start = 0;
    while let Some(rest) = bytes.get(start..) {
        let (kind, length) = match rest {
            [0xEF, 0xBB, 0xBF, ..] => (DiagnosticKind::ByteOrderMark, 3),
            [0x0B, ..] => (DiagnosticKind::FrameCharacter, 1),
            [b' ' | b'\t' | b'\r' | b'\n' | 0, ..] => (DiagnosticKind::BlankLine, 1),
            _ => break,
        };
        findings.report(kind, None, start..start + length);
        start += length;
    }
    start..start + content_length(bytes.get(start..).unwrap_or_default())
}

/// Reports the frame characters behind the body, which [`body`] left out. Called after the index is made, so
/// that findings stand in the order of the input.
pub(crate) fn report_tail(bytes: &[u8], end: usize, findings: &mut Findings) {
    if end < bytes.len() {
        findings.report(DiagnosticKind::FrameCharacter, None, end..bytes.len());
    }
}

/// The lines of `body` that are not blank.
pub(crate) fn lines(bytes: &[u8], body: Range<usize>, separator: u8, findings: &mut Findings) -> Vec<Line> {
    let mut lines = Vec::with_capacity(16);
    let occurrences = Occurrences::default();
    let mut indexer =
        Indexer { bytes, separator, findings, occurrences, line_feed_seen: false, blank_end: 0 };
    let mut start = body.start;
    let within = bytes.get(body.clone()).unwrap_or_default();
    for at in memchr::memchr2_iter(b'\r', b'\n', within) {
        let end = body.start + at;
        let completes_return = indexer.note_terminator(end) && end == start;
        if !completes_return {
            indexer.line(start, end, &mut lines);
        }
        start = end + 1;
    }
    if start < body.end {
        indexer.line(start, body.end, &mut lines);
    }
    lines
}

struct Indexer<'f, 'a> {
    bytes: &'a [u8],
    separator: u8,
    findings: &'f mut Findings,
    occurrences: Occurrences,
    line_feed_seen: bool,
    /// Behind the terminator of the blank line seen last.
    blank_end: usize,
}

impl Indexer<'_, '_> {
    /// Looks at the CR or LF at `at`; true when it is the LF of a CR LF.
    fn note_terminator(&mut self, at: usize) -> bool {
        if self.bytes.get(at) != Some(&b'\n') {
            return false;
        }
        let after_return = at.checked_sub(1).and_then(|before| self.bytes.get(before)) == Some(&b'\r');
        if after_return && at == self.blank_end {
            self.findings.report(DiagnosticKind::BlankLine, None, at..at + 1);
        } else if !self.line_feed_seen {
            self.line_feed_seen = true;
            self.findings.report(DiagnosticKind::LineFeed, None, at..at + 1);
        }
        after_return
    }

    fn line(&mut self, start: usize, end: usize, lines: &mut Vec<Line>) {
        let line = self.bytes.get(start..end).unwrap_or_default();
        if line.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            self.blank_end = (end + 1).min(self.bytes.len());
            self.findings.report(DiagnosticKind::BlankLine, None, start..self.blank_end);
            return;
        }
        let named = line.get(..3).filter(|_| line.get(3).is_none_or(|byte| *byte == self.separator));
        let id = named.and_then(SegmentId::from_bytes);
        let line = Line { start, end, id, occurrence: self.occurrences.next(id) };
        self.check(&line);
        lines.push(line);
    }

    fn check(&mut self, line: &Line) {
        let kind = match line.id {
            None => DiagnosticKind::InvalidSegmentId,
            Some(id) if id.is_lower_case() => DiagnosticKind::LowerCaseSegmentId,
            Some(SegmentId::MSH) if line.occurrence > 1 => DiagnosticKind::RepeatedHeader,
            Some(_) => return,
        };
        self.findings.report(kind, line.location(), line.span());
    }
}

/// Counts the lines of each name. Messages have few names, which are counted in a short list; a hostile input
/// can have thousands, which must not cost a search through all of them for each line.
#[derive(Default)]
struct Occurrences {
    unnamed: usize,
    few: Vec<(SegmentId, usize)>,
    many: BTreeMap<SegmentId, usize>,
}

impl Occurrences {
    const FEW: usize = 32;

    /// The number of this line among those of its name.
    fn next(&mut self, id: Option<SegmentId>) -> usize {
        let Some(id) = id.map(SegmentId::upper_case) else {
            self.unnamed += 1;
            return self.unnamed;
        };
        if let Some((_, count)) = self.few.iter_mut().rfind(|(known, _)| *known == id) {
            *count += 1;
            return *count;
        }
        if self.few.len() < Self::FEW {
            self.few.push((id, 1));
            return 1;
        }
        let count = self.many.entry(id).or_insert(0);
        *count += 1;
        *count
    }
}

/// The length up to a frame character FS that only line ends, spaces and NUL follow; else the whole length.
fn content_length(bytes: &[u8]) -> usize {
    let filler = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x1C);
    let tail = bytes.iter().rev().take_while(|byte| filler(byte)).count();
    let content = bytes.len() - tail;
    let frame_end = bytes.iter().skip(content).position(|byte| *byte == 0x1C);
    frame_end.map_or(bytes.len(), |at| content + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Found = Vec<(DiagnosticKind, Range<usize>)>;

    fn spans(bytes: &[u8]) -> (Vec<Range<usize>>, Found) {
        let mut findings = Findings::default();
        let body = body(bytes, &mut findings);
        let end = body.end;
        let lines = lines(bytes, body, b'|', &mut findings);
        report_tail(bytes, end, &mut findings);
        let found = findings.into_list();
        (lines.iter().map(Line::span).collect(), found.iter().map(|f| (f.kind(), f.span())).collect())
    }

    #[test]
    fn each_line_end_ends_one_segment() {
        assert_eq!(spans(b"MSH|\rPID|\r"), (vec![0..4, 5..9], vec![]));
        assert_eq!(spans(b"MSH|\rPID|"), (vec![0..4, 5..9], vec![]));
        assert_eq!(spans(b"MSH|\nPID|\n"), (vec![0..4, 5..9], vec![(DiagnosticKind::LineFeed, 4..5)]));
        assert_eq!(spans(b"MSH|\r\nPID|\r\n"), (vec![0..4, 6..10], vec![(DiagnosticKind::LineFeed, 5..6)]));
    }

    #[test]
    fn what_is_not_a_segment_is_a_finding() {
        use DiagnosticKind::{BlankLine, ByteOrderMark, FrameCharacter};
        assert_eq!(spans(b"MSH|\r\r \rPID|"), (vec![0..4, 8..12], vec![(BlankLine, 5..8)]));
        let (lines, found) = spans(b"\xEF\xBB\xBF\x0B  MSH|\rPID|\x1C\r");
        assert_eq!(lines, [6..10, 11..15]);
        assert_eq!(
            found,
            [(ByteOrderMark, 0..3), (FrameCharacter, 3..4), (BlankLine, 4..6), (FrameCharacter, 15..17)]
        );
    }

    #[test]
    fn a_line_without_an_id_stays_a_segment() {
        let (lines, found) = spans(b"MSH|\rmore text\rZZ|1\rABCD|1\rPID\r");
        assert_eq!(lines.len(), 5);
        assert!(found.iter().all(|(kind, _)| *kind == DiagnosticKind::InvalidSegmentId));
        assert_eq!(found.len(), 3);
    }
}
