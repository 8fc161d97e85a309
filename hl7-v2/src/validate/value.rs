//! Values and their data types.

use super::Check;
use super::primitive::{Primitive, fits};
use super::spot::{Level, Spot};
use crate::FindingKind;
use crate::dictionary::{DatatypeDefinition, FieldDefinition, Optionality};

/// Data types inside each other; an overlay could make one part of itself.
const DEEPEST: usize = 8;

impl<'c> Check<'c> {
    /// Checks a value that has content against its data type and, where it is a code, its table.
    pub(super) fn value(&mut self, spot: &Spot<'_>, datatype: &str, table: Option<&str>) {
        let Some(definition) = self.dictionary.datatype(datatype) else { return };
        match definition.is_primitive() {
            true => self.primitive(spot, definition, table),
            false if spot.level == Level::Subcomponent => self.innermost(spot, definition),
            false => self.composite(spot, definition, table),
        }
    }

    fn composite(&mut self, spot: &Spot<'_>, definition: &'c DatatypeDefinition, table: Option<&str>) {
        let mut last = 0;
        for (number, part) in spot.parts() {
            last = number;
            match definition.component(number) {
                Some(component) => self.component(&part, number, definition, component),
                None if part.has_content() => {
                    self.beyond(
                        &part,
                        extra_of(spot.level),
                        definition.name(),
                        definition.components().len(),
                    );
                    break;
                }
                None => {}
            }
        }
        let behind = spot.raw.get(spot.raw.len()..).unwrap_or_default();
        let rest = definition.components().iter().enumerate().skip(last);
        for (index, _) in rest.filter(|(_, component)| component.usage() == Optionality::Required) {
            let missing = Spot { location: spot.location_of(index + 1), raw: behind, ..*spot };
            self.report(&missing, FindingKind::RequiredComponentMissing);
        }
        if let Some(table) = table {
            self.coded(spot, definition, table);
        }
    }

    fn component(
        &mut self,
        spot: &Spot<'_>,
        number: usize,
        of: &'c DatatypeDefinition,
        definition: &'c FieldDefinition,
    ) {
        if !spot.has_content() {
            if definition.usage() == Optionality::Required {
                self.report(spot, FindingKind::RequiredComponentMissing);
            }
            return;
        }
        self.obsolete(spot, definition);
        if spot.is_null() {
            return self.null(spot, definition);
        }
        self.length(spot, definition);
        // Before 2.5 the first component of a TS is called a string, and its text says that it is a date and time.
        let is_time = number == 1 && of.name() == "TS";
        if is_time {
            self.time_stamp(spot);
        } else {
            self.value(spot, definition.datatype(), definition.table());
        }
    }

    /// A value without room for the parts of its data type: it is the first of them.
    fn innermost(&mut self, spot: &Spot<'_>, mut definition: &'c DatatypeDefinition) {
        for _ in 0..DEEPEST {
            let Some(first) = definition.component(1) else { return };
            if definition.name() == "TS" {
                return self.time_stamp(spot);
            }
            let Some(inner) = self.dictionary.datatype(first.datatype()) else { return };
            if inner.is_primitive() {
                return self.primitive(spot, inner, first.table());
            }
            definition = inner;
        }
    }

    fn primitive(&mut self, spot: &Spot<'_>, definition: &'c DatatypeDefinition, table: Option<&str>) {
        let name = definition.name();
        let first = self.single(spot, name);
        if !first.has_content() || first.is_null() {
            return;
        }
        if let Some(primitive) = Primitive::named(name) {
            self.form(&first, primitive, name);
        }
        if let Some(table) = table.filter(|_| matches!(name, "ID" | "IS")) {
            self.code(&first, table);
        }
    }

    fn time_stamp(&mut self, spot: &Spot<'_>) {
        let first = self.single(spot, "TS");
        self.form(&first, Primitive::Time, "DTM");
    }

    fn form(&mut self, spot: &Spot<'_>, primitive: Primitive, name: &'c str) {
        if !fits(primitive, spot) {
            let severity = primitive.severity();
            self.report_with(spot, FindingKind::DataType, severity, Some(name.to_owned().into()));
        }
    }

    /// The first part of a value that has no parts by its data type; others with content are reported.
    fn single<'m>(&mut self, spot: &Spot<'m>, name: &str) -> Spot<'m> {
        let mut single = *spot;
        while single.level != Level::Subcomponent {
            let mut parts = single.parts();
            let Some((_, first)) = parts.next() else { return single };
            let mut divided = false;
            for (_, part) in parts {
                divided = true;
                if part.has_content() {
                    self.beyond(&part, extra_of(single.level), name, 1);
                    break;
                }
            }
            let location = if divided { first.location } else { single.location };
            single = Spot { location, ..first };
        }
        single
    }
}

/// What a part is that the data type does not have, by what it is a part of.
fn extra_of(level: Level) -> FindingKind {
    if level == Level::Repetition { FindingKind::ExtraComponent } else { FindingKind::ExtraSubcomponent }
}
