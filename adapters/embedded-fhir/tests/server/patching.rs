//! `PATCH`, and what a client wants to see of what it wrote.

use carewire_fhir_core::Value;

use crate::support::{in_memory, patient};

const JSON_PATCH: &str = "Content-Type: application/json-patch+json";

#[tokio::test]
async fn a_patch_makes_a_version() {
    let remote = in_memory().await;
    let created = remote.fhir("POST", "/Patient", &patient("a")).await;
    let path = format!("/Patient/{}", created.id());
    let patch = r#"[{"op":"test","path":"/identifier/0/value","value":"a"},{"op":"add","path":"/active","value":true}]"#;
    let patched = remote.with("PATCH", &path, &[JSON_PATCH], patch).await;
    assert_eq!(patched.status, 200, "{}", patched.text);
    assert_eq!(patched.json().get("active").and_then(Value::as_bool), Some(true));
    assert_ne!(patched.header("etag"), created.header("etag"));
    let stale = format!("If-Match: {}", created.header("etag").unwrap());
    assert_eq!(remote.with("PATCH", &path, &[JSON_PATCH, &stale], patch).await.status, 412);
    let again = r#"[{"op":"replace","path":"/active","value":true}]"#;
    let again = remote.with("PATCH", &path, &[JSON_PATCH], again).await;
    assert_eq!(again.header("etag"), patched.header("etag"), "nothing changed");
    let emptied = r#"[{"op":"remove","path":"/identifier/0"}]"#;
    assert!(remote.with("PATCH", &path, &[JSON_PATCH], emptied).await.json().get("identifier").is_none());
}

#[tokio::test]
async fn what_cannot_be_patched_stays_as_it_is() {
    let remote = in_memory().await;
    let created = remote.fhir("POST", "/Patient", &patient("a")).await;
    let path = format!("/Patient/{}", created.id());
    let rows = [
        (r#"[{"op":"test","path":"/active","value":true}]"#, 422),
        (r#"[{"op":"remove","path":"/active"}]"#, 400),
        (r#"[{"op":"replace","path":"/id","value":"x"}]"#, 400),
        (r#"[{"op":"replace","path":"/resourceType","value":"Group"}]"#, 400),
        (r#"[{"op":"add","path":"/birthDate","value":null}]"#, 400),
        (r#"{"op":"remove"}"#, 400),
        ("", 400),
    ];
    for (patch, status) in rows {
        assert_eq!(remote.with("PATCH", &path, &[JSON_PATCH], patch).await.status, status, "{patch}");
    }
    let fhir = ["Content-Type: application/fhir+json"];
    assert_eq!(remote.with("PATCH", &path, &fhir, r#"{"resourceType":"Parameters"}"#).await.status, 415);
    assert_eq!(remote.get(&path).await.text, created.text);
    remote.fhir("DELETE", &path, "").await;
    assert_eq!(remote.with("PATCH", &path, &[JSON_PATCH], "[]").await.status, 410);
    assert_eq!(remote.with("PATCH", "/Patient/x", &[JSON_PATCH], "[]").await.status, 404);
}

#[tokio::test]
async fn a_patch_can_find_its_resource_and_stand_in_a_bundle() {
    let remote = in_memory().await;
    let path = "/Patient?identifier=urn:t%7Ca";
    let patch = r#"[{"op":"add","path":"/active","value":false}]"#;
    assert_eq!(remote.with("PATCH", path, &[JSON_PATCH], patch).await.status, 404);
    let id = remote.create(&patient("a")).await;
    assert_eq!(remote.with("PATCH", path, &[JSON_PATCH], patch).await.status, 200);
    // [{"op":"remove","path":"/active"}]
    let data = "W3sib3AiOiJyZW1vdmUiLCJwYXRoIjoiL2FjdGl2ZSJ9XQ==";
    let entry = format!(
        r#"{{"resource":{{"resourceType":"Binary","contentType":"application/json-patch+json","data":"{data}"}},"request":{{"method":"PATCH","url":"{id}"}}}}"#
    );
    assert_eq!(remote.bundle("transaction", &[entry]).await.statuses(), ["200"]);
    assert!(remote.get(&format!("/{id}")).await.json().get("active").is_none());
    remote.create(&patient("a")).await;
    assert_eq!(remote.with("PATCH", path, &[JSON_PATCH], patch).await.status, 412);
}

#[tokio::test]
async fn the_client_says_what_it_wants_back() {
    let remote = in_memory().await;
    let create = async |prefer: &str| remote.with("POST", "/Patient", &[prefer], &patient("a")).await;
    let minimal = create("Prefer: return=minimal").await;
    assert_eq!((minimal.status, minimal.text.as_str()), (201, ""));
    assert!(minimal.header("location").is_some() && minimal.header("etag").is_some());
    assert_eq!(create("Prefer: return=OperationOutcome").await.json().str("id"), Some("ok"));
    assert_eq!(create("Prefer: return=representation").await.json().str("resourceType"), Some("Patient"));
    let found = remote.with("GET", "/Patient", &["Prefer: return=minimal"], "").await;
    assert_eq!(found.json().list("entry").len(), 3);
}
