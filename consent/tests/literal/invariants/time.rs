//! What changes when.

use std::sync::Arc;

use carewire_consent::{
    CachedConsents, ConsentStore, MemoryConsentStore, MemoryDecisionCache, Obligation, PatientConsents,
    authorize,
};
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::ast::BrokenGlass;
use crate::written::second;

/// The end of the glass's time box.
fn glass_end(given: &Given) -> Option<DateTime<Utc>> {
    let glass = given.asked.glass.filter(|_| given.asked.purpose == "BTG")?;
    let end = glass.start.unwrap_or(given.asked.now) + 60 * i64::from(given.said.minutes.unwrap_or(60));
    second(glass.until.map_or(end, |until| until.min(end))).parse().ok()
}

#[derive(Clone, Debug)]
enum Step {
    Grant(Box<Document>),
    Revoke(u8),
    Ask(Box<Given>, u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let asked = (generate::given(), 0..3_u8).prop_map(|(given, form)| Step::Ask(Box::new(given), form));
    let granted = generate::documents().prop_map(|documents| Step::Grant(Box::new(documents[0].clone())));
    vec(prop_oneof![2 => granted, 1 => (0..9_u8).prop_map(Step::Revoke), 3 => asked], 0..12)
}

/// Each question twice and a while later, so that the cache has something.
async fn run(steps: Vec<Step>, capacity: usize) {
    let store = Arc::new(MemoryConsentStore::default());
    let cached = CachedConsents::new(store.clone(), Arc::new(MemoryDecisionCache::new(capacity)));
    for step in steps {
        match step {
            Step::Grant(document) => drop(store.put(parse(&document, document.org)).await),
            Step::Revoke(id) => drop(store.revoke(&OrgId::new("o1").unwrap(), &format!("c{id}")).await),
            Step::Ask(given, form) => {
                let (case, policy) = (Case::of(&given), policy(&given));
                let request = case.request(Form::ALL[usize::from(form)]);
                for now in
                    [0, 0, 999, 1_000, 3_000].map(|later| case.now + chrono::Duration::milliseconds(later))
                {
                    let known = store.for_patient(&request.org, &request.patient).await.unwrap();
                    let expected = evaluate(&request, &known.consents, &policy, now);
                    assert_eq!(cached.decide(&request, &policy, now).await.unwrap(), expected);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    /// Until the next boundary nothing changes; a permit says when that is, covers no instant at which it would not be given
    /// again, and is over after the last end.
    #[test]
    fn invariant_06_decisions_change_at_boundaries_only(given in generate::given(), later in 0..8_000_i64) {
        let mut given = given;
        // One that does not say when it was broken is broken now, at any time.
        given.asked.glass = given.asked.glass.map(|glass| BrokenGlass { start: glass.start.or(Some(0)), ..glass });
        let (case, policy) = (Case::of(&given), policy(&given));
        let instants = case.consents.iter()
            .filter(|consent| consent.patient() == &case.request.patient && consent.org() == &case.request.org)
            .flat_map(Consent::boundaries).chain(glass_end(&given));
        let glass_start = given.asked.glass.filter(|_| given.asked.purpose == "BTG").and_then(|glass| second(glass.start?).parse().ok());
        let instants: Vec<DateTime<Utc>> = instants.chain(glass_start).collect();
        let next = instants.iter().copied().filter(|at| *at > case.now).min();
        let then = case.now + chrono::Duration::milliseconds(later);
        for form in Form::ALL {
            let request = case.request(form);
            let at = |now| evaluate(&request, &case.consents, &policy, now);
            let before = at(case.now);
            if next.is_none_or(|next| then < next) {
                prop_assert_eq!(&before, &at(then));
            }
            let told = before.obligations.iter().find_map(|obligation| match obligation {
                Obligation::ReevaluateBy { at } => Some(*at),
                _ => None,
            });
            prop_assert!(before.decision == Decision::Deny || told == next);
            let known = PatientConsents { consents: case.consents.clone(), ..PatientConsents::default() };
            if let Ok(permit) = authorize(&request.clone().to_remote("r"), &known, &policy, case.now) {
                let classes: Vec<String> = permit.classes().iter().map(|class| class.as_str().to_owned()).collect();
                let covers = permit.covers(&request.org, &request.patient, "r", &classes, then);
                let still = authorize(&request.clone().to_remote("r"), &known, &policy, then);
                prop_assert!(!covers || still.is_ok_and(|still| still.classes() == permit.classes()));
                prop_assert_eq!(permit.expires_at(), next);
            }
        }
        let given = by_consents_alone(given);
        let over: Vec<Document> = given.documents.iter().cloned().map(|mut document| {
            document.root.period = Some((None, Some(given.asked.now)));
            document.erase_at = Some(given.asked.now);
            document
        }).collect();
        prop_assert!(Form::ALL.iter().all(|form| Case::of(&with(&given, over.clone())).decide(*form, &super::policy(&given)).decision == Decision::Deny));
    }

    /// For any interleaving of grants, revocations and questions about nested consents.
    #[test]
    fn invariant_09_what_is_kept_is_what_would_be_decided(steps in steps(), capacity in prop_oneof![Just(2_usize), Just(1_000)]) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run(steps, capacity));
    }
}
