//! What is found in one segment, by version and options.

use super::*;

fn found(version: Version, segments: &str, options: &ValidateOptions) -> Vec<String> {
    let text = format!(
        "MSH|^~\\&|A|B|C|D|20240301||ADT^A01^ADT_A01|7|P|{version}\r{}\r",
        segments.replace('\n', "\r")
    );
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let findings = validate(&message, Dictionary::of(version), options);
    let shown = |finding: &Finding| {
        let place = finding.location().map(ToString::to_string).unwrap_or_default();
        let expected = finding.expected().map(|expected| format!(" ({expected})")).unwrap_or_default();
        format!("{} {:?} {place}{expected}", finding.severity().as_str(), finding.kind())
    };
    let of_header =
        |finding: &&Finding| finding.location().is_some_and(|place| place.segment().as_str() == "MSH");
    findings.iter().filter(|finding| !of_header(finding)).map(shown).collect()
}

fn flat() -> ValidateOptions {
    let mut options = ValidateOptions::default();
    options.structure = false;
    options.lengths = None;
    options
}

#[track_caller]
fn check(version: Version, segments: &str, expected: &[&str]) {
    assert_eq!(found(version, segments, &flat()), expected, "{segments}");
}

const V2_5_1: Version = Version::V2_5_1;

#[test]
fn a_good_segment_has_no_finding() {
    check(
        V2_5_1,
        "PID|1||5^^^GEN&1.2&ISO^MR~9||Doe&&Doe^Jo^^^^^L||20240301|F|||1 Main^^Town^^1234^USA^H",
        &[],
    );
}

#[test]
fn required_fields() {
    check(V2_5_1, "PID|1", &["E RequiredFieldMissing PID[1]-3", "E RequiredFieldMissing PID[1]-5"]);
    check(V2_5_1, "PID|1||^^^||~", &["E RequiredFieldMissing PID[1]-3", "E RequiredFieldMissing PID[1]-5"]);
    check(V2_5_1, "PID|1||5||\"\"", &["W RequiredIsNull PID[1]-5"]);
    check(Version::V2_6, "PID|1||^^^GEN||Doe", &["E RequiredComponentMissing PID[1]-3.1"]);
    check(Version::V2_6, "PID|1||\"\"^^^GEN||Doe", &["W RequiredIsNull PID[1]-3.1"]);
}

#[test]
fn what_stands_behind_the_definition_is_to_be_ignored() {
    check(V2_5_1, "MRG|5|||||||9|8", &["W ExtraField MRG[1]-8 (MRG has 7)"]);
    check(
        V2_5_1,
        "PID|1^x||5^^^^^^^^^^y||Doe",
        &["W ExtraComponent PID[1]-1.2 (SI has 1)", "W ExtraComponent PID[1]-3.11 (CX has 10)"],
    );
    check(V2_5_1, "PID|1||5^^^GEN&1.2&ISO&x||Doe", &["W ExtraSubcomponent PID[1]-3.4.4 (HD has 3)"]);
    check(V2_5_1, "OBX|1|ST|A||Blood&Plasma||||||F", &["W ExtraSubcomponent OBX[1]-5.1.2 (ST has 1)"]);
    check(V2_5_1, "PID|1~2||5||Doe", &["W TooManyRepetitions PID[1]-1 (0..1)"]);
    check(V2_5_1, "PID|1||5^^^^^^^^^^^^||Doe||||||||||||||||||||||||||||||||||||||||||||||||", &[]);
    let mut options = flat();
    options.beyond_definition = None;
    assert!(found(V2_5_1, "PID|1^x~2||5^^^GEN&1&ISO&x||Doe", &options).is_empty());
}

#[test]
fn data_types() {
    for (segment, findings) in [
        ("PID|x||5||Doe", &["E DataType PID[1]-1 (SI)"][..]),
        ("PID|1||5~6^^^^^^2024-01-01||Doe", &["E DataType PID[1]-3[2].7 (DT)"]),
        ("PID|1||5^^^^^^20240101120000||Doe", &["E DataType PID[1]-3.7 (DT)"]),
        ("PID|1||5||Doe||1.5.1970", &["E DataType PID[1]-7.1 (DTM)"]),
        ("PID|1||5||Doe||19700501101530.1234-0500", &[]),
        ("PID|1||5||Doe||\"\"", &[]),
        ("PID|1||5||Doe\\X0D\\x", &["E DataType PID[1]-5.1.1 (ST)"]),
        ("PID|1||5||Doe\\.br\\x", &[]),
        ("OBX|1|NM|A||7,4||||||F", &["E DataType OBX[1]-5 (NM)"]),
        ("OBX|1|NM|A||-7.4~x||||||F", &["E DataType OBX[1]-5[2] (NM)"]),
        ("OBX|1|SN|A||>^x||||||F", &["E DataType OBX[1]-5.2 (NM)"]),
        ("OBX|1|TM|A||1015||||||F", &[]),
        ("OBX|1|TM|A||10:15||||||F", &["E DataType OBX[1]-5 (TM)"]),
        ("OBX|1|TX|A||line\\X0D\\line||||||F", &[]),
        ("OBX|1|QQ|A||1||||||F", &["E UnknownDataType OBX[1]-2"]),
        ("OBX|1||A||1||||||F", &["E RequiredFieldMissing OBX[1]-2"]),
        ("OBX|1||A||||||||X", &[]),
    ] {
        let relevant = |findings: &[String]| {
            findings.iter().filter(|text| !text.contains("NotInTable OBX[1]-2")).cloned().collect::<Vec<_>>()
        };
        assert_eq!(relevant(&found(V2_5_1, segment, &flat())), findings, "{segment}");
    }
}

#[test]
fn a_time_stamp_of_an_early_version_is_one_though_it_is_called_a_string() {
    check(Version::V2_3, "EVN|A01|tomorrow", &["E DataType EVN[1]-2.1 (DTM)"]);
    check(Version::V2_3, "EVN|A01|202403011015", &[]);
}

#[test]
fn codes() {
    check(V2_5_1, "PID|1||5||Doe^Jo^^^^^QQ", &["E NotInTable PID[1]-5.7 (table 0200)"]);
    check(V2_5_1, "PID|1||5||Doe|||QQ", &[]);
    let mut options = flat();
    options.user_tables = Some(Severity::Warning);
    assert_eq!(found(V2_5_1, "PID|1||5||Doe|||QQ", &options), ["W NotInTable PID[1]-8 (table 0001)"]);
    options.hl7_tables = None;
    assert!(found(V2_5_1, "PID|1||5||Doe^Jo^^^^^QQ", &options).is_empty());
    // A code that a later version has.
    check(Version::V2_4, "OBX|1|CWE|A||1||||||F", &["W NotInTable OBX[1]-2 (table 0125)"]);
    // Local events are the business of sites.
    let bytes = b"MSH|^~\\&|A|B|C|D|2024||ZDT^Z01|7|P|2.5.1\r";
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    assert!(validate(&message, Dictionary::of(V2_5_1), &flat()).is_empty());
}

#[test]
fn types_of_mime_are_not_looked_up() {
    check(V2_5_1, "OBX|1|ED|A||^application^pdf^Base64^JVBERi0=||||||F", &[]);
    check(Version::V2_3_1, "OBX|1|ED|A||^image^jpeg^Base64^JVBERi0=||||||F", &[]);
}

#[test]
fn a_code_of_another_system_is_not_looked_up() {
    let mut options = flat();
    options.user_tables = Some(Severity::Error);
    let of = |race: &str| found(V2_5_1, &format!("PID|1||5||Doe|||||{race}"), &options);
    assert_eq!(of("QQ"), ["W NotInTable PID[1]-10 (table 0005)"]);
    assert_eq!(of("QQ^Text^HL70005"), ["W NotInTable PID[1]-10.1 (table 0005)"]);
    assert!(of("QQ^Text^L").is_empty());
}

#[test]
fn lengths_are_in_characters() {
    let mut options = flat();
    options.lengths = ValidateOptions::default().lengths;
    let of = |count: usize| found(V2_5_1, &format!("PID|1||5||Doe^{}", "ä".repeat(count)), &options);
    assert_eq!(of(31), ["W TooLong PID[1]-5.2 (at most 30)"]);
    assert!(of(30).is_empty());
    options.lengths = Some(Severity::Error);
    assert_eq!(found(V2_5_1, "PID|12345||5||Doe", &options), ["E TooLong PID[1]-1 (at most 4)"]);
}

#[test]
fn a_code_of_the_fields_table_is_not_too_long() {
    let mut options = flat();
    options.lengths = ValidateOptions::default().lengths;
    let long = found(V2_5_1, "OBX|1|CWE|A||1||||||F", &options);
    assert!(long.iter().all(|finding| !finding.contains("TooLong")), "{long:?}");
    let too_long = found(V2_5_1, "OBX|1|QQQ|A||1||||||F", &options);
    assert!(too_long.contains(&"W TooLong OBX[1]-2 (at most 2)".to_owned()), "{too_long:?}");
}

#[test]
fn a_component_keeps_its_table_from_2_8_on() {
    for version in [V2_5_1, Version::V2_7_1, Version::V2_8, Version::V2_8_2, Version::V2_9] {
        check(version, "PID|1||5^^^GEN^QQQ||Doe", &["E NotInTable PID[1]-3.5 (table 0203)"]);
        // A national identifier, with any country.
        check(version, "PID|1||5^^^GEN^NNDEU||Doe", &[]);
    }
}

#[test]
fn codes_with_a_space_are_codes() {
    let of = |header: &str| {
        let message = Message::parse(header.as_bytes(), &ParseOptions::default()).unwrap();
        let findings = validate(&message, Dictionary::of(V2_5_1), &flat());
        findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let header = "MSH|^~\\&|A|B|C|D|2024||ADT^A01^ADT_A01|7|P|2.5.1||||||UNICODE UTF-8||";
    assert_eq!(of(&format!("{header}ISO 2022-1994\r")), [""; 0]);
    assert_eq!(of(&format!("{header}<null>\r")).len(), 1);
}

#[test]
fn what_is_obsolete_is_information() {
    check(Version::V2_7, "PID|1|9|5^^^^MR||Doe", &["I Withdrawn PID[1]-2"]);
    let mut options = flat();
    options.obsolete = None;
    assert!(found(Version::V2_7, "PID|1|9|5^^^^MR||Doe", &options).is_empty());
}

#[test]
fn segments_that_the_version_does_not_have() {
    check(V2_5_1, "PRT|1\nZDS|1", &["W UnknownSegment PRT[1]"]);
    let with_structure =
        found(V2_5_1, "EVN||2024\nPID|1||5||Doe\nPV1||I\nPRT|1\nZDS|1", &ValidateOptions::default());
    assert_eq!(with_structure, ["W UnknownSegment PRT[1]", "I UnexpectedSegment ZDS[1]"]);
}

#[test]
fn a_finding_names_its_group_and_its_bytes() {
    let bytes = b"MSH|^~\\&|A|B|C|D|20240301||ORU^R01^ORU_R01|7|P|2.5.1\rPID|1||5||Doe\rOBR|1|||A\rOBX|1|NM|A||x||||||F\r";
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    let findings = validate(&message, Dictionary::of(V2_5_1), &ValidateOptions::default());
    let [finding] = findings.as_slice() else { panic!("one finding: {findings:?}") };
    assert_eq!(finding.group(), Some("PATIENT_RESULT[1].ORDER_OBSERVATION[1].OBSERVATION[1]"));
    assert_eq!(finding.span().map(|span| &bytes[span]), Some(&b"x"[..]));
    assert_eq!(finding.kind(), FindingKind::DataType);
}

#[test]
fn a_local_segment_that_may_stand_anywhere_is_no_finding() {
    let bytes =
        b"MSH|^~\\&|A|B|C|D|20240301||ADT^A01^ADT_A01|7|P|2.5.1\rEVN||2024\rPID|1||5||Doe\rPV1||I\rZPI|x\r";
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    let site = "segment ZPI\n  1 O 0..1 ST - - Nickname\nstructure *\n  ZPI* anywhere\n";
    let dictionary = Dictionary::of(V2_5_1).with_overlay(site).unwrap();
    assert_eq!(validate(&message, &dictionary, &ValidateOptions::default()), []);
}
