//! Several orgs behind one API: each caller sees its own.

use carewire_http_api::{Claims, Role};
use reqwest::Method;
use serde_json::json;

use crate::support::{
    CRON, OTHER, SECRET, adt, answer, bench_of_two, claims, consent, signed, token, unknown_type,
};

const STATS: &str = "/fhir/admin/queue/stats";

fn of_other(role: Role) -> String {
    signed(&Claims { org: OTHER.into(), ..claims(role) }, SECRET)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_its_own_org_and_no_other() {
    let bench = bench_of_two().await;
    bench.send(&adt("77", "1")).await;
    bench.send_to(&bench.other, &adt("77", "1")).await;
    bench.send_to(&bench.other, &unknown_type("78", "2")).await;
    let (mine, theirs) = (token(Role::Admin), of_other(Role::Admin));
    assert_eq!(bench.get(STATS, &mine).await.accepted()["stats"]["waiting"], json!(1));
    assert_eq!(bench.get(STATS, &theirs).await.accepted()["stats"]["waiting"], json!(2));
    let nobody = signed(&Claims { org: "south".into(), ..claims(Role::Admin) }, SECRET);
    bench.get(STATS, &nobody).await.refused(403, "forbidden");
    // The same number is another patient in each, and a consent of one org cannot be given or revoked in the other.
    let identifier = json!({"system": crate::support::SYSTEM, "value": "77"});
    let resolve = "/api/patients/resolve";
    let patient = bench.post(resolve, &mine, &identifier).await.accepted()["patient"].clone();
    assert_ne!(bench.post(resolve, &theirs, &identifier).await.accepted()["patient"], patient);
    let token = bench.patient("77").await;
    bench.post("/api/consents", &theirs, consent("c1", &token)).await.refused(403, "forbidden");
    bench.post("/api/consents", &mine, consent("c1", &token)).await.accepted();
    bench.post("/api/consents/c1/revoke", &theirs, "").await.refused(404, "not-found");
    assert_eq!(bench.get("/api/consents", &theirs).await.accepted()["count"], json!(0));
    // A job of one org cannot be sent round by the other.
    bench.post("/fhir/admin/queue/pause", &mine, "").await.accepted();
    let stats = bench.get(STATS, &theirs).await.accepted();
    assert_eq!(stats["stats"]["paused"], json!(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_metrics_are_those_of_the_process() {
    let bench = bench_of_two().await;
    bench.send(&adt("77", "1")).await;
    bench.send_to(&bench.other, &adt("77", "1")).await;
    let open = async |path: &str| answer(bench.request(Method::GET, path)).await;
    let health = open("/health").await.json();
    assert_eq!((&health["messages"]["received"], &health["queue"]["waiting"]), (&json!(2), &json!(2)));
    assert_eq!(open("/metrics/json").await.json()["acknowledged"], json!(2));
    let text = open("/metrics").await.text;
    for org in ["clinic", OTHER] {
        assert!(text.contains(&format!("carewire_messages_acknowledged_total{{org=\"{org}\"}}")), "{text}");
    }
    assert!(text.contains("refreshed 7"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduler_names_the_org() {
    let bench = bench_of_two().await;
    let cron = |body: String| {
        let request = bench.request(Method::POST, "/fhir/admin/reconciliation/cron");
        request.header("x-cron-secret", CRON).body(body)
    };
    answer(cron(String::new())).await.refused(400, "invalid");
    answer(cron(json!({"orgId": "south"}).to_string())).await.refused(403, "forbidden");
    for org in ["clinic", OTHER] {
        answer(cron(json!({"orgId": org}).to_string())).await.accepted();
    }
    let run = "/fhir/admin/reconciliation/run";
    bench.post(run, &of_other(Role::Admin), json!({"orgId": "clinic"})).await.refused(403, "forbidden");
    bench.post(run, &of_other(Role::Admin), json!({"orgId": OTHER})).await.accepted();
}
