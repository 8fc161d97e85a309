//! Holds the datatype maps against the guide's list of rows.

use super::maps::{ALL, CORRECTED, LEFT_OUT, MAPS_LEFT_OUT};
use crate::fhir::context::Context;
use crate::fhir::entries::Key;
use crate::fhir::row::Via;
use crate::fhir::segment::TABLES;
use crate::fhir::testing::with_field;

const GUIDE: &str = include_str!("../../../tests/data/guide_datatypes.txt");

/// A row of the guide.
pub(super) struct GuideRow {
    id: String,
    pub(super) map: &'static str,
    component: &'static str,
    target: &'static str,
    /// The text that the guide fixes.
    fixed: Option<&'static str>,
}

pub(super) fn rows() -> impl Iterator<Item = GuideRow> {
    GUIDE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let mut words = line.splitn(4, ' ');
        let [map, component, target] = [(); 3].map(|()| words.next().unwrap_or_default());
        let rest = words.next().unwrap_or_default();
        let fixed = rest.split("is=\"").nth(1).and_then(|rest| rest.split('"').next());
        let fixed = fixed.filter(|_| !rest.contains("\"+") && !rest.contains("is=\"+\""));
        let target = target.split('#').next().unwrap_or_default();
        GuideRow { id: line.split(' ').take(3).collect::<Vec<_>>().join(" "), map, component, target, fixed }
    })
}

#[test]
fn every_map_of_the_guide_is_made_or_left_out() {
    let in_tables: Vec<&str> =
        TABLES.iter().flat_map(|table| table.rows).map(|row| row.via.label().0).collect();
    let mut missing: Vec<&str> = rows().map(|row| row.map).collect();
    missing.dedup();
    assert_eq!(missing.len(), 105);
    let is_known = |map: &str| {
        ALL.iter().any(|(name, _)| *name == map)
            || MAPS_LEFT_OUT.iter().any(|left| left.row == map)
            || in_tables.contains(&map)
    };
    missing.retain(|map| !is_known(map));
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_map_has_the_name_of_the_guide() {
    for (name, via) in ALL {
        assert_eq!(via.label().0, *name);
        assert!(rows().any(|row| row.map == *name), "{name} is not in the guide");
    }
}

#[test]
fn every_row_of_a_map_makes_its_element() {
    let mut failed = Vec::new();
    for row in rows() {
        let Some((_, via)) = ALL.iter().find(|(name, _)| *name == row.map) else { continue };
        if LEFT_OUT.iter().any(|left| left.row == row.id) {
            continue;
        }
        if let Err(why) = made(&row, via) {
            failed.push(format!("{}: {why}", row.id));
        }
    }
    assert!(failed.is_empty(), "{} rows\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn what_is_left_out_or_corrected_is_a_row_of_the_guide() {
    let ids: Vec<String> = rows().map(|row| row.id).collect();
    let named = LEFT_OUT.iter().map(|left| left.row).chain(CORRECTED.iter().map(|(row, ..)| *row));
    for row in named {
        assert!(ids.iter().any(|id| id == row), "{row}");
    }
    for left in LEFT_OUT.iter().chain(MAPS_LEFT_OUT) {
        assert!(left.reason.len() > 10, "{}", left.row);
    }
}

/// Whether the row's element appears with its component, and not without it.
fn made(row: &GuideRow, via: &Via) -> Result<(), String> {
    let corrected = CORRECTED.iter().find(|(id, ..)| *id == row.id);
    let path =
        corrected.map_or_else(|| placed(row.map, path_of(row.target)), |(_, target, _)| path_of(target));
    let (with, without) = fields(row);
    let got = leaves(via, &with);
    let of_path = |(at, _): &&(String, String)| {
        at.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || path.is_empty())
    };
    let found: Vec<_> = got.iter().filter(of_path).collect();
    if found.is_empty() {
        return Err(format!("nothing at `{path}` of `{with}`: {got:?}"));
    }
    if let (Some(fixed), None) = (row.fixed, corrected) {
        return match found.iter().any(|(_, text)| text == fixed) {
            true => Ok(()),
            false => Err(format!("`{path}` is not `{fixed}`: {found:?}")),
        };
    }
    let before = leaves(via, &without);
    let before: Vec<_> = before.iter().filter(of_path).collect();
    if found == before { Err(format!("`{path}` is the same without it: {found:?}")) } else { Ok(()) }
}

/// The path of an element in what a map makes: without numbers, the names of types, and what stands for the whole.
fn path_of(target: &str) -> String {
    let mut path = String::new();
    for part in split(target) {
        let (name, inner) = part.split_once('(').map_or((part, ""), |(name, inner)| (name, inner));
        let name = name.split(['[', ':']).next().unwrap_or_default();
        let inner = inner.strip_suffix(')').unwrap_or(inner);
        match inner.split_once('.') {
            // An assigner is named, and has no resource of its own.
            Some(_) if name == "assigner" => path.push_str(".assigner"),
            Some(("Annotation", within)) => path = format!("{path}.{name}.{within}"),
            // The path in the resource that is referred to.
            Some((_, within)) => path = path_of(within),
            None if matches!(name, "" | "$value" | "$this" | "Quantity") => {}
            None => {
                path.push('.');
                path.push_str(name);
            }
        }
    }
    let path = path.replace(".value.CodeableConcept", ".valueCodeableConcept");
    // The extensions of a primitive stand beside it.
    path.replace(".family.extension", "._family.extension")
        .replace(".endpoint.extension", "._endpoint.extension")
        .replace(".system.extension-data-absent-reason", "._system.extension.valueCode")
}

/// The path in what is made here, where the guide's begins at another place.
fn placed(map: &str, path: String) -> String {
    match PLACES.iter().find(|(of, ..)| *of == map) {
        Some((_, theirs, ours)) => format!("{ours}{}", path.strip_prefix(theirs).unwrap_or(&path)),
        None => path,
    }
}

/// Where the paths of a map begin in the guide, and here: a map whose value is an element that the row names begins
/// inside of it, and one that works on the resource begins at the resource.
const PLACES: &[(&str, &str, &str)] = &[
    ("CWE[Identifier]", "", ".identifier"),
    ("DTM[Annotation-Time]", ".time", ""),
    ("ED[DocumentReference]", ".content", ""),
    ("EI[Condition]", ".identifier", ""),
    ("EI[Device-udiCarrier]", ".udiCarrier", ""),
    ("EI[Procedure]", ".identifier", ""),
    ("FT[Annotation-Comment]", ".text", ""),
    ("HD[MessageHeader.destination-endpoint]", "", ".destination"),
    ("HD[MessageHeader.destination-name]", "", ".destination"),
    ("HD[MessageHeader.source-endpoint]", "", ".source"),
    ("HD[MessageHeader.source-name]", "", ".source"),
    ("PT[Meta]", "", ".meta"),
    ("RP[DocumentReference]", ".content", ""),
    ("XPN[HumanName]", "", ".name"),
];

fn split(target: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    target.split(move |c| {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        c == '.' && depth == 0
    })
}

/// The paths and texts of what a map makes of a field, and of the entries that it adds.
fn leaves(via: &Via, field: &str) -> Vec<(String, String)> {
    if field.bytes().all(|byte| byte == b'^') {
        return Vec::new();
    }
    with_field(field, |node, c: &mut Context<'_>| {
        let patient = c.draft();
        c.patient = Some(c.add("Patient", patient, Key::Given("urn:p", "1"), None));
        let mut found = Vec::new();
        if let Via::Own(own) = via {
            let mut resource = c.object();
            (own.apply)(&mut resource, node, c).unwrap();
            resource.leaves("", &mut found);
        } else if let Some(value) = via.read(node, c).unwrap_or_default() {
            value.leaves("", &mut found);
        }
        for (_, entry) in c.entries.from(1) {
            entry.body.leaves("", &mut found);
        }
        found.into_iter().map(|(path, text)| (without_numbers(&path), text)).collect()
    })
}

fn without_numbers(path: &str) -> String {
    path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect()
}

/// A field with the component, and the same without it.
pub(super) fn fields(row: &GuideRow) -> (String, String) {
    if let Some((_, with, without)) = FIELDS.iter().find(|(id, ..)| *id == row.id) {
        return ((*with).to_owned(), (*without).to_owned());
    }
    let number = row.component.rsplit(['.', '-']).next().and_then(|number| number.parse::<usize>().ok());
    let datatype = row.map.split('[').next().unwrap_or_default();
    let base = BASES.iter().find(|(map, _)| *map == row.map || *map == datatype).map_or("", |(_, base)| base);
    let mut parts: Vec<String> = base.split('^').map(str::to_owned).collect();
    let Some(number) = number else { return (base.to_owned(), String::new()) };
    parts.resize(parts.len().max(number), String::new());
    parts[number - 1].clear();
    let without = parts.join("^");
    let component = format!("{datatype}.{number}");
    let sample = SAMPLES.iter().find(|(of, _)| *of == component).map_or("7", |(_, sample)| sample);
    sample.clone_into(&mut parts[number - 1]);
    (parts.join("^"), without)
}

/// What a map needs to make anything.
const BASES: &[(&str, &str)] = &[
    ("CE", "A^^^B"),
    ("CF", "A^^^B^^^^^^C"),
    ("CNE", "A^^^B^^^^^^C"),
    ("CNN", "7^Doe"),
    ("CQ", "5^min"),
    ("CWE[Quantity]", "mL^^UCUM"),
    ("CWE[string]", ""),
    ("CWE[Annotation]", "A^B"),
    ("CWE", "A^^^B^^^^^^C"),
    ("CX", "7"),
    ("DLN", "7"),
    ("ED", "^AP^^A^7"),
    ("EI", "7"),
    ("HD[uri]", ""),
    ("HD[MessageHeader.source-name]", ""),
    ("HD[MessageHeader.source-endpoint]", ""),
    ("HD[MessageHeader.destination-name]", ""),
    ("HD[MessageHeader.destination-endpoint]", ""),
    ("HD", "LAB^1.2.3^ISO"),
    ("MSG", "ADT^A01"),
    ("NA", "1^2^3^4"),
    ("NDL", "7&Doe&Jo^^^W^R^B^F^^^H^L"),
    ("PL", "W^R^B^F^^^H^L"),
    ("PLN", "7"),
    ("RPT", "^DW^1^1^2^d^^AC^30^min"),
    ("RP", "http://x/y^^text^html"),
    ("SN[Quantity]", "^5"),
    ("SN[Range]", "^5^-^9"),
    ("SN[Ratio]", "^5^:^9"),
    ("XAD", "^^Town"),
    ("XCN", "7^Doe"),
    ("XON", "^^^^^^^^^12"),
    ("XPN", "Doe"),
    ("XTN", "555^^PH"),
];

/// What stands in a component; `7` where nothing else must.
const SAMPLES: &[(&str, &str)] = &[
    ("CE.3", "LN"),
    ("CE.6", "LN"),
    ("CF.3", "LN"),
    ("CF.6", "LN"),
    ("CNE.3", "LN"),
    ("CNE.6", "LN"),
    ("CQ.2", "min"),
    ("CWE.3", "LN"),
    ("CWE.6", "LN"),
    ("CWE.12", "LN"),
    ("CX.4", "LAB&1.2.3&ISO"),
    ("CX.7", DAY),
    ("CX.8", DAY),
    ("DLN.3", DAY),
    ("DR.1", DAY),
    ("DR.2", DAY),
    ("DTM.1", DAY),
    ("EIP.1", "P1"),
    ("EIP.2", "F1"),
    ("HD.2", "1.2.3"),
    ("HD.3", "ISO"),
    ("ID.1", "Y"),
    ("MSG.2", "A01"),
    ("NDL.1", "7&Doe&Jo"),
    ("NDL.2", DAY),
    ("NDL.3", DAY),
    ("NDL.8", "active"),
    ("PL.10", "77&LOC"),
    ("PL.11", "LOC"),
    ("PLN.4", DAY),
    ("PT.1", "P"),
    ("PT.2", "A"),
    ("RI.1", "QAM"),
    ("RI.2", "0830"),
    ("RPT.1", "QAM"),
    ("RPT.3", "1"),
    ("RPT.4", "2"),
    ("RPT.6", "d"),
    ("RPT.8", "AC"),
    ("RPT.9", "60"),
    ("RP.1", "http://x/y"),
    ("RP.3", "text"),
    ("SN.1", "<"),
    ("SPS.1", "BLD"),
    ("TQ.1", "5&mL"),
    ("TQ.2", "QAM"),
    ("TQ.3", "D5"),
    ("TQ.4", DAY),
    ("TQ.5", DAY),
    ("TQ.6", "S"),
    ("TS.1", DAY),
    ("XAD.1", "1 Way"),
    ("XAD.10", "12"),
    ("XAD.12", "20240102&20240103"),
    ("XAD.13", DAY),
    ("XAD.14", DAY),
    ("XCN.2", "Doe"),
    ("XCN.9", "LAB&1.2.3&ISO"),
    ("XCN.10", "L"),
    ("XCN.17", "20240102&20240103"),
    ("XCN.18", "G"),
    ("XCN.19", DAY),
    ("XCN.20", DAY),
    ("XON.6", "LAB&1.2.3&ISO"),
    ("XPN.7", "L"),
    ("XPN.10", "20240102&20240103"),
    ("XPN.11", "G"),
    ("XPN.12", DAY),
    ("XPN.13", DAY),
    ("XTN.2", "PRN"),
    ("XTN.3", "PH"),
    ("XTN.13", DAY),
    ("XTN.14", DAY),
];

const DAY: &str = "20240102";

/// Fields for rows that hold under a condition only: with the component and without it.
const FIELDS: &[(&str, &str, &str)] = &[
    ("CWE[Timing-DurationUnit] CWE.1 repeat.durationUnit", "min", ""),
    ("CWE[code] CWE.1 $value", "F", ""),
    ("CWE[code] CWE.4 $value", "^^^F", ""),
    ("CWE[uri] CWE.4 $value", "^^^B", ""),
    ("EI[Condition] EI.3 assigner(Organization[1].identifier[2].value)", "7^LAB^16D^CLIA", "7^LAB"),
    ("EI[Condition] EI.4 assigner(Organization[1].identifier[2].type)", "7^LAB^16D^CLIA", "7^LAB^16D"),
    (
        "EI[Identifier-Organization] EI.3 assigner(Organization[1].identifier[2].value)",
        "7^LAB^16D^CLIA",
        "7^LAB",
    ),
    (
        "EI[Identifier-Organization] EI.4 assigner(Organization[1].identifier[2].type)",
        "7^LAB^16D^CLIA",
        "7^LAB^16D",
    ),
    ("HD[Identifier] HD.1 value[1]", "7", ""),
    ("HD[MessageHeader.destination-endpoint] HD.2 endpoint", "LAB^1.2.3^ISO", "LAB^^ISO"),
    (
        "HD[MessageHeader.destination-endpoint] HD.2 endpoint#2",
        "LAB^426d2726-51fc-89fe-a946-8596e80a80eb^UUID",
        "LAB",
    ),
    ("HD[MessageHeader.destination-endpoint] HD.2 endpoint#3", "LAB^http://x/y^URI", "LAB"),
    ("HD[MessageHeader.destination-endpoint] HD.3 endpoint.extension.url", "LAB^1.2.3", "LAB^1.2.3^ISO"),
    (
        "HD[MessageHeader.destination-endpoint] HD.3 endpoint.extension.valueCode",
        "LAB^1.2.3",
        "LAB^1.2.3^ISO",
    ),
    ("HD[MessageHeader.source-endpoint] HD.2 endpoint", "LAB^1.2.3^ISO", "LAB^^ISO"),
    (
        "HD[MessageHeader.source-endpoint] HD.2 endpoint#2",
        "LAB^426d2726-51fc-89fe-a946-8596e80a80eb^UUID",
        "LAB",
    ),
    ("HD[MessageHeader.source-endpoint] HD.2 endpoint#3", "LAB^x.example^DNS", "LAB"),
    ("HD[MessageHeader.source-endpoint] HD.2 endpoint#4", "LAB^http://x/y^URI", "LAB"),
    ("HD[MessageHeader.source-endpoint] HD.2 name", "LAB^7^X", "LAB"),
    ("HD[MessageHeader.source-endpoint] HD.3 endpoint.extension[1].url", "LAB^1.2.3", "LAB^1.2.3^ISO"),
    ("HD[MessageHeader.source-endpoint] HD.3 endpoint.extension[1].valueCode", "LAB^1.2.3", "LAB^1.2.3^ISO"),
    ("HD[uri] HD.2 $value", "^1.2.3^ISO", ""),
    ("HD[uri] HD.2 $value#2", "^426d2726-51fc-89fe-a946-8596e80a80eb^UUID", ""),
    ("HD[uri] HD.2 $value#3", "^http://x/y^URI", ""),
    ("ID[Coding] ID.1 code", "F", ""),
    ("PL[Location] PL.11 [1-6].identifier[2].assigner(Organization)", "W^^^^^^^^^77^LOC", "W^^^^^^^^^77"),
    ("XAD[Address] XAD.7 type", "^^Town^^^^M", "^^Town"),
    ("XAD[Address] XAD.7 use", "^^Town^^^^H", "^^Town"),
    ("XAD[Address] XAD.7 extension[1].url", "^^Town^^^^HV", "^^Town"),
    ("XAD[Address] XAD.7 extension[1].valueCode", "^^Town^^^^HV", "^^Town"),
    ("XON[Location] XON.3 identifier[1].value", "Lab^^7", "Lab"),
    ("XON[Organization] XON.3 identifier.value", "Lab^^7", "Lab"),
    ("XON[string] XON.10 $value", "^^^^^^^^^12", ""),
    ("XTN[ContactPoint] XTN.3 system#2", "^^^a@b.example", ""),
    ("XTN[ContactPoint] XTN.3 system.extension-data-absent-reason", "555", "555^^PH"),
    ("XTN[ContactPoint] XTN.4 value", "^^Internet^a@b.example", "^^Internet"),
    ("XTN[ContactPoint] XTN.7 value", "^^PH^^^610^271", "^^PH^^^610"),
    ("XTN[ContactPoint] XTN.7 value#2", "^^PH^^1^610^271", "^^PH^^1^610"),
    ("XTN[ContactPoint] XTN.7 value#3", "^^PH^^1^610^271^12", "^^PH^^1^610^^12"),
    ("XTN[ContactPoint] XTN.7 value#4", "^^PH^^^610^271^12", "^^PH^^^610^^12"),
];
