//! The fields of a segment.

use super::Check;
use super::code::is_elsewhere;
use super::spot::{Level, Spot};
use crate::dictionary::{FieldDefinition, Optionality, SegmentDefinition, Version};
use crate::{Field, FindingKind, Segment, SegmentId};

/// The data type of fields whose data type another field names.
const VARIES: &str = "varies";

impl<'c> Check<'c> {
    pub(super) fn segment(&mut self, segment: Segment<'_>) {
        let (Some(id), Some(location)) = (segment.id(), segment.location()) else { return };
        let whole =
            Spot { segment, location, raw: segment.raw(), level: Level::Subcomponent, syntax: self.syntax };
        let Some(definition) = self.dictionary.segment(id.upper_case().as_str()) else {
            if let Some(severity) = self.options.unknown_segments.filter(|_| self.is_unknown(id.upper_case()))
            {
                self.report_with(&whole, FindingKind::UnknownSegment, severity, None);
            }
            return;
        };
        let named_type = self.observation_type(&whole);
        let literal = if id.is_header() { 2 } else { 0 };
        let mut last = 0;
        for (number, field) in segment.fields() {
            last = number;
            if number <= literal || self.findings.is_full() {
                continue;
            }
            let location = location.at_field(number);
            let spot = Spot { location, raw: field.raw(), level: Level::Repetition, ..whole };
            match definition.field(number) {
                Some(field_definition) => self.field(&spot, field, field_definition, named_type),
                None if spot.has_content() => {
                    self.beyond(&spot, FindingKind::ExtraField, definition.name(), definition.fields().len());
                    break;
                }
                None => {}
            }
        }
        self.missing_behind(last, &whole, definition);
    }

    /// Whether it is a segment that neither the version has nor a site may have made.
    pub(super) fn is_unknown(&self, id: SegmentId) -> bool {
        !id.as_str().starts_with('Z') && self.dictionary.segment(id.as_str()).is_none()
    }

    /// Required fields behind the last one that is there.
    fn missing_behind(&mut self, last: usize, whole: &Spot<'_>, definition: &SegmentDefinition) {
        let behind = whole.raw.get(whole.raw.len()..).unwrap_or_default();
        let rest = definition.fields().iter().enumerate().skip(last);
        for (index, _) in rest.filter(|(_, field)| field.usage() == Optionality::Required) {
            let spot = Spot { location: whole.location.at_field(index + 1), raw: behind, ..*whole };
            self.report(&spot, FindingKind::RequiredFieldMissing);
        }
    }

    fn field(
        &mut self,
        spot: &Spot<'_>,
        field: Field<'_>,
        definition: &'c FieldDefinition,
        named_type: Option<&'c str>,
    ) {
        if !spot.has_content() {
            if definition.usage() == Optionality::Required {
                self.report(spot, FindingKind::RequiredFieldMissing);
            }
            return;
        }
        self.obsolete(spot, definition);
        if spot.is_null() {
            return self.null(spot, definition);
        }
        let several = self.repetitions(spot, field, definition);
        let datatype = if definition.datatype() == VARIES { named_type } else { Some(definition.datatype()) };
        let Some(datatype) = datatype else { return };
        for (index, repetition) in field.repetitions().enumerate() {
            let location = if several { spot.location.at_repetition(index + 1) } else { spot.location };
            let part = Spot { location, raw: repetition.raw(), ..*spot };
            if part.has_content() && !part.is_null() {
                self.length(&part, definition);
                self.value(&part, datatype, definition.table());
            }
        }
    }

    /// Counts the repetitions; true when there are several.
    fn repetitions(&mut self, spot: &Spot<'_>, field: Field<'_>, definition: &FieldDefinition) -> bool {
        let count = field.repetitions().filter(|repetition| !repetition.is_empty()).count();
        let bounds = definition.cardinality();
        if !bounds.allows(count) && !definition.is_withdrawn() {
            let expected = Some(bounds.to_string().into());
            if count < bounds.min as usize {
                let kind = FindingKind::TooFewRepetitions;
                self.report_with(spot, kind, kind.severity(), expected);
            } else if let Some(severity) = self.options.beyond_definition {
                self.report_with(spot, FindingKind::TooManyRepetitions, severity, expected);
            }
        }
        field.repetitions().nth(1).is_some()
    }

    /// A value where the version wants none any more.
    pub(super) fn obsolete(&mut self, spot: &Spot<'_>, definition: &FieldDefinition) {
        let kind = match definition.usage() {
            Optionality::Backward => FindingKind::BackwardCompatible,
            Optionality::Withdrawn | Optionality::NotSupported => FindingKind::Withdrawn,
            _ => return,
        };
        if let Some(severity) = self.options.obsolete {
            self.report_with(spot, kind, severity, None);
        }
    }

    /// An explicit null.
    pub(super) fn null(&mut self, spot: &Spot<'_>, definition: &FieldDefinition) {
        let severity = self.options.null_in_required.filter(|_| definition.usage() == Optionality::Required);
        if let Some(severity) = severity {
            self.report_with(spot, FindingKind::RequiredIsNull, severity, None);
        }
    }

    /// Something behind the last part of what the definition has.
    pub(super) fn beyond(&mut self, spot: &Spot<'_>, kind: FindingKind, name: &str, count: usize) {
        if let Some(severity) = self.options.beyond_definition {
            self.report_with(spot, kind, severity, Some(format!("{name} has {count}").into()));
        }
    }

    pub(super) fn length(&mut self, spot: &Spot<'_>, definition: &FieldDefinition) {
        let (Some(severity), Some(most)) = (self.options.lengths, definition.length()) else { return };
        let most = most as usize;
        if spot.raw.len() > most
            && spot.text().chars().count() > most
            && !self.is_known_code(spot, definition)
        {
            self.report_with(spot, FindingKind::TooLong, severity, Some(format!("at most {most}").into()));
        }
    }

    /// Whether the table of the field has the value as a code, or that of a late version: 2.5.1 allows OBX-2 two
    /// characters, too few for `CWE`.
    fn is_known_code(&self, spot: &Spot<'_>, definition: &FieldDefinition) -> bool {
        let Some(table) = definition.table() else { return false };
        let code = spot.text();
        let own = self.dictionary.table(table).is_some_and(|table| table.code(&code).is_some());
        own || is_elsewhere(table, &code)
    }

    /// The data type that OBX-2 names for OBX-5.
    fn observation_type(&mut self, obx: &Spot<'_>) -> Option<&'c str> {
        if obx.location.segment().upper_case().as_str() != "OBX" {
            return None;
        }
        let spot = |number: usize| {
            let raw = obx.segment.field(number)?.raw();
            Some(Spot { location: obx.location.at_field(number), raw, level: Level::Repetition, ..*obx })
        };
        let value = spot(5).filter(|value| value.has_content() && !value.is_null())?;
        let Some(named) = spot(2).filter(Spot::has_content) else {
            if self.dictionary.version() > Version::V2_1 {
                let location = obx.location.at_field(2);
                let raw = value.raw.get(..0).unwrap_or_default();
                self.report(&Spot { location, raw, ..value }, FindingKind::RequiredFieldMissing);
            }
            return None;
        };
        let known = self.dictionary.datatype(named.raw).filter(|datatype| datatype.name() != VARIES);
        if known.is_none() && !named.is_null() {
            self.report(&named, FindingKind::UnknownDataType);
        }
        known.map(|datatype| datatype.name())
    }
}
