//! A remote that is away, or asks for time, is left alone by every process of the store.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::{Duration, Instant};

use carewire_embedded_fhir::{Fault, FaultKind};
use carewire_hl7_v2::ack::AckCode;
use carewire_sync_engine::{JobFilter, JobView, LimitScope, LimitView, QueueAdmin as _, RateLimits as _};
use chrono::Utc;

use crate::support::{Bench, adt, bench};

async fn closed(bench: &Bench) -> Option<LimitView> {
    let limits = bench.store.limits(Utc::now()).await.unwrap();
    limits.into_iter().find(|limit| limit.scope == LimitScope::remote("main") && limit.closed_until.is_some())
}

async fn jobs(bench: &Bench) -> Vec<JobView> {
    bench.store.list(bench.gateway.org(), &JobFilter::default(), 9).await.unwrap()
}

#[tokio::test]
async fn who_is_asked_to_wait_says_so_to_all_and_no_attempt_counts() {
    let bench = bench().await;
    bench.consent("c1", "1").await;
    bench.consent("c2", "2").await;
    let wait = Duration::from_secs(2);
    bench.server.add_fault(Fault::new(FaultKind::Throttle429Entry).wait(wait).times(1).method("POST"));
    assert_eq!(bench.send(&adt("1", "1", "I")).await, AckCode::AA);
    bench.work_for(Duration::from_millis(700)).await;
    assert!(closed(&bench).await.is_some(), "{:?}", jobs(&bench).await);

    // Another process, which has not spoken to the remote.
    let other = bench.on(bench.gateway.parts().clone());
    bench.send(&adt("2", "2", "I")).await;
    other.run_workers(tokio::time::sleep(Duration::from_millis(500))).await;
    let waiting = jobs(&bench).await;
    assert!(waiting.iter().all(|job| job.attempts == 0 && job.settled_at.is_none()), "{waiting:?}");
    assert_eq!(waiting.last().and_then(|job| job.reason.as_deref()), None, "it was not even claimed");

    let started = Instant::now();
    bench.work().await;
    assert!(started.elapsed() < Duration::from_secs(10), "the closure ends by itself");
    assert_eq!(bench.at_remote("Patient"), 2);
    assert!(closed(&bench).await.is_none());
}

#[tokio::test]
async fn an_outage_closes_the_remote_until_it_answers() {
    let bench = bench().await;
    for (n, patient) in ["1", "2", "3", "4", "5", "6"].into_iter().enumerate() {
        bench.consent(&format!("c{n}"), patient).await;
        bench.send(&adt(patient, patient, "I")).await;
    }
    bench.server.add_fault(Fault::new(FaultKind::DropBefore));
    bench.work_for(Duration::from_millis(900)).await;
    let waiting = jobs(&bench).await;
    assert!(waiting.iter().all(|job| job.attempts == 0), "{waiting:?}");
    bench.server.clear_faults();
    bench.work().await;
    assert_eq!(bench.at_remote("Patient"), 6);
}
