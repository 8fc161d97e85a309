//! Our validator beside Medplum's and beside the crate `fhirkit`, on real resources and on resources made wrong on purpose:
//! whatever one of them says and another does not is of a class that [`explained`] explains.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod explained;
mod fault;
mod judges;
mod table;
mod units;

use judges::{Judge, judge_all};
use table::Table;
use units::Unit;

#[test]
fn mutations_are_judged_alike_or_for_a_reason() {
    compare("mutations", &units::mutations(), &[(Judge::Fhirkit, 2_000), (Judge::Medplum, 2_000)]);
}

#[test]
fn real_resources_are_judged_alike_or_for_a_reason() {
    let found = units::corpus();
    if found.units.is_empty() {
        println!("{}", carewire_testing::corpus::NOT_SET);
        return;
    }
    println!("{} resources; not JSON: {:?}", found.units.len(), found.not_json);
    assert_eq!((found.not_json.len(), found.no_resource.len()), (3, 37));
    compare("corpus", &found.units, &[(Judge::Fhirkit, 8_800), (Judge::Medplum, 10_000)]);
}

#[test]
fn the_definitions_of_hl7_are_judged_alike_or_for_a_reason() {
    let found = units::definitions();
    if found.units.is_empty() {
        println!("skipped: the packages of testing/oracle are not installed (npm ci)");
        return;
    }
    assert_eq!((found.not_json.len(), found.no_resource.len()), (0, 0));
    compare("definitions", &found.units, &[(Judge::Fhirkit, 400), (Judge::Medplum, 400)]);
}

/// The resources that the mutations start from have no fault for anybody.
#[test]
fn the_resources_before_mutation_are_sound() {
    let units = units::sound();
    for (judge, faults) in judge_all(&units) {
        for (unit, faults) in units.iter().zip(faults) {
            let is_sound = faults.map_or(judge == Judge::Fhirkit, |faults| faults.is_empty());
            assert!(is_sound, "{judge:?} on {}", unit.name);
        }
    }
}

/// Lays our verdicts beside those of each peer that is there, which has to judge at least so many of the resources.
fn compare(what: &str, units: &[Unit], least: &[(Judge, usize)]) {
    let verdicts = judge_all(units);
    let of =
        |wanted: Judge| verdicts.iter().find(|(judge, _)| *judge == wanted).map(|(_, verdicts)| verdicts);
    let tables = least.iter().filter_map(|(peer, least)| {
        let table = Table::new(what, *peer, units, of(Judge::Carewire)?, of(*peer)?);
        println!("{table}");
        assert!(table.judged() >= *least, "{peer:?} judged only {}", table.judged());
        // Medplum answers for a type that it does not know too: no verdict is a crash.
        assert!(*peer != Judge::Medplum || table.not_judged() == 0, "{peer:?} crashed");
        Some(table)
    });
    let unexplained: Vec<String> = tables.flat_map(|table| table.unexplained()).collect();
    assert_eq!(unexplained, Vec::<String>::new());
}
