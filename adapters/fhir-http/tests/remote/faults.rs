//! Every fault of the embedded server, and that sending again is safe after each.

use std::time::Duration;

use carewire_embedded_fhir::{EmbeddedFhir, Fault, FaultKind};
use carewire_sync_engine::{Refusal, Remote, WriteOutcome};

use crate::support::{applied, organization, pair, transient_code};

#[tokio::test]
async fn a_fault_is_transient_and_the_second_try_leaves_one_resource() {
    let rows = [
        (FaultKind::DropBefore, "connection", 1),
        (FaultKind::DropAfterApply, "connection", 0),
        (FaultKind::Transient400, "unrecognised-400", 1),
        (FaultKind::Serialization409, "serialization", 1),
        (FaultKind::Delay, "timeout", 0),
    ];
    for (kind, code, created_by_second) in rows {
        let fault = Fault::new(kind).times(1).wait(Duration::from_millis(700));
        let pair = pair(EmbeddedFhir::builder().fault(fault)).await;
        let refusal = pair.submit(&[organization("a")]).await.unwrap_err();
        assert_eq!(transient_code(&refusal), code, "{kind:?}");
        // The delayed request is still under way at the server.
        let settled = if kind == FaultKind::Delay { 400 } else { 0 };
        tokio::time::sleep(Duration::from_millis(settled)).await;
        let outcomes = pair.submit(&[organization("a")]).await.unwrap();
        if kind != FaultKind::Delay {
            assert_eq!(i32::from(applied(&outcomes[0]).2), created_by_second, "{kind:?}");
        }
        assert_eq!(pair.count("Organization"), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_throttled_remote_is_left_alone_until_its_wait_is_over() {
    let fault = Fault::new(FaultKind::Throttle429Entry).times(1).wait(Duration::from_secs(1));
    let pair = pair(EmbeddedFhir::builder().fault(fault)).await;
    let refusal = pair.submit(&[organization("a")]).await.unwrap_err();
    assert_eq!(refusal, Refusal::Transient { code: "throttled".into(), wait: Some(Duration::from_secs(1)) });
    let asked = pair.count("requests");
    let early = pair.remote.read("Organization", "x").await.unwrap_err();
    assert!(matches!(early, Refusal::Transient { wait: Some(wait), .. } if wait <= Duration::from_secs(1)));
    assert_eq!(pair.count("requests"), asked, "nothing was sent");
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert!(pair.submit(&[organization("a")]).await.is_ok());
}

#[tokio::test]
async fn a_throttled_entry_stops_the_whole_client_too() {
    let fault = Fault::new(FaultKind::Throttle429Entry).times(1).wait(Duration::from_secs(60));
    let pair = pair(EmbeddedFhir::builder().atomic_transactions(false).fault(fault)).await;
    let outcomes = pair.submit(&[organization("a"), organization("b")]).await.unwrap();
    assert!(applied(&outcomes[0]).2);
    let wait = Some(Duration::from_secs(60));
    assert_eq!(outcomes[1], WriteOutcome::Refused(Refusal::Transient { code: "throttled".into(), wait }));
    let refusal = pair.submit(&[organization("b")]).await.unwrap_err();
    assert_eq!(transient_code(&refusal), "throttled");
}

#[tokio::test]
async fn under_many_faults_every_resource_arrives_once() {
    let builder = [
        FaultKind::DropBefore,
        FaultKind::DropAfterApply,
        FaultKind::Transient400,
        FaultKind::Serialization409,
    ]
    .into_iter()
    .enumerate()
    .fold(EmbeddedFhir::builder(), |builder, (seed, kind)| {
        builder.fault(Fault::new(kind).probability(0.2, seed as u64))
    });
    let pair = pair(builder).await;
    for part in 0..25 {
        let writes: Vec<_> = (0..8).map(|n| organization(&format!("o{part}-{n}"))).collect();
        let mut tries = 0;
        while pair.submit(&writes).await.is_err() {
            tries += 1;
            assert!(tries < 100);
        }
    }
    assert_eq!((pair.count("Organization"), pair.count("created")), (200, 200));
}
