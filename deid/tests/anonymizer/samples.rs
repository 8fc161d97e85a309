//! Patients' records that Microsoft ships with its anonymizer, under the rules that it ships too.

use std::collections::BTreeSet;
use std::path::Path;

use carewire_deid::import::{AnonymizerRules, ImportOptions, RunContext, Unmatched};
use carewire_fhir_core::{Date, DateTime, Resource, Value, Zone, visit_references};

use crate::support;

fn resources<'a>(bundle: &'a Value, wanted: &str) -> Vec<&'a Value> {
    let all = bundle.list("entry").iter().filter_map(|entry| entry.get("resource"));
    all.filter(|resource| resource.str("resourceType") == Some(wanted)).collect()
}

/// What names the patient: names, identifiers, telephone numbers, streets.
fn phi(patient: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |text: Option<&str>| found.extend(text.filter(|text| text.len() > 4).map(str::to_owned));
    for name in patient.list("name") {
        add(name.str("family"));
        name.list("given").iter().for_each(|given| add(given.as_str()));
    }
    patient.list("identifier").iter().for_each(|identifier| add(identifier.str("value")));
    patient.list("telecom").iter().for_each(|telecom| add(telecom.str("value")));
    for address in patient.list("address") {
        address.list("line").iter().for_each(|line| add(line.as_str()));
    }
    add(patient.str("id"));
    add(patient.str("birthDate"));
    found
}

fn moment(text: &str) -> i128 {
    DateTime::parse(text).unwrap().bounds(Zone::UTC).start
}

/// How far the dates have moved: one number for all of them.
fn moves(before: &Value, after: &Value) -> BTreeSet<i128> {
    let dates = |bundle: &Value| -> Vec<i128> {
        let born = resources(bundle, "Patient").into_iter().filter_map(|patient| patient.str("birthDate"));
        let visits = resources(bundle, "Encounter").into_iter();
        let starts = visits.filter_map(|visit| visit.get("period")?.str("start"));
        born.chain(starts).map(moment).collect()
    };
    let (before, after) = (dates(before), dates(after));
    assert!(before.len() > 5 && before.len() == after.len());
    before.into_iter().zip(after).map(|(before, after)| before - after).collect()
}

/// How many references there are by `urn:uuid:`, and how many of them lead out of the Bundle.
fn open_references(bundle: &Value) -> (usize, usize) {
    let entries = bundle.list("entry").iter();
    let ids: BTreeSet<_> = entries.filter_map(|entry| entry.get("resource")?.str("id")).collect();
    let (mut all, mut open) = (0, 0);
    visit_references(bundle, &mut |_, text| {
        if let Some(id) = text.strip_prefix("urn:uuid:") {
            all += 1;
            open += usize::from(!ids.contains(id));
        }
    });
    (all, open)
}

#[test]
fn nothing_names_the_patient_references_resolve_and_intervals_hold() {
    let Some(root) = crate::cases::corpus() else { return };
    let fhir = root.join("FHIR");
    let config =
        fhir.join("src/Microsoft.Health.Fhir.Anonymizer.R4.CommandLineTool/configuration-sample.json");
    let config = std::fs::read_to_string(config).unwrap();
    let (keys, as_of) = (support::keys(1), Date::parse("2026-11-22").unwrap());
    let files =
        std::fs::read_dir(fhir.join("samples/fhir-r4-files")).unwrap().map(|file| file.unwrap().path());
    let small = |path: &Path| path.metadata().unwrap().len() < 700_000;
    let mut patients = 0;
    for path in files.filter(|path| small(path)) {
        let record = Resource::parse(&std::fs::read(&path).unwrap()).unwrap();
        for unmatched in [Unmatched::Drop, Unmatched::Keep] {
            let rules =
                AnonymizerRules::parse(&config, ImportOptions::default().with_unmatched(unmatched)).unwrap();
            let done = rules.run(&record, &RunContext::new(&keys, &as_of)).unwrap().resource;
            let json = done.to_json();
            for patient in resources(record.value(), "Patient") {
                patients += 1;
                for text in phi(patient) {
                    assert!(
                        !json.contains(&text),
                        "a value of {} is left under {unmatched:?}",
                        path.display()
                    );
                }
                if unmatched == Unmatched::Keep {
                    let moves = moves(record.value(), done.value());
                    assert_eq!(moves.len(), 1, "{}", path.display());
                    assert!(moves.iter().all(|nanos| *nanos > 0 && nanos % 86_400_000_000_000 == 0));
                }
            }
            let (before, after) = (open_references(record.value()), open_references(done.value()));
            assert!(after.0 > 0 && after.1 <= before.1, "{}: {before:?}, then {after:?}", path.display());
            assert!(after.0 <= before.0, "{}: {before:?}, then {after:?}", path.display());
        }
    }
    assert!(patients >= 6, "{patients}");
}
