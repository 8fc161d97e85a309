//! The whole gateway against Medplum's own code: what was acknowledged is there, and what the server made of it is no
//! drift.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "helpers of tests")]

use std::path::Path;
use std::time::Duration;

use carewire_hl7_v2::ack::{self, AckCode};
use carewire_mllp::{Client, ClientOptions};
use carewire_testing::gateway::{Gateway, GatewayOptions, Health};
use carewire_testing::http::Call;
use carewire_testing::load::{Kind, Patient, Planned, correlate};
use carewire_testing::peer::{Peer, missing};
use carewire_testing::program;
use serde_json::{Value, json};

const PATIENTS: u32 = 6;
const RESULTS: u32 = 4;
const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_arrives_and_stays_as_it_was_sent() {
    let Some((gateway, peer, _directory)) = start(&[]).await else { return };
    send_all(&gateway).await;
    arrived(&gateway, &peer).await;

    let admin = gateway.token("ADMIN").unwrap();
    let clean = reconcile(&gateway, &admin).await;
    assert!(count(&clean, "checked") >= u64::from(PATIENTS * (RESULTS + 2)), "{clean}");
    for drift in ["missing", "changed", "repaired", "raced", "errors"] {
        assert_eq!(count(&clean, drift), 0, "{drift}: {clean}");
    }
    vandalise(&peer).await;
    let repaired = reconcile(&gateway, &admin).await;
    assert_eq!((count(&repaired, "missing"), count(&repaired, "changed")), (1, 1), "{repaired}");
    assert_eq!((count(&repaired, "repaired"), count(&repaired, "errors")), (2, 0), "{repaired}");
    let after = reconcile(&gateway, &admin).await;
    assert_eq!((count(&after, "missing"), count(&after, "changed")), (0, 0), "{after}");
    assert_eq!(of_type(&peer, "Observation").await.len(), (PATIENTS * RESULTS) as usize);
}

/// Outages, conflicts and a quota in the middle of it change nothing about the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_on_the_way_lose_and_double_nothing() {
    let Some((gateway, peer, _directory)) = start(&[]).await else { return };
    let kinds = [
        "econnrefused-400",
        "serialization-409",
        "drop-after",
        "throttle-entry-429",
        "server-error-500",
        "drop-before",
    ];
    for (nth, kind) in kinds.into_iter().enumerate() {
        let fault = json!({"kind": kind, "method": "POST", "skip": nth, "times": 2, "wait_ms": 400});
        peer.fault(&fault).await.unwrap();
    }
    send_all(&gateway).await;
    arrived(&gateway, &peer).await;
    let faults = peer.stats().await.unwrap()["faults"].clone();
    assert!(kinds.iter().all(|kind| faults[kind] == 2), "{faults}");
}

async fn start(arguments: &[&str]) -> Option<(Gateway, Peer, tempfile::TempDir)> {
    if let Some(why) = missing() {
        println!("{why}");
        return None;
    }
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return None;
    };
    let directory = tempfile::tempdir().unwrap();
    let peer = Peer::start(arguments).unwrap();
    Some((gateway(&binary, directory.path(), &peer).await, peer, directory))
}

async fn gateway(binary: &Path, directory: &Path, peer: &Peer) -> Gateway {
    let options = GatewayOptions {
        implicit_consent: "permit-unless-denied",
        ..GatewayOptions::new(binary, directory, peer.base())
    };
    Gateway::start(options).await.unwrap()
}

/// A visit and some results of each patient, over one connection each.
async fn send_all(gateway: &Gateway) {
    for patient in (1..=PATIENTS).map(Patient) {
        let options = ClientOptions::new(correlate);
        let mut client = Client::connect(gateway.mllp_address(), options).await.unwrap();
        for turn in 1..=RESULTS + 1 {
            let kind = if turn == 1 { Kind::Visit } else { Kind::Result };
            let answer = client.send(&bytes(Planned::new(patient, turn, kind))).await.unwrap();
            assert_eq!(ack::read(&answer.payload).unwrap().code, AckCode::AA);
        }
    }
}

/// Its value ends in zeros, which JavaScript drops.
fn bytes(planned: Planned) -> Vec<u8> {
    let text = String::from_utf8(planned.bytes()).unwrap();
    text.replace(&format!("|{}|g/dL", planned.number()), &format!("|{}.500|g/dL", planned.number()))
        .into_bytes()
}

/// Every message is pushed; every result is there once, with the value that was sent as JavaScript writes it.
async fn arrived(gateway: &Gateway, peer: &Peer) {
    let pushed = u64::from(PATIENTS * (RESULTS + 1));
    let wanted = Health::default();
    let done = |health: &Health| health.pushed == pushed && health.is_idle();
    let health = gateway.wait_for(PATIENCE, done).await.unwrap();
    assert!(done(&health), "{health:?}");
    assert_eq!((health.dead, health.held, health.failed), (wanted.dead, wanted.held, wanted.failed));
    assert_eq!(of_type(peer, "Patient").await.len(), PATIENTS as usize);
    assert_eq!(of_type(peer, "Encounter").await.len(), PATIENTS as usize);
    let mut values: Vec<String> = of_type(peer, "Observation")
        .await
        .iter()
        .map(|found| found["valueQuantity"]["value"].to_string())
        .collect();
    let sent = (1..=PATIENTS).flat_map(|patient| (2..=RESULTS + 1).map(move |turn| (patient, turn)));
    let mut expected: Vec<String> = sent
        .map(|(patient, turn)| format!("{}.5", Planned::new(Patient(patient), turn, Kind::Result).number()))
        .collect();
    values.sort();
    expected.sort();
    assert_eq!(values, expected);
}

async fn of_type(peer: &Peer, resource_type: &str) -> Vec<Value> {
    let page = peer.get(&format!("{resource_type}?_count=1000")).await.unwrap();
    let entries = page["entry"].as_array().cloned().unwrap_or_default();
    entries.into_iter().map(|entry| entry["resource"].clone()).collect()
}

/// Somebody deletes one result and changes another.
async fn vandalise(peer: &Peer) {
    let http = carewire_testing::http::Http::new().unwrap();
    let results = of_type(peer, "Observation").await;
    let url = |result: &Value| format!("{}/Observation/{}", peer.base(), result["id"].as_str().unwrap());
    assert!(http.send(&Call::delete(url(&results[0]))).await.unwrap().is_success());
    let mut changed = results[1].clone();
    changed["valueQuantity"]["value"] = json!(1);
    let put = Call::put(url(&changed), changed.to_string());
    assert!(http.send(&put).await.unwrap().is_success());
}

async fn reconcile(gateway: &Gateway, admin: &str) -> Value {
    let call = Call::post(gateway.url("/fhir/admin/reconciliation/run"), "{}").bearer(admin);
    let answer = gateway.send(&call).await.unwrap().json().unwrap();
    answer["result"].clone()
}

fn count(report: &Value, name: &str) -> u64 {
    report[name].as_u64().unwrap()
}
