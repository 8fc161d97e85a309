//! `deid`.

use std::time::Duration;

use crate::support::{CANARIES, Place, canary_message, json_lines, references_resolve};

/// A place with keys and two Bundles full of canaries.
fn place() -> Place {
    let place = Place::initialised();
    place.write("a.hl7", canary_message("1")).write("b.hl7", canary_message("2"));
    let bundles = place.run(&["convert", "v2-to-fhir", "a.hl7", "b.hl7"]).is(0).out;
    assert!(CANARIES.iter().filter(|canary| bundles.contains(**canary)).count() > 5);
    place.write("bundles.ndjson", bundles);
    place
}

const DEID: [&str; 5] = ["deid", "fhir", "bundles.ndjson", "--key-file", "carewire/carewire.keys.json"];

#[test]
fn nothing_that_identifies_is_left_and_references_still_resolve() {
    let place = place();
    let ran = place.run(&[&DEID[..], &["--report", "report.json"]].concat()).is(0);
    for secret in CANARIES.iter().chain(&["19700101", "1970-01-01"]) {
        assert!(!ran.out.contains(secret), "{secret}");
    }
    let bundles = ran.lines();
    assert_eq!(bundles.len(), 2);
    for bundle in &bundles {
        assert!(references_resolve(bundle) > 0);
    }
    let token = |index: usize| bundles[index]["entry"][0]["resource"]["identifier"][0]["value"].clone();
    assert!(token(0).as_str().unwrap().starts_with("pt_"));
    assert_eq!(token(0), token(1), "one patient, one token");
    assert_eq!(place.run(&DEID).is(0).out, ran.out, "the same keys give the same pseudonyms");

    let report = place.read("report.json");
    assert!(CANARIES.iter().all(|canary| !report.contains(canary)), "{report}");
    let report = &json_lines(&report)[0];
    let dropped = |path: &str| {
        let counts = report["counts"].as_array().unwrap();
        counts.iter().any(|row| row["path"] == path && row["method"] == "dropped" && row["count"] == 2)
    };
    assert!(dropped("Patient.birthDate") && dropped("Patient.name"), "{report}");
}

#[test]
fn other_keys_and_other_orgs_give_other_pseudonyms() {
    let place = place();
    let first = place.run(&DEID).is(0).out;
    assert_ne!(place.run(&[&DEID[..], &["--org", "north"]].concat()).is(0).out, first);
    let keys = place.run(&["deid", "keygen"]).is(0).out;
    place.write("other.json", keys);
    #[cfg(unix)]
    crate::support::set_mode(&place.path("other.json"), 0o600);
    assert_ne!(place.run(&["deid", "fhir", "bundles.ndjson", "--key-file", "other.json"]).is(0).out, first);
}

#[test]
fn a_resource_that_cannot_be_handled_is_left_out_and_named_by_position() {
    let place = place();
    let mut mixed = place.read("bundles.ndjson");
    mixed.push_str("{\"resourceType\":\"Patient\", CANARYTEXT\n{\"name\":\"CANARYFAMILY\"}\n");
    let arguments = ["deid", "fhir", "-", "no-such.json", "--key-file", "carewire/carewire.keys.json"];
    let ran = place.pipe(&arguments, mixed.as_bytes()).is(1);
    let ran = ran.says(&["- resource 3: left out", "- resource 4: left out", "no-such.json"]);
    assert_eq!(ran.lines().len(), 2);
    place
        .run(&["deid", "fhir", "bundles.ndjson", "--key-file", "no-such-keys.json"])
        .is(2)
        .says(&["no-such-keys.json"]);
}

#[test]
fn files_leave_under_each_policy_that_comes_along() {
    let place = place();
    let as_of = ["--as-of", "2026-11-22"];
    let run = |what: &str, input: &str, policy: &str| {
        let arguments = ["deid", what, input, "--policy", policy];
        place.run(&[&arguments[..], &as_of, &KEYS[..]].concat()).is(0).out
    };
    for policy in ["safe-harbor", "limited-data-set", "expert-determination", "pseudonymous"] {
        let (bundles, messages) = (run("fhir", "bundles.ndjson", policy), run("v2", "a.hl7", policy));
        for secret in CANARIES.iter().chain(&["19700101", "1970-01-01"]) {
            assert!(!bundles.contains(secret) && !messages.contains(secret), "{policy}: {secret}");
        }
        assert!(bundles.lines().count() == 2 && bundles.contains("Observation"), "{policy}");
        let is_the_same = bundles == run("fhir", "bundles.ndjson", policy);
        assert_eq!(is_the_same, policy != "safe-harbor", "the key of {policy}");
        place.run(&["deid", "check-policy", policy]).is(0).says(&[]);
    }
    // Its key lives for one run, and ages are counted at a day that is told.
    let harbor = ["deid", "fhir", "bundles.ndjson", "--policy", "safe-harbor"];
    place.run(&[&harbor[..], &as_of].concat()).is(0);
    place.run(&harbor).is(2).says(&["--as-of"]);
    place.run(&["deid", "fhir", "bundles.ndjson"]).is(2).says(&["--key-file", "keygen"]);
    place
        .run_with(&["serve", "--check"], &[("CAREWIRE_DEID_POLICY", "safe-harbor")])
        .is(2)
        .says(&["is for files"]);
}

#[test]
fn keys_are_fresh_and_complete() {
    let place = Place::new();
    let (one, other) = (place.run(&["deid", "keygen"]).is(0), place.run(&["deid", "keygen"]).is(0));
    assert_ne!(one.out, other.out);
    let keys: serde_json::Value = serde_json::from_str(&one.out).unwrap();
    for wanted in ["pseudonym", "encrypt"] {
        let found = keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .any(|key| key["use"] == wanted && key["status"] == "active");
        assert!(found, "{wanted}");
    }
    assert_eq!(one.err, "");
}

#[test]
fn a_policy_is_checked_and_its_faults_are_located() {
    let place = Place::new();
    let report = place.run(&["deid", "check-policy", "pseudonymous"]).is(0).out;
    assert!(report.contains("Patient.birthDate"), "{report}");
    place.write("bad.toml", "id = \"x\"\nversion = \n");
    place.run(&["deid", "check-policy", "bad.toml"]).is(2).says(&["bad.toml", "line 2"]);
    place.run(&["deid", "check-policy", "no-such.toml"]).is(2).says(&["no-such.toml"]);
}

/// Observations of as many patients, a line each.
fn observations(patients: usize) -> String {
    let one = |number: usize| {
        format!(
            "{{\"resourceType\":\"Observation\",\"id\":\"CANARYMRN{number}\",\"status\":\"final\",\
             \"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"718-7\"}}],\"text\":\"CANARYTEXT\"}},\
             \"subject\":{{\"display\":\"CANARYFAMILY\"}},\"valueQuantity\":{{\"value\":{number}.50}}}}\n"
        )
    };
    (0..patients).map(one).collect()
}

const KEYS: [&str; 2] = ["--key-file", "carewire/carewire.keys.json"];

#[test]
fn several_threads_give_the_same_bytes_in_the_same_order() {
    let place = Place::initialised();
    let mut lines = observations(5_000);
    lines.insert_str(lines.len() / 2, "\n{\"CANARYTEXT 7\":\n");
    place.write("all.ndjson", lines);
    let run = |threads: &str| {
        place.run(&[&["deid", "fhir", "all.ndjson", "--threads", threads], &KEYS[..]].concat()).is(1)
    };
    let one = run("1");
    let values = one.lines().into_iter().map(|line| line["valueQuantity"]["value"].to_string());
    let values: Vec<String> = values.collect();
    assert!(values.len() > 4_990 && values.first().is_some_and(|first| first == "0.5"));
    assert!(CANARIES.iter().all(|canary| !one.out.contains(canary)));
    for threads in ["2", "5"] {
        let several = run(threads);
        assert!(several.out == one.out, "{threads} threads");
        assert_eq!(several.err, one.err);
    }
}

#[test]
fn a_document_over_several_lines_stays_one() {
    let place = place();
    let bundle = place.run(&["convert", "v2-to-fhir", "a.hl7"]).is(0).lines().remove(0);
    place.write("pretty.json", serde_json::to_string_pretty(&bundle).unwrap());
    place.write("line.json", bundle.to_string());
    let run = |file: &str| place.run(&[&["deid", "fhir", file], &KEYS[..]].concat()).is(0);
    assert_eq!(run("pretty.json").lines().len(), 1);
    assert_eq!(run("pretty.json").out, run("line.json").out);
}

/// When the files of a directory were written last.
fn written(place: &Place, names: &[String]) -> Vec<Option<std::time::SystemTime>> {
    let at = |name: &String| place.path(&format!("out/{name}")).metadata().ok()?.modified().ok();
    names.iter().map(at).collect()
}

#[test]
fn a_directory_is_gone_on_with_where_it_was_left() {
    let place = Place::initialised();
    place.write("in/CANARYFAMILY_CANARYMRN.ndjson", observations(3));
    place.write("in/Observation.1.ndjson", observations(4) + "{\"CANARYTEXT\n");
    place.write("in/sub/left.ndjson", "");
    let run = || place.run(&[&["deid", "fhir", "in", "--out", "out/"], &KEYS[..]].concat());
    run().is(1).says(&["Observation.1.ndjson resource 5: left out"]);
    let names = place.list("out");
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.iter().all(|name| !name.contains("CANARY") && !name.ends_with(".part")), "{names:?}");
    let data: Vec<String> = names.iter().filter(|name| !name.starts_with('.')).cloned().collect();
    assert!(data.contains(&"Observation.1.ndjson".to_owned()));
    let all = |place: &Place| data.iter().map(|name| place.read(&format!("out/{name}"))).collect::<Vec<_>>();
    let (first, at) = (all(&place), written(&place, &data));
    assert_eq!(first.iter().map(|text| text.lines().count()).sum::<usize>(), 7);
    assert!(CANARIES.iter().all(|canary| !place.read("out/.carewire-deid.ndjson").contains(canary)));

    // What is finished stays, and what was left out is not forgotten.
    run().is(1).says(&["Observation.1.ndjson: 1 left out by the run that finished it"]);
    assert_eq!(written(&place, &data), at);
    assert!(at.iter().all(Option::is_some));

    // What is half-written, missing or cut off in the list is made again.
    std::fs::remove_file(place.path("out/Observation.1.ndjson")).unwrap();
    place.write("out/Observation.1.ndjson.part", "{\"half");
    let list = place.read("out/.carewire-deid.ndjson");
    place.write("out/.carewire-deid.ndjson", list.trim_end().trim_end_matches('}'));
    run().is(1);
    assert_eq!((all(&place), place.list("out")), (first.clone(), names.clone()));

    // Another input, another policy and other keys make all again.
    place.write("in/Observation.1.ndjson", observations(2));
    run().is(0);
    assert_eq!(place.read("out/Observation.1.ndjson").lines().count(), 2);
    let at = written(&place, &data);
    let keys = place.run(&["deid", "keygen"]).is(0).out;
    place.write("carewire/carewire.keys.json", keys);
    run().is(0);
    assert!(place.read("out/Observation.1.ndjson") != first[1] && written(&place, &data) != at);
    place.run(&[&["deid", "fhir", "in", "--out", "in"], &KEYS[..]].concat()).is(2).says(&["--out"]);
}

fn half_written(place: &Place) -> bool {
    place.path("out").exists() && place.list("out").iter().any(|name| name.ends_with(".part"))
}

#[test]
fn a_run_that_is_killed_is_gone_on_with_to_the_same_files() {
    let place = Place::initialised();
    let names: Vec<String> = (1..=4).map(|number| format!("Observation.{number}.ndjson")).collect();
    for name in &names {
        place.write(&format!("in/{name}"), observations(3_000));
    }
    let to = |out: &'static str| [&["deid", "fhir", "in", "--out", out], &KEYS[..]].concat();
    place.run(&to("whole/")).is(0);
    let mut kills = 0;
    for round in 0..8 {
        let mut run = place.command(&to("out/")).spawn().unwrap();
        // Once it writes, a little later each time.
        while run.try_wait().unwrap().is_none() && !half_written(&place) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(round * 20));
        kills += u32::from(run.try_wait().unwrap().is_none());
        run.kill().unwrap();
        run.wait().unwrap();
        for name in names.iter().filter(|name| place.path(&format!("out/{name}")).exists()) {
            assert_eq!(place.read(&format!("out/{name}")).lines().count(), 3_000, "{name} is whole");
        }
    }
    place.run(&to("out/")).is(0);
    for name in &names {
        assert_eq!(place.read(&format!("out/{name}")), place.read(&format!("whole/{name}")), "{name}");
    }
    assert!(!half_written(&place));
    if kills == 0 {
        println!("skipped: every run ended before it could be killed");
    }
}

#[test]
fn a_file_is_there_whole_or_not_at_all() {
    let place = Place::initialised();
    place.write("a.ndjson", observations(2)).write("out.ndjson.part", "half");
    place.run(&[&["deid", "fhir", "a.ndjson", "--out", "out.ndjson"], &KEYS[..]].concat()).is(0);
    assert_eq!(place.read("out.ndjson").lines().count(), 2);
    assert!(!place.path("out.ndjson.part").exists());
}

#[test]
fn messages_keep_their_segments_and_lose_the_person() {
    let place = place();
    place.write("broken.hl7", "CANARYTEXT|CANARYFAMILY");
    let report = ["--report", "report.json"];
    let ran =
        place.run(&[&["deid", "v2", "a.hl7", "b.hl7", "broken.hl7"], &KEYS[..], &report[..]].concat()).is(1);
    let ran = ran.says(&["broken.hl7 message 1: left out"]);
    let messages: Vec<&str> = ran.out.split_terminator('\n').collect();
    assert_eq!(messages.len(), 2);
    for message in &messages {
        let segments: Vec<&str> = message.split_terminator('\r').filter_map(|line| line.get(..3)).collect();
        assert_eq!(segments, ["MSH", "EVN", "PID", "PV1", "OBX"]);
    }
    assert!(
        ran.out.contains("|F|") && CANARIES.iter().all(|canary| !ran.out.contains(canary)),
        "{}",
        ran.out
    );
    let report = place.read("report.json");
    assert!(report.contains("PID-5") && CANARIES.iter().all(|canary| !report.contains(canary)), "{report}");
    place.run(&[&["deid", "v2", "a.hl7", "--as-of", "soon"], &KEYS[..]].concat()).is(2).says(&["--as-of"]);
}

#[test]
fn a_release_in_which_somebody_stands_alone_fails() {
    let place = Place::new();
    let patient = |born: &str, sex: &str| {
        format!("{{\"resourceType\":\"Patient\",\"birthDate\":\"{born}\",\"gender\":\"{sex}\"}}\n")
    };
    place.write("a.ndjson", patient("1970", "male").repeat(3) + "{\"resourceType\":\"Group\"}\n");
    place.write("b.ndjson", patient("CANARYTEXT", "male") + &patient("1970", "female"));
    let by = ["deid", "k-anonymity", "a.ndjson", "b.ndjson", "--by", "Patient.birthDate", "--k"];
    let ran = place.run(&[&by[..], &["2"]].concat()).is(1);
    let report = &ran.lines()[0];
    assert_eq!(
        (&report["records"], &report["cells"], &report["smallest"]),
        (&5.into(), &2.into(), &1.into())
    );
    assert_eq!(report["records_below"], 1);
    assert!(!ran.out.contains("CANARY") && !ran.out.contains("1970"), "{}", ran.out);
    place.run(&[&by[..], &["1"]].concat()).is(0);
    let values = place.run(&[&by[..], &["2", "--values"]].concat()).is(1);
    assert!(values.out.contains("CANARYTEXT") && !values.out.contains("1970"));

    let diverse = |l: &str| place.run(&[&by[..], &["1", "--sensitive", "Patient.gender", "--l", l]].concat());
    assert_eq!(diverse("2").is(1).lines()[0]["diversity"]["cells_below"], 1);
    diverse("1").is(0);

    // What is not known cannot pass: a wrong path, a type that is not there, a resource that cannot be read.
    place
        .run(&["deid", "k-anonymity", "a.ndjson", "--by", "Patient.birthdate", "--k", "2"])
        .is(2)
        .says(&["--by"]);
    place
        .run(&["deid", "k-anonymity", "a.ndjson", "--by", "Device.type", "--k", "2"])
        .is(1)
        .says(&["no Device"]);
    place.write("c.ndjson", patient("1970", "male") + "{\"CANARYTEXT\n");
    place
        .run(&["deid", "k-anonymity", "c.ndjson", "--by", "Patient.gender", "--k", "1"])
        .is(1)
        .says(&["c.ndjson resource 2: not counted"]);
}

#[test]
fn the_report_of_a_run_that_goes_on_is_about_the_whole_release() {
    let place = Place::initialised();
    place.write("in/Observation.1.ndjson", observations(3));
    place.write("in/Observation.2.ndjson", observations(4) + "{\"CANARYTEXT\n");
    let run = || {
        let arguments = ["deid", "fhir", "in", "--out", "out/", "--report", "report.json"];
        place.run(&[&arguments[..], &KEYS[..]].concat()).is(1);
        json_lines(&place.read("report.json")).remove(0)
    };
    let whole = run();
    assert_eq!(whole["totals"], serde_json::json!({"inputs": 2, "documents": 8, "left_out": 1}));
    let kept = |report: &serde_json::Value| {
        let rows = report["counts"].as_array().unwrap();
        rows.iter().find(|row| row["path"] == "Observation.status").unwrap()["count"].clone()
    };
    assert_eq!(kept(&whole), 7);
    assert_eq!(run(), whole, "all was finished");
    std::fs::remove_file(place.path("out/Observation.1.ndjson")).unwrap();
    assert_eq!(run(), whole, "one was not");
    let list = place.read("out/.carewire-deid.ndjson");
    assert!(CANARIES.iter().all(|canary| !list.contains(canary)), "{list}");
    place
        .run(&[&["deid", "fhir", "in", "--out", "out/", "--report", "none/report.json"], &KEYS[..]].concat())
        .is(2)
        .says(&["--report", "none/report.json"]);
}

#[test]
fn a_policy_that_encrypts_and_scrubs_gets_what_it_needs() {
    let place = place();
    let policy = "id = \"own\"\nversion = \"1\"\njurisdiction = \"none\"\nsources = []\nbase = \"limited-data-set\"\n[text]\nscrubber = \"structured-1\"\n\
        [[fhir]]\npath = \"Patient.name.family\"\nmethod = \"encrypt\"\n\
        [[fhir]]\npath = \"Observation.note.text\"\nmethod = \"scrub\"\n\
        [[v2]]\npath = \"PID-13.1\"\nmethod = \"encrypt\"\n";
    place.write("own.toml", policy).write(
        "note.json",
        "{\"resourceType\":\"Observation\",\"status\":\"final\",\"note\":[{\"text\":\"fever, call 555-867-5309\"}]}",
    );
    let run = |what: &str, input: &str| {
        place.run(&[&["deid", what, input, "--policy", "own.toml"], &KEYS[..]].concat()).is(0).out
    };
    assert!(run("fhir", "bundles.ndjson").contains("\"family\":\"cw1."));
    let note = run("fhir", "note.json");
    assert!(note.contains("fever") && !note.contains("5309"), "{note}");
    let message = run("v2", "a.hl7");
    assert!(
        message.contains("|cw1.") && CANARIES.iter().all(|canary| !message.contains(canary)),
        "{message}"
    );
}

#[test]
fn a_batch_file_comes_out_as_a_batch_file_with_right_counts() {
    let place = place();
    let (one, broken) = (canary_message("1"), "MSH\r");
    let header = "|^~\\&|CANARYTEXT|CANARYFAMILY|||20260301\r";
    let batch = format!(
        "\u{feff}FHS{header}BHS{header}{one}{}BTS|2|CANARYTEXT\rBHS{header}{one}{broken}BTS|2\rFTS|2|CANARYCITY\r",
        canary_message("2")
    );
    place.write("in/batch.hl7", batch);
    let release = [&["deid", "v2", "in", "--out", "out/"], &KEYS[..]].concat();
    place.run(&release);
    let name = place.list("out").into_iter().find(|name| !name.starts_with('.')).unwrap();
    let text = place.read(&format!("out/{name}"));
    assert!(CANARIES.iter().all(|canary| !text.contains(canary)), "{text}");
    let names: Vec<&str> =
        text.lines().map(|line| line.trim_start_matches('\r')).filter_map(|line| line.get(..3)).collect();
    assert_eq!(names.first(), Some(&"FHS"), "{text}");
    let trailers =
        text.split(['\r', '\n']).filter(|line| ["BTS", "FTS"].iter().any(|name| line.starts_with(name)));
    assert_eq!(trailers.collect::<Vec<_>>(), ["BTS|2", "BTS|1", "FTS|2"]);
    // As every reader of batches counts them.
    let file = format!("out/{name}");
    let ran = place.run(&["hl7", "get", "MSH-9", &file]).is(0);
    let messages = ran.out.lines().count();
    assert!(messages >= 3 && ran.err.is_empty(), "{}\n{text}", ran.err);
    place.run(&["deid", "k-anonymity", &file, "--by", "PID-8", "--k", "1"]).is(0);
    // Several files in one output are messages one after another.
    place.write("in/batch2.hl7", canary_message("9"));
    let joined = place.run(&[&["deid", "v2", "in"], &KEYS[..]].concat()).out;
    assert!(!joined.contains("FHS") && !joined.contains("BTS"));
}

#[test]
fn what_is_given_by_mistake_is_told_and_nothing_is_lost() {
    let place = place();
    let bundles = place.read("bundles.ndjson");
    place.write("in/Bundle.ndjson", &bundles);
    let fhir = |more: &[&str]| place.run(&[&["deid", "fhir"], more, &KEYS[..]].concat());
    fhir(&["bundles.ndjson", "--out", "bundles.ndjson"]).is(2).says(&["--out: is one of the inputs"]);
    fhir(&["in", "--out", "in/Bundle.ndjson"]).is(2).says(&["--out: is one of the inputs"]);
    fhir(&["in/Bundle.ndjson", "--out", "in/"]).is(2).says(&["--out: the directory of the input"]);
    fhir(&["in", "--report", "in/Bundle.ndjson"]).is(2).says(&["--report: is one of the inputs"]);
    fhir(&["in", "--out", "x.json", "--report", "x.json"]).is(2).says(&["--report"]);
    assert!(place.read("bundles.ndjson") == bundles && place.read("in/Bundle.ndjson") == bundles);

    place.write("packed.json", b"\x1F\x8B\x08\x00CANARYTEXT").write("wide.json", b"\xFF\xFE{\0");
    for (input, said) in [
        ("packed.json", "packed by gzip"),
        ("wide.json", "UTF-16"),
        ("a.hl7", "HL7 v2, not JSON"),
        ("no-such.json", "no-such.json"),
    ] {
        let ran = fhir(&[input]).is(1).says(&[said]);
        assert_eq!((ran.err.lines().count(), ran.out.as_str()), (1, ""), "{}", ran.err);
    }
    let ran = place.run(&[&["deid", "v2", "bundles.ndjson"], &KEYS[..]].concat());
    ran.is(1).says(&["JSON, not HL7 v2"]);
}

#[test]
fn lines_move_as_bundles_do_where_the_patients_are_read_first() {
    let place = place();
    let patient = r#"{"resourceType":"Patient","id":"p7","identifier":[{"system":"urn:oid:1.2.3","value":"CANARYMRN"}]}"#;
    let seen = r#"{"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},"subject":{"reference":"Patient/p7"},"effectiveDateTime":"2024-05-06T07:08:09+02:00"}"#;
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"https://e.example/Patient/p7","resource":{patient}}},{{"fullUrl":"https://e.example/Observation/o1","resource":{seen}}}]}}"#
    );
    place.write("bundle.json", bundle).write("seen.ndjson", seen).write("people/Patient.ndjson", patient);
    let policy = [&["--policy", "limited-data-set"], &KEYS[..]].concat();
    let moved = |arguments: &[&str]| {
        let ran = place.run(&[&["deid", "fhir"], arguments, &policy].concat()).is(0);
        let one = json_lines(&ran.out).remove(0);
        let seen = one["entry"].get(1).map_or(&one, |entry| &entry["resource"]);
        seen["effectiveDateTime"].as_str().unwrap().to_owned()
    };
    let in_bundle = moved(&["bundle.json"]);
    assert_eq!(moved(&["seen.ndjson", "--patients", "people"]), in_bundle);
    assert_eq!(moved(&["seen.ndjson", "--patients", "bundle.json"]), in_bundle);
    assert_ne!(moved(&["seen.ndjson"]), in_bundle, "a line alone moves by the id");
    assert!(in_bundle.ends_with("T07:08:09+02:00"), "the time of day stays");

    let refused = |arguments: &[&str]| place.run(&[arguments, &KEYS].concat()).is(2);
    refused(&["deid", "fhir", "seen.ndjson", "--policy", "limited-data-set", "--patients", "seen.ndjson"])
        .says(&["--patients: no Patient is in there"]);
    refused(&["deid", "v2", "a.hl7", "--patients", "people"]).says(&["--patients: a message says itself"]);
    refused(&["deid", "fhir", "seen.ndjson", "--patients", "people"])
        .says(&["--patients: under this policy"]);
}
