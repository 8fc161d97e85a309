//! A field and the parts of it, split when they are asked for.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use crate::escape::{Syntax, unescape};
use crate::level::{self, Level};
use crate::scan::{first, nth};
use crate::{Delimiters, Location, Message};

/// The explicit null: delete what is known.
pub(crate) const NULL: &str = "\"\"";

/// A field of a segment: any number of repetitions.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions, Presence};
///
/// let bytes = b"MSH|^~\\&|A\rPID|1|\"\"|5^^^GEN&1.2&ISO~9|\r";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let pid = message.segment("PID").ok_or("no PID")?;
/// let ids = pid.field(3).ok_or("no PID-3")?;
/// assert_eq!(ids.repetitions().count(), 2);
/// assert_eq!(ids.component(4).and_then(|authority| authority.subcomponent(2)?.value()).as_deref(), Some("1.2"));
/// assert_eq!(pid.field(2).map(|field| field.presence()), Some(Presence::Null));
/// assert_eq!(pid.field(4).map(|field| field.presence()), Some(Presence::Absent));
/// assert!(pid.field(5).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Field<'m> = Part<'m, level::Field>;

/// One repetition of a field: any number of components.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\rPID|1|||||Doe^Jo~Poe\r", &ParseOptions::default())?;
/// let names = message.segment("PID").and_then(|pid| pid.field(6)).ok_or("no PID-6")?;
/// let families: Vec<_> = names.repetitions().filter_map(|name| name.component(1)?.value()).collect();
/// assert_eq!(families, ["Doe", "Poe"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Repetition<'m> = Part<'m, level::Repetition>;

/// A component: any number of subcomponents.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\rPID|1||5^^^GEN&1.2&ISO\r", &ParseOptions::default())?;
/// let ids = message.segment("PID").and_then(|pid| pid.field(3)).ok_or("no PID-3")?;
/// let authority = ids.component(4).ok_or("no authority")?;
/// assert_eq!(authority.subcomponent(1).map(|part| part.text()).as_deref(), Some("GEN"));
/// assert_eq!(authority.text(), "GEN&1.2&ISO");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Component<'m> = Part<'m, level::Component>;

/// A subcomponent: the smallest part of a message.
///
/// ```
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let message = Message::parse(b"MSH|^~\\&|A\rPID|1||5^^^GEN&1.2&ISO\r", &ParseOptions::default())?;
/// let ids = message.segment("PID").and_then(|pid| pid.field(3)).ok_or("no PID-3")?;
/// let kinds: Vec<_> = ids.component(4).ok_or("no authority")?.subcomponents().map(|part| part.text()).collect();
/// assert_eq!(kinds, ["GEN", "1.2", "ISO"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Subcomponent<'m> = Part<'m, level::Subcomponent>;

/// What a message says about a place.
///
/// A missing field and an empty one mean the same: nothing is said. `""` says that there is no value any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the three ways are all there are, and callers match them all")]
pub enum Presence {
    /// Nothing: not there, or empty.
    Absent,
    /// The explicit null `""`.
    Null,
    /// A value.
    Value,
}

impl Presence {
    fn of(raw: &str) -> Self {
        match raw {
            "" => Self::Absent,
            NULL => Self::Null,
            _ => Self::Value,
        }
    }
}

/// A part of a message as written, at one of the four levels below a segment: [`Field`], [`Repetition`],
/// [`Component`], [`Subcomponent`]. Parts are equal when they are written alike, with the same delimiters and character
/// set.
#[derive(Clone, Copy)]
pub struct Part<'m, L> {
    message: &'m Message<'m>,
    raw: &'m str,
    place: Place,
    level: PhantomData<L>,
}

/// Which part of a message it is. Inputs are bounded, so that 32 bits do.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    segment: u32,
    /// The numbers of the field and of the parts of it, from 1; 0 for levels below that of the part.
    numbers: [u32; 4],
    /// Whether delimiters in it are themselves: it is MSH-1 or MSH-2.
    literal: bool,
}

impl Place {
    #[inline]
    pub(crate) fn of_field(segment: usize, number: usize, literal: bool) -> Self {
        Self { segment: segment as u32, numbers: [number as u32, 0, 0, 0], literal }
    }

    #[inline]
    pub(crate) fn of_part(segment: usize, numbers: [u32; 4], literal: bool) -> Self {
        Self { segment: segment as u32, numbers, literal }
    }

    /// The place with this number at the level of depth `depth`.
    #[inline]
    pub(crate) fn at(mut self, depth: usize, number: usize) -> Self {
        if let Some(slot) = self.numbers.get_mut(depth - 1) {
            *slot = number as u32;
        }
        self
    }
}

impl<'m, L: Level> Part<'m, L> {
    #[inline]
    pub(crate) fn new(message: &'m Message<'m>, raw: &'m str, place: Place) -> Self {
        Self { message, raw, place, level: PhantomData }
    }

    /// The address; `None` in a segment without a name.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        let segment = self.message.segment_at(self.place.segment as usize)?.location()?;
        let [field, repetition, component, subcomponent] = self.place.numbers.map(|number| number as usize);
        let mut place = segment.at_field(field);
        if L::DEPTH > 1 {
            place = place.at_repetition(repetition);
        }
        if L::DEPTH > 2 {
            place = place.at_component(component);
        }
        Some(if L::DEPTH > 3 { place.at_subcomponent(subcomponent) } else { place })
    }

    /// The bytes of the input that it was read from, without delimiters around it. Exact in every character set; the
    /// first call for a message whose text is not its bytes goes through all of it once.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.message.part_span(self.place.segment as usize, self.raw)
    }

    /// Whether it ends in the truncation character of 2.7 and later: the sender has cut off the rest.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        let mark = self.delimiters().truncation();
        mark.is_some_and(|mark| self.raw.ends_with(mark))
    }

    /// The part as written, escape sequences and all.
    #[must_use]
    pub fn raw(&self) -> &'m str {
        self.raw
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Whether it is the explicit null `""`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.raw == NULL
    }

    /// What the message says about it.
    #[must_use]
    pub fn presence(&self) -> Presence {
        Presence::of(self.raw)
    }

    /// The text with escape sequences replaced, the separators between its parts included. Of a field, that of its
    /// first repetition.
    #[must_use]
    pub fn text(&self) -> Cow<'m, str> {
        unescape(self.single(), &self.delimiters(), self.message.charset())
    }

    /// The text; `None` when it is absent or null.
    #[must_use]
    pub fn value(&self) -> Option<Cow<'m, str>> {
        (Presence::of(self.single()) == Presence::Value).then(|| self.text())
    }

    /// The text, the explicit null included; `None` when it is absent.
    pub(crate) fn given(self) -> Option<Cow<'m, str>> {
        (!self.single().is_empty()).then(|| self.text())
    }

    /// How it is written.
    pub(crate) fn syntax(&self) -> Syntax {
        Syntax { delimiters: self.delimiters(), charset: self.message.charset() }
    }

    /// What `text` is about: a field can hold more than one value.
    fn single(&self) -> &'m str {
        if L::REPEATS { nth(self.raw, self.delimiters().repetition, 0).unwrap_or_default() } else { self.raw }
    }

    #[inline]
    fn delimiters(&self) -> Delimiters {
        let delimiters = *self.message.delimiters();
        if self.place.literal { delimiters.literal() } else { delimiters }
    }

    /// Part `n`, from 1, of those between `delimiter`s.
    #[inline]
    fn nth<B: Level>(self, delimiter: u8, n: usize) -> Option<Part<'m, B>> {
        let raw = nth(self.raw, delimiter, n.checked_sub(1)?)?;
        Some(Part::new(self.message, raw, self.place.at(B::DEPTH, n)))
    }

    /// All parts between delimiters; none when there is nothing at all.
    #[inline]
    fn split<B: Level>(self, delimiter: u8) -> impl Iterator<Item = Part<'m, B>> + use<'m, L, B> {
        let mut rest = (!self.raw.is_empty()).then_some(self.raw);
        let mut n = 0;
        std::iter::from_fn(move || {
            let current = rest?;
            let cut = first(current.as_bytes(), delimiter);
            rest = cut.and_then(|at| current.get(at + 1..));
            let raw = cut.map_or(Some(current), |at| current.get(..at))?;
            n += 1;
            Some(Part::new(self.message, raw, self.place.at(B::DEPTH, n)))
        })
    }
}

impl<'m> Field<'m> {
    /// The repetitions in order: none of an empty field; those between two separators may be empty.
    pub fn repetitions(&self) -> impl Iterator<Item = Repetition<'m>> + use<'m> {
        self.split(self.delimiters().repetition)
    }

    /// Repetition `n`, from 1.
    #[must_use]
    pub fn repetition(&self, n: usize) -> Option<Repetition<'m>> {
        self.nth(self.delimiters().repetition, n)
    }

    /// Repetition `n`, which is known to be `raw`.
    pub(crate) fn numbered_repetition(&self, n: usize, raw: &'m str) -> Repetition<'m> {
        Part::new(self.message, raw, self.place.at(2, n))
    }

    /// Component `n`, from 1, of the first repetition.
    #[must_use]
    pub fn component(&self, n: usize) -> Option<Component<'m>> {
        self.repetition(1)?.component(n)
    }
}

impl<'m> Repetition<'m> {
    /// The components in order: none of an empty repetition; those between two separators may be empty.
    pub fn components(&self) -> impl Iterator<Item = Component<'m>> + use<'m> {
        self.split(self.delimiters().component)
    }

    /// Component `n`, from 1.
    #[must_use]
    pub fn component(&self, n: usize) -> Option<Component<'m>> {
        self.nth(self.delimiters().component, n)
    }
}

impl<'m> Component<'m> {
    /// The subcomponents in order: none of an empty component; those between two separators may be empty.
    pub fn subcomponents(&self) -> impl Iterator<Item = Subcomponent<'m>> + use<'m> {
        self.split(self.delimiters().subcomponent)
    }

    /// Subcomponent `n`, from 1.
    #[must_use]
    pub fn subcomponent(&self, n: usize) -> Option<Subcomponent<'m>> {
        self.nth(self.delimiters().subcomponent, n)
    }
}

impl Subcomponent<'_> {
    /// The text as [`clean`] leaves it; `None` when it is absent or null.
    pub(crate) fn clean(self) -> Option<String> {
        clean(&self.value()?)
    }
}

impl<L> PartialEq for Part<'_, L> {
    fn eq(&self, other: &Self) -> bool {
        let literal = self.place.literal == other.place.literal;
        self.raw == other.raw && literal && self.message.syntax() == other.message.syntax()
    }
}

impl<L> Eq for Part<'_, L> {}

impl<L: Level> fmt::Debug for Part<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?}, {} characters)", L::NAME, self.presence(), self.raw.len())
    }
}

/// The text without control characters and without white space around it, unless that leaves nothing.
///
/// What identifies a patient before the acknowledgement and what the map puts into resources both come from here.
pub(crate) fn clean(text: &str) -> Option<String> {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let cleaned: String = text.chars().filter(allowed).collect();
    let trimmed = cleaned.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
