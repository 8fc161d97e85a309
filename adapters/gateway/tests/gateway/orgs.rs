//! Several orgs in one process, and the end of its workers.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use carewire_gateway::{Gateways, MllpIntake, MllpSender};
use carewire_mllp::{Handler, Peer, Reply};
use carewire_sync_engine::{
    Beat, ClaimOptions, ClaimedJob, Enqueued, Intake, JobFilter, JobQueue, JobState, NewJob, QueueAdmin,
    Result, Settled, Settlement,
};
use chrono::{DateTime, Utc};

use crate::support::{Bench, adt, bench};

/// Takes a message for an org.
async fn send(gateway: &carewire_gateway::Gateway, control: &str) {
    let peer = Peer::new(1, "127.0.0.1:9".parse().unwrap());
    let intake = MllpIntake::new([MllpSender::anybody(gateway.clone())]);
    assert!(matches!(intake.handle(&peer, adt("77", control, "I")).await, Reply::Send(_)));
}

async fn work(gateways: &Gateways, bench: &Bench, until_waiting: u64) {
    let (admin, all): (_, Vec<_>) =
        (bench.store.clone(), gateways.iter().map(|gateway| gateway.org().clone()).collect());
    let idle = async move {
        loop {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let mut open = 0;
            for org in &all {
                let stats = admin.stats(org, None, chrono::Utc::now()).await.unwrap();
                open += stats.waiting + stats.active + stats.delayed;
            }
            if open == until_waiting {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gateways.run_workers(idle)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workers_of_one_process_serve_all_its_orgs() {
    let bench = bench().await;
    let other = bench.other_org("north");
    let gateways = Gateways::new(bench.gateway.clone(), [other.clone()]).unwrap();
    assert!(Gateways::new(bench.gateway.clone(), [bench.other_org("clinic")]).is_err());
    assert_eq!(gateways.get("north").unwrap().org().as_str(), "north");
    assert!(gateways.get("south").is_none());
    for gateway in gateways.iter() {
        // The same message twice, once for each: neither is a resend of the other.
        send(gateway, "1").await;
    }
    bench.consent("c1", "77").await;
    work(&gateways, &bench, 0).await;
    let [clinic, north] = [&bench.gateway, &other].map(|gateway| gateway.org().clone());
    let (clinic, north) =
        (bench.store.tally(&clinic).await.unwrap(), bench.store.tally(&north).await.unwrap());
    assert_eq!((clinic.pushed, clinic.held), (1, 0), "the consent is of this org");
    assert_eq!((north.pushed, north.held), (0, 1));
    assert_eq!(other.counters().read().denied, 1);
    assert_eq!(bench.gateway.counters().read().pushed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_an_org_that_is_not_served_is_left_alone() {
    let bench = bench().await;
    let other = bench.other_org("north");
    send(&other, "1").await;
    send(&bench.gateway, "2").await;
    bench.work_for(Duration::from_millis(500)).await;
    let tally = bench.store.tally(other.org()).await.unwrap();
    assert_eq!((tally.received, tally.total()), (1, 1));
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().held, 1);
    let jobs = bench.store.list(other.org(), &JobFilter::default(), 10).await.unwrap();
    let job = jobs.first().unwrap();
    assert_eq!(
        (job.state, job.attempts, job.reason.as_deref()),
        (JobState::Waiting, 0, Some("org-not-served"))
    );
}

/// A queue whose store does not answer any more.
#[derive(Debug)]
struct Stuck;

#[async_trait]
impl JobQueue for Stuck {
    async fn enqueue(&self, _: Vec<NewJob>) -> Result<Vec<Enqueued>> {
        std::future::pending().await
    }

    async fn claim(&self, _: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        std::future::pending().await
    }

    async fn next_due(&self, _: &str) -> Result<Option<DateTime<Utc>>> {
        std::future::pending().await
    }

    async fn heartbeat(&self, _: &[Beat], _: DateTime<Utc>) -> Result<Vec<bool>> {
        std::future::pending().await
    }

    async fn settle(&self, _: &[Settlement], _: DateTime<Utc>) -> Result<Vec<Settled>> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn workers_end_although_the_store_does_not_answer() {
    let bench = bench().await;
    let mut parts = bench.gateway.parts().clone();
    parts.queue = Arc::new(Stuck);
    let gateway = bench.on(parts);
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    gateway.run_workers(tokio::time::sleep(Duration::from_secs(5))).await;
    assert_eq!(began.elapsed().as_secs(), 5 + 20 + 1, "the signal, the drain deadline, a moment");
}
