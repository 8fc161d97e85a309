//! What an overlay adds and what it is refused for.

use proptest::prelude::*;

use super::*;
use crate::dictionary::{Node, Version};

const SITE: &str = "\
# The extras of a site.
version 2.5.1
segment ZPI Patient Extras
  1 O 0..1 ST 20 - Nickname
  2 R 1..* ZID - - Local Identifiers
datatype ZID Local Identifier
  1 R 1..1 ST 15 - Number
  2 O 0..1 ID - 9001 Kind
table 9001 user Kinds
  A Archive
  B
segment PID
  40 O 0..* XTN - - Patient Telecommunication
table 0001
  X Indeterminate
structure ADT_A01
  ZPI? after PID
structure ORU_R01
  ZPI* after OBX in PATIENT_RESULT.ORDER_OBSERVATION.OBSERVATION
  ZPI* anywhere
structure ZRI_Z01 = MSH PID @VISIT+
  group VISIT = PV1 ZPI*
event ZRI Z51 ZRI_Z01
";

fn base() -> &'static Dictionary {
    Dictionary::of(Version::V2_5_1)
}

#[test]
fn a_site_adds_segments_fields_codes_and_places() -> Result<(), OverlayError> {
    let site = base().with_overlay(SITE)?;
    assert_eq!(site.segment("ZPI").map(|zpi| (zpi.title(), zpi.fields().len())), Some(("Patient Extras", 2)));
    assert_eq!(site.segment("PID").map(|pid| pid.fields().len()), Some(40));
    assert_eq!(base().segment("PID").map(|pid| pid.fields().len()), Some(39));
    assert_eq!(site.table("0001").and_then(|table| table.code("X")), Some("Indeterminate"));
    assert_eq!(site.table("0001").and_then(|table| table.code("F")), Some("Female"));
    assert_eq!(site.structure_of("ZRI", "Z51"), Some("ZRI_Z01"));
    let admit = site.structure("ADT_A01").map(|structure| structure.nodes()).unwrap_or_default();
    let place = admit.iter().position(|node| matches!(node, Node::Segment { id, .. } if id == "ZPI"));
    assert_eq!(place, admit.iter().position(|node| is(node, "PID")).map(|at| at + 1));
    assert_eq!(site.structure("ORU_R01").map(|structure| structure.anywhere().len()), Some(1));
    Ok(())
}

fn is(node: &Node, name: &str) -> bool {
    matches!(node, Node::Segment { id, .. } if id == name)
}

#[test]
fn an_overlay_of_nothing_changes_nothing() {
    for version in Version::ALL {
        let dictionary = Dictionary::of(version);
        assert_eq!(dictionary.with_overlay("# nothing\n\n").as_ref(), Ok(dictionary));
    }
}

#[test]
fn the_same_overlay_twice_is_the_overlay_once() -> Result<(), OverlayError> {
    let once = base().with_overlay(SITE)?;
    assert_eq!(once.with_overlay(SITE)?, once);
    Ok(())
}

#[test]
fn a_definition_is_replaced_when_that_is_said() -> Result<(), OverlayError> {
    let said = "segment PID\n  8 R 1..1 CWE - 0001 Administrative Sex\n";
    assert_eq!(base().with_overlay(said), Err(OverlayError::new(2, OverlayProblem::Conflict)));
    let site = base().with_overlay(&said.replace("  8", "  replace 8"))?;
    assert_eq!(site.segment("PID").and_then(|pid| pid.field(8)).map(|sex| sex.datatype()), Some("CWE"));
    let code = base().with_overlay("replace table 0001 hl7 Administrative Sex\n  replace F Woman\n")?;
    assert_eq!(code.table("0001").and_then(|table| table.code("F")), Some("Woman"));
    Ok(())
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    use OverlayProblem as P;
    let cases = [
        ("  1 O 0..1 ST - - Name", 1, P::NoBlock),
        ("sement ZPI", 1, P::UnknownStatement),
        ("segment", 1, P::Missing),
        ("segment ZPIX", 1, P::BadWord),
        ("version 2.6", 1, P::OtherVersion),
        ("segment ZPI\n  2 O 0..1 ST - - Name", 2, P::Gap),
        ("segment ZPI\n  0 O 0..1 ST - - Name", 2, P::BadWord),
        ("segment ZPI\n\n  1 Q 0..1 ST - - Name", 3, P::BadWord),
        ("segment ZPI\n  1 O 2..1 ST - - Name", 2, P::BadWord),
        ("segment ZPI\n  1 O 0..1 ST -", 2, P::Missing),
        ("segment ZPI\n  1 O 0..1 ZZ - - Name", 2, P::UnknownDatatype),
        ("segment ZPI\n  1 O 0..1 ST - 9001 Name", 2, P::UnknownTable),
        ("segment PID Another Title", 1, P::Conflict),
        ("table 0001\n  F Woman", 2, P::Conflict),
        ("structure ADT_A01\n  ZPI? after PID", 2, P::UnknownSegment),
        ("structure ADT_Z99\n  NTE* after PID", 1, P::UnknownStructure),
        ("structure ADT_A01\n  NTE* after ZZZ", 2, P::NoPlace),
        ("structure ADT_A01\n  NTE* after ROL", 2, P::SeveralPlaces),
        ("structure ADT_A01\n  NTE* after ROL[4]", 2, P::NoPlace),
        ("structure ADT_A01\n  NTE* beside ROL", 2, P::BadWord),
        ("structure ADT_A01\n  NTE* after PID in VISIT", 2, P::NoPlace),
        ("structure ADT_A01 = MSH PID", 1, P::Conflict),
        ("structure ZRI_Z01 = MSH @VISIT", 1, P::BadBody),
        ("structure ZRI_Z01 = MSH @VISIT\n  group VISIT = PV1 @VISIT", 1, P::BadBody),
        ("event ADT Z51 ADT_Z99", 1, P::UnknownStructure),
    ];
    for (text, line, problem) in cases {
        assert_eq!(base().with_overlay(text), Err(OverlayError::new(line, problem)), "{text}");
    }
    let long = "# x\n".repeat(MOST_BYTES / 4 + 1);
    assert_eq!(base().with_overlay(&long), Err(OverlayError::new(0, P::TooLong)));
}

#[test]
fn groups_that_multiply_are_refused() {
    let mut text = "structure ZRI_Z01 = @G0 @G0\n".to_owned();
    for level in 0..40 {
        text += &format!("  group G{level} = @G{} @G{}\n", level + 1, level + 1);
    }
    text += "  group G40 = PID\n";
    assert_eq!(base().with_overlay(&text), Err(OverlayError::new(1, OverlayProblem::BadBody)));
}

#[test]
fn groups_that_multiply_within_the_depth_are_refused_as_well() {
    let ten = |name: &str| format!("@{name} ").repeat(10);
    let mut text = format!("structure ZRI_Z01 = {}\n", ten("G0"));
    for level in 0..20 {
        text += &format!("  group G{level} = {}\n", ten(&format!("G{}", level + 1)));
    }
    text += "  group G20 = PID\n";
    assert_eq!(base().with_overlay(&text), Err(OverlayError::new(1, OverlayProblem::BadBody)));
}

#[test]
fn places_are_counted_over_all_structures() {
    let text = "structure *\n".to_owned() + &"  NTE* anywhere\n".repeat(200);
    let refused = base().with_overlay(&text).err().map(|error| error.problem());
    assert_eq!(refused, Some(OverlayProblem::TooLong));
}

proptest! {
    #[test]
    fn any_text_is_an_overlay_or_refused(text in "((segment|structure|table|datatype|replace|event|group|version|  )? ?[A-Z0-9a-z_@<>|=.*?{},\\[\\] -]{0,24}\n){0,8}") {
        let _ = base().with_overlay(&text);
    }

    #[test]
    fn a_new_segment_is_what_the_text_says(fields in proptest::collection::vec((0u32..3, "[A-Z][a-z]{1,9}"), 1..20)) {
        let lines = fields.iter().enumerate().map(|(at, (min, name))| format!("  {} O {min}..* ST - - {name}\n", at + 1));
        let text = format!("segment ZAB\n{}", lines.collect::<String>());
        let site = base().with_overlay(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let segment = site.segment("ZAB").ok_or_else(|| TestCaseError::fail("no segment"))?;
        let read: Vec<_> = segment.fields().iter().map(|one| (one.cardinality().min, one.name().to_owned())).collect();
        prop_assert_eq!(read, fields);
    }
}
