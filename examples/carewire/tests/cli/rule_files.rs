//! `carewire deid` under rule files of Microsoft's anonymizer.

use std::path::Path;

use serde_json::Value;

use crate::support::{Place, json_lines};

const RULES: &str = r#"{
  "fhirVersion": "R4",
  "fhirPathRules": [
    {"path": "Resource.id", "method": "cryptoHash"},
    {"path": "nodesByType('Reference').reference", "method": "cryptoHash"},
    {"path": "Patient.gender", "method": "keep"},
    {"path": "nodesByType('date')", "method": "dateShift"},
    {"path": "Patient.birthdate", "method": "keep"}
  ],
  "parameters": {PARAMETERS}
}"#;

fn rules(parameters: &str) -> String {
    RULES.replace("PARAMETERS", parameters)
}

const PEOPLE: &str = concat!(
    r#"{"resourceType":"Patient","id":"CANARYMRN","name":[{"family":"CANARYFAMILY"}],"gender":"female","birthDate":"1970-05-06"}"#,
    "\n",
    r#"{"resourceType":"Observation","id":"CANARYVISIT","subject":{"reference":"Patient/CANARYMRN"},"status":"final"}"#,
    "\n"
);

const AS_OF: [&str; 2] = ["--as-of", "2026-11-22"];
const KEYS: [&str; 2] = ["--key-file", "carewire/carewire.keys.json"];

fn place(parameters: &str) -> Place {
    let place = Place::initialised();
    place.write("in/people.ndjson", PEOPLE).write("rules.json", rules(parameters));
    place
}

fn deid<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["deid", "fhir", "in", "--policy", "rules.json"][..], more].concat()
}

#[test]
fn a_rule_file_runs_as_a_policy_does_and_says_what_it_does_otherwise() {
    let place = place("");
    let arguments = deid(&[&KEYS[..], &AS_OF, &["--out", "out/", "--report", "report.json"]].concat());
    place.run(&arguments).is(0);
    let name = place.list("out").into_iter().find(|name| !name.starts_with('.')).unwrap();
    let people = json_lines(&place.read(&format!("out/{name}")));
    assert_eq!(people[0]["gender"], "female");
    assert_eq!(people[1]["subject"]["reference"], format!("Patient/{}", people[0]["id"].as_str().unwrap()));
    assert!(people[0].get("name").is_none() && people[1].get("status").is_none(), "nothing names them");
    let born = people[0]["birthDate"].as_str().unwrap();
    assert!(("1969-05-06".."1970-05-06").contains(&born), "{born}");
    let report = &json_lines(&place.read("report.json"))[0];
    let deviations = report["deviations"].to_string();
    assert!(
        ["shifted 1 to 365 days", "no rule names is dropped", "fhirPathRules[4]"]
            .iter()
            .all(|text| deviations.contains(text))
    );
    let hashed = report["counts"].as_array().unwrap().iter().find(|row| row["rule"] == 0).unwrap();
    assert_eq!(
        (&hashed["path"], &hashed["method"], &hashed["count"]),
        (&"Resource.id".into(), &"cryptoHash".into(), &2.into())
    );
    assert!(!report.to_string().contains("CANARY"));
    let before = place.path(&format!("out/{name}")).metadata().unwrap().modified().unwrap();
    place.run(&arguments).is(0);
    assert_eq!(
        place.path(&format!("out/{name}")).metadata().unwrap().modified().unwrap(),
        before,
        "it is finished"
    );
}

#[test]
fn keys_come_from_the_key_file_else_from_the_rules_else_from_the_run() {
    let place = place(r#""cryptoHashKey":"CANARYTEXT","dateShiftKey":"CANARYCITY""#);
    let ids = |more: &[&str]| place.run(&deid(&[&AS_OF[..], more].concat())).is(0);
    let own = ids(&KEYS).says(&["not used"]);
    let theirs = ids(&[]).says(&["cryptoHashKey", "--key-file"]);
    let id = |ran: &crate::support::Ran| ran.lines()[0]["id"].as_str().unwrap().to_owned();
    // HMAC-SHA-256 of `CANARYMRN` under the key of the file, as their engine writes it.
    assert_eq!(id(&theirs), hmac("CANARYTEXT", "CANARYMRN"));
    assert_eq!(theirs.out, ids(&[]).out, "dates too");
    assert!(id(&own).len() == 40 && own.out == ids(&KEYS).out);

    place.write("rules.json", rules(""));
    let (one, other) = (ids(&[]).says(&["a key of its own"]), ids(&[]));
    assert_ne!(id(&one), id(&other));
    place.run(&deid(&[])).is(2).says(&["--as-of"]);

    let encrypts = r#"{"fhirPathRules":[{"path":"Patient.name.family","method":"encrypt"}],"parameters":{"encryptKey":"0123456789abcdef"}}"#;
    place.write("rules.json", encrypts);
    place.run(&deid(&[])).is(2).says(&["--key-file"]);
    assert!(ids(&KEYS).out.contains("cw1."));
    place.run(&["deid", "v2", "in", "--policy", "rules.json", KEYS[0], KEYS[1]]).is(2).says(&["FHIR"]);
    place.run(&["deid", "fhir", "in", "--unmatched", "keep", KEYS[0], KEYS[1]]).is(2).says(&["--unmatched"]);
}

fn hmac(key: &str, text: &str) -> String {
    use sha2::{Digest, Sha256};
    let pad = |with: u8| -> Vec<u8> {
        (0..64).map(|at| key.as_bytes().get(at).copied().unwrap_or(0) ^ with).collect()
    };
    let inner = Sha256::digest([pad(0x36), text.as_bytes().to_vec()].concat());
    data_encoding::HEXLOWER.encode(&Sha256::digest([pad(0x5c), inner.to_vec()].concat()))
}

#[test]
fn all_that_is_wrong_with_a_rule_file_is_said_with_its_line() {
    let place = place("");
    let ran = place.run(&["deid", "check-policy", "rules.json"]).is(0);
    for said in ["line 4", "cryptoHash", "Resource.id", "what no rule names: dropped", "never applies"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let wrong = rules("").replace("keep", "mask").replace("nodesByType('date')", "Patient.foo(");
    place.write("rules.json", wrong);
    let lines =
        ["line 6, fhirPathRules[2]: unknown method", "line 7, fhirPathRules[3]: expression", "line 8"];
    let ran = place.run(&["deid", "check-policy", "rules.json"]).is(2).says(&lines);
    assert!(ran.out.contains("REFUSED"), "{}", ran.out);
    place.run(&deid(&AS_OF)).is(2).says(&lines);
    place.write("rules.json", "{\"fhirPathRules\": [\n{},,\n]}");
    place.run(&deid(&AS_OF)).is(2).says(&["line 2", "not a rule file"]);
    place.write("rules.json", "{\"fhirVersion\":\"Stu3\",\"fhirPathRules\": []}");
    place.run(&["deid", "check-policy", "rules.json"]).is(2).says(&["not for FHIR R4"]);
}

#[test]
fn a_resource_that_is_emptied_is_named() {
    let place = place("");
    let rules = r#"{"processingErrors":"skip","fhirPathRules":[{"path":"Patient.name.family","method":"substitute","replaceWith":{"a":1}}]}"#;
    place.write("rules.json", rules);
    let ran =
        place.run(&deid(&["--report", "report.json"])).is(1).says(&["people.ndjson resource 1: emptied"]);
    assert_eq!(ran.lines()[0]["resourceType"], "Patient");
    assert!(!ran.out.contains("CANARY") && place.read("report.json").contains("\"emptied\":1"));
    place.write("rules.json", rules.replace("skip", "raise"));
    let ran = place.run(&deid(&[])).is(1).says(&["people.ndjson resource 1: left out: Patient.name.family"]);
    assert_eq!(ran.lines().len(), 1);
}

/// The cases of their own tests whose result is exactly theirs, with their files as they are.
const CASES: [[&str; 3]; 6] = [
    ["redact-all-config.json", "bundle-basic.json", "bundle-redact-all-target.json"],
    ["redact-all-config.json", "contained-in-bundle.json", "contained-in-bundle-redact-all-target.json"],
    ["common-config.json", "bundle-basic.json", "bundle-basic-target.json"],
    ["common-config.json", "contained-basic.json", "contained-basic-target.json"],
    ["substitute-multiple.json", "bundle-substitute.json", "bundle-substitute-target.json"],
    ["substitute-multiple.json", "contained-substitute.json", "contained-substitute-target.json"],
];

#[test]
fn their_own_cases_come_out_as_theirs() {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let tests = "deid/ms-anonymizer/FHIR/src/Microsoft.Health.Fhir.Anonymizer.Shared.FunctionalTests";
    let tests = Path::new(&corpus).join(tests);
    let path = |folder: &str, name: &str| tests.join(folder).join(name).to_string_lossy().into_owned();
    for [config, input, expected] in CASES {
        let (config, input) = (path("Configurations", config), path("TestResources", input));
        let arguments = ["deid", "fhir", &input, "--policy", &config, "--unmatched", "keep"];
        let ran = Place::new().run(&[&arguments[..], &AS_OF].concat()).is(0);
        let expected = std::fs::read_to_string(path("TestResources", expected)).unwrap();
        let expected: Value = serde_json::from_str(expected.trim_start_matches('\u{feff}')).unwrap();
        assert_eq!(ran.lines(), [expected], "{input} under {config}");
    }
}
