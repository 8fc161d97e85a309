//! Consents: who grants and revokes them, who sees them, and what they set free.

use carewire_http_api::Role;
use carewire_sync_engine::Intake;
use serde_json::{Value, json};

use crate::support::{adt, bench, consent, patient_token, token};

const CONSENTS: &str = "/api/consents";

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_releases_what_was_held_and_a_revocation_stops_what_follows() {
    let bench = bench().await;
    let (admin, org) = (token(Role::Admin), bench.gateway.org().clone());
    bench.send(&adt("77", "1")).await;
    bench.work().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().held, 1);

    let patient = bench.patient("77").await;
    let granted = bench.post(CONSENTS, &admin, consent("c1", &patient)).await;
    assert_eq!(granted.status, 201);
    assert_eq!(granted.accepted(), json!({"success": true, "id": "c1", "epoch": 1}));
    bench.work().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().pushed, 1);

    let revoked = bench.post("/api/consents/c1/revoke", &admin, "").await.accepted();
    assert_eq!(revoked, json!({"success": true, "patient": patient.as_str(), "epoch": 2}));
    bench.send(&adt("77", "2")).await;
    bench.work().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().held, 1);
    bench.post("/api/consents/c2/revoke", &admin, "").await.refused(404, "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fhir_consent_is_kept_as_written_and_releases_what_it_permits_whole() {
    let bench = bench().await;
    let (admin, org) = (token(Role::Admin), bench.gateway.org().clone());
    bench.send(&adt("77", "1")).await;
    bench.work().await;
    let patient = bench.patient("77").await;
    let document = |provision: Value| {
        json!({"resourceType": "Consent", "id": "c1", "status": "active",
            "patient": {"reference": format!("Patient/{patient}")}, "provision": provision})
    };
    // What would take labels to decide is not sent.
    let partial =
        json!({"type": "permit", "provision": [{"type": "deny", "securityLabel": [{"code": "R"}]}]});
    bench.post(CONSENTS, &admin, document(partial)).await.accepted();
    bench.work().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().held, 1);

    let whole = document(json!({"type": "permit", "purpose": [{"code": "TREAT"}]}));
    bench.post(CONSENTS, &admin, whole.clone()).await.accepted();
    bench.work().await;
    assert_eq!(bench.store.tally(&org).await.unwrap().pushed, 1);
    let list = bench.get(CONSENTS, &admin).await.accepted();
    assert_eq!(list["consents"][0], whole);
    bench.post("/api/consents/c1/revoke", &admin, "").await.accepted();
    assert_eq!(bench.get(CONSENTS, &admin).await.accepted()["consents"][0]["status"], "inactive");

    let mut nameless = document(json!({"type": "permit"}));
    nameless.as_object_mut().unwrap().remove("id");
    bench.post(CONSENTS, &admin, nameless).await.refused(400, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_pages_and_can_be_of_one_patient() {
    let bench = bench().await;
    let admin = token(Role::Admin);
    let (one, other) = (bench.patient("1").await, bench.patient("2").await);
    for (id, patient) in [("a", &one), ("b", &other), ("c", &one)] {
        bench.post(CONSENTS, &admin, consent(id, patient)).await.accepted();
    }
    let ids = |answer: &Value| -> Vec<String> {
        let consents = answer["consents"].as_array().unwrap();
        consents.iter().map(|consent| consent["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = bench.get("/api/consents?limit=2", &admin).await.accepted();
    assert_eq!(
        (ids(&first), &first["cursor"], &first["count"]),
        (vec!["a".into(), "b".into()], &json!("b"), &json!(2))
    );
    let rest = bench.get("/api/consents?limit=2&cursor=b", &admin).await.accepted();
    assert_eq!((ids(&rest), &rest["cursor"]), (vec!["c".into()], &Value::Null));
    let of_one = bench.get(&format!("/api/consents?patient={one}"), &admin).await.accepted();
    assert_eq!(ids(&of_one), ["a", "c"]);
    bench.get("/api/consents?patient=77", &admin).await.refused(400, "invalid");
    bench.get("/api/consents?limit=0", &admin).await.accepted();
}

#[tokio::test(flavor = "multi_thread")]
async fn patients_see_and_change_their_own_consents_only() {
    let bench = bench().await;
    let (mine, other) = (bench.patient("1").await, bench.patient("2").await);
    bench.post(CONSENTS, &token(Role::Admin), consent("theirs", &other)).await.accepted();
    let patient = patient_token(&mine);
    bench.post(CONSENTS, &patient, consent("mine", &mine)).await.accepted();
    bench.post(CONSENTS, &patient, consent("forged", &other)).await.refused(403, "forbidden");
    // The id of somebody else's consent cannot be taken over.
    bench.post(CONSENTS, &patient, consent("theirs", &mine)).await.refused(409, "conflict");
    bench.post("/api/consents/theirs/revoke", &patient, "").await.refused(403, "forbidden");

    let seen = bench.get(CONSENTS, &patient).await.accepted();
    assert_eq!((&seen["count"], &seen["consents"][0]["id"]), (&json!(1), &json!("mine")));
    bench.get(&format!("/api/consents?patient={mine}"), &patient).await.accepted();
    bench.get(&format!("/api/consents?patient={other}"), &patient).await.refused(403, "forbidden");
    bench.get(CONSENTS, &token(Role::Patient)).await.refused(403, "forbidden");

    bench.post("/api/consents/mine/revoke", &patient, "").await.accepted();
    let stored = bench.gateway.parts().consents.get(bench.gateway.org(), "theirs").await.unwrap().unwrap();
    assert_eq!(stored.state(), carewire_consent::State::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_of_another_org_or_one_that_cannot_be_read_is_refused() {
    let bench = bench().await;
    let (admin, patient) = (token(Role::Admin), bench.patient("1").await);
    let mut elsewhere = consent("c1", &patient);
    elsewhere["org"] = json!("other");
    bench.post(CONSENTS, &admin, elsewhere).await.refused(403, "forbidden");
    let two = json!([consent("c1", &patient), consent("c2", &patient)]);
    bench.post(CONSENTS, &admin, two).await.refused(400, "invalid");
    bench.post(CONSENTS, &admin, "").await.refused(400, "invalid");
    let mut odd = consent("c1", &patient);
    odd["except"] = json!("Secretname");
    let refused = bench.post(CONSENTS, &admin, odd).await;
    refused.refused(400, "invalid");
    assert!(!refused.text.contains("Secretname") && !refused.text.contains("except"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_has_the_token_that_messages_get() {
    let bench = bench().await;
    let body = json!({"system": crate::support::SYSTEM, "value": "77"});
    let resolved = bench.post("/api/patients/resolve", &token(Role::System), &body).await.accepted();
    assert_eq!(resolved["patient"], json!(bench.patient("77").await.as_str()));
    bench.post("/api/patients/resolve", &token(Role::System), "").await.refused(400, "invalid");
}
