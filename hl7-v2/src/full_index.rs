//! The places of all parts of a message, found at once.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::field::{Component, Field, Part, Place, Repetition, Subcomponent};
use crate::index::{Line, Name};
use crate::level::Level;
use crate::locate::FIELDS_START;
use crate::{Location, Message};

/// Where every field, repetition, component and subcomponent of a message is, for readers of many values. Made by
/// [`Message::index`] in one pass over the text; looking up a part then takes the same short time wherever it is.
///
/// It agrees with the lazy views in every place. It takes six allocations, and 4 bytes of memory for each part of
/// each level. Of a few values, the lazy views are faster.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\rPID|1||5^^^GEN&1.2&ISO~9\r", &ParseOptions::default())?;
/// let index = message.index();
/// assert_eq!((index.field_count(1), index.repetition_count(1, 3)), (3, 2));
/// assert_eq!(index.subcomponent(1, [3, 1, 4, 2]).map(|part| part.raw()), Some("1.2"));
/// assert_eq!(index.at(&"PID-3[2].1".parse()?).as_deref(), Some("9"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct FullIndex<'m> {
    message: &'m Message<'m>,
    /// The first field of each segment; the first repetition of each field; and so on. Each ends in a guard.
    fields: Vec<u32>,
    repetitions: Vec<u32>,
    components: Vec<u32>,
    subcomponents: Vec<u32>,
    /// Where each subcomponent begins in the text.
    starts: Vec<u32>,
    /// The segments by name and occurrence.
    names: Vec<(Name, u32, u32)>,
}

impl<'m> FullIndex<'m> {
    pub(crate) fn new(message: &'m Message<'_>) -> Self {
        let mut index = Self::with_room(message);
        let delimiters = *message.delimiters();
        let mut classes = [Class::Text; 256];
        for (byte, class) in [
            (delimiters.subcomponent, Class::Subcomponent),
            (delimiters.component, Class::Component),
            (delimiters.repetition, Class::Repetition),
            (delimiters.field, Class::Field),
        ] {
            if let Some(slot) = classes.get_mut(usize::from(byte)).filter(|_| byte.is_ascii()) {
                *slot = class;
            }
        }
        for line in message.lines() {
            index.fields.push(index.repetitions.len() as u32);
            index.add(message.line_text(*line).as_bytes(), line, delimiters.field, &classes);
        }
        index.close();
        index
    }

    /// The number of the last field of segment `segment`, counted from 0; 0 when there is no such segment.
    #[must_use]
    pub fn field_count(&self, segment: usize) -> usize {
        range(&self.fields, segment).map_or(0, |fields| fields.len())
    }

    /// How many repetitions a field has; one that is empty has an empty one.
    #[must_use]
    pub fn repetition_count(&self, segment: usize, field: usize) -> usize {
        self.field_at(segment, field).and_then(|at| range(&self.repetitions, at)).map_or(0, |all| all.len())
    }

    /// How many components the repetition `[field, repetition]` has.
    #[must_use]
    pub fn component_count(&self, segment: usize, numbers: [usize; 2]) -> usize {
        let at = self.field_at(segment, numbers[0]).and_then(|at| nth(&self.repetitions, at, numbers[1]));
        at.and_then(|at| range(&self.components, at)).map_or(0, |all| all.len())
    }

    /// How many subcomponents the component `[field, repetition, component]` has.
    #[must_use]
    pub fn subcomponent_count(&self, segment: usize, numbers: [usize; 3]) -> usize {
        self.span(segment, &numbers).map_or(0, |all| all.len())
    }

    /// Field `number` of segment `segment`, which is counted from 0.
    #[must_use]
    pub fn field(&self, segment: usize, number: usize) -> Option<Field<'m>> {
        self.part(segment, &[number])
    }

    /// The repetition `[field, repetition]`.
    #[must_use]
    pub fn repetition(&self, segment: usize, numbers: [usize; 2]) -> Option<Repetition<'m>> {
        self.part(segment, &numbers)
    }

    /// The component `[field, repetition, component]`.
    #[must_use]
    pub fn component(&self, segment: usize, numbers: [usize; 3]) -> Option<Component<'m>> {
        self.part(segment, &numbers)
    }

    /// The subcomponent `[field, repetition, component, subcomponent]`.
    #[must_use]
    pub fn subcomponent(&self, segment: usize, numbers: [usize; 4]) -> Option<Subcomponent<'m>> {
        self.part(segment, &numbers)
    }

    /// The text at a place, as [`Message::at`] gives it. The segment is found by a binary search.
    #[must_use]
    pub fn at(&self, location: &Location) -> Option<Cow<'m, str>> {
        let key = (Name::of(location.segment()), u32::try_from(location.occurrence()).ok()?);
        let found =
            self.names.binary_search_by_key(&key, |(name, occurrence, _)| (*name, *occurrence)).ok()?;
        let (_, _, segment) = self.names.get(found)?;
        let (segment, repetition) = (*segment as usize, location.repetition().unwrap_or(1));
        let (field, component) = (location.field()?, location.component());
        match (component, location.subcomponent()) {
            (None, _) => self.repetition(segment, [field, repetition])?.given(),
            (Some(component), None) => self.component(segment, [field, repetition, component])?.given(),
            (Some(component), Some(subcomponent)) => {
                self.subcomponent(segment, [field, repetition, component, subcomponent])?.given()
            }
        }
    }

    /// Counts first, so that each list is allocated once.
    fn with_room(message: &'m Message<'_>) -> Self {
        let (text, lines) = (message.text(), message.lines());
        let delimiters = message.delimiters();
        let count = |byte: u8| memchr::memchr_iter(byte, text.as_bytes()).count();
        // The header's separator is a field of its own.
        let fields = count(delimiters.field) + 2 * lines.len() + 1;
        let repetitions = fields + count(delimiters.repetition);
        let components = repetitions + count(delimiters.component);
        let subcomponents = components + count(delimiters.subcomponent);
        let named = lines.iter().enumerate().filter(|(_, line)| line.is_named());
        let mut names = Vec::with_capacity(lines.len());
        names.extend(named.map(|(at, line)| (line.name, line.occurrence, at as u32)));
        names.sort_unstable();
        Self {
            message,
            fields: Vec::with_capacity(lines.len() + 1),
            repetitions: Vec::with_capacity(fields + 1),
            components: Vec::with_capacity(repetitions + 1),
            subcomponents: Vec::with_capacity(components + 1),
            starts: Vec::with_capacity(subcomponents + 1),
            names,
        }
    }

    /// Adds the parts of one line.
    fn add(&mut self, text: &[u8], line: &Line, separator: u8, classes: &[Class; 256]) {
        let mut from = match line.is_named() {
            true => FIELDS_START,
            false => memchr::memchr(separator, text).map_or(usize::MAX, |at| at + 1),
        };
        if line.is_header() && text.len() >= FIELDS_START {
            self.begin(Class::Field, line.start + 3);
            self.begin(Class::Field, line.start + 4);
            let encoding = text.get(from..).and_then(|rest| memchr::memchr(separator, rest));
            from = encoding.map_or(usize::MAX, |length| from + length + 1);
        }
        let Some(rest) = text.get(from..) else { return };
        let base = line.start + from as u32;
        self.begin(Class::Field, base);
        for (at, byte) in rest.iter().enumerate() {
            let class = classes.get(usize::from(*byte)).copied().unwrap_or(Class::Text);
            if class != Class::Text {
                self.begin(class, base + at as u32 + 1);
            }
        }
    }

    /// Begins a part of this class, and the first part of each class below it.
    #[inline]
    fn begin(&mut self, class: Class, start: u32) {
        if class >= Class::Field {
            self.repetitions.push(self.components.len() as u32);
        }
        if class >= Class::Repetition {
            self.components.push(self.subcomponents.len() as u32);
        }
        if class >= Class::Component {
            self.subcomponents.push(self.starts.len() as u32);
        }
        self.starts.push(start);
    }

    fn close(&mut self) {
        self.fields.push(self.repetitions.len() as u32);
        self.repetitions.push(self.components.len() as u32);
        self.components.push(self.subcomponents.len() as u32);
        self.subcomponents.push(self.starts.len() as u32);
    }

    fn field_at(&self, segment: usize, number: usize) -> Option<usize> {
        nth(&self.fields, segment, number)
    }

    /// The subcomponents of the part that one to four numbers name.
    #[inline]
    fn span(&self, segment: usize, numbers: &[usize]) -> Option<Range<usize>> {
        let (field, below) = numbers.split_first()?;
        let mut at = self.field_at(segment, *field)?;
        let mut range = at..at + 1;
        let mut levels = [&self.repetitions, &self.components, &self.subcomponents].into_iter();
        for number in below {
            let level = levels.next();
            at = match level {
                Some(level) => nth(level, at, *number)?,
                None => return None,
            };
            range = at..at + 1;
        }
        for level in levels {
            range = *level.get(range.start)? as usize..*level.get(range.end)? as usize;
        }
        Some(range)
    }

    #[inline]
    fn part<L: Level>(&self, segment: usize, numbers: &[usize]) -> Option<Part<'m, L>> {
        let message = self.message;
        let line = message.lines().get(segment)?;
        let range = self.span(segment, numbers)?;
        let start = *self.starts.get(range.start)? as usize;
        let [field, below @ ..] = numbers else { return None };
        let literal = line.is_header() && *field <= 2;
        let end = if literal && *field == 1 {
            start + 1
        } else {
            match self.starts.get(range.end).map(|next| *next as usize) {
                Some(next) if next <= line.end() => next - 1,
                _ => line.end(),
            }
        };
        let mut place = Place::of_field(segment, *field, literal);
        for (depth, number) in (2..).zip(below) {
            place = place.at(depth, *number);
        }
        Some(Part::new(message, message.text().get(start..end)?, place))
    }
}

impl fmt::Debug for FullIndex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FullIndex({} segments, {} subcomponents)", self.message.lines().len(), self.starts.len())
    }
}

/// What a byte begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Text,
    Subcomponent,
    Component,
    Repetition,
    Field,
}

/// What belongs to entry `at` of a level, in the level below.
#[inline]
fn range(level: &[u32], at: usize) -> Option<Range<usize>> {
    Some(*level.get(at)? as usize..*level.get(at + 1)? as usize)
}

/// Entry `number`, from 1, of what belongs to entry `at`.
#[inline]
fn nth(level: &[u32], at: usize, number: usize) -> Option<usize> {
    let range = range(level, at)?;
    let found = range.start.checked_add(number.checked_sub(1)?)?;
    (found < range.end).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParseOptions;
    use proptest::prelude::*;

    /// Compares all that there is and what is next to it.
    fn check(text: &str) -> Result<(), TestCaseError> {
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let index = message.index();
        for (at, segment) in message.segments().enumerate() {
            prop_assert_eq!(index.field_count(at), segment.field_count());
            for f in 0..segment.field_count() + 2 {
                let field = segment.field(f);
                prop_assert_eq!(index.field(at, f), field);
                let Some(field) = field else { continue };
                prop_assert_eq!(index.repetition_count(at, f), field.repetitions().count().max(1));
                for r in 0..index.repetition_count(at, f) + 2 {
                    let repetition = field.repetition(r);
                    prop_assert_eq!(index.repetition(at, [f, r]), repetition);
                    let Some(repetition) = repetition else { continue };
                    for c in 0..index.component_count(at, [f, r]) + 2 {
                        let component = repetition.component(c);
                        prop_assert_eq!(index.component(at, [f, r, c]), component);
                        let Some(component) = component else { continue };
                        for s in 0..index.subcomponent_count(at, [f, r, c]) + 2 {
                            let part = component.subcomponent(s);
                            prop_assert_eq!(index.subcomponent(at, [f, r, c, s]), part);
                            let Some(place) = part.and_then(|part| part.location()) else { continue };
                            prop_assert_eq!(index.at(&place), message.at(&place));
                            prop_assert_eq!(
                                index.subcomponent(at, [f, r, c, s]).unwrap().location(),
                                Some(place)
                            );
                        }
                    }
                }
            }
        }
        prop_assert_eq!(index.field(message.segments().len(), 1), None);
        Ok(())
    }

    proptest! {
        #[test]
        fn agrees_with_the_lazy_views(text in r"[|^~&\\aé]{0,12}((\r|\n)(PID|OBX|OBX|MSH|BHS|pid|Z)?[|^~&\\aé]{0,12}){0,5}") {
            check(&format!("MSH|^~\\&|{text}"))?;
            check(&format!("MSH|^~\\|{text}"))?;
            check(&format!("MSH|{text}"))?;
        }
    }
}
