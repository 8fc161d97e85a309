//! Batches and transactions.

use crate::support::{conditional, in_memory, issue_text, patient, post, start};
use carewire_embedded_fhir::EmbeddedFhir;

fn put(id: &str) -> String {
    format!(
        r#"{{"resource":{{"resourceType":"Patient","id":"{id}"}},"request":{{"method":"PUT","url":"Patient/{id}"}}}}"#
    )
}

const INVALID: &str = r#"{"resourceType":"Patient","birthDate":null}"#;

#[tokio::test]
async fn references_between_entries_become_ids_in_any_order() {
    let remote = in_memory().await;
    let observation = r#"{"resourceType":"Observation","identifier":[{"value":"o"}],"status":"final",
        "code":{"text":"x"},"subject":{"reference":"urn:uuid:a"}}"#;
    let reply = remote.bundle("transaction", &[post(observation, "Observation"), conditional("a")]).await;
    assert_eq!((reply.status, reply.json().str("type")), (200, Some("transaction-response")));
    assert_eq!(reply.statuses(), ["201", "201"]);
    let response = reply.json().list("entry")[1].get("response").unwrap().clone();
    assert!(response.str("etag").unwrap().starts_with("W/\""));
    let location = response.str("location").unwrap().to_owned();
    let found = remote.get("/Observation?identifier=o").await.json();
    let subject = found.list("entry")[0].get("resource").unwrap().get("subject").unwrap().clone();
    assert_eq!(subject.str("reference"), Some(location.as_str()));
    assert!(subject.get("display").is_none());

    let second = remote.bundle("transaction", &[post(observation, "Observation"), conditional("a")]).await;
    assert_eq!(second.statuses(), ["201", "200"]);
    assert_eq!(remote.count("Patient").await, 1);
}

#[tokio::test]
async fn a_failing_entry_takes_the_whole_transaction_back() {
    let remote = in_memory().await;
    let reply =
        remote.bundle("transaction", &[post(&patient("a"), "Patient"), post(INVALID, "Patient")]).await;
    assert_eq!((reply.status, reply.issue().as_str()), (400, "Invalid null value"));
    assert_eq!(remote.count("Patient").await, 0);
}

#[tokio::test]
async fn a_server_without_atomic_transactions_keeps_the_good_entries() {
    let remote = start(EmbeddedFhir::builder().atomic_transactions(false)).await;
    let reply =
        remote.bundle("transaction", &[post(&patient("a"), "Patient"), post(INVALID, "Patient")]).await;
    assert_eq!((reply.status, reply.json().str("type")), (200, Some("transaction-response")));
    assert_eq!(reply.statuses(), ["201", "400"]);
    assert_eq!(remote.count("Patient").await, 1);
}

#[tokio::test]
async fn a_batch_answers_each_entry() {
    let remote = in_memory().await;
    let id = remote.fhir("POST", "/Patient", &patient("a")).await.id();
    let get = format!(r#"{{"request":{{"method":"GET","url":"Patient/{id}"}}}}"#);
    let stale = format!(
        r#"{{"resource":{{"resourceType":"Patient","id":"{id}"}},"request":{{"method":"PUT","url":"Patient/{id}","ifMatch":"W/\"x\""}}}}"#
    );
    let reply =
        remote.bundle("batch", &[post(&patient("b"), "Patient"), post(INVALID, "Patient"), get, stale]).await;
    assert_eq!(reply.statuses(), ["201", "400", "200", "412"]);
    let entries = reply.json();
    let outcome = entries.list("entry")[1].get("response").unwrap().get("outcome").unwrap().clone();
    assert_eq!(issue_text(&outcome), "Invalid null value");
    assert_eq!(entries.list("entry")[2].get("resource").unwrap().str("id"), Some(id.as_str()));
}

#[tokio::test]
async fn limits_of_transactions() {
    let remote = in_memory().await;
    let conditionals: Vec<_> = (0..9).map(|n| conditional(&format!("c{n}"))).collect();
    let reply = remote.bundle("transaction", &conditionals).await;
    assert_eq!(
        (reply.status, reply.issue().as_str()),
        (400, "Transaction requires strict isolation but has too many entries")
    );
    assert_eq!(remote.bundle("transaction", &conditionals[..8]).await.statuses(), ["201"; 8]);
    assert_eq!(remote.bundle("batch", &conditionals).await.status, 200);
    let mut mixed: Vec<_> = (0..8).map(|_| post(&patient("m"), "Patient")).collect();
    mixed.push(conditional("c0"));
    assert_eq!(remote.bundle("transaction", &mixed).await.status, 400);
    assert_eq!(remote.bundle("transaction", &mixed[..8]).await.status, 200);
    let updates: Vec<_> =
        (0..51).map(|n| put(&format!("6b8a5c0e-0000-4000-8000-0000000000{n:02}"))).collect();
    let reply = remote.bundle("transaction", &updates).await;
    assert_eq!(reply.issue(), "Transaction contains more update operations than allowed");
    let posts: Vec<_> = (0..100).map(|_| post(&patient("p"), "Patient")).collect();
    assert_eq!(remote.bundle("transaction", &posts).await.statuses(), ["201"; 100]);
}

#[tokio::test]
async fn one_identity_may_stand_in_a_transaction_once() {
    let remote = in_memory().await;
    let twice = [conditional("a"), conditional("a")];
    let reply = remote.bundle("transaction", &twice).await;
    assert_eq!((reply.status, reply.issue().as_str()), (400, "Duplicate resource identity found in Bundle"));
    let id = remote.fhir("POST", "/Patient", &patient("a")).await.id();
    let reply = remote.bundle("transaction", &[conditional("a"), put(&id)]).await;
    assert_eq!(reply.issue(), "Duplicate resource identity found in Bundle");
}

#[tokio::test]
async fn in_a_batch_a_second_create_of_an_identity_does_not_match() {
    let remote = in_memory().await;
    let create = format!(
        r#"{{"resource":{},"request":{{"method":"POST","url":"Patient","ifNoneExist":"identifier=urn:t%7Ca"}}}}"#,
        patient("a")
    );
    let reply = remote.bundle("batch", &[conditional("a"), create]).await;
    assert_eq!(reply.statuses(), ["400", "201"]);
    let outcome = reply.json().list("entry")[0].get("response").unwrap().get("outcome").unwrap().clone();
    assert_eq!(issue_text(&outcome), "Resource ID did not match resolved ID");
}

#[tokio::test]
async fn several_matches_are_a_400_in_a_bundle() {
    let remote = in_memory().await;
    remote.fhir("POST", "/Patient", &patient("a")).await;
    remote.fhir("POST", "/Patient", &patient("a")).await;
    let reply = remote.bundle("transaction", &[conditional("a")]).await;
    assert_eq!((reply.status, reply.issue().as_str()), (400, "Conditional PUT matched multiple resources"));
}

#[tokio::test]
async fn a_conditional_reference_gets_the_patients_name() {
    let remote = in_memory().await;
    let named = r#"{"resourceType":"Patient","identifier":[{"value":"a"}],"name":[{"given":["Ann"],"family":"Lee"}]}"#;
    let id = remote.fhir("POST", "/Patient", named).await.id();
    let observation = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient?identifier=a"}}"#;
    remote.bundle("transaction", &[post(observation, "Observation")]).await;
    let found = remote.get(&format!("/Observation?subject=Patient/{id}")).await.json();
    let subject = found.list("entry")[0].get("resource").unwrap().get("subject").unwrap().clone();
    assert_eq!(subject.str("display"), Some("Ann Lee"));
}

#[tokio::test]
async fn parallel_conditional_updates_make_one_resource() {
    let remote = std::sync::Arc::new(in_memory().await);
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let remote = std::sync::Arc::clone(&remote);
            tokio::spawn(async move { remote.bundle("transaction", &[conditional("a")]).await.statuses() })
        })
        .collect();
    let mut created = 0;
    for task in tasks {
        created += usize::from(task.await.unwrap() == ["201"]);
    }
    assert_eq!((created, remote.count("Patient").await), (1, 1));
}
