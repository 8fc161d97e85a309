//! What was: of a resource, of a type, of all.

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::Value;

use crate::support::{Reply, in_memory, observation, patient, start, ticking};

/// Method and URL of each entry.
fn requests(reply: &Reply) -> Vec<String> {
    let bundle = reply.json();
    assert_eq!(bundle.str("type"), Some("history"), "{}", reply.text);
    let text = |entry: &Value| {
        let request = entry.get("request").unwrap();
        format!("{} {}", request.str("method").unwrap(), request.str("url").unwrap())
    };
    bundle.list("entry").iter().map(text).collect()
}

#[tokio::test]
async fn all_that_happened_is_listed_newest_first() {
    let remote = in_memory().await;
    let one = remote.create(&patient("a")).await;
    let other = remote.create(&observation(&one, "")).await;
    let body = remote.get(&format!("/{one}")).await.json().with("active", true).to_json();
    remote.fhir("PUT", &format!("/{one}"), &body).await;
    remote.fhir("DELETE", &format!("/{one}"), "").await;
    let (delete, put) = (format!("DELETE {one}"), format!("PUT {one}"));
    let of_patient = [delete.as_str(), put.as_str(), "POST Patient"];
    assert_eq!(requests(&remote.get(&format!("/{one}/_history")).await), of_patient);
    assert_eq!(requests(&remote.get("/Patient/_history").await), of_patient);
    let system = remote.get("/_history").await;
    assert_eq!(requests(&system), [delete.as_str(), &put, "POST Observation", "POST Patient"]);
    assert_eq!(system.json().get("total").and_then(Value::as_i64), Some(4));
    let newest = system.json().list("entry")[0].clone();
    assert_eq!(newest.get("response").unwrap().str("status"), Some("410"));
    assert!(newest.get("resource").is_none());
    assert!(newest.str("fullUrl").unwrap().ends_with(&one));
    assert_eq!(requests(&remote.get(&format!("/{other}/_history")).await), ["POST Observation"]);
    assert_eq!(remote.get("/Group/_history").await.json().list("entry").len(), 0);
    assert_eq!(remote.get("/Patient/6b8a5c0e-0000-4000-8000-000000000001/_history").await.status, 404);
}

#[tokio::test]
async fn pages_stay_what_they_are_while_others_write() {
    let remote = in_memory().await;
    for n in 0..5 {
        remote.create(&patient(&n.to_string())).await;
    }
    let whole = remote.get("/_history").await.found();
    let first = remote.get("/_history?_count=2").await;
    remote.create(&patient("later")).await;
    let mut found = first.found();
    for page in remote.pages(&first.link("next").unwrap()).await {
        assert_eq!(page.json().get("total").and_then(Value::as_i64), Some(6));
        found.extend(page.found());
    }
    assert_eq!(found, whole);
}

#[tokio::test]
async fn a_history_can_begin_at_a_time() {
    let remote = start(EmbeddedFhir::builder().clock(ticking())).await;
    for value in ["a", "b", "c"] {
        remote.create(&patient(value)).await;
    }
    let since = |at: &str| format!("/Patient/_history?_since={at}");
    assert_eq!(remote.get(&since("2026-01-01T00:00:01Z")).await.found().len(), 2);
    assert_eq!(remote.get(&since("2026-01-01T01:00:02%2B01:00")).await.found().len(), 1);
    assert_eq!(remote.get(&since("2027")).await.found().len(), 0);
    for query in ["_since=x", "_count=x", "_before=x", "name=x"] {
        assert_eq!(remote.get(&format!("/Patient/_history?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn a_history_is_the_same_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("remote.db");
    let first = start(EmbeddedFhir::builder().sqlite(&path)).await;
    for n in 0..4 {
        first.create(&patient(&n.to_string())).await;
    }
    let page = first.get("/_history?_count=2").await;
    let rest = first.get(&page.link("next").unwrap()).await.found();
    drop(first);
    let second = start(EmbeddedFhir::builder().sqlite(&path)).await;
    assert_eq!(second.get(&page.link("next").unwrap()).await.found(), rest);
}
