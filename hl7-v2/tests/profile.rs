//! Messages against a profile that has each kind of rule once. The profile in `profiles/lab` is our own.

#![cfg(feature = "profile")]
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::sync::OnceLock;

use carewire_hl7_v2::profile::{ConformanceProfile, ProfileSource, UnsupportedReason, ValidationOptions};
use carewire_hl7_v2::{Charset, Finding, FindingKind, Message, ParseOptions};
use proptest::prelude::*;

const PROFILE: &[u8] = include_bytes!("profiles/lab/PROFILE.xml");
const CONSTRAINTS: &[u8] = include_bytes!("profiles/lab/CONSTRAINTS.xml");
const VALUE_SETS: &[u8] = include_bytes!("profiles/lab/VALUESETS.xml");
const BINDINGS: &[u8] = include_bytes!("profiles/lab/VALUESETBINDINGS.xml");

/// A message that the profile has nothing against.
const GOOD: &str = "MSH|^~\\&|LAB|GEN|EHR|GEN|20240301101530||ORU^R01^ORU_R01|42|T|2.5.1\r\
    PID|1||77^^^GEN^MR||Doe||19800101|F\r\
    ORC|RE|P1\r\
    OBR|1|P1|F1|2345-7^Glucose^LN|20240301|20240302|F\r\
    OBX|1|NM|2345-7^Glucose^LN||5.4|mmol/L\r\
    NTE|1\r\
    OBX|2|CWE|718-7^Hemoglobin^LN||L1^low^L\r\
    SPM|1\r\
    OBX|1|ST|L7^Local^L||clotted\r";

fn profile() -> &'static ConformanceProfile {
    static PROFILE_ONCE: OnceLock<ConformanceProfile> = OnceLock::new();
    PROFILE_ONCE.get_or_init(|| {
        let source = ProfileSource::new(PROFILE)
            .with_constraints(CONSTRAINTS)
            .with_value_sets(VALUE_SETS)
            .with_bindings(BINDINGS);
        ConformanceProfile::load(&source).unwrap()
    })
}

fn findings_with(message: &str, options: &ValidationOptions) -> Vec<String> {
    let message = Message::parse(message.as_bytes(), &ParseOptions::default()).unwrap();
    profile().validate(&message, options).findings().iter().map(ToString::to_string).collect()
}

fn findings(message: &str) -> Vec<String> {
    findings_with(message, &ValidationOptions::default())
}

/// The findings on the good message with one text in it replaced by another.
fn changed(from: &str, to: &str) -> Vec<String> {
    assert_eq!(GOOD.matches(from).count(), 1, "{from} is not there once");
    findings(&GOOD.replacen(from, to, 1))
}

#[test]
fn a_conformant_message_has_no_findings() {
    assert_eq!(findings(GOOD), Vec::<String>::new());
}

#[test]
fn what_is_not_evaluated_is_listed_with_its_line() {
    let listed: Vec<_> =
        profile().unsupported().iter().map(|found| (found.reason(), found.name(), found.line())).collect();
    assert_eq!(
        listed,
        [(UnsupportedReason::Plugin, "LAB-3", 54), (UnsupportedReason::ExcludedValueSet, "HL70005", 17),]
    );
}

#[test]
fn each_rule_of_usage_cardinality_length_and_format() {
    for (from, to, expected) in [
        // Usage.
        ("||ORU^R01", "|x|ORU^R01", vec!["error: value not allowed here in MSH[1]-8"]),
        ("PID|1|", "PID||", vec!["error: required field missing (Set ID) in PID[1]-1"]),
        ("PID|1|", "PID|\"\"|", vec!["warning: required value is the explicit null in PID[1]-1"]),
        ("PID|1||", "PID|1|5^^^GEN|", vec!["error: withdrawn in this version in PID[1]-2"]),
        ("MR||Doe", "MR|5^^^GEN|Doe", vec!["information: kept for backward compatibility only in PID[1]-4"]),
        ("77^^^", "^^^", vec!["error: required component missing (ID) in PID[1]-3[1].1"]),
        ("77^^^", "77^1^^", vec!["error: value not allowed here in PID[1]-3[1].2"]),
        (
            "77^^^GEN^",
            "77^^^&^",
            vec!["error: required component missing (Assigning Authority) in PID[1]-3[1].4"],
        ),
        // Cardinality.
        ("GEN^MR", "GEN^MR~2^^^GEN~~4^^^GEN", vec!["error: too many repetitions (1..3) in PID[1]-3[4]"]),
        ("F\rORC", "F|A\rORC", vec!["error: too few repetitions (2..3) in PID[1]-9"]),
        ("F\rORC", "F|A~B\rORC", vec![]),
        // Length.
        ("77^", "1234567890123456^", vec!["warning: value too long (1..15) in PID[1]-3[1].1"]),
        ("^MR|", "^M|", vec!["warning: value too short (2..5) in PID[1]-3[1].5"]),
        ("Doe", "12345678901", vec!["information: value too long (0..10) in PID[1]-5[1]"]),
        ("Doe", "12345\\T\\7890", vec![]),
        // Format, constants, dynamic mapping.
        ("19800101", "19800231", vec!["error: value not of its data type (DT) in PID[1]-7[1]"]),
        ("5.4|", "5,4|", vec!["error: value not of its data type (NM) in OBX[1]-5[1]"]),
        ("|2.5.1", "|2.5", vec!["error: not the value demanded (2.5.1) in MSH[1]-12[1]"]),
        ("OBX|1|NM", "OBX|1|TX", vec!["error: unknown data type in OBX[1]-5"]),
        ("clotted", "clotted^much", vec!["error: component behind the last one defined in OBX[3]-5[1].2"]),
        ("GEN^MR", "GEN&&&x^MR", vec!["error: subcomponent behind the last one defined in PID[1]-3[1].4.4"]),
        ("2.5.1\r", "2.5.1|x\r", vec!["error: field behind the last one defined in MSH[1]-13"]),
    ] {
        assert_eq!(starts(changed(from, to), &expected), expected, "{from} -> {to}");
    }
}

#[test]
fn each_rule_of_the_structure() {
    for (from, to, expected) in [
        ("SPM|1\r", "SPM|1\rZZ1|1\r", vec!["error: segment not of this structure in ZZ1[1]"]),
        ("SPM|1\r", "SPM|1\r??|1\r", vec!["error: line without a segment id"]),
        (
            "ORC|RE",
            "NK1|1\rORC|RE",
            vec!["error: value not allowed here in NK1[1] of PATIENT_RESULT[1].PATIENT[1]"],
        ),
        ("ORC|RE", "MSH|x\rORC|RE", vec!["error: segment out of place in MSH[2]"]),
        (
            "OBR|1|P1|F1|2345-7^Glucose^LN|20240301|20240302|F\r",
            "",
            vec![
                "error: rule broken (The placer numbers of ORC and OBR agree) in ORC[1]-2[1].1",
                "error: required segment missing (OBR) in ORC[1] of PATIENT_RESULT[1].ORDER_OBSERVATION[1]",
            ],
        ),
        (
            "SPM|1\r",
            "OBR|2|||718-7^^LN|||P\rOBR|3|||718-7^^LN|||P\rOBR|4|||718-7^^LN|||P\rSPM|1\r",
            vec![
                "error: group repeated too often (1..3) in OBR[4] of PATIENT_RESULT[1].ORDER_OBSERVATION[4]",
            ],
        ),
        ("PID|1|", "SFT|a\rSFT|b\rSFT|c\rPID|1|", vec!["error: segment repeated too often (0..2) in SFT[3]"]),
        (
            "NTE|1\r",
            "NTE|1\rNTE|x\r",
            vec![
                "error: value not of its data type (SI) in NTE[2]-1[1] of PATIENT_RESULT[1].ORDER_OBSERVATION[1].OBSERVATION[1]",
            ],
        ),
    ] {
        assert_eq!(starts(changed(from, to), &expected), expected, "{from} -> {to}");
    }
    let header = "MSH|^~\\&|LAB|GEN|EHR|GEN|20240301101530||ORU^R01^ORU_R01|42|T|2.5.1\r";
    assert_eq!(starts(findings(header), &["error: required group missing (PATIENT_RESULT)"]).len(), 1);
}

#[test]
fn each_rule_of_the_value_sets() {
    for (from, to, expected) in [
        (
            "|42|T",
            "|42|D",
            vec![
                "error: code not in its table (HL70103, which excludes it) in MSH[1]-11[1]",
                "warning: rule broken",
            ],
        ),
        ("|F\rORC", "|X\rORC", vec!["warning: code not in its table (HL70001) in PID[1]-8[1]"]),
        (
            "718-7^Hemoglobin^LN",
            "1-8^Hemoglobin^LN",
            vec!["error: code not in its table (TESTS) in OBX[2]-3[1].1"],
        ),
        (
            "718-7^Hemoglobin^LN",
            "718-7^Hemoglobin^99ABC",
            vec!["error: code not in its table (TESTS, with the code system of the set) in OBX[2]-3[1].1"],
        ),
        ("718-7^Hemoglobin^LN", "1-8^^LN^718-7^Hemoglobin^LN", vec![]),
        (
            "718-7^Hemoglobin^LN",
            "2345-7^^LN^718-7^Hemoglobin^LN",
            vec!["error: not the value demanded (TESTS, in one place only) in OBX[2]-3[1].4"],
        ),
        (
            "L7^Local^L",
            "L7^Local^X",
            vec![
                "error: code not in its table (TESTS, with the code system of the set) in OBX[3]-3[1].1",
                "error: code not in its table (HL70396) in OBX[3]-3[1].3",
            ],
        ),
        ("ORC|RE", "ORC|NW", vec!["error: not the value demanded (RE of HL70119) in ORC[1]-1[1]"]),
    ] {
        assert_eq!(starts(changed(from, to), &expected), expected, "{from} -> {to}");
    }
}

#[test]
fn each_predicate_and_statement() {
    for (from, to, expected) in [
        (
            "77^^^GEN^",
            "77^^^GEN&1.2^",
            vec!["error: required component missing (HD.3 is there exactly when HD.2 is) in PID[1]-3[1].4.3"],
        ),
        (
            "77^^^GEN^",
            "77^^^GEN&&ISO^",
            vec!["error: value not allowed here (HD.3 is there exactly when HD.2 is) in PID[1]-3[1].4.3"],
        ),
        ("OBX|1|ST|", "OBX|1||", vec!["error: required field missing (A value has a type) in OBX[3]-2"]),
        (
            "|P1|F1|",
            "|P1||",
            vec!["error: required field missing (A final result has a filler number) in OBR[1]-3"],
        ),
        ("LN||5.4", "LN||", vec!["error: value not allowed here (A value has a type) in OBX[1]-2[1]"]),
        (
            "718-7^Hemoglobin^LN",
            "718-77^x^LN^718-7^y^LN",
            vec!["error: rule broken (LOINC codes look like them) in OBX[2]-3[1].1"],
        ),
        ("|42|T", "|42|P", vec!["warning: rule broken (Test messages are marked) in MSH[1]-11[1]"]),
        ("OBR|1|", "OBR|7|", vec!["error: rule broken (Orders are numbered) in OBR[1]-1[1]"]),
        (
            "ORC|RE|P1",
            "ORC|RE|P2",
            vec!["error: rule broken (The placer numbers of ORC and OBR agree) in ORC[1]-2[1].1"],
        ),
        (
            "|20240302|",
            "|20240229|",
            vec!["error: rule broken (The end is not before the start) in OBR[1]-5[1].1"],
        ),
        (
            "|20240302|",
            "|202403020000+0000|",
            vec!["information: not checked (The end is not before the start)"],
        ),
        ("OBX|2|CWE", "OBX|3|CWE", vec!["error: rule broken (Sub-ids count) in OBX[2]-1[1]"]),
        (
            "OBX|1|NM|2345-7^Glucose^LN",
            "OBX|1|NM|718-7^Glucose^LN",
            vec!["error: rule broken (At least one glucose) in OBX[1]-3[1].1"],
        ),
    ] {
        assert_eq!(starts(changed(from, to), &expected), expected, "{from} -> {to}");
    }
}

#[test]
fn the_missing_group_of_a_predicate_is_reported() {
    let without: String = GOOD
        .split_inclusive('\r')
        .filter(|line| !line.starts_with("OBX") && !line.starts_with("NTE"))
        .collect();
    let expected = ["error: required segment missing (A final result has an observation)"];
    assert_eq!(starts(findings(&without), &expected), expected);
}

#[test]
fn findings_carry_the_bytes_and_the_rule() {
    let text = GOOD.replace("5.4", "5,4");
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let report = profile().validate(&message, &ValidationOptions::default());
    let [found] = report.findings() else { panic!("one finding expected") };
    assert_eq!(text.get(found.span().unwrap()), Some("5,4"));
    assert_eq!(found.rule(), Some("OBX_LAB-5"));
    assert_eq!(found.group(), Some("PATIENT_RESULT[1].ORDER_OBSERVATION[1].OBSERVATION[1]"));
    assert_eq!((report.message_id(), report.is_conformant()), (Some("LAB_RESULT"), false));
}

#[test]
fn a_message_that_the_profile_does_not_have_is_one_finding() {
    let message = GOOD.replace("ORU^R01^ORU_R01", "ADT^A01^ADT_A01");
    let found = findings(&message);
    assert_eq!(found.len(), 1);
    assert!(found.first().unwrap().starts_with("error: unknown message structure in MSH[1]-9"));
    let chosen = ValidationOptions::default().for_message("LAB_RESULT");
    assert_eq!(findings_with(&message, &chosen), Vec::<String>::new());
    assert_eq!(findings_with(GOOD, &ValidationOptions::default().for_message("other")).len(), 1);
}

#[test]
fn the_profile_of_a_message_is_found_by_structure_and_by_identifier() {
    let xml = String::from_utf8(PROFILE.to_vec()).unwrap();
    let start = xml.find("<Message ID").unwrap();
    let end = xml.find("</Message>").unwrap() + "</Message>".len();
    let first = xml.get(start..end).unwrap();
    let another = |id: &str, structure: &str, identifier: &str| {
        let named = format!("ID=\"{id}\" Identifier=\"{identifier}\"");
        first.replacen("ID=\"LAB_RESULT\"", &named, 1).replacen("ORU_R01", structure, 1)
    };
    let messages =
        [another("A", "ORU_R01", "one"), another("B", "ORU_R01", "two"), another("C", "ORU_R30", "one")];
    let xml = xml.replace(first, &messages.concat());
    let profile = ConformanceProfile::load(&ProfileSource::new(xml.as_bytes())).unwrap();
    for (structure, identifier, expected) in [
        ("ORU_R30", "", Some("C")),
        ("ORU_R01", "two", Some("B")),
        ("ORU_R01", "x~one", Some("A")),
        ("ORU_R01", "three", None),
        ("ORU_R01", "", None),
        ("", "two", Some("B")),
    ] {
        let text = format!("MSH|^~\\&|||||20240301||ORU^R01^{structure}|1|T|2.5.1|||||||||{identifier}\r");
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let report = profile.validate(&message, &ValidationOptions::default());
        assert_eq!(report.message_id(), expected, "{structure} {identifier}");
    }
}

#[test]
fn options_add_empty_elements_and_leave_out_optional_ones() {
    let empty = findings_with(GOOD, &ValidationOptions::default().with_empty_reported());
    assert!(empty.iter().all(|found| found.starts_with("information: required")), "{empty:?}");
    assert!(empty.iter().any(|found| found.contains("(SFT)")), "{empty:?}");
    let message = GOOD.replace("5.4|mmol/L", "5.4|mmol/L^x");
    assert_eq!(findings(&message).len(), 1);
    assert_eq!(findings_with(&message, &ValidationOptions::default().without_optional()).len(), 0);
}

#[test]
fn findings_are_bounded() {
    let message = format!("{GOOD}{}", "ZZ1|x\r".repeat(5_000));
    let found = findings_with(&message, &ValidationOptions::default().with_most_findings(10));
    assert_eq!(found.len(), 11);
    assert!(found.last().unwrap().contains("more findings"));
}

#[test]
fn each_rule_of_the_co_constraints() {
    let source = ProfileSource::new(PROFILE)
        .with_value_sets(VALUE_SETS)
        .with_co_constraints(include_bytes!("profiles/lab/COCONSTRAINTS.xml"));
    let profile = ConformanceProfile::load(&source).unwrap();
    let panel = "OBX|3|ST|L1^^L|a|x\rOBX|4|ST|L2^^L|a|y\r";
    for (from, to, expected) in [
        ("", "", vec![]),
        ("OBX|1|NM", "OBX|1|ST", vec!["error: rule broken (OBX-3 2345-7 of LN) in OBX[1]-2[1]"]),
        (
            "NM|2345-7^Glucose^LN",
            "NM|718-7^Glucose^LN",
            vec![
                "error: rule broken (OBX-3 2345-7 of LN, 1..1 times) in ORC[1]",
                "error: rule broken (OBX-3.1 718-7, 0..1 times) in ORC[1]",
            ],
        ),
        ("L1^low^L", "X1^low^L", vec!["error: rule broken (OBX-3.1 718-7) in OBX[2]-5[1]"]),
        ("SPM|1\r", &format!("{panel}SPM|1\r"), vec![]),
        (
            "SPM|1\r",
            &format!("{}SPM|1\r", panel.replace("L2^^L|a", "L2^^L|b")),
            vec!["error: rule broken (OBX-3.1 L2, 1..* times) in ORC[1]"],
        ),
        (
            "SPM|1\r",
            &format!("{panel}{}SPM|1\r", panel.replace("|a|", "|b|")),
            vec!["error: rule broken (Panel, 0..1 times) in ORC[1]"],
        ),
        ("mmol/L\r", "mmol/L\rOBX|9|ST|L3^^L|a|x\r", vec![]),
        (
            "LN||5.4|mmol/L\r",
            "LN|a|5.4|mmol/L\rOBX|9|ST|L3^^L|a|x\r",
            vec!["error: rule broken (OBX-3 2345-7 of LN, with a group id of its own) in OBX[1]"],
        ),
        ("|F\rOBX", "|C\rOBX", vec!["error: rule broken (OBX-3.1 L9, 1..* times) in ORC[1]"]),
    ] {
        let text = GOOD.replacen(from, to, 1);
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let report = profile.validate(&message, &ValidationOptions::default());
        let found = report.findings().iter().map(ToString::to_string).collect();
        assert_eq!(starts(found, &expected), expected, "{from} -> {to}");
    }
}

const SLICINGS: &[u8] = br#"<ProfileSlicing ID="slices">
  <SegmentSlicing><Message ID="LAB_RESULT">
    <GroupContext ID="LAB_RESULT-3.2.5"><OccurrenceSlicing Position="2">
      <Slice Occurrence="2" Ref="OBX_SECOND"/></OccurrenceSlicing></GroupContext>
    <GroupContext ID="LAB_RESULT-9"><OccurrenceSlicing Position="2"/></GroupContext>
  </Message></SegmentSlicing>
  <FieldSlicing><SegmentContext ID="PID_LAB">
    <AssertionSlicing Position="3"><Slice Ref="CX_SS"><Description>Social security</Description>
      <Assertion><PlainText Path="5[1]" Text="SS" IgnoreCase="false" NotPresentBehavior="FAIL"/></Assertion></Slice>
    </AssertionSlicing></SegmentContext></FieldSlicing>
</ProfileSlicing>"#;

#[test]
fn slices_are_checked_by_their_own_definition() {
    let xml = String::from_utf8(PROFILE.to_vec()).unwrap();
    let xml = xml.replace(
        "</Segments>",
        "<Segment ID=\"OBX_SECOND\" Name=\"OBX\"><Field Name=\"Set ID\" Usage=\"X\" \
        Datatype=\"SI\" Min=\"0\" Max=\"0\"/></Segment></Segments>",
    );
    let xml = xml.replace(
        "</Datatypes>",
        "<Datatype ID=\"CX_SS\" Name=\"CX\"><Component Name=\"ID\" Usage=\"R\" \
        Datatype=\"NM\" MinLength=\"9\" MaxLength=\"9\"/></Datatype></Datatypes>",
    );
    let source = ProfileSource::new(xml.as_bytes()).with_slicings(SLICINGS);
    let profile = ConformanceProfile::load(&source).unwrap();
    let nowhere =
        profile.unsupported().iter().find(|found| found.reason() == UnsupportedReason::Context).unwrap();
    assert_eq!((nowhere.name(), nowhere.line()), ("LAB_RESULT-9", 5));
    let text = "MSH|^~\\&|LAB|GEN|EHR|GEN|20240301||ORU^R01^ORU_R01|42|T|2.5.1\r\
        PID|1||77^^^GEN^MR~12^^^GEN^SS\rOBR|1|||1^^LN|||P\rSPM|1\rOBX|1||1^^LN\rOBX|2\r";
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let report = profile.validate(&message, &ValidationOptions::default());
    let found = report.findings().iter().map(ToString::to_string).collect();
    let expected = [
        "warning: value too short (9..9) in PID[1]-3[2].1",
        "error: component behind the last one defined in PID[1]-3[2].4",
        "error: value not allowed here in OBX[2]-1",
    ];
    assert_eq!(starts(found, &expected), expected);
    let missing = SLICINGS.to_vec();
    let source = ProfileSource::new(PROFILE).with_slicings(&missing);
    let error = ConformanceProfile::load(&source).unwrap_err();
    assert_eq!(error.to_string(), "slicings, line 8, column 5: there is no data type CX_SS");
}

#[test]
fn spans_are_of_the_bytes_in_other_character_sets() {
    // Text and bytes of this line in ISO-2022-JP are equally long: three characters are 9 bytes of text and 12 of
    // input, and nine are 27 and 24.
    let (three, nine) = (b"\x1B$B;3EDB@\x1B(B", b"\x1B$B;3EDB@;3EDB@;3EDB@\x1B(B");
    let japanese: Vec<u8> = [&b"PID|1||77^^^GEN^MR||"[..], three, b"||19800231|F|||", nine, b"\r"].concat();
    let longer = [&b"PID|1||77^^^GEN^MR||"[..], nine, b"||19800231|F|||", nine, b"\r"].concat();
    let null = [&b"PID|1||77^^^GEN^MR||"[..], nine, b"||19800231|F\r"].concat();
    // The second byte of the character before the date is the field separator.
    let chinese = b"PID|1||77^^^GEN^MR||\xD5\xC5\x81\x7C||19800231|F\r".to_vec();
    for (charset, patient) in [
        (Charset::Iso8859_1, b"PID|1||77^^^GEN^MR||M\xFCller||19800231|F\r".to_vec()),
        (Charset::Iso2022Jp, japanese),
        (Charset::Iso2022Jp, longer),
        (Charset::Iso2022Jp, null),
        (Charset::Gb18030, chinese),
    ] {
        let (head, rest) = GOOD.split_at(GOOD.find("PID").unwrap());
        let (_, tail) = rest.split_at(rest.find("ORC").unwrap());
        let bytes = [head.as_bytes(), &patient, tail.as_bytes()].concat();
        let message = Message::parse(&bytes, &ParseOptions::default().with_charset(charset)).unwrap();
        let report = profile().validate(&message, &ValidationOptions::default());
        let dates = report.findings().iter().filter(|found| found.kind() == FindingKind::DataType);
        let spans: Vec<_> = dates.map(|found| bytes.get(found.span().unwrap())).collect();
        assert_eq!(spans, [Some(&b"19800231"[..])], "{charset:?}");
    }
}

#[test]
fn what_is_missing_at_the_end_of_a_line_has_no_bytes_in_any_character_set() {
    let name = b"\x1B$B;3EDB@\x1B(B";
    let (head, rest) = GOOD.split_at(GOOD.find("PID").unwrap());
    let (_, tail) = rest.split_at(rest.find("ORC").unwrap());
    for (identifier, place) in
        [(&b""[..], "PID[1]-3"), (b"77^^^GEN^MR", "PID[1]-8"), (name, "PID[1]-3[1].4"), (name, "PID[1]-8")]
    {
        let patient = [b"PID|1||", identifier, b"||", name].concat();
        let bytes = [head.as_bytes(), &patient, b"\r", tail.as_bytes()].concat();
        let message =
            Message::parse(&bytes, &ParseOptions::default().with_charset(Charset::Iso2022Jp)).unwrap();
        let options = ValidationOptions::default().with_empty_reported();
        let report = profile().validate(&message, &options);
        let at_place = |found: &&Finding| found.location().is_some_and(|at| at.to_string() == place);
        let found = report.findings().iter().find(at_place).unwrap();
        let span = found.span().unwrap();
        assert!(span.is_empty() && span.start > head.len(), "{place}: {span:?}");
    }
}

#[test]
fn no_finding_holds_a_value_of_the_message() {
    let canary = "QZCANARY";
    let line = |name: &str| {
        format!("{name}|{}\r", vec![format!("{canary}^{canary}&{canary}^^{canary}~{canary}"); 12].join("|"))
    };
    let lines: String = ["PID", "ORC", "OBR", "OBX", "SPM", "ZZ1"].map(line).concat();
    let message = format!(
        "MSH|^~\\&|{canary}^{canary}|||||{canary}|ORU^R01^ORU_R01|{canary}|{canary}|{canary}\r{lines}"
    );
    let found = findings(&message);
    assert!(found.len() > 40, "{}", found.len());
    assert!(found.iter().all(|found| !found.contains(canary)), "{found:?}");
    let parsed = Message::parse(message.as_bytes(), &ParseOptions::default()).unwrap();
    let report = profile().validate(&parsed, &ValidationOptions::default());
    assert!(!format!("{report:?}").contains(canary));
}

type Make = fn(&str, usize) -> String;

/// So large that a search through all of it for each part would not come to an end.
#[test]
fn large_messages_are_validated_to_the_end() {
    let (head, _) = GOOD.split_at(GOOD.find("NTE").unwrap());
    let cases: [(&str, Make); 5] = [
        ("segments", |head, n| format!("{head}{}", "OBX|1|NM|2345-7^Glucose^LN||5.4|mmol/L\r".repeat(n))),
        ("groups", |head, n| format!("{head}{}", "PID|1||77^^^GEN\rOBR|1|||2345-7^^LN|||P\r".repeat(n))),
        ("unplaced", |head, n| format!("{head}{}", "MSH|1\rZZZ|1\r".repeat(n))),
        ("repetitions", |head, n| head.replace("||Doe", &format!("{}||Doe", "~7^^^GEN".repeat(n * 4)))),
        ("empty repetitions", |head, n| head.replace("||Doe", &format!("{}||Doe", "~".repeat(n * 40)))),
    ];
    for (name, make) in cases {
        let text = make(head, 20_000);
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let report = profile().validate(&message, &ValidationOptions::default());
        let expected = if ["unplaced", "repetitions"].contains(&name) { 1_001 } else { 0 };
        assert_eq!(report.findings().len(), expected, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever the groups hold, segments in the order of the profile all have a place, and nothing is missing.
    #[test]
    fn segments_in_order_have_a_place(
        software in 0..3_usize,
        patients in prop::collection::vec((0..3_usize, prop::collection::vec(order(), 1..4)), 1..4),
    ) {
        let mut text = String::from("MSH|^~\\&|LAB\r");
        text.push_str(&"SFT|a\r".repeat(software));
        for (notes, orders) in patients {
            text.push_str("PID|1\r");
            text.push_str(&"NTE|1\r".repeat(notes));
            text.push_str(&orders.concat());
        }
        let options = ValidationOptions::default().for_message("LAB_RESULT").with_most_findings(100_000);
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        for found in profile().validate(&message, &options).findings() {
            prop_assert!(!is_structural(found.kind()), "{found} in {text}");
        }
    }

    #[test]
    fn any_message_can_be_validated(text in "MSH\\|\\^~\\\\&\\|[|^~&A-Z0-9 \\r\\\\\"]{0,80}(\\r(PID|OBR|OBX|ORC|NTE|SPM|MSH|ZZ1)[|^~&A-Z0-9.\\r\\\\\"]{0,60}){0,12}") {
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let report = profile().validate(&message, &ValidationOptions::default().for_message("LAB_RESULT"));
        for found in report.findings() {
            let span = found.span().unwrap();
            prop_assert!(text.get(span).is_some());
        }
    }

    #[test]
    fn any_bytes_behind_a_header_can_be_validated(tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [GOOD.as_bytes().get(..60).unwrap_or_default(), tail.as_slice()].concat();
        if let Ok(message) = Message::parse(&bytes, &ParseOptions::default()) {
            let report = profile().validate(&message, &ValidationOptions::default().for_message("LAB_RESULT"));
            prop_assert!(report.findings().iter().all(|found| bytes.get(found.span().unwrap()).is_some()));
        }
    }

    /// What is left out or doubled in a good message never panics, and the report is the same each time.
    #[test]
    fn changed_messages_give_the_same_report_each_time(edits in prop::collection::vec((0..10_usize, 0..3_usize), 0..6)) {
        let mut lines: Vec<&str> = GOOD.split_inclusive('\r').collect();
        for (at, how) in edits {
            let at = at.min(lines.len() - 1).max(1);
            match how {
                0 if lines.len() > 2 => { lines.remove(at); }
                1 => lines.insert(at, lines[at]),
                _ => { let other = lines.len() - 1; lines.swap(at, other); }
            }
        }
        let text = lines.concat();
        prop_assert_eq!(findings(&text), findings(&text));
    }
}

/// Every message of the corpus, whatever it is, against the profile: spans are within it, and nothing panics.
#[test]
fn the_corpus_validates() {
    let Some(root) = std::env::var_os("CAREWIRE_CORPUS") else {
        eprintln!("skipped: CAREWIRE_CORPUS names no corpus");
        return;
    };
    let (mut messages, mut found) = (0, 0);
    let mut open = vec![std::path::PathBuf::from(root).join("v2-messages")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let Ok(message) = Message::parse(&bytes, &ParseOptions::default()) else { continue };
        let report = profile().validate(&message, &ValidationOptions::default().for_message("LAB_RESULT"));
        for finding in report.findings() {
            assert!(finding.span().is_none_or(|span| bytes.get(span).is_some()), "{}", path.display());
        }
        messages += 1;
        found += report.findings().len();
    }
    eprintln!("{messages} messages, {found} findings");
    assert!(messages > 100, "{messages} messages only");
}

/// The segments of one order.
fn order() -> impl Strategy<Value = String> {
    let observations = prop::collection::vec(0..3_usize, 0..3);
    let specimen = prop::option::of(0..3_usize);
    (any::<bool>(), 0..3_usize, observations, specimen).prop_map(|(common, notes, observations, specimen)| {
        let mut text = String::new();
        text.push_str(if common { "ORC|RE\r" } else { "" });
        text.push_str("OBR|1\r");
        text.push_str(&"NTE|1\r".repeat(notes));
        for notes in observations {
            text.push_str("OBX|1\r");
            text.push_str(&"NTE|1\r".repeat(notes));
        }
        if let Some(observations) = specimen {
            text.push_str("SPM|1\r");
            text.push_str(&"OBX|1\r".repeat(observations));
        }
        text
    })
}

fn is_structural(kind: FindingKind) -> bool {
    use FindingKind::{
        MisplacedSegment, MissingGroup, MissingSegment, RepeatedGroup, RepeatedSegment, UnexpectedSegment,
    };
    matches!(
        kind,
        MisplacedSegment
            | MissingGroup
            | MissingSegment
            | RepeatedGroup
            | RepeatedSegment
            | UnexpectedSegment
    )
}

/// The findings cut to the length of those expected at the same place.
fn starts(found: Vec<String>, expected: &[&str]) -> Vec<String> {
    let lengths = expected.iter().map(|text| text.len()).chain(std::iter::repeat(usize::MAX));
    found.into_iter().zip(lengths).map(|(text, length)| text.chars().take(length).collect()).collect()
}
