//! Everything that a message says, value by value.

use std::borrow::Cow;
use std::fmt;
use std::iter::FusedIterator;

use super::split::Split;
use crate::escape::{Syntax, unescape};
use crate::{Location, Message, Presence, Segment, SegmentId};

impl Message<'_> {
    /// Everything that the message says: each subcomponent that is not empty, with its place, in order. What is
    /// not a delimiter, a segment's name or a line end is in exactly one of them.
    ///
    /// ```
    /// use carewire_hl7_v2::{Message, ParseOptions};
    ///
    /// let message = Message::parse(b"MSH|^~\\&|A\rPID|||5^^^GEN&1.2~9||Doe\\T\\Co\r", &ParseOptions::default())?;
    /// let patient = message.leaves().filter(|leaf| leaf.segment().name() == "PID");
    /// let said: Vec<_> = patient.filter_map(|leaf| Some(format!("{} {}", leaf.location()?, leaf.text()))).collect();
    /// assert_eq!(said, [
    ///     "PID[1]-3[1].1.1 5",
    ///     "PID[1]-3[1].4.1 GEN",
    ///     "PID[1]-3[1].4.2 1.2",
    ///     "PID[1]-3[2].1.1 9",
    ///     "PID[1]-5[1].1.1 Doe&Co",
    /// ]);
    /// # Ok::<(), carewire_hl7_v2::ParseError>(())
    /// ```
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves { message: self, next_segment: 0, parts: None }
    }
}

/// The values of a message, one by one. Made by [`Message::leaves`].
#[derive(Clone)]
pub struct Leaves<'m> {
    message: &'m Message<'m>,
    next_segment: usize,
    parts: Option<(Segment<'m>, Parts<'m>)>,
}

impl<'m> Iterator for Leaves<'m> {
    type Item = Leaf<'m>;

    fn next(&mut self) -> Option<Leaf<'m>> {
        loop {
            if let Some((segment, parts)) = &mut self.parts
                && let Some(part) = parts.next()
            {
                return Some(Leaf { segment: *segment, part });
            }
            let message = self.message;
            let segment = message.segment_at(self.next_segment)?;
            self.next_segment += 1;
            self.parts = Some((segment, Parts::new(segment.raw(), segment.id(), message.syntax())));
        }
    }
}

impl FusedIterator for Leaves<'_> {}

impl fmt::Debug for Leaves<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Leaves(before segment {})", self.next_segment)
    }
}

/// One value of a message: a subcomponent that is not empty.
#[derive(Clone, Copy)]
pub struct Leaf<'m> {
    segment: Segment<'m>,
    part: Part<'m>,
}

impl<'m> Leaf<'m> {
    pub(crate) fn new(segment: Segment<'m>, part: Part<'m>) -> Self {
        Self { segment, part }
    }

    /// The segment that it stands in.
    #[must_use]
    pub fn segment(&self) -> Segment<'m> {
        self.segment
    }

    /// Its place, with all numbers down to the subcomponent; `None` in a line without a segment id.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        Some(self.part.place(self.segment.location()?))
    }

    /// The field, from 1. In a line without a segment id, 0 is what stands before the first separator.
    #[must_use]
    pub fn field(&self) -> usize {
        self.part.field
    }

    /// The repetition of the field, from 1.
    #[must_use]
    pub fn repetition(&self) -> usize {
        self.part.repetition
    }

    /// The component, from 1.
    #[must_use]
    pub fn component(&self) -> usize {
        self.part.component
    }

    /// The subcomponent, from 1.
    #[must_use]
    pub fn subcomponent(&self) -> usize {
        self.part.subcomponent
    }

    /// The value as written, escape sequences and all.
    #[must_use]
    pub fn raw(&self) -> &'m str {
        self.part.raw
    }

    /// The value with escape sequences replaced. An explicit null is `""`.
    #[must_use]
    pub fn text(&self) -> Cow<'m, str> {
        unescape(self.part.raw, &self.part.syntax.delimiters, self.part.syntax.charset)
    }

    /// Whether it is a value or the explicit null.
    #[must_use]
    pub fn presence(&self) -> Presence {
        if self.part.raw == "\"\"" { Presence::Null } else { Presence::Value }
    }
}

impl fmt::Debug for Leaf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location() {
            Some(place) => write!(f, "Leaf({place}, {:?})", self.presence()),
            None => write!(f, "Leaf(?-{}, {:?})", self.part.field, self.presence()),
        }
    }
}

/// A value and its numbers inside a segment.
#[derive(Clone, Copy)]
pub(crate) struct Part<'m> {
    pub(crate) raw: &'m str,
    pub(crate) syntax: Syntax,
    pub(crate) field: usize,
    pub(crate) repetition: usize,
    pub(crate) component: usize,
    pub(crate) subcomponent: usize,
}

impl Part<'_> {
    /// The place in this segment.
    pub(crate) fn place(&self, segment: Location) -> Location {
        let field = segment.at_field(self.field).at_repetition(self.repetition);
        field.at_component(self.component).at_subcomponent(self.subcomponent)
    }
}

/// The values of one segment.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'m> {
    syntax: Syntax,
    /// What stands before the first field: of a line without a name.
    head: Option<&'m str>,
    /// MSH-1, of a header.
    separator: Option<&'m str>,
    /// How many fields are not counted by `fields`.
    skipped: usize,
    fields: Split<'m>,
    repetitions: Split<'m>,
    components: Split<'m>,
    subcomponents: Split<'m>,
}

impl<'m> Parts<'m> {
    pub(crate) fn new(raw: &'m str, id: Option<SegmentId>, syntax: Syntax) -> Self {
        let field = syntax.delimiters.field;
        let cut = if id.is_some() { Some(3) } else { memchr::memchr(field, raw.as_bytes()) };
        let head = raw.get(..cut.unwrap_or(raw.len())).filter(|head| id.is_none() && !head.is_empty());
        let behind = cut.and_then(|at| raw.get(at + 1..)).unwrap_or_default();
        let is_header = id.is_some_and(SegmentId::is_header);
        Self {
            syntax,
            head,
            separator: raw.get(3..4).filter(|_| is_header),
            skipped: usize::from(is_header),
            fields: Split::new(behind, field),
            repetitions: Split::done(),
            components: Split::done(),
            subcomponents: Split::done(),
        }
    }

    /// A part that is read as it stands: MSH-1, MSH-2, and what stands before the first separator.
    fn literal(&self, raw: &'m str, field: usize) -> Part<'m> {
        let syntax = Syntax { delimiters: self.syntax.delimiters.literal(), ..self.syntax };
        Part { raw, syntax, field, repetition: 1, component: 1, subcomponent: 1 }
    }
}

impl<'m> Iterator for Parts<'m> {
    type Item = Part<'m>;

    fn next(&mut self) -> Option<Part<'m>> {
        if let Some(head) = self.head.take() {
            return Some(self.literal(head, 0));
        }
        if let Some(separator) = self.separator.take() {
            return Some(self.literal(separator, 1));
        }
        loop {
            let delimiters = self.syntax.delimiters;
            if let Some(raw) = self.subcomponents.next() {
                if !raw.is_empty() {
                    return Some(Part {
                        raw,
                        syntax: self.syntax,
                        field: self.fields.number() + self.skipped,
                        repetition: self.repetitions.number(),
                        component: self.components.number(),
                        subcomponent: self.subcomponents.number(),
                    });
                }
            } else if let Some(component) = self.components.next() {
                self.subcomponents = Split::new(component, delimiters.subcomponent);
            } else if let Some(repetition) = self.repetitions.next() {
                self.components = Split::new(repetition, delimiters.component);
            } else {
                let field = self.fields.next()?;
                if self.skipped == 1 && self.fields.number() == 1 {
                    if field.is_empty() {
                        continue;
                    }
                    return Some(self.literal(field, 2));
                }
                self.repetitions = Split::new(field, delimiters.repetition);
            }
        }
    }
}
