//! What must hold for every version.

use std::collections::BTreeSet;

use super::*;

/// The events that the peers of the v2-to-FHIR map cover.
const EVENTS: &[(&str, &str)] = &[
    (
        "ADT",
        "A01 A02 A03 A04 A05 A06 A07 A08 A09 A10 A11 A12 A13 A14 A15 A16 A17 A18 A25 A26 A27 A28 A29 A31 A34 A40",
    ),
    ("ADT", "A41 A43 A45 A47 A60"),
    ("BAR", "P01 P02 P12"),
    ("DFT", "P03 P11"),
    ("MDM", "T01 T02 T04 T05 T06 T08 T09 T10"),
    ("OMG", "O19"),
    ("OML", "O21"),
    ("OMI", "O23"),
    ("OMP", "O09"),
    ("ORM", "O01"),
    ("ORU", "R01 R30"),
    ("OUL", "R22 R23 R24"),
    ("RDE", "O11 O25"),
    ("RDS", "O13"),
    ("RAS", "O17"),
    ("REF", "I12 I14"),
    ("PPR", "PC1 PC2 PC3"),
    ("SIU", "S12 S13 S14 S15 S16 S17 S26"),
    ("VXU", "V04"),
    ("QBP", "Q11 Q21"),
    ("RSP", "K11 K21"),
    ("MFN", "M02"),
    ("ACK", "A01"),
];

#[test]
fn every_line_can_be_read_in_every_version() {
    for version in Version::ALL {
        let (parts, faults) = read::version(version);
        assert_eq!(faults, 0, "{version}");
        let counts =
            [parts.segments.len(), parts.datatypes.len(), parts.structures.len(), parts.tables.len()];
        println!("{version}: segments, datatypes, structures, tables: {counts:?}");
        assert!(counts.iter().all(|&count| count > 15), "{version}: {counts:?}");
    }
}

#[test]
fn what_is_referred_to_is_defined() {
    for version in Version::ALL {
        let dictionary = Dictionary::of(version);
        let fields = dictionary.segments().flat_map(SegmentDefinition::fields);
        let components = dictionary.datatypes().flat_map(DatatypeDefinition::components);
        for part in fields.chain(components) {
            assert!(!part.name().is_empty(), "{version} {part:?}");
            assert!(
                part.is_withdrawn() || dictionary.datatype(part.datatype()).is_some(),
                "{version} {part:?}"
            );
            assert!(part.table().is_none_or(|table| dictionary.table(table).is_some()), "{version} {part:?}");
        }
        for structure in dictionary.structures() {
            let mut left: Vec<&Node> = structure.nodes().iter().collect();
            assert!(!left.is_empty(), "{version} {}", structure.name());
            while let Some(node) = left.pop() {
                match node {
                    Node::Segment { id, .. } => {
                        assert!(dictionary.segment(id).is_some(), "{version} {} {id}", structure.name());
                    }
                    Node::Any { .. } => {}
                    Node::Group { nodes, .. } | Node::Choice { nodes, .. } => {
                        assert!(!nodes.is_empty(), "{version} {}", structure.name());
                        left.extend(nodes);
                    }
                }
            }
        }
    }
}

#[test]
fn no_datatype_contains_itself() {
    for version in Version::ALL {
        let dictionary = Dictionary::of(version);
        for datatype in dictionary.datatypes() {
            let mut level: BTreeSet<&str> = BTreeSet::from([datatype.name()]);
            let mut depth = 0;
            while !level.is_empty() {
                depth += 1;
                assert!(depth < 8, "{version} {}", datatype.name());
                let deeper = level.iter().filter_map(|name| dictionary.datatype(name));
                level =
                    deeper.flat_map(DatatypeDefinition::components).map(FieldDefinition::datatype).collect();
            }
        }
    }
}

#[test]
fn the_events_of_the_map_have_a_structure() {
    let missing = |version: Version| {
        let dictionary = Dictionary::of(version);
        EVENTS
            .iter()
            .flat_map(|(code, events)| events.split(' ').map(move |event| (*code, event)))
            .filter(|(code, event)| dictionary.structure_of(code, event).is_none())
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(Version::V2_5_1), []);
    assert_eq!(missing(Version::V2_6), []);
}

#[test]
fn an_event_without_a_structure_of_its_own_has_that_of_another() {
    let dictionary = Dictionary::of(Version::V2_5_1);
    for (code, event, structure) in [
        ("ADT", "A01", "ADT_A01"),
        ("ADT", "A08", "ADT_A01"),
        ("ADT", "A11", "ADT_A09"),
        ("ADT", "A31", "ADT_A05"),
        ("ADT", "A40", "ADT_A39"),
        ("ACK", "A01", "ACK"),
        ("SIU", "S15", "SIU_S12"),
        ("RDE", "O25", "RDE_O11"),
    ] {
        assert_eq!(dictionary.structure_of(code, event), Some(structure), "{code}^{event}");
    }
    assert_eq!(dictionary.structure_of("ADT", "Z99"), None);
    assert_eq!(Dictionary::of(Version::V2_2).structure_of("ADT", "A04"), Some("ADT_A04"));
}

#[test]
fn a_field_has_the_facts_of_its_version() {
    let length = |version| Dictionary::of(version).segment("PID")?.field(5)?.length();
    assert_eq!(
        [length(Version::V2_3), length(Version::V2_5_1), length(Version::V2_8)],
        [Some(48), Some(250), None]
    );
    let withdrawn = Dictionary::of(Version::V2_7).segment("PID").and_then(|pid| pid.field(2));
    assert!(withdrawn.is_some_and(|field| field.is_withdrawn() && field.name() == "Patient ID"));
    let sex = Dictionary::of(Version::V2_5_1).table("0001");
    assert_eq!(sex.and_then(|table| table.code("F")), Some("Female"));
    assert!(sex.is_some_and(|table| table.kind() == TableKind::User && !table.is_closed()));
}

#[test]
fn an_event_has_the_structure_that_its_version_gives_it() {
    for (version, code, event, structure) in [
        (Version::V2_3, "ADT", "A28", "ADT_A01"),
        (Version::V2_3_1, "ADT", "A31", "ADT_A28"),
        (Version::V2_3_1, "ADT", "A23", "ADT_A02"),
        (Version::V2_5_1, "ADT", "A28", "ADT_A05"),
        (Version::V2_5_1, "ADT", "A44", "ADT_A43"),
        (Version::V2_7, "ADT", "A44", "ADT_A44"),
        (Version::V2_5_1, "RSP", "K22", "RSP_K21"),
        (Version::V2_7, "RSP", "K22", "RSP_K22"),
        (Version::V2_8, "OSU", "O51", "OSU_O51"),
        (Version::V2_9, "OML", "O59", "OML_O59"),
    ] {
        let found = Dictionary::of(version).structure_of(code, event);
        assert_eq!(found, Some(structure), "{version} {code}^{event}");
    }
}

#[test]
fn codes_with_spaces_and_codes_written_as_one_are_codes() {
    let code = |version, table, code| Dictionary::of(version).table(table)?.code(code);
    assert!(code(Version::V2_5_1, "0211", "UNICODE UTF-8").is_some());
    assert!(code(Version::V2_5, "0356", "ISO 2022-1994").is_some());
    assert!(code(Version::V2_5_1, "0301", "L").is_some() && code(Version::V2_5_1, "0301", "L,M,N").is_none());
    for version in
        [Version::V2_3_1, Version::V2_4, Version::V2_5, Version::V2_5_1, Version::V2_6, Version::V2_7_1]
    {
        assert!(code(version, "0104", version.as_str()).is_some(), "{version}");
    }
}

#[test]
fn the_action_codes_of_problems_are_not_those_of_segments() {
    let table = |version, segment, field| {
        Dictionary::of(version).segment(segment).and_then(|one| one.field(field)?.table())
    };
    for version in [Version::V2_7, Version::V2_8, Version::V2_8_2, Version::V2_9] {
        for (segment, field) in [("PRT", 2), ("ROL", 2), ("PRB", 1), ("GOL", 1), ("PTH", 1)] {
            assert_eq!(table(version, segment, field), Some("0287"), "{version} {segment}");
        }
    }
}

#[test]
fn no_group_is_named_after_its_segments_where_the_standard_names_it() {
    for structure in Dictionary::of(Version::V2_5_1).structures() {
        let mut nodes: Vec<&Node> = structure.nodes().iter().collect();
        while let Some(node) = nodes.pop() {
            if let Node::Group { name, nodes: inner, .. } = node {
                let left = ["AUTCTD_SUPPGRP2", "SPMSAC_SUPPGRP2"].contains(&name.as_ref());
                assert!(left || !name.contains("SUPPGRP"), "{} {name}", structure.name());
                nodes.extend(inner);
            }
        }
    }
}

#[test]
fn tables_have_codes_and_no_remarks_among_them() {
    let codes = |version, table: &str| {
        let table = Dictionary::of(version).table(table);
        table.into_iter().flat_map(TableDefinition::codes).map(|(code, _)| code).collect::<Vec<_>>()
    };
    for version in Version::ALL.into_iter().filter(|version| *version >= Version::V2_3_1) {
        let remarks = ["null", "<null>", "NNxxx", "PRNxxx", "...", "…", "Errors", "OBX", "L,M,N"];
        for table in ["0078", "0203", "0301", "0335", "0356", "0357"] {
            let wrong: Vec<_> =
                codes(version, table).into_iter().filter(|code| remarks.contains(code)).collect();
            assert!(wrong.is_empty(), "{version} {table} {wrong:?}");
        }
        for table in ["0078", "0119", "0250", "0301"] {
            assert!(!codes(version, table).is_empty(), "{version} {table}");
        }
        assert!(["L", "M", "N"].iter().all(|code| codes(version, "0301").contains(code)), "{version}");
    }
    assert!(codes(Version::V2_5_1, "0211").contains(&"UNICODE UTF-8"));
    assert!(codes(Version::V2_5_1, "0211").contains(&"GB 18030-2000"));
    assert!(codes(Version::V2_5_1, "0356").contains(&"ISO 2022-1994"));
}

#[test]
fn the_timing_of_a_laboratory_order_is_spelt_as_in_the_standard() {
    for version in [Version::V2_5, Version::V2_5_1, Version::V2_6, Version::V2_8] {
        let structure = Dictionary::of(version).structure("OML_O21");
        let text = format!("{structure:?}");
        assert!(text.contains("\"TIMING\"") && !text.contains("TIIMING"), "{version}");
    }
}
