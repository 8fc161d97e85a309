//! Single resources: ids, versions, conditions, deletes.

use crate::support::{in_memory, patient, start};
use carewire_embedded_fhir::{Decimals, EmbeddedFhir};
use carewire_fhir_core::Value;

const UNKNOWN: &str = "6b8a5c0e-0000-4000-8000-000000000001";

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.parse::<uuid::Uuid>().is_ok()
}

#[tokio::test]
async fn the_server_gives_the_id_and_ignores_the_one_that_was_sent() {
    let remote = in_memory().await;
    let reply =
        remote.fhir("POST", "/Patient", &format!(r#"{{"resourceType":"Patient","id":"{UNKNOWN}"}}"#)).await;
    assert_eq!(reply.status, 201);
    assert!(is_uuid(&reply.id()) && reply.id() != UNKNOWN);
    assert!(reply.header("location").unwrap().ends_with(&format!("/fhir/R4/Patient/{}", reply.id())));
    let version = reply.json().get("meta").unwrap().str("versionId").unwrap().to_owned();
    assert!(is_uuid(&version));
    assert_eq!(reply.header("etag"), Some(format!("W/\"{version}\"").as_str()));
    assert!(reply.header("last-modified").unwrap().ends_with("GMT"));
}

#[tokio::test]
async fn clients_cannot_choose_ids_on_put() {
    let remote = in_memory().await;
    let put = |id: &str| (format!("/Patient/{id}"), format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#));
    let (path, body) = put("pt_abc123");
    let reply = remote.fhir("PUT", &path, &body).await;
    assert_eq!((reply.status, reply.issue().as_str()), (400, "Invalid id"));
    let (path, body) = put(UNKNOWN);
    assert_eq!(remote.fhir("PUT", &path, &body).await.status, 404);
    let id = remote.fhir("POST", "/Patient", &patient("a")).await.id();
    let reply = remote.fhir("PUT", &format!("/Patient/{id}"), &body).await;
    assert_eq!((reply.status, reply.issue().as_str()), (400, "Incorrect resource ID"));
    assert_eq!(remote.get("/Patient/pt_abc123").await.status, 404);
}

#[tokio::test]
async fn a_null_is_refused_with_its_place() {
    let remote = in_memory().await;
    let reply = remote.fhir("POST", "/Patient", r#"{"resourceType":"Patient","birthDate":null}"#).await;
    assert_eq!((reply.status, reply.issue().as_str()), (400, "Invalid null value"));
    assert_eq!(reply.json().list("issue")[0].list("expression"), [Value::string("Patient.birthDate")]);
}

#[tokio::test]
async fn an_unchanged_put_keeps_version_and_history() {
    let remote = in_memory().await;
    let created = remote.fhir("POST", "/Patient", &patient("a")).await;
    let path = format!("/Patient/{}", created.id());
    let again = remote.fhir("PUT", &path, &created.text).await;
    assert_eq!((again.status, again.header("etag")), (200, created.header("etag")));
    assert_eq!(remote.get(&format!("{path}/_history")).await.json().list("entry").len(), 1);
    let changed = created.json().with("active", true).to_json();
    let changed = remote.fhir("PUT", &path, &changed).await;
    assert_ne!(changed.header("etag"), created.header("etag"));
    let history = remote.get(&format!("{path}/_history")).await.json();
    assert_eq!(history.list("entry").len(), 2);
    let old = created.header("etag").unwrap().trim_matches(|c| c == 'W' || c == '/' || c == '"').to_owned();
    assert_eq!(remote.get(&format!("{path}/_history/{old}")).await.text, created.text);
}

#[tokio::test]
async fn versions_guard_reads_and_writes() {
    let remote = in_memory().await;
    let created = remote.fhir("POST", "/Patient", &patient("a")).await;
    let path = format!("/Patient/{}", created.id());
    let etag = created.header("etag").unwrap();
    assert_eq!(remote.with("GET", &path, &[&format!("If-None-Match: {etag}")], "").await.status, 304);
    let change = |active: bool| created.json().with("active", active).to_json();
    let guarded = [&*format!("If-Match: {etag}")];
    assert_eq!(remote.with("PUT", &path, &guarded, &change(true)).await.status, 200);
    let stale = remote.with("PUT", &path, &guarded, &change(false)).await;
    assert_eq!((stale.status, stale.json().str("id")), (412, Some("precondition-failed")));
    assert_eq!(remote.with("GET", &path, &[&format!("If-None-Match: {etag}")], "").await.status, 200);
}

#[tokio::test]
async fn a_deleted_resource_is_gone_until_it_is_put_again() {
    let remote = in_memory().await;
    let created = remote.fhir("POST", "/Patient", &patient("a")).await;
    let path = format!("/Patient/{}", created.id());
    assert_eq!(remote.fhir("DELETE", &path, "").await.status, 200);
    assert_eq!(remote.fhir("DELETE", &path, "").await.status, 200);
    let gone = remote.get(&path).await;
    assert_eq!((gone.status, gone.json().str("id")), (410, Some("gone")));
    assert_eq!(remote.count("Patient").await, 0);
    let history = remote.get(&format!("{path}/_history")).await.json();
    assert_eq!(history.list("entry").len(), 2);
    assert_eq!(history.list("entry")[0].get("response").unwrap().str("status"), Some("410"));
    let conditional = remote.fhir("PUT", "/Patient?identifier=urn:t%7Ca", &patient("a")).await;
    assert_eq!(conditional.status, 201);
    assert_ne!(conditional.id(), created.id());
    assert_eq!(remote.fhir("PUT", &path, &created.text).await.status, 200);
    assert_eq!(remote.get(&path).await.status, 200);
}

#[tokio::test]
async fn a_conditional_update_creates_updates_or_refuses() {
    let remote = in_memory().await;
    let path = "/Patient?identifier=urn:t%7Ca";
    let created = remote.fhir("PUT", path, &patient("a")).await;
    assert_eq!(created.status, 201);
    let same = remote.fhir("PUT", path, &patient("a")).await;
    assert_eq!((same.status, same.header("etag")), (200, created.header("etag")));
    let wrong = format!(r#"{{"resourceType":"Patient","id":"{UNKNOWN}"}}"#);
    assert_eq!(remote.fhir("PUT", path, &wrong).await.issue(), "Resource ID did not match resolved ID");
    remote.fhir("POST", "/Patient", &patient("a")).await;
    let many = remote.fhir("PUT", path, &patient("a")).await;
    assert_eq!((many.status, many.json().str("id")), (412, Some("multiple-matches")));
    assert_eq!(remote.fhir("PUT", "/Patient", &patient("a")).await.status, 400);
}

#[tokio::test]
async fn types_without_identifier_are_found_by_tag() {
    let remote = in_memory().await;
    let body = r#"{"resourceType":"Provenance","meta":{"tag":[{"system":"urn:t","code":"p"}]},
        "target":[{"reference":"Patient/x"}],"recorded":"2026-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}"#;
    let created = remote.fhir("PUT", "/Provenance?_tag=urn:t%7Cp", body).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(remote.fhir("PUT", "/Provenance?_tag=urn:t%7Cp", body).await.id(), created.id());
    let refused = remote.fhir("PUT", "/Provenance?identifier=urn:t%7Cp", body).await;
    assert_eq!(refused.issue(), "Unknown search parameter: identifier");
}

#[tokio::test]
async fn if_none_exist_creates_once() {
    let remote = in_memory().await;
    let header = ["If-None-Exist: identifier=urn:t%7Ca"];
    let first = remote.with("POST", "/Patient", &header, &patient("a")).await;
    let second = remote.with("POST", "/Patient", &header, &patient("a")).await;
    assert_eq!((first.status, second.status), (201, 200));
    assert_eq!(first.id(), second.id());
}

#[tokio::test]
async fn decimals_lose_their_trailing_zeros_unless_switched() {
    let body = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":70.50}}"#;
    let remote = in_memory().await;
    assert!(remote.fhir("POST", "/Observation", body).await.text.contains(r#""value":70.5}"#));
    let remote = start(EmbeddedFhir::builder().decimals(Decimals::Verbatim)).await;
    assert!(remote.fhir("POST", "/Observation", body).await.text.contains(r#""value":70.50}"#));
}

#[tokio::test]
async fn tags_and_source_stay_and_the_server_owns_the_rest_of_meta() {
    let remote = in_memory().await;
    let body = r#"{"resourceType":"Patient","meta":{"versionId":"1","lastUpdated":"2000-01-01T00:00:00Z",
        "source":"urn:s","tag":[{"code":"h"}],"author":{"display":"x"}}}"#;
    let meta = remote.fhir("POST", "/Patient", body).await.json().get("meta").unwrap().clone();
    assert_eq!((meta.str("source"), meta.list("tag").len()), (Some("urn:s"), 1));
    assert_ne!(meta.str("versionId"), Some("1"));
    assert!(!meta.str("lastUpdated").unwrap().starts_with("2000"));
    assert!(meta.get("author").is_none());
}

#[tokio::test]
async fn what_is_too_large_or_unknown_is_refused_with_an_outcome() {
    let remote = in_memory().await;
    let large = format!(r#"{{"resourceType":"Patient","language":"{}"}}"#, "x".repeat(1 << 20));
    let reply = remote.fhir("POST", "/Patient", &large).await;
    assert_eq!((reply.status, reply.issue().as_str()), (400, "File too large"));
    assert_eq!(remote.fhir("POST", "/Patient", "{").await.issue(), "Content could not be parsed");
    assert_eq!(remote.fhir("POST", "/Patient", r#"{"resourceType":"Group"}"#).await.status, 400);
    assert_eq!(remote.get("/Patient?shoe-size=x").await.issue(), "Unknown search parameter: ?");
    assert_eq!(remote.fhir("PATCH", "/Patient", "").await.issue(), "Unsupported content type");
    assert_eq!(remote.get("/metadata").await.json().str("fhirVersion"), Some("4.0.1"));
}

#[tokio::test]
async fn a_token_is_demanded_where_one_is_set() {
    let remote = start(EmbeddedFhir::builder().bearer_token("s3cret")).await;
    let reply = remote.get("/Patient").await;
    assert_eq!((reply.status, reply.json().str("id")), (401, Some("unauthorized")));
    assert_eq!(remote.with("GET", "/Patient", &["Authorization: Bearer s3cres"], "").await.status, 401);
    assert_eq!(remote.with("GET", "/Patient", &["Authorization: Bearer s3cret"], "").await.status, 200);
    assert_eq!(remote.send("GET", "/_stats", &[], "").await.unwrap().status, 401);
    assert_eq!(remote.send("GET", "/healthcheck", &[], "").await.unwrap().status, 200);
}
