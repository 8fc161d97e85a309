//! Where the segments of an input lie.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{DiagnosticKind, Findings};
use crate::{Location, ParseError, SegmentId, lead_in};

/// One line that is kept as a segment: its place in the text and the name it begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) name: Name,
    /// Which of the lines of its name it is, from 1.
    pub(crate) occurrence: u32,
}

impl Line {
    /// The place of a line, whose text this is.
    pub(crate) fn location_in(&self, text: &[u8]) -> Option<Location> {
        let id = SegmentId::from_bytes(text.get(..3).filter(|_| self.is_named())?)?;
        Some(Location::of_segment(id, self.occurrence as usize))
    }

    #[inline]
    pub(crate) fn is_named(&self) -> bool {
        self.name != Name::NONE
    }

    /// Whether the first field is the separator itself.
    #[inline]
    pub(crate) fn is_header(&self) -> bool {
        self.name == Name::MSH || self.name == Name::FHS || self.name == Name::BHS
    }

    #[inline]
    pub(crate) fn start(&self) -> usize {
        self.start as usize
    }

    #[inline]
    pub(crate) fn end(&self) -> usize {
        self.end as usize
    }

    #[inline]
    pub(crate) fn span(&self) -> Range<usize> {
        self.start()..self.end()
    }

    pub(crate) fn move_to(&mut self, span: Range<usize>) {
        (self.start, self.end) = (span.start as u32, span.end as u32);
    }
}

/// The name of a segment in upper case, as senders that write `pid` mean `PID`; or that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(u32);

impl Name {
    const NONE: Self = Self(0);
    const MSH: Self = Self::pack(*b"MSH");
    const FHS: Self = Self::pack(*b"FHS");
    const BHS: Self = Self::pack(*b"BHS");

    #[inline]
    pub(crate) fn of(id: SegmentId) -> Self {
        Self::pack(id.to_bytes())
    }

    const fn pack(name: [u8; 3]) -> Self {
        let [first, second, third] = name;
        let (first, second) = (first.to_ascii_uppercase(), second.to_ascii_uppercase());
        Self(u32::from_le_bytes([first, second, third.to_ascii_uppercase(), 0]))
    }
}

/// The part of the input that holds segments, without a byte-order mark, frame characters and blank lines
/// around it; what was left off is reported.
pub(crate) fn body(bytes: &[u8], findings: &mut Findings) -> Range<usize> {
    let mut start = 0;
    while let Some(rest) = bytes.get(start..) {
        let length = lead_in::first(rest);
        let kind = match rest.first() {
            Some(_) if length > 1 => DiagnosticKind::ByteOrderMark,
            Some(byte) if length > 0 && lead_in::is_frame(*byte) => DiagnosticKind::FrameCharacter,
            Some(_) if length > 0 => DiagnosticKind::BlankLine,
            _ => break,
        };
        findings.report(kind, None, start..start + length);
        start += length;
    }
    start..start + content_length(bytes.get(start..).unwrap_or_default())
}

/// Reports the frame characters behind the body, which [`body`] left out.
pub(crate) fn report_tail(bytes: &[u8], end: usize, findings: &mut Findings) {
    if end < bytes.len() {
        findings.report(DiagnosticKind::FrameCharacter, None, end..bytes.len());
    }
}

/// Reports the frame characters inside the body. They stay where they are, in the segment of their line.
pub(crate) fn report_frames(bytes: &[u8], body: Range<usize>, lines: &[Line], findings: &mut Findings) {
    for within in memchr::memchr2_iter(0x0B, 0x1C, bytes.get(body.clone()).unwrap_or_default()) {
        let at = body.start + within;
        let line = lines.get(lines.partition_point(|line| line.end() <= at));
        let place = line.and_then(|line| line.location_in(bytes.get(line.span())?));
        findings.report(DiagnosticKind::FrameCharacter, place, at..at + 1);
    }
}

/// The lines of `body` that are not blank.
pub(crate) fn lines(
    bytes: &[u8],
    body: Range<usize>,
    separator: u8,
    most: usize,
    findings: &mut Findings,
) -> Result<Vec<Line>, ParseError> {
    let lines = Vec::with_capacity((body.len() / 64 + 4).min(1_024));
    let occurrences = Occurrences::default();
    let mut indexer =
        Indexer { bytes, separator, findings, occurrences, lines, line_feed_seen: false, blank_end: 0 };
    let mut start = body.start;
    let within = bytes.get(body.clone()).unwrap_or_default();
    for at in memchr::memchr2_iter(b'\r', b'\n', within) {
        let end = body.start + at;
        let completes_return = indexer.note_terminator(end) && end == start;
        if !completes_return {
            indexer.line(start, end);
        }
        start = end + 1;
        if indexer.lines.len() > most {
            return Err(ParseError::TooManySegments { limit: most });
        }
    }
    if start < body.end {
        indexer.line(start, body.end);
    }
    match indexer.lines.len() > most {
        true => Err(ParseError::TooManySegments { limit: most }),
        false => Ok(indexer.lines),
    }
}

struct Indexer<'f, 'a> {
    bytes: &'a [u8],
    separator: u8,
    findings: &'f mut Findings,
    occurrences: Occurrences,
    lines: Vec<Line>,
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

    fn line(&mut self, start: usize, end: usize) {
        let line = self.bytes.get(start..end).unwrap_or_default();
        if line.iter().all(|byte| lead_in::is_filler(*byte) && !lead_in::is_frame(*byte)) {
            self.blank_end = (end + 1).min(self.bytes.len());
            self.findings.report(DiagnosticKind::BlankLine, None, start..self.blank_end);
            return;
        }
        let named = line.get(..3).filter(|_| line.get(3).is_none_or(|byte| *byte == self.separator));
        let id = named.and_then(SegmentId::from_bytes);
        let name = id.map_or(Name::NONE, Name::of);
        let occurrence = self.occurrences.next(name);
        self.check(id, occurrence, start..end);
        self.lines.push(Line { start: start as u32, end: end as u32, name, occurrence });
    }

    fn check(&mut self, id: Option<SegmentId>, occurrence: u32, span: Range<usize>) {
        let begins_message = || lead_in::begins_message(self.bytes.get(span.clone()).unwrap_or_default());
        let kind = match id {
            None if begins_message() => DiagnosticKind::RepeatedHeader,
            None => DiagnosticKind::InvalidSegmentId,
            Some(id) if occurrence > 1 && id.upper_case() == SegmentId::MSH => DiagnosticKind::RepeatedHeader,
            Some(id) if id.is_lower_case() => DiagnosticKind::LowerCaseSegmentId,
            Some(_) => return,
        };
        self.findings.report(kind, id.map(|id| Location::of_segment(id, occurrence as usize)), span);
    }
}

/// Counts the lines of each name. Messages have few names, which are counted in a short list; a hostile input
/// can have thousands, which must not cost a search through all of them for each line.
struct Occurrences {
    unnamed: u32,
    few: [(Name, u32); FEW],
    used: usize,
    many: BTreeMap<Name, u32>,
}

const FEW: usize = 24;

impl Default for Occurrences {
    fn default() -> Self {
        Self { unnamed: 0, few: [(Name::NONE, 0); FEW], used: 0, many: BTreeMap::new() }
    }
}

impl Occurrences {
    /// The number of this line among those of its name.
    fn next(&mut self, name: Name) -> u32 {
        if name == Name::NONE {
            self.unnamed += 1;
            return self.unnamed;
        }
        let used = self.few.get_mut(..self.used).unwrap_or_default();
        if let Some((_, count)) = used.iter_mut().rfind(|(known, _)| *known == name) {
            *count += 1;
            return *count;
        }
        if let Some(free) = self.few.get_mut(self.used) {
            *free = (name, 1);
            self.used += 1;
            return 1;
        }
        let count = self.many.entry(name).or_insert(0);
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
        let lines = lines(bytes, body.clone(), b'|', 1_000, &mut findings).unwrap();
        report_frames(bytes, body, &lines, &mut findings);
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
    fn a_frame_character_inside_is_a_finding_and_stays_in_its_segment() {
        use DiagnosticKind::{FrameCharacter, InvalidSegmentId};
        let (lines, found) = spans(b"MSH|a\x0Bb\x1C\x1C\r\x1C\rMSH");
        assert_eq!(lines, [0..9, 10..11, 12..15]);
        assert_eq!(
            found[..4],
            [
                (FrameCharacter, 5..6),
                (FrameCharacter, 7..9),
                (InvalidSegmentId, 10..11),
                (FrameCharacter, 10..11)
            ]
        );
    }

    #[test]
    fn more_segments_than_the_limit_are_refused() {
        let read = |bytes: &[u8], most| lines(bytes, 0..bytes.len(), b'|', most, &mut Findings::default());
        assert_eq!(read(b"MSH|\rPID|", 2).unwrap().len(), 2);
        assert_eq!(read(b"MSH|\rPID|", 1).err(), Some(ParseError::TooManySegments { limit: 1 }));
        assert_eq!(read(b"MSH|\rPID|\r", 1).err(), Some(ParseError::TooManySegments { limit: 1 }));
    }

    #[test]
    fn names_beyond_the_short_list_are_counted_too() {
        let names = (0..100).map(|n| format!("Z{n:02}|\r")).collect::<String>().repeat(3);
        let lines = lines(names.as_bytes(), 0..names.len(), b'|', 1_000, &mut Findings::default()).unwrap();
        assert!(lines.iter().enumerate().all(|(at, line)| line.occurrence as usize == at / 100 + 1));
    }

    #[test]
    fn a_line_without_an_id_stays_a_segment() {
        let (lines, found) = spans(b"MSH|\rmore text\rZZ|1\rABCD|1\rPID\r");
        assert_eq!(lines.len(), 5);
        assert!(found.iter().all(|(kind, _)| *kind == DiagnosticKind::InvalidSegmentId));
        assert_eq!(found.len(), 3);
    }
}
