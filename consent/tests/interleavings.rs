//! Revocation wins every race, over interleavings of threads that a scheduler chooses:
//! `RUSTFLAGS='--cfg carewire_shuttle' cargo test -p carewire-consent --test interleavings`.
#![cfg(carewire_shuttle)]
#![expect(clippy::unwrap_used, reason = "tests")]

use carewire_consent::{
    ConsentStore, ConsentStoreExt, DataClass, MemoryConsentStore, Permit, Policy, Purpose, Request,
    SimpleConsent,
};
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::DateTime;
use shuttle::future::block_on;
use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicBool, Ordering};
use shuttle::thread;

const SCHEDULES: usize = 2_000;

struct Scene {
    store: MemoryConsentStore,
    org: OrgId,
    patient: PatientToken,
    revoked: AtomicBool,
}

impl Scene {
    fn set() -> Arc<Self> {
        let (org, patient) = (OrgId::new("o").unwrap(), PatientToken::new("pt_1").unwrap());
        let scene =
            Self { store: MemoryConsentStore::default(), org, patient, revoked: AtomicBool::new(false) };
        block_on(scene.store.put(scene.consent().into())).unwrap();
        Arc::new(scene)
    }

    fn consent(&self) -> SimpleConsent {
        SimpleConsent::new("c", self.org.clone(), self.patient.clone(), Purpose::Treat, [DataClass::Vitals])
    }

    fn revoke(&self) {
        block_on(self.store.revoke(&self.org, "c")).unwrap();
        self.revoked.store(true, Ordering::SeqCst);
    }

    fn permit(&self) -> Option<Permit> {
        let request = Request::new(self.org.clone(), self.patient.clone(), Purpose::Treat);
        let request = request.with_classes([DataClass::Vitals]);
        let policy = Policy::default();
        block_on(self.store.authorize(&request, &policy, DateTime::UNIX_EPOCH)).unwrap().ok()
    }

    /// Decides, guards, compares, writes: what every writer to a remote does. Answers whether it wrote.
    fn write(&self, on_write: impl FnOnce()) -> bool {
        let Some(permit) = self.permit() else { return false };
        let patients = [self.patient.clone()];
        let guard = block_on(self.store.guard(&self.org, &patients)).unwrap();
        if !guard.confirms(&permit) {
            return false;
        }
        assert!(!self.revoked.load(Ordering::SeqCst), "a write started after revoke returned");
        on_write();
        thread::yield_now();
        assert!(!self.revoked.load(Ordering::SeqCst), "revoke returned while a write was under way");
        drop(guard);
        true
    }
}

#[test]
fn no_write_starts_once_revoke_returned() {
    shuttle::check_random(
        || {
            let scene = Scene::set();
            let revoking = thread::spawn({
                let scene = Arc::clone(&scene);
                move || scene.revoke()
            });
            let writers: Vec<_> = (0..2)
                .map(|_| {
                    let scene = Arc::clone(&scene);
                    thread::spawn(move || [scene.write(|| ()), scene.write(|| ())])
                })
                .collect();
            revoking.join().unwrap();
            assert!(!scene.write(|| ()), "a write after the revocation");
            for writer in writers {
                let [first, second] = writer.join().unwrap();
                assert!(first || !second, "consent came back by itself");
            }
        },
        SCHEDULES,
    );
}

/// Two changes and two writers: nobody waits for ever, and each change has an epoch of its own.
#[test]
fn nobody_waits_for_ever() {
    shuttle::check_random(
        || {
            let scene = Scene::set();
            let others: Vec<_> = (0..3)
                .map(|number| {
                    let scene = Arc::clone(&scene);
                    thread::spawn(move || match number {
                        0 => scene.revoke(),
                        1 => drop(block_on(scene.store.put(scene.consent().into())).unwrap()),
                        _ => drop(block_on(scene.store.guard(&scene.org, &[scene.patient.clone()])).unwrap()),
                    })
                })
                .collect();
            for other in others {
                other.join().unwrap();
            }
            assert_eq!(block_on(scene.store.epoch(&scene.org, &scene.patient)).unwrap().0, 3);
        },
        SCHEDULES,
    );
}

/// The test can fail: without the guard, a write starts after the revocation in some interleaving.
#[test]
#[should_panic(expected = "a write started after revoke returned")]
fn without_a_guard_some_interleaving_writes_too_late() {
    shuttle::check_random(
        || {
            let scene = Scene::set();
            let revoking = thread::spawn({
                let scene = Arc::clone(&scene);
                move || scene.revoke()
            });
            if let Some(permit) = scene.permit()
                && block_on(scene.store.is_current(&permit)).unwrap()
            {
                thread::yield_now();
                assert!(!scene.revoked.load(Ordering::SeqCst), "a write started after revoke returned");
            }
            revoking.join().unwrap();
        },
        SCHEDULES,
    );
}
