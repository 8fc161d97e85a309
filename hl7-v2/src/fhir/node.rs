//! A part of a message that knows where it stands.

use crate::field::clean;
use crate::{Component, Location, Repetition, Segment, Subcomponent};

/// A repetition of a field, a component or a subcomponent.
///
/// One type for the three, since the same datatype stands at different levels: an HD is a field in MSH and a component
/// in CX.
#[derive(Clone, Copy)]
pub(crate) struct Node<'m> {
    segment: Segment<'m>,
    part: Part<'m>,
    at: Location,
}

#[derive(Clone, Copy)]
enum Part<'m> {
    Repetition(Repetition<'m>),
    Component(Component<'m>),
    Subcomponent(Subcomponent<'m>),
}

/// The repetitions of a field; none for a line without a segment name.
pub(crate) fn repetitions<'m>(segment: &Segment<'m>, field: u16) -> impl Iterator<Item = Node<'m>> + use<'m> {
    let segment = *segment;
    let number = usize::from(field);
    let found = segment.location().zip(segment.field(number));
    found.into_iter().flat_map(move |(location, field)| {
        field.repetitions().enumerate().map(move |(index, repetition)| Node {
            segment,
            part: Part::Repetition(repetition),
            at: location.at_field(number).at_repetition(index + 1),
        })
    })
}

/// The text of the first part of a field.
pub(crate) fn field_text(segment: &Segment<'_>, field: u16) -> Option<String> {
    repetitions(segment, field).next()?.text()
}

/// Whether anything stands in a field but the explicit null.
pub(crate) fn is_valued(segment: &Segment<'_>, field: u16) -> bool {
    repetitions(segment, field).any(|node| node.has_content())
}

impl<'m> Node<'m> {
    pub(crate) fn at(&self) -> Location {
        self.at
    }

    /// Component `number` of a repetition, subcomponent `number` of a component. A subcomponent is its own first part.
    pub(crate) fn part(&self, number: u16) -> Option<Self> {
        let index = usize::from(number);
        let (part, at) = match self.part {
            Part::Repetition(whole) => {
                (Part::Component(whole.component(index)?), self.at.at_component(index))
            }
            Part::Component(whole) => {
                (Part::Subcomponent(whole.subcomponent(index)?), self.at.at_subcomponent(index))
            }
            Part::Subcomponent(_) if number == 1 => (self.part, self.at),
            Part::Subcomponent(_) => return None,
        };
        Some(Self { part, at, ..*self })
    }

    /// The text of the first part of part `number`.
    pub(crate) fn get(&self, number: u16) -> Option<String> {
        self.part(number)?.text()
    }

    /// The text of the first part, down to the last level: trimmed, without control characters, not empty.
    ///
    /// The explicit null `""` is no text: a resource that is replaced as a whole says "no value" by silence.
    pub(crate) fn text(&self) -> Option<String> {
        match self.part {
            Part::Subcomponent(part) => part.clean(),
            _ => self.part(1)?.text(),
        }
    }

    /// All of it as text, separators included.
    pub(crate) fn whole(&self) -> Option<String> {
        clean(&match self.part {
            Part::Repetition(part) => part.value(),
            Part::Component(part) => part.value(),
            Part::Subcomponent(part) => part.value(),
        }?)
    }

    /// The first repetition of another field of the same segment.
    pub(crate) fn field(&self, field: u16) -> Option<Self> {
        repetitions(&self.segment, field).next()
    }

    pub(crate) fn segment(&self) -> &Segment<'m> {
        &self.segment
    }

    /// Whether any part has a text.
    pub(crate) fn has_content(&self) -> bool {
        match self.part {
            Part::Repetition(part) => !part.is_null() && part.components().any(|part| has_text(part.raw())),
            Part::Component(part) => has_text(part.raw()),
            Part::Subcomponent(part) => has_text(part.raw()),
        }
    }

    /// Every part with a text, at the last level.
    pub(crate) fn leaves(&self) -> Vec<(Location, String)> {
        let count = match self.part {
            Part::Repetition(part) => part.components().count(),
            Part::Component(part) => part.subcomponents().count(),
            Part::Subcomponent(_) => 0,
        };
        if count == 0 {
            return self.text().map(|text| (self.at, text)).into_iter().collect();
        }
        let mut leaves: Vec<_> = (1..=u16::try_from(count).unwrap_or(u16::MAX))
            .filter_map(|number| self.part(number))
            .flat_map(|part| part.leaves())
            .collect();
        if let (Part::Component(_), [only]) = (self.part, leaves.as_mut_slice()) {
            only.0 = self.at;
        }
        leaves
    }
}

/// Whether something besides white space, control characters, separators and nulls stands here.
fn has_text(raw: &str) -> bool {
    let says_something = |c: char| !c.is_whitespace() && !c.is_control();
    raw.split('&').any(|part| part != "\"\"" && part.contains(says_something))
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::with_field;

    #[test]
    fn a_text_is_trimmed_and_a_null_is_none() {
        assert_eq!(
            with_field(" A ^\"\"^C&D", |n, _| (n.get(1), n.get(2), n.get(3))),
            (Some("A".into()), None, Some("C".into()))
        );
        assert!(with_field("^^&x", |n, _| n.has_content() && n.text().is_none()));
        for empty in ["^^", "\"\"", " ^&"] {
            assert!(with_field(empty, |n, _| !n.has_content()), "{empty}");
        }
    }

    #[test]
    fn leaves_know_their_places() {
        let leaves = with_field("A^B^C&D", |n, _| n.leaves());
        let shown: Vec<_> = leaves.iter().map(|(at, text)| format!("{at}={text}")).collect();
        assert_eq!(shown, ["PID[1]-3[1].1=A", "PID[1]-3[1].2=B", "PID[1]-3[1].3.1=C", "PID[1]-3[1].3.2=D"]);
    }
}
