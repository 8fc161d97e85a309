//! What is known about codes: the terms of HL7's own tables, the names of its code systems, shapes, units.

mod shape;
mod ucum;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::fhir::data_lines;

pub(crate) use shape::Shape;
pub(crate) use ucum::is_unit;

/// What the carried tables say about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// The code stands in its table, with this display.
    Known(&'static str),
    /// The table is carried whole, and the code does not stand in it.
    Foreign,
    /// The table is not carried, or only in part.
    Unknown,
}

/// Looks a code up.
pub(crate) fn term(system: &str, code: &str) -> Term {
    match TERMS.get(system) {
        None => Term::Unknown,
        Some(table) => match table.displays.get(code) {
            Some(display) => Term::Known(display),
            None if table.complete => Term::Foreign,
            None => Term::Unknown,
        },
    }
}

/// Whether the codes of a system are carried whole.
pub(crate) fn is_carried(system: &str) -> bool {
    TERMS.get(system).is_some_and(|table| table.complete)
}

/// Whether HL7 published a code system under this address with FHIR R4.
pub(crate) fn is_published_system(system: &str) -> bool {
    static SYSTEMS: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| data_lines(include_str!("../../data/systems.txt")).collect());
    SYSTEMS.contains(system)
}

struct Table {
    complete: bool,
    displays: HashMap<&'static str, &'static str>,
}

static TERMS: LazyLock<HashMap<&'static str, Table>> = LazyLock::new(|| {
    let mut terms: HashMap<_, Table> = HashMap::new();
    let mut system = "";
    for line in data_lines(include_str!("../../data/terms.txt")) {
        if let Some((code, display)) = line.trim_start().split_once('\t') {
            if let Some(table) = terms.get_mut(system) {
                table.displays.insert(code, display);
            }
        } else if let Some((extent, url)) = line.split_once(' ') {
            system = url;
            terms.insert(url, Table { complete: extent == "complete", displays: HashMap::new() });
        }
    }
    terms
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_answer_with_their_own_display() {
        let sex = "http://terminology.hl7.org/CodeSystem/v2-0001";
        assert_eq!(term(sex, "F"), Term::Known("Female"));
        assert_eq!(term(sex, "SMITH"), Term::Foreign);
        assert_eq!(term("http://terminology.hl7.org/CodeSystem/v3-ActCode", "SMITH"), Term::Unknown);
        assert_eq!(term("http://loinc.org", "718-7"), Term::Unknown);
        assert!(TERMS.values().all(|table| !table.displays.is_empty()));
    }

    #[test]
    fn published_systems_are_known_by_their_whole_address() {
        assert!(is_published_system("http://terminology.hl7.org/CodeSystem/v3-ActCode"));
        assert!(!is_published_system("http://terminology.hl7.org/CodeSystem/john-smith"));
    }
}
