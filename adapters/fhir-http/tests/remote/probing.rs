//! Whether transactions are atomic is found out by trying, and the trial leaves nothing behind.

use carewire_embedded_fhir::{EmbeddedFhir, Fault, FaultKind};
use carewire_sync_engine::{Error, Remote};

use crate::support::{http, pair, remote_at, scripted};

#[tokio::test]
async fn a_server_with_transactions_passes() {
    let pair = pair(EmbeddedFhir::builder()).await;
    let limits = pair.remote.probe().await.unwrap();
    assert_eq!((limits.atomic, limits.conditional_entries, limits.update_entries), (true, 8, 50));
    assert_eq!(pair.count("created"), 0);
}

#[tokio::test]
async fn a_server_that_only_pretends_is_found_out() {
    let pair = pair(EmbeddedFhir::builder().atomic_transactions(false)).await;
    assert!(!pair.remote.probe().await.unwrap().atomic);
    assert_eq!((pair.count("created"), pair.count("Basic")), (1, 0));
}

#[tokio::test]
async fn what_an_interrupted_probe_left_is_not_held_against_the_server() {
    let pair = pair(EmbeddedFhir::builder().atomic_transactions(true).fault(
        // The second request of the first probe is the transaction.
        Fault::new(FaultKind::DropAfterApply).method("POST").times(1),
    ))
    .await;
    assert!(matches!(pair.remote.probe().await, Err(Error::Unavailable { .. })));
    assert!(pair.remote.probe().await.unwrap().atomic);
    assert_eq!(pair.count("Basic"), 0);
}

#[tokio::test]
async fn an_outage_proves_nothing() {
    for kind in [FaultKind::Transient400, FaultKind::Serialization409, FaultKind::DropBefore] {
        let pair = pair(EmbeddedFhir::builder().fault(Fault::new(kind).method("POST"))).await;
        let error = pair.remote.probe().await.unwrap_err();
        assert!(matches!(error, Error::Unavailable { source: Some(_), .. }), "{kind:?}");
    }
}

#[tokio::test]
async fn a_server_that_takes_everything_is_not_atomic() {
    let accepting = scripted(|request| {
        if request.starts_with("POST") {
            http("200 OK", "", r#"{"resourceType":"Bundle","type":"transaction-response"}"#)
        } else {
            http("200 OK", "", r#"{"resourceType":"Bundle","type":"searchset"}"#)
        }
    })
    .await;
    assert!(!remote_at(accepting).probe().await.unwrap().atomic);
}
