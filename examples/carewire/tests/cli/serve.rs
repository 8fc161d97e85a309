//! `serve`, with what its users do around it.
#![expect(clippy::expect_used, reason = "a test stops at the first thing that is not as expected")]

use std::time::{Duration, Instant};

use carewire_consent::DataClass;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{CANARIES, Place, Server, canary_message};

pub(crate) const SECRET: (&str, &str) = ("JWT_SECRET", "0123456789abcdef0123456789abcdef");
const CONFIG: [&str; 2] = ["--config", "carewire/carewire.toml"];

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_held_until_its_patient_consents() {
    let place = Place::initialised();
    let mut server = Server::start(&place, &[SECRET]);
    let token = admin(&place);
    let samples = "carewire/messages";
    let sent = place.run(&["mllp", "send", "--to", &server.mllp, samples]).is(0);
    assert_eq!(sent.out.matches("MSA|AA|SAMPLE-").count(), 3, "{}", sent.out);
    until(&server, |health| health["messages"]["held"] == 3).await;
    assert_eq!(jobs(&place)["held"], 3);

    let identifier = json!({"system": "urn:oid:2.16.840.1.113883.19.5.99", "value": "100200300"});
    let patient =
        call(&server, &token, Method::POST, "/api/patients/resolve", &identifier).await["patient"].clone();
    // An order or an observation that names no category may be of many classes.
    let classes: Vec<DataClass> = DataClass::permittable().collect();
    let consent = json!({"id": "c1", "org": "default", "patient": patient, "purpose": "CARE", "state": "ACTIVE",
        "data_classes": classes});
    call(&server, &token, Method::POST, "/api/consents", &consent).await;
    let health = until(&server, |health| health["messages"]["pushed"] == 3).await;
    assert_eq!(health["messages"], json!({"received": 0, "pushed": 3, "held": 0, "dead": 0, "refused": 0}));
    assert_eq!(jobs(&place)["completed"], 3);
    let again = place.run(&["mllp", "send", "--to", &server.mllp, "carewire/messages/admit.hl7"]).is(0);
    assert!(again.out.contains("MSA|AA|SAMPLE-1"));

    assert_eq!(server.terminate(), 0);
    let log = server.log();
    for value in ["100200300", "Erika", "Exampleton", "\"refused\"", "panicked"] {
        assert!(!log.contains(value), "{value} is in the log:\n{log}");
    }
    let clean = place.run(&[&["reconcile", "run", "--dry-run"][..], &CONFIG].concat()).is(0).lines();
    assert_eq!((&clean[0]["missing"], &clean[0]["changed"]), (&json!(0), &json!(0)));
    assert!(clean[0]["checked"].as_u64().unwrap() > 0, "the remote kept its resources");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_or_mapped_is_answered_and_can_be_looked_at() {
    let place = Place::initialised();
    let mut server = Server::start(&place, &[("LOG_LEVEL", "trace")]);
    let [unknown, unreadable, odd] = crate::support::canary_failures();
    place
        .write("unknown.hl7", unknown.replace("CANARYTEXT^CANARYVISIT", "ZZZ^Z01"))
        .write("unreadable.hl7", unreadable);
    place.write("odd.hl7", odd).write("good.hl7", canary_message("9"));
    let files = ["unknown.hl7", "unreadable.hl7", "no-such.hl7", "odd.hl7", "good.hl7"];
    let ran = place.run(&[&["mllp", "send", "--to", &server.mllp][..], &files].concat()).is(1);
    let ran = ran.says(&["unreadable.hl7 message 1: not accepted", "no-such.hl7"]);
    assert_eq!((ran.out.matches("MSA|AA").count(), ran.out.matches("MSA|AE").count()), (3, 1), "{}", ran.out);
    let health = until(&server, |health| health["messages"]["received"] == 0).await;
    assert_eq!(
        (&health["messages"]["dead"], &health["messages"]["refused"], &health["messages"]["held"]),
        (&json!(1), &json!(1), &json!(2))
    );

    let failed = place.run(&[&["jobs", "list", "--state", "failed"][..], &CONFIG].concat()).is(0).lines();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["reason"], "unsupported-message-type");
    let id = format!("job_{}", failed[0]["id"]);
    let job = |what: &str, id: &str| place.run(&[&["jobs", what, id][..], &CONFIG].concat());
    assert_eq!(job("show", &id).is(0).lines(), failed);
    job("retry", &id).is(0);
    job("show", "job_999").is(1).says(&["no such job"]);
    job("retry", "job_999").is(1);
    job("show", "seven").is(2);
    place.run(&[&["jobs", "list", "--state", "lost"][..], &CONFIG].concat()).is(2).says(&["waiting", "held"]);
    until(&server, |health| health["queue"]["failed"] == 1).await;
    let redriven = place
        .run(&[&["jobs", "redrive", "--reason", "unsupported-message-type"][..], &CONFIG].concat())
        .is(0);
    assert_eq!(redriven.lines(), [json!({"redriven": 1})]);
    until(&server, |health| health["queue"]["failed"] == 1).await;
    operate(&place, &id);

    assert_eq!(server.terminate(), 0);
    let log = server.log();
    assert!(log.contains("\"shape\":\"VT text*"), "at this level the log tells kinds of bytes");
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_may_not_serve_the_same_embedded_endpoint() {
    let place = Place::initialised();
    let mut server = Server::start(&place, &[SECRET]);
    for command in [&["reconcile", "run"][..], &["serve"], &["serve", "--check"]] {
        let ran = place.run(&[command, &CONFIG].concat()).is(3);
        ran.says(&["another process", "/fhir/admin/reconciliation/run"]);
    }
    let report =
        call(&server, &admin(&place), Method::POST, "/fhir/admin/reconciliation/run", &json!({})).await;
    assert_eq!(report["result"]["errors"], 0);
    assert_eq!(server.terminate(), 0);
    place.run(&[&["reconcile", "run"][..], &CONFIG].concat()).is(0);

    // One that was killed leaves nothing that stands in the way.
    drop(Server::start(&place, &[]));
    place.run(&[&["reconcile", "run"][..], &CONFIG].concat()).is(0);
}

/// What an operator does with the queue; one job is in the dead letter.
fn operate(place: &Place, failed: &str) {
    let jobs = |words: &[&str]| place.run(&[&["jobs"], words, &CONFIG].concat());
    jobs(&["cancel"]).is(2);
    jobs(&["cancel", "job_999"]).is(1).says(&["no such job"]);
    assert_eq!(jobs(&["cancel", "--reason", "nothing-has-this"]).is(0).lines(), [json!({"cancelled": 0})]);
    jobs(&["cancel", failed]).is(0);
    let shown = jobs(&["show", failed]).is(0).lines();
    assert_eq!(shown.first().and_then(|job| job.get("state")), Some(&json!("cancelled")));
    let stats = jobs(&["stats", "--queue", "sync"]).is(0).lines();
    assert_eq!(stats.first().and_then(|stats| stats.get("cancelled")), Some(&json!(1)));
    jobs(&["retry", failed]).is(0);

    jobs(&["pause", "--wait", "20"]).is(0);
    jobs(&["pause", "--remote", "elsewhere", "--type", "Patient"]).is(0);
    let paused = [
        json!({"org": "default", "remote": "elsewhere", "resource_type": "Patient"}),
        json!({"org": "default", "queue": "sync"}),
    ];
    assert_eq!(jobs(&["paused"]).is(0).lines(), paused);
    jobs(&["resume", "--remote", "elsewhere", "--type", "Patient"]).is(0);
    jobs(&["resume"]).is(0);
    assert!(jobs(&["paused"]).is(0).lines().is_empty());
    jobs(&["clean"]).is(0);
}

/// A token of an administrator, from the command line.
pub(crate) fn admin(place: &Place) -> String {
    let words = ["token", "--sub", "ada", "--org", "default", "--role", "ADMIN", "--ttl", "5m"];
    place.run_with(&words, &[SECRET]).is(0).out.trim_end().to_owned()
}

fn jobs(place: &Place) -> Value {
    place.run(&[&["jobs", "stats"][..], &CONFIG].concat()).is(0).lines().remove(0)
}

pub(crate) fn client() -> reqwest::Client {
    // A second installation in the same process changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().expect("a client")
}

pub(crate) async fn call(server: &Server, token: &str, method: Method, path: &str, body: &Value) -> Value {
    let request = client().request(method, format!("{}{path}", server.http)).bearer_auth(token);
    let response = request.body(body.to_string()).send().await.expect("an answer");
    assert!(response.status().is_success(), "{path}: {}", response.status());
    serde_json::from_str(&response.text().await.expect("a body")).expect("JSON")
}

/// Waits until `/health` is as wanted.
pub(crate) async fn until(server: &Server, wanted: impl Fn(&Value) -> bool) -> Value {
    let (client, started) = (client(), Instant::now());
    loop {
        let answer = client.get(format!("{}/health", server.http)).send().await.expect("an answer");
        let health: Value = serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON");
        if wanted(&health) {
            return health;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{health}\n{}", server.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
