//! The contract suite of [`ConsentStore`]: public functions that an adapter's tests call, each in an org of its own.
//!
//! ```
//! use carewire_consent::{MemoryConsentStore, contract};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! contract::all(&MemoryConsentStore::default(), "run1").await;
//! # }
//! ```
//!
//! `run` makes the orgs of a run distinct from those of earlier ones: use another one each time for a store that
//! outlives a run. Every function panics where the store breaks the contract.
#![expect(clippy::panic, clippy::expect_used, reason = "this is test code that adapters call: it must panic")]

pub use crate::cache::contract::{
    a_key_has_its_own_decision_or_none, decision_cache, the_last_decision_of_a_key_counts,
};
use carewire_fhir_core::{OrgId, PatientToken};

use crate::{
    Consent, ConsentEpoch, ConsentStore, DataClass, Purpose, Ruling, SimpleConsent, State, StoreError,
};

/// Every check.
pub async fn all(store: &dyn ConsentStore, run: &str) {
    an_unknown_patient_has_nothing(store, run).await;
    what_is_put_is_read_back(store, run).await;
    documents_of_every_kind_survive(store, run).await;
    put_replaces_by_id(store, run).await;
    an_id_stays_with_its_patient(store, run).await;
    the_epoch_grows_with_each_change_and_only_then(store, run).await;
    the_epoch_of_other_patients_stands_still(store, run).await;
    revoke_returns_patient_and_epoch(store, run).await;
    revoking_what_is_not_there_changes_nothing(store, run).await;
    orgs_do_not_see_each_other(store, run).await;
    lists_are_paged_in_order(store, run).await;
    concurrent_puts_are_all_counted(store, run).await;
    a_guard_shows_the_epochs_of_its_patients(store, run).await;
    changes_wait_for_guards(store, run).await;
}

/// A patient without consents has an empty list and the epoch 0.
pub async fn an_unknown_patient_has_nothing(store: &dyn ConsentStore, run: &str) {
    let org = org(run, "unknown");
    let found = ok(store.for_patient(&org, &patient("pt_1")).await);
    assert_eq!((found.epoch, found.consents.len()), (ConsentEpoch(0), 0));
    assert_eq!(ok(store.epoch(&org, &patient("pt_1")).await), ConsentEpoch(0));
    assert_eq!(ok(store.get(&org, "c").await), None);
    assert!(ok(store.list(&org, None, None, 10).await).is_empty());
}

/// Every field survives, unknown codes and sub-second times included.
pub async fn what_is_put_is_read_back(store: &dyn ConsentStore, run: &str) {
    let mut consent = simple(&org(run, "read-back"), "c'1", "pt_1");
    consent.purpose = Purpose::parse("LOCAL-CODE");
    consent.decision = Ruling::Deny;
    consent.data_classes.insert(DataClass::parse("LOCAL_CLASS"));
    consent.start = chrono::DateTime::from_timestamp(1_700_000_000, 123_456_000);
    consent.end = chrono::DateTime::from_timestamp(1_800_000_000, 0);
    consent.actors = vec!["Practitioner/7".into(), "Organization/b".into()];
    let consent = Consent::from(consent);
    ok(store.put(consent.clone()).await);
    assert_eq!(ok(store.get(consent.org(), "c'1").await).as_ref(), Some(&consent));
    assert_eq!(ok(store.for_patient(consent.org(), consent.patient()).await).consents, [consent]);
}

/// A document of every kind is kept as it was written; taken back, it says so in its own words.
pub async fn documents_of_every_kind_survive(store: &dyn ConsentStore, run: &str) {
    const DOCUMENTS: [&str; 3] = [
        r#"{"resourceType":"Consent","id":"r4","status":"active","patient":{"reference":"Patient/pt_1"},"provision":{"type":"permit","extension":[{"url":"urn:x","valueDecimal":0.50}]}}"#,
        r#"{"resourceType":"Consent","id":"r5","status":"active","subject":{"reference":"Patient/pt_1"},"decision":"deny","provision":[{"purpose":[{"code":"TREAT"}]}]}"#,
        r#"{"status":"GRANTED","consentDetail":{"consentId":"abdm","patient":{"id":"pt_1"},"purpose":{"code":"CAREMGT"},"hiu":{"id":"h"},"hiTypes":["Prescription"],"permission":{"accessMode":"VIEW"}}}"#,
    ];
    let org = org(run, "kinds");
    for document in DOCUMENTS {
        let consent = Consent::parse(document.as_bytes(), &org).expect("a valid document");
        ok(store.put(consent.clone()).await);
        let stored = ok(store.get(&org, consent.id()).await).expect("what was put is there");
        assert_eq!(
            (&stored, stored.kind(), stored.to_json()),
            (&consent, consent.kind(), document.to_owned())
        );

        ok(store.revoke(&org, consent.id()).await);
        let revoked = ok(store.get(&org, consent.id()).await).expect("what was revoked is there");
        assert_eq!((&revoked, revoked.state()), (&consent.revoked(), State::Revoked));
    }
}

/// The same id is the same consent.
pub async fn put_replaces_by_id(store: &dyn ConsentStore, run: &str) {
    let first = sample(&org(run, "replace"), "c", "pt_1");
    let second = Consent::from(SimpleConsent { state: State::Expired, ..simple(first.org(), "c", "pt_1") });
    ok(store.put(first.clone()).await);
    ok(store.put(second.clone()).await);
    assert_eq!(ok(store.for_patient(first.org(), first.patient()).await).consents, [second]);
}

/// An id that another patient has is refused, and neither epoch moves.
pub async fn an_id_stays_with_its_patient(store: &dyn ConsentStore, run: &str) {
    let first = sample(&org(run, "stays"), "c", "pt_1");
    ok(store.put(first.clone()).await);
    let stolen = sample(first.org(), "c", "pt_2");
    assert!(matches!(store.put(stolen).await, Err(StoreError::Conflict)));
    assert_eq!(ok(store.get(first.org(), "c").await), Some(first.clone()));
    assert_eq!(ok(store.epoch(first.org(), &patient("pt_1")).await), ConsentEpoch(1));
    assert_eq!(ok(store.epoch(first.org(), &patient("pt_2")).await), ConsentEpoch(0));
}

/// Put and revoke, repeated ones too, each move the epoch; reads do not.
pub async fn the_epoch_grows_with_each_change_and_only_then(store: &dyn ConsentStore, run: &str) {
    let consent = sample(&org(run, "epoch"), "c", "pt_1");
    let mut seen = vec![ok(store.epoch(consent.org(), consent.patient()).await)];
    seen.push(ok(store.put(consent.clone()).await));
    seen.push(ok(store.put(consent.clone()).await));
    seen.push(ok(store.revoke(consent.org(), "c").await).1);
    seen.push(ok(store.revoke(consent.org(), "c").await).1);
    seen.push(ok(store.put(consent.clone()).await));
    assert!(seen.is_sorted_by(|before, after| before < after), "epochs must grow: {seen:?}");

    let last = seen.last().copied();
    for _ in 0..2 {
        let found = ok(store.for_patient(consent.org(), consent.patient()).await);
        ok(store.get(consent.org(), "c").await);
        ok(store.list(consent.org(), None, None, 10).await);
        assert_eq!(Some(found.epoch), last);
        assert_eq!(Some(ok(store.epoch(consent.org(), consent.patient()).await)), last);
    }
}

/// A change of one patient's consents is none of another's.
pub async fn the_epoch_of_other_patients_stands_still(store: &dyn ConsentStore, run: &str) {
    let org = org(run, "others");
    let still = ok(store.put(sample(&org, "a", "pt_1")).await);
    ok(store.put(sample(&org, "b", "pt_2")).await);
    ok(store.revoke(&org, "b").await);
    assert_eq!(ok(store.epoch(&org, &patient("pt_1")).await), still);
}

/// Revoking tells whose consent it was, and is seen by the next read.
pub async fn revoke_returns_patient_and_epoch(store: &dyn ConsentStore, run: &str) {
    let consent = sample(&org(run, "revoke"), "c", "pt_1");
    let before = ok(store.put(consent.clone()).await);
    let (whose, after) = ok(store.revoke(consent.org(), "c").await);
    assert_eq!(whose, *consent.patient());
    assert!(after > before);
    let found = ok(store.for_patient(consent.org(), consent.patient()).await);
    assert_eq!(found.epoch, after);
    assert_eq!(found.consents, [consent.revoked()]);
}

/// An unknown id is an error that says so.
pub async fn revoking_what_is_not_there_changes_nothing(store: &dyn ConsentStore, run: &str) {
    let consent = sample(&org(run, "absent"), "c", "pt_1");
    let before = ok(store.put(consent.clone()).await);
    assert!(matches!(store.revoke(consent.org(), "other").await, Err(StoreError::NotFound)));
    assert_eq!(ok(store.epoch(consent.org(), consent.patient()).await), before);
    assert_eq!(ok(store.get(consent.org(), "c").await), Some(consent));
}

/// The same ids and patients in another org are others.
pub async fn orgs_do_not_see_each_other(store: &dyn ConsentStore, run: &str) {
    let (here, there) = (org(run, "here"), org(run, "there"));
    let before = ok(store.put(sample(&here, "c", "pt_1")).await);
    ok(store.put(sample(&there, "c", "pt_1")).await);
    ok(store.put(sample(&there, "d", "pt_1")).await);
    ok(store.revoke(&there, "c").await);
    assert!(matches!(store.revoke(&here, "d").await, Err(StoreError::NotFound)));
    assert_eq!(ok(store.get(&here, "d").await), None);
    let found = ok(store.for_patient(&here, &patient("pt_1")).await);
    assert_eq!((found.epoch, found.consents), (before, vec![sample(&here, "c", "pt_1")]));
    assert_eq!(ok(store.list(&here, None, None, 10).await).len(), 1);
}

/// Pages follow each other in the order of ids (by bytes), without gap or repetition.
pub async fn lists_are_paged_in_order(store: &dyn ConsentStore, run: &str) {
    let org = org(run, "pages");
    for (id, token) in [("e", "pt_1"), ("B", "pt_2"), ("a", "pt_1"), ("d", "pt_2"), ("c", "pt_1")] {
        ok(store.put(sample(&org, id, token)).await);
    }
    let ids =
        |page: Vec<Consent>| page.into_iter().map(|consent| consent.id().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(ok(store.list(&org, None, None, 2).await)), ["B", "a"]);
    assert_eq!(ids(ok(store.list(&org, None, Some("a"), 2).await)), ["c", "d"]);
    assert_eq!(ids(ok(store.list(&org, None, Some("d"), 2).await)), ["e"]);
    let one = patient("pt_1");
    assert_eq!(ids(ok(store.list(&org, Some(&one), None, 2).await)), ["a", "c"]);
    assert_eq!(ids(ok(store.list(&org, Some(&one), Some("c"), 2).await)), ["e"]);
    assert!(ok(store.list(&org, None, None, 0).await).is_empty());
}

/// Puts that run at once lose neither a consent nor a count.
pub async fn concurrent_puts_are_all_counted(store: &dyn ConsentStore, run: &str) {
    const PUTS: usize = 16;
    let org = org(run, "concurrent");
    let ids: Vec<String> = (0..PUTS).map(|n| format!("c{n:02}")).collect();
    let puts = ids.iter().map(|id| store.put(sample(&org, id, "pt_1"))).collect();
    let mut epochs: Vec<_> = at_once(puts).await.into_iter().map(ok).collect();
    epochs.sort();
    epochs.dedup();
    assert_eq!(epochs.len(), PUTS, "every put has an epoch of its own");
    let found = ok(store.for_patient(&org, &patient("pt_1")).await);
    assert_eq!(
        found.consents.iter().map(|consent| consent.id()).collect::<Vec<_>>(),
        ids.iter().map(String::as_str).collect::<Vec<_>>()
    );
    assert_eq!(Some(&found.epoch), epochs.last());
}

/// Each patient of a guard has an epoch, also one without consents and one that is named twice.
pub async fn a_guard_shows_the_epochs_of_its_patients(store: &dyn ConsentStore, run: &str) {
    let org = org(run, "guard-epochs");
    let known = ok(store.put(sample(&org, "c", "pt_1")).await);
    let guard = ok(store.guard(&org, &[patient("pt_1"), patient("pt_2"), patient("pt_1")]).await);
    assert_eq!(guard.epoch(&patient("pt_1")), Some(known));
    assert_eq!(guard.epoch(&patient("pt_2")), Some(ConsentEpoch(0)));
    assert_eq!(guard.epoch(&patient("pt_3")), None);
}

/// Neither a put nor a revocation of a guarded patient returns before every guard is dropped; those of other patients do, and
/// reads do.
pub async fn changes_wait_for_guards(store: &dyn ConsentStore, run: &str) {
    let org = org(run, "guard-waits");
    let (held, free) = (sample(&org, "held", "pt_1"), sample(&org, "free", "pt_2"));
    let before = ok(store.put(held.clone()).await);
    let one = [held.patient().clone()];
    let guards = [ok(store.guard(&org, &one).await), ok(store.guard(&org, &one).await)];

    let mut changes = [store.put(held.clone()), Box::pin(async { Ok(store.revoke(&org, "held").await?.1) })];
    for _ in 0..3 {
        for change in &mut changes {
            assert!(is_waiting(change).await, "a change returned while its patient was guarded");
        }
        ok(store.put(free.clone()).await);
        assert_eq!(ok(store.epoch(&org, held.patient()).await), before);
    }
    drop(guards);
    let mut epochs: Vec<_> =
        [before].into_iter().chain(at_once(changes.into()).await.into_iter().map(ok)).collect();
    epochs.sort();
    assert!(
        epochs.first() == Some(&before) && epochs.is_sorted_by(|before, after| before < after),
        "{epochs:?}"
    );
    let after = ok(store.guard(&org, &one).await);
    assert_eq!(after.epoch(held.patient()), epochs.last().copied());
}

/// Whether a future is not done, polled once.
async fn is_waiting<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
    })
    .await
}

/// Polls all futures in turn until each is done: concurrency without a runtime.
async fn at_once<F: Future + Unpin>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.into_iter().map(|future| (Some(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, output) in &mut running {
            if let Some(std::task::Poll::Ready(done)) =
                future.as_mut().map(|future| std::pin::Pin::new(future).poll(context))
            {
                (*future, *output) = (None, Some(done));
            }
        }
        match running.iter().all(|(future, _)| future.is_none()) {
            true => std::task::Poll::Ready(running.drain(..).filter_map(|(_, output)| output).collect()),
            false => std::task::Poll::Pending,
        }
    })
    .await
}

fn org(run: &str, check: &str) -> OrgId {
    OrgId::new(&format!("{run}-{check}"))
        .expect("`run` must be made of letters, digits, `_` and `-`, at most 40")
}

fn patient(token: &str) -> PatientToken {
    PatientToken::new(token).expect("a valid token")
}

fn sample(org: &OrgId, id: &str, token: &str) -> Consent {
    simple(org, id, token).into()
}

fn simple(org: &OrgId, id: &str, token: &str) -> SimpleConsent {
    let classes = [DataClass::LabResults, DataClass::Vitals];
    SimpleConsent::new(id, org.clone(), patient(token), Purpose::Treat, classes)
}

fn ok<T>(result: Result<T, StoreError>) -> T {
    result.unwrap_or_else(|error| panic!("the store failed: {error}"))
}
