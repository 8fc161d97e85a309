//! What is found in a resource by search parameters.

use carewire_fhir_core::search::{Alone, Criterion, DateValue, ParameterKind, parameter, parameters};
use carewire_fhir_core::{Compartment, Value};

use crate::store::local;

/// Whether a resource is in the compartment of one of the targets, which are `Type/<id>`.
pub(crate) fn belongs(
    resource: &Value,
    compartment: Compartment,
    resource_type: &str,
    is_target: &dyn Fn(&str) -> bool,
) -> bool {
    let codes = compartment.parameters(resource_type).iter();
    codes.filter_map(|code| parameter(resource_type, code)).any(|parameter| {
        // What cannot be told to be of a target is not shown as its.
        let found = parameter.select(resource).unwrap_or_default();
        found.iter().filter_map(|element| local(element.str("reference")?)).any(|target| is_target(&target))
    })
}

/// When care was given, as far as that is asked.
#[derive(Default)]
pub(crate) struct Care {
    pub(crate) start: Option<DateValue>,
    pub(crate) end: Option<DateValue>,
}

impl Care {
    /// Whether the care that a resource tells of lies in the time, by its search parameter `date`, or by its other dates
    /// where it has none of that name. A resource without such a date is always in it.
    pub(crate) fn includes(&self, resource: &Value, resource_type: &str) -> bool {
        if self.start.is_none() && self.end.is_none() {
            return true;
        }
        let all = || parameters(resource_type).filter(|entry| entry.kind == ParameterKind::Date);
        let date = parameter(resource_type, "date").filter(|entry| entry.kind == ParameterKind::Date);
        let codes: Vec<_> = match date {
            Some(date) => vec![date.code],
            None => all().map(|entry| entry.code).filter(|code| *code != "_lastUpdated").collect(),
        };
        let has = |code: &str| Criterion::missing(code, false).fits(resource, &Alone).unwrap_or(false);
        let mut dated = codes.into_iter().filter(|code| has(code)).peekable();
        dated.peek().is_none() || dated.any(|code| self.allows(resource, code))
    }

    fn allows(&self, resource: &Value, code: &str) -> bool {
        let limits = [&self.start, &self.end].into_iter().flatten();
        limits
            .into_iter()
            .all(|limit| Criterion::new(code, limit.clone()).fits(resource, &Alone).unwrap_or(false))
    }
}
