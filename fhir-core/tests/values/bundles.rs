//! Plans of transactions, against a remote that keeps to its limits.

use std::collections::HashMap;

use carewire_fhir_core::{
    EntryOutcome, Resource, Splitting, TransactionLimits, TransactionPlan, Value, entries, visit_references,
};
use proptest::prelude::*;

fn urn(n: usize) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{n:012}")
}

/// A Bundle of creations, conditional or not, that refer to each other.
fn bundle() -> impl Strategy<Value = (Vec<(bool, Vec<usize>)>, Resource)> {
    let entry = |count: usize| (any::<bool>(), prop::collection::vec(0..count, 0..3));
    (1_usize..12).prop_flat_map(move |count| prop::collection::vec(entry(count), count)).prop_map(|shape| {
        let entries: Value = shape
            .iter()
            .enumerate()
            .map(|(n, (conditional, targets))| {
                let references: Value =
                    targets.iter().map(|t| Value::object().with("reference", urn(*t))).collect();
                let request = Value::object().with("method", "POST").with("url", "Basic");
                let request = if *conditional {
                    request.with("ifNoneExist", format!("identifier={n}"))
                } else {
                    request
                };
                Value::object()
                    .with("fullUrl", urn(n))
                    .with(
                        "resource",
                        Value::object().with("resourceType", "Basic").with("extension", references),
                    )
                    .with("request", request)
            })
            .collect();
        let mut bundle = Resource::new("Bundle");
        bundle.value_mut().set("type", "transaction");
        bundle.value_mut().set("entry", entries);
        (shape, bundle)
    })
}

/// The entry that an item of a sent Bundle was made from.
fn number(item: &Value) -> usize {
    item.str("fullUrl").unwrap().rsplit('-').next().unwrap().parse().unwrap()
}

fn answer(bundle: &Resource, failing: &[usize]) -> Resource {
    let responses: Value = bundle
        .value()
        .list("entry")
        .iter()
        .map(|item| {
            let n = number(item);
            let response = Value::object().with("status", if failing.contains(&n) { "422" } else { "201" });
            Value::object().with("response", response.with("location", format!("Basic/id{n}/_history/1")))
        })
        .collect();
    let mut answer = Resource::new("Bundle");
    answer.value_mut().set("entry", responses);
    answer
}

proptest! {
    #[test]
    fn everything_is_sent_once_after_what_it_refers_to(
        (shape, bundle) in bundle(), most in 1_usize..12, conditional in 1_usize..6, failing in prop::collection::vec(0_usize..12, 0..3),
    ) {
        let limits = TransactionLimits::none().entries(most).with_conditional(conditional).splitting(Splitting::Allow);
        let Ok(mut plan) = TransactionPlan::new(&bundle, limits) else { return Ok(()) };
        let atomic = plan.is_atomic();
        let mut sent: HashMap<usize, usize> = HashMap::new();
        let mut rounds = 0;
        while let Some(next) = plan.next_bundle() {
            rounds += 1;
            let items = next.value().list("entry");
            let numbers: Vec<usize> = items.iter().map(number).collect();
            prop_assert!(items.len() <= most);
            prop_assert!(items.len() <= conditional || !numbers.iter().any(|n| shape.get(*n).is_some_and(|(c, _)| *c)));
            for item in items {
                prop_assert_eq!(sent.insert(number(item), rounds), None);
                let mut expected = shape.get(number(item)).unwrap().1.iter().map(|t| {
                    if numbers.contains(t) { urn(*t) } else { format!("Basic/id{t}") }
                });
                let mut same = true;
                visit_references(item, &mut |_, text| same &= expected.next().as_deref() == Some(text));
                prop_assert!(same && expected.next().is_none());
            }
            plan.accept(&answer(&next, &failing)).unwrap();
        }
        prop_assert_eq!(atomic, rounds == 1 && sent.len() == shape.len());
        for (n, outcome) in plan.outcomes().enumerate() {
            match outcome {
                EntryOutcome::Done(_) => prop_assert!(sent.contains_key(&n) && !failing.contains(&n)),
                EntryOutcome::Failed(_) => prop_assert!(sent.contains_key(&n) && failing.contains(&n)),
                EntryOutcome::NotSent { because_of } => {
                    prop_assert!(!sent.contains_key(&n));
                    let reason = plan.outcomes().nth(*because_of).unwrap();
                    prop_assert!(!matches!(reason, EntryOutcome::Done(_) | EntryOutcome::Pending));
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn a_split_never_happens_unasked((_, bundle) in bundle(), most in 1_usize..12) {
        if let Ok(mut plan) = TransactionPlan::new(&bundle, TransactionLimits::none().entries(most)) {
            prop_assert!(plan.is_atomic());
            prop_assert_eq!(entries(&plan.next_bundle().unwrap()).count(), entries(&bundle).count());
        }
    }

    #[test]
    fn no_bundle_and_no_answer_makes_it_panic(entries in prop::collection::vec(odd_entry(), 0..6), answers in prop::collection::vec(odd_answer(), 0..6), most in 0_usize..4) {
        for kind in ["transaction", "batch"] {
            let mut bundle = Resource::new("Bundle");
            bundle.value_mut().set("type", kind);
            bundle.value_mut().set("entry", Value::from(entries.clone()));
            let limits = TransactionLimits::none().entries(most).splitting(Splitting::Allow);
            let Ok(mut plan) = TransactionPlan::new(&bundle, limits) else { continue };
            let mut answer = Resource::new("Bundle");
            while let Some(next) = plan.next_bundle() {
                let sent = entries_of(&next);
                answer.value_mut().set("entry", answers.iter().cycle().take(sent).cloned().collect::<Value>());
                if plan.accept(&answer).is_err() {
                    plan.refuse(500, None).unwrap();
                }
            }
            prop_assert!(plan.outcomes().all(|outcome| *outcome != EntryOutcome::Pending));
        }
    }
}

fn entries_of(bundle: &Resource) -> usize {
    bundle.value().list("entry").len()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_usize..3).prop_map(urn),
        "(Patient|Basic)(/[0-2](/_history/1)?|\\?a=[0-2])?",
        "https://a/(Patient|Basic)/[0-2]",
        "\\PC{0,12}",
    ]
}

/// Entries that are nearly sound.
fn odd_entry() -> impl Strategy<Value = Value> {
    let method = prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "PATCH", "put"]);
    (text(), text(), text(), method, any::<bool>()).prop_map(
        |(full_url, reference, url, method, has_resource)| {
            let entry = Value::object().with("fullUrl", full_url);
            let resource = Value::object()
                .with("resourceType", "Basic")
                .with("subject", Value::object().with("reference", reference));
            let entry = if has_resource { entry.with("resource", resource) } else { entry };
            entry.with("request", Value::object().with("method", method).with("url", url))
        },
    )
}

fn odd_answer() -> impl Strategy<Value = Value> {
    (prop::sample::select(vec!["200", "201 Created", "304", "412", "x", ""]), text()).prop_map(
        |(status, location)| {
            Value::object()
                .with("response", Value::object().with("status", status).with("location", location))
        },
    )
}
