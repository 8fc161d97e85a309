//! What clients may spend.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use carewire_embedded_fhir::{EmbeddedFhir, Quota};
use carewire_fhir_core::Value;
use chrono::DateTime;

use crate::support::{Running, conditional, in_memory, patient, post, start};

/// A server whose minute begins and ends when the test says so.
async fn metered(quota: Quota) -> (Running, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(1_767_225_600));
    let clock = Arc::clone(&now);
    let clock = move || DateTime::from_timestamp(clock.load(Ordering::SeqCst), 0).unwrap();
    (start(EmbeddedFhir::builder().quota(quota).clock(clock)).await, now)
}

#[tokio::test]
async fn what_an_interaction_costs() {
    let (remote, _) = metered(Quota::new(1_000)).await;
    let left = |reply: &crate::support::Reply| reply.headers("ratelimit")[1].to_owned();
    let created = remote.fhir("POST", "/Patient", &patient("a")).await;
    assert_eq!(
        created.headers("ratelimit"),
        ["\"requests\";r=59999;t=60", "\"fhirInteractions\";r=900;t=60"]
    );
    let path = format!("/Patient/{}", created.id());
    let rows = [
        ("GET", path.clone(), "", 899),
        ("GET", format!("{path}/_history"), "", 889),
        ("GET", "/Patient?identifier=a".to_owned(), "", 869),
        ("PUT", "/Patient?identifier=a".to_owned(), &*patient("a"), 749),
        ("DELETE", path.clone(), "", 649),
        ("GET", "/metadata".to_owned(), "", 649),
    ];
    for (method, path, body, points) in rows {
        let reply = remote.fhir(method, &path, body).await;
        assert_eq!(left(&reply), format!("\"fhirInteractions\";r={points};t=60"), "{method} {path}");
    }
    assert!(in_memory().await.get("/Patient").await.headers("ratelimit").is_empty());
}

#[tokio::test]
async fn who_has_spent_all_is_refused_until_the_minute_ends() {
    let (remote, now) = metered(Quota::new(150)).await;
    assert_eq!(remote.fhir("POST", "/Patient", &patient("a")).await.status, 201);
    now.fetch_add(20, Ordering::SeqCst);
    let refused = remote.fhir("POST", "/Patient", &patient("b")).await;
    assert_eq!((refused.status, refused.json().str("id")), (429, Some("too-many-requests")));
    assert_eq!(refused.headers("ratelimit")[1], "\"fhirInteractions\";r=0;t=40");
    assert_eq!(refused.header("retry-after"), None);
    let diagnostics = refused.json().list("issue")[0].str("diagnostics").unwrap().to_owned();
    let diagnostics = Value::parse(diagnostics.as_bytes()).unwrap();
    let number = |name| diagnostics.get(name).and_then(Value::as_i64);
    assert_eq!(
        (number("_msBeforeNext"), number("_consumedPoints"), number("limit")),
        (Some(40_000), Some(200), Some(150))
    );
    assert_eq!(remote.get("/Patient").await.status, 429);
    let other = ["Authorization: Bearer other"];
    assert_eq!(remote.with("GET", "/Patient", &other, "").await.json().list("entry").len(), 1);
    now.fetch_add(40, Ordering::SeqCst);
    assert_eq!(remote.get("/Patient").await.status, 200);
}

#[tokio::test]
async fn entries_of_a_batch_are_refused_one_by_one_and_a_transaction_as_a_whole() {
    let (remote, now) = metered(Quota::new(1_000).retry_after(true)).await;
    let posts: Vec<_> = (0..15).map(|n| post(&patient(&n.to_string()), "Patient")).collect();
    let batch = remote.bundle("batch", &posts).await;
    assert_eq!(batch.status, 200);
    assert_eq!(batch.statuses(), [["201"; 10].as_slice(), ["429"; 5].as_slice()].concat());
    now.fetch_add(60, Ordering::SeqCst);
    let transaction = remote.bundle("transaction", &posts).await;
    assert_eq!((transaction.status, transaction.header("retry-after")), (429, Some("60")));
    now.fetch_add(60, Ordering::SeqCst);
    assert_eq!(remote.count("Patient").await, 10);
    now.fetch_add(60, Ordering::SeqCst);
    let conditionals: Vec<_> = (0..8).map(|n| conditional(&format!("c{n}"))).collect();
    let transaction = remote.bundle("transaction", &conditionals).await;
    assert_eq!(transaction.headers("ratelimit")[1], "\"fhirInteractions\";r=40;t=60");
}
