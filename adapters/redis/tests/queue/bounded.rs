//! What lies there costs a claim nothing.

use carewire_sync_engine::{BlindKey, JobQueue, JobQueueExt as _, NewJob, QueueAdmin, Settled};

use crate::samples::{at, claim, job, jobs, leases, org};
use crate::server::{Server, queue};

const MANY: usize = 20_000;

/// The commands that the scripts gave since the server was started.
async fn commands(server: &Server) -> u64 {
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let info: String = redis::cmd("INFO").arg("commandstats").query_async(&mut connection).await.unwrap();
    let calls =
        info.lines().filter_map(|line| line.split_once("calls=")?.1.split(',').next()?.parse::<u64>().ok());
    calls.sum()
}

#[tokio::test]
async fn a_claim_gives_as_many_commands_over_any_backlog() {
    let Some(server) = Server::start(&["--appendonly", "no"]) else { return };
    let queue = server.queue().await;
    let claim_100 = async |seconds| {
        let before = commands(&server).await;
        assert_eq!(claim(&queue, 100, seconds).await.len(), 100);
        commands(&server).await - before
    };
    queue.enqueue(jobs(200)).await.unwrap();
    claim_100(0).await;
    let alone = claim_100(0).await;

    for _ in 0..MANY / 1000 {
        let delayed = NewJob { run_at: at(10), ..job() };
        queue.enqueue(vec![delayed; 1000]).await.unwrap();
        let later = NewJob { run_at: at(9999), priority: carewire_sync_engine::Priority::URGENT, ..job() };
        queue.enqueue(vec![later; 1000]).await.unwrap();
        let behind = NewJob { ordering_keys: vec![BlindKey([7; 32])], ..job() };
        queue.enqueue(vec![behind; 1000]).await.unwrap();
        queue.enqueue(jobs(1000)).await.unwrap();
        let done = claim(&queue, 1000, 1).await;
        queue.complete(&leases(&done), at(1)).await.unwrap();
    }
    queue.enqueue(jobs(100)).await.unwrap();
    let over_done = claim_100(2).await;
    let due_at_once = claim_100(11).await;
    println!(
        "commands of a claim of 100: {alone} alone, {over_done} over done jobs, {due_at_once} when {MANY} came due"
    );
    assert!(over_done <= alone + alone / 4, "{over_done} instead of {alone}");
    assert!(due_at_once <= alone + alone / 4, "{due_at_once} instead of {alone}");
}

/// More than Lua's stack takes at once.
#[tokio::test]
async fn thousands_of_ended_leases_are_taken_back_step_by_step() {
    let Some(queue) = queue("leases-ended").await else { return };
    for _ in 0..9 {
        queue.enqueue(jobs(1000)).await.unwrap();
    }
    let mut first = Vec::new();
    for _ in 0..9 {
        first.extend(leases(&claim(&queue, 1000, 0).await));
    }
    assert_eq!(first.len(), 9000);
    let mut second = Vec::new();
    while second.len() < 9000 {
        let claimed = claim(&queue, 1000, 30).await;
        assert!(!claimed.is_empty(), "each claim takes some back");
        assert!(claimed.iter().all(|job| job.attempt == 2));
        second.extend(leases(&claimed));
    }
    let settled = queue.complete(&first, at(31)).await.unwrap();
    assert!(settled.iter().all(|settled| *settled == Settled::Stale));
}

/// A step of an operator is bounded too, and all of them together do everything.
#[tokio::test]
async fn thousands_are_cancelled_redriven_and_removed() {
    let Some(queue) = queue("many").await else { return };
    for _ in 0..3 {
        queue.enqueue(jobs(1000)).await.unwrap();
    }
    let all = Default::default();
    assert_eq!(queue.cancel(&org(), &all, at(1)).await.unwrap(), 3000);
    let cancelled = carewire_sync_engine::JobFilter::state(carewire_sync_engine::JobState::Cancelled);
    assert_eq!(queue.list(&org(), &cancelled, 2500).await.unwrap().len(), 2500);
    assert_eq!(queue.redrive(&org(), &cancelled, at(2)).await.unwrap(), 3000);
    let claimed = claim(&queue, 1000, 3).await;
    queue.complete(&leases(&claimed), at(3)).await.unwrap();
    assert_eq!(queue.cancel(&org(), &all, at(4)).await.unwrap(), 2000);
    assert_eq!(queue.clean(&org(), at(4), at(5)).await.unwrap(), 3000);
    assert!(queue.list(&org(), &all, 9).await.unwrap().is_empty());
}
