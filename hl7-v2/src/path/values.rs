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

    /// The segments that a path names, whatever it names in them, in the order of the message.
    ///
    /// # Errors
    /// When the path cannot be read, or leads through groups.
    pub fn segments_at<P>(&self, path: P) -> Result<impl Iterator<Item = Segment<'_>>, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        let target = path.try_into()?.flat()?;
        Ok(self.segments().filter(move |segment| target.names(*segment)))
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

impl<'m> Segment<'m> {
    /// The text at every place in this segment that a path names, with the place, in order. The groups of the path and
    /// the number of its segment are not looked at: they have led here. None when the path names another segment.
    ///
    /// ```
    /// use carewire_hl7_v2::{Message, ParseOptions};
    ///
    /// let message = Message::parse(b"MSH|^~\\&|A\rOBX|1|NM|||5\rOBX|2|NM|||6~7\r", &ParseOptions::default())?;
    /// let second = message.segments_named("OBX").nth(1).ok_or("no second OBX")?;
    /// let values: Vec<_> = second.get_all("OBX-5[*]")?.map(|(place, text)| format!("{place} {text}")).collect();
    /// assert_eq!(values, ["OBX[2]-5[1] 6", "OBX[2]-5[2] 7"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the path cannot be read or names no field.
    pub fn get_all<P>(&self, path: P) -> Result<SegmentValues<'m>, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        let target = path.try_into()?.target.ok_or(PathError::NoField)?;
        SegmentValues::of(*self, target)
    }
}

/// The values at the places that a path names, with the places. Made by [`Message::get_all`].
#[derive(Clone)]
pub struct Values<'m> {
    message: &'m Message<'m>,
    target: Target,
    next_segment: usize,
    current: SegmentValues<'m>,
}

impl<'m> Values<'m> {
    fn new(message: &'m Message<'_>, target: Target) -> Result<Self, PathError> {
        target.field.ok_or(PathError::NoField)?;
        Ok(Self { message, target, next_segment: 0, current: SegmentValues { target, field: None } })
    }

    /// The values in the next segment that the path names.
    fn next_segment(&mut self) -> Option<SegmentValues<'m>> {
        let message = self.message;
        loop {
            let segment = message.segment_at(self.next_segment)?;
            self.next_segment += 1;
            if self.target.occurrence.includes(segment.occurrence()) {
                return SegmentValues::of(segment, self.target).ok();
            }
        }
    }
}

impl<'m> Iterator for Values<'m> {
    type Item = (Location, Cow<'m, str>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(value) = self.current.next() {
                return Some(value);
            }
            self.current = self.next_segment()?;
        }
    }
}

impl FusedIterator for Values<'_> {}

impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values").field("target", &self.target).finish_non_exhaustive()
    }
}

/// The values at the places in one segment that a path names, with the places. Made by [`Segment::get_all`].
#[derive(Clone)]
pub struct SegmentValues<'m> {
    target: Target,
    field: Option<Repetitions<'m>>,
}

/// The field that is being read.
#[derive(Clone)]
struct Repetitions<'m> {
    left: Split<'m>,
    field: Field<'m>,
    occurrence: usize,
}

impl<'m> SegmentValues<'m> {
    pub(crate) fn of(segment: Segment<'m>, target: Target) -> Result<Self, PathError> {
        let field = target.field.ok_or(PathError::NoField)?;
        let named = segment.id().is_some_and(|id| id.matches(target.segment));
        let field = segment.field(field).filter(|_| named).map(|field| Repetitions {
            left: Split::new(field.raw(), field.syntax().delimiters.repetition),
            field,
            occurrence: segment.occurrence(),
        });
        Ok(Self { target, field })
    }
}

impl<'m> Iterator for SegmentValues<'m> {
    type Item = (Location, Cow<'m, str>);

    fn next(&mut self) -> Option<Self::Item> {
        let target = self.target;
        let wanted = target.repetition.unwrap_or(Index::FIRST);
        let current = self.field.as_mut()?;
        while wanted.number().is_none_or(|last| current.left.number() < last) {
            let Some(raw) = current.left.next() else { break };
            let number = current.left.number();
            if !wanted.includes(number) {
                continue;
            }
            let place = target.at(current.occurrence, target.repetition.map(|_| number));
            if let Some(text) = text_in(current.field.numbered_repetition(number, raw), &place) {
                return Some((place, text));
            }
        }
        self.field = None;
        None
    }
}

impl FusedIterator for SegmentValues<'_> {}

impl fmt::Debug for SegmentValues<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SegmentValues").field("target", &self.target).finish_non_exhaustive()
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
