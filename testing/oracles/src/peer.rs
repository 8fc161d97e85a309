//! Each parser's reading of a text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use carewire_hl7_v2::{Charset, Message, ParseOptions, Segment};

use crate::reading::{Reading, Refusal, SegmentReading, Text};

/// A parser to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Peer {
    /// `hl7-2` 0.2.7 over `er7` 0.1.4.
    Hl72,
    /// `mllp` 0.3.0.
    Mllp,
    /// `hl7-parser` 0.3.0, told to take LF and CR LF for line ends.
    Hl7Parser,
}

impl Peer {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hl72, Self::Mllp, Self::Hl7Parser];

    /// Its reading of a text.
    ///
    /// # Errors
    /// When it says that this is no message, or panics.
    pub fn read(self, text: &str) -> Result<Reading, Refusal> {
        let read = match self {
            Self::Hl72 => hl7_2,
            Self::Mllp => mllp,
            Self::Hl7Parser => hl7_parser,
        };
        let read = catch_unwind(|| read(text)).map_err(|_| Refusal::Panic)?;
        read.ok_or(Refusal::Error)
    }
}

/// Our message of a text, whatever character set MSH-18 names: the others read text only.
///
/// # Errors
/// When it is no message.
pub(crate) fn our_message(text: &str) -> Result<Message<'_>, Refusal> {
    let options = ParseOptions::default().with_charset(Charset::Utf8);
    Message::parse(text.as_bytes(), &options).map_err(|_| Refusal::Error)
}

/// Our reading.
pub(crate) fn ours(message: &Message<'_>) -> Reading {
    Reading { segments: message.segments().map(our_segment).collect() }
}

fn our_segment(segment: Segment<'_>) -> SegmentReading {
    let mut reading = SegmentReading::named(segment.name());
    for (f, field) in segment.fields() {
        for (r, repetition) in (1..).zip(field.repetitions()) {
            for (c, component) in (1..).zip(repetition.components()) {
                for (s, part) in (1..).zip(component.subcomponents()) {
                    reading.push([f, r, c, s], part.raw(), Some(Text::Is(part.text().into_owned())));
                }
            }
        }
    }
    reading
}

fn hl7_2(text: &str) -> Option<Reading> {
    let message = hl7_2::parse(text).ok()?;
    let separators = message.separators();
    let segments = message.segments().map(|segment| {
        let mut reading = SegmentReading::named(&segment.name);
        for (f, field) in (1..).zip(&segment.fields) {
            for (r, repetition) in (1..).zip(&field.repetitions) {
                for (c, component) in (1..).zip(&repetition.components) {
                    for (s, part) in (1..).zip(&component.subcomponents) {
                        let literal = segment.is_header() && f <= 2;
                        let value = part.value(separators).into_owned();
                        let text = if literal { part.raw.clone() } else { value };
                        reading.push([f, r, c, s], &part.raw, Some(Text::Is(text)));
                    }
                }
            }
        }
        reading
    });
    Some(Reading { segments: segments.collect() })
}

fn mllp(text: &str) -> Option<Reading> {
    let message = mllp::Message::parse(text).ok()?;
    let separators = message.separators();
    let segments = message.segments().iter().map(|segment| {
        let mut reading = SegmentReading::named(segment.name());
        for (f, field) in (1..).zip(segment.fields()) {
            for (r, repetition) in (1..).zip(field.repetitions()) {
                for (c, component) in (1..).zip(repetition.split(separators.component)) {
                    for (s, part) in (1..).zip(component.split(separators.subcomponent)) {
                        // It has a text for the first repetition of a field, all of it.
                        let whole = field.value() == part && r == 1;
                        let text = whole.then(|| Text::Is(field.unescape()));
                        reading.push([f, r, c, s], part, text);
                    }
                }
            }
        }
        reading
    });
    Some(Reading { segments: segments.collect() })
}

fn hl7_parser(text: &str) -> Option<Reading> {
    let message = hl7_parser::Message::parse_with_lenient_newlines(text, true).ok()?;
    let decode = |value: &str| {
        let decoded = catch_unwind(AssertUnwindSafe(|| message.separators.decode(value).to_string()));
        decoded.map_or(Text::Panics, Text::Is)
    };
    let segments = message.segments.iter().enumerate().map(|(at, segment)| {
        let mut reading = SegmentReading::named(segment.name);
        for (f, field) in (1..).zip(&segment.fields) {
            for (r, repetition) in (1..).zip(&field.repeats) {
                for (c, component) in (1..).zip(&repetition.components) {
                    for (s, part) in (1..).zip(&component.subcomponents) {
                        let literal = at == 0 && f <= 2;
                        let text = if literal { Text::Is(part.value.to_owned()) } else { decode(part.value) };
                        reading.push([f, r, c, s], part.value, Some(text));
                    }
                }
            }
        }
        reading
    });
    Some(Reading { segments: segments.collect() })
}
