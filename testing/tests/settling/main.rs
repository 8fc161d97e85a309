//! Messages in any order, again, and at the same time, end in the same resources on a real server.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first thing that is not as expected"
)]

mod desk;
mod mapped;
mod messages;

use std::collections::BTreeMap;

use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir};
use carewire_fhir_core::{Resource, Value, canonical_json, rewrite_references, validate, visit_references};
use carewire_fhir_http::FhirClient;
use carewire_hl7_v2::fhir::{Absence, SettlePolicy};
use proptest::prelude::*;
use proptest::sample::select;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use desk::Desk;
use messages::{Said, histories, histories_of, query};

/// A server of its own.
async fn server() -> FhirClient {
    let server = EmbeddedFhir::builder().build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}{BASE_PATH}", listener.local_addr().unwrap());
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    FhirClient::open(&base).unwrap()
}

/// What the server has of what the messages are about: each resource by its identity, with references by identity.
async fn state(client: &FhirClient, messages: &[Said]) -> BTreeMap<String, Resource> {
    let mut found = BTreeMap::new();
    for entry in messages.iter().flatten() {
        if !found.contains_key(&entry.identity) {
            let resources = client.search(&query(&entry.identity)).resources().await.unwrap();
            assert_eq!(resources.len(), 1, "{} finds one resource", entry.identity);
            found.extend(resources.into_iter().map(|resource| (entry.identity.clone(), resource)));
        }
    }
    let place = |resource: &Resource| format!("{}/{}", resource.resource_type(), resource.id().unwrap());
    let places: BTreeMap<String, String> =
        found.iter().map(|(identity, resource)| (place(resource), identity.clone())).collect();
    assert_eq!(places.len(), found.len(), "each identity is a resource of its own");
    for resource in found.values_mut() {
        rewrite_references(resource.value_mut(), &mut |text| Some(places.get(text).unwrap().clone()));
    }
    found
}

fn texts(state: &BTreeMap<String, Resource>) -> BTreeMap<&String, String> {
    state.iter().map(|(identity, resource)| (identity, canonical_json(resource))).collect()
}

/// One after the other.
async fn in_order(messages: &[Said], policy: &SettlePolicy) -> BTreeMap<String, Resource> {
    let client = server().await;
    let desk = Desk::new(client.clone(), policy.clone());
    for message in messages {
        desk.apply(message).await;
    }
    state(&client, messages).await
}

/// By several at once, each in the order that it was given.
async fn at_once(messages: Vec<Said>, hands: usize, policy: &SettlePolicy) -> BTreeMap<String, Resource> {
    let client = server().await;
    let mut working = JoinSet::new();
    for hand in 0..hands {
        let own: Vec<Said> = messages.iter().skip(hand).step_by(hands).cloned().collect();
        let desk = Desk::new(client.clone(), policy.clone());
        working.spawn(async move {
            for message in &own {
                desk.apply(message).await;
            }
        });
    }
    working.join_all().await;
    state(&client, &messages).await
}

fn check(state: &BTreeMap<String, Resource>, messages: &[Said]) {
    for resource in state.values() {
        assert_eq!(validate(resource).len(), 0, "{}", resource.to_json());
        visit_references(resource.value(), &mut |_, text| assert!(state.contains_key(text)));
    }
    let said = || messages.iter().flatten().map(|entry| (&entry.identity, entry.resource.value()));
    for (identity, value) in said() {
        let known = state.get(identity).unwrap().value();
        let links = |value: &Value| value.list("link").len();
        assert!(links(known) >= links(value), "no link is lost");
        if value.list("link").iter().any(|link| link.str("type") == Some("replaced-by")) {
            assert_eq!(
                known.get("active").and_then(Value::as_bool),
                Some(false),
                "merged patients stay merged"
            );
        }
        if value.str("resourceType") == Some("Observation") && value.str("status") == Some("corrected") {
            assert!(
                matches!(known.str("status"), Some("corrected" | "cancelled")),
                "a result never goes back"
            );
        }
    }
}

fn settle_in_any_order(messages: &[Said], order: &[usize], hands: usize, policy: &SettlePolicy) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let expected = in_order(messages, policy).await;
        check(&expected, messages);
        let shuffled = order.iter().map(|&n| messages[n].clone()).collect();
        let found = at_once(shuffled, hands, policy).await;
        assert_eq!(texts(&found), texts(&expected));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_order_any_repetition_and_any_number_of_hands_end_the_same(
        (messages, order) in histories(),
        hands in 1..4usize,
        absence in select(vec![Absence::Keep, Absence::Snapshot]),
    ) {
        settle_in_any_order(&messages, &order, hands, &SettlePolicy::default().with_absence(absence));
    }

    #[test]
    fn so_do_mapped_messages(
        (messages, order) in histories_of(mapped::said),
        hands in 1..4usize,
        absence in select(vec![Absence::Keep, Absence::Snapshot]),
    ) {
        settle_in_any_order(&messages, &order, hands, &SettlePolicy::default().with_absence(absence));
    }
}
