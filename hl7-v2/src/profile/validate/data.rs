//! Repetitions, components and subcomponents of a message beside the data types that the profile gives them.

use std::borrow::Cow;

use crate::escape::{Syntax, unescape};
use crate::path::Split;
use crate::profile::model::{DatatypeProfile, Primitive, SegmentProfile, Usage};
use crate::{Delimiters, Location, Segment};

/// A place in a message that a finding can be about.
#[derive(Clone, Copy)]
pub(super) struct Spot<'m> {
    pub(super) line: usize,
    pub(super) location: Option<Location>,
    /// What stands there, a slice of the line; an empty one where something is missing.
    pub(super) raw: &'m str,
}

/// A repetition of a field, or a part of one, with its data type.
#[derive(Clone, Copy)]
pub(super) struct Data<'p, 'm> {
    pub(super) raw: &'m str,
    level: Level,
    syntax: Syntax,
    pub(super) datatype: &'p DatatypeProfile,
    pub(super) usage: Usage,
    pub(super) number: usize,
    pub(super) line: usize,
    pub(super) location: Option<Location>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Repetition,
    Component,
    Subcomponent,
}

impl<'p, 'm> Data<'p, 'm> {
    pub(super) fn spot(&self) -> Spot<'m> {
        Spot { line: self.line, location: self.location, raw: self.raw }
    }

    /// The same, of another data type.
    pub(super) fn with_datatype(self, datatype: &'p DatatypeProfile) -> Self {
        Self { datatype, ..self }
    }

    /// The place behind it.
    pub(super) fn end(&self) -> &'m str {
        self.raw.get(self.raw.len()..).unwrap_or_default()
    }

    /// Nothing but delimiters and white space.
    pub(super) fn is_blank(&self) -> bool {
        is_blank(self.raw, &self.syntax.delimiters)
    }

    pub(super) fn is_null(&self) -> bool {
        self.raw == "\"\""
    }

    /// The text of the value: of the first part of the parts that should not be there.
    pub(super) fn text(&self) -> Cow<'m, str> {
        let Syntax { delimiters, charset } = self.syntax;
        let component = match self.level {
            Level::Repetition => before(self.raw, delimiters.component),
            Level::Component | Level::Subcomponent => self.raw,
        };
        unescape(before(component, delimiters.subcomponent), &delimiters, charset)
    }

    /// The parts in order, blank ones included: components or subcomponents. A subcomponent stands for its own first
    /// part.
    pub(super) fn parts(&self) -> Split<'m> {
        match self.level {
            Level::Repetition => Split::new(self.raw, self.syntax.delimiters.component),
            Level::Component => Split::new(self.raw, self.syntax.delimiters.subcomponent),
            Level::Subcomponent => Split::whole(self.raw),
        }
    }

    /// Whether it can have more than one part.
    pub(super) fn has_parts(&self) -> bool {
        self.level != Level::Subcomponent
    }

    pub(super) fn is_repetition(&self) -> bool {
        self.level == Level::Repetition
    }

    /// Part `position`, from 1, when the data type has it and something stands there.
    pub(super) fn child(&self, position: usize) -> Option<Self> {
        let raw = self.parts().nth(position.checked_sub(1)?)?;
        self.as_child(position, raw).filter(|child| !child.is_blank())
    }

    /// `raw` as part `position` of this.
    pub(super) fn as_child(&self, position: usize, raw: &'m str) -> Option<Self> {
        let component = self.datatype.components.get(position.checked_sub(1)?)?;
        let level = match self.level {
            Level::Repetition => Level::Component,
            Level::Component | Level::Subcomponent => Level::Subcomponent,
        };
        Some(Self {
            raw,
            level,
            datatype: &component.datatype,
            usage: component.usage,
            number: 1,
            location: self.part_location(position),
            ..*self
        })
    }

    /// The address of part `position`.
    pub(super) fn part_location(&self, position: usize) -> Option<Location> {
        let location = self.location?;
        Some(match self.level {
            Level::Repetition => location.at_component(position),
            Level::Component => location.at_subcomponent(position),
            Level::Subcomponent => location,
        })
    }
}

/// A segment of a message beside that of the profile.
#[derive(Clone, Copy)]
pub(super) struct SegmentData<'p, 'm> {
    pub(super) profile: &'p SegmentProfile,
    pub(super) segment: Segment<'m>,
    pub(super) syntax: Syntax,
}

impl<'p, 'm> SegmentData<'p, 'm> {
    /// The address of a field.
    pub(super) fn field_location(&self, position: usize) -> Option<Location> {
        self.segment.location().map(|segment| segment.at_field(position))
    }

    /// The repetitions of field `position` that are not blank.
    pub(super) fn repetitions(&self, position: usize) -> impl Iterator<Item = Data<'p, 'm>> + use<'p, 'm> {
        let field = position.checked_sub(1).and_then(|index| self.profile.fields.get(index));
        let raw = field.and_then(|_| self.segment.field(position));
        let all = field.zip(raw).map(|(field, raw)| {
            let datatype = self.datatype(position).unwrap_or(&field.datatype);
            self.data_of(position, raw.raw(), datatype, field.usage)
        });
        all.into_iter().flatten().filter(|data| !data.is_blank())
    }

    /// All repetitions of a field that is written so.
    pub(super) fn data_of(
        &self,
        position: usize,
        raw: &'m str,
        datatype: &'p DatatypeProfile,
        usage: Usage,
    ) -> impl Iterator<Item = Data<'p, 'm>> + use<'p, 'm> {
        let literal = position <= 2 && self.segment.id().is_some_and(crate::SegmentId::is_header);
        let delimiters = self.syntax.delimiters;
        let syntax =
            Syntax { delimiters: if literal { delimiters.literal() } else { delimiters }, ..self.syntax };
        let level = if literal { Level::Subcomponent } else { Level::Repetition };
        let (line, field) = (self.segment.index(), self.field_location(position));
        Split::new(raw, syntax.delimiters.repetition).enumerate().map(move |(index, raw)| Data {
            raw,
            level,
            syntax,
            datatype,
            usage,
            number: index + 1,
            line,
            location: field.map(|field| field.at_repetition(index + 1)),
        })
    }

    /// The data type that other fields give the field; `None` when the profile maps none, or not this value.
    pub(super) fn datatype(&self, position: usize) -> Option<&'p DatatypeProfile> {
        let field = self.profile.fields.get(position.checked_sub(1)?)?;
        if !field.datatype.is_primitive() || field.datatype.primitive != Primitive::Varies {
            return None;
        }
        let mapping = self.profile.mappings.iter().find(|mapping| mapping.field == position)?;
        let [first, second] = mapping.references.map(|reference| self.reference(reference));
        let matches =
            |value: &Option<String>, found: &Option<Cow<'_, str>>| value.as_deref() == found.as_deref();
        let exact = mapping.cases.iter().find(|case| {
            let [one, other] = &case.values;
            matches(one, &first) && matches(other, &second)
        });
        let by_first =
            || mapping.cases.iter().find(|case| matches!(&case.values, [one, None] if matches(one, &first)));
        exact.or_else(by_first).map(|case| &*case.datatype)
    }

    /// Whether the profile maps the field, and the value that decides is there and not among those mapped.
    pub(super) fn is_unmapped(&self, position: usize) -> bool {
        let mapping = self.profile.mappings.iter().find(|mapping| mapping.field == position);
        mapping.is_some_and(|mapping| {
            let [first, _] = mapping.references;
            self.reference(first).is_some() && self.datatype(position).is_none()
        })
    }

    fn reference(&self, place: Option<(usize, Option<usize>)>) -> Option<Cow<'m, str>> {
        let (field, component) = place?;
        let field = self.segment.field(field)?;
        field.component(component.unwrap_or(1))?.subcomponent(1)?.value()
    }
}

pub(super) fn is_blank(raw: &str, delimiters: &Delimiters) -> bool {
    let (component, subcomponent) = (delimiters.component, delimiters.subcomponent);
    raw.bytes().all(|byte| byte == component || byte == subcomponent || byte.is_ascii_whitespace())
}

fn before(raw: &str, delimiter: u8) -> &str {
    memchr::memchr(delimiter, raw.as_bytes()).and_then(|end| raw.get(..end)).unwrap_or(raw)
}
