//! Faults, statistics and the request log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::{conditional, in_memory, patient, start};
use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir, Fault, FaultKind, FileRequestLog, MemoryRequestLog};
use carewire_fhir_core::Value;

#[tokio::test]
async fn a_dropped_request_gets_no_byte_and_is_applied_or_not() {
    for (kind, applied) in [(FaultKind::DropBefore, 0), (FaultKind::DropAfterApply, 1)] {
        let remote = start(EmbeddedFhir::builder().fault(Fault::new(kind).times(1))).await;
        let reply = remote.send("POST", &format!("{BASE_PATH}/Patient"), &[], &patient("a")).await;
        assert!(reply.is_none(), "{kind:?}");
        assert_eq!(remote.count("Patient").await, applied, "{kind:?}");
    }
}

#[tokio::test]
async fn refusing_faults_change_nothing() {
    for (kind, status) in [
        (FaultKind::Transient400, 400),
        (FaultKind::Serialization409, 409),
        (FaultKind::Throttle429Entry, 429),
    ] {
        let remote = start(EmbeddedFhir::builder().fault(Fault::new(kind).times(1))).await;
        let reply = remote.bundle("transaction", &[conditional("a")]).await;
        assert_eq!(reply.status, status);
        let issue = reply.json().list("issue")[0].clone();
        match kind {
            FaultKind::Transient400 => assert!(reply.issue().starts_with("connect ECONNREFUSED")),
            FaultKind::Serialization409 => {
                assert_eq!(issue.get("details").unwrap().list("coding")[0].str("code"), Some("40001"));
            }
            _ => {
                assert!(issue.str("diagnostics").unwrap().contains("_msBeforeNext"));
                assert_eq!(reply.header("ratelimit"), Some("\"fhirInteractions\";r=0;t=1"));
            }
        }
        assert_eq!(remote.count("Patient").await, 0);
        assert_eq!(remote.bundle("transaction", &[conditional("a")]).await.statuses(), ["201"]);
    }
}

#[tokio::test]
async fn a_throttled_batch_loses_its_second_half() {
    let remote = start(EmbeddedFhir::builder().fault(Fault::new(FaultKind::Throttle429Entry).times(1))).await;
    let entries: Vec<_> = (0..5).map(|n| conditional(&format!("c{n}"))).collect();
    let reply = remote.bundle("batch", &entries).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.statuses(), ["201", "201", "429", "429", "429"]);
    assert_eq!(remote.count("Patient").await, 2);
}

#[tokio::test]
async fn faults_are_switched_while_the_server_runs() {
    let remote = in_memory().await;
    let body = r#"{"kind":"delay","every":2,"millis":150,"method":"GET"}"#;
    assert_eq!(remote.send("POST", "/_faults", &[], body).await.unwrap().status, 201);
    assert_eq!(remote.send("POST", "/_faults", &[], r#"{"kind":"x"}"#).await.unwrap().status, 400);
    // That a request was not delayed is counted: how long it takes is the machine's affair.
    let delayed = || remote.server.stats().get("faults").unwrap().get("delay").and_then(Value::as_i64);
    remote.get("/Patient").await;
    assert_eq!(delayed(), None);
    let start = Instant::now();
    remote.get("/Patient").await;
    assert!(start.elapsed() >= Duration::from_millis(150));
    assert_eq!(delayed(), Some(1));
    assert_eq!(remote.send("DELETE", "/_faults", &[], "").await.unwrap().status, 200);
    remote.get("/Patient").await;
    remote.get("/Patient").await;
    assert_eq!(delayed(), Some(1));
}

#[tokio::test]
async fn administration_can_be_switched_off() {
    let remote = start(EmbeddedFhir::builder().admin(false)).await;
    assert_eq!(remote.send("GET", "/_stats", &[], "").await.unwrap().status, 404);
}

#[tokio::test]
async fn changes_are_counted() {
    let remote = in_memory().await;
    remote.bundle("transaction", &[conditional("a"), conditional("b")]).await;
    remote.bundle("transaction", &[conditional("a")]).await;
    let stats = remote.server.stats();
    let count = |name| stats.get(name).and_then(Value::as_i64);
    assert_eq!((count("created"), count("updated"), count("unchanged")), (Some(2), Some(0), Some(1)));
    assert_eq!(stats.get("resources").unwrap().get("Patient").and_then(Value::as_i64), Some(2));
}

#[tokio::test]
async fn the_log_has_what_was_on_the_wire() {
    let log = Arc::new(MemoryRequestLog::default());
    let remote = start(EmbeddedFhir::builder().request_log(log.clone())).await;
    remote
        .with("GET", "/Patient?identifier=urn:t%7Ccanary", &["X-Note: second", "Authorization: Bearer x"], "")
        .await;
    remote.server.add_fault(Fault::new(FaultKind::DropBefore));
    remote.send("POST", &format!("{BASE_PATH}/Patient"), &[], "canary").await;
    let records = log.records();
    assert_eq!(records[0].target, "/fhir/R4/Patient?identifier=urn:t%7Ccanary");
    assert_eq!((records[0].status, records[1].status), (Some(200), None));
    assert!(records[0].headers.contains(&("x-note".to_owned(), "second".to_owned())));
    assert!(!records[0].headers.iter().any(|(name, _)| name == "authorization"));
    assert_eq!(records[1].body, b"canary");
    assert!(!format!("{records:?}").contains("canary"));
}

#[tokio::test]
async fn the_log_can_be_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("requests.ndjson");
    let remote =
        start(EmbeddedFhir::builder().request_log(Arc::new(FileRequestLog::open(&path).unwrap()))).await;
    remote.get("/Patient?identifier=a").await;
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, "{\"method\":\"GET\",\"target\":\"/fhir/R4/Patient?identifier=a\",\"status\":200}\n");
}

#[tokio::test]
async fn a_request_whose_client_went_away_is_in_the_log() {
    let log = Arc::new(MemoryRequestLog::default());
    let slow = Fault::new(FaultKind::Delay).wait(Duration::from_secs(60));
    let remote = start(EmbeddedFhir::builder().request_log(log.clone()).fault(slow)).await;
    let asked =
        tokio::time::timeout(Duration::from_millis(100), remote.get("/Patient?identifier=gone")).await;
    assert!(asked.is_err());
    for _ in 0..100 {
        if !log.records().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(log.records()[0].target, "/fhir/R4/Patient?identifier=gone");
}
