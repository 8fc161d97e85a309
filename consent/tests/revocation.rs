//! Revocation wins every race.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use carewire_consent::{
    ConsentStore, ConsentStoreExt, DataClass, MemoryConsentStore, Policy, Purpose, Request, SimpleConsent,
};
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::DateTime;

/// After `revoke` returned no decision that starts later permits, and no permit of before is current.
#[test]
fn nothing_is_permitted_once_revoke_returned() {
    for round in 0..200 {
        let store: Arc<dyn ConsentStore> = Arc::new(MemoryConsentStore::default());
        let (org, patient) = (OrgId::new("o").unwrap(), PatientToken::new("pt_1").unwrap());
        let request = Request::new(org.clone(), patient.clone(), Purpose::Treat)
            .with_classes([DataClass::Vitals])
            .to_remote("r");
        let consent = SimpleConsent::new("c", org.clone(), patient, Purpose::Treat, [DataClass::Vitals]);
        block_on(store.put(consent.into())).unwrap();

        let revoked = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                if round % 2 == 0 {
                    std::thread::yield_now();
                }
                block_on(store.revoke(&org, "c")).unwrap();
                revoked.store(true, Ordering::SeqCst);
            });
            for _ in 0..50 {
                let after_revoke = revoked.load(Ordering::SeqCst);
                let decided =
                    block_on(store.authorize(&request, &Policy::default(), DateTime::UNIX_EPOCH)).unwrap();
                assert!(!(after_revoke && decided.is_ok()), "permitted after revoke returned");
                let Ok(permit) = decided else { continue };
                let after_revoke = revoked.load(Ordering::SeqCst);
                let current = block_on(store.is_current(&permit)).unwrap();
                assert!(!(after_revoke && current), "an old permit is current after revoke returned");
            }
        });
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
