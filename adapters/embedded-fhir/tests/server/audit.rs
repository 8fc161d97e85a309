//! `AuditEvent` resources about what was done.

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::Value;

use crate::support::{Running, in_memory, observation, patient, post, start};

/// Interaction, action, outcome and first entity of each event, oldest first.
async fn events(remote: &Running) -> Vec<String> {
    let found = remote.get("/AuditEvent?_sort=_lastUpdated&_count=100").await.json();
    let text = |entry: &Value| {
        let event = entry.get("resource").unwrap();
        let code = event.list("subtype")[0].str("code").unwrap().to_owned();
        let entity = &event.list("entity")[0];
        let what = entity.get("what").and_then(|what| what.str("reference"));
        let what = what.or_else(|| entity.get("type")?.str("code")).unwrap();
        format!("{code} {}{} {what}", event.str("action").unwrap(), event.str("outcome").unwrap())
    };
    let mut events: Vec<_> = found.list("entry").iter().map(text).collect();
    events.sort();
    events
}

#[tokio::test]
async fn every_interaction_is_recorded_but_those_with_the_records() {
    let remote = start(EmbeddedFhir::builder().audit_events(true)).await;
    let id = remote.create(&patient("canary")).await;
    remote.get(&format!("/{id}")).await;
    remote.get("/Patient?identifier=canary").await;
    remote.get("/Patient/canary").await;
    remote.fhir("POST", "/Patient", r#"{"resourceType":"Patient","birthDate":null}"#).await;
    remote
        .bundle("batch", &[post(r#"{"resourceType":"Group","type":"person","actual":true}"#, "Group")])
        .await;
    remote.fhir("DELETE", &format!("/{id}"), "").await;
    let group = remote.get("/Group").await.found()[0].clone();
    let expected = [
        format!("create C0 {id}"),
        format!("create C0 {group}"),
        "create C4 Patient".to_owned(),
        format!("delete D0 {id}"),
        format!("read R0 {id}"),
        "read R4 Patient".to_owned(),
        "search-type E0 Group".to_owned(),
        "search-type E0 Patient".to_owned(),
    ];
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(events(&remote).await, expected);
    assert_eq!(events(&remote).await, expected, "reading the records makes no records");
    let all = remote.get("/AuditEvent?_count=100").await;
    assert!(!all.text.contains("canary"));
    let event = all.json().list("entry")[0].get("resource").unwrap().clone();
    let agent = event.list("agent")[0].clone();
    assert_eq!(agent.get("network").unwrap().str("address"), Some("127.0.0.1"));
    let validated = remote.fhir("POST", "/AuditEvent/$validate", &event.to_json()).await;
    assert!(!validated.text.contains(r#""severity":"error""#), "{}", validated.text);
}

#[tokio::test]
async fn the_records_of_a_patient_are_part_of_everything() {
    let remote = start(EmbeddedFhir::builder().audit_events(true)).await;
    let id = remote.create(&patient("a")).await;
    let found = remote.create(&observation(&id, "")).await;
    remote.fhir("DELETE", &format!("/{found}"), "").await;
    let everything = remote.get(&format!("/{id}/$everything?_type=AuditEvent")).await;
    assert_eq!(everything.found().len(), 3, "two creates and a delete");
}

#[tokio::test]
async fn a_failed_transaction_leaves_a_record_and_nothing_else() {
    let remote = start(EmbeddedFhir::builder().audit_events(true)).await;
    let invalid = r#"{"resourceType":"Patient","birthDate":null}"#;
    let entries = [post(&patient("a"), "Patient"), post(invalid, "Patient")];
    assert_eq!(remote.bundle("transaction", &entries).await.status, 400);
    assert_eq!(events(&remote).await, ["transaction E4 Bundle"]);
}

#[tokio::test]
async fn nothing_is_recorded_unless_it_is_switched_on() {
    let remote = in_memory().await;
    remote.create(&patient("a")).await;
    assert_eq!(remote.count("AuditEvent").await, 0);
}
