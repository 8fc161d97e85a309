//! The map as a document, and what the official guide has that it has not.
#![cfg(feature = "fhir")]

use std::collections::{BTreeMap, HashSet};

use carewire_fhir_core::{OrgId, Resource, validate};
use carewire_hl7_v2::fhir::{MapOptions, RowText, left_out, map, rows};
use carewire_hl7_v2::{Message, ParseOptions};
use proptest::prelude::*;

#[test]
fn the_map_as_a_document() {
    let mut document = String::new();
    let mut table = ("", "");
    for row in rows() {
        if table != (row.segment, row.resource) {
            table = (row.segment, row.resource);
            document += &format!(
                "\n## {}[{}]\n\n| field | element | by | if |\n|---|---|---|---|\n",
                table.0, table.1
            );
        }
        let also: String = row.also.iter().map(|field| format!(", {}-{field}", row.segment)).collect();
        let condition = row.condition.unwrap_or_default();
        document += &format!(
            "| {}-{}{also} | {} | {} | {condition} |\n",
            row.segment, row.field, row.target, row.via
        );
    }
    document += "\n## Left out\n\n| field | why |\n|---|---|\n";
    for left in left_out() {
        document += &format!("| {}-{} | {} |\n", left.segment, left.field, left.reason);
    }
    insta::assert_snapshot!("map", document);
}

#[test]
fn rows_are_sorted_and_no_row_stands_twice() {
    let mut tables: BTreeMap<(&str, &str, &str), Vec<RowText>> = BTreeMap::new();
    for row in rows() {
        let inner = row.target.split('.').next().unwrap_or_default();
        let part = if matches!(inner, "contact" | "diagnosis" | "participant") { inner } else { "" };
        tables.entry((row.segment, row.resource, part)).or_default().push(row);
    }
    for (table, rows) in tables {
        let fields: Vec<u16> = rows.iter().map(|row| row.field).collect();
        assert!(fields.is_sorted(), "{table:?}: {fields:?}");
        let unique: HashSet<_> = rows.iter().map(|row| (row.field, row.target, row.condition)).collect();
        assert_eq!(unique.len(), rows.len(), "{table:?}");
    }
}

#[test]
fn every_field_of_the_guide_has_a_row_or_a_reason() {
    let rows = rows();
    let has_row = |field: &str| {
        rows.iter().any(|row| {
            let fields = std::iter::once(&row.field).chain(row.also);
            fields.into_iter().any(|number| format!("{}-{number}", row.segment) == field)
        })
    };
    let has_reason =
        |field: &str| left_out().iter().any(|left| format!("{}-{}", left.segment, left.field) == field);
    let guide: Vec<&str> =
        include_str!("data/guide_fields.txt").lines().filter(|line| !line.starts_with('#')).collect();
    assert!(guide.len() > 300);
    let silent: Vec<_> = guide.iter().filter(|field| !has_row(field) && !has_reason(field)).collect();
    assert!(silent.is_empty(), "neither mapped nor left out for a reason: {silent:?}");
    let idle: Vec<_> = left_out()
        .iter()
        .map(|left| format!("{}-{}", left.segment, left.field))
        .filter(|field| has_row(field) || !guide.contains(&field.as_str()))
        .collect();
    assert!(idle.is_empty(), "left out, but mapped or not in the guide: {idle:?}");
}

/// One message for each structure, with every segment that has a table.
const SHAPES: &[&[&str]] = &[
    &["ADT^A01", "EVN", "PID", "PD1", "NK1", "PV1", "PV2", "OBX", "AL1", "DG1", "PR1", "GT1", "IN1"],
    &["ORU^R01", "PID", "PV1", "ORC", "OBR", "NTE", "OBX", "NTE", "SPM", "OBX"],
    &["SIU^S12", "SCH", "NTE", "PID", "PV1", "AIS", "NTE", "AIG", "AIL", "AIP"],
    &["VXU^V04", "PID", "ORC", "RXA", "RXR", "OBX"],
    &["MDM^T02", "EVN", "PID", "PV1", "ORC", "OBR", "TXA", "OBX"],
];

/// Texts that look like fields, and some that do not.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        2 => "[A-Z]{1,3}",
        2 => "[0-9]{1,14}([+-][0-9]{4})?",
        2 => "[A-Za-z0-9 ]{0,6}(\\^[A-Za-z0-9&~ .]{0,8}){0,12}",
        1 => "[^\r\n|]{0,24}",
        1 => Just("\"\"".to_owned()),
    ]
}

fn message() -> impl Strategy<Value = String> {
    (proptest::sample::select(SHAPES), proptest::collection::vec(field(), 400)).prop_map(|(shape, fields)| {
        let mut fields = fields.into_iter().cycle();
        let (kind, segments) = shape.split_first().unwrap_or((&"ADT^A01", &[]));
        let mut text = format!("MSH|^~\\&|APP|FAC|B|C|20240305||{kind}|1|P|2.5.1\r");
        for name in segments {
            let content: Vec<String> = fields.by_ref().take(54).collect();
            let content =
                if *name == "PID" { format!("1||7^^^H^MR|{}", content.join("|")) } else { content.join("|") };
            text += &format!("{name}|{content}\r");
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn no_text_breaks_the_map(text in message()) {
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        for trace in [false, true] {
            let options = MapOptions::new(OrgId::new("p").unwrap()).with_trace(trace);
            let mapped = map(&message, &options).unwrap();
            let mut urls = HashSet::new();
            for entry in carewire_fhir_core::entries(&mapped.bundle) {
                prop_assert!(urls.insert(entry.full_url.unwrap().to_owned()));
                let resource = Resource::from_value(entry.resource.unwrap().clone()).unwrap();
                let errors: Vec<_> = validate(&resource).into_iter().flat_map(|issue| issue.expression).collect();
                prop_assert!(errors.is_empty(), "{errors:?}");
            }
            carewire_fhir_core::visit_references(mapped.bundle.value(), &mut |path, target| {
                assert!(urls.contains(target), "{path} leads nowhere");
            });
            for issue in &mapped.issues {
                let (place, _) = issue.to_string().split_once(": ").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
                prop_assert!(place.parse::<carewire_hl7_v2::Location>().is_ok(), "{place}");
            }
            let covered = mapped.trace.iter().all(|trace| trace.entry < urls.len());
            prop_assert!(covered);
        }
    }
}

#[test]
fn what_the_standard_allows_and_fhir_does_not_is_left_out() {
    for segment in [
        // A code field whose first part is empty.
        "ORC|&A\rOBR|1\rOBX|1||||||||||&X",
        // A home address of an organisation.
        "OBR|1\rOBX|1|||||||||||||||||||||Lab|1 Main St^^Town^^^^H",
    ] {
        let text =
            format!("MSH|^~\\&|A|B|C|D|20240305||ORU^R01|1|P|2.5.1\rPID|1||7^^^H^MR\rPV1|1|&A\r{segment}\r");
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let mapped = map(&message, &MapOptions::new(OrgId::new("p").unwrap())).unwrap();
        for entry in carewire_fhir_core::entries(&mapped.bundle) {
            let resource = Resource::from_value(entry.resource.unwrap().clone()).unwrap();
            let errors: Vec<_> = validate(&resource).into_iter().flat_map(|issue| issue.expression).collect();
            assert!(errors.is_empty(), "{segment}: {errors:?}");
        }
        assert!(!mapped.issues.is_empty(), "{segment}");
    }
}
