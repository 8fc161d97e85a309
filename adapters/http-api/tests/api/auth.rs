//! Who may ask, and in whose name.

use carewire_http_api::{Api, Claims, Role};
use chrono::Utc;
use jsonwebtoken::{EncodingKey, Header};
use reqwest::Method;

use crate::support::{CRON, SECRET, answer, bench, claims, client, metrics, serve, signed, token};

const STATS: &str = "/fhir/admin/queue/stats";

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_the_answer_is_401() {
    let bench = bench().await;
    answer(bench.request(Method::GET, STATS)).await.refused(401, "unauthorized");
    answer(bench.request(Method::GET, STATS).basic_auth("ada", Some("x"))).await.refused(401, "unauthorized");
    let expired = Claims { exp: Utc::now().timestamp() - 120, ..claims(Role::Admin) };
    let good = token(Role::Admin);
    // Signed with the right secret, but without an end.
    let endless = serde_json::json!({"sub": "ada", "org": "clinic", "role": "ADMIN"});
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let for_ever = jsonwebtoken::encode(&Header::default(), &endless, &key).unwrap();
    let (head, _) = good.rsplit_once('.').unwrap();
    for bad in [
        "not-a-token".to_owned(),
        signed(&expired, SECRET),
        signed(&claims(Role::Admin), "another secret of at least 32 characters"),
        format!("{head}."),
        format!("{head}.AAAA"),
        unsigned(&good),
        for_ever,
    ] {
        bench.get(STATS, &bad).await.refused(401, "unauthorized");
    }
    bench.get(STATS, &good).await.accepted();
}

/// The claims of a good token under `alg: none`.
fn unsigned(good: &str) -> String {
    let payload = good.split('.').nth(1);
    // {"typ":"JWT","alg":"none"}
    format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{}.", payload.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_org_or_a_header_that_differs_is_refused() {
    let bench = bench().await;
    let elsewhere = Claims { org: "other".into(), ..claims(Role::Admin) };
    bench.get(STATS, &signed(&elsewhere, SECRET)).await.refused(403, "forbidden");
    let admin = token(Role::Admin);
    let with =
        |name: &str, value: &str| bench.request(Method::GET, STATS).bearer_auth(&admin).header(name, value);
    for (name, value) in
        [("x-org-id", "other"), ("x-user-id", "eve"), ("x-role", "AUDITOR"), ("x-role", "root")]
    {
        answer(with(name, value)).await.refused(403, "forbidden");
    }
    for (name, value) in [("x-org-id", "clinic"), ("x-user-id", "ada"), ("x-role", "admin")] {
        answer(with(name, value)).await.accepted();
    }
    answer(with("x-org-id", "clinic").header("x-org-id", "other")).await.refused(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_route_has_its_roles() {
    use Role::{Admin, Auditor, Clinician, Patient, Researcher, System};
    let bench = bench().await;
    let routes: [(Method, &str, &[Role]); 10] = [
        (Method::GET, STATS, &[Admin, Auditor, System]),
        (Method::GET, "/fhir/admin/queue/failed", &[Admin]),
        (Method::POST, "/fhir/admin/queue/retry/job_1", &[Admin]),
        (Method::POST, "/fhir/admin/queue/redrive", &[Admin]),
        (Method::POST, "/fhir/admin/queue/clean", &[Admin]),
        (Method::POST, "/fhir/admin/queue/pause", &[Admin]),
        (Method::POST, "/fhir/admin/queue/resume", &[Admin]),
        (Method::POST, "/fhir/admin/reconciliation/run", &[Admin]),
        (Method::GET, "/api/consents", &[Admin]),
        (Method::POST, "/api/patients/resolve", &[Admin, System]),
    ];
    for (method, path, may) in routes {
        for role in [Admin, Clinician, Patient, Researcher, System, Auditor] {
            let got = answer(bench.request(method.clone(), path).bearer_auth(token(role))).await;
            assert_eq!(got.status == 403, !may.contains(&role), "{method} {path} {role:?}: {}", got.status);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_or_an_empty_one_opens_nothing() {
    let bench = bench().await;
    for secret in [None, Some("".into())] {
        let base = serve(Api::new(bench.gateway.clone(), metrics(), secret.clone(), secret)).await;
        let forged = signed(&claims(Role::Admin), "");
        answer(client().get(format!("{base}{STATS}")).bearer_auth(forged)).await.refused(401, "unauthorized");
        let cron = client().post(format!("{base}/fhir/admin/reconciliation/cron"));
        answer(cron.header("x-cron-secret", "")).await.refused(403, "forbidden");
        let cron = client().post(format!("{base}/fhir/admin/reconciliation/cron"));
        answer(cron.header("x-cron-secret", CRON)).await.refused(403, "forbidden");
    }
}
