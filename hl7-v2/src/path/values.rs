//! The values at the places that a path names.

use std::borrow::Cow;
use std::fmt;
use std::iter::FusedIterator;

use super::split::Split;
use super::{Path, Target};
use crate::{Field, Index, Location, Message, PathError, Presence, Repetition, Segment};

impl Message<'_> {
    /// The text at every place that a path names, with the place, in the order of the message. Places that are
    /// absent or empty are left out; an explicit null is `""`. Takes what names a [`Path`]: its text, or a
    /// [`Location`].
    ///
    /// ```
    /// use carewire_hl7_v2::{Message, ParseOptions};
    ///
    /// let bytes = b"MSH|^~\\&|A\rPID|1||5^^^GEN~9^^^GOV\rOBX|1|NM|||7.1\rOBX|2|ST\rOBX|3|NM|||5\r";
    /// let message = Message::parse(bytes, &ParseOptions::default())?;
    /// let ids: Vec<_> = message.get_all("PID-3[*].1")?.map(|(place, id)| format!("{place} {id}")).collect();
    /// assert_eq!(ids, ["PID[1]-3[1].1 5", "PID[1]-3[2].1 9"]);
    /// let results: Vec<_> = message.get_all("OBX(*)-5")?.map(|(place, _)| place.occurrence()).collect();
    /// assert_eq!(results, [1, 3]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the path cannot be read, names no field, or leads through groups.
    pub fn get_all<P>(&self, path: P) -> Result<Values<'_>, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        let path: Path = path.try_into()?;
        Values::new(self, path.flat()?)
    }

    /// What the message says about a place: nothing, the explicit null, or a value. A segment that is there is a
    /// value.
    ///
    /// ```
    /// use carewire_hl7_v2::{Message, ParseOptions, Presence};
    ///
    /// let message = Message::parse(b"MSH|^~\\&|A\rPID|1|\"\"|5||\r", &ParseOptions::default())?;
    /// assert_eq!(message.presence("PID-2")?, Presence::Null);
    /// assert_eq!(message.presence("PID-3")?, Presence::Value);
    /// assert_eq!(message.presence("PID-4")?, Presence::Absent);
    /// assert_eq!(message.presence("PV1")?, Presence::Absent);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the path cannot be read, names several places, or leads through groups.
    pub fn presence<P>(&self, path: P) -> Result<Presence, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        let place = path.try_into()?.place()?;
        let Some(segment) = self.segment_of(&place) else { return Ok(Presence::Absent) };
        let Some(field) = place.field() else { return Ok(Presence::Value) };
        let field = segment.field(field);
        Ok(field.and_then(|field| presence_in(field, &place)).unwrap_or(Presence::Absent))
    }

    /// The segment of a place.
    #[must_use]
    pub fn segment_of(&self, place: &Location) -> Option<Segment<'_>> {
        let wanted = place.segment();
        self.segments().find(|segment| {
            segment.occurrence() == place.occurrence() && segment.id().is_some_and(|id| id.matches(wanted))
        })
    }
}

/// The values at the places that a path names, with the places. Made by [`Message::get_all`].
#[derive(Clone)]
pub struct Values<'m> {
    message: &'m Message<'m>,
    target: Target,
    field: usize,
    next_segment: usize,
    current: Option<Current<'m>>,
}

/// The field that is being read.
#[derive(Clone)]
struct Current<'m> {
    repetitions: Split<'m>,
    field: Field<'m>,
    occurrence: usize,
}

impl<'m> Values<'m> {
    pub(crate) fn new(message: &'m Message<'_>, target: Target) -> Result<Self, PathError> {
        let field = target.field.ok_or(PathError::NoField)?;
        Ok(Self { message, target, field, next_segment: 0, current: None })
    }

    /// The values in one segment.
    #[cfg(feature = "dictionary")]
    pub(crate) fn of_segment(
        message: &'m Message<'_>,
        index: usize,
        target: Target,
    ) -> Result<impl Iterator<Item = (Location, Cow<'m, str>)> + use<'m>, PathError> {
        let mut values = Self { next_segment: usize::MAX, ..Self::new(message, target)? };
        values.current = message.segment_at(index).and_then(|segment| values.field_of(segment));
        Ok(values)
    }

    /// The field in the next segment that the path names and that has it.
    fn next_field(&mut self) -> Option<Current<'m>> {
        let message = self.message;
        loop {
            let segment = message.segment_at(self.next_segment)?;
            self.next_segment += 1;
            if let Some(field) = self.field_of(segment) {
                return Some(field);
            }
        }
    }

    /// The field in a segment, if the path names the segment and it has the field.
    fn field_of(&self, segment: Segment<'m>) -> Option<Current<'m>> {
        let named = segment.id().is_some_and(|id| id.matches(self.target.segment));
        if !named || !self.target.occurrence.includes(segment.occurrence()) {
            return None;
        }
        let field = segment.field(self.field)?;
        let repetitions = Split::new(field.raw(), field.syntax().delimiters.repetition);
        Some(Current { repetitions, field, occurrence: segment.occurrence() })
    }
}

impl<'m> Iterator for Values<'m> {
    type Item = (Location, Cow<'m, str>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let target = self.target;
            let wanted = target.repetition.unwrap_or(Index::FIRST);
            let Some(current) = self.current.as_mut() else {
                self.current = Some(self.next_field()?);
                continue;
            };
            let passed = wanted.number().is_some_and(|last| current.repetitions.number() >= last);
            let Some(raw) = current.repetitions.next().filter(|_| !passed) else {
                self.current = None;
                continue;
            };
            let number = current.repetitions.number();
            if !wanted.includes(number) {
                continue;
            }
            let place = target.at(current.occurrence, target.repetition.map(|_| number));
            let repetition = current.field.numbered_repetition(number, raw);
            if let Some(text) = text_in(repetition, &place) {
                return Some((place, text));
            }
        }
    }
}

impl FusedIterator for Values<'_> {}

impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values").field("target", &self.target).finish_non_exhaustive()
    }
}

fn presence_in(field: Field<'_>, place: &Location) -> Option<Presence> {
    if place.repetition().is_none() && place.component().is_none() {
        return Some(field.presence());
    }
    let repetition = field.repetition(place.repetition().unwrap_or(1))?;
    let Some(component) = place.component() else { return Some(repetition.presence()) };
    let component = repetition.component(component)?;
    let Some(subcomponent) = place.subcomponent() else { return Some(component.presence()) };
    component.subcomponent(subcomponent).map(|part| part.presence())
}

fn text_in<'m>(repetition: Repetition<'m>, place: &Location) -> Option<Cow<'m, str>> {
    let Some(component) = place.component() else { return repetition.given() };
    let component = repetition.component(component)?;
    let Some(subcomponent) = place.subcomponent() else { return component.given() };
    component.subcomponent(subcomponent)?.given()
}
