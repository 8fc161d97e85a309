//! `deid`.

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
    place.run(&[&DEID[..], &["--policy", "safe-harbor"]].concat()).is(2).says(&["not there yet"]);
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
