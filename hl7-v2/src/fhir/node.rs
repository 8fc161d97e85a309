//! Parts of a message that know where they stand.

use std::borrow::Cow;

use super::tree::Arena;
use crate::field::NULL;
use crate::{Component, Field, Location, Message, Repetition, Segment, Subcomponent};

/// A segment that is split into its fields.
#[derive(Clone, Copy)]
pub(crate) struct Seg<'a> {
    segment: Segment<'a>,
    /// The fields as written.
    fields: &'a [&'a str],
    arena: Arena<'a>,
}

/// A repetition of a field, a component or a subcomponent.
///
/// One type for the three, since the same datatype stands at different levels: an HD is a field in MSH and a component
/// in CX.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    seg: Seg<'a>,
    part: Part<'a>,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    Repetition(Repetition<'a>),
    /// With its components as written.
    Split(Repetition<'a>, &'a [&'a str]),
    Component(Component<'a>),
    Subcomponent(Subcomponent<'a>),
}

impl<'a> Seg<'a> {
    pub(crate) fn new(segment: Segment<'a>, arena: Arena<'a>) -> Self {
        let mut fields = arena.list_of(segment.field_count());
        fields.extend(segment.field_texts());
        Self { segment, fields: fields.into_bump_slice(), arena }
    }

    /// The name, as the message writes it.
    pub(crate) fn name(&self) -> &'a str {
        self.segment.name()
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Its place among the segments of the message, from zero.
    pub(crate) fn index(&self) -> usize {
        self.segment.index()
    }

    /// The number of its last field.
    pub(crate) fn last_field(&self) -> u16 {
        u16::try_from(self.fields.len()).unwrap_or(u16::MAX)
    }

    /// Where it stands; a line without a name is nowhere.
    pub(crate) fn at(&self) -> Option<Location> {
        self.segment.location()
    }

    /// The repetitions of a field, empty ones included.
    pub(crate) fn repetitions(&self, field: u16) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let seg = *self;
        let found = self.field(field).into_iter().flat_map(|field| field.repetitions());
        found.map(move |repetition| Node { seg, part: Part::Repetition(repetition) })
    }

    /// The repetitions of a field that say something.
    pub(crate) fn values(&self, field: u16) -> impl Iterator<Item = Node<'a>> + use<'a> {
        self.repetitions(field).filter(Node::has_content).map(Node::split)
    }

    /// The first repetition of a field.
    pub(crate) fn node(&self, field: u16) -> Option<Node<'a>> {
        self.repetitions(field).next()
    }

    /// The text of the first part of a field.
    pub(crate) fn text(&self, field: u16) -> Option<&'a str> {
        self.node(field)?.text()
    }

    /// The text of a component of the first repetition of a field.
    pub(crate) fn component(&self, field: u16, component: u16) -> Option<&'a str> {
        self.node(field)?.get(component)
    }

    /// Whether anything stands in a field but the explicit null.
    pub(crate) fn valued(&self, field: u16) -> bool {
        self.repetitions(field).any(|node| node.has_content())
    }

    /// Whether the field is the explicit null `""`.
    pub(crate) fn is_null(&self, field: u16) -> bool {
        self.field(field).is_some_and(|field| field.is_null())
    }

    fn field(&self, number: u16) -> Option<Field<'a>> {
        let number = usize::from(number);
        let raw = self.fields.get(number.checked_sub(1)?).filter(|raw| !raw.is_empty())?;
        Some(self.segment.numbered(number, raw))
    }
}

/// The segments of a message, split into fields.
pub(crate) fn segments<'a>(message: &'a Message<'a>, arena: Arena<'a>) -> &'a [Seg<'a>] {
    arena.collect(message.segments().map(|segment| Seg::new(segment, arena))).into_bump_slice()
}

impl<'a> Node<'a> {
    /// Where it stands.
    pub(crate) fn at(&self) -> Option<Location> {
        match self.part {
            Part::Repetition(part) | Part::Split(part, _) => part.location(),
            Part::Component(part) => part.location(),
            Part::Subcomponent(part) => part.location(),
        }
    }

    pub(crate) fn seg(&self) -> &Seg<'a> {
        &self.seg
    }

    /// Component `number` of a repetition, subcomponent `number` of a component. A subcomponent is its own first part.
    pub(crate) fn part(&self, number: u16) -> Option<Self> {
        let index = usize::from(number);
        let part = match self.part {
            Part::Repetition(whole) => Part::Component(whole.component(index)?),
            Part::Split(whole, parts) => {
                Part::Component(whole.numbered_component(index, parts.get(index.checked_sub(1)?)?))
            }
            Part::Component(whole) => Part::Subcomponent(whole.subcomponent(index)?),
            Part::Subcomponent(_) if number == 1 => self.part,
            Part::Subcomponent(_) => return None,
        };
        Some(Self { part, ..*self })
    }

    /// The parts in order, in one walk.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Self> + use<'a> {
        let seg = self.seg;
        let (components, subcomponents) = match self.part {
            Part::Repetition(whole) | Part::Split(whole, _) => {
                (Some(whole.components().map(Part::Component)), None)
            }
            Part::Component(whole) => (None, Some(whole.subcomponents().map(Part::Subcomponent))),
            Part::Subcomponent(_) => (None, None),
        };
        let parts = components.into_iter().flatten().chain(subcomponents.into_iter().flatten());
        parts.map(move |part| Self { seg, part })
    }

    /// Splits a repetition into its components at once: the maps of datatypes ask for many of them.
    fn split(self) -> Self {
        let Part::Repetition(whole) = self.part else { return self };
        let mut parts = self.seg.arena.list_of(whole.component_count());
        parts.extend(whole.components().map(|part| part.raw()));
        Self { part: Part::Split(whole, parts.into_bump_slice()), ..self }
    }

    /// The parts that say something.
    pub(crate) fn valued_part(&self, number: u16) -> Option<Self> {
        self.part(number).filter(Self::has_content)
    }

    /// The text of the first part of part `number`.
    pub(crate) fn get(&self, number: u16) -> Option<&'a str> {
        self.part(number)?.text()
    }

    /// The text of the first part, down to the last level: trimmed, without control characters, not empty.
    ///
    /// The explicit null `""` is no text.
    pub(crate) fn text(&self) -> Option<&'a str> {
        let plain = match self.part {
            Part::Repetition(part) | Part::Split(part, _) => part.plain(),
            Part::Component(part) => part.plain(),
            Part::Subcomponent(part) => part.plain(),
        };
        if let Some(text) = plain {
            return Some(text).filter(|text| *text != NULL).map(str::trim).filter(|text| !text.is_empty());
        }
        match self.part {
            Part::Subcomponent(part) => self.clean(part.value()?),
            _ => self.part(1)?.text(),
        }
    }

    /// All of it as text, separators included.
    pub(crate) fn whole(&self) -> Option<&'a str> {
        self.clean(match self.part {
            Part::Repetition(part) | Part::Split(part, _) => part.value(),
            Part::Component(part) => part.value(),
            Part::Subcomponent(part) => part.value(),
        }?)
    }

    /// Whether any part has a text.
    pub(crate) fn has_content(&self) -> bool {
        match self.part {
            Part::Repetition(part) | Part::Split(part, _) => {
                begins_with_text(part.raw())
                    || !part.is_null() && part.components().any(|part| has_text(part.raw()))
            }
            Part::Component(part) => has_text(part.raw()),
            Part::Subcomponent(part) => has_text(part.raw()),
        }
    }

    /// Every part with a text, at the last level, for traces.
    pub(crate) fn leaves(&self) -> Vec<(Location, &'a str)> {
        let count = match self.part {
            Part::Repetition(part) | Part::Split(part, _) => part.components().count(),
            Part::Component(part) => part.subcomponents().count(),
            Part::Subcomponent(_) => 0,
        };
        if count == 0 {
            return self.at().zip(self.text()).into_iter().collect();
        }
        let mut leaves: Vec<_> = (1..=u16::try_from(count).unwrap_or(u16::MAX))
            .filter_map(|number| self.part(number))
            .flat_map(|part| part.leaves())
            .collect();
        if let (Part::Component(_), [only], Some(at)) = (self.part, leaves.as_mut_slice(), self.at()) {
            only.0 = at;
        }
        leaves
    }

    /// Without control characters and white space around it; see [`crate::field::clean`].
    fn clean(&self, text: Cow<'a, str>) -> Option<&'a str> {
        match text {
            Cow::Borrowed(text) if !text.bytes().any(is_suspect) => {
                Some(text.trim()).filter(|t| !t.is_empty())
            }
            text => crate::field::clean(&text).map(|text| self.seg.arena.text(&text)),
        }
    }
}

/// A control character, or the first byte of one beyond ASCII.
fn is_suspect(byte: u8) -> bool {
    byte < 0x20 || byte == 0x7f || byte == 0xc2
}

/// No delimiter is a letter or digit.
fn begins_with_text(raw: &str) -> bool {
    raw.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether something besides white space, control characters, separators and nulls stands here.
fn has_text(raw: &str) -> bool {
    // Nearly all parts are empty, or begin with what says something.
    if raw.is_empty() || begins_with_text(raw) {
        return !raw.is_empty();
    }
    let says_something = |c: char| !c.is_whitespace() && !c.is_control();
    raw.split('&').any(|part| part != "\"\"" && part.contains(says_something))
}
