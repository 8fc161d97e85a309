//! The bytes of a message that was edited.

use std::ops::Range;

use super::EditError;
use super::lines::{Lines, Slot};
use crate::escape::Syntax;
use crate::{Diagnostic, DiagnosticKind, Location, Message, ParseOptions, SegmentId};

/// The edited message, read again: only the segments that were changed have other bytes than before.
pub(super) fn rebuild(message: &Message<'_>, lines: &Lines) -> Result<Message<'static>, EditError> {
    let bytes = bytes(message, lines)?;
    let charset = message.charset();
    // The limits were for what was received.
    let unlimited = ParseOptions::default().with_max_bytes(usize::MAX).with_max_segments(usize::MAX);
    let options = unlimited.with_default_charset(charset);
    let read = Message::parse(&bytes, &options)?;
    let complaints = charset_complaints(&read);
    if !complaints.is_empty() {
        let before = charset_complaints(&Message::parse(message.to_bytes(), &options)?);
        if complaints.iter().any(|complaint| !before.contains(complaint)) {
            return Err(EditError::CharsetChange);
        }
    }
    if read.charset() == charset {
        return Ok(read.into_owned());
    }
    let overridden = options.clone().with_charset(charset);
    let same = Message::parse(&bytes, &overridden)?;
    if Message::parse(message.to_bytes(), &options)?.charset() != charset {
        return Ok(same.into_owned());
    }
    // MSH-18 was changed: it must still be true.
    let texts =
        |message: &Message<'_>| message.segments().map(|line| line.raw().to_owned()).collect::<Vec<_>>();
    if texts(&read) != texts(&same) {
        return Err(EditError::CharsetChange);
    }
    Ok(read.into_owned())
}

/// What is wrong with the character set that MSH-18 names.
fn charset_complaints(message: &Message<'_>) -> Vec<DiagnosticKind> {
    let wrong = [DiagnosticKind::CharsetMismatch, DiagnosticKind::UnknownCharset];
    let kinds = message.diagnostics().iter().map(Diagnostic::kind);
    kinds.filter(|kind| wrong.contains(kind)).collect()
}

fn bytes(message: &Message<'_>, lines: &Lines) -> Result<Vec<u8>, EditError> {
    let source = message.to_bytes();
    let mut out = Output {
        bytes: Vec::with_capacity(source.len() + 256),
        source,
        line_end: line_end(message),
        written_to: 0,
        skips_line_end: false,
        syntax: message.syntax(),
    };
    let mut waiting = Vec::new();
    for slot in lines.all() {
        let source = slot.source.and_then(|index| message.segment_at(index));
        match source {
            Some(segment) => {
                let span = segment.span();
                out.gap(span.start);
                waiting.drain(..).try_for_each(|slot| out.added(slot))?;
                out.original(slot, span)?;
            }
            None if slot.removed => {}
            None if slot.leads => out.added(slot)?,
            None => waiting.push(slot),
        }
    }
    out.gap(source.len());
    Ok(out.bytes)
}

struct Output<'s> {
    bytes: Vec<u8>,
    source: &'s [u8],
    line_end: &'s [u8],
    /// How far the source is written.
    written_to: usize,
    /// Whether the next line end belongs to a segment that was removed.
    skips_line_end: bool,
    syntax: Syntax,
}

impl Output<'_> {
    fn original(&mut self, slot: &Slot, span: Range<usize>) -> Result<(), EditError> {
        self.written_to = span.end;
        match &slot.text {
            _ if slot.removed => self.skips_line_end = true,
            Some(text) => self.text(slot, text)?,
            None => self.bytes.extend(self.source.get(span).unwrap_or_default()),
        }
        Ok(())
    }

    fn added(&mut self, slot: &Slot) -> Result<(), EditError> {
        let text = slot.text.as_deref().unwrap_or_default();
        if slot.leads {
            if !std::mem::take(&mut self.skips_line_end) {
                self.bytes.extend(self.line_end);
            }
            return self.text(slot, text);
        }
        self.text(slot, text)?;
        self.bytes.extend(self.line_end);
        Ok(())
    }

    fn text(&mut self, slot: &Slot, text: &str) -> Result<(), EditError> {
        let encoded = self.syntax.encode(text);
        let id = slot.id.unwrap_or(SegmentId::MSH);
        let lost = EditError::Charset { location: Location::of_segment(id, slot.occurrence) };
        let encoded = encoded.filter(|bytes| {
            text.is_ascii() || self.syntax.decode(bytes).is_some_and(|decoded| decoded == text)
        });
        self.bytes.extend(&*encoded.ok_or(lost)?);
        Ok(())
    }

    /// What stands between two segments of the source, without the line end of one that was removed.
    fn gap(&mut self, until: usize) {
        let gap = self.source.get(self.written_to..until).unwrap_or_default();
        let skipped = match gap {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        let skipped = if std::mem::take(&mut self.skips_line_end) { skipped } else { 0 };
        self.bytes.extend(gap.get(skipped..).unwrap_or_default());
        self.written_to = until;
    }
}

/// What ends the first segment; CR when nothing does.
fn line_end<'m>(message: &'m Message<'_>) -> &'m [u8] {
    let end = message.segments().next().map_or(0, |first| first.span().end);
    match message.to_bytes().get(end..).unwrap_or_default() {
        [b'\r', b'\n', ..] => b"\r\n",
        [b'\n', ..] => b"\n",
        _ => b"\r",
    }
}
