//! Decisions that are kept are those that would be made.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use carewire_consent::{
    AccessRules, Actor, CachedConsents, CachedDecision, ConsentStore, DataClass, DecisionCache, DecisionKey,
    Implicit, MemoryConsentStore, MemoryDecisionCache, Policy, Purpose, Request, Ruling, SimpleConsent,
    evaluate,
};
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a few steps of a test")]
enum Step {
    Grant(SimpleConsent),
    Revoke(u8),
    Decide(Request, Policy, DateTime<Utc>),
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

fn org(n: u8) -> OrgId {
    OrgId::new(&format!("o{n}")).unwrap()
}

fn patient(n: u8) -> PatientToken {
    PatientToken::new(&format!("pt_{n}")).unwrap()
}

fn classes() -> impl Strategy<Value = Vec<DataClass>> {
    proptest::sample::subsequence(vec![DataClass::Vitals, DataClass::LabResults], 0..3)
}

prop_compose! {
    fn consent()(
        id in 0..4_u8, org_n in 1..3_u8, deny in proptest::bool::weighted(0.2), data_classes in classes(),
        start in proptest::option::of(0..8_i64), end in proptest::option::of(0..8_i64),
    ) -> SimpleConsent {
        let mut consent =
            SimpleConsent::new(format!("c{id}"), org(org_n), patient(id % 2), Purpose::Treat, data_classes);
        consent.decision = if deny { Ruling::Deny } else { Ruling::Permit };
        (consent.start, consent.end) = (start.map(at), end.map(at));
        consent
    }
}

prop_compose! {
    fn decide()(
        org_n in prop_oneof![6 => Just(1_u8), 1 => Just(2)], patient_n in 0..2_u8, data_classes in classes(), now in 0..8_i64,
        open in proptest::bool::weighted(0.1),
        purpose in prop_oneof![8 => Just(Purpose::Treat), 1 => Just(Purpose::BreakGlass)],
        role in proptest::option::weighted(0.2, Just("CLINICIAN".to_owned())), seen in proptest::bool::weighted(0.9),
    ) -> Step {
        let actor = Actor { role, ..Actor::default() };
        let mut request =
            Request::new(org(org_n), patient(patient_n), purpose).with_classes(data_classes).by(actor);
        request.active_encounter = Some(seen);
        let implicit = if open { Implicit::PermitUnlessDenied } else { Implicit::Deny };
        Step::Decide(request, Policy::default().with_implicit(implicit).with_access(AccessRules::Roles), at(now))
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        1 => consent().prop_map(Step::Grant),
        1 => (0..8_u8).prop_map(Step::Revoke),
        20 => decide(),
    ];
    proptest::collection::vec(step, 0..120)
}

/// Counts what it could answer.
#[derive(Debug)]
struct Counting {
    cache: MemoryDecisionCache,
    hits: AtomicUsize,
}

#[async_trait]
impl DecisionCache for Counting {
    async fn get(&self, key: &DecisionKey) -> Option<CachedDecision> {
        let found = self.cache.get(key).await;
        self.hits.fetch_add(usize::from(found.is_some()), Ordering::Relaxed);
        found
    }

    async fn put(&self, key: DecisionKey, decision: CachedDecision) {
        self.cache.put(key, decision).await;
    }
}

/// Runs the steps, and says how often the cache had something.
fn run(steps: Vec<Step>, capacity: usize) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = Arc::new(MemoryConsentStore::default());
        let cache =
            Arc::new(Counting { cache: MemoryDecisionCache::new(capacity), hits: AtomicUsize::default() });
        let cached = CachedConsents::new(store.clone(), cache.clone());
        for step in steps {
            match step {
                Step::Grant(consent) => drop(store.put(consent.into()).await.unwrap()),
                Step::Revoke(n) => drop(store.revoke(&org(n % 2 + 1), &format!("c{}", n / 2)).await),
                Step::Decide(request, policy, now) => {
                    let known = store.for_patient(&request.org, &request.patient).await.unwrap();
                    let expected = evaluate(&request, &known.consents, &policy, now);
                    assert_eq!(cached.decide(&request, &policy, now).await.unwrap(), expected);
                }
            }
            assert!(cache.cache.len() <= capacity);
        }
        cache.hits.load(Ordering::Relaxed)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// For any interleaving of grants, revocations and questions, at times that go back and forth.
    #[test]
    fn cached_is_uncached(steps in steps(), capacity in 0..40_usize) {
        run(steps, capacity);
    }
}

/// The law would hold of a cache that is never asked.
#[test]
fn the_cache_answers_often_enough() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let hits: usize = (0..50).map(|_| run(steps().new_tree(&mut runner).unwrap().current(), 100)).sum();
    assert!(hits > 300, "{hits}");
}
