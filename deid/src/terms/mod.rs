//! What is known about codes: the codes and displays of HL7's own systems, shapes, units.

mod language;
mod place;
mod shape;
mod ucum;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::fhir::data_lines;

pub(crate) use language::is_language;
pub(crate) use place::{country, is_state};
pub(crate) use shape::Shape;
pub(crate) use ucum::is_unit;

/// Whether HL7 published a code of this system with FHIR R4. A system that is not carried has no codes.
pub(crate) fn is_published(system: &str, code: &str) -> bool {
    CODES.get(&*canonical(system)).is_some_and(|codes| codes.contains(code))
}

/// Whether the codes of a system are carried.
pub(crate) fn is_carried(system: &str) -> bool {
    CODES.contains_key(&*canonical(system))
}

/// The display that HL7 published for a code, where it is carried.
pub(crate) fn display(system: &str, code: &str) -> Option<&'static str> {
    DISPLAYS.get(&*canonical(system))?.get(code).copied()
}

/// A v2 table has three addresses.
fn canonical(system: &str) -> Cow<'_, str> {
    let table = ["urn:oid:2.16.840.1.113883.12.", "http://hl7.org/fhir/v2/"]
        .iter()
        .find_map(|prefix| system.strip_prefix(prefix))
        .filter(|number| number.len() <= 4 && number.bytes().all(|byte| byte.is_ascii_digit()));
    table.map_or(Cow::Borrowed(system), |number| {
        Cow::Owned(format!("http://terminology.hl7.org/CodeSystem/v2-{number:0>4}"))
    })
}

static CODES: LazyLock<HashMap<&'static str, HashSet<&'static str>>> = LazyLock::new(|| {
    let systems = data_lines(include_str!("../../data/codes.txt"));
    systems
        .filter_map(|line| line.split_once('\t'))
        .map(|(url, codes)| (url, codes.split('\t').collect()))
        .collect()
});

static DISPLAYS: LazyLock<HashMap<&'static str, HashMap<&'static str, &'static str>>> = LazyLock::new(|| {
    let mut displays: HashMap<_, HashMap<_, _>> = HashMap::new();
    let mut system = "";
    for line in data_lines(include_str!("../../data/terms.txt")) {
        match line.trim_start().split_once('\t') {
            Some((code, display)) => drop(displays.entry(system).or_default().insert(code, display)),
            None => system = line,
        }
    }
    displays
});

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: &str = "http://terminology.hl7.org/CodeSystem/";

    #[test]
    fn codes_stand_in_their_tables_and_names_do_not() {
        for (system, code) in [
            ("v2-0004", "I"),
            ("v2-0006", "CAT"),
            ("v2-0074", "LAB"),
            ("v2-0078", "H"),
            ("v2-0203", "MR"),
            ("v2-0276", "CHECKUP"),
            ("v3-ActCode", "IMP"),
            ("v3-RouteOfAdministration", "PO"),
            ("condition-clinical", "active"),
        ] {
            let system = format!("{TABLES}{system}");
            assert!(is_carried(&system) && is_published(&system, code), "{system} {code}");
            assert!(!is_published(&system, "SMITH") && !is_published(&system, ""), "{system}");
        }
        assert!(!is_published("http://terminology.hl7.org/CodeSystem/john-smith", "I"));
        assert!(!is_published("http://loinc.org", "718-7"));
    }

    #[test]
    fn a_table_is_the_same_under_each_of_its_addresses() {
        for system in ["http://hl7.org/fhir/v2/0001", "urn:oid:2.16.840.1.113883.12.1"] {
            assert_eq!(display(system, "F"), Some("Female"));
            assert!(!is_published(system, "SMITH"));
        }
        for system in ["urn:oid:2.16.840.1.113883.12.", "urn:oid:2.16.840.1.113883.12.00001"] {
            assert!(!is_published(system, "F"), "{system}");
        }
    }

    #[test]
    fn every_display_is_of_a_published_code() {
        assert!(DISPLAYS.len() > 60);
        for (system, codes) in DISPLAYS.iter() {
            codes.keys().for_each(|code| assert!(is_published(system, code), "{system} {code}"));
        }
    }
}
