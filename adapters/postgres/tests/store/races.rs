//! Several services on one database: revocation wins every race, and a message has one worker.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use carewire_consent::{
    ConsentStore as _, ConsentStoreExt as _, DataClass, Policy, Purpose, Request, SimpleConsent,
};
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_postgres::PostgresStore;
use carewire_sync_engine::{Begun, Idempotency as _, Redeemed};
use chrono::DateTime;

use crate::database::Database;
use crate::samples::{delivery, org};

/// Two processes write to a remote, a third revokes: no write starts after `revoke` returned, and it returns while none is
/// under way.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_write_starts_once_revoke_returned() {
    let Some(database) = Database::make().await else { return };
    let stores = [database.store().await, database.connect().await, database.connect().await];
    for round in 0..30 {
        let scene = Arc::new(Scene::of(round));
        stores[0].put(scene.consent().into()).await.unwrap();
        let writers: Vec<_> = stores[..2]
            .iter()
            .cloned()
            .map(|store| {
                let scene = Arc::clone(&scene);
                tokio::spawn(async move { while scene.write(&store).await {} })
            })
            .collect();
        tokio::time::sleep(Duration::from_micros(500 * round)).await;
        stores[2].revoke(&scene.org, &scene.id).await.unwrap();
        scene.revoked.store(true, Ordering::SeqCst);
        for writer in writers {
            writer.await.unwrap();
        }
    }
    database.remove().await;
}

struct Scene {
    org: OrgId,
    patient: PatientToken,
    id: String,
    revoked: AtomicBool,
}

impl Scene {
    fn of(round: u64) -> Self {
        let patient = PatientToken::new(&format!("pt_{round}")).unwrap();
        Self {
            org: OrgId::new("o").unwrap(),
            patient,
            id: format!("c{round}"),
            revoked: AtomicBool::new(false),
        }
    }

    fn consent(&self) -> SimpleConsent {
        let (org, patient) = (self.org.clone(), self.patient.clone());
        SimpleConsent::new(self.id.clone(), org, patient, Purpose::Treat, [DataClass::Vitals])
    }

    /// Decides, guards, compares, writes. Answers whether it may go on.
    async fn write(&self, store: &PostgresStore) -> bool {
        let request = Request::new(self.org.clone(), self.patient.clone(), Purpose::Treat);
        let request = request.with_classes([DataClass::Vitals]);
        let decided = store.authorize(&request, &Policy::default(), DateTime::UNIX_EPOCH).await.unwrap();
        let Ok(permit) = decided else { return false };
        let guard = store.guard(&self.org, std::slice::from_ref(&self.patient)).await.unwrap();
        if !guard.confirms(&permit) {
            return false;
        }
        assert!(!self.revoked.load(Ordering::SeqCst), "a write started after revoke returned");
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert!(!self.revoked.load(Ordering::SeqCst), "revoke returned while a write was under way");
        true
    }
}

/// Changes of one patient from two processes: each has an epoch of its own, none is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn epochs_of_changes_at_once_are_all_different() {
    let Some(database) = Database::make().await else { return };
    let stores = [database.store().await, database.connect().await];
    let (org, patient) = (OrgId::new("o").unwrap(), PatientToken::new("pt_1").unwrap());
    let changes: Vec<_> = (0..60)
        .map(|number| {
            let store = stores.get(number % 2).cloned().unwrap();
            let id = format!("c{}", number % 5);
            let consent = SimpleConsent::new(
                id.clone(),
                org.clone(),
                patient.clone(),
                Purpose::Treat,
                [DataClass::Vitals],
            );
            let org = org.clone();
            tokio::spawn(async move {
                let put = store.put(consent.into()).await.unwrap();
                [put, store.revoke(&org, &id).await.unwrap().1]
            })
        })
        .collect();
    let mut epochs = Vec::new();
    for change in changes {
        epochs.extend(change.await.unwrap());
    }
    epochs.sort();
    epochs.dedup();
    assert_eq!(epochs.len(), 120);
    assert_eq!(stores[0].epoch(&org, &patient).await.unwrap().0, 120);
    database.remove().await;
}

/// A worker that is too slow finishes while another process takes its message over: either the answer is kept and the
/// other one gets it, or the ticket is stale. Never both, never neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_message_is_finished_or_taken_over() {
    let Some(database) = Database::make().await else { return };
    let (ours, theirs) = (database.store().await, database.connect().await);
    let mut finished = 0;
    for round in 0..60 {
        let org = org(&format!("o{round}"));
        let Begun::New { ticket, .. } = ours.begin(&delivery(&org, 0)).await.unwrap() else {
            panic!("it is new");
        };
        let (slow, other) = (ours.clone(), theirs.clone());
        let finish = tokio::spawn(async move { slow.finish(&ticket, vec![7]).await.unwrap() });
        let begin = tokio::spawn(async move { other.begin(&delivery(&org, 60)).await.unwrap() });
        match (finish.await.unwrap(), begin.await.unwrap()) {
            (Redeemed::Done, Begun::Resend { answer }) if answer == [7] => finished += 1,
            (Redeemed::Stale, Begun::New { taken_over: true, .. }) => {}
            both => panic!("round {round}: {both:?}"),
        }
    }
    eprintln!("{finished} of 60 were finished before they were taken over");
    database.remove().await;
}
