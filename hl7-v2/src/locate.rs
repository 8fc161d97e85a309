//! From a position in the text of a segment to the field, repetition, component and subcomponent that it is in.

use std::ops::Range;

use crate::{Delimiters, Location};

/// How many characters a segment id and the separator behind it are.
pub(crate) const FIELDS_START: usize = 4;

/// The place at byte `at` of `text`, which is the text of the segment that `segment` names.
///
/// Levels that are not divided are left out: in `OBX|1|ST|77^x`, `x` is in `OBX-3.2`, and `1` in `OBX-1`.
pub(crate) fn locate(segment: Location, text: &str, at: usize, delimiters: Delimiters) -> Location {
    Locator::new(segment, text, delimiters).locate(at)
}

/// Finds the places of several positions in one segment, of which none lies before the one asked for last: what is
/// behind it is not looked at again, so that all of them together cost one pass over the text.
pub(crate) struct Locator<'t> {
    segment: Location,
    text: &'t [u8],
    fields: Level,
    repetitions: Level,
    components: Level,
    subcomponents: Level,
}

impl<'t> Locator<'t> {
    /// `text` is that of the segment that `segment` names.
    pub(crate) fn new(segment: Location, text: &'t str, delimiters: Delimiters) -> Self {
        Self {
            segment,
            text: text.as_bytes(),
            fields: Level::new(delimiters.field),
            repetitions: Level::new(delimiters.repetition),
            components: Level::new(delimiters.component),
            subcomponents: Level::new(delimiters.subcomponent),
        }
    }

    /// As [`locate`], at byte `at`.
    pub(crate) fn locate(&mut self, at: usize) -> Location {
        let (segment, text) = (self.segment, self.text);
        let header = segment.segment().is_header();
        if at < FIELDS_START {
            return if header && at + 1 == FIELDS_START { segment.at_field(1) } else { segment };
        }
        if text.len() < FIELDS_START {
            return segment;
        }
        let at = at.min(text.len());
        let field = self.fields.part_at(at, FIELDS_START..text.len(), text);
        let mut place = segment.at_field(self.fields.number + usize::from(header));
        if header && self.fields.number == 1 {
            return place;
        }
        let repetition = self.repetitions.part_at(at, field.clone(), text);
        if repetition.len() < field.len() {
            place = place.at_repetition(self.repetitions.number);
        }
        let component = self.components.part_at(at, repetition.clone(), text);
        if component.len() < repetition.len() {
            place = place.at_component(self.components.number);
        }
        let subcomponent = self.subcomponents.part_at(at, component.clone(), text);
        if subcomponent.len() < component.len() {
            let component = place.component().unwrap_or(1);
            place = place.at_component(component).at_subcomponent(self.subcomponents.number);
        }
        place
    }
}

/// The part of one level that was asked for last.
struct Level {
    delimiter: u8,
    /// Where the part begins that this one is a part of; `None` before the first.
    within: Option<usize>,
    number: usize,
    part: Range<usize>,
}

impl Level {
    fn new(delimiter: u8) -> Self {
        Self { delimiter, within: None, number: 0, part: 0..0 }
    }

    /// The part of `whole` that byte `at` of `text` is in. A delimiter belongs to the part before it.
    fn part_at(&mut self, at: usize, whole: Range<usize>, text: &[u8]) -> Range<usize> {
        if self.within != Some(whole.start) {
            self.within = Some(whole.start);
            (self.number, self.part) = (1, self.part_from(whole.start, whole.end, text));
        }
        while self.part.end < at.min(whole.end) {
            self.number += 1;
            self.part = self.part_from(self.part.end + 1, whole.end, text);
        }
        self.part.clone()
    }

    fn part_from(&self, start: usize, end: usize, text: &[u8]) -> Range<usize> {
        let length = text.get(start..end).and_then(|rest| memchr::memchr(self.delimiter, rest));
        start..length.map_or(end, |length| start + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_character_is_somewhere() {
        let text = "PID|1||5^^^GEN&1.2~9|x&y|";
        let segment: Location = "PID[2]".parse().unwrap();
        let places: Vec<String> = [0, 3, 4, 5, 6, 7, 11, 15, 18, 19, 21, 25]
            .map(|at| locate(segment, text, at, Delimiters::default()).to_string())
            .into();
        assert_eq!(
            places,
            [
                "PID[2]",
                "PID[2]",
                "PID[2]-1",
                "PID[2]-1",
                "PID[2]-2",
                "PID[2]-3[1].1",
                "PID[2]-3[1].4.1",
                "PID[2]-3[1].4.2",
                "PID[2]-3[1].4.2",
                "PID[2]-3[2]",
                "PID[2]-4.1.1",
                "PID[2]-5",
            ]
        );
    }

    #[test]
    fn the_header_counts_its_separator() {
        let at =
            |at| locate("MSH".parse().unwrap(), "MSH|^~\\&|A^B|C", at, Delimiters::default()).to_string();
        assert_eq!(
            [at(3), at(5), at(9), at(11), at(13)],
            ["MSH[1]-1", "MSH[1]-2", "MSH[1]-3.1", "MSH[1]-3.2", "MSH[1]-4"]
        );
    }

    proptest! {
        #[test]
        fn one_pass_finds_what_single_looks_find(
            text in r"(PID|MSH)[|^~&aé]{0,40}", steps in prop::collection::vec(0_usize..9, 0..20)
        ) {
            let segment: Location = text.get(..3).unwrap_or_default().parse().unwrap();
            let mut locator = Locator::new(segment, &text, Delimiters::default());
            let mut at = 0;
            for step in steps {
                at += step;
                let alone = locate(segment, &text, at, Delimiters::default());
                prop_assert_eq!(locator.locate(at), alone);
                prop_assert_eq!(alone, counted(segment, &text, at));
            }
        }
    }

    /// The same place by the definition: the delimiters before it are counted.
    fn counted(segment: Location, text: &str, at: usize) -> Location {
        let header = segment.segment().is_header();
        let Some(within) = at.checked_sub(FIELDS_START) else {
            return if header && at == 3 { segment.at_field(1) } else { segment };
        };
        let Some(fields) = text.as_bytes().get(FIELDS_START..) else { return segment };
        let (number, field, within) = around(fields, within.min(fields.len()), b'|');
        let mut place = segment.at_field(number + usize::from(header));
        if header && number == 1 {
            return place;
        }
        let (number, repetition, within) = around(field, within, b'~');
        if repetition.len() < field.len() {
            place = place.at_repetition(number);
        }
        let (number, component, within) = around(repetition, within, b'^');
        if component.len() < repetition.len() {
            place = place.at_component(number);
        }
        let (number, subcomponent, _) = around(component, within, b'&');
        if subcomponent.len() < component.len() {
            place = place.at_component(place.component().unwrap_or(1)).at_subcomponent(number);
        }
        place
    }

    /// The number and the bytes of the part that `at` is in, and where in it.
    fn around(bytes: &[u8], at: usize, delimiter: u8) -> (usize, &[u8], usize) {
        let (before, after) = bytes.split_at(at);
        let start = before.iter().rposition(|byte| *byte == delimiter).map_or(0, |last| last + 1);
        let end = after.iter().position(|byte| *byte == delimiter).map_or(bytes.len(), |next| at + next);
        let number = before.iter().filter(|byte| **byte == delimiter).count() + 1;
        (number, &bytes[start..end], at - start)
    }
}
