//! Reconcile, by an administrator and by a scheduler that knows a secret.

use carewire_http_api::Role;
use carewire_sync_engine::IdentityMap;
use reqwest::Method;
use serde_json::json;

use crate::support::{Bench, CRON, adt, answer, bench, consent, token};

const RUN: &str = "/fhir/admin/reconciliation/run";

/// A gateway that pushed one message.
async fn pushed() -> Bench {
    let bench = bench().await;
    let patient = bench.patient("77").await;
    bench.post("/api/consents", &token(Role::Admin), consent("c1", &patient)).await.accepted();
    bench.send(&adt("77", "1")).await;
    bench.work().await;
    bench
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_at_the_remote_is_found_and_repaired() {
    let bench = pushed().await;
    let admin = token(Role::Admin);
    let rows = bench.store.scan(bench.gateway.org(), "main", None, 10).await.unwrap();
    let visit = rows.iter().find(|row| row.key.resource_type == "Encounter").unwrap();
    bench.delete_at_remote("Encounter", &visit.remote_id).await;

    let counted = bench.post(RUN, &admin, json!({"dryRun": true, "orgId": "clinic"})).await.accepted();
    assert_eq!((&counted["result"]["missing"], &counted["result"]["repaired"]), (&json!(1), &json!(0)));
    let repaired = bench.post(RUN, &admin, "").await.accepted();
    assert_eq!(repaired["result"]["repaired"], json!(1));
    let after = bench.post(RUN, &admin, json!({"batchSize": 1, "staleDays": 0})).await.accepted();
    assert_eq!((&after["result"]["missing"], &after["result"]["changed"]), (&json!(0), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduler_needs_the_secret_and_nothing_else() {
    let bench = bench().await;
    let cron = || bench.request(Method::POST, "/fhir/admin/reconciliation/cron");
    answer(cron()).await.refused(403, "forbidden");
    answer(cron().bearer_auth(token(Role::Admin))).await.refused(403, "forbidden");
    for wrong in ["", "0", &CRON.repeat(2), &CRON.replace('0', "1")] {
        answer(cron().header("x-cron-secret", wrong)).await.refused(403, "forbidden");
    }
    // A stranger learns nothing about bodies.
    answer(cron().body("{")).await.refused(403, "forbidden");
    answer(cron().header("x-cron-secret", CRON)).await.accepted();
    answer(cron().header("x-cron-secret", CRON).body("{")).await.refused(400, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_org_is_not_reconciled() {
    let bench = bench().await;
    let other = json!({"orgId": "other"});
    bench.post(RUN, &token(Role::Admin), &other).await.refused(403, "forbidden");
    let cron = bench.request(Method::POST, "/fhir/admin/reconciliation/cron").header("x-cron-secret", CRON);
    answer(cron.body(other.to_string())).await.refused(403, "forbidden");
}
