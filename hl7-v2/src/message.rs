//! One message over the bytes that were received.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::charset::{self, Charset};
use crate::diagnostic::{Diagnostic, DiagnosticKind, Findings};
use crate::escape::Syntax;
use crate::header::{self, RawHeader};
use crate::index::{self, Line};
use crate::{Delimiters, Location, ParseError, ParseOptions, PathError, Segment, SegmentId};

/// A message: its bytes, its text, and where its segments lie. Fields are split when they are asked for.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let bytes = b"MSH|^~\\&|A|B|C|D|20240301||ADT^A01|7|P|2.5\rPID|1||5^^^GEN^MR~9^^^GOV^NI\r";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// assert_eq!(message.get("PID-3[2].1")?.as_deref(), Some("9"));
/// assert_eq!(message.segments().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Message<'a> {
    raw: Cow<'a, [u8]>,
    text: Cow<'a, str>,
    lines: Vec<Line>,
    /// Where the lines lie in `raw`, when that is not where they lie in `text`.
    raw_spans: Option<Vec<Range<usize>>>,
    syntax: Syntax,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Message<'a> {
    /// Reads one message. Lenient options read whatever has a usable header and report what is odd.
    ///
    /// # Errors
    /// When there is no header with a usable field separator, when the bytes are a batch or in UTF-16, and, with
    /// strict options, when there is anything to report.
    pub fn parse(bytes: &'a [u8], options: &ParseOptions) -> Result<Self, ParseError> {
        let mut findings = Findings::default();
        charset::refuse_wide(bytes)?;
        let body = index::body(bytes, &mut findings);
        if body.is_empty() {
            return Err(ParseError::Empty);
        }
        let header = RawHeader::read(bytes.get(body.clone()).unwrap_or_default(), body.start)?;
        let delimiters = read_delimiters(header, body.start, &mut findings)?;
        let charset = read_charset(header, bytes, delimiters, body.start, options, &mut findings);
        let lines = index::lines(bytes, body.clone(), header.separator(), &mut findings);
        let decoded = Decoded::new(bytes, lines, charset, &mut findings);
        index::report_tail(bytes, body.end, &mut findings);
        match findings.first() {
            Some(first) if options.strict => Err(ParseError::Strict(first.clone())),
            _ => Ok(Self {
                raw: Cow::Borrowed(bytes),
                text: decoded.text,
                lines: decoded.lines,
                raw_spans: decoded.raw_spans,
                syntax: Syntax { delimiters, charset },
                diagnostics: findings.into_list(),
            }),
        }
    }

    /// The same message, independent of the bytes that it was read from.
    #[must_use]
    pub fn into_owned(self) -> Message<'static> {
        Message {
            raw: Cow::Owned(self.raw.into_owned()),
            text: Cow::Owned(self.text.into_owned()),
            lines: self.lines,
            raw_spans: self.raw_spans,
            syntax: self.syntax,
            diagnostics: self.diagnostics,
        }
    }

    /// The bytes as they were received, to the last one.
    #[must_use]
    pub fn to_bytes(&self) -> &[u8] {
        &self.raw
    }

    /// What is not as the standard has it, in the order of the input as far as possible.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The delimiters of this message.
    #[must_use]
    pub fn delimiters(&self) -> &Delimiters {
        &self.syntax.delimiters
    }

    /// The character set that the text was read in.
    #[must_use]
    pub fn charset(&self) -> Charset {
        self.syntax.charset
    }

    /// All segments in order, those without a valid name included.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = Segment<'_>> + ExactSizeIterator + Clone {
        self.lines.iter().enumerate().map(|(index, line)| Segment::new(self, index, *line))
    }

    /// The segments of this name, in order.
    pub fn segments_named<'m>(&'m self, name: &str) -> impl Iterator<Item = Segment<'m>> + Clone {
        let wanted = SegmentId::parse(name);
        let named = move |line: &Line| wanted.is_some_and(|wanted| line.is_named(wanted));
        let lines = self.lines.iter().enumerate().filter(move |(_, line)| named(line));
        lines.map(|(index, line)| Segment::new(self, index, *line))
    }

    /// The first segment of this name.
    #[must_use]
    pub fn segment(&self, name: &str) -> Option<Segment<'_>> {
        self.segments_named(name).next()
    }

    /// The text at a path such as `PID-3[2].4.1`; `None` when it is absent or empty. An explicit null is `""`.
    ///
    /// Without a repetition the first is meant. A path to a whole field or component gives all of it, separators
    /// included, with escape sequences replaced.
    ///
    /// # Errors
    /// When the path cannot be read, or names no field.
    pub fn get(&self, path: &str) -> Result<Option<Cow<'_, str>>, PathError> {
        let location: Location = path.parse()?;
        let field = location.field().ok_or(PathError::NoField)?;
        Ok(self.value_at(&location, field))
    }

    /// The text at a place; `None` when it is absent or empty, or the place is a whole segment.
    #[must_use]
    pub fn at(&self, location: &Location) -> Option<Cow<'_, str>> {
        self.value_at(location, location.field()?)
    }

    /// MSH-10, which an acknowledgement repeats.
    #[must_use]
    pub fn control_id(&self) -> Option<Cow<'_, str>> {
        self.header(10, 1)
    }

    /// MSH-3.1.
    #[must_use]
    pub fn sending_application(&self) -> Option<Cow<'_, str>> {
        self.header(3, 1)
    }

    /// MSH-4.1.
    #[must_use]
    pub fn sending_facility(&self) -> Option<Cow<'_, str>> {
        self.header(4, 1)
    }

    /// MSH-5.1.
    #[must_use]
    pub fn receiving_application(&self) -> Option<Cow<'_, str>> {
        self.header(5, 1)
    }

    /// MSH-6.1.
    #[must_use]
    pub fn receiving_facility(&self) -> Option<Cow<'_, str>> {
        self.header(6, 1)
    }

    /// MSH-7, as written.
    #[must_use]
    pub fn timestamp(&self) -> Option<Cow<'_, str>> {
        self.header(7, 1)
    }

    /// MSH-9.1, as in `ADT`.
    #[must_use]
    pub fn message_code(&self) -> Option<Cow<'_, str>> {
        self.header(9, 1)
    }

    /// MSH-9.2, as in `A01`.
    #[must_use]
    pub fn trigger_event(&self) -> Option<Cow<'_, str>> {
        self.header(9, 2)
    }

    /// MSH-9.3, as in `ADT_A01`.
    #[must_use]
    pub fn structure(&self) -> Option<Cow<'_, str>> {
        self.header(9, 3)
    }

    /// MSH-11.1, as in `P`.
    #[must_use]
    pub fn processing_id(&self) -> Option<Cow<'_, str>> {
        self.header(11, 1)
    }

    /// MSH-12.1, as in `2.5.1`.
    #[must_use]
    pub fn version(&self) -> Option<Cow<'_, str>> {
        self.header(12, 1)
    }

    pub(crate) fn syntax(&self) -> Syntax {
        self.syntax
    }

    pub(crate) fn line_text(&self, line: Line) -> &str {
        self.text.get(line.span()).unwrap_or_default()
    }

    pub(crate) fn raw_span(&self, index: usize) -> Range<usize> {
        match &self.raw_spans {
            Some(spans) => spans.get(index).cloned().unwrap_or_default(),
            None => self.lines.get(index).map(Line::span).unwrap_or_default(),
        }
    }

    fn header(&self, field: usize, component: usize) -> Option<Cow<'_, str>> {
        self.segments().next()?.field(field)?.component(component)?.value()
    }

    fn value_at(&self, location: &Location, field: usize) -> Option<Cow<'_, str>> {
        let wanted = location.segment();
        let is_it = |line: &Line| line.occurrence == location.occurrence() && line.is_named(wanted);
        let (index, line) = self.lines.iter().enumerate().find(|(_, line)| is_it(line))?;
        let field = Segment::new(self, index, *line).field(field)?;
        let repetition = field.repetition(location.repetition().unwrap_or(1))?;
        let Some(component) = location.component() else { return repetition.given() };
        let component = repetition.component(component)?;
        let Some(subcomponent) = location.subcomponent() else { return component.given() };
        component.subcomponent(subcomponent)?.given()
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> =
            self.lines.iter().map(|line| line.id.as_ref().map_or("?", SegmentId::as_str)).collect();
        f.debug_struct("Message")
            .field("bytes", &self.raw.len())
            .field("charset", &self.syntax.charset)
            .field("segments", &ids)
            .field("diagnostics", &self.diagnostics)
            .finish_non_exhaustive()
    }
}

fn read_delimiters(
    header: RawHeader<'_>,
    offset: usize,
    findings: &mut Findings,
) -> Result<Delimiters, ParseError> {
    let encoding = header.field(2);
    let span = offset + 4..offset + 4 + encoding.len();
    if encoding.len() > 5 {
        findings.report(DiagnosticKind::ExtraDelimiters, None, span.clone());
    }
    let read = Delimiters::read(header.separator(), encoding, span, findings);
    read.ok_or(ParseError::FieldSeparator { offset: offset + 3 })
}

fn read_charset(
    header: RawHeader<'_>,
    bytes: &[u8],
    delimiters: Delimiters,
    offset: usize,
    options: &ParseOptions,
    findings: &mut Findings,
) -> Charset {
    let charsets = header.charsets();
    let declared = header::split(&charsets, delimiters.repetition);
    charset::choose(declared, bytes, offset..offset + header.len(), options, findings)
}

/// The text of the bytes, and the lines in it.
struct Decoded<'a> {
    text: Cow<'a, str>,
    lines: Vec<Line>,
    raw_spans: Option<Vec<Range<usize>>>,
}

impl<'a> Decoded<'a> {
    fn new(bytes: &'a [u8], lines: Vec<Line>, charset: Charset, findings: &mut Findings) -> Self {
        match charset.borrow(bytes) {
            Some(text) => Self { text: Cow::Borrowed(text), lines, raw_spans: None },
            None => Self::by_line(bytes, lines, charset, findings),
        }
    }

    /// Decodes each line by itself, so that a fault in one does not spread to the next.
    fn by_line(bytes: &[u8], mut lines: Vec<Line>, charset: Charset, findings: &mut Findings) -> Self {
        let raw_spans: Vec<_> = lines.iter().map(Line::span).collect();
        let mut text = String::with_capacity(bytes.len());
        for line in &mut lines {
            let span = line.span();
            let (decoded, lossy) = charset.decode_lossy(bytes.get(span.clone()).unwrap_or_default());
            line.start = text.len();
            text.push_str(&decoded);
            line.end = text.len();
            if lossy {
                findings.report(DiagnosticKind::UndecodableBytes, line.location(), span);
            }
        }
        Self { text: Cow::Owned(text), lines, raw_spans: Some(raw_spans) }
    }
}
