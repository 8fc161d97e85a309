use std::collections::{BTreeMap, BTreeSet};

use carewire_fhir_core::Value;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::{CellRecord, Cells, QuasiIdentifiers};

fn read(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

/// A record as it was drawn: two quasi-identifiers and the sensitive values.
type Drawn = (BTreeSet<u8>, BTreeSet<u8>, u8);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    vec((btree_set(0_u8..3, 0..3), btree_set(0_u8..3, 0..3), 0_u8..6), 0..60)
}

fn record((one, other, sensitive): &Drawn) -> CellRecord {
    let texts = |values: &BTreeSet<u8>| values.iter().map(u8::to_string).collect::<Vec<_>>();
    CellRecord::new([texts(one), texts(other)]).with_sensitive([sensitive.to_string()])
}

fn counted<'a>(records: impl IntoIterator<Item = &'a Drawn>, l: usize) -> Cells {
    let mut cells = Cells::with_diversity(l);
    records.into_iter().for_each(|drawn| cells.add(&record(drawn)));
    cells
}

proptest! {
    #[test]
    fn the_report_is_what_counting_each_cell_gives(records in drawn(), k in 0_u64..5, l in 1_usize..5) {
        let mut naive: BTreeMap<_, Vec<u8>> = BTreeMap::new();
        for (one, other, sensitive) in &records {
            naive.entry((one, other)).or_default().push(*sensitive);
        }
        let sizes: Vec<u64> = naive.values().map(|records| records.len() as u64).collect();
        let different = |records: &Vec<u8>| records.iter().collect::<BTreeSet<_>>().len();
        let report = counted(&records, l).report(k);
        prop_assert_eq!(report.records, records.len() as u64);
        prop_assert_eq!(report.cells, naive.len() as u64);
        prop_assert_eq!(report.smallest(), sizes.iter().min().copied());
        prop_assert_eq!(report.cells_below, sizes.iter().filter(|size| **size < k).count() as u64);
        prop_assert_eq!(report.records_below, sizes.iter().filter(|size| **size < k).sum::<u64>());
        prop_assert_eq!(report.sizes.iter().map(|(size, cells)| size * cells).sum::<u64>(), report.records);
        let diversity = report.diversity.clone().unwrap();
        let least = naive.values().map(different).min().map(|least| least.min(l) as u64);
        prop_assert_eq!(diversity.least, least);
        let few = naive.values().filter(|records| different(records) < l);
        prop_assert_eq!(diversity.records_below, few.map(|records| records.len() as u64).sum::<u64>());
        prop_assert_eq!(report.is_met(), report.records_below == 0 && diversity.records_below == 0);
    }

    #[test]
    fn the_order_does_not_matter(records in drawn(), l in 0_usize..4) {
        prop_assert_eq!(counted(&records, l), counted(records.iter().rev(), l));
    }

    #[test]
    fn two_halves_make_the_whole(records in drawn(), at in 0_usize..60, l in 0_usize..4) {
        let (first, second) = records.split_at(at.min(records.len()));
        let mut both = counted(second, l);
        both.merge(counted(first, l));
        prop_assert_eq!(both, counted(&records, l));
    }

    #[test]
    fn values_of_any_kind_stay_apart(a in vec(vec(".{0,4}", 0..3), 2), b in vec(vec(".{0,4}", 0..3), 2)) {
        let set = |values: &[Vec<String>]| values.iter().map(|of_one| of_one.iter().cloned().collect::<BTreeSet<_>>()).collect::<Vec<_>>();
        prop_assert_eq!(CellRecord::new(a.clone()) == CellRecord::new(b.clone()), set(&a) == set(&b));
    }

    #[test]
    fn any_path_is_read_or_refused(path in "(Patient|Observation)?[.a-zA-Z\\[\\],]{0,24}|.{0,12}") {
        if let Ok(by) = QuasiIdentifiers::parse(&path) {
            let other = by.record(&read(r#"{"resourceType":"Account"}"#));
            prop_assert!(other.is_none() || path.starts_with("Account"));
        }
    }
}

fn record_of(by: &str, patient: &str) -> CellRecord {
    QuasiIdentifiers::parse(by).unwrap().record(&read(patient)).unwrap()
}

#[test]
fn values_are_found_in_lists_and_extensions() {
    let by = "Patient.address.postalCode,Patient.extension[urn:race].valueCode,Patient.deceasedBoolean";
    let one = r#"{"resourceType":"Patient","address":[{"postalCode":"021"},{"city":"x"},{"postalCode":"100"}],
        "extension":[{"url":"urn:other","valueCode":"n"},{"url":"urn:race","valueCode":"a"}],"deceasedBoolean":false}"#;
    let same = r#"{"resourceType":"Patient","deceasedBoolean":false,"extension":[{"url":"urn:race","valueCode":"a"}],
        "address":[{"postalCode":"100"},{"postalCode":"021"},{"postalCode":"021"}],"gender":"male"}"#;
    assert_eq!(record_of(by, one), record_of(by, same));
    for (from, to) in [
        ("\"100\"", "\"101\""),
        ("\"a\"", "\"n\""),
        ("false", "true"),
        ("urn:race", "urn:x"),
        ("\"021\"", "21"),
    ] {
        assert_ne!(record_of(by, one), record_of(by, &one.replace(from, to)), "{from}");
    }
}

#[test]
fn nothing_said_is_a_cell_of_its_own() {
    let mut cells = Cells::new();
    let by = "Patient.gender,Patient.birthDate";
    for patient in [r#""gender":"male""#, r#""birthDate":"male""#, r#""id":"a""#, r#""gender":[]"#] {
        cells.add(&record_of(by, &format!(r#"{{"resourceType":"Patient",{patient}}}"#)));
    }
    let report = cells.report(2);
    assert_eq!((report.cells, report.records, report.cells_below), (3, 4, 2));
}

#[test]
fn a_path_that_nobody_has_a_value_at_is_refused() {
    for (paths, position) in [
        ("", 1),
        ("Patient", 1),
        ("Patient.", 1),
        ("Patient.birthdate", 1),
        ("Patient.gender,Patient.deceased", 2),
        ("Patient.gender,Observation.status", 2),
        ("Patient.gender,Patient.gender", 2),
        ("Patient.gender,", 2),
        ("Patient.address[0].city", 1),
        ("Patient.extension.valueCode", 1),
        ("Patient.extension[urn:a", 1),
        ("Patient.extension[urn:a]valueCode", 1),
        ("Patient.gender.value", 1),
    ] {
        assert_eq!(
            QuasiIdentifiers::parse(paths).map_err(|error| error.position()),
            Err(position),
            "{paths}"
        );
    }
    let by = QuasiIdentifiers::parse("Patient.gender, Patient.contact.gender").unwrap();
    assert_eq!(by.paths().collect::<Vec<_>>(), ["Patient.gender", "Patient.contact.gender"]);
    for wrong in ["Patient.gender", "Observation.status", "Patient.x"] {
        assert!(by.clone().with_sensitive(wrong).is_err());
    }
    assert_eq!(by.with_sensitive("Patient.maritalStatus.coding.code").unwrap().resource_type(), "Patient");
}

#[test]
fn the_report_and_debug_hold_no_value_and_the_cells_do() {
    let by = QuasiIdentifiers::parse("Patient.birthDate").unwrap().with_sensitive("Patient.gender").unwrap();
    let patient =
        |born: &str| read(&format!(r#"{{"resourceType":"Patient","birthDate":"{born}","gender":"SECRET"}}"#));
    let mut cells = Cells::with_diversity(2);
    for born in ["SECRET-1", "SECRET-2", "SECRET-2"] {
        let record = by.record(&patient(born)).unwrap();
        assert!(!format!("{record:?}").contains("SECRET"));
        cells.add(&record);
    }
    let report = cells.report(2);
    let shown =
        format!("{cells:?} {report:?} {} {:?}", serde_json::to_string(&report).unwrap(), cells.below(3));
    assert!(!shown.contains("SECRET"), "{shown}");
    let values = |k| {
        cells.below(k).into_iter().map(|cell| (cell.records, cell.values.into_exposed())).collect::<Vec<_>>()
    };
    assert_eq!(values(2), [(1, r#"["\"SECRET-1\""]"#.to_owned())]);
    assert_eq!(values(3).len(), 2);
}

#[test]
fn a_long_value_takes_the_room_of_a_short_one() {
    let long = |letter: &str| CellRecord::new([[letter.repeat(100_000)]]);
    assert!(long("a").cell.expose().len() < 200);
    assert_ne!(long("a"), long("b"));
    assert_eq!(long("a"), long("a"));
}
