//! The text of a message and the bytes that it was read from.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use crate::diagnostic::{DiagnosticKind, Findings};
use crate::escape::Syntax;
use crate::index::Line;
use crate::locate::{FIELDS_START, Locator};
use crate::walk::walk;

/// The text that the segments are in.
#[derive(Clone)]
pub(crate) struct Text<'a> {
    text: Cow<'a, str>,
    /// Where the lines were read from; `None` when the text is the bytes that were received.
    received: Option<Box<Received>>,
}

/// What was received, where that is not the text.
#[derive(Clone)]
struct Received {
    lines: Vec<Source>,
    /// Where the delimiters are in the text and in the bytes, of the lines whose bytes are not their text. Made when
    /// somebody asks for it.
    delimiters: OnceLock<Vec<(u32, u32)>>,
}

/// The bytes of one line.
#[derive(Clone, Copy)]
struct Source {
    start: u32,
    end: u32,
    /// Whether they are the text.
    same: bool,
}

impl<'a> Text<'a> {
    /// Reads the bytes, and moves the lines to where they are in the text.
    pub(crate) fn read(bytes: &'a [u8], lines: &mut [Line], syntax: Syntax, findings: &mut Findings) -> Self {
        match syntax.charset.borrow(bytes) {
            Some(text) => Self { text: Cow::Borrowed(text), received: None },
            None => Self::by_line(bytes, lines, syntax, findings),
        }
    }

    pub(crate) fn into_owned(self) -> Text<'static> {
        Text { text: Cow::Owned(self.text.into_owned()), received: self.received }
    }

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where `part`, which is a part of this text, begins.
    pub(crate) fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    /// The bytes of line `index`.
    pub(crate) fn line_span(&self, index: usize, line: &Line) -> Range<usize> {
        match &self.received {
            Some(received) => received.lines.get(index).map(Source::span).unwrap_or_default(),
            None => line.span(),
        }
    }

    /// The bytes of a part of line `index` of `lines`, which delimiters or the ends of the line bound.
    pub(crate) fn part_span(
        &self,
        index: usize,
        lines: &[Line],
        part: Range<usize>,
        syntax: Syntax,
        bytes: &[u8],
    ) -> Range<usize> {
        let Some(received) = &self.received else { return part };
        let (Some(line), Some(source)) = (lines.get(index), received.lines.get(index)) else { return part };
        let (start, end) = (part.start - line.start(), part.end - line.start());
        let whole = source.span();
        let known = if line.is_named() { FIELDS_START } else { 0 };
        if source.same || end <= known {
            return whole.start + start..whole.start + end;
        }
        let map = received.delimiters.get_or_init(|| received.delimiters(bytes, lines, syntax));
        let last = if part.end == line.end() { None } else { at(map, part.end) };
        let last = last.unwrap_or(whole.end);
        if part.is_empty() {
            // Something that is missing at the end of a part or line stands behind text, not behind a delimiter.
            return last..last;
        }
        let first = if start <= known {
            whole.start + start
        } else {
            at(map, part.start.saturating_sub(1)).map_or(whole.start, |before| before + 1)
        };
        first..last
    }

    /// The line that holds byte `offset` of the input, and a place in its text: that of the byte, or of the part that
    /// it is in.
    pub(crate) fn place(
        &self,
        offset: usize,
        lines: &[Line],
        syntax: Syntax,
        bytes: &[u8],
    ) -> Option<(usize, usize)> {
        let Some(received) = &self.received else {
            let index = lines.partition_point(|line| line.end() <= offset);
            return lines
                .get(index)
                .filter(|line| line.start() <= offset)
                .map(|line| (index, offset - line.start()));
        };
        let index = received.lines.partition_point(|source| source.span().end <= offset);
        let source = received.lines.get(index).filter(|source| source.span().start <= offset)?;
        let (line, within) = (lines.get(index)?, offset - source.span().start);
        if source.same || (line.is_named() && within <= FIELDS_START) {
            return Some((index, within));
        }
        let map = received.delimiters.get_or_init(|| received.delimiters(bytes, lines, syntax));
        let before = map.partition_point(|(_, raw)| (*raw as usize) < offset).checked_sub(1)?;
        let (text, _) = map.get(before)?;
        Some((index, (*text as usize + 1).saturating_sub(line.start())))
    }

    /// Decodes each line by itself, so that a fault in one does not spread to the next.
    fn by_line(bytes: &[u8], lines: &mut [Line], syntax: Syntax, findings: &mut Findings) -> Self {
        let mut text = String::with_capacity(bytes.len());
        let mut sources = Vec::with_capacity(lines.len());
        for line in lines {
            let (span, start) = (line.span(), text.len());
            let raw = bytes.get(span.clone()).unwrap_or_default();
            let (decoded, lossy) = syntax.decode_lossy(raw);
            text.push_str(&decoded);
            if lossy && !findings.is_full() {
                report_faults(raw, line, &decoded, syntax, findings);
            } else if lossy {
                findings.report(DiagnosticKind::UndecodableBytes, None, span.clone());
            }
            sources.push(Source { same: raw == decoded.as_bytes(), ..Source::of(line) });
            line.move_to(start..text.len());
        }
        let received = Received { lines: sources, delimiters: OnceLock::new() };
        Self { text: Cow::Owned(text), received: Some(Box::new(received)) }
    }
}

impl Source {
    fn of(line: &Line) -> Self {
        Self { start: line.start, end: line.end, same: true }
    }

    fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Received {
    fn delimiters(&self, bytes: &[u8], lines: &[Line], syntax: Syntax) -> Vec<(u32, u32)> {
        let mut found = Vec::new();
        let changed = self.lines.iter().zip(lines).filter(|(source, _)| !source.same);
        for (source, line) in changed {
            let mut at = line.start;
            walk(syntax, bytes.get(source.span()).unwrap_or_default(), |raw, piece| {
                let piece = piece.unwrap_or("\u{FFFD}");
                if let [byte] = piece.as_bytes()
                    && syntax.delimiters.separates(*byte)
                {
                    // The delimiter is the last byte of the step: what switches the character set stands before it.
                    found.push((at, source.start + (raw.end as u32).saturating_sub(1)));
                }
                at += piece.len() as u32;
            });
        }
        found
    }
}

fn at(map: &[(u32, u32)], text: usize) -> Option<usize> {
    let found = map.binary_search_by_key(&text, |(text, _)| *text as usize).ok()?;
    map.get(found).map(|(_, raw)| *raw as usize)
}

/// Reports each run of bytes of a line that could not be read, with the smallest part that it is in.
fn report_faults(raw: &[u8], line: &Line, decoded: &str, syntax: Syntax, findings: &mut Findings) {
    let segment = line.location_in(raw);
    let mut locator = segment.map(|segment| Locator::new(segment, decoded, syntax.delimiters));
    let mut report = |run: Run| {
        let known = locator.as_mut().filter(|_| !findings.is_full());
        let place = known.map(|locator| locator.locate(run.text));
        let span = line.start() + run.bytes.start..line.start() + run.bytes.end;
        findings.report(DiagnosticKind::UndecodableBytes, place, span);
    };
    let (mut at, mut run) = (0, None::<Run>);
    walk(syntax, raw, |span, piece| {
        match (&mut run, piece) {
            (Some(run), None) if run.bytes.end == span.start => run.bytes.end = span.end,
            (_, None) => run.replace(Run { bytes: span, text: at }).into_iter().for_each(&mut report),
            (_, Some(_)) => run.take().into_iter().for_each(&mut report),
        }
        at += piece.map_or('\u{FFFD}'.len_utf8(), str::len);
    });
    run.into_iter().for_each(report);
}

/// Bytes of a line that follow one another and could not be read.
struct Run {
    bytes: Range<usize>,
    /// Where the first U+FFFD for them is in the text of the line.
    text: usize,
}
