//! Values as bytes.

use std::collections::BTreeMap;

use super::segment::SegmentBuilder;
use super::text;
use super::value::{MOST_PARTS, Part};
use super::{BuildError, Value};
use crate::batch::is_envelope;
use crate::escape::Syntax;
use crate::{Location, SegmentId};

/// Writes segments one after another. Empty parts at the end of a list are left out.
pub(crate) struct Writer {
    syntax: Syntax,
    bytes: Vec<u8>,
    segments: usize,
    occurrences: BTreeMap<SegmentId, usize>,
}

/// How deep in a field a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Repetition,
    Component,
    Subcomponent,
}

impl Writer {
    pub(crate) fn new(syntax: Syntax) -> Self {
        Self { syntax, bytes: Vec::with_capacity(1_024), segments: 0, occurrences: BTreeMap::new() }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// One segment and its CR.
    pub(crate) fn segment(&mut self, segment: &SegmentBuilder) -> Result<(), BuildError> {
        self.segments += 1;
        let position = self.segments;
        let Some(name) = SegmentId::parse(segment.name()).filter(|name| !name.is_lower_case()) else {
            return Err(BuildError::SegmentId { position });
        };
        if is_envelope(name) {
            return Err(BuildError::Envelope { position });
        }
        let occurrence = self.occurrences.entry(name).or_insert(0);
        *occurrence += 1;
        let place = Location::of_segment(name, *occurrence);
        if let Some(wrong) = segment.misnumbered() {
            let location = place.at_field(wrong.field).at_repetition(wrong.repetition);
            return Err(BuildError::Number { location });
        }
        self.bytes.extend(name.as_str().as_bytes());
        let skipped = if name.is_header() { self.header_start(segment, place)? } else { 0 };
        let mut end = self.bytes.len();
        for (index, repetitions) in segment.fields().iter().enumerate().skip(skipped) {
            self.bytes.push(self.syntax.delimiters.field);
            if self.field(repetitions, place.at_field(index + 1))? {
                end = self.bytes.len();
            }
        }
        self.bytes.truncate(end);
        self.bytes.push(b'\r');
        Ok(())
    }

    /// The delimiters of a header segment; gives how many fields they stand for.
    fn header_start(&mut self, segment: &SegmentBuilder, place: Location) -> Result<usize, BuildError> {
        if let Some(given) = [1, 2].into_iter().find(|n| segment.is_given(*n)) {
            return Err(BuildError::Delimiters { location: place.at_field(given) });
        }
        self.bytes.push(self.syntax.delimiters.field);
        self.bytes.extend(self.syntax.delimiters.encoding_characters().as_bytes());
        Ok(2)
    }

    /// The repetitions of a field; whether there was anything to write.
    fn field(&mut self, repetitions: &[Value], place: Location) -> Result<bool, BuildError> {
        let separator = self.syntax.delimiters.repetition();
        let place_of = |n| if n > 1 { place.at_repetition(n) } else { place };
        self.list(repetitions, separator, Level::Repetition, place_of)
    }

    fn value(&mut self, value: &Value, level: Level, place: Location) -> Result<bool, BuildError> {
        match &value.0 {
            Part::Absent => Ok(false),
            Part::Null => {
                self.bytes.extend(b"\"\"");
                Ok(true)
            }
            Part::Text(text) => self.text(text, false, place),
            Part::Lines(text) => self.text(text, true, place),
            Part::Raw(notation) => self.raw(notation, level, place),
            Part::Parts(parts) => self.parts(parts, level, place),
        }
    }

    fn parts(&mut self, parts: &[Value], level: Level, place: Location) -> Result<bool, BuildError> {
        if parts.len() > MOST_PARTS {
            return Err(BuildError::Number { location: place });
        }
        let (separator, below) = match level {
            Level::Repetition => (self.syntax.delimiters.component(), Level::Component),
            Level::Component => (self.syntax.delimiters.subcomponent(), Level::Subcomponent),
            Level::Subcomponent => return self.lowest(parts, place),
        };
        self.list(parts, separator, below, |n| match below {
            Level::Component => place.at_component(n),
            _ => place.at_subcomponent(n),
        })
    }

    /// Parts of a subcomponent: all but the first must be absent.
    fn lowest(&mut self, parts: &[Value], place: Location) -> Result<bool, BuildError> {
        let mut parts = parts;
        loop {
            let Some((first, others)) = parts.split_first() else { return Ok(false) };
            if !others.iter().all(Value::is_absent) {
                return Err(BuildError::TooDeep { location: place });
            }
            match &first.0 {
                Part::Parts(below) => parts = below,
                _ => return self.value(first, Level::Subcomponent, place),
            }
        }
    }

    /// Values with a separator between them; whether there was anything to write.
    fn list(
        &mut self,
        values: &[Value],
        separator: Option<char>,
        level: Level,
        place_of: impl Fn(usize) -> Location,
    ) -> Result<bool, BuildError> {
        let start = self.bytes.len();
        let mut end = start;
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                // Without a separator, the byte is a stand-in: it is either cut off or the cause of an error.
                self.bytes.push(separator.and_then(|c| u8::try_from(c).ok()).unwrap_or(b'?'));
            }
            if self.value(value, level, place_of(index + 1))? {
                end = self.bytes.len();
                if index > 0 && separator.is_none() {
                    return Err(BuildError::NoSeparator { location: place_of(index + 1) });
                }
            }
        }
        self.bytes.truncate(end);
        Ok(end > start)
    }

    fn text(&mut self, text: &str, lines: bool, place: Location) -> Result<bool, BuildError> {
        let written = text::write(text, lines, self.syntax, &mut self.bytes);
        match written {
            Ok(()) => Ok(true),
            Err(text::Unwritable::Escape) => Err(BuildError::NoEscapeCharacter { location: place }),
            Err(text::Unwritable::Charset) => Err(BuildError::Charset { location: place }),
        }
    }

    fn raw(&mut self, notation: &str, level: Level, place: Location) -> Result<bool, BuildError> {
        let delimiters = self.syntax.delimiters;
        let above = match level {
            Level::Repetition => [Some(delimiters.field()), None, None, None],
            Level::Component => {
                [Some(delimiters.field()), delimiters.repetition(), delimiters.component(), None]
            }
            Level::Subcomponent => [
                Some(delimiters.field()),
                delimiters.repetition(),
                delimiters.component(),
                delimiters.subcomponent(),
            ],
        };
        let leaves = |c: char| above.contains(&Some(c));
        if notation.bytes().any(text::is_control) || notation.contains(leaves) {
            return Err(BuildError::Raw { location: place });
        }
        match text::encode(notation, self.syntax, &mut self.bytes) {
            Ok(()) => Ok(true),
            Err(_) => Err(BuildError::Charset { location: place }),
        }
    }
}
