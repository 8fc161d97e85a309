//! `convert v2-to-fhir` and `explain`.

use serde_json::{Value, json};

use crate::support::{Place, canary_failures, canary_message, json_lines, references_resolve};

const SAMPLES: [&str; 3] = ["convert", "v2-to-fhir", "carewire/messages"];

#[test]
fn the_sample_messages_become_bundles_in_input_order() {
    let place = Place::initialised();
    let ran = place.run(&[&SAMPLES[..], &["--report", "report.ndjson"]].concat()).is(0);
    let bundles = ran.lines();
    assert_eq!(bundles.len(), 3);
    for bundle in &bundles {
        assert_eq!(bundle["type"], "transaction");
        assert!(references_resolve(bundle) > 0);
    }
    let has = |bundle: &Value, wanted: &str| {
        bundle["entry"].as_array().unwrap().iter().any(|entry| entry["resource"]["resourceType"] == wanted)
    };
    assert!(
        has(&bundles[0], "AllergyIntolerance")
            && has(&bundles[1], "Observation")
            && !has(&bundles[2], "Observation")
    );
    let report = json_lines(&place.read("report.ndjson"));
    let kinds: Vec<(&Value, &Value, &Value)> =
        report.iter().map(|line| (&line["input"], &line["message"], &line["type"])).collect();
    let one = json!(1);
    assert_eq!(
        kinds,
        [
            (&json!("admit.hl7"), &one, &json!("ADT^A01")),
            (&json!("result.hl7"), &one, &json!("ORU^R01")),
            (&json!("update.hl7"), &one, &json!("ADT^A08")),
        ]
    );
}

#[test]
fn a_report_has_places_and_reasons_and_no_value() {
    let place = Place::new();
    place.write("a.hl7", canary_failures()[2].as_str());
    place.run(&["convert", "v2-to-fhir", "a.hl7", "--report", "r.ndjson"]).is(0);
    let text = place.read("r.ndjson");
    assert!(!text.contains("CANARY"), "{text}");
    let line = &json_lines(&text)[0];
    let members: Vec<&String> = line.as_object().unwrap().keys().collect();
    assert_eq!(members, ["input", "issues", "message", "type", "unmapped"]);
    let issue = &line["issues"][0];
    assert!(issue["at"].as_str().unwrap().starts_with("PID[1]-7"), "{issue}");
    assert!(["error", "warning", "information"].contains(&issue["severity"].as_str().unwrap()));
    assert!(issue["reason"].is_string());
    let unmapped = line["unmapped"].as_array().unwrap();
    assert!(
        unmapped.iter().all(|field| field["at"].is_string() && field["reason"].is_string())
            && !unmapped.is_empty()
    );

    let arguments =
        ["convert", "v2-to-fhir", "a.hl7", "--with-control-ids", "--report", "r.ndjson", "--strict"];
    place.run(&arguments).is(1);
    assert_eq!(json_lines(&place.read("r.ndjson"))[0]["controlId"], "3");
}

#[test]
fn every_type_of_bundle_can_be_had() {
    let place = Place::initialised();
    for kind in ["transaction", "batch", "collection", "message"] {
        let bundles = place.run(&[&SAMPLES[..], &["--bundle", kind]].concat()).is(0).lines();
        for bundle in &bundles {
            assert_eq!(bundle["type"], kind);
            let requests =
                bundle["entry"].as_array().unwrap().iter().filter(|entry| entry.get("request").is_some());
            assert_eq!(requests.count() > 0, matches!(kind, "transaction" | "batch"));
            references_resolve(bundle);
        }
    }
    place.run(&[&SAMPLES[..], &["--bundle", "history"]].concat()).is(2);
    place.run(&[&SAMPLES[..], &["--org", "a b"]].concat()).is(2).says(&["--org"]);
    place.run(&[&SAMPLES[..], &["--zone", "Lisbon"]].concat()).is(2).says(&["--zone"]);
}

#[test]
fn how_messages_are_mapped_can_be_said() {
    let place = Place::new();
    let message = "MSH|^~\\&|APP|FAC|||20260301083000+0000||ADT^A29^ADT_A21|1|P|2.5.1\rEVN||20260301083000+0000\r\
         PID|1||7^^^A&1.2&ISO^MR~9^^^B&2.4&ISO^PI||Doe^Jo|||||||||||ZZ\r";
    place.write("a.hl7", message);
    place.write("b.hl7", message.replace("7^^^A&1.2&ISO^MR~9^^^B&2.4&ISO^PI", ""));
    let converted = |arguments: &[&str]| {
        let ran = place.run(&[&["convert", "v2-to-fhir", "a.hl7"], arguments].concat()).is(0);
        ran.out
    };
    let plain = converted(&[]);
    assert!(
        plain.contains("identifier=urn%3Aoid%3A1.2%7C7") && plain.contains(r#""active":false"#),
        "{plain}"
    );
    assert!(!plain.contains("Provenance") && !plain.contains("v2-0002"), "{plain}");
    for (arguments, expected) in [
        (&["--patient-system", "urn:oid:2.4"][..], "identifier=urn%3Aoid%3A2.4%7C9"),
        (&["--deletion", "delete"], r#""method":"DELETE""#),
        (&["--raw", "document-reference"], r#""resourceType":"DocumentReference""#),
        (&["--raw", "binary"], r#""resourceType":"Binary""#),
        (&["--provenance"], r#""resourceType":"Provenance""#),
        (&["--provenance", "--unnumbered", "at-own-id"], r#""url":"Provenance/"#),
        (&["--unknown-codes", "of-table"], "v2-0002"),
        (&["--org", "north", "--zone", "+01:00"], "Patient"),
    ] {
        let out = converted(arguments);
        assert!(out.contains(expected), "{arguments:?}: {out}");
    }
    place.run(&["convert", "v2-to-fhir", "b.hl7"]).is(1).says(&["no patient identifier"]);
    place.run(&["convert", "v2-to-fhir", "b.hl7", "--unidentified", "bind-to-message"]).is(0);
    place.run(&["convert", "v2-to-fhir", "a.hl7", "--raw", "pdf"]).is(2);
    let explained = place.run(&["explain", "a.hl7", "--patient-system", "urn:oid:2.4"]).is(0).out;
    assert!(explained.contains("Patient.identifier"), "{explained}");
}

#[test]
fn what_fails_is_named_and_the_others_are_written() {
    let place = Place::new();
    let [unknown, unreadable, _] = canary_failures();
    place.write("in/a.hl7", canary_message("1")).write("in/b.hl7", unknown).write("in/c.hl7", unreadable);
    place.write("in/d.hl7", "").write("in/e.hl7", canary_message("2"));
    let ran = place.run(&["convert", "v2-to-fhir", "in", "no-such.hl7", "--report", "r.ndjson"]).is(1);
    let ran = ran.says(&["b.hl7 message 1", "c.hl7 message 1", "d.hl7 message 1", "no-such.hl7"]);
    assert_eq!(ran.lines().len(), 2);
    let report = place.read("r.ndjson");
    assert!(!report.contains("CANARY"), "{report}");
    assert_eq!(json_lines(&report).iter().filter(|line| line["error"].is_string()).count(), 3);
    place.run(&["convert", "v2-to-fhir", "no-such.hl7"]).is(1).says(&["no-such.hl7"]);
    place.run(&["explain", "no-such.hl7"]).is(1).says(&["no-such.hl7"]);
    place.run(&["explain", "in/b.hl7"]).is(1).says(&["b.hl7 message 1"]);
}

#[test]
fn a_directory_gets_one_file_for_each_message_and_none_is_lost() {
    let place = Place::new();
    let (one, other) =
        (canary_message("1"), canary_message("2").replace("ADT^A01^ADT_A01", "ADT^A04^ADT_A01"));
    place.write("x/a.hl7", &one).write("y/a.hl7", &other).write("y/b.txt", format!("{one}{other}"));
    std::fs::create_dir(place.path("out")).unwrap();
    assert_eq!(place.run(&["convert", "v2-to-fhir", "x", "y", "--out", "out"]).is(0).out, "");
    assert_eq!(place.list("out"), ["a.json", "a~2.json", "b.2.json", "b.json"]);
    let read = |name: &str| -> Value { serde_json::from_str(&place.read(&format!("out/{name}"))).unwrap() };
    assert_ne!(read("a.json"), read("a~2.json"));
    assert_eq!((read("a.json"), read("a~2.json")), (read("b.json"), read("b.2.json")));
    // A second run replaces its own files.
    place.run(&["convert", "v2-to-fhir", "x", "y", "--out", "out/"]).is(0);
    assert_eq!(place.list("out").len(), 4);
    place.run(&["convert", "v2-to-fhir", "x", "--out", "all.ndjson"]).is(0);
    assert_eq!(json_lines(&place.read("all.ndjson")).len(), 1);
    place.run(&["convert", "v2-to-fhir", "x", "--out", "no/such/all.ndjson"]).is(2);
}

#[test]
fn a_batch_file_and_stdin_give_one_bundle_for_each_message() {
    let place = Place::new();
    let batch = format!(
        "FHS|^~\\&|APP|FAC\rBHS|^~\\&|APP|FAC\r{}{}BTS|2\rFTS|1\r",
        canary_message("1"),
        canary_message("2")
    );
    place.write("batch.hl7", &batch);
    assert_eq!(place.run(&["convert", "v2-to-fhir", "batch.hl7"]).is(0).lines().len(), 2);
    for arguments in [&["convert", "v2-to-fhir"][..], &["convert", "v2-to-fhir", "-"]] {
        let bundles = place.pipe(arguments, batch.as_bytes()).is(0).lines();
        assert_eq!(bundles.len(), 2);
        assert!(bundles[0].to_string().contains("CANARYFAMILY"));
    }
    place.pipe(&["convert", "v2-to-fhir"], b"").is(1).says(&["- message 1"]);
    let lines = canary_message("1").replace('\r', "\n");
    place.pipe(&["convert", "v2-to-fhir"], lines.as_bytes()).is(0);
}

#[test]
fn an_element_is_explained_by_its_field_and_row() {
    let place = Place::initialised();
    let admit = "carewire/messages/admit.hl7";
    let one = place.run(&["explain", admit, "--path", "Patient.name[0].family"]).is(0);
    let lines: Vec<&str> = one.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", one.out);
    for word in ["Patient.name[0].family", "PID[1]-5[1].1", "PID-5 -> Patient.name"] {
        assert!(lines[1].contains(word), "{word}: {}", lines[1]);
    }
    let below = place.run(&["explain", admit, "--path", "Patient.name"]).is(0);
    assert!(below.out.lines().count() > 2 && below.out.contains("Patient.name[0].given"));
    let all = place.run(&["explain", admit]).is(0);
    assert!(all.out.lines().count() > 30);
    assert!(!all.out.contains("Erika"), "places, not values");
    place.run(&["explain", admit, "--path", "Patient.photo"]).is(1).says(&["no element"]);
}
