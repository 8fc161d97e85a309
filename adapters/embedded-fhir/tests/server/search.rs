//! Searching.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::support::{Running, in_memory, patient, start};
use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::Value;
use chrono::DateTime;

/// The identifier values that a search finds, in its order.
async fn found(remote: &Running, query: &str) -> Vec<String> {
    let bundle = remote.get(query).await.json();
    let value =
        |entry: &Value| entry.get("resource")?.list("identifier").first()?.str("value").map(str::to_owned);
    bundle.list("entry").iter().filter_map(value).collect()
}

/// A server with patients `a` to `e`, made one second apart from 2026-01-01T00:00:00Z on.
async fn five() -> (Running, Vec<String>) {
    let seconds = Arc::new(AtomicI64::new(0));
    let start_of_2026 = 1_767_225_600;
    let clock =
        move || DateTime::from_timestamp(start_of_2026 + seconds.fetch_add(1, Ordering::SeqCst), 0).unwrap();
    let remote = start(EmbeddedFhir::builder().clock(clock)).await;
    let mut ids = Vec::new();
    for value in ["a", "b", "c", "d", "e"] {
        ids.push(remote.fhir("POST", "/Patient", &patient(value)).await.id());
    }
    (remote, ids)
}

#[tokio::test]
async fn by_id_and_identifier() {
    let (remote, ids) = five().await;
    assert_eq!(found(&remote, &format!("/Patient?_id={},{},x", ids[3], ids[1])).await, ["b", "d"]);
    assert_eq!(found(&remote, "/Patient?identifier=urn:t%7Cc").await, ["c"]);
    assert_eq!(found(&remote, "/Patient?identifier=c").await, ["c"]);
    assert_eq!(found(&remote, "/Patient?identifier=urn:t%7Cc,e").await, ["c", "e"]);
    assert!(found(&remote, "/Patient?identifier=%7Cc").await.is_empty());
    assert!(found(&remote, "/Patient?identifier=urn:other%7Cc").await.is_empty());
    let form = remote.fhir("POST", "/Patient/_search", "identifier=urn:t%7Cc").await;
    assert_eq!(form.json().list("entry").len(), 1);
}

#[tokio::test]
async fn by_time_in_either_order() {
    let (remote, _) = five().await;
    let second = |n: u8| format!("2026-01-01T00:00:0{n}Z");
    assert_eq!(found(&remote, &format!("/Patient?_lastUpdated=gt{}", second(2))).await, ["d", "e"]);
    assert_eq!(
        found(&remote, &format!("/Patient?_lastUpdated=ge{}&_sort=-_lastUpdated", second(2))).await,
        ["e", "d", "c"]
    );
    let both = format!("/Patient?_lastUpdated=ge{}&_lastUpdated=lt{}", second(1), second(3));
    assert_eq!(found(&remote, &both).await, ["b", "c"]);
    assert_eq!(found(&remote, "/Patient?_lastUpdated=2026-01").await.len(), 5);
    assert!(found(&remote, "/Patient?_lastUpdated=lt2026").await.is_empty());
}

#[tokio::test]
async fn pages_follow_their_links() {
    let (remote, _) = five().await;
    let mut query = "/Patient?_sort=_lastUpdated&_count=2&_total=accurate".to_owned();
    let mut values = Vec::new();
    loop {
        let reply = remote.get(&query).await.json();
        assert_eq!(reply.get("total").and_then(Value::as_i64), Some(5));
        values.extend(found(&remote, &query).await);
        let next = reply.list("link").iter().find(|link| link.str("relation") == Some("next"));
        let Some(url) = next.and_then(|link| link.str("url")) else { break };
        query = url.split_once("/fhir/R4").unwrap().1.to_owned();
    }
    assert_eq!(values, ["a", "b", "c", "d", "e"]);
    assert_eq!(remote.count("Patient?identifier=urn:t%7Ca").await, 1);
}

#[tokio::test]
async fn elements_can_be_left_out() {
    let (remote, ids) = five().await;
    let bundle = remote.get(&format!("/Patient?_id={}&_elements=id,meta", ids[0])).await.json();
    let resource = bundle.list("entry")[0].get("resource").unwrap().clone();
    let names: Vec<_> = resource.members().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, ["resourceType", "id", "meta"]);
}

#[tokio::test]
async fn by_patient() {
    let remote = in_memory().await;
    let id = remote.fhir("POST", "/Patient", &patient("a")).await.id();
    let observation = format!(
        r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"subject":{{"reference":"Patient/{id}"}}}}"#
    );
    remote.fhir("POST", "/Observation", &observation).await;
    for query in [format!("subject=Patient/{id}"), format!("patient={id}"), format!("subject={id}")] {
        assert_eq!(remote.count(&format!("Observation?{query}")).await, 1, "{query}");
    }
    assert_eq!(remote.count("Observation?patient=Patient/x").await, 0);
}

#[tokio::test]
async fn an_index_forgets_what_a_resource_no_longer_has() {
    let remote = in_memory().await;
    let created = remote.fhir("POST", "/Patient", &patient("old")).await;
    let changed = created.text.replace("\"old\"", "\"new\"");
    assert_eq!(remote.fhir("PUT", &format!("/Patient/{}", created.id()), &changed).await.status, 200);
    assert_eq!(remote.count("Patient?identifier=urn:t%7Cold").await, 0);
    assert_eq!(remote.count("Patient?identifier=urn:t%7Cnew").await, 1);
}
