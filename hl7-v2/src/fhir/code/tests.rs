//! What holds of every table.

use std::fmt::Write;

use super::*;

fn maps() -> impl Iterator<Item = &'static &'static CodeMap> {
    ALL.iter().chain(OWN)
}

#[test]
fn every_code_is_found_and_no_other() {
    for map in maps() {
        for (code, concept) in (map.codes)() {
            assert_eq!((map.find)(code), concept, "{} {code}", map.name);
        }
        for code in ["", "no such code", "\u{e9}", "~"] {
            assert_eq!((map.find)(code), None, "{} {code}", map.name);
        }
    }
}

#[test]
fn the_codes_of_a_table_are_sorted() {
    for map in maps() {
        let codes = (map.codes)();
        assert!(codes.is_sorted_by(|one, next| one.0 < next.0), "{}", map.name);
    }
}

/// A value is numbered by the place of its row: a code that reads back to itself has both right.
#[test]
fn a_value_reads_back() {
    assert_eq!(AdministrativeSex::read("F"), Some(AdministrativeSex::F));
    assert_eq!(AdministrativeSex::F.code(), "F");
    assert_eq!(AdministrativeSex::read("f"), None, "codes are taken as the table writes them");
    assert_eq!(AddressType::Ba.concept_use().map(|concept| concept.code), Some("old"));
    assert_eq!(AddressType::Ba.concept_type(), None);
    assert_eq!(InterpretationCodes::Less.code(), "<");
}

#[test]
fn maps_are_named_once() {
    let mut names: Vec<&str> = maps().map(|map| map.name).collect();
    names.sort_unstable();
    assert!(names.is_sorted_by(|one, next| one < next));
    assert_eq!(ALL.len(), 99);
}

/// How many codes each map has, and how many of them have a counterpart.
#[test]
fn codes_by_map() {
    let mut text = String::new();
    for map in maps() {
        let codes = (map.codes)();
        let mapped = codes.iter().filter(|(_, concept)| concept.is_some()).count();
        writeln!(text, "{} {}: {mapped} of {}", map.table, map.name, codes.len()).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn only_code_systems_of_hl7_have_displays() {
    for map in maps() {
        for (code, concept) in (map.codes)() {
            let Some(concept) = concept else { continue };
            let of_hl7 = ["http://terminology.hl7.org/", "http://hl7.org/fhir/"]
                .iter()
                .any(|base| concept.system.starts_with(base));
            assert_eq!(concept.display.is_some(), of_hl7, "{} {code}", map.name);
        }
    }
}

#[test]
fn a_table_has_a_system() {
    assert_eq!(v2_system("0085"), Some("http://terminology.hl7.org/CodeSystem/v2-0085"));
    assert_eq!(v2_system("85"), None);
    assert_eq!(v2_system(""), None);
    for map in maps() {
        assert!(v2_system(map.table).is_some(), "{}", map.name);
    }
    for url in system::V2 {
        assert_eq!(v2_system(url.strip_prefix(V2_BASE).unwrap()), Some(*url));
    }
}
