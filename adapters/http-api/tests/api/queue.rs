//! The queue as an operator sees it and acts on it.

use carewire_http_api::Role;
use carewire_sync_engine::{AuditAction, AuditLog, AuditQuery, Intake};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{adt, answer, bench, token, unknown_type};

#[tokio::test(flavor = "multi_thread")]
async fn stats_have_the_documented_shape() {
    let bench = bench().await;
    bench.send(&adt("77", "1")).await;
    bench.send(&unknown_type("78", "2")).await;
    let before = bench.get("/fhir/admin/queue/stats", &token(Role::Admin)).await.accepted();
    let zero = json!({"waiting": 2, "active": 0, "cancelled": 0, "completed": 0, "failed": 0, "delayed": 0, "paused": 0, "held": 0});
    assert_eq!(before, json!({"success": true, "stats": zero}));
    bench.work().await;
    let after = bench.get("/fhir/admin/queue/stats", &token(Role::Auditor)).await.accepted();
    assert_eq!((&after["stats"]["failed"], &after["stats"]["held"]), (&json!(1), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_jobs_are_listed_with_references_only() {
    let bench = bench().await;
    for number in 0..3 {
        bench.send(&unknown_type("78", &number.to_string())).await;
    }
    bench.work().await;
    let all = bench.get("/fhir/admin/queue/failed", &token(Role::Admin)).await;
    assert!(!all.text.contains("Secretname") && !all.text.contains("78^"), "{}", all.text);
    let all = all.accepted();
    assert_eq!((&all["count"], &all["cursor"]), (&json!(3), &Value::Null));
    let job = &all["jobs"][0];
    assert!(job["id"].as_str().unwrap().starts_with("job_"));
    assert_eq!((&job["name"], &job["attemptsMade"]), (&json!("message"), &json!(1)));
    assert_eq!(job["failedReason"], json!("unsupported-message-type"));
    assert!(job["data"]["message"].is_string() && job["correlationId"].is_string());
    assert!(job["timestamp"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().is_ok());

    let first = bench.get("/fhir/admin/queue/failed?limit=2", &token(Role::Admin)).await.accepted();
    assert_eq!(first["count"], json!(2));
    let next = format!("/fhir/admin/queue/failed?limit=2&cursor={}", first["cursor"]);
    let rest = bench.get(&next, &token(Role::Admin)).await.accepted();
    assert_eq!((&rest["count"], &rest["jobs"][0]["id"]), (&json!(1), &all["jobs"][2]["id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_runs_again_alone_or_with_its_reason() {
    let bench = bench().await;
    let admin = token(Role::Admin);
    bench.send(&unknown_type("78", "1")).await;
    bench.send(&unknown_type("79", "2")).await;
    bench.work().await;
    let failed = bench.get("/fhir/admin/queue/failed", &admin).await.accepted();
    let id = failed["jobs"][0]["id"].as_str().unwrap().to_owned();
    let retried = bench.post(&format!("/fhir/admin/queue/retry/{id}"), &admin, "").await.accepted();
    assert_eq!(retried["id"], json!(id));
    let stats = bench.get("/fhir/admin/queue/stats", &admin).await.accepted();
    assert_eq!((&stats["stats"]["waiting"], &stats["stats"]["failed"]), (&json!(1), &json!(1)));
    bench.post(&format!("/fhir/admin/queue/retry/{id}"), &admin, "").await.refused(404, "not-found");
    bench.post("/fhir/admin/queue/retry/job_999", &admin, "").await.refused(404, "not-found");
    bench.post("/fhir/admin/queue/retry/seven", &admin, "").await.refused(400, "invalid");

    bench.work().await;
    let other = json!({"reason": "something-else"});
    assert_eq!(bench.post("/fhir/admin/queue/redrive", &admin, other).await.accepted()["count"], json!(0));
    let reason = json!({"reason": "unsupported-message-type"});
    assert_eq!(bench.post("/fhir/admin/queue/redrive", &admin, reason).await.accepted()["count"], json!(2));
    bench.work().await;
    assert_eq!(bench.post("/fhir/admin/queue/redrive", &admin, "").await.accepted()["count"], json!(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_queue_waits_until_it_is_resumed() {
    let bench = bench().await;
    let admin = token(Role::Admin);
    let paused = bench.post("/fhir/admin/queue/pause", &admin, "").await.accepted();
    assert_eq!(paused["paused"], json!(true));
    bench.send(&adt("77", "1")).await;
    let stats = bench.get("/fhir/admin/queue/stats", &admin).await.accepted();
    assert_eq!((&stats["stats"]["paused"], &stats["stats"]["waiting"]), (&json!(1), &json!(0)));
    bench.work().await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().received, 1);
    let resumed = bench.post("/fhir/admin/queue/resume", &admin, "").await.accepted();
    assert_eq!(resumed["paused"], json!(false));
    bench.work().await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().held, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn cleaning_keeps_what_is_recent() {
    let bench = bench().await;
    bench.send(&unknown_type("78", "1")).await;
    bench.work().await;
    let cleaned = bench.post("/fhir/admin/queue/clean", &token(Role::Admin), "").await.accepted();
    assert_eq!(cleaned["count"], json!(0));
    let failed = bench.get("/fhir/admin/queue/failed", &token(Role::Admin)).await.accepted();
    assert_eq!(failed["count"], json!(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acted_stands_in_the_trail_under_the_id_of_the_request() {
    let bench = bench().await;
    let pause = bench.request(Method::POST, "/fhir/admin/queue/pause").bearer_auth(token(Role::Admin));
    answer(pause.header("x-correlation-id", "change-42")).await.accepted();
    let query = AuditQuery { action: Some(AuditAction::QueueAdministered), ..AuditQuery::default() };
    let found = bench.store.search(bench.gateway.org(), &query, 10).await.unwrap();
    let record = &found.first().unwrap().record;
    assert_eq!(record.correlation.as_str(), "change-42");
    assert_eq!((record.details["act"].as_str(), record.details["by"].as_str()), ("pause", "ada"));
}
