//! What a parser makes of a text, in one form for all of them.

use std::collections::BTreeMap;

/// The segments of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// In order.
    pub segments: Vec<SegmentReading>,
}

/// One segment: its name, and the subcomponents that are not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentReading {
    /// As the parser gives it.
    pub name: String,
    /// The subcomponents as written.
    pub raw: BTreeMap<Place, String>,
    /// What the escape sequences in them stand for.
    pub text: BTreeMap<Place, Text>,
}

/// Field, repetition, component, subcomponent, from 1.
pub type Place = [usize; 4];

/// What a parser makes of the escape sequences of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Text {
    /// A text.
    Is(String),
    /// It panics.
    Panics,
}

/// Why there is no reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It says that the text is no message.
    Error,
    /// It panics.
    Panic,
}

impl SegmentReading {
    /// A segment of this name, without values yet.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Adds a subcomponent unless it is empty.
    pub fn push(&mut self, place: Place, raw: &str, text: Option<Text>) {
        if raw.is_empty() {
            return;
        }
        self.raw.insert(place, raw.to_owned());
        if let Some(text) = text {
            self.text.insert(place, text);
        }
    }
}
