//! Required bindings.

use super::engine::Engine;
use super::invariants::Subject;
use super::place::Place;
use crate::Severity;
use crate::definition::{Belongs, ElementDef, ValueSet};
use crate::json::{JsonNode, NameId};

const CODING: NameId = NameId::element("coding");
const SYSTEM: NameId = NameId::element("system");
const CODE: NameId = NameId::element("code");
const EXTENSION: NameId = NameId::element("extension");

impl<'a, N: Subject<'a>> Engine<'_, N> {
    /// A `code`.
    pub(super) fn code(&mut self, code: &str, element: &ElementDef, place: &Place<'_>) {
        let Some(set) = self.bound(element) else { return };
        self.bind(set, set.has_code(code), place);
    }

    /// A `CodeableConcept`, of which one coding must be of the value set, or a `Coding`.
    pub(super) fn concept(&mut self, concept: N, element: &ElementDef, place: &Place<'_>) {
        let Some(set) = self.bound(element) else { return };
        let best = concept
            .member(CODING)
            .and_then(|codings| codings.items().map(|coding| belongs(set, coding)).max());
        let excused = best.is_none() && concept.member(EXTENSION).is_some();
        if !excused {
            self.bind(set, belongs(set, concept).max(best.unwrap_or(Belongs::No)), place);
        }
    }

    fn bound(&self, element: &ElementDef) -> Option<&'static ValueSet> {
        self.options.bindings.severity().and_then(|_| self.table.value_set(element))
    }

    fn bind(&mut self, set: &ValueSet, belongs: Belongs, place: &Place<'_>) {
        let Some(severity) = self.options.bindings.severity() else { return };
        let name = set.name;
        match belongs {
            Belongs::No => {
                let text = format!("not a code of the required binding {name}");
                self.report(severity, "code-invalid", &text, place);
            }
            Belongs::Unknown if self.options.warnings => {
                let text = format!("not known to be a code of the required binding {name}");
                self.report(Severity::Warning, "code-invalid", &text, place);
            }
            Belongs::Unknown | Belongs::Yes => {}
        }
    }
}

fn belongs<'a>(set: &ValueSet, coding: impl JsonNode<'a>) -> Belongs {
    let system = coding.text(SYSTEM);
    coding.text(CODE).map_or(Belongs::No, |code| set.has_coding(system, code))
}
