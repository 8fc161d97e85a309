//! Drift is found, repaired where consent allows it, and reported.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::support::{FakeRemote, LIMITS, draft, push_all};
use async_trait::async_trait;
use carewire_consent::{
    ConsentEpoch, DataClass, PatientConsents, Permit, Policy, Purpose, Request, SimpleConsent, authorize,
};
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_sync_engine::{
    BaseSealer, Clock, Draft, Error, IdentityMap, LocalKey, MemoryStore, PermitSource, ReconcileOptions,
    ReconcileReport, Reconciler, Refusal, Result,
};
use chrono::{DateTime, Utc};

#[derive(Debug)]
struct Consented(AtomicBool);

#[async_trait]
impl PermitSource for Consented {
    async fn permit(
        &self,
        org: &OrgId,
        patient: &PatientToken,
        remote: &str,
        classes: &[String],
    ) -> Result<Option<Permit>> {
        let classes: Vec<_> = classes.iter().map(|code| DataClass::parse(code)).collect();
        let consent =
            SimpleConsent::new("c1", org.clone(), patient.clone(), Purpose::parse("TREAT"), classes.clone());
        let consents = if self.0.load(Ordering::SeqCst) { vec![consent.into()] } else { Vec::new() };
        let consents = PatientConsents { epoch: ConsentEpoch(1), consents };
        let request = Request::new(org.clone(), patient.clone(), Purpose::parse("TREAT"))
            .with_classes(classes)
            .to_remote(remote);
        Ok(authorize(&request, &consents, &Policy::default(), DateTime::UNIX_EPOCH).ok())
    }
}

/// Not a cipher: it only tells places apart.
#[derive(Debug)]
struct Place;

impl BaseSealer for Place {
    fn seal(&self, org: &OrgId, remote: &str, key: &LocalKey, plain: &[u8]) -> Result<Vec<u8>> {
        Ok([format!("{org}|{remote}|{}|", key.value).as_bytes(), plain].concat())
    }

    fn open(&self, org: &OrgId, remote: &str, key: &LocalKey, sealed: &[u8]) -> Result<Vec<u8>> {
        let place = format!("{org}|{remote}|{}|", key.value);
        let plain = sealed.strip_prefix(place.as_bytes());
        plain.map(<[u8]>::to_vec).ok_or(Error::Corrupt { what: "base" })
    }
}

#[derive(Debug)]
struct Epoch;

impl Clock for Epoch {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn jitter(&self) -> u64 {
        0
    }
}

struct Bench {
    org: OrgId,
    store: Arc<MemoryStore>,
    remote: Arc<FakeRemote>,
    consented: Arc<Consented>,
    reconciler: Reconciler,
}

impl Bench {
    /// A remote that holds the drafts, and the map that knows it.
    async fn new(put_resurrects: bool, drafts: Vec<Draft>) -> Self {
        let org = OrgId::new("org_a").unwrap();
        let remote = Arc::new(FakeRemote::new(LIMITS).resurrecting(put_resurrects));
        let mut known = HashMap::new();
        push_all(&remote, drafts, &mut known).unwrap();
        remote.take_writes();
        let store = Arc::new(MemoryStore::new());
        let sealed = known.into_values().map(|mut row| {
            row.base = Place.seal(&org, "main", &row.key, &row.base).unwrap();
            row
        });
        store.record(&org, "main", sealed.collect()).await.unwrap();
        let consented = Arc::new(Consented(AtomicBool::new(true)));
        let reconciler = Reconciler {
            identities: store.clone(),
            remote: remote.clone(),
            permits: consented.clone(),
            sealer: Arc::new(Place),
            clock: Arc::new(Epoch),
        };
        Self { org, store, remote, consented, reconciler }
    }

    async fn run(&self) -> ReconcileReport {
        self.reconciler.run(&self.org, &ReconcileOptions::default().with_batch(2)).await.unwrap()
    }

    async fn id(&self, n: usize) -> String {
        let key = draft(n, "", &[]).key;
        self.store.lookup(&self.org, "main", &[key]).await.unwrap()[0].as_ref().unwrap().remote_id.clone()
    }
}

fn seven() -> Vec<Draft> {
    (0..7).map(|n| draft(n, "a", if n == 0 { &[] } else { &[0] })).collect()
}

fn clean() -> ReconcileReport {
    ReconcileReport { checked: 7, ..ReconcileReport::default() }
}

#[tokio::test]
async fn without_drift_nothing_is_sent() {
    let bench = Bench::new(true, seven()).await;
    assert_eq!(bench.run().await, clean());
    assert!(bench.remote.take_writes().is_empty());
}

#[tokio::test]
async fn deleted_and_changed_resources_are_put_right() {
    let bench = Bench::new(true, seven()).await;
    bench.remote.delete(&bench.id(1).await);
    bench.remote.tamper(&bench.id(2).await, |value| {
        value.set("note", "tampered");
    });
    let found = ReconcileReport { missing: 1, changed: 1, repaired: 2, ..clean() };
    assert_eq!(bench.run().await, found);
    let restored = bench.remote.find(&draft(2, "", &[]).key).unwrap().1;
    assert_eq!(restored.value().str("note"), Some("a"));
    assert_eq!(bench.run().await, clean(), "the second run finds nothing");
}

#[tokio::test]
async fn a_dry_run_only_counts() {
    let bench = Bench::new(true, seven()).await;
    bench.remote.delete(&bench.id(1).await);
    let options = ReconcileOptions::default().with_dry_run(true);
    let report = bench.reconciler.run(&bench.org, &options).await.unwrap();
    assert_eq!(report, ReconcileReport { missing: 1, ..clean() });
    assert!(bench.remote.take_writes().is_empty());
}

#[tokio::test]
async fn another_version_of_the_same_content_is_no_drift() {
    let bench = Bench::new(true, seven()).await;
    bench.remote.tamper(&bench.id(3).await, |_| ());
    assert_eq!(bench.run().await, clean());
    let row = &bench.store.lookup(&bench.org, "main", &[draft(3, "", &[]).key]).await.unwrap()[0];
    assert_eq!(row.as_ref().unwrap().remote_version.as_deref(), Some("2"), "the version is learnt");
}

#[tokio::test]
async fn what_consent_forbids_now_is_not_sent() {
    let bench = Bench::new(true, seven()).await;
    bench.remote.delete(&bench.id(1).await);
    bench.consented.0.store(false, Ordering::SeqCst);
    assert_eq!(bench.run().await, ReconcileReport { missing: 1, blocked: 1, ..clean() });
    assert!(bench.remote.take_writes().is_empty());
    bench.consented.0.store(true, Ordering::SeqCst);
    assert_eq!(bench.run().await.repaired, 1);
}

#[tokio::test]
async fn referrers_follow_a_resource_that_comes_back_under_a_new_id() {
    let bench = Bench::new(false, seven()).await;
    let old = bench.id(0).await;
    bench.remote.delete(&old);
    let report = bench.run().await;
    assert_eq!(report, ReconcileReport { missing: 1, repaired: 1, relinked: 6, ..clean() });
    let new = bench.id(0).await;
    assert_ne!(old, new);
    let referrer = bench.remote.find(&draft(5, "", &[]).key).unwrap().1;
    assert_eq!(referrer.value().list("focus")[0].str("reference"), Some(format!("Patient/{new}").as_str()));
    assert_eq!(bench.run().await, clean());
}

#[tokio::test]
async fn an_outage_ends_the_run_and_is_reported() {
    let bench = Bench::new(true, seven()).await;
    bench.remote.set_outage(Some(Refusal::transient("remote-unavailable")));
    let report = bench.run().await;
    assert_eq!(report.interrupted.as_deref(), Some("remote-unavailable"));
    assert!(report.checked < 7);
}

#[tokio::test]
async fn a_base_that_cannot_be_opened_is_an_error() {
    let bench = Bench::new(true, seven()).await;
    let key = draft(1, "", &[]).key;
    let row = bench.store.lookup(&bench.org, "main", &[key]).await.unwrap().remove(0).unwrap();
    bench.remote.delete(&row.remote_id);
    let broken = carewire_sync_engine::Identity { base: b"other".to_vec(), ..row };
    bench.store.record(&bench.org, "main", vec![broken]).await.unwrap();
    let error = bench.reconciler.run(&bench.org, &ReconcileOptions::default()).await.unwrap_err();
    assert!(matches!(error, Error::Corrupt { what: "base" }), "{error}");
}
