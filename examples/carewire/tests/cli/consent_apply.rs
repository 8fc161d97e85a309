//! `consent apply`.

use serde_json::{Value, json};

use crate::support::{Place, json_lines};

const AT: &str = "2026-06-01T00:00:00Z";
const REQUEST: &str = r#"{"org":"default","patient":"Patient/pt_1","purpose":"TREAT"}"#;

/// A place with a request and a consent to conditions.
fn place() -> Place {
    let place = Place::new();
    let consent = json!({"id": "c1", "org": "default", "patient": "Patient/pt_1", "purpose": "CARE",
        "state": "ACTIVE", "data_classes": ["CONDITIONS"]});
    place.write("request.json", REQUEST).write("consents/a.json", consent.to_string());
    place
}

fn condition(patient: &str) -> Value {
    json!({"resourceType": "Condition", "subject": {"reference": patient}, "note": [{"text": "CANARYTEXT"}]})
}

fn immunization() -> Value {
    json!({"resourceType": "Immunization", "patient": {"reference": "Patient/pt_1"}, "lotNumber": "CANARYTEXT"})
}

fn arguments<'a>(inputs: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let question = ["--request", "request.json", "--consents", "consents", "--at", AT];
    [&["consent", "apply"][..], inputs, &question, more].concat()
}

#[test]
fn a_bundle_loses_what_is_not_permitted_and_its_total_is_counted_anew() {
    let place = place();
    let entries = [condition("Patient/pt_1"), condition("Patient/pt_2"), immunization()];
    let bundle = json!({"resourceType": "Bundle", "type": "searchset", "total": 3,
        "entry": entries.map(|resource| json!({"resource": resource}))});
    place.write("bundle.json", bundle.to_string());
    let ran = place.run(&arguments(&["bundle.json"], &["--report", "report.ndjson"])).is(0);
    let left = ran.lines().remove(0);
    assert_eq!((&left["total"], left["entry"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    assert_eq!(left["entry"][0]["resource"], condition("Patient/pt_1"));
    let report = place.read("report.ndjson");
    assert!(!report.contains("CANARY"), "{report}");
    let line = json_lines(&report).remove(0);
    assert_eq!(line["withheld"], json!({"other-patient": 1, "not-permitted": 1}), "{report}");
    assert_eq!((&line["document"], &line["left"], &line["duties"]), (&json!(1), &json!(true), &json!([])));
    ran.says(&["1 of 1 documents are left", "other-patient"]);
}

#[test]
fn lines_stay_in_their_order_and_a_broken_one_costs_only_itself() {
    let place = place();
    let lines = [condition("Patient/pt_1").to_string(), "{\"CANARYTEXT".into(), immunization().to_string()];
    place.write("in/a.ndjson", lines.join("\n")).write("in/b.json", condition("Patient/7").to_string());
    let ran = place.run(&arguments(&["in"], &["--known-as", "Patient/7"])).is(1);
    assert_eq!(ran.lines(), [condition("Patient/pt_1"), condition("Patient/7")]);
    ran.says(&["a.ndjson document 2", "2 of 4 documents are left"]);
    // As files, one for each document that is left.
    let ran = place.run(&arguments(&["in/a.ndjson", "no-such.json"], &["--out", "left/"])).is(1);
    assert_eq!((ran.out.as_str(), place.list("left")), ("", vec!["a.json".to_owned()]));
    ran.says(&["no-such.json"]);
}

#[test]
fn a_denial_leaves_nothing_and_is_no_failure() {
    let place = place();
    place.write("request.json", REQUEST.replace("TREAT", "HPAYMT"));
    let ran = place.pipe(&arguments(&[], &[]), condition("Patient/pt_1").to_string().as_bytes()).is(0);
    assert_eq!(ran.out, "");
    ran.says(&["0 of 1 documents are left", "denied"]);
    place.run(&arguments(&["-"], &["--policy", "no-such.toml"])).is(2).says(&["no-such.toml"]);
}

#[test]
fn codes_are_looked_for_where_that_is_asked_for() {
    let place = place();
    // All but what is labelled as restricted; the code of the condition (ICD-10-CM: HIV disease) is sensitive.
    let consent = json!({"resourceType": "Consent", "id": "r5", "status": "active",
        "subject": {"reference": "Patient/pt_1"}, "decision": "permit",
        "provision": [{"securityLabel": [{"code": "HIV"}]}]});
    place.write("consents/a.json", consent.to_string());
    let mut hiv = condition("Patient/pt_1");
    hiv["code"] = json!({"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "B20"}]});
    place.write("in.ndjson", format!("{hiv}\n{}", condition("Patient/pt_1")));
    place.write("policy.toml", "unlabelled = \"normal\"\n");
    let policy = ["--policy", "policy.toml"];
    assert_eq!(place.run(&arguments(&["in.ndjson"], &policy)).is(0).lines().len(), 2);
    let labelled = place.run(&arguments(&["in.ndjson"], &[&policy[..], &["--label"]].concat())).is(0);
    assert_eq!(labelled.lines(), [condition("Patient/pt_1")]);
}
