//! The consents of a store from the shell, and those that messages carry through a running gateway.

use serde_json::{Value, json};

use crate::serve::{SECRET, admin, call, until};
use crate::support::{Place, Server};
use reqwest::Method;

const CONFIG: [&str; 2] = ["--config", "carewire/carewire.toml"];

fn consent(id: &str, patient: &str) -> Value {
    let classes: Vec<Value> = carewire_consent::DataClass::permittable().map(|class| json!(class)).collect();
    json!({"id": id, "org": "default", "patient": format!("Patient/{patient}"), "purpose": "CARE",
        "state": "ACTIVE", "data_classes": classes})
}

fn run(place: &Place, words: &[&str], status: i32) -> crate::support::Ran {
    place.run(&[&["consent"], words, &CONFIG].concat()).is(status)
}

#[test]
fn consents_are_imported_once_listed_and_taken_back() {
    let place = Place::initialised();
    let fhir = json!({"resourceType": "Consent", "id": "r5", "status": "active",
        "subject": {"reference": "Patient/pt_2"}, "decision": "permit"});
    place
        .write("in/a.json", json!([consent("c1", "pt_1"), consent("c2", "pt_1")]).to_string())
        .write("in/b.csv", "id,org,patient,purpose,state,data_classes\nc3,default,pt_1,CARE,ACTIVE,VITALS\n")
        .write("in/c.ndjson", fhir.to_string());
    let counts = |ran: &crate::support::Ran| ran.lines().remove(0);
    assert_eq!(counts(&run(&place, &["import", "in"], 0)), json!({"stored": 4, "unchanged": 0, "failed": 0}));
    assert_eq!(counts(&run(&place, &["import", "in"], 0)), json!({"stored": 0, "unchanged": 4, "failed": 0}));

    let mut elsewhere = consent("c4", "pt_1");
    elsewhere["org"] = json!("other");
    let bad = json!([elsewhere, consent("c1", "pt_2"), consent("c5", "CANARYMRN"), consent("c6", "pt_1")]);
    place
        .write("bad.json", bad.to_string())
        .write("worse.json", "{\"CANARYTEXT")
        .write("v2.hl7", "MSH|^~\\&|");
    let ran = run(&place, &["import", "bad.json", "worse.json", "v2.hl7", "no-such.json"], 1);
    assert_eq!(counts(&ran), json!({"stored": 1, "unchanged": 0, "failed": 6}), "{}", ran.err);
    ran.says(&[
        "bad.json consent 1",
        "another org",
        "consent 2",
        "consent 3",
        "worse.json",
        "v2.hl7",
        "no-such.json",
    ]);

    let ids = |words: &[&str]| -> Vec<Value> {
        run(&place, words, 0).lines().into_iter().map(|line| line["id"].clone()).collect()
    };
    assert_eq!(ids(&["list"]), ["c1", "c2", "c3", "c6", "r5"]);
    assert_eq!(ids(&["list", "--patient", "pt_2"]), ["r5"]);
    assert_eq!(ids(&["list", "--limit", "2"]), ["c1", "c2"]);
    run(&place, &["list", "--patient", "77"], 2).says(&["--patient"]);

    let revoked = run(&place, &["revoke", "c1"], 0).lines().remove(0);
    assert_eq!((&revoked["id"], &revoked["patient"]), (&json!("c1"), &json!("pt_1")));
    assert_eq!(run(&place, &["list"], 0).lines()[0]["state"], "REVOKED");
    run(&place, &["revoke", "no-such"], 1).says(&["no such consent"]);
    // What was taken back stays so until somebody gives it again.
    assert_eq!(counts(&run(&place, &["import", "in/a.json"], 0))["stored"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_over_mllp_stops_what_follows() {
    let place = Place::initialised();
    let mut server = Server::start(&place, &[SECRET]);
    // Beside a process that sends, a revocation would not bind it.
    for words in [&["import", "carewire"][..], &["revoke", "c1"]] {
        run(&place, words, 3).says(&["another process", "POST /api/consents"]);
    }
    let token = admin(&place);
    let identifier = json!({"system": "urn:oid:1.2.3.4", "value": "CANARYMRN"});
    let patient = call(&server, &token, Method::POST, "/api/patients/resolve", &identifier).await;
    let patient = patient["patient"].as_str().expect("a token").to_owned();
    call(&server, &token, Method::POST, "/api/consents", &consent("c1", &patient)).await;
    let send = |control: &str, con: &str| {
        place.write("message.hl7", format!("{}{con}", crate::support::canary_message(control)));
        place.run(&["mllp", "send", "--to", &server.mllp, "message.hl7"]).is(0);
    };
    send("1", "");
    until(&server, |health| health["messages"]["pushed"] == 1).await;
    send("2", "CON|1|001^CANARYTEXT|CANARYTEXT|CANARYVISIT|||||||X\r");
    send("3", "");
    let health = until(&server, |health| health["messages"]["held"] == 2).await;
    assert_eq!(health["messages"]["pushed"], 1);

    let decide =
        json!({"org": "default", "patient": patient, "purpose": "TREAT", "data_classes": ["VITALS"]});
    let decision = call(&server, &token, Method::POST, "/api/consents/decide", &decide).await;
    assert_eq!(decision["decision"], "deny");
    let listed = run(&place, &["list"], 0);
    assert_eq!(listed.lines().len(), 2);
    assert!(!listed.out.contains("CANARY"), "{}", listed.out);
    assert_eq!(server.terminate(), 0);
    for canary in crate::support::CANARIES {
        assert!(!server.log().contains(canary), "{canary} is in the log");
    }
}

#[test]
fn the_configuration_says_what_messages_may_say() {
    let place = Place::initialised();
    let config = place.read("carewire/carewire.toml").replace("implicit_consent = \"deny\"", "");
    let with = |table: &str| {
        place.write("with.toml", format!("{config}\n[[sender]]\norg = \"north\"\n[consents]\n{table}"));
        place.run(&["serve", "--check", "--config", "with.toml"])
    };
    place.write(
        "types.toml",
        "unrelated = [\"002\"]\n[[type]]\ncode = \"001\"\npurpose = \"CARE\"\ndata_classes = [\"VITALS\"]\n",
    );
    with("").is(0).says(&["from messages", "withdrawals; types agreed on: 0"]);
    with("from_messages = \"all\"\ntypes = \"types.toml\"\norgs = { north = \"none\" }")
        .is(0)
        .says(&["all; of north: none; types agreed on: 1"]);
    place.write("policy.toml", "implicit = \"permit-unless-denied\"\n");
    with("policy = \"policy.toml\"").is(0).says(&["permit-unless-denied"]);
    place.write("policy.toml", "[[redact]]\nelement = \"Patient.telecom\"\n");
    with("policy = \"policy.toml\"").is(2).says(&["policy: redact: ", "`deid_policy`"]);
    place.write(
        "bad.toml",
        "[[type]]\ncode = \"001\"\npurpose = \"CANARYTEXT\"\ndata_classes = [\"VITALS\"]\n",
    );
    with("from_messages = \"some\"\nfrom = 1\ntypes = \"bad.toml\"\norgs = { north = \"some\" }\npolicy = \"no-such.toml\"")
        .is(2)
        .says(&["from_messages: `withdrawals`", "from: no setting", "types: bad.toml: type 1: purpose", "orgs: ", "policy: "]);
}
