//! Health and metrics: open to everybody, and without a value of any message.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_http_api::Role;
use carewire_sync_engine::{
    Error, Intake, MemoryStore, MessageId, MessageState, NewMessage, Receipt, Result, StoredMessage, Tally,
};
use reqwest::Method;
use serde_json::json;

use crate::support::{Bench, adt, answer, bench, bench_with, consent, token, unknown_type};

#[tokio::test(flavor = "multi_thread")]
async fn health_says_where_messages_stand() {
    let bench = bench().await;
    for path in ["/health/live", "/health/ready", "/health/startup", "/health", "/fhir/admin/health"] {
        assert_eq!(open(&bench, path).await.status, 200, "{path}");
    }
    bench.send(&adt("77", "1")).await;
    bench.send(&unknown_type("78", "2")).await;
    bench.send(b"not a message").await;
    bench.work().await;
    let health = open(&bench, "/health").await.json();
    assert_eq!(
        (&health["status"], &health["store"], &health["remote"]),
        (&json!("ok"), &json!("ok"), &json!("main"))
    );
    assert_eq!(health["messages"], json!({"received": 0, "pushed": 0, "held": 1, "dead": 1, "refused": 1}));
    assert_eq!(health["queue"]["failed"], json!(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_store_the_gateway_lives_and_is_not_ready() {
    let down = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&down);
    let bench = bench_with(|inner| Arc::new(Flaky { inner, down: switch })).await;
    assert_eq!(open(&bench, "/health/ready").await.status, 200);
    down.store(true, Ordering::SeqCst);
    assert_eq!(open(&bench, "/health/live").await.status, 200);
    for (path, state) in
        [("/health", "degraded"), ("/health/ready", "not-ready"), ("/health/startup", "not-ready")]
    {
        let answer = open(&bench, path).await;
        assert_eq!((answer.status, &answer.json()["status"]), (503, &json!(state)), "{path}");
        assert!(!answer.text.contains("Secretname"), "{}", answer.text);
    }
    down.store(false, Ordering::SeqCst);
    assert_eq!(open(&bench, "/health").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_and_carry_no_value() {
    let bench = bench().await;
    let patient = bench.patient("778899").await;
    bench.post("/api/consents", &token(Role::Admin), consent("c1", &patient)).await.accepted();
    bench.send(&adt("778899", "CTRL4711")).await;
    bench.work().await;
    let text = open(&bench, "/metrics").await.text;
    for line in [
        "# TYPE carewire_messages_received_total counter",
        "carewire_messages_pushed_total{org=\"clinic\"}",
        "carewire_deliver_seconds",
    ] {
        assert!(text.contains(line), "{line} is missing in {text}");
    }
    let json = open(&bench, "/metrics/json").await;
    for value in ["778899", "CTRL4711", "Secretname", "19700101", "WARD", patient.as_str()] {
        assert!(!text.contains(value) && !json.text.contains(value), "{value}");
    }
    let json = json.json();
    assert_eq!((&json["received"], &json["pushed"], &json["dead"]), (&json!(1), &json!(1), &json!(0)));
    assert!(json["deliverSeconds"]["p99"].as_f64().unwrap() > 0.0);
}

async fn open(bench: &Bench, path: &str) -> crate::support::Answer {
    answer(bench.request(Method::GET, path)).await
}

/// An intake whose store can be switched off.
#[derive(Debug)]
struct Flaky {
    inner: Arc<MemoryStore>,
    down: Arc<AtomicBool>,
}

impl Flaky {
    fn up(&self) -> Result<&MemoryStore> {
        if self.down.load(Ordering::SeqCst) {
            let source = Some("disk of Secretname is full".into());
            return Err(Error::Unavailable { what: "store", source });
        }
        Ok(&self.inner)
    }
}

#[async_trait]
impl Intake for Flaky {
    async fn accept(&self, message: NewMessage) -> Result<Receipt> {
        self.up()?.accept(message).await
    }

    async fn load(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredMessage>> {
        self.up()?.load(org, id).await
    }

    async fn settle(&self, org: &OrgId, ids: &[MessageId], state: MessageState) -> Result<()> {
        self.up()?.settle(org, ids, state).await
    }

    async fn tally(&self, org: &OrgId) -> Result<Tally> {
        self.up()?.tally(org).await
    }
}
