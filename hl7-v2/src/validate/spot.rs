//! A part of a message that is checked, and findings about it.

use std::borrow::Cow;
use std::ops::Range;

use super::Check;
use crate::escape::{Syntax, unescape};
use crate::path::Split;
use crate::{Finding, FindingKind, Location, Message, Segment, Severity};

/// A part of a message: where it is, and its text as written.
#[derive(Clone, Copy)]
pub(super) struct Spot<'m> {
    pub(super) segment: Segment<'m>,
    pub(super) location: Location,
    pub(super) raw: &'m str,
    pub(super) level: Level,
    pub(super) syntax: Syntax,
}

/// What a part is divided into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// A repetition of a field: components.
    Repetition,
    /// A component: subcomponents.
    Component,
    /// A subcomponent: nothing.
    Subcomponent,
}

impl<'m> Spot<'m> {
    /// The parts of it, numbered from 1; itself where it cannot be divided.
    pub(super) fn parts(self) -> impl Iterator<Item = (usize, Self)> + use<'m> {
        let delimiters = self.syntax.delimiters;
        let (parts, level) = match self.level {
            Level::Repetition => (Split::new(self.raw, delimiters.component), Level::Component),
            Level::Component => (Split::new(self.raw, delimiters.subcomponent), Level::Subcomponent),
            Level::Subcomponent => (Split::whole(self.raw), Level::Subcomponent),
        };
        (1..).zip(parts).map(move |(number, raw)| {
            let location = self.location_of(number);
            (number, Self { raw, level, location, ..self })
        })
    }

    /// The address of part `number` of it.
    pub(super) fn location_of(&self, number: usize) -> Location {
        match self.level {
            Level::Repetition => self.location.at_component(number),
            Level::Component => {
                let component = self.location.component().unwrap_or(1);
                self.location.at_component(component).at_subcomponent(number)
            }
            Level::Subcomponent => self.location,
        }
    }

    /// Its text with escape sequences replaced.
    pub(super) fn text(&self) -> Cow<'m, str> {
        unescape(self.raw, &self.syntax.delimiters, self.syntax.charset)
    }

    pub(super) fn is_null(&self) -> bool {
        self.raw == "\"\""
    }

    /// Whether something stands in it other than delimiters.
    pub(super) fn has_content(&self) -> bool {
        let delimiters = self.syntax.delimiters;
        let dividing = [delimiters.component, delimiters.repetition, delimiters.subcomponent];
        self.raw.bytes().any(|byte| !dividing.contains(&byte))
    }

    /// The bytes of the input that it was read from.
    fn span(&self, message: &Message<'_>) -> Range<usize> {
        message.part_span(self.segment.index(), self.raw)
    }
}

impl Check<'_> {
    /// Reports something about a part.
    pub(super) fn report(&mut self, spot: &Spot<'_>, kind: FindingKind) {
        self.report_with(spot, kind, kind.severity(), None);
    }

    /// Reports something about a part that something else is expected for.
    pub(super) fn report_with(
        &mut self,
        spot: &Spot<'_>,
        kind: FindingKind,
        severity: Severity,
        expected: Option<Cow<'static, str>>,
    ) {
        if self.findings.is_full() {
            return;
        }
        let finding =
            Finding::new(kind).with_severity(severity).at(spot.location).spanning(spot.span(self.message));
        let finding = match expected {
            Some(expected) => finding.expecting(expected),
            None => finding,
        };
        let group =
            self.tree.and_then(|tree| tree.group_of(spot.segment.index())).filter(|group| !group.is_root());
        self.findings.report(match group {
            Some(group) => finding.in_group(group.path()),
            None => finding,
        });
    }
}
