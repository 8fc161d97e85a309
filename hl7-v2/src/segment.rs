//! One segment of a message.

use std::fmt;
use std::ops::Range;

use crate::escape::Syntax;
use crate::field::Field;
use crate::index::Line;
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
        self.line.id.and_then(|_| self.raw.get(..3)).unwrap_or_default()
    }

    /// The name, unless the line does not begin with one.
    #[must_use]
    pub fn id(&self) -> Option<SegmentId> {
        self.line.id
    }

    /// Which segment of the message this is, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Which of the segments of its name this is, from 1.
    #[must_use]
    pub fn occurrence(&self) -> usize {
        self.line.occurrence
    }

    /// Its address; `None` for a line without a name.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.line.location()
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

    /// Field `n` as the standard counts: in MSH the separator itself is field 1. `None` behind the last field.
    #[must_use]
    pub fn field(&self, n: usize) -> Option<Field<'m>> {
        let syntax = self.message.syntax();
        let is_header = self.line.id.is_some_and(SegmentId::is_header);
        if !is_header {
            return Some(Field::new(
                nth(self.fields_text()?, syntax.delimiters.field, n.checked_sub(1)?)?,
                syntax,
            ));
        }
        let literal = Syntax { delimiters: syntax.delimiters.literal(), ..syntax };
        let raw = match n.checked_sub(2) {
            None => self.raw.get(3..4).filter(|_| n == 1)?,
            Some(skip) => nth(self.fields_text()?, syntax.delimiters.field, skip)?,
        };
        Some(Field::new(raw, if n <= 2 { literal } else { syntax }))
    }

    /// The number of the last field, empty ones included.
    #[must_use]
    pub fn field_count(&self) -> usize {
        let Some(fields) = self.fields_text() else { return 0 };
        let delimiter = self.message.syntax().delimiters.field;
        let header = usize::from(self.line.id.is_some_and(SegmentId::is_header));
        1 + header + memchr::memchr_iter(delimiter, fields.as_bytes()).count()
    }

    /// The numbered fields in order, empty ones included.
    pub fn fields(&self) -> impl Iterator<Item = (usize, Field<'m>)> + use<'m> {
        let segment = *self;
        let literal_until = if segment.line.id.is_some_and(SegmentId::is_header) { 2 } else { 0 };
        let syntax = segment.message.syntax();
        let rest = segment.fields_text().map(|fields| fields.split(syntax.delimiters.field()));
        let split = rest.into_iter().flatten().map(move |raw| Field::new(raw, syntax));
        let special = (1..=literal_until).map_while(move |n| segment.field(n));
        special
            .chain(split.skip(usize::from(literal_until == 2)))
            .enumerate()
            .map(|(at, field)| (at + 1, field))
    }

    /// What stands behind the first field separator.
    fn fields_text(&self) -> Option<&'m str> {
        if self.line.id.is_some() {
            return self.raw.get(4..);
        }
        let first = memchr::memchr(self.message.syntax().delimiters.field, self.raw.as_bytes())?;
        self.raw.get(first + 1..)
    }
}

impl fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.line.id.as_ref().map_or("?", SegmentId::as_str);
        write!(f, "Segment({name}, {} characters)", self.raw.len())
    }
}

/// The part behind `skip` delimiters.
pub(crate) fn nth(text: &str, delimiter: u8, skip: usize) -> Option<&str> {
    let mut ends = memchr::memchr_iter(delimiter, text.as_bytes());
    let start = match skip.checked_sub(1) {
        None => 0,
        Some(before) => ends.nth(before)? + 1,
    };
    text.get(start..ends.next().unwrap_or(text.len()))
}
