//! Medplum's own router, validator and batch processor.

use carewire_fhir_http::{FhirHttpRemote, NoToken, Options};
use carewire_sync_engine::Limits;
use carewire_sync_engine::contract::remote::Server;
use carewire_testing::peer::{Peer, missing};

use crate::outside::{LIMITS, Other, keeps_its_promises};

/// A peer of one's own; `None`, said aloud, where it cannot be run.
pub(crate) fn start(arguments: &[&str]) -> Option<Peer> {
    if let Some(why) = missing() {
        println!("{why}");
        return None;
    }
    Some(Peer::start(arguments).unwrap())
}

async fn holds(base: &str, atomic: bool) {
    let limits = Limits { atomic, ..LIMITS };
    let server = Server { limits, enforces_limits: atomic, outside: Other::at(base, None) };
    let remote = FhirHttpRemote::new("clinic", base, &Options::default(), NoToken).unwrap();
    keeps_its_promises(remote, &server).await;
}

#[tokio::test]
async fn with_transactions() {
    match std::env::var("CAREWIRE_TEST_PEER_URL") {
        Ok(base) if !base.is_empty() => holds(&base, true).await,
        _ => {
            let Some(peer) = start(&[]) else { return };
            holds(peer.base(), true).await;
            let stats = peer.stats().await.unwrap();
            assert_eq!(stats["resources"], serde_json::json!({}), "the suite deletes what it made");
        }
    }
}

#[tokio::test]
async fn with_transactions_that_are_none() {
    let Some(peer) = start(&["--non-atomic"]) else { return };
    holds(peer.base(), false).await;
}
