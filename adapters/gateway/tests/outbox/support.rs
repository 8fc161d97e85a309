//! A gateway on one SQLite file that can be closed and opened again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use carewire_consent::{
    Consent, ConsentEpoch, ConsentGuard, ConsentStore, DataClass, PatientConsents, Purpose, SimpleConsent,
    StoreError,
};
use carewire_deid::{Entropy, KeyRing};
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_fhir_http::FhirHttpRemote;
use carewire_gateway::{Basis, Destination, Gateway, MllpOutbox, Outgoing, Parts, Settings};
use carewire_mllp::{ClientOptions, Correlation, Target};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{
    AuditAction, AuditLog, AuditQuery, AuditRecord, Beat, ClaimOptions, ClaimedJob, Clock, Enqueued,
    JobFilter, JobQueue, JobView, MessageId, NewJob, OutboundTally, QueueAdmin, Result, RetryPolicy, Settled,
    Settlement, WorkerReport,
};
use chrono::{DateTime, Utc};
use tempfile::TempDir;

use crate::receiver::Receiver;

/// What PID-3.4 of [`adt`] resolves to.
pub(crate) const SYSTEM: &str = "urn:oid:1.2.3.4";
/// No message may take so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Numbers that differ, for tests only.
#[derive(Debug, Default)]
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) -> std::result::Result<(), carewire_deid::Error> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            chunk.copy_from_slice(&next.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Real;

impl Clock for Real {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn jitter(&self) -> u64 {
        7
    }
}

/// A queue that can stop answering.
#[derive(Debug)]
struct MayStick {
    store: SqliteStore,
    stuck: Arc<AtomicBool>,
}

impl MayStick {
    async fn queue(&self) -> &SqliteStore {
        if self.stuck.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        &self.store
    }
}

#[async_trait]
impl JobQueue for MayStick {
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<Enqueued>> {
        self.queue().await.enqueue(jobs).await
    }

    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        self.queue().await.claim(options).await
    }

    async fn heartbeat(&self, beats: &[Beat], until: DateTime<Utc>) -> Result<Vec<bool>> {
        self.queue().await.heartbeat(beats, until).await
    }

    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<Vec<Settled>> {
        self.queue().await.settle(settlements, now).await
    }

    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>> {
        self.queue().await.next_due(queue).await
    }
}

/// Consents of which one can change just before somebody asks whether they did.
#[derive(Debug)]
struct Fickle {
    store: SqliteStore,
    meanwhile: Arc<Mutex<Option<Meanwhile>>>,
    decisions: Arc<AtomicUsize>,
}

impl Fickle {
    async fn let_the_other_act(&self, org: &OrgId) -> Consents<()> {
        let meanwhile = self.meanwhile.lock().unwrap().take();
        match meanwhile {
            Some(Meanwhile::Revoked(id)) => drop(self.store.revoke(org, &id).await?),
            Some(Meanwhile::Granted(consent)) => drop(self.store.put(*consent).await?),
            None => {}
        }
        Ok(())
    }
}

#[async_trait]
impl ConsentStore for Fickle {
    async fn put(&self, consent: Consent) -> Consents<ConsentEpoch> {
        self.store.put(consent).await
    }

    async fn for_patient(&self, org: &OrgId, patient: &PatientToken) -> Consents<PatientConsents> {
        self.decisions.fetch_add(1, Ordering::SeqCst);
        self.store.for_patient(org, patient).await
    }

    async fn guard(&self, org: &OrgId, patients: &[PatientToken]) -> Consents<ConsentGuard> {
        self.let_the_other_act(org).await?;
        self.store.guard(org, patients).await
    }

    async fn epoch(&self, org: &OrgId, patient: &PatientToken) -> Consents<ConsentEpoch> {
        self.let_the_other_act(org).await?;
        self.store.epoch(org, patient).await
    }

    async fn get(&self, org: &OrgId, id: &str) -> Consents<Option<Consent>> {
        self.store.get(org, id).await
    }

    async fn revoke(&self, org: &OrgId, id: &str) -> Consents<(PatientToken, ConsentEpoch)> {
        self.store.revoke(org, id).await
    }

    async fn list(
        &self,
        org: &OrgId,
        patient: Option<&PatientToken>,
        after: Option<&str>,
        limit: usize,
    ) -> Consents<Vec<Consent>> {
        ConsentStore::list(&self.store, org, patient, after, limit).await
    }
}

/// What another process does to a consent.
#[derive(Debug)]
pub(crate) enum Meanwhile {
    Revoked(String),
    Granted(Box<Consent>),
}

type Consents<T> = std::result::Result<T, StoreError>;

/// What outlives a process.
pub(crate) struct Machine {
    pub(crate) path: PathBuf,
    folder: Arc<TempDir>,
    ring: KeyRing,
    entropy: Arc<Counting>,
    destinations: Vec<Destination>,
}

/// One life of a process.
pub(crate) struct Process {
    pub(crate) store: SqliteStore,
    pub(crate) gateway: Gateway,
    pub(crate) outbox: MllpOutbox,
    /// While it is true the queue does not answer.
    pub(crate) stuck: Arc<AtomicBool>,
    /// What another process does just before consents are next guarded, or their epoch asked for: no release follows.
    pub(crate) meanwhile: Arc<Mutex<Option<Meanwhile>>>,
    /// How often consents were decided about.
    pub(crate) decisions: Arc<AtomicUsize>,
    _folder: Arc<TempDir>,
}

/// A destination `name` at a receiver, that tries again soon.
pub(crate) fn destination(name: &str, receiver: &Receiver) -> Destination {
    destination_at(name, &receiver.address.to_string())
}

pub(crate) fn destination_at(name: &str, address: &str) -> Destination {
    let client = ClientOptions { ack_timeout: Duration::from_millis(400), ..client_options() };
    Destination::new(name, Target::new(address)).unwrap().with_client(client).with_pauses(pauses())
}

/// The outbox knows itself what an answer is for.
pub(crate) fn client_options() -> ClientOptions {
    ClientOptions::new(|_, _| Correlation::Other)
}

fn pauses() -> RetryPolicy {
    RetryPolicy::default().with_first(Duration::from_millis(2)).with_cap(Duration::from_millis(20))
}

impl Machine {
    pub(crate) fn new(destinations: impl IntoIterator<Item = Destination>) -> Self {
        let entropy = Arc::new(Counting::default());
        let folder = tempfile::tempdir().unwrap();
        Self {
            path: folder.path().to_owned(),
            folder: Arc::new(folder),
            ring: KeyRing::generate(entropy.as_ref(), "2026-01-01T00:00:00Z").unwrap(),
            entropy,
            destinations: destinations.into_iter().collect(),
        }
    }

    /// The machine of another process: the keys are made from the same numbers.
    pub(crate) fn at(path: &Path, destination: Destination) -> Self {
        Self { path: path.to_owned(), ..Self::new([destination]) }
    }

    pub(crate) async fn start(&self) -> Process {
        self.start_with(|_| {}).await
    }

    pub(crate) async fn start_with(&self, change: impl FnOnce(&mut Settings)) -> Process {
        let store = SqliteStore::open(self.path.join("store.db"), SqliteOptions::default()).await.unwrap();
        let all = Arc::new(store.clone());
        let stuck = Arc::new(AtomicBool::new(false));
        let (meanwhile, decisions) = (Arc::default(), Arc::<AtomicUsize>::default());
        let parts = Parts {
            intake: all.clone(),
            queue: Arc::new(MayStick { store: store.clone(), stuck: Arc::clone(&stuck) }),
            admin: all.clone(),
            limits: all.clone(),
            identities: all.clone(),
            audit: all.clone(),
            consents: Arc::new(Fickle {
                store: store.clone(),
                meanwhile: Arc::clone(&meanwhile),
                decisions: Arc::clone(&decisions),
            }),
            vault: all.clone(),
            // Nothing is ever pushed here.
            remote: Arc::new(FhirHttpRemote::open("main", "http://127.0.0.1:9/fhir").unwrap()),
            clock: Arc::new(Real),
            entropy: self.entropy.clone(),
        };
        let mut settings = Settings::safest();
        settings.lease = Duration::from_millis(600);
        settings.drain = Duration::from_secs(2);
        change(&mut settings);
        let gateway = Gateway::new(OrgId::new("clinic").unwrap(), &self.ring, parts, settings);
        let outbox = gateway.mllp_outbox(all, self.destinations.clone()).unwrap();
        Process { store, gateway, outbox, stuck, meanwhile, decisions, _folder: Arc::clone(&self.folder) }
    }
}

impl Process {
    /// Hands over under a contract.
    pub(crate) async fn enqueue(&self, destination: &str, control: impl ToString) -> MessageId {
        let message = adt("77", &control.to_string());
        self.hand_over(destination, &message, Basis::contract("dpa-7").unwrap()).await
    }

    pub(crate) async fn hand_over(&self, destination: &str, message: &[u8], basis: Basis) -> MessageId {
        self.outbox.enqueue(Outgoing::new(destination, message, basis)).await.unwrap()
    }

    /// Sends until `done`.
    pub(crate) async fn run_until(&self, done: impl AsyncFn() -> bool) -> BTreeMap<String, WorkerReport> {
        let until = async {
            while !done().await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // The two are not joined by `run`, so that `done` need not be `Send`.
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let outbox = self.outbox.clone();
        let running = tokio::spawn(async move { outbox.run(async { drop(stopped.await) }).await });
        tokio::time::timeout(PATIENCE, until).await.expect("it is done in time");
        stop.send(()).unwrap();
        running.await.unwrap()
    }

    /// Sends until nothing to these destinations waits.
    pub(crate) async fn drain(&self, destinations: &[&str]) -> BTreeMap<String, WorkerReport> {
        self.run_until(async || {
            for destination in destinations {
                if self.tally(destination).await.waiting > 0 {
                    return false;
                }
            }
            true
        })
        .await
    }

    pub(crate) async fn tally(&self, destination: &str) -> OutboundTally {
        self.outbox.tally(destination).await.unwrap()
    }

    pub(crate) async fn jobs(&self) -> Vec<JobView> {
        QueueAdmin::list(&self.store, self.gateway.org(), &JobFilter::default(), 10_000).await.unwrap()
    }

    pub(crate) async fn records(&self, action: AuditAction) -> Vec<AuditRecord> {
        let query = AuditQuery { action: Some(action), ..AuditQuery::default() };
        let found = self.store.search(self.gateway.org(), &query, 10_000).await.unwrap();
        found.into_iter().map(|chained| chained.record).collect()
    }

    pub(crate) async fn consent(&self, id: &str, mrn: &str, classes: impl IntoIterator<Item = DataClass>) {
        self.gateway.put_consent(self.consent_of(id, mrn, classes).await).await.unwrap();
    }

    /// A consent that is not stored yet.
    pub(crate) async fn consent_of(
        &self,
        id: &str,
        mrn: &str,
        classes: impl IntoIterator<Item = DataClass>,
    ) -> Consent {
        let token = self.gateway.resolve_patient(SYSTEM, mrn).await.unwrap();
        SimpleConsent::new(id, self.gateway.org().clone(), token, Purpose::Treat, classes).into()
    }
}

/// An ADT^A08 of a patient.
pub(crate) fn adt(mrn: &str, control: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301083000+0000||ADT^A08^ADT_A01|{control}|P|2.5.1\r\
         EVN||20260301083000+0000\r\
         PID|1||{mrn}^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r\
         PV1|1|I|WARD^1^2||||||||||||||||V{mrn}^^^AUTH&1.2.3.4&ISO^VN\r"
    )
    .into_bytes()
}

pub(crate) fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}
