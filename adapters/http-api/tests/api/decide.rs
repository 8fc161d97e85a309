//! `POST /api/consents/decide`: roles, orgs, bad bodies, the record.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as expected"
)]

use carewire_http_api::{Claims, Role};
use carewire_sync_engine::{AuditAction, AuditLog, AuditQuery, AuditRecord};
use serde_json::{Value, json};

use crate::support::{
    Answer, Bench, ORG, OTHER, SECRET, bench, bench_of_two, claims, consent, patient_token, signed, token,
};

const DECIDE: &str = "/api/consents/decide";

/// A bench with a patient who permits everything, for treatment and research.
async fn consented() -> (Bench, String) {
    let bench = bench().await;
    let patient = bench.patient("77").await;
    for (id, purpose) in [("c1", "CARE"), ("c2", "HRESCH")] {
        let mut consent = consent(id, &patient);
        consent["purpose"] = json!(purpose);
        bench.post("/api/consents", &token(Role::Admin), consent).await.accepted();
    }
    (bench, patient.to_string())
}

fn request(patient: &str, edit: Value) -> Value {
    let mut request = json!({"org": ORG, "patient": format!("Patient/{patient}"), "purpose": "TREAT",
        "data_classes": ["VITALS"]});
    for (name, value) in edit.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

/// The decision, and the codes of what denies.
#[track_caller]
fn decision(answer: &Answer) -> (String, Vec<String>) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let json = answer.json();
    let members: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(members, ["decision", "kind", "obligations", "reasons"], "as the command line prints it");
    let denies = json["reasons"].as_array().unwrap().iter().filter(|reason| reason["effect"] == "deny");
    let why = denies.map(|reason| reason["why"].as_str().unwrap().to_owned()).collect();
    (json["decision"].as_str().unwrap().to_owned(), why)
}

async fn decisions(bench: &Bench) -> Vec<AuditRecord> {
    let query = AuditQuery { action: Some(AuditAction::ConsentDecided), ..AuditQuery::default() };
    let page = bench.store.search(bench.gateway.org(), &query, 1_000).await.unwrap();
    page.into_iter().map(|entry| entry.record).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_is_held_to_its_rule() {
    let (bench, patient) = consented().await;
    let own = patient_token(&bench.patient("77").await);
    let audit_event = json!({"resource": {"resourceType": "AuditEvent"}});
    let research = json!({"deidentified": true, "purpose": "HRESCH"});
    let cases: [(&str, String, Value, &[&str]); 13] = [
        ("A3", token(Role::Admin), json!({}), &[]),
        ("A4", token(Role::Clinician), json!({}), &["encounter-not-known"]),
        ("A4", token(Role::Clinician), json!({"active_encounter": false}), &["no-active-encounter"]),
        ("A4", token(Role::Clinician), json!({"active_encounter": true}), &[]),
        ("A5", own, json!({}), &[]),
        ("A6", token(Role::Researcher), json!({}), &["not-deidentified"]),
        ("A6", token(Role::Researcher), json!({"deidentified": true}), &["not-research"]),
        ("A6", token(Role::Researcher), research, &[]),
        ("A7", token(Role::Auditor), json!({}), &["not-audit-data"]),
        ("A8", token(Role::System), json!({}), &["not-transport"]),
        ("A8", token(Role::System), json!({"action": "disclose"}), &[]),
        ("A2", token(Role::Admin), json!({"actor": {"role": "WIZARD"}}), &["unknown-role"]),
        (
            "A1",
            token(Role::Admin),
            json!({"actor": {"org": OTHER, "reference": "Practitioner/7"}}),
            &["other-org"],
        ),
    ];
    let asked = cases.len();
    for (rule, token, edit, denied) in cases {
        let answer = bench.post(DECIDE, &token, request(&patient, edit)).await;
        let (decision, why) = decision(&answer);
        let expected = if denied.is_empty() { "permit" } else { "deny" };
        assert_eq!(decision, expected, "{rule}: {}", answer.text);
        assert!(denied.iter().all(|code| why.iter().any(|why| why == code)), "{rule}: {}", answer.text);
    }
    // An auditor may ask about audit events; that no consent speaks of them is another matter.
    let answer = bench.post(DECIDE, &token(Role::Auditor), request(&patient, audit_event)).await;
    assert!(!decision(&answer).1.contains(&"not-audit-data".to_owned()), "{}", answer.text);
    assert_eq!(decisions(&bench).await.len(), asked + 1, "one record for each");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_claims_what_his_token_does_not_show() {
    let (bench, patient) = consented().await;
    let other = bench.patient("78").await;
    let forged = [
        (token(Role::Clinician), json!({"role": "ADMIN"})),
        (token(Role::Researcher), json!({"role": "CLINICIAN"})),
        (token(Role::System), json!({"role": "AUDITOR"})),
        (token(Role::Clinician), json!({"reference": "Practitioner/somebody-else"})),
        (token(Role::Clinician), json!({"reference": "Organization/ada"})),
        (token(Role::Clinician), json!({"aliases": ["CareTeam/1"]})),
        (token(Role::Clinician), json!({"org": OTHER})),
        (patient_token(&other), json!({"reference": format!("Patient/{patient}")})),
        (patient_token(&other), json!({"aliases": [format!("Patient/{patient}")]})),
        (patient_token(&other), json!({})),
        (token(Role::Patient), json!({})),
    ];
    for (token, actor) in forged {
        let asked = request(&patient, json!({"actor": actor, "active_encounter": true}));
        bench.post(DECIDE, &token, asked).await.refused(403, "forbidden");
    }
    let renamed = request(&patient, json!({"org_aliases": ["Organization/ada"], "active_encounter": true}));
    bench.post(DECIDE, &token(Role::Clinician), renamed).await.refused(403, "forbidden");
    assert!(decisions(&bench).await.is_empty(), "nothing was decided");
    // What it does show may be said.
    let stated = json!({"role": "PROVIDER", "reference": "Practitioner/ada", "org": ORG});
    let asked = request(&patient, json!({"actor": stated, "active_encounter": true}));
    assert_eq!(decision(&bench.post(DECIDE, &token(Role::Clinician), asked).await).0, "permit");
    let [record] = &decisions(&bench).await[..] else { panic!("one decision") };
    assert_eq!(record.details["actor"], "Practitioner/ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_org_decides_about_its_own_patients_only() {
    let bench = bench_of_two().await;
    let patient = bench.patient("77").await;
    bench.post("/api/consents", &token(Role::Admin), consent("c1", &patient)).await.accepted();
    let asked = request(patient.as_str(), json!({}));
    let theirs = signed(&Claims { org: OTHER.into(), ..claims(Role::Admin) }, SECRET);
    bench.post(DECIDE, &theirs, &asked).await.refused(403, "forbidden");
    // Under its own name the other org knows nothing of the consent.
    let there = request(patient.as_str(), json!({"org": OTHER}));
    assert_eq!(decision(&bench.post(DECIDE, &theirs, &there).await).0, "deny");
    bench.post(DECIDE, &token(Role::Admin), there).await.refused(403, "forbidden");
    assert_eq!(decision(&bench.post(DECIDE, &token(Role::Admin), asked).await).0, "permit");
    assert_eq!(decisions(&bench).await.len(), 1, "each org has its own trail");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_refused_by_place_and_without_its_values() {
    let (bench, patient) = consented().await;
    let good = request(&patient, json!({})).to_string();
    let bad = [
        String::new(),
        "{".into(),
        "[]".into(),
        good.replace("\"org\"", "\"canary\":\"canary\",\"org\""),
        good.replace("\"TREAT\"", "{\"canary\":1}"),
        good.replace("\"org\"", "\"org\":\"canary\",\"org\""),
        good.replace(&format!("Patient/{patient}"), "Group/canary"),
        good.replace("\"org\"", "\"resource\":{\"resourceType\":\"Canary thing\"},\"org\""),
    ];
    for body in bad {
        let answer = bench.post(DECIDE, &token(Role::Admin), &body).await;
        answer.refused(400, "invalid");
        assert!(!answer.text.to_lowercase().contains("canary"), "{}", answer.text);
        assert!(answer.text.contains("line ") && answer.text.contains("column "), "{}", answer.text);
    }
    bench.post(DECIDE, "nobody", good).await.refused(401, "unauthorized");
    assert!(decisions(&bench).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_says_of_which_classes_it_is() {
    let (bench, patient) = consented().await;
    let of = |resource: Value| {
        let mut asked = request(&patient, json!({"resource": resource}));
        asked.as_object_mut().unwrap().remove("data_classes");
        asked
    };
    let drug = json!({"resourceType": "MedicationRequest"});
    let known = bench.post(DECIDE, &token(Role::Admin), of(drug)).await;
    assert_eq!(decision(&known).0, "permit", "{}", known.text);
    let unknown = bench.post(DECIDE, &token(Role::Admin), of(json!({"resourceType": "Basic"}))).await;
    assert_eq!(decision(&unknown).0, "deny", "{}", unknown.text);
    let classes: Vec<String> =
        decisions(&bench).await.into_iter().map(|record| record.details["classes"].clone()).collect();
    assert_eq!(classes, ["MEDICATIONS", "UNCLASSIFIED"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_glass_is_permitted_for_a_reason_and_raises_an_alert() {
    let bench = bench().await;
    let patient = bench.patient("77").await;
    let breaking = |reason: &str| {
        let glass = json!({"purpose": "BTG", "active_encounter": true, "break_glass": {"reason": reason}});
        request(patient.as_str(), glass)
    };
    let clinician = token(Role::Clinician);
    assert_eq!(decision(&bench.post(DECIDE, &clinician, breaking(" ")).await).0, "deny");
    assert_eq!(decision(&bench.post(DECIDE, &token(Role::Admin), breaking("canary")).await).0, "deny");
    let broken = bench.post(DECIDE, &clinician, breaking("canary, found unconscious")).await;
    assert_eq!(decision(&broken).0, "permit", "{}", broken.text);
    let [unreasoned, admin, glass] = &decisions(&bench).await[..] else { panic!("three decisions") };
    assert!([unreasoned, admin].iter().all(|record| !record.details.contains_key("alert")));
    assert_eq!((glass.outcome.as_str(), glass.details["alert"].as_str()), ("permit", "true"));
    assert!(glass.details["reasons"].contains("glass-broken"), "{:?}", glass.details);
    assert_eq!(glass.correlation.as_str(), broken.correlation, "the record leads to the request");
    assert!(!format!("{:?} {}", decisions(&bench).await, broken.text).contains("canary"));
    let metrics = bench.get("/metrics", "").await.text;
    assert!(metrics.contains("carewire_glass_broken_total{org=\"clinic\"} 1"), "{metrics}");
}
