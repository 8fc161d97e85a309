//! The events that the v2 to FHIR map and its peers know, each with its structure.

use super::*;

/// The thirteen structures of the official v2 to FHIR map, each with a version that has it. ADT_A11 came before the
/// structures that events share.
const MAPPED: [(&str, Version); 13] = [
    ("ADT_A01", Version::V2_5_1),
    ("ADT_A02", Version::V2_5_1),
    ("ADT_A05", Version::V2_5_1),
    ("ADT_A06", Version::V2_5_1),
    ("ADT_A09", Version::V2_5_1),
    ("ADT_A11", Version::V2_2),
    ("ADT_A17", Version::V2_5_1),
    ("MDM_T02", Version::V2_5_1),
    ("OML_O21", Version::V2_5_1),
    ("ORM_O01", Version::V2_5_1),
    ("ORU_R01", Version::V2_5_1),
    ("SIU_S12", Version::V2_5_1),
    ("VXU_V04", Version::V2_5_1),
];

/// A structure of 2.5.1 as its chapter has it.
struct Chapter {
    code: &'static str,
    structure: &'static str,
    /// The trigger events that have it.
    events: &'static [&'static str],
    /// The groups in which the first segment of a name stands; empty for the top level.
    places: &'static [(&'static str, &'static str)],
}

const fn row(
    code: &'static str,
    structure: &'static str,
    events: &'static [&'static str],
    places: &'static [(&'static str, &'static str)],
) -> Chapter {
    Chapter { code, structure, events, places }
}

const CHAPTERS: &[Chapter] = &[
    row(
        "ADT",
        "ADT_A01",
        &["A01", "A04", "A08", "A13"],
        &[("PR1", "PROCEDURE"), ("IN1", "INSURANCE"), ("IN3", "INSURANCE"), ("ACC", "")],
    ),
    row("ADT", "ADT_A02", &["A02"], &[("PV1", ""), ("OBX", "")]),
    row("ADT", "ADT_A03", &["A03"], &[("PR1", "PROCEDURE"), ("IN1", "INSURANCE"), ("OBX", "")]),
    row(
        "ADT",
        "ADT_A05",
        &["A05", "A14", "A28", "A31"],
        &[("PR1", "PROCEDURE"), ("IN1", "INSURANCE"), ("UB2", "")],
    ),
    row("ADT", "ADT_A06", &["A06", "A07"], &[("MRG", ""), ("PR1", "PROCEDURE"), ("IN1", "INSURANCE")]),
    row("ADT", "ADT_A09", &["A09", "A10", "A11", "A12"], &[("PV1", ""), ("DG1", "")]),
    row("ADT", "ADT_A15", &["A15"], &[("PV1", ""), ("DG1", "")]),
    row("ADT", "ADT_A16", &["A16"], &[("PR1", "PROCEDURE"), ("IN1", "INSURANCE")]),
    row("ADT", "ADT_A17", &["A17"], &[("PID", ""), ("PV1", "")]),
    row("ADT", "ADT_A18", &["A18"], &[("MRG", ""), ("PV1", "")]),
    row("ADT", "ADT_A20", &["A20"], &[("NPU", "")]),
    row(
        "ADT",
        "ADT_A21",
        &["A21", "A22", "A23", "A25", "A26", "A27", "A29", "A32", "A33"],
        &[("PV1", ""), ("OBX", "")],
    ),
    row("ADT", "ADT_A24", &["A24"], &[("PID", ""), ("PV1", "")]),
    row("ADT", "ADT_A30", &["A30", "A34", "A35", "A36", "A46", "A47", "A48", "A49"], &[("MRG", "")]),
    row("ADT", "ADT_A37", &["A37"], &[("PID", ""), ("PV1", "")]),
    row("ADT", "ADT_A38", &["A38"], &[("PV1", ""), ("DG1", "")]),
    row(
        "ADT",
        "ADT_A39",
        &["A39", "A40", "A41", "A42"],
        &[("PID", "PATIENT"), ("MRG", "PATIENT"), ("PV1", "PATIENT")],
    ),
    row("ADT", "ADT_A43", &["A43"], &[("PID", "PATIENT"), ("MRG", "PATIENT")]),
    row("ADT", "ADT_A45", &["A45"], &[("PID", ""), ("MRG", "MERGE_INFO"), ("PV1", "MERGE_INFO")]),
    row("ADT", "ADT_A50", &["A50", "A51"], &[("MRG", ""), ("PV1", "")]),
    row("ADT", "ADT_A52", &["A52", "A53"], &[("PV1", "")]),
    row("ADT", "ADT_A54", &["A54", "A55"], &[("PV1", ""), ("ROL", "")]),
    row("ADT", "ADT_A60", &["A60"], &[("IAM", "")]),
    row("ADT", "ADT_A61", &["A61", "A62"], &[("PV1", "")]),
    row(
        "BAR",
        "BAR_P01",
        &["P01"],
        &[("PV1", "VISIT"), ("DG1", "VISIT"), ("PR1", "VISIT.PROCEDURE"), ("IN1", "VISIT.INSURANCE")],
    ),
    row("BAR", "BAR_P02", &["P02"], &[("PID", "PATIENT"), ("DB1", "PATIENT")]),
    row("BAR", "BAR_P12", &["P12"], &[("DG1", ""), ("PR1", "PROCEDURE")]),
    row(
        "DFT",
        "DFT_P03",
        &["P03"],
        &[
            ("ORC", "COMMON_ORDER"),
            ("OBR", "COMMON_ORDER.ORDER"),
            ("FT1", "FINANCIAL"),
            ("PR1", "FINANCIAL.FINANCIAL_PROCEDURE"),
            ("IN1", "INSURANCE"),
        ],
    ),
    row(
        "DFT",
        "DFT_P11",
        &["P11"],
        &[("OBR", "COMMON_ORDER.ORDER"), ("FT1", "FINANCIAL"), ("PR1", "FINANCIAL.FINANCIAL_PROCEDURE")],
    ),
    row(
        "MDM",
        "MDM_T01",
        &["T01", "T03", "T05", "T07", "T09", "T11"],
        &[("ORC", "COMMON_ORDER"), ("OBR", "COMMON_ORDER"), ("TXA", "")],
    ),
    row(
        "MDM",
        "MDM_T02",
        &["T02", "T04", "T06", "T08", "T10"],
        &[("OBR", "COMMON_ORDER"), ("TXA", ""), ("OBX", "OBSERVATION")],
    ),
    row(
        "OMG",
        "OMG_O19",
        &["O19"],
        &[
            ("PV1", "PATIENT.PATIENT_VISIT"),
            ("OBR", "ORDER"),
            ("TQ1", "ORDER.TIMING"),
            ("OBX", "ORDER.OBSERVATION"),
            ("SPM", "ORDER.SPECIMEN"),
            ("SAC", "ORDER.SPECIMEN.CONTAINER"),
        ],
    ),
    row(
        "OML",
        "OML_O21",
        &["O21"],
        &[
            ("IN1", "PATIENT.INSURANCE"),
            ("ORC", "ORDER"),
            ("OBR", "ORDER.OBSERVATION_REQUEST"),
            ("OBX", "ORDER.OBSERVATION_REQUEST.OBSERVATION"),
            ("SPM", "ORDER.OBSERVATION_REQUEST.SPECIMEN"),
            ("SAC", "ORDER.OBSERVATION_REQUEST.SPECIMEN.CONTAINER"),
        ],
    ),
    row(
        "OMP",
        "OMP_O09",
        &["O09"],
        &[("RXO", "ORDER"), ("RXR", "ORDER"), ("RXC", "ORDER.COMPONENT"), ("OBX", "ORDER.OBSERVATION")],
    ),
    row(
        "ORM",
        "ORM_O01",
        &["O01"],
        &[
            ("PV1", "PATIENT.PATIENT_VISIT"),
            ("ORC", "ORDER"),
            ("OBR", "ORDER.ORDER_DETAIL"),
            ("OBX", "ORDER.ORDER_DETAIL.OBSERVATION"),
            ("CTI", "ORDER"),
        ],
    ),
    row(
        "ORU",
        "ORU_R01",
        &["R01"],
        &[
            ("PV1", "PATIENT_RESULT.PATIENT.VISIT"),
            ("OBR", "PATIENT_RESULT.ORDER_OBSERVATION"),
            ("TQ1", "PATIENT_RESULT.ORDER_OBSERVATION.TIMING_QTY"),
            ("OBX", "PATIENT_RESULT.ORDER_OBSERVATION.OBSERVATION"),
            ("SPM", "PATIENT_RESULT.ORDER_OBSERVATION.SPECIMEN"),
        ],
    ),
    row(
        "ORU",
        "ORU_R30",
        &["R30"],
        &[("PV1", "VISIT"), ("OBR", ""), ("TQ1", "TIMING_QTY"), ("OBX", "OBSERVATION")],
    ),
    row(
        "OUL",
        "OUL_R22",
        &["R22"],
        &[
            ("PV1", "VISIT"),
            ("SPM", "SPECIMEN"),
            ("SAC", "SPECIMEN.CONTAINER"),
            ("OBR", "SPECIMEN.ORDER"),
            ("TQ1", "SPECIMEN.ORDER.TIMING_QTY"),
        ],
    ),
    row("OUL", "OUL_R23", &["R23"], &[("SAC", "SPECIMEN.CONTAINER"), ("OBR", "SPECIMEN.CONTAINER.ORDER")]),
    row(
        "OUL",
        "OUL_R24",
        &["R24"],
        &[
            ("OBR", "ORDER"),
            ("OBX", "ORDER.SPECIMEN"),
            ("SPM", "ORDER.SPECIMEN"),
            ("SAC", "ORDER.SPECIMEN.CONTAINER"),
        ],
    ),
    row(
        "PPR",
        "PPR_PC1",
        &["PC1", "PC2", "PC3"],
        &[
            ("PV1", "PATIENT_VISIT"),
            ("PRB", "PROBLEM"),
            ("PTH", "PROBLEM.PATHWAY"),
            ("GOL", "PROBLEM.GOAL"),
            ("OBR", "PROBLEM.ORDER.ORDER_DETAIL"),
            ("OBX", "PROBLEM.PROBLEM_OBSERVATION"),
        ],
    ),
    row("QBP", "QBP_Q21", &["Q22"], &[("QPD", ""), ("RCP", "")]),
    row("QBP", "QBP_Q11", &["Q11"], &[("QPD", ""), ("RCP", "")]),
    row(
        "RAS",
        "RAS_O17",
        &["O17"],
        &[
            ("AL1", "PATIENT"),
            ("RXO", "ORDER.ORDER_DETAIL"),
            ("RXE", "ORDER.ENCODING"),
            ("RXA", "ORDER.ADMINISTRATION"),
            ("OBX", "ORDER.ADMINISTRATION.OBSERVATION"),
        ],
    ),
    row(
        "RDE",
        "RDE_O11",
        &["O11", "O25"],
        &[("RXO", "ORDER.ORDER_DETAIL"), ("RXE", "ORDER"), ("OBX", "ORDER.OBSERVATION")],
    ),
    row(
        "RDS",
        "RDS_O13",
        &["O13"],
        &[
            ("RXO", "ORDER.ORDER_DETAIL"),
            ("RXE", "ORDER.ENCODING"),
            ("RXD", "ORDER"),
            ("OBX", "ORDER.OBSERVATION"),
        ],
    ),
    row(
        "REF",
        "REF_I12",
        &["I12", "I13", "I14", "I15"],
        &[
            ("AUT", "AUTHORIZATION_CONTACT"),
            ("PRD", "PROVIDER_CONTACT"),
            ("IN1", "INSURANCE"),
            ("PR1", "PROCEDURE"),
            ("OBR", "OBSERVATION"),
            ("OBX", "OBSERVATION.RESULTS_NOTES"),
            ("PV1", "PATIENT_VISIT"),
        ],
    ),
    row("RSP", "RSP_K11", &["K11"], &[("QAK", ""), ("QPD", "")]),
    row("RSP", "RSP_K21", &["K21"], &[("QAK", ""), ("PID", "QUERY_RESPONSE")]),
    row("MFN", "MFN_M02", &["M02"], &[("MFE", "MF_STAFF"), ("STF", "MF_STAFF")]),
    row(
        "SIU",
        "SIU_S12",
        &["S12"],
        &[
            ("PID", "PATIENT"),
            ("RGS", "RESOURCES"),
            ("AIS", "RESOURCES.SERVICE"),
            ("AIG", "RESOURCES.GENERAL_RESOURCE"),
            ("AIL", "RESOURCES.LOCATION_RESOURCE"),
            ("AIP", "RESOURCES.PERSONNEL_RESOURCE"),
        ],
    ),
    row(
        "VXU",
        "VXU_V04",
        &["V04"],
        &[
            ("PV1", "PATIENT"),
            ("IN1", "INSURANCE"),
            ("RXA", "ORDER"),
            ("RXR", "ORDER"),
            ("OBX", "ORDER.OBSERVATION"),
        ],
    ),
    row("ACK", "ACK", &["A01", "R01", ""], &[("MSA", ""), ("ERR", "")]),
];

#[test]
fn every_event_of_the_map_has_its_structure_and_its_groups() {
    let dictionary = Dictionary::of(Version::V2_5_1);
    let mut wrong = Vec::new();
    for Chapter { code, structure, events, places } in CHAPTERS {
        let nodes = dictionary.structure(structure).unwrap().nodes();
        for event in *events {
            let bytes = bytes(Version::V2_5_1, &format!("{code}^{event}"), &all_segments(nodes));
            let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
            let tree = Tree::of(&message, dictionary);
            let kind = format!("{code}^{event}");
            if tree.structure() != Some(*structure) {
                wrong.push(format!("{kind}: {:?}, not {structure}", tree.structure()));
            }
            wrong.extend(tree.findings().iter().map(|found| format!("{kind}: {found}")));
            for (segment, place) in *places {
                let found = message.segment(segment).and_then(|found| tree.group_of(found.index()));
                let path = found.map(|group| group.path().replace("[1]", ""));
                if path.as_deref() != Some(*place) {
                    wrong.push(format!("{kind}: {segment} in {path:?}, not {place}"));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_event_of_an_appointment_has_its_resources() {
    let dictionary = Dictionary::of(Version::V2_5_1);
    for event in 12..=26 {
        let bytes = bytes(Version::V2_5_1, &format!("SIU^S{event}"), "SCH PID RGS AIS");
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, dictionary);
        assert_eq!(tree.groups("RESOURCES.SERVICE").unwrap().count(), usize::from(event != 25), "S{event}");
    }
}

#[test]
fn every_structure_of_the_map_is_that_of_its_event() {
    for (name, version) in MAPPED {
        let dictionary = Dictionary::of(version);
        let nodes = dictionary.structure(name).unwrap().nodes();
        let bytes = bytes(version, &name.replace('_', "^"), &all_segments(nodes));
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, dictionary);
        assert_eq!((tree.structure(), tree.findings()), (Some(name), &[][..]));
    }
}

/// Structures in which a segment can stand at two places at once, such as the ORC that begins a diet or a tray.
const AMBIGUOUS: [&str; 8] =
    ["CSU_C09", "EHC_E15", "OMD_O01", "OMD_O03", "OPL_O37", "ORD_O02", "ORD_O04", "SUR_P09"];

#[test]
fn all_segments_of_a_structure_have_their_places_in_every_version() {
    let mut wrong = Vec::new();
    for version in Version::ALL {
        let dictionary = Dictionary::of(version);
        for structure in dictionary.structures() {
            let name = structure.name();
            // In 2.4 the specimens of two groups of this one can follow each other.
            let is_ambiguous = AMBIGUOUS.contains(&name) || (name, version) == ("OML_O21", Version::V2_4);
            let bytes = bytes(version, &name.replace('_', "^"), &all_segments(structure.nodes()));
            let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
            let options = TreeOptions::default().as_structure(name);
            let tree = Tree::with_options(&message, dictionary, &options).unwrap();
            if tree.findings().is_empty() == is_ambiguous {
                let findings: Vec<_> = tree.findings().iter().map(ToString::to_string).collect();
                wrong.push(format!("{version} {name}: {findings:?}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// The segments of a structure behind its header, each as often as it has to be and once at least; of a choice the
/// first.
fn all_segments(nodes: &[Node]) -> String {
    fn add<'d>(nodes: &'d [Node], names: &mut Vec<&'d str>) {
        for node in nodes {
            for _ in 0..node.cardinality().min.max(1) {
                match node {
                    Node::Segment { id, .. } => names.push(id),
                    Node::Group { nodes, .. } => add(nodes, names),
                    Node::Choice { nodes, .. } => add(nodes.get(..1).unwrap_or_default(), names),
                    _ => names.push("DSP"),
                }
            }
        }
    }
    let mut names = Vec::new();
    add(nodes, &mut names);
    names.get(1..).unwrap_or_default().join(" ")
}

#[test]
fn the_structure_named_in_the_message_stands_above_the_event() {
    let dictionary = Dictionary::of(Version::V2_5_1);
    for (kind, structure, findings) in [
        ("ADT^A04^ADT_A01", Some("ADT_A01"), 0),
        ("ADT^A04^ADT_A03", Some("ADT_A03"), 0),
        ("ADT^A04^ADT_A04", Some("ADT_A01"), 1),
        ("ADT^A04", Some("ADT_A01"), 0),
        ("ACK", Some("ACK"), 0),
        ("XYZ^X99", None, 1),
        ("", None, 1),
    ] {
        let bytes = bytes(Version::V2_5_1, kind, "");
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, dictionary);
        assert_eq!(tree.structure(), structure, "{kind}");
        let unknown =
            tree.findings().iter().filter(|finding| finding.kind() == FindingKind::UnknownStructure);
        assert_eq!(unknown.count(), findings, "{kind}");
    }
}

#[test]
fn a_structure_of_another_event_is_reported() {
    for (version, kind, expected) in [
        (Version::V2_5_1, "ADT^A04^ADT_A03", Some("ADT_A01")),
        (Version::V2_5_1, "ORU^R01^ORM_O01", Some("ORU_R01")),
        (Version::V2_5_1, "ACK^A01^ADT_A01", Some("ACK")),
        (Version::V2_5_1, "ADT^A04^ADT_A01", None),
        (Version::V2_5_1, "ADT^A01^ADT_A01", None),
        (Version::V2_5_1, "ACK^A01^ACK", None),
        // The table gives the event a shared structure in one version and its own in others.
        (Version::V2_3_1, "ADT^A05^ADT_A05", None),
        (Version::V2_3_1, "ADT^A05^ADT_A01", None),
        // Nothing is known of the event.
        (Version::V2_5_1, "ADT^Z99^ADT_A01", None),
        (Version::V2_5_1, "^^ADT_A01", None),
    ] {
        let bytes = bytes(version, kind, "");
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, Dictionary::of(version));
        let found: Vec<_> =
            tree.findings().iter().filter(|found| found.kind() == FindingKind::OtherStructure).collect();
        assert_eq!(found.first().and_then(|found| found.expected()), expected, "{kind}");
        for found in found {
            assert_eq!(found.severity(), Severity::Warning);
            assert_eq!(found.location().map(ToString::to_string).as_deref(), Some("MSH[1]-9.3"));
            assert_eq!(bytes.get(found.span().unwrap()), kind.rsplit('^').next().map(str::as_bytes));
        }
    }
}

#[test]
fn groups_are_named_by_the_same_paths_as_everywhere() {
    let bytes = bytes(Version::V2_5_1, "ORU^R01", "PID OBR OBX OBX OBR OBX PID OBR");
    let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
    let tree = Tree::of(&message, Dictionary::of(Version::V2_5_1));
    let paths = |path: &str| -> Result<Vec<String>, PathError> {
        Ok(tree.groups(path)?.map(|group| group.path()).collect())
    };
    for (path, expected) in [
        ("PATIENT_RESULT", vec!["PATIENT_RESULT[1]"]),
        ("PATIENT_RESULT(*)", vec!["PATIENT_RESULT[1]", "PATIENT_RESULT[2]"]),
        ("/ORU_R01/patient_result[2]", vec!["PATIENT_RESULT[2]"]),
        ("PATIENT_RESULT.ORDER_OBSERVATION", vec!["PATIENT_RESULT[1].ORDER_OBSERVATION[1]"]),
        (
            "PATIENT_RESULT(*).ORDER_OBSERVATION(*)",
            vec![
                "PATIENT_RESULT[1].ORDER_OBSERVATION[1]",
                "PATIENT_RESULT[1].ORDER_OBSERVATION[2]",
                "PATIENT_RESULT[2].ORDER_OBSERVATION[1]",
            ],
        ),
        ("PATIENT_RESULT(3)", vec![]),
        ("ORDER_OBSERVATION", vec![]),
        ("PSL", vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(paths(path), Ok(expected), "{path}");
    }
    assert_eq!(paths("PATIENT_RESULT("), Err(PathError::Number { position: 15 }));
    assert_eq!(paths("PATIENT_RESULT..PATIENT"), Err(PathError::Unexpected { position: 14 }));
    assert_eq!(paths(""), Err(PathError::SegmentId { position: 0 }));
    assert_eq!(paths("PATIENT_RESULT.OBX-5"), Err(PathError::NotAGroup));
}

#[test]
fn a_group_of_three_characters_is_found() {
    let bytes = bytes(Version::V2_6, "EHC^E02", "IVC PSS PSG PSL PSL PSG PSL");
    let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
    let tree = Tree::of(&message, Dictionary::of(Version::V2_6));
    let products: Vec<_> = message.segments_named("PSG").collect();
    let path = tree.group_of(products[1].index()).unwrap().path();
    assert_eq!(path, "PRODUCT_SERVICE_SECTION[1].PSG[2]");
    assert_eq!(tree.groups("PRODUCT_SERVICE_SECTION.PSG(*)").unwrap().count(), 2);
}

#[test]
fn options_refuse_an_unknown_structure_or_name_one() {
    let dictionary = Dictionary::of(Version::V2_5_1);
    let bytes = bytes(Version::V2_5_1, "XYZ^X99", "PID OBR OBX");
    let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
    let refused = Tree::with_options(&message, dictionary, &TreeOptions::default().refusing_unknown());
    assert_eq!(refused.err(), Some(StructureError::Unknown));
    let named = TreeOptions::default().refusing_unknown().as_structure("ORU_R01");
    let tree = Tree::with_options(&message, dictionary, &named).unwrap();
    assert_eq!(tree.groups("PATIENT_RESULT.ORDER_OBSERVATION.OBSERVATION").unwrap().count(), 1);
}
