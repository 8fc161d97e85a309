//! What differs in R5, element by element. After HL7's maps from R4 to R5, and R5's definitions where those say nothing.

mod administration;
mod care;
mod clinical;
mod device;
mod exchange;
mod medication;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::rule::{Does, Rule, Rules};

const TABLES: [Rules; 6] =
    [administration::RULES, care::RULES, clinical::RULES, device::RULES, exchange::RULES, medication::RULES];

/// Resources whose elements are the same in R5.
const SAME: &[&str] = &[
    "AppointmentResponse",
    "Basic",
    "Binary",
    "Bundle",
    "Flag",
    "Linkage",
    "Observation",
    "OperationOutcome",
    "Parameters",
    "Patient",
    "RelatedPerson",
    "VisionPrescription",
];

/// What differs in a type, or in a part of one.
pub(super) fn rules(name: &str) -> &'static [Rule] {
    let row = TABLES.iter().flat_map(|table| table.iter()).find(|(of, _)| *of == name);
    row.map_or(&[], |(_, rules)| rules)
}

/// Whether some rule puts something under a name, so that it may be there before an element of that name is.
pub(super) fn may_be_there(name: &str) -> bool {
    static TARGETS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let rules = TABLES.iter().flat_map(|table| table.iter()).flat_map(|(_, rules)| rules.iter());
        let targets = rules.filter_map(|rule| match &rule.does {
            Does::Goes { to, .. } | Does::Measured { to, .. } => to.split('.').next(),
            Does::Codes(_) => Some(rule.from),
            Does::Up | Does::Kept => None,
        });
        targets.chain(["extension", "modifierExtension", "intervalUnit"]).collect()
    });
    TARGETS.contains(name)
}

/// Whether it is known what differs in a resource.
pub(super) fn covers(resource: &str) -> bool {
    let within =
        |of: &str| of.strip_prefix(resource).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    SAME.contains(&resource) || TABLES.iter().flat_map(|table| table.iter()).any(|(of, _)| within(of))
}
