//! A gateway on one SQLite file that several processes open one after the other, and how often its consents were decided about.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use carewire_consent::{
    Consent, ConsentEpoch, ConsentGuard, ConsentStore, DataClass, PatientConsents, Purpose, SimpleConsent,
    StoreError,
};
use carewire_deid::KeyRing;
use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir};
use carewire_fhir_core::http::Target;
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_fhir_http::{FhirClient, FhirHttpRemote};
use carewire_gateway::{Gateway, Parts, Settings};
use carewire_mllp::{Handler, Peer, Reply};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditQuery, AuditRecord, ChainedRecord, IdentityMap, Intake, QueueAdmin, Tally,
    Verification,
};
use chrono::Utc;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::{Counting, Real, SYSTEM, settings};

/// Consents that count how often all of a patient's are read: once for each decision, and for nothing else.
#[derive(Debug)]
struct Counted {
    store: SqliteStore,
    decisions: Arc<AtomicUsize>,
}

#[async_trait]
impl ConsentStore for Counted {
    async fn put(&self, consent: Consent) -> Result<ConsentEpoch, StoreError> {
        self.store.put(consent).await
    }

    async fn guard(&self, org: &OrgId, patients: &[PatientToken]) -> Result<ConsentGuard, StoreError> {
        self.store.guard(org, patients).await
    }

    async fn for_patient(&self, org: &OrgId, patient: &PatientToken) -> Result<PatientConsents, StoreError> {
        self.decisions.fetch_add(1, Ordering::SeqCst);
        self.store.for_patient(org, patient).await
    }

    async fn epoch(&self, org: &OrgId, patient: &PatientToken) -> Result<ConsentEpoch, StoreError> {
        self.store.epoch(org, patient).await
    }

    async fn get(&self, org: &OrgId, id: &str) -> Result<Option<Consent>, StoreError> {
        self.store.get(org, id).await
    }

    async fn revoke(&self, org: &OrgId, id: &str) -> Result<(PatientToken, ConsentEpoch), StoreError> {
        self.store.revoke(org, id).await
    }

    async fn list(
        &self,
        org: &OrgId,
        patient: Option<&PatientToken>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Consent>, StoreError> {
        ConsentStore::list(&self.store, org, patient, after, limit).await
    }
}

/// A trail that can refuse to be written.
#[derive(Debug)]
struct MayStop {
    store: SqliteStore,
    stopped: Arc<AtomicBool>,
}

#[async_trait]
impl AuditLog for MayStop {
    async fn append(&self, records: Vec<AuditRecord>) -> carewire_sync_engine::Result<()> {
        if self.stopped.load(Ordering::SeqCst) {
            return Err(carewire_sync_engine::Error::Unavailable { what: "trail", source: None });
        }
        self.store.append(records).await
    }

    async fn search(
        &self,
        org: &OrgId,
        query: &AuditQuery,
        limit: usize,
    ) -> carewire_sync_engine::Result<Vec<ChainedRecord>> {
        self.store.search(org, query, limit).await
    }

    async fn verify(&self, org: &OrgId) -> carewire_sync_engine::Result<Verification> {
        self.store.verify(org).await
    }
}

/// What outlives a process.
pub(crate) struct Machine {
    folder: TempDir,
    ring: KeyRing,
    entropy: Arc<Counting>,
    server: EmbeddedFhir,
    base: String,
    decisions: Arc<AtomicUsize>,
}

/// One life of a process.
pub(crate) struct Process {
    pub(crate) gateway: Gateway,
    pub(crate) store: SqliteStore,
    pub(crate) server: EmbeddedFhir,
    base: String,
    stopped: Arc<AtomicBool>,
}

impl Machine {
    pub(crate) async fn new() -> Self {
        let server = EmbeddedFhir::builder().admin(true).build().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}{BASE_PATH}", listener.local_addr().unwrap());
        let serving = server.clone();
        tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
        let entropy = Arc::new(Counting::default());
        let ring = KeyRing::generate(entropy.as_ref(), "2026-01-01T00:00:00Z").unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self { folder, ring, entropy, server, base, decisions: Arc::default() }
    }

    pub(crate) async fn start(&self) -> Process {
        self.start_with(|_| ()).await
    }

    pub(crate) async fn start_with(&self, change: impl FnOnce(&mut Settings)) -> Process {
        let path = self.folder.path().join("store.db");
        let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
        let (all, stopped) = (Arc::new(store.clone()), Arc::<AtomicBool>::default());
        let parts = Parts {
            intake: all.clone(),
            queue: all.clone(),
            admin: all.clone(),
            limits: all.clone(),
            identities: all.clone(),
            audit: Arc::new(MayStop { store: store.clone(), stopped: Arc::clone(&stopped) }),
            consents: Arc::new(Counted { store: store.clone(), decisions: Arc::clone(&self.decisions) }),
            vault: all,
            remote: Arc::new(FhirHttpRemote::open("main", &self.base).unwrap()),
            clock: Arc::new(Real),
            entropy: self.entropy.clone(),
        };
        let mut settings = settings();
        settings.lease = Duration::from_millis(600);
        change(&mut settings);
        let gateway = Gateway::new(OrgId::new("clinic").unwrap(), &self.ring, parts, settings);
        let (server, base) = (self.server.clone(), self.base.clone());
        Process { gateway, store, server, base, stopped }
    }

    /// How many decisions were made in all lives.
    pub(crate) fn decisions(&self) -> usize {
        self.decisions.load(Ordering::SeqCst)
    }
}

impl Process {
    /// Hands a message in as an MLLP connection would.
    pub(crate) async fn send(&self, message: &[u8]) {
        let peer = Peer::new(1, "127.0.0.1:9".parse().unwrap());
        match self.gateway.mllp_intake().handle(&peer, message.to_vec()).await {
            Reply::Send(_) => {}
            _ => panic!("an answer was expected"),
        }
    }

    /// Works until nothing is waiting, retries included.
    pub(crate) async fn work(&self) {
        let (store, org) = (self.store.clone(), self.gateway.org().clone());
        let idle = async move {
            loop {
                tokio::time::sleep(Duration::from_millis(10)).await;
                let stats = QueueAdmin::stats(&store, &org, None, Utc::now()).await.unwrap();
                if stats.waiting + stats.active + stats.delayed == 0 {
                    return;
                }
            }
        };
        let within = tokio::time::timeout(Duration::from_secs(60), self.gateway.run_workers(idle)).await;
        within.expect("the queue drains");
    }

    pub(crate) async fn token(&self, mrn: &str) -> PatientToken {
        self.gateway.resolve_patient(SYSTEM, mrn).await.unwrap()
    }

    /// A consent to everything, for treatment.
    pub(crate) async fn consent(&self, id: &str, mrn: &str) {
        let (org, token) = (self.gateway.org().clone(), self.token(mrn).await);
        let consent = SimpleConsent::new(id, org, token, Purpose::Treat, DataClass::permittable());
        self.gateway.put_consent(consent).await.unwrap();
    }

    pub(crate) fn stop_the_trail(&self, stopped: bool) {
        self.stopped.store(stopped, Ordering::SeqCst);
    }

    /// Somebody else deletes what was sent of every patient.
    pub(crate) async fn lose_the_patients_at_the_remote(&self) {
        let client = FhirClient::open(&self.base).unwrap();
        let rows = self.store.scan(self.gateway.org(), "main", None, 100).await.unwrap();
        for row in rows.iter().filter(|row| row.key.resource_type == "Patient") {
            client.delete(Target::Instance("Patient", &row.remote_id), None).await.unwrap();
        }
    }

    /// How many resources of a type the remote has.
    pub(crate) fn at_remote(&self, resource_type: &str) -> u64 {
        let stats: serde_json::Value = serde_json::from_str(&self.server.stats().to_json()).unwrap();
        stats.pointer(&format!("/resources/{resource_type}")).and_then(serde_json::Value::as_u64).unwrap_or(0)
    }

    pub(crate) async fn tally(&self) -> Tally {
        self.store.tally(self.gateway.org()).await.unwrap()
    }

    /// The whole trail.
    pub(crate) async fn trail(&self) -> Vec<AuditRecord> {
        let page = self.store.search(self.gateway.org(), &AuditQuery::default(), 10_000).await.unwrap();
        page.into_iter().map(|entry| entry.record).collect()
    }

    pub(crate) async fn records(&self, action: AuditAction) -> Vec<AuditRecord> {
        self.trail().await.into_iter().filter(|record| record.action == action).collect()
    }
}
