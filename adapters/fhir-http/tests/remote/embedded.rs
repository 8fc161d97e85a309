//! Writing, reading and listing.

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::Value;
use carewire_sync_engine::{Refusal, Remembered, Remote, WriteOutcome};

use crate::support::{Pair, applied, by_id, named, organization, pair};

async fn present(pair: &Pair, id: &str) -> (Value, Option<String>) {
    match pair.remote.read("Organization", id).await.unwrap() {
        Remembered::Present { resource, version } => (resource.into_value(), version),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_write_creates_once_and_then_finds_what_it_made() {
    let pair = pair(EmbeddedFhir::builder()).await;
    let first = pair.submit(&[organization("a"), organization("b")]).await.unwrap();
    let (id, version, created) = applied(&first[0]);
    assert!(created && applied(&first[1]).2);
    let again = pair.submit(&[organization("a"), organization("b")]).await.unwrap();
    assert_eq!(applied(&again[0]), (id.clone(), version.clone(), false));
    let changed = by_id(named(organization("a"), "A"), &id, Some(&version));
    let changed = pair.submit(&[changed]).await.unwrap();
    let (same, newer, _) = applied(&changed[0]);
    assert_eq!(same, id);
    assert_ne!(newer, version);
    let (resource, read_version) = present(&pair, &id).await;
    assert_eq!((resource.str("name"), read_version), (Some("A"), Some(newer)));
    assert_eq!(pair.count("Organization"), 2);
}

#[tokio::test]
async fn entries_refer_to_each_other() {
    let pair = pair(EmbeddedFhir::builder()).await;
    let mut ward = organization("ward");
    ward.resource.value_mut().set("partOf", Value::object().with("reference", "urn:uuid:clinic"));
    let outcomes = pair.submit(&[ward, organization("clinic")]).await.unwrap();
    let (resource, _) = present(&pair, &applied(&outcomes[0]).0).await;
    let reference = resource.get("partOf").unwrap().str("reference").unwrap().to_owned();
    assert_eq!(reference, format!("Organization/{}", applied(&outcomes[1]).0));
}

#[tokio::test]
async fn refusals_of_a_whole_transaction() {
    let pair = pair(EmbeddedFhir::builder()).await;
    let good = pair.submit(&[organization("a")]).await.unwrap();
    let (id, stale, _) = applied(&good[0]);
    pair.submit(&[by_id(named(organization("a"), "A"), &id, None)]).await.unwrap();

    let conflict = by_id(named(organization("a"), "B"), &id, Some(&stale));
    assert_eq!(pair.submit(&[conflict, organization("b")]).await, Err(Refusal::VersionConflict));
    let nowhere = by_id(organization("c"), "6b8a5c0e-0000-4000-8000-000000000001", None);
    assert_eq!(pair.submit(&[nowhere]).await, Err(Refusal::Gone { deleted: false }));
    let mut null = organization("d");
    null.resource.value_mut().set("name", Value::null());
    let permanent =
        Refusal::Permanent { code: "structure".into(), expressions: vec!["Organization.name".into()] };
    assert_eq!(pair.submit(&[organization("b"), null]).await, Err(permanent));
    let many: Vec<_> = (0..9).map(|n| organization(&format!("m{n}"))).collect();
    assert!(matches!(pair.submit(&many).await, Err(Refusal::Permanent { .. })));
    assert_eq!(pair.count("Organization"), 1, "nothing of a refused transaction was kept");
}

#[tokio::test]
async fn entries_are_judged_one_by_one_where_a_transaction_is_none() {
    let pair = pair(EmbeddedFhir::builder().atomic_transactions(false)).await;
    let (id, stale, _) = applied(&pair.submit(&[organization("a")]).await.unwrap()[0]);
    pair.submit(&[by_id(named(organization("a"), "A"), &id, None)]).await.unwrap();
    let mut null = organization("d");
    null.resource.value_mut().set("name", Value::null());
    let conflict = by_id(named(organization("a"), "B"), &id, Some(&stale));
    let outcomes = pair.submit(&[conflict, organization("b"), null]).await.unwrap();
    assert_eq!(outcomes[0], WriteOutcome::Refused(Refusal::VersionConflict));
    assert!(applied(&outcomes[1]).2);
    assert!(matches!(outcomes[2], WriteOutcome::Refused(Refusal::Permanent { .. })));
}

#[tokio::test]
async fn one_identity_with_two_resources_is_reported() {
    let pair = pair(EmbeddedFhir::builder()).await;
    let (id, _, _) = applied(&pair.submit(&[organization("a")]).await.unwrap()[0]);
    let (twin, _, _) = applied(&pair.submit(&[organization("b")]).await.unwrap()[0]);
    pair.submit(&[by_id(organization("a"), &twin, None)]).await.unwrap();
    assert_ne!(id, twin);
    assert_eq!(pair.submit(&[organization("a")]).await, Err(Refusal::MultipleMatches));
}

#[tokio::test]
async fn reading_tells_deleted_from_absent() {
    let pair = pair(EmbeddedFhir::builder()).await;
    let (id, _, _) = applied(&pair.submit(&[organization("a")]).await.unwrap()[0]);
    let absent = "6b8a5c0e-0000-4000-8000-000000000001";
    assert!(matches!(pair.remote.read("Organization", absent).await.unwrap(), Remembered::Absent));
    delete(&pair, &id).await;
    assert!(matches!(pair.remote.read("Organization", &id).await.unwrap(), Remembered::Deleted));
}

#[tokio::test]
async fn an_inventory_leaves_out_what_is_not_there() {
    let pair = pair(EmbeddedFhir::builder()).await;
    let mut ids = Vec::new();
    for part in 0..32 {
        let writes: Vec<_> = (0..8).map(|n| organization(&format!("o{part}-{n}"))).collect();
        ids.extend(pair.submit(&writes).await.unwrap().iter().map(|outcome| applied(outcome).0));
    }
    delete(&pair, &ids[0]).await;
    ids.push("6b8a5c0e-0000-4000-8000-000000000001".into());
    let lines = pair.remote.inventory("Organization", &ids).await.unwrap();
    assert_eq!(lines.len(), 255);
    assert!(lines.iter().all(|line| line.version.is_some() && ids[1..].contains(&line.id)));
    assert!(pair.remote.inventory("Organization", &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn no_writes_are_no_request() {
    let pair = pair(EmbeddedFhir::builder()).await;
    assert_eq!(pair.submit(&[]).await, Ok(Vec::new()));
    assert_eq!(pair.count("requests"), 0);
}

/// Deletes by another client: the remote has no call for it.
async fn delete(pair: &Pair, id: &str) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = pair.server.clone();
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request =
        format!("DELETE /fhir/R4/Organization/{id} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"));
}
