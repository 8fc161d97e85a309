//! Messages in any order, again, and at the same time, end in the same resources on a real server.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first thing that is not as expected"
)]

mod desk;
mod messages;

use std::collections::{BTreeMap, BTreeSet};

use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir};
use carewire_fhir_core::search::SearchQuery;
use carewire_fhir_core::{Resource, Value, canonical_json, rewrite_references, validate, visit_references};
use carewire_fhir_http::FhirClient;
use carewire_hl7_v2::fhir::{Absence, SettlePolicy};
use proptest::prelude::*;
use proptest::sample::select;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use desk::Desk;
use messages::{KEY, Said, TYPES, histories};

/// A server of its own.
async fn server() -> FhirClient {
    let server = EmbeddedFhir::builder().build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}{BASE_PATH}", listener.local_addr().unwrap());
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    FhirClient::open(&base).unwrap()
}

/// What the server has: each resource by its identity, with references by identity.
async fn state(client: &FhirClient) -> BTreeMap<String, Resource> {
    let mut all = Vec::new();
    for resource_type in TYPES {
        let query = SearchQuery::of(resource_type).count(500);
        all.extend(client.search(&query).resources().await.unwrap());
    }
    let place = |resource: &Resource| format!("{}/{}", resource.resource_type(), resource.id().unwrap());
    let places: BTreeMap<String, String> =
        all.iter().map(|resource| (place(resource), identity(resource))).collect();
    let count = all.len();
    let state: BTreeMap<String, Resource> = all
        .into_iter()
        .map(|mut resource| {
            rewrite_references(resource.value_mut(), &mut |text| Some(places.get(text).unwrap().clone()));
            (identity(&resource), resource)
        })
        .collect();
    assert_eq!(state.len(), count, "nothing is there twice");
    state
}

fn identity(resource: &Resource) -> String {
    let mut identifiers = resource.value().list("identifier").iter();
    let own = identifiers.find(|identifier| identifier.str("system") == Some(KEY)).unwrap();
    format!("{}/{}", resource.resource_type(), own.str("value").unwrap())
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
    state(&client).await
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
    state(&client).await
}

fn check(state: &BTreeMap<String, Resource>, messages: &[Said]) {
    for resource in state.values() {
        assert_eq!(validate(resource).len(), 0, "{}", resource.to_json());
        visit_references(resource.value(), &mut |_, text| assert!(state.contains_key(text), "{text}"));
    }
    let said = || messages.iter().flatten().map(|entry| (entry.identity(), entry.resource.value()));
    let identities: BTreeSet<String> = said().map(|(identity, _)| identity).collect();
    assert_eq!(state.keys().cloned().collect::<BTreeSet<_>>(), identities);
    for (identity, value) in said() {
        let known = state.get(&identity).unwrap().value();
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_order_any_repetition_and_any_number_of_hands_end_the_same(
        (messages, order) in histories(),
        hands in 1..4usize,
        absence in select(vec![Absence::Keep, Absence::Snapshot]),
    ) {
        let policy = SettlePolicy::default().with_absence(absence);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let expected = in_order(&messages, &policy).await;
            check(&expected, &messages);
            let shuffled = order.iter().map(|&n| messages[n].clone()).collect();
            let found = at_once(shuffled, hands, &policy).await;
            assert_eq!(texts(&found), texts(&expected));
        });
    }
}
