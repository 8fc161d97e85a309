//! `carewire hl7`.

use crate::support::{Place, canary_message, json_lines};

const ORU: &str = "MSH|^~\\&|LAB|GEN|EHR|SUR|20240301||ORU^R01^ORU_R01|42|P|2.5.1\rPID|1||5^^^GEN^MR~9^^^GOV^NI||Doe \\T\\ Co^Jo|\"\"\r\
    OBR|1|||A^B^L\rOBX|1|NM|X^Y^L||7.1||||||F\rOBR|2|||C^D^L\rOBX|1|TX|X^Y^L||a\\X0D0A\\b||||||F\rOBX|2|ST|X^Y^L||c||||||F\r";
const ADT: &str = "MSH|^~\\&|A|B|C|D|20240301||ADT^A01^ADT_A01|7|P|2.3\nEVN|A01\nPID|1||6\nPV1|1|I\n";

fn place() -> Place {
    let place = Place::new();
    place
        .write("oru.hl7", ORU)
        .write("batch.hl7", format!("FHS|^~\\&|A\rBHS|^~\\&|A\r{ORU}{ADT}BTS|2\rFTS|1\r"));
    place
}

#[test]
fn parse_prints_places_and_values() {
    let place = place();
    let line = &json_lines(&place.run(&["hl7", "parse", "oru.hl7"]).is(0).out)[0];
    assert_eq!((line["input"].as_str(), line["message"].as_u64()), (Some("oru.hl7"), Some(1)));
    assert_eq!((line["structure"].as_str(), line["delimiters"].as_str()), (Some("ORU_R01"), Some("|^~\\&")));
    let last = &line["segments"][6];
    assert_eq!(last["at"], "OBX[3]");
    assert_eq!(last["group"], "PATIENT_RESULT[1].ORDER_OBSERVATION[2].OBSERVATION[2]");
    let values = line["segments"][1]["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let value = |at: &str| values.iter().find(|value| value["at"] == at).map(|value| &value["value"]);
    assert_eq!(value("PID[1]-3[2].4.1"), Some(&"GOV".into()));
    assert_eq!(value("PID[1]-5[1].1.1"), Some(&"Doe & Co".into()));
    assert_eq!(value("PID[1]-6[1].1.1"), Some(&serde_json::Value::Null));
    assert_eq!(value("PID[1]-2[1].1.1"), None);
}

#[test]
fn parse_prints_the_tree_of_groups() {
    let place = place();
    let tree = place.run(&["hl7", "parse", "--format", "tree", "oru.hl7"]).is(0).out;
    let expected = "oru.hl7 message 1: ORU_R01\n  MSH\n  PATIENT_RESULT[1]\n    PATIENT[1]\n      PID\n    ORDER_OBSERVATION[1]\n      \
        OBR\n      OBSERVATION[1]\n        OBX\n    ORDER_OBSERVATION[2]\n      OBR\n      OBSERVATION[1]\n        OBX\n      \
        OBSERVATION[2]\n        OBX\n";
    assert_eq!(tree, expected);
}

#[test]
fn a_batch_gives_one_result_per_message() {
    let place = place();
    let lines = json_lines(&place.run(&["hl7", "parse", "batch.hl7"]).is(0).out);
    assert_eq!(lines.iter().map(|line| line["message"].as_u64()).collect::<Vec<_>>(), [Some(1), Some(2)]);
    let ids = place.run(&["hl7", "get", "MSH-10", "batch.hl7"]).is(0).out;
    assert_eq!(ids, "42\n7\n");
    place.write("short.hl7", format!("BHS|^~\\&\r{ADT}BTS|3\r"));
    place.run(&["hl7", "get", "MSH-10", "short.hl7"]).is(1).says(&["short.hl7", "declares 3"]);
}

#[test]
fn what_a_directory_does_not_give_is_said() {
    let place = place();
    place.write("in/year/oru.hl7", ORU);
    let said = ["in: directories inside are not read (1)", "in: no file in it"];
    assert_eq!(place.run(&["hl7", "get", "MSH-10", "in"]).is(0).says(&said).out, "");
    place.write("in/oru.hl7", ORU);
    let ran = place.run(&["hl7", "get", "MSH-10", "in"]).is(0).says(&said[..1]);
    assert_eq!((ran.out.as_str(), ran.err.contains("no file")), ("42\n", false));
}

#[test]
fn get_prints_values_of_one_place_or_many() {
    let place = place();
    let get = |path: &str| place.run(&["hl7", "get", path, "oru.hl7"]).is(0).out;
    assert_eq!(get("PID-5.1"), "Doe & Co\n");
    assert_eq!(get("PID-3[*].1"), "5\n9\n");
    assert_eq!(get("PID-6"), "\"\"\n");
    assert_eq!(get("PID-7"), "\n");
    assert_eq!(get("OBX(*)-5"), "7.1\na\\r\\nb\nc\n");
    assert_eq!(get("PATIENT_RESULT.ORDER_OBSERVATION(2).OBX(*)-5"), "a\\r\\nb\nc\n");
    assert_eq!(get("PATIENT_RESULT.ORDER_OBSERVATION(2).OBSERVATION(2).OBX-5"), "c\n");
    // The note of a result is none of the order's own.
    place.write("noted.hl7", format!("{ORU}NTE|1||of the result\r"));
    let get_noted = |path: &str| place.run(&["hl7", "get", path, "noted.hl7"]).is(0).out;
    assert_eq!(get_noted("PATIENT_RESULT.ORDER_OBSERVATION(2).NTE-3"), "\n");
    assert_eq!(get_noted("PATIENT_RESULT.ORDER_OBSERVATION(2).OBSERVATION(*).NTE-3"), "of the result\n");
    place.run(&["hl7", "get", "RESULTS.OBX-5", "oru.hl7"]).is(1).says(&["oru.hl7 message 1", "group"]);
    assert_eq!(get("OBR(2)"), "OBR|2|||C^D^L\n");
    assert_eq!(get("PATIENT_RESULT.ORDER_OBSERVATION(*).OBR-4.1"), "A\nC\n");
    let json = place.run(&["hl7", "get", "OBX(2)-5", "oru.hl7", "--format", "json"]).is(0).out;
    let line = &json_lines(&json)[0];
    assert_eq!((line["at"].as_str(), line["value"].as_str()), (Some("OBX[2]-5"), Some("a\r\nb")));
    let presence = |path: &str| {
        let json = place.run(&["hl7", "get", path, "oru.hl7", "--format", "json"]).is(0).out;
        let line = json_lines(&json)[0].clone();
        (line["presence"].clone(), line["value"].clone())
    };
    assert_eq!(presence("PID-3.1"), ("value".into(), "5".into()));
    assert_eq!(presence("PID-6"), ("null".into(), serde_json::Value::Null));
    assert_eq!(presence("PID-7"), ("absent".into(), serde_json::Value::Null));
    place.run(&["hl7", "get", "PID-0", "oru.hl7"]).is(2).says(&["number"]);
    place.run(&["hl7", "get", "pid", "oru.hl7", "--version", "3.0"]).is(2).says(&["2.5.1"]);
}

#[test]
fn validate_tells_what_is_missing_and_where() {
    let place = place();
    place.run(&["hl7", "validate", "oru.hl7"]).is(0);
    place.write(
        "bad.hl7",
        "MSH|^~\\&|A|B|C|D|20240301||ADT^A01^ADT_A01|7|P|2.5.1\rEVN||20240301\rPID|1||6||Doe\r",
    );
    let ran = place.run(&["hl7", "validate", "bad.hl7"]).is(1);
    assert!(ran.out.contains("bad.hl7 message 1: error: ") && ran.out.contains("PV1"), "{}", ran.out);
    let json = place.run(&["hl7", "validate", "bad.hl7", "--format", "json"]).is(1).out;
    let line = &json_lines(&json)[0];
    assert!(line["errors"].as_u64() > Some(0));
    assert!(
        line["findings"]
            .as_array()
            .is_some_and(|found| found.iter().any(|found| found["severity"] == "error"))
    );
}

#[test]
fn strict_validation_fails_for_warnings() {
    let place = place();
    let lines = ORU.replace('\r', "\n");
    place.pipe(&["hl7", "validate"], lines.as_bytes()).is(0);
    let ran = place.pipe(&["hl7", "validate", "--strict"], lines.as_bytes()).is(1);
    assert!(ran.out.contains("- message 1: warning: segments end in a line feed"), "{}", ran.out);
}

#[test]
fn validate_uses_a_sites_overlay_and_names_its_faults() {
    let place = place();
    place.write("site.txt", "nonsense here\n");
    let words = ["hl7", "validate", "oru.hl7", "--dictionary-overlay", "site.txt"];
    place.run(&words).is(2).says(&["site.txt", "line 1"]);
    place.write("site.txt", "# nothing\n");
    place.run(&words).is(0);
    place.run(&["hl7", "validate", "oru.hl7", "--dictionary-overlay", "none.txt"]).is(2).says(&["none.txt"]);
}

#[test]
fn validate_uses_a_profile() {
    let place = place();
    let profile = r#"<ConformanceProfile ID="demo"><MetaData Name="Demo" OrgName="-" Version="1" Date="-"/>
        <Messages><Message ID="m" Type="ADT" Event="A01" StructID="ADT_A01">
        <Segment Ref="MSH" Usage="R" Min="1" Max="1"/><Segment Ref="PV2" Usage="R" Min="1" Max="1"/></Message></Messages>
        <Segments><Segment ID="MSH" Name="MSH" Label="MSH" Description="Header">
        <Field Name="Field Separator" Usage="R" Datatype="ST" MinLength="1" MaxLength="1" Min="1" Max="1"/></Segment>
        <Segment ID="PV2" Name="PV2" Label="PV2" Description="Visit">
        <Field Name="Bed" Usage="O" Datatype="ST" MinLength="1" MaxLength="1" Min="0" Max="1"/></Segment></Segments>
        <Datatypes><Datatype ID="ST" Name="ST" Description="String"/></Datatypes></ConformanceProfile>"#;
    place.write("profile/one.xml", profile).write("adt.hl7", ADT);
    for path in ["profile", "profile/one.xml"] {
        let ran = place.run(&["hl7", "validate", "--profile", path, "adt.hl7"]).is(1);
        assert!(ran.out.contains("PV2"), "{}", ran.out);
    }
    place.write("broken.xml", "<ConformanceProfile");
    place
        .run(&["hl7", "validate", "--profile", "broken.xml", "adt.hl7"])
        .is(2)
        .says(&["broken.xml", "line 1"]);
}

#[test]
fn ack_answers_each_message() {
    let place = place();
    let ran = place.run(&["hl7", "ack", "--code", "AA", "--control-id", "A1", "oru.hl7"]).is(0);
    let lines: Vec<&str> = ran.out.trim_end_matches("\r\n").split('\r').collect();
    let header: Vec<&str> = lines[0].split('|').collect();
    assert_eq!(header[2..6], ["EHR", "SUR", "LAB", "GEN"]);
    assert_eq!((header[8], header[9], header[11]), ("ACK^R01^ACK", "A1", "2.5.1"));
    assert!(header[6].len() == 19 && header[6].ends_with("+0000"), "{}", header[6]);
    assert_eq!(lines[1..], ["MSA|AA|42"]);
    let words =
        ["hl7", "ack", "oru.hl7", "--code", "AE", "--error", "PID-3[2].1:204:not: known", "--error", ":207"];
    let ran = place.run(&words).is(0);
    let expected = "\rERR||PID^1^3^2^1|204^Unknown key identifier^HL70357|E||||not: known\r\
        ERR|||207^Application internal error^HL70357|E\r\n";
    assert!(ran.out.ends_with(expected), "{}", ran.out);
    place.run(&["hl7", "ack", "oru.hl7", "--code", "AE", "--error", "PID-3:9"]).is(2).says(&["0357"]);
    place.run(&["hl7", "ack", "oru.hl7", "--code", "AA", "--error", ":207"]).is(2).says(&["--error"]);
    let both = place.run(&["hl7", "ack", "--code", "CE", "batch.hl7"]).is(0).out;
    assert_eq!(both.matches("MSA|CE|").count(), 2);
    place
        .run(&["hl7", "ack", "--code", "CE", "--control-id", "A1", "batch.hl7"])
        .is(2)
        .says(&["--control-id"]);
    place.run(&["hl7", "ack", "--code", "OK", "oru.hl7"]).is(2).says(&["AA, AE"]);
    let ran =
        place.pipe(&["hl7", "ack", "--code", "AE"], b"hello").is(1).says(&["- message 1", "no MSH segment"]);
    assert!(ran.out.contains("MSA|AE|") && ran.out.contains("ERR|"), "{}", ran.out);
}

#[test]
fn an_acknowledgement_that_nobody_asked_for_is_noted() {
    let place = place();
    for (kind, asked, code, note) in [
        ("ADT^A01", "|", "AA", None),
        ("ADT^A01", "AL|NE", "CA", None),
        ("ADT^A01", "|", "CA", Some("MSH-15 and MSH-16 are empty")),
        ("ADT^A01", "NE|AL", "CE", Some("MSH-15 does not ask")),
        ("ADT^A01", "AL|ER", "AA", Some("MSH-16 does not ask")),
        ("ACK^A01", "AL|AL", "AA", Some("an acknowledgement itself")),
        ("RSP^K22", "|", "AA", Some("a response")),
    ] {
        let bytes = format!("MSH|^~\\&|A|B|C|D|2024||{kind}|7|P|2.5|||{asked}\rMSA|AA|6\r");
        let bytes = if kind == "ADT^A01" { bytes.replace("MSA|AA|6\r", "PID|1\r") } else { bytes };
        let ran = place.pipe(&["hl7", "ack", "--code", code], bytes.as_bytes()).is(0);
        assert!(ran.out.contains(&format!("\rMSA|{code}|7\r")), "{}", ran.out);
        match note {
            Some(note) => assert!(ran.err.contains(note) && ran.err.contains(&format!("no {code} is due"))),
            None => assert!(!ran.err.contains("is due"), "{}", ran.err),
        }
    }
}

#[test]
fn a_character_set_can_be_given() {
    let place = place();
    let bytes = b"MSH|^~\\&|Caf\xE9|B|C|D|2024||ADT^A01|7|P|2.5\r";
    assert_eq!(place.pipe(&["hl7", "get", "MSH-3", "--charset", "8859/1"], bytes).is(0).out, "Café\n");
    assert_eq!(place.pipe(&["hl7", "get", "MSH-3"], bytes).is(0).out, "Caf\u{FFFD}\n");
    place.pipe(&["hl7", "get", "MSH-3", "--charset", "morse"], bytes).is(2).says(&["0211"]);
}

#[test]
fn what_cannot_be_read_is_named_and_the_others_go_on() {
    let place = place();
    place.write("none.hl7", "CANARYTEXT and more").write("canary.hl7", canary_message("1"));
    let files = ["none.hl7", "missing.hl7", "canary.hl7", "oru.hl7"];
    for words in [&["hl7", "parse"][..], &["hl7", "get", "MSH-10"], &["hl7", "validate", "--format", "json"]]
    {
        let ran =
            place.run(&[words, &files].concat()).is(1).says(&["none.hl7 message 1: no MSH", "missing.hl7"]);
        assert_eq!(ran.out.lines().count(), 2, "{words:?}");
    }
    place.run(&[&["hl7", "validate"][..], &files].concat()).is(1);
}

#[test]
fn hostile_inputs_end_without_a_panic() {
    let place = place();
    let inputs: [Vec<u8>; 6] = [
        vec![0xFF; 5_000],
        b"MSH|^~\\&|A\r".repeat(100),
        [b"MSH|^~\\&|A\rPID|".to_vec(), b"~".repeat(20_000)].concat(),
        [b"MSH|^~\\&|A||||||ORU^R01|||2.5.1\r".to_vec(), b"OBR|\rOBX|\r".repeat(2_000)].concat(),
        b"MSH|^~\\&\r\0\x1C\r\x0B".to_vec(),
        "MSHé^".into(),
    ];
    for input in inputs {
        for words in [
            &["hl7", "parse"][..],
            &["hl7", "parse", "--format", "tree"],
            &["hl7", "validate"],
            &["hl7", "ack", "--code", "AR"],
            &["hl7", "get", "PATIENT_RESULT(*).ORDER_OBSERVATION(*).OBX(*)-5[*].1"],
        ] {
            let ran = place.pipe(words, &input);
            assert!([0, 1].contains(&ran.status), "{words:?}: {} {}", ran.status, ran.err);
            assert!(!ran.err.contains("panicked"), "{words:?}: {}", ran.err);
        }
    }
}
