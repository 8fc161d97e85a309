//! What the faults of a real server are taken for, and that sending again is safe after each.

use std::time::{Duration, Instant};

use carewire_fhir_core::{OrgId, Resource, Value};
use carewire_fhir_http::{FhirHttpRemote, NoToken, Options};
use carewire_sync_engine::{
    Error, LocalKey, PermittedWrites, Refusal, Remote, Write, WriteMethod, WriteOutcome,
};
use carewire_testing::peer::Peer;
use chrono::DateTime;
use serde_json::json;

use crate::peer::start;

const TIMEOUT: Duration = Duration::from_millis(1_500);

pub(crate) fn remote(peer: &Peer) -> FhirHttpRemote {
    let options = Options::default().request_timeout(TIMEOUT);
    FhirHttpRemote::new("clinic", peer.base(), &options, NoToken).unwrap()
}

pub(crate) fn organization(value: &str) -> Write {
    let system = "urn:carewire:pseudonym";
    let identifier = Value::object().with("system", system).with("value", value);
    let mut resource = Resource::new("Organization");
    resource.value_mut().set("identifier", vec![identifier]);
    Write {
        key: LocalKey { resource_type: "Organization".into(), system: system.into(), value: value.into() },
        full_url: "urn:uuid:00000000-0000-4000-8000-000000000001".into(),
        method: WriteMethod::ConditionalUpdate,
        resource,
        patient: None,
        classes: Vec::new(),
    }
}

pub(crate) async fn submit(remote: &dyn Remote, writes: &[Write]) -> Result<Vec<WriteOutcome>, Refusal> {
    let org = OrgId::new("org_a").unwrap();
    let permitted = PermittedWrites::new(writes, &[], &org, remote.name(), DateTime::UNIX_EPOCH).unwrap();
    remote.submit(permitted).await
}

fn created(outcomes: &[WriteOutcome]) -> Vec<bool> {
    let created = |outcome: &WriteOutcome| matches!(outcome, WriteOutcome::Applied { created: true, .. });
    outcomes.iter().map(created).collect()
}

#[tokio::test]
async fn a_fault_is_transient_and_the_second_try_leaves_one_resource() {
    let Some(peer) = start(&[]) else { return };
    let remote = remote(&peer);
    // The fault, what it is taken for, and whether the second try finds nothing there.
    let rows = [
        ("econnrefused-400", "unrecognised-400", true),
        ("serialization-409", Refusal::SERIALIZATION, true),
        ("server-error-500", "unavailable", true),
        ("drop-before", "connection", true),
        ("drop-after", "connection", false),
        ("hang", "timeout", true),
    ];
    for (kind, code, creates) in rows {
        peer.fault(&json!({"kind": kind, "method": "POST"})).await.unwrap();
        let refusal = submit(&remote, &[organization(kind)]).await.unwrap_err();
        assert_eq!(refusal, Refusal::transient(code), "{kind}");
        let outcomes = submit(&remote, &[organization(kind)]).await.unwrap();
        assert_eq!(created(&outcomes), [creates], "{kind}");
    }
    let stats = peer.stats().await.unwrap();
    assert_eq!(stats["resources"]["Organization"], rows.len());
    assert!(rows.iter().all(|(kind, ..)| stats["faults"][kind] == 1), "{}", stats["faults"]);
}

#[tokio::test]
async fn a_hanging_server_costs_no_more_than_the_timeout() {
    let Some(peer) = start(&[]) else { return };
    let remote = remote(&peer);
    peer.fault(&json!({"kind": "hang"})).await.unwrap();
    let started = Instant::now();
    let refusal = remote.read("Organization", "x").await.unwrap_err();
    assert_eq!(refusal, Refusal::transient("timeout"));
    // Nothing else shows that it was not waited for the answer; the bound leaves a loaded machine its time.
    assert!(started.elapsed() < TIMEOUT * 20, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_quota_that_ends_in_the_middle_of_a_bundle_stops_the_client() {
    let Some(peer) = start(&["--non-atomic"]) else { return };
    let remote = remote(&peer);
    peer.fault(&json!({"kind": "throttle-entry-429", "wait_ms": 900})).await.unwrap();
    let four: Vec<Write> = ["a", "b", "c", "d"].map(organization).into();
    let outcomes = submit(&remote, &four).await.unwrap();
    assert_eq!(created(&outcomes), [true, true, false, false]);
    let wait = Some(Duration::from_millis(900));
    let throttled = WriteOutcome::Refused(Refusal::Transient { code: Refusal::THROTTLED.into(), wait });
    assert_eq!(outcomes[2..], [throttled.clone(), throttled]);
    let asked = peer.stats().await.unwrap()["requests"].clone();
    let early = submit(&remote, &four[2..]).await.unwrap_err();
    assert_eq!(early.code(), Refusal::THROTTLED);
    assert_eq!(peer.stats().await.unwrap()["requests"], asked, "nothing was sent");
    tokio::time::sleep(Duration::from_millis(950)).await;
    assert_eq!(created(&submit(&remote, &four).await.unwrap()), [false, false, true, true]);
}

#[tokio::test]
async fn an_atomic_transaction_is_throttled_as_a_whole() {
    let Some(peer) = start(&[]) else { return };
    let remote = remote(&peer);
    peer.fault(&json!({"kind": "throttle-entry-429", "wait_ms": 900})).await.unwrap();
    let refusal = submit(&remote, &[organization("a"), organization("b")]).await.unwrap_err();
    let wait = Some(Duration::from_millis(900));
    assert_eq!(refusal, Refusal::Transient { code: Refusal::THROTTLED.into(), wait });
    assert_eq!(peer.stats().await.unwrap()["resources"], json!({}), "the first entry was taken back");
}

#[tokio::test]
async fn an_outage_proves_nothing_about_atomicity() {
    let Some(peer) = start(&[]) else { return };
    let remote = remote(&peer);
    for kind in ["econnrefused-400", "serialization-409", "drop-before", "server-error-500"] {
        peer.fault(&json!({"kind": kind, "method": "POST"})).await.unwrap();
        assert!(matches!(remote.probe().await, Err(Error::Unavailable { .. })), "{kind}");
    }
    assert!(remote.probe().await.unwrap().atomic);
    assert_eq!(peer.stats().await.unwrap()["resources"], json!({}));
}
