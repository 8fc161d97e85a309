//! What every [`DecisionCache`] must pass.

use carewire_fhir_core::{OrgId, PatientToken};
use chrono::DateTime;

use super::{CachedDecision, DecisionCache, DecisionKey};
use crate::decide::Window;
use crate::{ConsentEpoch, DataClass, Implicit, Policy, Purpose, Request, evaluate};

/// Every check of a [`DecisionCache`], which may hold other decisions already and may forget any.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use carewire_consent::{MemoryDecisionCache, contract};
/// contract::decision_cache(&MemoryDecisionCache::new(100)).await;
/// # }
/// ```
pub async fn decision_cache(cache: &dyn DecisionCache) {
    a_key_has_its_own_decision_or_none(cache).await;
    the_last_decision_of_a_key_counts(cache).await;
}

/// Keys that differ in any part have nothing to do with each other.
pub async fn a_key_has_its_own_decision_or_none(cache: &dyn DecisionCache) {
    let keys = keys();
    for (place, key) in (0_i64..).zip(&keys) {
        cache.put(key.clone(), decision(place)).await;
    }
    for (place, key) in (0_i64..).zip(&keys) {
        let found = cache.get(key).await;
        assert!(found.is_none() || found == Some(decision(place)), "the decision of another key: {place}");
    }
    let unknown = DecisionKey::new(&request("contract-never", "pt_1"), &Policy::default(), ConsentEpoch(1));
    assert!(cache.get(&unknown).await.is_none(), "a decision that nobody made");
}

/// A decision that was replaced does not come back.
pub async fn the_last_decision_of_a_key_counts(cache: &dyn DecisionCache) {
    let key = DecisionKey::new(&request("contract-last", "pt_1"), &Policy::default(), ConsentEpoch(1));
    for time in [1, 2, 2, 3] {
        cache.put(key.clone(), decision(time)).await;
        let found = cache.get(&key).await;
        assert!(found.is_none() || found == Some(decision(time)), "an older decision came back");
    }
}

/// One that differs from the first in each part alone.
fn keys() -> Vec<DecisionKey> {
    let (policy, other) = (Policy::default(), Policy::default().with_implicit(Implicit::PermitUnlessDenied));
    let asked = request("contract-here", "pt_1");
    let more = asked.clone().with_classes([DataClass::Social]);
    vec![
        DecisionKey::new(&asked, &policy, ConsentEpoch(1)),
        DecisionKey::new(&request("contract-there", "pt_1"), &policy, ConsentEpoch(1)),
        DecisionKey::new(&request("contract-here", "pt_2"), &policy, ConsentEpoch(1)),
        DecisionKey::new(&asked, &policy, ConsentEpoch(2)),
        DecisionKey::new(&asked, &other, ConsentEpoch(1)),
        DecisionKey::new(&more, &policy, ConsentEpoch(1)),
    ]
}

#[expect(clippy::expect_used, reason = "the names are valid")]
fn request(org: &str, patient: &str) -> Request {
    let (org, patient) = (OrgId::new(org), PatientToken::new(patient));
    Request::new(org.expect("a valid org"), patient.expect("a valid token"), Purpose::Treat)
}

/// One that can be told from others by its end.
fn decision(end: i64) -> CachedDecision {
    let response = evaluate(&request("contract-here", "pt_1"), &[], &Policy::default(), DateTime::UNIX_EPOCH);
    CachedDecision { response, window: Window { from: None, until: DateTime::from_timestamp(end, 0) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryDecisionCache;

    #[tokio::test]
    async fn memory_keeps_the_contract_at_any_size() {
        for capacity in [0, 1, 3, 100] {
            let cache = MemoryDecisionCache::new(capacity);
            decision_cache(&cache).await;
            assert!(cache.len() <= capacity);
        }
        let roomy = MemoryDecisionCache::new(100);
        decision_cache(&roomy).await;
        assert_eq!(roomy.len(), 7, "with room for all it forgets none");
    }

    #[test]
    fn every_word_of_a_request_makes_another_key() {
        let asked = request("o", "pt_1");
        let key = |asked: &Request| DecisionKey::new(asked, &Policy::default(), ConsentEpoch(0));
        let edits: [fn(&mut Request); 10] = [
            |asked| asked.actor.reference = Some("Practitioner/7".into()),
            |asked| asked.actor.aliases = vec!["Practitioner/7".into()],
            |asked| asked.actor.role = Some("CLINICIAN".into()),
            |asked| asked.actor.org = OrgId::new("other").ok(),
            |asked| asked.action = crate::Action::Collect,
            |asked| asked.labels = ["R".to_owned()].into(),
            |asked| asked.remote = Some("r".into()),
            |asked| asked.active_encounter = Some(false),
            |asked| asked.deidentified = true,
            |asked| asked.purpose = Purpose::HResch,
        ];
        let mut seen = std::collections::BTreeSet::from([key(&asked)]);
        for edit in edits {
            let mut other = asked.clone();
            edit(&mut other);
            assert!(seen.insert(key(&other)));
        }
        assert!(seen.insert(key(&asked.clone().of_period(Some(DateTime::UNIX_EPOCH), None))));
        let resource = carewire_fhir_core::Resource::parse(br#"{"resourceType":"Patient"}"#).unwrap();
        let mut about = asked.clone().about(&resource);
        about.data_classes.clear();
        assert!(seen.insert(key(&about)) && !seen.insert(key(&asked)));
    }
}
