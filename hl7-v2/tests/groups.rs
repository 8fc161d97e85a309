//! Paths that lead through groups: read, edited and refused.

#![cfg(feature = "dictionary")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use carewire_hl7_v2::dictionary::{Dictionary, Version};
use carewire_hl7_v2::edit::{EditError, EditOptions, Editor};
use carewire_hl7_v2::structure::Tree;
use carewire_hl7_v2::{Location, Message, ParseOptions, Path, PathError};
use proptest::prelude::*;

const HEADER: &str = "MSH|^~\\&|A|B|C|D|2024||ORU^R01^ORU_R01|7|P|2.5.1\r";
const BODY: &str = "PID|1\rNTE|p\rPV1|1\rORC|RE\rOBR|1\rNTE|o1\rOBX|1\rNTE|x1\rOBX|2\rNTE|x2a\rNTE|x2b\r\
OBR|2\rOBX|1|NM|||7~8\rPID|2\rOBR|3\rZZZ|z\rOBX|1\r";

fn result() -> String {
    format!("{HEADER}{BODY}")
}

fn dictionary() -> &'static Dictionary {
    Dictionary::of(Version::V2_5_1)
}

fn parse(bytes: &[u8]) -> Message<'_> {
    Message::parse(bytes, &ParseOptions::default()).unwrap()
}

fn locations(path: &str) -> Result<Vec<String>, PathError> {
    let bytes = result();
    let message = parse(bytes.as_bytes());
    let found = message.grouped(dictionary())?.locations(path)?;
    Ok(found.iter().map(Location::to_string).collect())
}

#[test]
fn a_path_counts_inside_its_groups() {
    for (path, found) in [
        ("PATIENT_RESULT.ORDER_OBSERVATION(2).OBX(1)-5.1", &["OBX[3]-5.1"][..]),
        ("/PATIENT_RESULT/ORDER_OBSERVATION(1)/OBSERVATION(2)/OBX-5", &["OBX[2]-5"]),
        ("ORU_R01.PATIENT_RESULT(2).ORDER_OBSERVATION.OBR", &["OBR[3]"]),
        ("patient_result(2).order_observation.OBR", &["OBR[3]"]),
        // groups in between may be left out
        ("ORDER_OBSERVATION(2).OBR-4", &["OBR[2]-4"]),
        ("ORDER_OBSERVATION(3).OBR-4", &["OBR[3]-4"]),
        ("PATIENT_RESULT.OBSERVATION(3).OBX", &["OBX[3]"]),
        ("PATIENT_RESULT.OBX(3)", &["OBX[3]"]),
        ("PATIENT_RESULT(2).OBX(1)", &["OBX[4]"]),
        // notes of the order, of an observation, of the patient
        ("ORDER_OBSERVATION(1).NTE(*)", &["NTE[2]"]),
        ("ORDER_OBSERVATION(1).OBSERVATION(2).NTE(2)-3", &["NTE[5]-3"]),
        ("PATIENT.NTE", &["NTE[1]"]),
        ("PATIENT_RESULT.NTE(*)", &["NTE[1]", "NTE[2]", "NTE[3]", "NTE[4]", "NTE[5]"]),
        // every one
        ("PATIENT_RESULT(*).ORDER_OBSERVATION(*).OBR", &["OBR[1]", "OBR[2]", "OBR[3]"]),
        ("PATIENT_RESULT(*).ORDER_OBSERVATION(1).OBR", &["OBR[1]", "OBR[3]"]),
        ("PATIENT_RESULT(1).ORDER_OBSERVATION(*).OBX(1)", &["OBX[1]", "OBX[3]"]),
        // whole groups
        ("PATIENT_RESULT(1).ORDER_OBSERVATION(2)", &["OBR[2]", "OBX[3]"]),
        ("PATIENT", &["PID[1]", "NTE[1]", "PV1[1]"]),
        // absent
        ("PATIENT_RESULT(3).ORDER_OBSERVATION(1).OBR", &[]),
        ("ORDER_OBSERVATION(9).OBR", &[]),
        ("ORDER_OBSERVATION(2).NTE", &[]),
        ("PATIENT.OBX", &[]),
        ("SPECIMEN.SPM", &[]),
        // unexpected segments are found where they were met
        ("PATIENT_RESULT(2).ORDER_OBSERVATION.ZZZ-1", &["ZZZ[1]-1"]),
        // without groups
        ("OBX(4)", &["OBX[4]"]),
        ("OBX(*)-5", &["OBX[1]-5", "OBX[2]-5", "OBX[3]-5", "OBX[4]-5"]),
    ] {
        assert_eq!(locations(path), Ok(found.iter().map(|place| (*place).to_owned()).collect()), "{path}");
    }
}

#[test]
fn a_group_that_cannot_be_meant_is_a_typed_error() {
    for (path, error) in [
        ("PATIENT_RESULTS.PID", PathError::UnknownGroup { step: 1 }),
        ("PATIENT_RESULT.INSURANCE.IN1", PathError::UnknownGroup { step: 2 }),
        ("PATIENT.ORDER_OBSERVATION.OBR", PathError::UnknownGroup { step: 2 }),
        ("PATIENT_RESULT.ORU_R01.OBR", PathError::UnknownGroup { step: 2 }),
        ("PATIENT_RESULT..OBR", PathError::Unexpected { position: 14 }),
        ("OBX(*)-5[*]", PathError::Every),
    ] {
        assert_eq!(locations(path), Err(error), "{path}");
    }
    let plain = parse(b"MSH|^~\\&|A|B|C|D|2024||XYZ^Z99|7|P|2.5.1\rPID|1\r");
    assert_eq!(plain.grouped(dictionary()).err(), Some(PathError::UnknownStructure));
    let bytes = result();
    let message = parse(bytes.as_bytes());
    let grouped = message.grouped(dictionary()).unwrap();
    assert_eq!(grouped.get("PATIENT_RESULT.OBX(*)-5").err(), Some(PathError::Every));
    assert_eq!(grouped.get("PATIENT_RESULT.OBX").err(), Some(PathError::NoField));
    assert_eq!(grouped.get("ORDER_OBSERVATION(2).OBX-5[2]").unwrap().as_deref(), Some("8"));
    assert_eq!(grouped.get("ORDER_OBSERVATION(1).OBX-5").unwrap(), None);
    let values: Vec<_> = grouped.get_all("ORDER_OBSERVATION(*).OBX-5[*]").unwrap();
    let values: Vec<_> = values.iter().map(|(place, text)| format!("{place} {text}")).collect();
    assert_eq!(values, ["OBX[3]-5[1] 7", "OBX[3]-5[2] 8"]);
    assert_eq!(message.get("PATIENT_RESULT.OBX-5").err(), Some(PathError::Group));
}

#[test]
fn a_name_that_the_structure_has_twice_is_ambiguous() {
    let several: Vec<_> = [Version::V2_5_1, Version::V2_8]
        .into_iter()
        .flat_map(|version| Dictionary::of(version).structures().map(move |found| (version, found)))
        .filter(|(_, found)| found.name().contains('_'))
        .collect();
    let mut ambiguous = 0;
    for (version, structure) in several {
        let (code, event) = structure.name().split_once('_').unwrap();
        let header = format!("MSH|^~\\&|||||||{code}^{event}^{}|1|P|2.5\r", structure.name());
        let message = parse(header.as_bytes());
        let grouped = message.grouped(Dictionary::of(version)).unwrap();
        for group in ["OBSERVATION", "OBSERVATION_PRIOR", "TIMING", "INSURANCE", "ORDER"] {
            let path: Path = format!("{group}.OBX-5").parse().unwrap();
            match grouped.get(&path) {
                Ok(None) | Err(PathError::UnknownGroup { step: 1 }) => {}
                Err(PathError::AmbiguousGroup { step: 1 }) => ambiguous += 1,
                other => panic!("{} {path}: {other:?}", structure.name()),
            }
        }
    }
    assert!(ambiguous > 0);
}

fn edited(edits: impl FnOnce(&mut Editor<'_>) -> Result<(), EditError>) -> Result<String, EditError> {
    let bytes = result();
    let mut message = parse(bytes.as_bytes());
    let outcome = message.edit_in(dictionary(), EditOptions::default(), edits);
    let written = std::str::from_utf8(message.to_bytes()).unwrap().to_owned();
    if outcome.is_err() {
        assert_eq!(written, bytes);
    }
    outcome.map(|()| written)
}

#[test]
fn edits_reach_their_group() {
    let with = |from: &str, to: &str| Ok(result().replacen(from, to, 1));
    let set = edited(|edit| edit.set("PATIENT_RESULT.ORDER_OBSERVATION(2).OBX(1)-5[2]", "9"));
    assert_eq!(set, with("7~8", "7~9"));
    let every = edited(|edit| edit.set("PATIENT_RESULT(*).ORDER_OBSERVATION(*).OBR-2", "p"));
    assert_eq!(
        every,
        Ok(result().replace("OBR|1", "OBR|1|p").replace("OBR|2", "OBR|2|p").replace("OBR|3", "OBR|3|p"))
    );
    let removed = edited(|edit| edit.remove("PATIENT_RESULT(1).ORDER_OBSERVATION(1)"));
    assert_eq!(removed, with("ORC|RE\rOBR|1\rNTE|o1\rOBX|1\rNTE|x1\rOBX|2\rNTE|x2a\rNTE|x2b\r", ""));
    let all = edited(|edit| edit.remove("PATIENT_RESULT(*)"));
    assert_eq!(all, Ok(HEADER.to_owned()));
    let notes = edited(|edit| edit.remove("ORDER_OBSERVATION(1).OBSERVATION(*).NTE(*)"));
    assert_eq!(notes, with("NTE|x1\rOBX|2\rNTE|x2a\rNTE|x2b\r", "OBX|2\r"));
    let absent = edited(|edit| edit.remove("ORDER_OBSERVATION(9)"));
    assert_eq!(absent, Ok(result()));
}

#[test]
fn groups_are_found_again_behind_an_edit_that_moves_them() {
    let after = edited(|edit| {
        edit.remove("PATIENT_RESULT.ORDER_OBSERVATION(1)")?;
        assert_eq!(edit.get("PATIENT_RESULT.ORDER_OBSERVATION(1).OBR-1")?.as_deref(), Some("2"));
        edit.insert_after("ORDER_OBSERVATION(1).OBX", "OBR|9")?;
        edit.set("PATIENT_RESULT.ORDER_OBSERVATION(2).OBR-2", "new")?;
        edit.add_repetition("PATIENT_RESULT.ORDER_OBSERVATION(2).OBR-2", "er").map(drop)
    });
    let (before, rest) = BODY.split_once("ORC|RE").unwrap();
    let (_, rest) = rest.split_once("OBR|2\r").unwrap();
    let (observation, rest) = rest.split_once("PID|2").unwrap();
    assert_eq!(after, Ok(format!("{HEADER}{before}OBR|2\r{observation}OBR|9|new~er\rPID|2{rest}")));
}

#[test]
fn a_segment_goes_where_the_structure_has_it() {
    let with = |from: &str, to: &str| Ok(result().replacen(from, to, 1));
    for (group, segment, from, to) in [
        ("ORU_R01", "SFT|1", "PID|1", "SFT|1\rPID|1"),
        ("ORU_R01", "DSC|1", "ZZZ|z\rOBX|1\r", "ZZZ|z\rOBX|1\rDSC|1\r"),
        ("PATIENT_RESULT.PATIENT", "PD1|1", "PID|1\r", "PID|1\rPD1|1\r"),
        ("PATIENT", "NTE|q", "NTE|p\r", "NTE|p\rNTE|q\r"),
        ("PATIENT_RESULT.ORDER_OBSERVATION(2)", "ORC|RE", "OBR|2", "ORC|RE\rOBR|2"),
        ("ORDER_OBSERVATION(2)", "NTE|o2", "OBR|2\r", "OBR|2\rNTE|o2\r"),
        ("ORDER_OBSERVATION(2).OBSERVATION", "NTE|x", "7~8\r", "7~8\rNTE|x\r"),
        ("ORDER_OBSERVATION(2)", "CTI|1", "7~8\r", "7~8\rCTI|1\r"),
    ] {
        assert_eq!(edited(|edit| edit.insert_into(group, segment)), with(from, to), "{group} {segment}");
        let bytes = edited(|edit| edit.insert_into(group, segment)).unwrap();
        let message = parse(bytes.as_bytes());
        let tree = Tree::of(&message, dictionary());
        let unexpected = (0..message.segments().len()).filter(|index| !tree.is_expected(*index));
        assert_eq!(unexpected.count(), 1, "only the Z segment is unexpected");
    }
}

#[test]
fn edits_that_have_no_place_are_refused() {
    type Edit = Box<dyn FnOnce(&mut Editor<'_>) -> Result<(), EditError>>;
    let cases: Vec<(Edit, EditError)> = vec![
        (Box::new(|edit| edit.set("ORDER_OBSERVATION(2).NTE-3", "x")), EditError::Absent),
        (Box::new(|edit| edit.set("ORDER_OBSERVATION(9).OBR-3", "x")), EditError::Absent),
        (Box::new(|edit| edit.insert_after("ORDER_OBSERVATION(9).OBR", "NTE|1")), EditError::Absent),
        (Box::new(|edit| edit.insert_into("ORDER_OBSERVATION(9)", "NTE|1")), EditError::Absent),
        (Box::new(|edit| edit.insert_into("ORDER_OBSERVATION(*)", "NTE|1")), PathError::Every.into()),
        (Box::new(|edit| edit.insert_into("ORDER_OBSERVATION", "PV1|1")), PathError::NotInGroup.into()),
        (Box::new(|edit| edit.insert_into("ORDER_OBSERVATION.OBR", "NTE|1")), PathError::NotAGroup.into()),
        (Box::new(|edit| edit.insert_after("ORDER_OBSERVATION", "NTE|1")), PathError::NotASegment.into()),
        (Box::new(|edit| edit.insert_into("ORDER_OBSERVATION", "NT|1")), EditError::Segment),
        (Box::new(|edit| edit.clear("ORDER_OBSERVATION")), PathError::NoField.into()),
        (Box::new(|edit| edit.set("ORDERS.OBR-1", "x")), PathError::UnknownGroup { step: 1 }.into()),
        (Box::new(|edit| edit.remove("ORU_R01")), EditError::Header { location: "MSH".parse().unwrap() }),
        (
            Box::new(|edit| edit.set("ORU_R01.MSH-2", "x")),
            EditError::Header { location: "MSH-2".parse().unwrap() },
        ),
    ];
    for (edit, error) in cases {
        let shown = error.to_string();
        assert_eq!(edited(edit), Err(error), "{shown}");
    }
    let bytes = result();
    let mut message = parse(bytes.as_bytes());
    let without = message.set("PATIENT_RESULT.ORDER_OBSERVATION.OBR-1", "x");
    assert_eq!(without, Err(PathError::Group.into()));
}

proptest! {
    #[test]
    fn the_places_of_a_path_are_those_of_the_tree(
        body in r"((PID|NTE|OBR|ORC|OBX|SPM|ZZZ|PV1)\|[a-c]?\r){0,14}",
        result in 1..3_usize,
        order in 1..4_usize,
        name in r"OBR|OBX|NTE|ZZZ",
        nth in 1..3_usize,
    ) {
        let bytes = format!("{HEADER}{body}");
        let message = parse(bytes.as_bytes());
        let tree = Tree::of(&message, dictionary());
        let path = format!("PATIENT_RESULT({result}).ORDER_OBSERVATION({order}).{name}({nth})");
        let group = tree.root().group("PATIENT_RESULT", result).and_then(|group| group.group("ORDER_OBSERVATION", order));
        let own = matches!(name.as_str(), "OBR" | "NTE");
        let wanted = group.and_then(|group| match own {
            true => group.segments_named(&name).nth(nth - 1),
            false => group.all_segments_named(&name).nth(nth - 1),
        });
        let found = message.grouped(dictionary()).unwrap().locations(path.as_str()).unwrap();
        prop_assert_eq!(found, wanted.and_then(|segment| segment.location()).into_iter().collect::<Vec<_>>());
        let mut edited = message.clone();
        let set = edited.edit_in(dictionary(), EditOptions::default(), |edit| edit.set(format!("{path}-3").as_str(), "new"));
        prop_assert_eq!(set.is_ok(), wanted.is_some());
        let place = wanted.and_then(|segment| segment.location());
        let now = place.and_then(|place| edited.at(&place.at_field(3)).map(|text| text.into_owned()));
        prop_assert_eq!(now, wanted.map(|_| "new".to_owned()));
    }

    #[test]
    fn any_path_is_found_or_refused(path in r"(PATIENT_RESULT|ORDER_OBSERVATION|OBSERVATION|ORU_R01|X1)?([.(*)/0-9A-C]|OBX|OBR|-1|PATIENT){0,6}") {
        let bytes = result();
        let mut message = parse(bytes.as_bytes());
        let grouped = message.grouped(dictionary()).unwrap();
        let _ = grouped.get(path.as_str());
        let _ = grouped.get_all(path.as_str());
        let _ = grouped.locations(path.as_str());
        let _ = message.edit_in(dictionary(), EditOptions::default(), |edit| edit.remove(path.as_str()));
        let _ = message.edit_in(dictionary(), EditOptions::default(), |edit| edit.insert_into(path.as_str(), "NTE|1"));
    }
}

/// A result whose body is one line many times.
fn repeated(line: &str, count: usize) -> String {
    format!("{HEADER}{}", line.repeat(count))
}

#[test]
fn segments_without_the_field_are_passed_over_one_at_a_time() {
    let bytes = repeated("OBX\r", 250_000);
    let message = parse(bytes.as_bytes());
    let grouped = message.grouped(dictionary()).unwrap();
    let all = "PATIENT_RESULT(*).ORDER_OBSERVATION(*).OBSERVATION(*).OBX(*)-5[*]";
    assert_eq!(grouped.get_all(all).unwrap(), []);
    assert_eq!(grouped.get_all("ORU_R01.OBX(*)-5").unwrap(), []);
    for n in 1..=5_000 {
        assert_eq!(grouped.get(format!("ORU_R01.OBX({n})-5").as_str()).unwrap(), None);
    }
}

#[test]
fn each_of_many_groups_is_read_by_its_number() {
    let count = 100_000;
    let bytes = repeated("OBR|1\rOBX|1||||7\r", count);
    let message = parse(bytes.as_bytes());
    let grouped = message.grouped(dictionary()).unwrap();
    for n in 1..=5_000 {
        for path in [
            format!("PATIENT_RESULT.ORDER_OBSERVATION({n}).OBX-5"),
            format!("ORDER_OBSERVATION({n}).OBSERVATION(1).OBX(1)-5"),
            format!("PATIENT_RESULT.OBX({n})-5"),
        ] {
            assert_eq!(grouped.get(path.as_str()).unwrap().as_deref(), Some("7"), "{path}");
        }
    }
    let beyond = format!("PATIENT_RESULT.ORDER_OBSERVATION({}).OBX-5", count + 1);
    assert_eq!(grouped.get(beyond.as_str()).unwrap(), None);
}

#[test]
fn each_of_many_groups_is_edited_by_its_number() {
    let bytes = repeated("OBR|1\r", 100_000);
    let mut message = parse(bytes.as_bytes());
    message
        .edit_in(dictionary(), EditOptions::default(), |edit| {
            for n in 1..=5_000 {
                edit.set(format!("PATIENT_RESULT.ORDER_OBSERVATION({n}).OBR-4").as_str(), "x")?;
            }
            edit.set("PATIENT_RESULT(*).ORDER_OBSERVATION(*).OBR(*)-2", "y")
        })
        .unwrap();
    assert_eq!(message.get("OBR(5000)-4").unwrap().as_deref(), Some("x"));
    assert_eq!(message.get("OBR(5001)-4").unwrap(), None);
    assert_eq!(message.get("OBR(100000)-2").unwrap().as_deref(), Some("y"));
}
