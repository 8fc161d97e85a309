//! Whether two messages hold the same: the proof of every conversion.

use carewire_hl7_v2::{Component, Delimiters, Field, Location, Message, Repetition, Segment};
use hl7_parser::message as theirs;

use crate::Error;

/// The first thing in which the two differ.
pub(crate) fn difference(ours: &Message<'_>, other: &hl7_parser::Message<'_>) -> Option<Error> {
    if !same_delimiters(ours.delimiters(), &other.separators) {
        return Some(Error::Delimiters);
    }
    let pairs = ours.segments().zip(&other.segments);
    if let Some(found) = pairs.enumerate().find_map(|(at, (ours, other))| in_segment(at + 1, ours, other)) {
        return Some(found);
    }
    let (total, kept) = (ours.segments().len(), other.segments.len());
    match ours.segments().nth(kept) {
        Some(left_out) => {
            Some(Error::Truncated { kept, total, location: left_out.location(), span: left_out.span() })
        }
        None if total < kept => Some(Error::Differs {
            segment: total + 1,
            location: None,
            span: ours.to_bytes().len()..ours.to_bytes().len(),
        }),
        None => None,
    }
}

fn same_delimiters(ours: &Delimiters, other: &theirs::Separators) -> bool {
    let four = [ours.component(), ours.repetition(), ours.escape(), ours.subcomponent()];
    ours.field() == other.field
        && four == [other.component, other.repetition, other.escape, other.subcomponent].map(Some)
        && ours.truncation().is_none()
}

fn in_segment(number: usize, ours: Segment<'_>, other: &theirs::Segment<'_>) -> Option<Error> {
    let differs = |location| Some(Error::Differs { segment: number, location, span: ours.span() });
    if ours.id().is_none() || ours.name() != other.name {
        return differs(ours.location());
    }
    let mut others = other.fields.iter();
    for (n, field) in ours.fields() {
        let place = ours.location().map(|segment| segment.at_field(n));
        let Some(other) = others.next() else { return differs(place) };
        if let Some(inside) = in_field(field, other) {
            return differs(place.map(|field| inside.within(field)));
        }
    }
    // A header of nothing but delimiters has, for hl7-parser, an empty field behind them.
    let rest = others.position(|field| !is_empty(field));
    rest.and_then(|_| differs(ours.location()))
}

/// A place in a field.
#[derive(Default)]
struct Inside {
    repetition: Option<usize>,
    component: Option<usize>,
    subcomponent: Option<usize>,
}

impl Inside {
    fn within(&self, field: Location) -> Location {
        let Some(repetition) = self.repetition else { return field };
        let repetition = field.at_repetition(repetition);
        let Some(component) = self.component else { return repetition };
        let component = repetition.at_component(component);
        self.subcomponent.map_or(component, |n| component.at_subcomponent(n))
    }
}

fn in_field(ours: Field<'_>, other: &theirs::Field<'_>) -> Option<Inside> {
    if ours.is_empty() {
        return (!is_empty(other)).then(Inside::default);
    }
    let mut others = other.repeats.iter();
    for (n, repetition) in (1..).zip(ours.repetitions()) {
        let here = Inside { repetition: Some(n), ..Inside::default() };
        let Some(other) = others.next() else { return Some(here) };
        if let Some(inside) = in_repetition(repetition, other) {
            return Some(Inside { repetition: Some(n), ..inside });
        }
    }
    others.next().map(|_| Inside::default())
}

fn in_repetition(ours: Repetition<'_>, other: &theirs::Repeat<'_>) -> Option<Inside> {
    if ours.is_empty() {
        return (!is_empty_repeat(other)).then(Inside::default);
    }
    let mut others = other.components.iter();
    for (n, component) in (1..).zip(ours.components()) {
        let here = Inside { component: Some(n), ..Inside::default() };
        let Some(other) = others.next() else { return Some(here) };
        if let Some(inside) = in_component(component, other) {
            return Some(Inside { component: Some(n), ..inside });
        }
    }
    others.next().map(|_| Inside::default())
}

fn in_component(ours: Component<'_>, other: &theirs::Component<'_>) -> Option<Inside> {
    if ours.is_empty() {
        return (!is_empty_component(other)).then(Inside::default);
    }
    let mut others = other.subcomponents.iter();
    for (n, subcomponent) in (1..).zip(ours.subcomponents()) {
        if others.next().is_none_or(|other| other.value != subcomponent.raw()) {
            return Some(Inside { subcomponent: Some(n), ..Inside::default() });
        }
    }
    others.next().map(|_| Inside::default())
}

fn is_empty(field: &theirs::Field<'_>) -> bool {
    matches!(field.repeats.as_slice(), [] | [_]) && field.repeats.iter().all(is_empty_repeat)
}

fn is_empty_repeat(repeat: &theirs::Repeat<'_>) -> bool {
    matches!(repeat.components.as_slice(), [] | [_]) && repeat.components.iter().all(is_empty_component)
}

fn is_empty_component(component: &theirs::Component<'_>) -> bool {
    let parts = component.subcomponents.as_slice();
    matches!(parts, [] | [_]) && parts.iter().all(|part| part.value.is_empty())
}
