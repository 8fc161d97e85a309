use std::collections::{BTreeMap, BTreeSet};

use carewire_fhir_core::Value;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::{CellRecord, Cells, People, PersonRecord, QuasiIdentifiers};

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
            let other = by.read(&read(r#"{"resourceType":"Account"}"#));
            prop_assert!(other.records.is_empty());
        }
    }
}

fn record_of(by: &str, patient: &str) -> CellRecord {
    let by = QuasiIdentifiers::parse(by).unwrap();
    let mut people = People::new(by.paths().count());
    by.read(&read(patient)).records.iter().for_each(|record| people.add(record));
    let cells = people.cells().below(2);
    assert_eq!(cells.len(), 1);
    CellRecord { cell: cells[0].values.clone(), sensitive: None }
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
        ("Patient.gender,Organization.type", 2),
        ("Organization.type,Location.status", 2),
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
    for wrong in ["Patient.gender", "Location.status", "Patient.x"] {
        assert!(by.clone().with_sensitive(wrong).is_err());
    }
    let by = by.with_sensitive("Condition.code.coding.code").unwrap();
    assert_eq!(by.resource_types().collect::<Vec<_>>(), ["Condition", "Patient"]);
    assert!(by.counts_persons() && !QuasiIdentifiers::parse("Organization.type").unwrap().counts_persons());
}

#[test]
fn the_report_and_debug_hold_no_value_and_the_cells_do() {
    let by = QuasiIdentifiers::parse("Patient.birthDate").unwrap().with_sensitive("Patient.gender").unwrap();
    let patient =
        |born: &str| read(&format!(r#"{{"resourceType":"Patient","birthDate":"{born}","gender":"SECRET"}}"#));
    let mut people = People::new(1).with_diversity(2);
    for born in ["SECRET-1", "SECRET-2", "SECRET-2"] {
        let reading = by.read(&patient(born));
        assert!(!format!("{reading:?}").contains("SECRET"));
        people.add(&reading.records[0]);
    }
    assert!(!format!("{people:?}").contains("SECRET"));
    let cells = people.cells();
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

/// What is said in so many places of so few people: names, and values of two quasi-identifiers.
fn said() -> impl Strategy<Value = Vec<(BTreeSet<u8>, BTreeSet<u8>, BTreeSet<u8>)>> {
    vec((btree_set(0_u8..12, 1..3), btree_set(0_u8..3, 0..2), btree_set(0_u8..3, 0..2)), 0..30)
}

fn people<'a>(said: impl IntoIterator<Item = &'a (BTreeSet<u8>, BTreeSet<u8>, BTreeSet<u8>)>) -> People {
    let mut people = People::new(2);
    for (names, one, other) in said {
        let texts = |values: &BTreeSet<u8>| values.iter().map(u8::to_string).collect::<Vec<_>>();
        people.add(&PersonRecord::new(texts(names), [texts(one), texts(other)]));
    }
    people
}

proptest! {
    /// Whoever shares a name with somebody who shares one is the same person: joined again and again, the slow way.
    #[test]
    fn people_are_joined_by_any_name_in_any_order(said in said(), k in 1_u64..4) {
        let mut naive: Vec<(BTreeSet<u8>, BTreeSet<u8>, BTreeSet<u8>)> = vec![];
        for (names, one, other) in said.clone() {
            let (same, rest): (Vec<_>, Vec<_>) = naive.into_iter().partition(|person| !person.0.is_disjoint(&names));
            naive = rest;
            let mut joined = (names, one, other);
            for (names, one, other) in same {
                joined.0.extend(names);
                joined.1.extend(one);
                joined.2.extend(other);
            }
            naive.push(joined);
        }
        let mut cells: BTreeMap<_, u64> = BTreeMap::new();
        naive.iter().for_each(|(_, one, other)| *cells.entry((one, other)).or_default() += 1);
        let (forth, back) = (people(&said), people(said.iter().rev()));
        prop_assert_eq!(forth.len(), naive.len());
        let report = forth.cells().report(k);
        prop_assert_eq!(&report, &back.cells().report(k));
        prop_assert_eq!(report.cells, cells.len() as u64);
        prop_assert_eq!(report.smallest(), cells.values().min().copied());
        prop_assert_eq!(report.cells_below, cells.values().filter(|size| **size < k).count() as u64);
    }
}

/// The cells of a release by who was born when with what, and the resources that are about nobody known.
fn joined(resources: &[&str]) -> (Vec<(u64, String)>, u64) {
    let by = QuasiIdentifiers::parse("Patient.birthDate,Condition.code.text").unwrap();
    let (mut people, mut unassigned) = (People::new(2), 0);
    for resource in resources {
        let reading = by.read(&read(resource));
        unassigned += reading.unassigned;
        reading.records.iter().for_each(|record| people.add(record));
    }
    let cells = people.cells().below(100).into_iter();
    (cells.map(|cell| (cell.records, cell.values.into_exposed().replace('\\', ""))).collect(), unassigned)
}

#[test]
fn what_is_said_of_a_person_in_several_places_is_joined() {
    let person = r#"{"resourceType":"Patient","id":"7","birthDate":"1970"}"#;
    let gout = |subject: &str| {
        format!(r#"{{"resourceType":"Condition","id":"c","code":{{"text":"gout"}},{subject}}}"#)
    };
    let one = |resources: &[&str]| {
        let (cells, unassigned) = joined(resources);
        assert_eq!(unassigned, 0);
        assert_eq!(cells, [(1, r#"[""1970""] [""gout""]"#.to_owned())]);
    };
    for reference in ["Patient/7", "https://a.example/fhir/Patient/7/_history/2"] {
        let condition = gout(&format!(r#""subject":{{"reference":"{reference}"}}"#));
        one(&[person, &condition, &condition, person]);
        one(&[&condition, person]);
    }
    // By the address of an entry, in another Bundle; by an identifier; by what is contained.
    let url = "urn:uuid:00000000-0000-4000-8000-000000000007";
    let entry = |resource: &str| {
        format!(r#"{{"resourceType":"Bundle","entry":[{{"fullUrl":"{url}","resource":{resource}}}]}}"#)
    };
    one(&[
        &gout(&format!(r#""subject":{{"reference":"{url}"}}"#)),
        &entry(r#"{"resourceType":"Patient","birthDate":"1970"}"#),
    ]);
    let numbered = r#"{"resourceType":"Patient","id":"9","birthDate":"1970","identifier":[{"system":"urn:a","value":"3"}]}"#;
    one(&[numbered, &gout(r#""subject":{"type":"Patient","identifier":{"system":"urn:a","value":"3"}}"#)]);
    one(&[&gout(
        r##""subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p","birthDate":"1970"}]"##,
    )]);
}

#[test]
fn whose_it_is_must_be_known() {
    let of = |subject: &str| format!(r#"{{"resourceType":"Condition","code":{{"text":"gout"}}{subject}}}"#);
    assert_eq!(joined(&[&of("")]), (vec![], 1));
    assert_eq!(joined(&[&of(r#","subject":{"display":"x"}"#)]), (vec![], 1));
    // What is about something else is about nobody.
    assert_eq!(joined(&[&of(r#","subject":{"reference":"Group/1"}"#)]), (vec![], 0));
    // Two who are not named are two.
    let nobody = r#"{"resourceType":"Patient","birthDate":"1970"}"#;
    assert_eq!(joined(&[nobody, nobody]).0, [(2, r#"[""1970""] []"#.to_owned())]);
}

#[test]
fn who_has_too_many_values_stands_alone() {
    let mut people = People::new(1);
    let values = |from: usize| (from..from + 1_200).map(|value| value.to_string()).collect::<Vec<_>>();
    for name in ["a", "b"] {
        people.add(&PersonRecord::new([name], [values(0)]));
        people.add(&PersonRecord::new([name], [values(0)]));
    }
    assert_eq!((people.len(), people.cells().report(2).cells_below), (2, 2));
    assert!(
        people.rows.iter().all(|row| matches!(row, super::people::Row::Person(said) if said.len() == 1001))
    );
}
