//! One message over the bytes that were received.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::charset::{self, Charset};
use crate::diagnostic::{Diagnostic, DiagnosticKind, Findings};
use crate::escape::{Syntax, unescape};
use crate::header::{self, RawHeader};
use crate::index::{self, Line, Name};
use crate::locate::locate;
use crate::scan::nth;
use crate::segment::field_text;
use crate::text::Text;
use crate::{Delimiters, FullIndex, Location, ParseError, ParseOptions, PathError, Segment, SegmentId};

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
    text: Text<'a>,
    lines: Vec<Line>,
    syntax: Syntax,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Message<'a> {
    /// Reads one message. Lenient options read whatever has a usable header and report what is odd.
    ///
    /// # Errors
    /// When there is no header with a usable field separator, when the bytes are a batch or in UTF-16, when they are
    /// more than the options allow, and, with strict options, when there is anything to report.
    pub fn parse(bytes: &'a [u8], options: &ParseOptions) -> Result<Self, ParseError> {
        if bytes.len() > options.byte_limit() {
            return Err(ParseError::TooLarge { limit: options.byte_limit() });
        }
        let mut findings = Findings::default();
        charset::refuse_wide(bytes)?;
        let body = index::body(bytes, &mut findings);
        if body.is_empty() {
            return Err(ParseError::Empty);
        }
        let (start, end) = (body.start, body.end);
        let header = RawHeader::read(bytes.get(body.clone()).unwrap_or_default(), start)?;
        let delimiters = read_delimiters(header, start, &mut findings)?;
        let charset = read_charset(header, bytes, delimiters, start, options, &mut findings);
        let most = options.max_segments;
        let mut lines = index::lines(bytes, body.clone(), header.separator(), most, &mut findings)?;
        index::report_frames(bytes, body, &lines, &mut findings);
        let syntax = Syntax { delimiters, charset };
        let text = Text::read(bytes, &mut lines, syntax, &mut findings);
        index::report_tail(bytes, end, &mut findings);
        let diagnostics = findings.into_list();
        match diagnostics.first() {
            Some(first) if options.strict => Err(ParseError::Strict(first.clone())),
            _ => Ok(Self { raw: Cow::Borrowed(bytes), text, lines, syntax, diagnostics }),
        }
    }

    /// The same message, independent of the bytes that it was read from.
    #[must_use]
    pub fn into_owned(self) -> Message<'static> {
        Message {
            raw: Cow::Owned(self.raw.into_owned()),
            text: self.text.into_owned(),
            lines: self.lines,
            syntax: self.syntax,
            diagnostics: self.diagnostics,
        }
    }

    /// The bytes as they were received, to the last one.
    #[must_use]
    pub fn to_bytes(&self) -> &[u8] {
        &self.raw
    }

    /// What is not as the standard has it, in the order of the input.
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

    /// The segment with this index, from 0.
    #[must_use]
    pub fn segment_at(&self, index: usize) -> Option<Segment<'_>> {
        self.lines.get(index).map(|line| Segment::new(self, index, *line))
    }

    /// The segments of this name, in order.
    pub fn segments_named<'m>(&'m self, name: &str) -> impl Iterator<Item = Segment<'m>> + Clone {
        let wanted = SegmentId::parse(name).map(Name::of);
        let named = move |line: &Line| wanted == Some(line.name);
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
    /// included, with escape sequences replaced. Each call looks through the segments; to read many of them, use
    /// [`get_all`](Self::get_all) with `*`, or [`index`](Self::index).
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

    /// The places of all parts, found at once: for reading many values.
    #[must_use]
    pub fn index(&self) -> FullIndex<'_> {
        FullIndex::new(self)
    }

    /// The bytes of the input that a place was read from, without delimiters around it; `None` when it is not there.
    /// Without a repetition, the place is in the first.
    ///
    /// ```
    /// use carewire_hl7_v2::{Message, ParseOptions};
    ///
    /// let bytes = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5||||||8859/1\rPID|1||5~9^^^G\xE9N|Doe\r";
    /// let message = Message::parse(bytes, &ParseOptions::default())?;
    /// let span = message.span_of(&"PID-3[2].4".parse()?).ok_or("not there")?;
    /// assert_eq!(&bytes[span.clone()], b"G\xE9N");
    /// assert_eq!(message.locate(span.start).map(|place| place.to_string()).as_deref(), Some("PID[1]-3[2].4"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn span_of(&self, location: &Location) -> Option<Range<usize>> {
        let (index, line) = self.find(location)?;
        let Some(field) = location.field() else { return Some(self.raw_span(index)) };
        let field = Segment::new(self, index, line).field(field)?;
        let Some(repetition) = location.repetition().or(location.component().map(|_| 1)) else {
            return Some(field.span());
        };
        let repetition = field.repetition(repetition)?;
        let Some(component) = location.component() else { return Some(repetition.span()) };
        let component = repetition.component(component)?;
        let Some(subcomponent) = location.subcomponent() else { return Some(component.span()) };
        Some(component.subcomponent(subcomponent)?.span())
    }

    /// The place that byte `offset` of the input is in; `None` between segments and in those without a name. A
    /// delimiter belongs to what stands before it. Levels that are not divided there are left out.
    #[must_use]
    pub fn locate(&self, offset: usize) -> Option<Location> {
        let (index, at) = self.text.place(offset, &self.lines, self.syntax, &self.raw)?;
        let line = self.lines.get(index)?;
        let text = self.line_text(*line);
        Some(locate(line.location_in(text.as_bytes())?, text, at, self.syntax.delimiters))
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

    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub(crate) fn text(&self) -> &str {
        self.text.as_str()
    }

    #[inline]
    pub(crate) fn line_text(&self, line: Line) -> &str {
        self.text.as_str().get(line.span()).unwrap_or_default()
    }

    pub(crate) fn raw_span(&self, index: usize) -> Range<usize> {
        self.lines.get(index).map(|line| self.text.line_span(index, line)).unwrap_or_default()
    }

    /// The bytes of a part of the text of line `index`.
    pub(crate) fn part_span(&self, index: usize, part: &str) -> Range<usize> {
        let start = self.text.offset(part);
        self.text.part_span(index, &self.lines, start..start + part.len(), self.syntax, &self.raw)
    }

    fn header(&self, field: usize, component: usize) -> Option<Cow<'_, str>> {
        self.segments().next()?.field(field)?.component(component)?.value()
    }

    #[inline]
    fn find(&self, location: &Location) -> Option<(usize, Line)> {
        let (name, occurrence) = (Name::of(location.segment()), u32::try_from(location.occurrence()).ok()?);
        let is_it = |line: &Line| line.name == name && line.occurrence == occurrence;
        let index = self.lines.iter().position(is_it)?;
        Some((index, *self.lines.get(index)?))
    }

    /// As through the views, from which this spares the intermediate ones.
    fn value_at(&self, location: &Location, field: usize) -> Option<Cow<'_, str>> {
        let (_, line) = self.find(location)?;
        let delimiters = if line.is_header() && field <= 2 {
            self.syntax.delimiters.literal()
        } else {
            self.syntax.delimiters
        };
        let part = |text, delimiter, n: usize| nth(text, delimiter, n.checked_sub(1)?);
        let field = field_text(self.line_text(line), &line, delimiters.field, field)?;
        let mut text = part(field, delimiters.repetition, location.repetition().unwrap_or(1))?;
        if let Some(component) = location.component() {
            text = part(text, delimiters.component, component)?;
        }
        if let Some(subcomponent) = location.subcomponent() {
            text = part(text, delimiters.subcomponent, subcomponent)?;
        }
        (!text.is_empty()).then(|| unescape(text, &delimiters, self.syntax.charset))
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.segments().map(|segment| segment.id()).collect();
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
    if encoding.len() > 5 || (encoding.len() == 5 && is_before_truncation(header.field(12))) {
        findings.report(DiagnosticKind::ExtraDelimiters, Some(header::place(2)), span.clone());
    }
    let read = Delimiters::read(header.separator(), encoding, span, findings);
    read.ok_or(ParseError::FieldSeparator { offset: offset + 3 })
}

/// Whether a version in MSH-12 is older than the truncation character, which came with 2.7.
fn is_before_truncation(version: &[u8]) -> bool {
    matches!(version, [b'2', b'.', b'0'..=b'6', rest @ ..] if !rest.first().is_some_and(u8::is_ascii_digit))
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
    let span = header.span(&charsets, offset);
    charset::choose(declared, header.field(20), bytes, span, options, findings)
}
