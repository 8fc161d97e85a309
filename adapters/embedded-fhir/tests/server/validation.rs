//! `$validate`.

use carewire_fhir_core::Value;

use crate::support::{Reply, in_memory, issue_text, patient};

/// The expressions of the errors.
fn errors(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let outcome = reply.json();
    assert_eq!(outcome.str("resourceType"), Some("OperationOutcome"));
    let errors = outcome.list("issue").iter().filter(|issue| issue.str("severity") == Some("error"));
    let first =
        |issue: &Value| issue.list("expression").first().and_then(Value::as_str).unwrap_or("?").to_owned();
    let mut errors: Vec<_> = errors.map(first).collect();
    errors.sort();
    errors
}

#[tokio::test]
async fn a_resource_is_validated_and_not_stored() {
    let remote = in_memory().await;
    let good = remote.fhir("POST", "/Patient/$validate", &patient("a")).await;
    assert_eq!((issue_text(&good.json()).as_str(), errors(&good).len()), ("All OK", 0));
    let bad = r#"{"resourceType":"Observation","code":{"text":"x"},"effectiveDateTime":"yesterday"}"#;
    let bad = errors(&remote.fhir("POST", "/Observation/$validate", bad).await);
    assert_eq!(bad, ["Observation.effectiveDateTime", "Observation.status"]);
    assert_eq!(remote.count("Patient").await, 0);
    assert_eq!(remote.fhir("POST", "/Patient/$validate", "").await.status, 400);
    let other = remote.fhir("POST", "/Patient/$validate", r#"{"resourceType":"Group"}"#).await;
    assert_eq!(issue_text(&other.json()), "Incorrect resource type");
}

#[tokio::test]
async fn parameters_carry_the_resource_its_mode_and_profile() {
    let remote = in_memory().await;
    let id = remote.create(&patient("a")).await;
    let parameters = |mode: &str, resource: &str| {
        format!(
            r#"{{"resourceType":"Parameters","parameter":[{{"name":"resource","resource":{resource}}},{{"name":"mode","valueCode":"{mode}"}}]}}"#
        )
    };
    let update = parameters("update", &patient("a"));
    assert_eq!(errors(&remote.fhir("POST", &format!("/{id}/$validate"), &update).await), ["Patient.id"]);
    let create = parameters("create", &patient("a"));
    assert!(errors(&remote.fhir("POST", "/Patient/$validate", &create).await).is_empty());
    let wrong = parameters("think", &patient("a"));
    assert_eq!(remote.fhir("POST", "/Patient/$validate", &wrong).await.status, 400);
    let profiled = remote.fhir("POST", "/Patient/$validate?profile=http://x.example/p", &patient("a")).await;
    let issue = profiled.json().list("issue")[0].clone();
    assert_eq!((issue.str("severity"), issue.str("code")), (Some("warning"), Some("not-supported")));
}

#[tokio::test]
async fn without_a_body_the_stored_resource_is_validated() {
    let remote = in_memory().await;
    let id = remote.create(&patient("a")).await;
    assert!(errors(&remote.get(&format!("/{id}/$validate")).await).is_empty());
    assert!(errors(&remote.fhir("POST", &format!("/{id}/$validate?mode=delete"), "").await).is_empty());
    let unknown = "/Patient/6b8a5c0e-0000-4000-8000-000000000001/$validate";
    assert_eq!(remote.fhir("POST", &format!("{unknown}?mode=delete"), "").await.status, 404);
}
