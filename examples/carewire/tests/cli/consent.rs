//! `consent decide`.

use serde_json::{Value, json};

use crate::support::Place;

pub(crate) const REQUEST: &str =
    r#"{"org":"default","patient":"Patient/pt_1","purpose":"TREAT","data_classes":["LAB_RESULTS"]}"#;

fn consent(state: &str) -> Value {
    json!({"id": "c1", "org": "default", "patient": "Patient/pt_1", "purpose": "CARE", "state": state,
        "data_classes": ["LAB_RESULTS"], "start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z"})
}

/// The decision at an instant, which is printed whatever it is.
fn decide(place: &Place, at: &str, more: &[&str]) -> Value {
    let arguments = ["consent", "decide", "--request", "request.json", "--consents", "consents", "--at", at];
    place.run(&[&arguments[..], more].concat()).is(0).lines().remove(0)
}

#[test]
fn both_decisions_are_printed_with_their_reasons() {
    let place = Place::new();
    place.write("request.json", REQUEST).write("consents/a.json", consent("ACTIVE").to_string());
    let permit = decide(&place, "2026-06-01T00:00:00Z", &[]);
    assert_eq!((&permit["decision"], &permit["reasons"][0]["consent"]), (&json!("permit"), &json!("c1")));
    assert!(permit["obligations"].is_array());
    for outside in ["2025-12-31T23:59:59Z", "2027-01-01T00:00:00Z"] {
        assert_eq!(decide(&place, outside, &[])["decision"], "deny");
    }
    place.write("consents/a.json", consent("REVOKED").to_string());
    let deny = decide(&place, "2026-06-01T00:00:00Z", &["--explain"]);
    assert_eq!(deny["decision"], "deny");
    assert!(deny["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()));
}

#[test]
fn consents_come_from_files_directories_and_lines() {
    let place = Place::new();
    let mut denies = consent("ACTIVE");
    denies["id"] = json!("c2");
    denies["decision"] = json!("deny");
    place.write("request.json", REQUEST).write("consents/a.json", json!([consent("ACTIVE")]).to_string());
    assert_eq!(decide(&place, "2026-06-01T00:00:00Z", &[])["decision"], "permit");
    place.write("consents/b.ndjson", format!("{}\n{denies}\n", consent("PENDING")));
    assert_eq!(decide(&place, "2026-06-01T00:00:00Z", &[])["decision"], "deny", "deny overrides");
}

#[test]
fn a_table_holds_a_consent_in_each_row() {
    let place = Place::new();
    let row = "c1,default,pt_1,CARE,ACTIVE,LAB_RESULTS";
    let table = |rows: &str| format!("id,org,patient,purpose,state,data_classes,decision\n{rows}\n");
    place.write("request.json", REQUEST).write("consents/a.csv", table(&format!("{row},")));
    assert_eq!(decide(&place, "2026-06-01T00:00:00Z", &[])["decision"], "permit");
    place.write("consents/a.csv", table(&format!("{row},\n{},deny", row.replace("c1", "c2"))));
    assert_eq!(decide(&place, "2026-06-01T00:00:00Z", &[])["decision"], "deny");
    place.write("consents/a.csv", table(&format!("{row},\n{},canary", row.replace("c1", "c2"))));
    let arguments = ["consent", "decide", "--request", "request.json", "--consents", "consents"];
    place.run(&arguments).is(2).says(&["a.csv", "line 3, column 41"]);
}

#[test]
fn a_role_is_held_to_its_rules() {
    let place = Place::new();
    let asks = |encounter: bool| {
        let mut request: Value = serde_json::from_str(REQUEST).unwrap_or_default();
        request["actor"] = json!({"reference": "Practitioner/7", "role": "CLINICIAN"});
        request["active_encounter"] = json!(encounter);
        request.to_string()
    };
    place.write("request.json", asks(true)).write("consents/a.json", consent("ACTIVE").to_string());
    assert_eq!(decide(&place, "2026-06-01T00:00:00Z", &[])["decision"], "permit");
    place.write("request.json", asks(false)).write("policy.toml", "access = \"none\"\n");
    let denied = decide(&place, "2026-06-01T00:00:00Z", &[]);
    assert_eq!(
        (&denied["decision"], &denied["reasons"][0]["why"]),
        (&json!("deny"), &json!("no-active-encounter"))
    );
    assert_eq!(decide(&place, "2026-06-01T00:00:00Z", &["--policy", "policy.toml"])["decision"], "permit");
}

#[test]
fn the_org_may_permit_unless_somebody_denies() {
    let place = Place::initialised();
    place.write("request.json", REQUEST).write("consents/none.json", "[]");
    let sample = ["--policy", "carewire/consent-policy.toml"];
    assert_eq!(decide(&place, "2026-06-01T00:00:00Z", &sample)["decision"], "deny");
    place.write("policy.toml", "implicit = \"permit-unless-denied\"\n");
    assert_eq!(decide(&place, "2026-06-01T00:00:00Z", &["--policy", "policy.toml"])["decision"], "permit");
}

#[test]
fn tables_of_the_policy_label_what_is_asked_for() {
    let place = Place::new();
    let ceiling = json!({"resourceType": "Consent", "id": "c1", "status": "active", "patient": {"reference": "Patient/pt_1"},
        "provision": {"type": "permit", "provision": [{"type": "deny", "securityLabel": [{"code": "R"}]}]}});
    place.write("consents/a.json", ceiling.to_string());
    let asks = |system: &str, code: &str| {
        let condition =
            json!({"resourceType": "Condition", "code": {"coding": [{"system": system, "code": code}]}});
        let request =
            json!({"org": "default", "patient": "Patient/pt_1", "purpose": "TREAT", "resource": condition});
        place.write("request.json", request.to_string());
        let decided = decide(&place, AT, &["--policy", "rules/policy.toml"]);
        match decided["obligations"].get(0) {
            Some(left) => left["type"].clone(),
            None => decided["decision"].clone(),
        }
    };
    // What nobody could read is left out until somebody labels it.
    let icd = "http://hl7.org/fhir/sid/icd-10-cm";
    place.write("rules/policy.toml", "[labels]\n");
    assert_eq!(
        (asks(icd, "E11.9"), asks(icd, "B20"), asks("urn:ward", "W1")),
        (json!("permit"), json!("deny"), json!("redact"))
    );
    place.write("rules/policy.toml", "[labels]\ntables = [\"site.csv\"]\n");
    place.write(
        "rules/site.csv",
        "system,codes,labels,source\nurn:ward,*,-,house rules\nurn:ward,W2,R,house rules\n",
    );
    assert_eq!(
        (asks("urn:ward", "W1"), asks("urn:ward", "W2"), asks(icd, "B20")),
        (json!("permit"), json!("deny"), json!("deny"))
    );
    place.write("rules/policy.toml", "[labels]\nbuilt_in = false\ntables = [\"site.csv\"]\n");
    assert_eq!((asks("urn:ward", "W1"), asks(icd, "E11.9")), (json!("permit"), json!("redact")));

    let run = || {
        place.run(&[
            "consent",
            "decide",
            "--request",
            "request.json",
            "--consents",
            "consents",
            "--policy",
            "rules/policy.toml",
        ])
    };
    place.write("rules/site.csv", "system,codes,labels,source\nurn:ward,W2,CANARY,house rules\n");
    run().is(2).says(&["site.csv", "line 2: a label is not known"]);
    for odd in [
        "[labels]\nbuilt_in = false\n",
        "[labels]\ntable = \"x\"\n",
        "[labels]\ntables = [\"none.csv\"]\n",
        "[label]\n",
    ] {
        place.write("rules/policy.toml", odd);
        run().is(2);
    }
}

#[test]
fn what_cannot_be_read_is_2_and_no_decision() {
    let place = Place::new();
    place.write("consents.json", "[]");
    let run = |request: &str, more: &[&str]| {
        place.write("request.json", request);
        let arguments = ["consent", "decide", "--request", "request.json", "--consents", "consents.json"];
        let ran = place.run(&[&arguments[..], more].concat()).is(2);
        assert_eq!(ran.out, "");
        ran
    };
    for request in
        ["", "{", r#"{"org":"default"}"#, r#"{"org":"default","patient":"CANARYMRN","purpose":"TREAT"}"#]
    {
        run(request, &[]).says(&["request: "]);
    }
    run(&REQUEST.replace("\"org\"", "\"CANARYTEXT\":1,\"org\""), &[]).says(&["request: "]);
    run(REQUEST, &["--at", "tomorrow"]).says(&["--at"]);
    run(REQUEST, &["--policy", "no-such.toml"]).says(&["no-such.toml"]);
    place.write("consents.json", consent("CANARYTEXT").to_string());
    run(REQUEST, &[]).says(&["consents.json"]);
    place.write("consents.json", r#"{"resourceType":"Consent","status":"active"}"#);
    run(REQUEST, &[]).says(&["consents.json", "no patient"]);
    std::fs::remove_file(place.path("consents.json")).unwrap();
    run(REQUEST, &[]).says(&["consents.json"]);
}

const R4: &str = r#"{"resourceType":"Consent","id":"r4","status":"active","patient":{"reference":"Patient/pt_1"},
    "dateTime":"2026-01-01","provision":{"type":"permit","purpose":[{"code":"TREAT"}],"provision":[
    {"type":"deny","securityLabel":[{"code":"R"}]},{"type":"deny","purpose":[{"code":"ETREAT"}]}]}}"#;
const R5: &str = r#"{"resourceType":"Consent","id":"r5","status":"active","subject":{"reference":"Patient/pt_1"},
    "date":"2026-02-01","decision":"deny","provision":[{"purpose":[{"code":"TREAT"}]}]}"#;
const ABDM: &str = r#"{"status":"GRANTED","consentDetail":{"consentId":"a1","patient":{"id":"pt_1"},
    "purpose":{"code":"CAREMGT"},"hiu":{"id":"default"},"hiTypes":["DiagnosticReport"],
    "permission":{"accessMode":"VIEW","dataEraseAt":"2026-12-31T00:00:00Z"}}}"#;
const AT: &str = "2026-06-01T00:00:00Z";

#[test]
fn consents_of_every_source_are_decided() {
    let place = Place::new();
    place.write("request.json", REQUEST).write("consents/a.json", R4);
    let permit = decide(&place, AT, &[]);
    assert_eq!(
        (&permit["decision"], &permit["reasons"][0]["path"]),
        (&json!("permit"), &json!("Consent.provision"))
    );
    assert_eq!(permit["obligations"][0]["type"], "redact");
    assert_eq!(permit["obligations"][0]["labels"], json!([{"code": "R"}]));

    place.write("consents/a.json", R5);
    assert_eq!(decide(&place, AT, &[])["reasons"][0]["path"], "Consent.provision[0]");
    place.write("consents/a.json", ABDM).write("request.json", REQUEST.replace("TREAT", "CAREMGT"));
    assert_eq!(decide(&place, AT, &[])["obligations"][0]["type"], "erase_by");
    assert_eq!(decide(&place, "2027-01-01T00:00:00Z", &[])["decision"], "deny");
}

#[test]
fn a_bundle_and_a_file_of_several_sources_are_read_whole() {
    let place = Place::new();
    place
        .write("request.json", REQUEST)
        .write("consents/lines.ndjson", format!("{ABDM}\n{}\n", consent("ACTIVE")));
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{R5}}},
        {{"resource":{{"resourceType":"Patient","id":"pt_1"}}}},{{"resource":{R4}}}]}}"#
    );
    place.write("consents/bundle.json", bundle);
    let decided = decide(&place, AT, &[]);
    let ids: Vec<&str> = decided["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|reason| reason["consent"].as_str())
        .collect();
    assert!(["a1", "c1", "r4", "r5"].iter().all(|id| ids.contains(id)), "{ids:?}");
}

#[test]
fn the_caller_names_the_combining_code_and_explanations_are_in_words() {
    let place = Place::new();
    let deny = R4.replace("\"permit\"", "\"deny\"").replace("\"r4\"", "\"no\"");
    place
        .write("request.json", REQUEST)
        .write("consents/a.ndjson", format!("{}\n{}", R5, deny.replace('\n', " ")));
    assert_eq!(decide(&place, AT, &[])["decision"], "deny");
    assert_eq!(decide(&place, AT, &["--combining", "permit-overrides"])["decision"], "permit");
    place.write("policy.toml", "combining = \"deny-unless-permit\"\n");
    assert_eq!(decide(&place, AT, &["--policy", "policy.toml"])["decision"], "permit");

    place.write("request.json", REQUEST.replace("TREAT", "HPAYMT"));
    let arguments =
        ["consent", "decide", "--request", "request.json", "--consents", "consents", "--at", AT, "--explain"];
    place.run(&arguments).is(0).says(&[
        "Denied",
        "no: Consent.provision.purpose: says nothing: it is about another purpose",
        "r5: Consent: denies",
    ]);
}

/// A message about a patient with a consent segment.
fn message(control: &str, mrn: &str, con: &str) -> String {
    format!(
        "MSH|^~\\&|A|F|||20260301||ADT^A08^ADT_A01|{control}|P|2.5.1\rPID|1||{mrn}^^^AUTH&1.2.3.4&ISO^MR\rCON|1|{con}\r"
    )
}

#[test]
fn the_segments_of_messages_are_consents_too() {
    let place = Place::new();
    let types = "[[type]]\ncode = \"001\"\npurpose = \"CARE\"\ndata_classes = [\"LAB_RESULTS\"]\n";
    place.write("request.json", REQUEST).write("types.toml", types);
    let (given, withdrawn) = ("001^CANARYTEXT||F1^GEN|||||||A", "001^CANARYTEXT||F1^GEN|||||||X");
    let with = ["--con-types", "types.toml"];
    place.write("consents/a.hl7", message("1", "CANARYMRN", given));
    assert_eq!(decide(&place, AT, &with)["decision"], "permit");
    assert_eq!(decide(&place, AT, &[])["decision"], "deny", "nobody agreed on the type");
    // A later segment takes the place of the one about the same form, in one file or another.
    let both = message("1", "CANARYMRN", given) + &message("2", "CANARYMRN", withdrawn);
    place.write("consents/a.hl7", both);
    assert_eq!(decide(&place, AT, &with)["decision"], "deny");
    place.write("consents/b.hl7", message("3", "CANARYMRN", given));
    assert_eq!(decide(&place, AT, &with)["decision"], "permit");
    // Whose consents they are is not guessed.
    place.write("consents/c.hl7", message("4", "CANARYVISIT", given));
    let arguments = ["consent", "decide", "--request", "request.json", "--consents", "consents"];
    place.run(&arguments).is(2).says(&["c.hl7 message 1", "one patient"]);
    place.write("consents/c.hl7", message("4", "CANARYMRN", "001|||||||||A|||CANARYTEXT"));
    place.run(&arguments).is(2).says(&["c.hl7 message 1", "CON-14"]);
}
