//! The shape of answers that are not a success, and the id that every answer has.

use carewire_http_api::Role;
use reqwest::Method;

use crate::support::{CRON, answer, bench, token};

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_body_is_located_and_never_repeated() {
    let bench = bench().await;
    let admin = token(Role::Admin);
    for body in [
        "{",
        "Secretname",
        r#"{"reason": 7, "x": "Secretname"}"#,
        r#"{"Secretname": 1}"#,
        r#"{"reason": ["Secretname"]}"#,
    ] {
        let refused = bench.post("/fhir/admin/queue/redrive", &admin, body).await;
        refused.refused(400, "invalid");
        assert!(!refused.text.contains("Secretname"), "{}", refused.text);
        assert!(refused.text.contains("line 1, column"), "{}", refused.text);
    }
    let typed = bench.request(Method::POST, "/fhir/admin/queue/redrive").bearer_auth(&admin);
    answer(typed.header("content-type", "text/plain").body("{}")).await.accepted();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_path_or_query_is_refused_and_never_repeated() {
    let bench = bench().await;
    let admin = token(Role::Admin);
    for path in [
        "/fhir/admin/queue/failed?limit=Secretname",
        "/fhir/admin/queue/failed?cursor=Secretname",
        "/api/consents?limit=-1",
    ] {
        let refused = bench.get(path, &admin).await;
        refused.refused(400, "invalid");
        assert!(!refused.text.contains("Secretname"), "{}", refused.text);
    }
    bench.post("/api/consents/%FF/revoke", &admin, "").await.refused(400, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_route_or_method_has_the_same_shape() {
    let bench = bench().await;
    let unknown = bench.get("/no/such/Secretname", &token(Role::Admin)).await;
    unknown.refused(404, "not-found");
    assert!(!unknown.text.contains("Secretname"));
    let response = bench.request(Method::DELETE, "/api/consents").send().await.unwrap();
    assert_eq!(response.headers()["allow"], "GET,HEAD,POST");
    answer(bench.request(Method::DELETE, "/api/consents")).await.refused(405, "method-not-allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_above_the_limit_is_refused() {
    let bench = bench().await;
    let body = |bytes: usize| format!("{{\"reason\":\"{}\"}}", "x".repeat(bytes - 13));
    let admin = token(Role::Admin);
    bench.post("/fhir/admin/queue/redrive", &admin, body(1024 * 1024)).await.accepted();
    bench.post("/fhir/admin/queue/redrive", &admin, body(1024 * 1024 + 1)).await.refused(413, "too-large");
    let cron = bench.request(Method::POST, "/fhir/admin/reconciliation/cron").header("x-cron-secret", CRON);
    answer(cron.body(body(2 * 1024 * 1024))).await.refused(413, "too-large");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_correlation_id_is_taken_or_made_and_returned() {
    let bench = bench().await;
    let live = || bench.request(Method::GET, "/health/live");
    assert_eq!(answer(live().header("x-correlation-id", "abc-1_X")).await.correlation, "abc-1_X");
    let (one, other) = (answer(live()).await.correlation, answer(live()).await.correlation);
    assert!(one != other && uuid::Uuid::parse_str(&one).is_ok(), "{one}");
    let (long, most) = ("x".repeat(129), "x".repeat(128));
    assert_eq!(answer(live().header("x-correlation-id", &most)).await.correlation, most);
    for bad in ["", "a b", "Secret^Name", &long] {
        let made = answer(live().header("x-correlation-id", bad)).await.correlation;
        assert!(uuid::Uuid::parse_str(&made).is_ok(), "{made}");
    }
    let refused =
        answer(bench.request(Method::GET, "/no/such/route").header("x-correlation-id", "mine")).await;
    assert_eq!((refused.correlation.as_str(), refused.error().as_str()), ("mine", "not-found"));
}
