//! Parts of a message that know where they stand.

use std::borrow::Cow;
use std::cell::Cell;

use super::tree::Arena;
use crate::field::{NULL, Part};
use crate::level::{self, Level};
use crate::scan::nth;
use crate::{Delimiters, Location, Message, Segment};

/// A segment that is split into its fields.
#[derive(Clone, Copy)]
pub(crate) struct Seg<'a>(&'a Split<'a>);

struct Split<'a> {
    segment: Segment<'a>,
    /// The fields as written.
    fields: &'a [&'a str],
    /// The fields in which anything stands, as bits.
    written: u128,
    /// What each field says, once a row has asked: several rows read the same field.
    values: &'a [Cell<Option<&'a [Node<'a>]>>],
    delimiters: Delimiters,
    /// Which bytes end a first part, or make it another text than it is written.
    stops: &'a [bool; 256],
    arena: Arena<'a>,
}

/// A repetition of a field, a component or a subcomponent.
///
/// One type for the three, since the same datatype stands at different levels: an HD is a field in MSH and a component
/// in CX.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    seg: Seg<'a>,
    raw: &'a str,
    /// The components as written, of a repetition that has been split.
    components: &'a [&'a str],
    /// The numbers of the field and of the parts of it, from 1; 0 for levels below that of the node.
    numbers: [u32; 4],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Repetition,
    Component,
    Subcomponent,
}

impl<'a> Seg<'a> {
    fn new(segment: Segment<'a>, delimiters: Delimiters, stops: &'a [bool; 256], arena: Arena<'a>) -> Self {
        let mut fields = arena.list_of(segment.field_count());
        let mut written = 0;
        for (raw, number) in segment.field_texts().zip(1..) {
            fields.push(raw);
            written |= if raw.is_empty() { 0 } else { bit(number) };
        }
        let values = arena.collect(fields.iter().map(|_| Cell::new(None)));
        let (fields, values) = (fields.into_bump_slice(), values.into_bump_slice());
        Self(arena.keep(Split { segment, fields, written, values, delimiters, stops, arena }))
    }

    /// The name, as the message writes it.
    pub(crate) fn name(&self) -> &'a str {
        self.0.segment.name()
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Its place among the segments of the message, from zero.
    pub(crate) fn index(&self) -> usize {
        self.0.segment.index()
    }

    /// The numbers of the fields in which anything stands and whose bit is not in `read`.
    pub(crate) fn written_beside(&self, read: u128) -> impl Iterator<Item = u16> + use<'a> {
        let seg = *self;
        let mut left = self.0.written & !read;
        let single = std::iter::from_fn(move || {
            let number = left.trailing_zeros() as u16;
            left &= left.wrapping_sub(1);
            (number < SHARED).then_some(number)
        });
        let last = if self.0.written & !read & bit(SHARED) == 0 { 0 } else { self.0.fields.len() };
        let shared = SHARED..=u16::try_from(last).unwrap_or(u16::MAX);
        single.chain(shared.filter(move |number| seg.has(*number)))
    }

    /// Where it stands; a line without a name is nowhere.
    pub(crate) fn at(&self) -> Option<Location> {
        self.0.segment.location()
    }

    /// Whether anything stands in a field, be it delimiters or the explicit null.
    pub(crate) fn has(&self, field: u16) -> bool {
        self.raw(field).is_some()
    }

    /// The repetitions of a field, empty ones included.
    pub(crate) fn repetitions(&self, field: u16) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let seg = *self;
        let found = self.raw(field).map(|raw| self.0.segment.numbered(usize::from(field), raw));
        let raws = found.into_iter().flat_map(|field| field.repetitions()).map(|repetition| repetition.raw());
        raws.zip(1..).map(move |(raw, number)| Node {
            seg,
            raw,
            components: &[],
            numbers: [u32::from(field), number, 0, 0],
        })
    }

    /// The repetitions of a field that say something.
    pub(crate) fn values(&self, field: u16) -> impl Iterator<Item = Node<'a>> + use<'a> {
        self.nodes(field).iter().copied()
    }

    /// The repetitions of a field that say something, split into their components.
    pub(crate) fn nodes(&self, field: u16) -> &'a [Node<'a>] {
        let Some(known) = usize::from(field).checked_sub(1).and_then(|index| self.0.values.get(index)) else {
            return &[];
        };
        known.get().unwrap_or_else(|| {
            let nodes = self.split(field);
            known.set(Some(nodes));
            nodes
        })
    }

    fn split(&self, field: u16) -> &'a [Node<'a>] {
        let Some(raw) = self.raw(field) else { return &[] };
        let mut nodes = self.0.arena.list();
        if raw.as_bytes().contains(&self.0.delimiters.repetition) {
            nodes.extend(self.repetitions(field).filter(Node::has_content).map(Node::split));
        } else {
            let whole = Node { seg: *self, raw, components: &[], numbers: [u32::from(field), 1, 0, 0] };
            nodes.extend(Some(whole).filter(Node::has_content).map(Node::split));
        }
        nodes.into_bump_slice()
    }

    /// The first repetition of a field.
    pub(crate) fn node(&self, field: u16) -> Option<Node<'a>> {
        let raw = self.raw(field)?;
        let raw = match self.0.segment.is_literal(usize::from(field)) {
            true => raw,
            false => nth(raw, self.0.delimiters.repetition, 0)?,
        };
        Some(Node { seg: *self, raw, components: &[], numbers: [u32::from(field), 1, 0, 0] })
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
        self.raw(field) == Some(NULL)
    }

    /// What stands in a field, if anything does.
    fn raw(&self, number: u16) -> Option<&'a str> {
        let index = usize::from(number).checked_sub(1)?;
        self.0.fields.get(index).copied().filter(|raw| !raw.is_empty())
    }
}

/// Fields from this number on share a bit.
const SHARED: u16 = 127;

/// The bit of a field in a set of fields.
pub(crate) fn bit(field: u16) -> u128 {
    1 << field.min(SHARED)
}

/// The segments of a message, split into fields.
pub(crate) fn segments<'a>(message: &'a Message<'a>, arena: Arena<'a>) -> &'a [Seg<'a>] {
    let delimiters = *message.delimiters();
    let stops = arena.keep(stops(delimiters));
    let split = message.segments().map(|segment| Seg::new(segment, delimiters, stops, arena));
    arena.collect(split).into_bump_slice()
}

impl<'a> Node<'a> {
    /// Where it stands.
    pub(crate) fn at(&self) -> Option<Location> {
        match self.depth() {
            Depth::Repetition => self.as_part::<level::Repetition>().location(),
            Depth::Component => self.as_part::<level::Component>().location(),
            Depth::Subcomponent => self.as_part::<level::Subcomponent>().location(),
        }
    }

    pub(crate) fn seg(&self) -> &Seg<'a> {
        &self.seg
    }

    /// Component `number` of a repetition, subcomponent `number` of a component. A subcomponent is its own first part.
    pub(crate) fn part(&self, number: u16) -> Option<Self> {
        let [field, repetition, component, _] = self.numbers;
        let index = usize::from(number);
        let (raw, numbers) = match self.depth() {
            Depth::Repetition => {
                let raw = match self.components {
                    [] => self.as_part::<level::Repetition>().component(index)?.raw(),
                    components => components.get(index.checked_sub(1)?)?,
                };
                (raw, [field, repetition, u32::from(number), 0])
            }
            Depth::Component => {
                let part = self.as_part::<level::Component>().subcomponent(index)?;
                (part.raw(), [field, repetition, component, u32::from(number)])
            }
            Depth::Subcomponent if number == 1 => (self.raw, self.numbers),
            Depth::Subcomponent => return None,
        };
        Some(Self { seg: self.seg, raw, components: &[], numbers })
    }

    /// The parts in order, in one walk.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Self> + use<'a> {
        let Self { seg, numbers: [field, repetition, component, _], .. } = *self;
        let is = |depth| self.depth() == depth;
        let components =
            is(Depth::Repetition).then(|| self.as_part::<level::Repetition>().components().zip(1..));
        let subcomponents =
            is(Depth::Component).then(|| self.as_part::<level::Component>().subcomponents().zip(1..));
        let components = components
            .into_iter()
            .flatten()
            .map(move |(part, number)| (part.raw(), [field, repetition, number, 0]));
        let subcomponents = subcomponents
            .into_iter()
            .flatten()
            .map(move |(part, number)| (part.raw(), [field, repetition, component, number]));
        components.chain(subcomponents).map(move |(raw, numbers)| Self { seg, raw, components: &[], numbers })
    }

    /// Splits a repetition into its components at once: the maps of datatypes ask for many of them.
    fn split(self) -> Self {
        let whole = self.as_part::<level::Repetition>();
        let mut components = self.seg.0.arena.list_of(USUAL);
        components.extend(whole.components().map(|part| part.raw()));
        Self { components: components.into_bump_slice(), ..self }
    }

    /// The parts that say something.
    pub(crate) fn valued_part(&self, number: u16) -> Option<Self> {
        self.part(number).filter(Self::has_content)
    }

    /// The text of the first part of part `number`.
    pub(crate) fn get(&self, number: u16) -> Option<&'a str> {
        if self.components.is_empty() {
            return self.part(number)?.text();
        }
        let raw = self.components.get(usize::from(number).checked_sub(1)?)?;
        // Most components are empty.
        if raw.is_empty() {
            return None;
        }
        match self.seg.plain(raw) {
            Some(text) if !self.is_literal() => said(text),
            _ => self.part(number)?.text(),
        }
    }

    /// The text of the first part, down to the last level: trimmed, without control characters, not empty.
    ///
    /// The explicit null `""` is no text.
    pub(crate) fn text(&self) -> Option<&'a str> {
        if let Some(text) = self.seg.plain(self.raw).filter(|_| !self.is_literal()) {
            return said(text);
        }
        match self.depth() {
            Depth::Subcomponent => self.clean(self.as_part::<level::Subcomponent>().value()?),
            _ => self.part(1)?.text(),
        }
    }

    /// All of it as text, separators included.
    pub(crate) fn whole(&self) -> Option<&'a str> {
        self.clean(match self.depth() {
            Depth::Repetition => self.as_part::<level::Repetition>().value(),
            Depth::Component => self.as_part::<level::Component>().value(),
            Depth::Subcomponent => self.as_part::<level::Subcomponent>().value(),
        }?)
    }

    /// Whether any part has a text.
    pub(crate) fn has_content(&self) -> bool {
        if self.depth() != Depth::Repetition || begins_with_text(self.raw) {
            return has_text(self.raw);
        }
        self.raw != NULL
            && self.as_part::<level::Repetition>().components().any(|component| has_text(component.raw()))
    }

    /// Every part with a text, at the last level, for traces.
    pub(crate) fn leaves(&self) -> Vec<(Location, &'a str)> {
        let mut parts = self.parts().peekable();
        if parts.peek().is_none() {
            return self.at().zip(self.text()).into_iter().collect();
        }
        let mut leaves: Vec<_> = parts.flat_map(|part| part.leaves()).collect();
        if let (Depth::Component, [only], Some(at)) = (self.depth(), leaves.as_mut_slice(), self.at()) {
            only.0 = at;
        }
        leaves
    }

    fn depth(&self) -> Depth {
        match self.numbers {
            [_, _, 0, _] => Depth::Repetition,
            [_, _, _, 0] => Depth::Component,
            _ => Depth::Subcomponent,
        }
    }

    fn as_part<L: Level>(&self) -> Part<'a, L> {
        self.seg.0.segment.part(self.raw, self.numbers)
    }

    fn is_literal(&self) -> bool {
        let [field, ..] = self.numbers;
        self.seg.0.segment.is_literal(field as usize)
    }

    /// Without control characters and white space around it; see [`crate::field::clean`].
    fn clean(&self, text: Cow<'a, str>) -> Option<&'a str> {
        match text {
            Cow::Borrowed(text) if !text.bytes().any(is_suspect) => {
                Some(text.trim()).filter(|t| !t.is_empty())
            }
            text => crate::field::clean(&text).map(|text| self.seg.0.arena.text(&text)),
        }
    }
}

impl<'a> Seg<'a> {
    /// The first part of what stands between delimiters, at the last level, where that is its own text: no escape
    /// sequence and no control character is in it.
    fn plain(&self, raw: &'a str) -> Option<&'a str> {
        let bytes = raw.as_bytes();
        let stops = |byte: &u8| self.0.stops.get(usize::from(*byte)).is_none_or(|stops| *stops);
        let Some(at) = bytes.iter().position(stops) else { return Some(raw) };
        let Delimiters { component, subcomponent, .. } = self.0.delimiters;
        let ends = bytes.get(at).is_some_and(|byte| *byte == component || *byte == subcomponent);
        raw.get(..at).filter(|_| ends)
    }
}

/// As many components have room at first.
const USUAL: usize = 8;

/// The bytes that end a first part, begin an escape sequence or a control character.
fn stops(delimiters: Delimiters) -> [bool; 256] {
    let Delimiters { component, subcomponent, escape, .. } = delimiters;
    std::array::from_fn(|byte| {
        let byte = byte as u8;
        is_suspect(byte) || byte == component || byte == subcomponent || byte == escape
    })
}

/// A text without white space around it, unless it is empty or the explicit null.
fn said(text: &str) -> Option<&str> {
    if text == NULL {
        return None;
    }
    let is_trimmed = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if is_trimmed(bytes.first()) && is_trimmed(bytes.last()) {
        return Some(text);
    }
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A control character, or the first byte of one beyond ASCII.
fn is_suspect(byte: u8) -> bool {
    (byte < 0x20) | (byte == 0x7f) | (byte == 0xc2)
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

#[cfg(test)]
mod tests {
    use bumpalo::Bump;
    use proptest::prelude::*;

    use super::*;
    use crate::ParseOptions;

    /// What [`Node::text`] is to find, by the public way to the value.
    fn expected(component: Option<crate::Component<'_>>) -> Option<String> {
        crate::field::clean(&component?.subcomponent(1)?.value()?)
    }

    proptest! {
        #[test]
        fn a_text_is_the_clean_value_of_the_first_subcomponent(field in "[ a-cé^&~\\\\\"\t\u{7F}\u{85}]{0,40}") {
            let text = format!("MSH|^~\\&|A\rPID|1||{field}");
            let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
            let memory = Bump::new();
            let segments = segments(&message, Arena::new(&memory));
            let pid = message.segment("PID").unwrap();
            let repetitions: Vec<_> = pid.field(3).unwrap().repetitions().collect();
            let nodes: Vec<_> = segments[1].repetitions(3).collect();
            prop_assert_eq!(nodes.len(), repetitions.len());
            for (node, repetition) in nodes.into_iter().zip(repetitions) {
                prop_assert_eq!(node.text().map(str::to_owned), expected(repetition.component(1)));
                for node in [node, node.split()] {
                    for number in 1..5_u16 {
                        let component = repetition.component(usize::from(number));
                        prop_assert_eq!(node.get(number).map(str::to_owned), expected(component));
                        prop_assert_eq!(node.part(number).map(|part| part.raw), component.map(|part| part.raw()));
                        prop_assert_eq!(
                            node.part(number).and_then(|part| part.at()),
                            component.and_then(|part| part.location())
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_delimiters_of_the_header_are_its_text() {
        let message = Message::parse(b"MSH|^~\\&|A", &ParseOptions::default()).unwrap();
        let memory = Bump::new();
        let msh = segments(&message, Arena::new(&memory))[0];
        assert_eq!([msh.text(1), msh.text(2), msh.text(3)], [Some("|"), Some("^~\\&"), Some("A")]);
        let delimiters: Vec<_> = msh.values(2).map(|node| node.get(1)).collect();
        assert_eq!(delimiters, [Some("^~\\&")]);
    }
}
