//! What was wrong with an input and where, without a value of it.

use std::fmt;
use std::ops::Range;

use crate::Location;

/// At most this many findings are kept one by one; a last one covers the rest of the input.
const MOST: usize = 1_000;

/// One thing that is not as the standard has it. The message was still read.
///
/// ```
/// use carewire_hl7_v2::{DiagnosticKind, Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\r\rPID|1\r", &ParseOptions::default())?;
/// let [blank] = message.diagnostics() else { panic!("one finding") };
/// assert_eq!((blank.kind(), blank.span()), (DiagnosticKind::BlankLine, 11..12));
/// # Ok::<(), carewire_hl7_v2::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    kind: DiagnosticKind,
    location: Option<Location>,
    span: Range<usize>,
}

impl Diagnostic {
    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> DiagnosticKind {
        self.kind
    }

    /// The segment or field that it is about, where there is one that can be named.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// The bytes of the input that it is about.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(location) = &self.location {
            write!(f, " in {location}")?;
        }
        write!(f, " at bytes {}..{}", self.span.start, self.span.end)
    }
}

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// A UTF-8 byte-order mark before the message.
    ByteOrderMark,
    /// A frame character of MLLP (VT or FS) before, in or after the message. One in the message stays in its segment.
    FrameCharacter,
    /// Lines with nothing but white space, NUL or the end-of-file of DOS, or some of these before the message.
    BlankLine,
    /// Segments end in LF or CR LF where the standard has CR. Reported once.
    LineFeed,
    /// A line that does not begin with a segment id; it is kept as a segment without a name.
    InvalidSegmentId,
    /// A segment id in lower case; it is read as the one in upper case.
    LowerCaseSegmentId,
    /// A second MSH, with whatever separator and after whatever says nothing: the input holds more than one message.
    /// [`Batch::split`](crate::batch::Batch::split) takes them apart.
    RepeatedHeader,
    /// MSH-2 is empty; the usual delimiters are used.
    MissingDelimiters,
    /// MSH-2 declares fewer than four delimiters; the others are not used.
    FewerDelimiters,
    /// A delimiter that has another role already; the usual one takes its place if it is free.
    RepeatedDelimiter,
    /// A delimiter that is not ASCII punctuation; the usual one takes its place if it is free.
    InvalidDelimiter,
    /// MSH-2 holds more characters than the version has delimiters: five in 2.7 and later, four before. A truncation
    /// character that is declared too early is used all the same.
    ExtraDelimiters,
    /// MSH-18 names a character set that is not known here; the default is used.
    UnknownCharset,
    /// MSH-18 names a character set that the bytes are not in (ASCII with other bytes, or UTF-16 with plain
    /// bytes); the default is used.
    CharsetMismatch,
    /// MSH-18 names several character sets of which only one could be used.
    SeveralCharsets,
    /// Bytes that the character set does not have; U+FFFD stands in the text for them.
    UndecodableBytes,
    /// There is more from here on, not listed one by one.
    More,
}

impl fmt::Display for DiagnosticKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "byte-order mark",
            Self::FrameCharacter => "frame character inside the message",
            Self::BlankLine => "blank line",
            Self::LineFeed => "segments end in a line feed",
            Self::InvalidSegmentId => "line without a segment id",
            Self::LowerCaseSegmentId => "segment id in lower case",
            Self::RepeatedHeader => "second message header",
            Self::MissingDelimiters => "no delimiters declared",
            Self::FewerDelimiters => "fewer than four delimiters declared",
            Self::RepeatedDelimiter => "delimiter declared twice",
            Self::InvalidDelimiter => "delimiter is not ASCII punctuation",
            Self::ExtraDelimiters => "too many delimiters declared",
            Self::UnknownCharset => "unknown character set",
            Self::CharsetMismatch => "bytes are not in the declared character set",
            Self::SeveralCharsets => "several character sets declared",
            Self::UndecodableBytes => "bytes that the character set does not have",
            Self::More => "more findings, not listed",
        })
    }
}

/// Collects findings, bounded: what a hostile input can make us hold does not grow with its faults.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Diagnostic>,
}

impl Findings {
    /// Adds one finding. One that directly follows another of its kind and place is merged into it.
    pub(crate) fn report(&mut self, kind: DiagnosticKind, location: Option<Location>, span: Range<usize>) {
        let full = self.list.len() >= MOST;
        if let Some(last) = self.list.last_mut() {
            let alike = last.kind == kind && last.location == location;
            let continues = alike && (last.span.end == span.start || last.span == span);
            if continues || last.kind == DiagnosticKind::More {
                last.span.start = last.span.start.min(span.start);
                last.span.end = last.span.end.max(span.end);
                return;
            }
        }
        if full {
            self.list.push(Diagnostic { kind: DiagnosticKind::More, location: None, span });
        } else {
            self.list.push(Diagnostic { kind, location, span });
        }
    }

    /// Whether further findings are not listed one by one.
    pub(crate) fn is_full(&self) -> bool {
        self.list.len() > MOST
    }

    /// All findings in the order of the input.
    pub(crate) fn into_list(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|found| (found.kind == DiagnosticKind::More, found.span.start));
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_a_kind_merge_and_others_do_not() {
        let mut findings = Findings::default();
        findings.report(DiagnosticKind::BlankLine, None, 3..4);
        findings.report(DiagnosticKind::BlankLine, None, 4..5);
        findings.report(DiagnosticKind::BlankLine, None, 9..10);
        let spans: Vec<_> = findings.into_list().iter().map(Diagnostic::span).collect();
        assert_eq!(spans, [3..5, 9..10]);
    }

    #[test]
    fn the_list_is_bounded_and_its_end_covers_the_rest() {
        let mut findings = Findings::default();
        for at in 0..5_000 {
            findings.report(DiagnosticKind::InvalidSegmentId, None, at * 3..at * 3 + 2);
        }
        let list = findings.into_list();
        assert_eq!(list.len(), MOST + 1);
        let last = list.last().unwrap();
        assert_eq!((last.kind(), last.span()), (DiagnosticKind::More, 3_000..14_999));
    }

    #[test]
    fn display_names_place_and_bytes() {
        let found = Diagnostic {
            kind: DiagnosticKind::UndecodableBytes,
            location: "PID[1]".parse().ok(),
            span: 20..30,
        };
        let shown = "bytes that the character set does not have in PID[1] at bytes 20..30";
        assert_eq!(found.to_string(), shown);
    }
}
