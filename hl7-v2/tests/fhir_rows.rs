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
    let mut table = "";
    for row in rows() {
        if table != row.map {
            table = row.map;
            document += &format!(
                "\n## {table}: {}\n\n| field | element | by | if |\n|---|---|---|---|\n",
                row.resource
            );
        }
        let field = if row.field == 0 { "always".into() } else { format!("{}-{}", row.segment, row.field) };
        let also: String = row.also.iter().map(|field| format!(", {}-{field}", row.segment)).collect();
        let via = format!("{} {}", row.via, row.with);
        let condition = row.condition.unwrap_or_default();
        document += &format!("| {field}{also} | {} | {} | {condition} |\n", row.target, via.trim());
    }
    document += "\n## Left out\n\n| row of the guide | why |\n|---|---|\n";
    for left in left_out() {
        document += &format!("| {} | {} |\n", left.row, left.reason);
    }
    insta::assert_snapshot!("map", document);
}

#[test]
fn no_row_stands_twice() {
    let mut tables: BTreeMap<(&str, &str), Vec<RowText>> = BTreeMap::new();
    for row in rows() {
        tables.entry((row.map, row.resource)).or_default().push(row);
    }
    for (table, rows) in tables {
        let unique: HashSet<_> =
            rows.iter().map(|row| (row.field, row.target, row.via, row.with, row.condition)).collect();
        assert_eq!(unique.len(), rows.len(), "{table:?}");
    }
}

/// A row of the guide: map, field, target.
struct GuideRow<'g> {
    id: String,
    map: &'g str,
    field: &'g str,
    target: &'g str,
}

fn guide() -> Vec<GuideRow<'static>> {
    let lines = include_str!("data/guide_rows.txt").lines();
    lines
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut words = line.split(' ');
            let [map, field, target] = [(); 3].map(|()| words.next().unwrap_or_default());
            GuideRow { id: format!("{map} {field} {target}"), map, field, target }
        })
        .collect()
}

#[test]
fn every_row_of_the_guide_is_a_row_of_the_map_or_left_out_for_a_reason() {
    let (rows, guide) = (rows(), guide());
    assert!(guide.len() > 1_000);
    let left: HashSet<&str> = left_out().map(|left| left.row).collect();
    let silent: Vec<&str> = guide
        .iter()
        .filter(|wanted| !left.contains(wanted.id.as_str()) && !rows.iter().any(|row| covers(row, wanted)))
        .map(|wanted| wanted.id.as_str())
        .collect();
    let known: HashSet<&str> = guide.iter().map(|wanted| wanted.id.as_str()).collect();
    let idle: Vec<&&str> = left.iter().filter(|row| !known.contains(**row)).collect();
    assert!(
        silent.is_empty() && idle.is_empty(),
        "{} neither mapped nor left out: {silent:#?}\nleft out, but not in the guide: {idle:#?}",
        silent.len()
    );
}

/// A row makes what the guide's row asks for when it is of the same map and field, and its element is that of the guide
/// or one that it is in.
fn covers(row: &RowText, wanted: &GuideRow<'_>) -> bool {
    let number = wanted.field.split_once('-').and_then(|(_, number)| number.parse::<u16>().ok());
    let of_field = match number {
        Some(number) => row.field == number || row.also.contains(&number),
        None => true,
    };
    if row.map != wanted.map || !of_field {
        return false;
    }
    let (resource, part) = row.resource.split_once('.').unwrap_or((row.resource, ""));
    let made = [part, row.target].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    let made = plain(&made);
    wanted_paths(wanted.target, resource).iter().any(|path| path == "$this" || is_within(path, &made))
}

/// The element without instance numbers and types: `contact[2].name` and `contact.name` are one.
fn plain(target: &str) -> String {
    let mut depth = 0;
    let mut text = String::new();
    for c in target.split(['#', '=']).next().unwrap_or_default().chars() {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        if depth == 0 && !matches!(c, ')' | ']' | '+' | '_') {
            text.push(c);
        }
    }
    text
}

/// The paths that a target may mean: as it stands, and within the resource that stands in its brackets.
fn wanted_paths(target: &str, resource: &str) -> Vec<String> {
    let inner = target.split_once(&format!("({resource}.")).map(|(_, inner)| inner.trim_end_matches(')'));
    std::iter::once(plain(target)).chain(inner.map(plain)).collect()
}

fn is_within(path: &str, element: &str) -> bool {
    path.strip_prefix(element).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// One message for each structure, with every segment that has a table.
const SHAPES: &[&[&str]] = &[
    &[
        "ADT^A01", "EVN", "PID", "PD1", "ROL", "PRT", "NK1", "PV1", "PV2", "ROL", "PRT", "OBX", "PRT", "AL1",
        "IAM", "DG1", "PR1", "GT1", "IN1", "IN3",
    ],
    &["ADT^A06", "EVN", "PID", "MRG", "PV1", "OBX", "NTE"],
    &["ADT^A17", "EVN", "PID", "PV1", "OBX", "PID", "PV1", "OBX"],
    &["ADT^A40", "EVN", "PID", "PD1", "MRG", "PV1"],
    &["ORU^R01", "PID", "PV1", "ORC", "OBR", "NTE", "PRT", "OBX", "NTE", "PRT", "SPM", "OBX"],
    &[
        "OML^O21", "PID", "PV1", "ORC", "TQ1", "OBR", "NTE", "DG1", "OBX", "SPM", "PID", "OBR", "OBX", "ORC",
        "OBR",
    ],
    &["ORM^O01", "PID", "PV1", "IN1", "AL1", "ORC", "OBR", "DG1", "OBX", "ORC", "RXO", "RXR", "OBX"],
    &["SIU^S12", "SCH", "TQ1", "NTE", "PID", "PV1", "OBX", "DG1", "AIS", "NTE", "AIG", "AIL", "AIP"],
    &["VXU^V04", "PID", "NK1", "OBX", "ORC", "PRT", "RXA", "RXR", "OBX", "NTE"],
    &["MDM^T02", "EVN", "PID", "PV1", "ORC", "OBR", "TXA", "OBX", "NTE"],
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
            let known = match *name {
                "PID" => "1||7^^^H^MR|",
                "MRG" => "6^^^H^MR|",
                _ => "",
            };
            text += &format!("{name}|{known}{}\r", content.join("|"));
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
