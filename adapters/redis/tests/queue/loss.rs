//! A server that lost what it had acknowledged gives no id and no epoch a second time, and takes nothing over twice.

use std::collections::BTreeSet;

use carewire_redis::Durability;
use carewire_sync_engine::{
    HowEnqueued, JobQueue, JobQueueExt as _, JobState, NewJob, QueueAdmin as _, Settled, TakeOver as _,
};

use crate::samples::{at, claim, job, jobs, leases, org};
use crate::server::{Server, queue};

#[tokio::test]
async fn a_lease_that_the_server_forgot_is_stale() {
    let Some(mut server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]) else { return };
    let queue = server.queue().await;
    assert_eq!(queue.durability(), Durability::Always);
    let before = queue.enqueue(jobs(3)).await.unwrap();
    let saved = server.save_files();

    let claimed = claim(&queue, 3, 0).await;
    let lost = queue.enqueue(jobs(20)).await.unwrap();
    let lost_leases = leases(&claim(&queue, 20, 0).await);
    server.kill();
    server.lose_what_came_after(&saved);
    server.start_again();

    let queue = server.queue().await;
    let after = queue.enqueue(jobs(20)).await.unwrap();
    let known: BTreeSet<_> = before.iter().chain(&lost).map(|job| job.id).collect();
    assert!(after.iter().all(|job| !known.contains(&job.id)), "no id is given twice");
    let again = claim(&queue, 30, 0).await;
    assert_eq!(again.len(), 23, "what was there before the loss is there, and what came since");
    let newest =
        claimed.iter().map(|job| job.lease.epoch).chain(lost_leases.iter().map(|lease| lease.epoch)).max();
    assert!(
        again.iter().all(|job| Some(job.lease.epoch) > newest),
        "every epoch is above those that were lost"
    );

    for old in [leases(&claimed), lost_leases] {
        assert!(queue.complete(&old, at(1)).await.unwrap().iter().all(|settled| *settled == Settled::Stale));
        assert!(queue.renew(&old, at(60)).await.unwrap().iter().all(|held| !held));
    }
    let settled = queue.complete(&leases(&again), at(1)).await.unwrap();
    assert!(settled.iter().all(|settled| *settled == Settled::Done(JobState::Completed)));
}

#[tokio::test]
async fn a_torn_write_at_the_end_loses_that_write_alone() {
    let Some(mut server) = Server::start(&["--appendonly", "yes"]) else { return };
    let queue = server.queue().await;
    assert_eq!(queue.durability(), Durability::EverySecond);
    queue.enqueue(jobs(5)).await.unwrap();
    let enqueued = server.save_files();
    let claimed = leases(&claim(&queue, 5, 0).await);
    queue.complete(&claimed, at(0)).await.unwrap();
    server.kill();
    // The claim and the settlement are one script each, so each is in the file wholly or not at all.
    let length = |files: &tempfile::TempDir| std::fs::metadata(newest_file(files)).unwrap().len();
    let all = server.save_files();
    for cut in [1, 40, length(&all) - length(&enqueued)] {
        let torn = server.save_files();
        copy(&all, &torn);
        let file = std::fs::OpenOptions::new().write(true).open(newest_file(&torn)).unwrap();
        file.set_len(length(&all) - cut).unwrap();
        server.lose_what_came_after(&torn);
        server.start_again();
        let queue = server.queue().await;
        let settled = queue.complete(&claimed, at(1)).await.unwrap();
        let whole = length(&all) - cut > length(&enqueued);
        let expected = if whole { Settled::Done(JobState::Completed) } else { Settled::Stale };
        assert_eq!(settled, [expected; 5], "{cut} bytes cut");
        assert_eq!(claim(&queue, 9, 2).await.len(), if whole { 0 } else { 5 }, "{cut} bytes cut");
        server.kill();
    }
}

fn newest_file(files: &tempfile::TempDir) -> std::path::PathBuf {
    let mut incremental: Vec<_> = std::fs::read_dir(files.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(".incr."))
        .collect();
    incremental.sort();
    incremental.pop().unwrap()
}

fn copy(from: &tempfile::TempDir, to: &tempfile::TempDir) {
    std::fs::copy(newest_file(from), newest_file(to)).unwrap();
}

/// The contract has no clock for it.
#[tokio::test]
async fn what_was_taken_over_is_known_for_a_week_also_when_it_was_removed() {
    let Some(queue) = queue("taken-over").await else { return };
    let taken = queue.take_over("here", vec![("1".into(), job())]).await.unwrap();
    queue.complete(&leases(&claim(&queue, 9, 0).await), at(1)).await.unwrap();
    assert_eq!(queue.clean(&org(), at(2), at(2)).await.unwrap(), 1);
    for (after, how) in [(604_799, HowEnqueued::Skipped), (604_800, HowEnqueued::New)] {
        let late = NewJob { enqueued_at: at(after), ..job() };
        let again = queue.take_over("here", vec![("1".into(), late)]).await.unwrap();
        assert_eq!(again[0].how, how);
        assert_eq!(again[0].id == taken[0].id, how == HowEnqueued::Skipped);
    }
}
