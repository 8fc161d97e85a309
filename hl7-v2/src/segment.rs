//! One segment of a message.

use std::fmt;
use std::ops::Range;

use crate::field::{Field, Part, Place};
use crate::index::Line;
use crate::level::Level;
use crate::locate::FIELDS_START;
use crate::scan::{first, nth};
use crate::{Location, Message, SegmentId};

/// A segment: a line of the message.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\rOBX|1|NM\rOBX|2|ST\r", &ParseOptions::default())?;
/// let second = message.segments_named("OBX").nth(1).ok_or("no second OBX")?;
/// assert_eq!((second.name(), second.index(), second.occurrence()), ("OBX", 2, 2));
/// assert_eq!(second.field(2).and_then(|field| field.value()).as_deref(), Some("ST"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Segment<'m> {
    message: &'m Message<'m>,
    index: usize,
    line: Line,
    raw: &'m str,
}

impl<'m> Segment<'m> {
    pub(crate) fn new(message: &'m Message<'_>, index: usize, line: Line) -> Self {
        Self { message, index, line, raw: message.line_text(line) }
    }

    /// The name; empty for a line that does not begin with one.
    #[must_use]
    pub fn name(&self) -> &'m str {
        self.raw.get(..3).filter(|_| self.line.is_named()).unwrap_or_default()
    }

    /// The name, unless the line does not begin with one.
    #[must_use]
    pub fn id(&self) -> Option<SegmentId> {
        SegmentId::parse(self.name())
    }

    /// Which segment of the message this is, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Which of the segments of its name this is, from 1.
    #[must_use]
    pub fn occurrence(&self) -> usize {
        self.line.occurrence as usize
    }

    /// Its address; `None` for a line without a name.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.line.location_in(self.raw.as_bytes())
    }

    /// The bytes of the input that it was read from, without the line end.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.message.raw_span(self.index)
    }

    /// The whole line as written, escape sequences and all.
    #[must_use]
    pub fn raw(&self) -> &'m str {
        self.raw
    }

    /// The lines without a name that follow: in all likelihood the rest of the last field, which a line end inside its
    /// text has cut off.
    pub fn continuation(&self) -> impl Iterator<Item = Segment<'m>> + use<'m> {
        let message = self.message;
        let behind = (self.index + 1..).map_while(move |index| message.segment_at(index));
        behind.take_while(|segment| !segment.line.is_named())
    }

    /// Field `n` as the standard counts: in MSH the separator itself is field 1. `None` behind the last field.
    #[must_use]
    pub fn field(&self, n: usize) -> Option<Field<'m>> {
        let raw = field_text(self.raw, &self.line, self.message.delimiters().field, n)?;
        Some(self.numbered(n, raw))
    }

    /// The number of the last field, empty ones included.
    #[must_use]
    pub fn field_count(&self) -> usize {
        let delimiter = self.message.delimiters().field;
        let Some(fields) = fields_text(self.raw, &self.line, delimiter) else { return 0 };
        1 + usize::from(self.line.is_header()) + memchr::memchr_iter(delimiter, fields.as_bytes()).count()
    }

    /// The numbered fields in order, empty ones included.
    pub fn fields(&self) -> impl Iterator<Item = (usize, Field<'m>)> + use<'m> {
        let segment = *self;
        let numbered = segment.field_texts().enumerate();
        numbered.map(move |(before, raw)| (before + 1, segment.numbered(before + 1, raw)))
    }

    /// The fields in order as written, empty ones included.
    pub(crate) fn field_texts(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        let delimiter = self.message.delimiters().field;
        let separator = self.raw.get(3..FIELDS_START).filter(|_| self.line.is_header());
        let mut rest = fields_text(self.raw, &self.line, delimiter);
        let split = std::iter::from_fn(move || {
            let current = rest?;
            let cut = first(current.as_bytes(), delimiter);
            rest = cut.and_then(|at| current.get(at + 1..));
            cut.map_or(Some(current), |at| current.get(..at))
        });
        separator.into_iter().chain(split)
    }

    /// Field `n`, which is known to be `raw`.
    pub(crate) fn numbered(&self, n: usize, raw: &'m str) -> Field<'m> {
        Field::new(self.message, raw, Place::of_field(self.index, n, self.is_literal(n)))
    }

    /// The part with these numbers, which is known to be `raw`; the numbers of levels below its own are 0.
    pub(crate) fn part<L: Level>(&self, raw: &'m str, numbers: [u32; 4]) -> Part<'m, L> {
        let literal = self.is_literal(numbers.first().map_or(0, |field| *field as usize));
        Part::new(self.message, raw, Place::of_part(self.index, numbers, literal))
    }

    /// Whether delimiters in field `n` are themselves: it is MSH-1 or MSH-2.
    pub(crate) fn is_literal(&self, n: usize) -> bool {
        n <= 2 && self.line.is_header()
    }
}

/// What stands behind the first field separator of a segment.
#[inline]
pub(crate) fn fields_text<'m>(raw: &'m str, line: &Line, delimiter: u8) -> Option<&'m str> {
    if line.is_named() {
        return raw.get(FIELDS_START..);
    }
    let first = memchr::memchr(delimiter, raw.as_bytes())?;
    raw.get(first + 1..)
}

/// Field `n` of a segment.
#[inline]
pub(crate) fn field_text<'m>(raw: &'m str, line: &Line, delimiter: u8, n: usize) -> Option<&'m str> {
    let skip = n.checked_sub(1)?;
    if !line.is_header() {
        return nth(fields_text(raw, line, delimiter)?, delimiter, skip);
    }
    match skip.checked_sub(1) {
        None => raw.get(3..FIELDS_START),
        Some(skip) => nth(raw.get(FIELDS_START..)?, delimiter, skip),
    }
}

impl fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.line.is_named() { self.name() } else { "?" };
        write!(f, "Segment({name}, {} characters)", self.raw.len())
    }
}
