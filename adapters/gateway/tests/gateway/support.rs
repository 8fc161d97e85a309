//! A gateway on memory stores in front of a real embedded FHIR server over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use carewire_consent::{DataClass, MemoryConsentStore, Purpose, SimpleConsent};
use carewire_deid::{Entropy, KeyRing, MemoryVault};
use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir};
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_fhir_http::{FhirClient, FhirHttpRemote};
use carewire_gateway::{Gateway, Parts, QUEUE, Settings};
use carewire_hl7_v2::ack::{self, AckCode};
use carewire_mllp::{Handler, Peer, Reply};
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditQuery, AuditRecord, ClaimOptions, Clock, JobFilter, JobQueue, JobState,
    MemoryStore, QueueAdmin, RetryPolicy,
};
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;

/// What PID-3.4 of [`adt`] resolves to.
pub(crate) const SYSTEM: &str = "urn:oid:1.2.3.4";

/// Numbers that differ, for tests only.
#[derive(Debug, Default)]
pub(crate) struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), carewire_deid::Error> {
        for chunk in bytes.chunks_mut(8) {
            let next =
                self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes();
            chunk.copy_from_slice(next.get(..chunk.len()).unwrap());
        }
        Ok(())
    }
}

#[derive(Debug)]
pub(crate) struct Real;

impl Clock for Real {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn jitter(&self) -> u64 {
        7
    }
}

/// The parts that tests look into.
pub(crate) struct Bench {
    pub(crate) gateway: Gateway,
    pub(crate) server: EmbeddedFhir,
    pub(crate) store: Arc<MemoryStore>,
    base: String,
    ring: KeyRing,
}

/// A gateway with its remote; workers are not running.
pub(crate) async fn bench() -> Bench {
    bench_with(settings()).await
}

/// The same under other settings.
pub(crate) async fn bench_with(settings: Settings) -> Bench {
    let server = EmbeddedFhir::builder().admin(true).build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}{BASE_PATH}", listener.local_addr().unwrap());
    let serving = server.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    let store = Arc::new(MemoryStore::new());
    let entropy = Arc::new(Counting::default());
    let ring = KeyRing::generate(entropy.as_ref(), "2026-01-01T00:00:00Z").unwrap();
    let parts = Parts {
        intake: store.clone(),
        queue: store.clone(),
        admin: store.clone(),
        limits: store.clone(),
        identities: store.clone(),
        audit: store.clone(),
        consents: Arc::new(MemoryConsentStore::default()),
        vault: Arc::new(MemoryVault::new()),
        remote: Arc::new(FhirHttpRemote::open("main", &base).unwrap()),
        clock: Arc::new(Real),
        entropy,
    };
    let gateway = Gateway::new(OrgId::new("clinic").unwrap(), &ring, parts, settings);
    Bench { gateway, server, store, base, ring }
}

pub(crate) fn settings() -> Settings {
    let mut settings = Settings::safest();
    settings.retry = RetryPolicy::default()
        .with_max_attempts(6)
        .with_first(Duration::from_millis(5))
        .with_cap(Duration::from_millis(20));
    settings
}

impl Bench {
    /// The gateway on other parts.
    pub(crate) fn on(&self, parts: Parts) -> Gateway {
        Gateway::new(self.gateway.org().clone(), &self.ring, parts, settings())
    }

    /// A gateway of another org on the same stores.
    pub(crate) fn other_org(&self, org: &str) -> Gateway {
        Gateway::new(OrgId::new(org).unwrap(), &self.ring, self.gateway.parts().clone(), settings())
    }

    /// Sends bytes as a connection would; the code of the answer.
    pub(crate) async fn send(&self, bytes: &[u8]) -> AckCode {
        ack::read(&self.answer(bytes).await).unwrap().code
    }

    pub(crate) async fn answer(&self, bytes: &[u8]) -> Vec<u8> {
        let peer = Peer::new(1, "127.0.0.1:9".parse().unwrap());
        match self.gateway.mllp_intake().handle(&peer, bytes.to_vec()).await {
            Reply::Send(answer) => answer,
            _ => panic!("an answer was expected"),
        }
    }

    /// Works until nothing is waiting, retries included.
    pub(crate) async fn work(&self) {
        let (gateway, org) = (self.gateway.clone(), self.gateway.org().clone());
        let admin = self.gateway.parts().admin.clone();
        let idle = async move {
            loop {
                tokio::time::sleep(Duration::from_millis(10)).await;
                let stats = admin.stats(&org, None, Utc::now()).await.unwrap();
                if stats.waiting + stats.active + stats.delayed == 0 {
                    return;
                }
            }
        };
        let within = tokio::time::timeout(Duration::from_secs(30), gateway.run_workers(idle)).await;
        within.expect("the queue drains");
    }

    /// Claims jobs as workers do that die with them, until no attempt is left.
    pub(crate) async fn lose_every_lease(&self) {
        let mut now = Utc::now();
        for _ in 0..20 {
            let lease = Duration::from_secs(1);
            let options = ClaimOptions { queue: QUEUE.into(), limit: 10, lease, now };
            self.store.claim(&options).await.unwrap();
            now += chrono::Duration::seconds(2);
        }
        let stats = self.store.stats(self.gateway.org(), None, now).await.unwrap();
        assert_eq!(stats.waiting + stats.active + stats.delayed, 0);
    }

    /// Works for a while, whatever is waiting.
    pub(crate) async fn work_for(&self, time: Duration) {
        self.gateway.run_workers(tokio::time::sleep(time)).await;
    }

    pub(crate) async fn token(&self, mrn: &str) -> PatientToken {
        self.gateway.resolve_patient(SYSTEM, mrn).await.unwrap()
    }

    pub(crate) async fn consent(&self, id: &str, mrn: &str) {
        let token = self.token(mrn).await;
        let org = self.gateway.org().clone();
        let consent = SimpleConsent::new(id, org, token, Purpose::Treat, DataClass::permittable());
        self.gateway.put_consent(consent).await.unwrap();
    }

    /// Somebody else who writes at the remote.
    pub(crate) fn client(&self) -> FhirClient {
        FhirClient::open(&self.base).unwrap()
    }

    /// How many resources of a type the remote has.
    pub(crate) fn at_remote(&self, resource_type: &str) -> u64 {
        let stats: serde_json::Value = serde_json::from_str(&self.server.stats().to_json()).unwrap();
        stats.pointer(&format!("/resources/{resource_type}")).and_then(serde_json::Value::as_u64).unwrap_or(0)
    }
}

pub(crate) async fn records(bench: &Bench, action: AuditAction) -> Vec<AuditRecord> {
    let query = AuditQuery { action: Some(action), ..AuditQuery::default() };
    let page = bench.store.search(bench.gateway.org(), &query, 100).await.unwrap();
    page.into_iter().map(|entry| entry.record).collect()
}

pub(crate) async fn held(bench: &Bench) -> Vec<Option<String>> {
    let filter = JobFilter { state: Some(JobState::Held), ..JobFilter::default() };
    let jobs = bench.store.list(bench.gateway.org(), &filter, 10).await.unwrap();
    jobs.into_iter().map(|job| job.reason).collect()
}

/// An ADT^A08 of a patient; `class` is PV1-2 of the one visit.
pub(crate) fn adt(mrn: &str, control: &str, class: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301083000+0000||ADT^A08^ADT_A01|{control}|P|2.5.1\r\
         EVN||20260301083000+0000\r\
         PID|1||{mrn}^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r\
         PV1|1|{class}|WARD^1^2||||||||||||||||V{mrn}^^^AUTH&1.2.3.4&ISO^VN\r"
    )
    .into_bytes()
}
