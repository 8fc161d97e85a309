//! The promises of [`JobQueue`] about jobs of several ordering keys, and about keys that a dead job parks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::scope::{LEASE, Scope, at, dead, ids};
use crate::{
    ClaimedJob, JobFilter, JobId, JobQueue, JobQueueExt as _, JobState, NewJob, QueueAdmin, Settled,
};

/// Runs this suite.
pub async fn run_all<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    a_merge_waits_for_its_turn_in_each_key(store).await;
    what_comes_after_a_merge_waits_for_it_in_each_key(store).await;
    merges_that_cross_do_not_lock_each_other(store).await;
    a_key_that_is_named_twice_is_one_key(store).await;
    a_merge_that_ends_gives_every_key_free(store).await;
    a_merge_whose_lease_ended_keeps_its_places(store).await;
    a_redriven_merge_goes_before_what_came_after_it(store).await;
    concurrent_workers_keep_the_order_of_merges(store).await;
    a_parked_key_waits_for_its_dead_job(store).await;
    a_parked_key_does_not_wait_for_ever(store).await;
    a_cancelled_dead_job_parks_nothing(store).await;
    a_parked_key_lets_older_jobs_and_other_keys_pass(store).await;
}

fn parking(scope: &Scope, keys: &[u8]) -> NewJob {
    NewJob { park: Some(Duration::from_secs(100)), ..scope.keys(keys) }
}

/// Both patients' earlier jobs first.
pub async fn a_merge_waits_for_its_turn_in_each_key<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let jobs = vec![scope.keyed(1), scope.keyed(2), scope.keys(&[1, 2])];
    let enqueued = scope.enqueue(store, jobs).await;
    let claimed = scope.claim(store, 9, 0).await;
    assert_eq!(ids(&claimed), enqueued[..2]);
    store.complete(&[claimed[1].lease.clone()], at(0)).await.unwrap();
    assert!(scope.claim(store, 9, 0).await.is_empty(), "one of its keys is busy");
    store.complete(&[claimed[0].lease.clone()], at(0)).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[2..]);
}

/// Waiting or active, whichever key it is; other keys do not.
pub async fn what_comes_after_a_merge_waits_for_it_in_each_key<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let merge = NewJob { run_at: at(5), ..scope.keys(&[3, 1, 2]) };
    let jobs = vec![merge, scope.keyed(1), scope.keyed(2), scope.keyed(3), scope.keyed(4)];
    let enqueued = scope.enqueue(store, jobs).await;
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[4..], "it waits for its time, they for it");
    let merge = scope.claim(store, 9, 5).await;
    assert_eq!(ids(&merge), enqueued[..1]);
    assert!(scope.claim(store, 9, 5).await.is_empty());
    store.complete(&[merge[0].lease.clone()], at(5)).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 5).await), enqueued[1..4]);
}

/// Whatever the order in which they name their keys, the older goes first.
pub async fn merges_that_cross_do_not_lock_each_other<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let jobs = vec![scope.keys(&[1, 2]), scope.keys(&[2, 1]), scope.keys(&[2, 3]), scope.keys(&[3, 1])];
    let enqueued = scope.enqueue(store, jobs).await;
    for expected in enqueued {
        let claimed = scope.claim(store, 9, 0).await;
        assert_eq!(ids(&claimed), [expected]);
        store.complete(&[claimed[0].lease.clone()], at(0)).await.unwrap();
    }
}

/// As a merge of a patient into itself would.
pub async fn a_key_that_is_named_twice_is_one_key<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keys(&[1, 1]), scope.keyed(1)]).await;
    let claimed = scope.claim(store, 9, 0).await;
    assert_eq!(ids(&claimed), enqueued[..1]);
    store.complete(&[claimed[0].lease.clone()], at(0)).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[1..]);
}

/// Dead, held or cancelled, it stands in nobody's way.
pub async fn a_merge_that_ends_gives_every_key_free<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let merges = (0..3).map(|_| scope.keys(&[1, 2]));
    let enqueued = scope.enqueue(store, merges.chain([scope.keyed(1), scope.keyed(2)]).collect()).await;
    let first = scope.claim_one(store, 0).await;
    store.fail(&first.lease, &dead(), at(0)).await.unwrap();
    let second = scope.claim_one(store, 0).await;
    store.hold(&second.lease, "patient:pt_a", "consent-denied", at(0)).await.unwrap();
    assert_eq!(store.cancel(&scope.org, &JobFilter::one(enqueued[2]), at(0)).await.unwrap(), 1);
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[3..]);
}

/// It runs again before those that came after it.
pub async fn a_merge_whose_lease_ended_keeps_its_places<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keys(&[1, 2]), scope.keyed(2), scope.keyed(1)]).await;
    scope.claim_one(store, 0).await;
    assert_eq!(ids(&scope.claim(store, 9, LEASE).await), enqueued[..1]);
}

/// Back in the queue it is the oldest again.
pub async fn a_redriven_merge_goes_before_what_came_after_it<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let jobs = vec![scope.keys(&[1, 2]), scope.keyed(2), scope.keyed(2)];
    let enqueued = scope.enqueue(store, jobs).await;
    let merge = scope.claim_one(store, 0).await;
    store.fail(&merge.lease, &dead(), at(0)).await.unwrap();
    let active = scope.claim_one(store, 0).await;
    assert_eq!(active.lease.job, enqueued[1]);
    store.redrive(&scope.org, &JobFilter::default(), at(1)).await.unwrap();
    assert!(scope.claim(store, 9, 1).await.is_empty(), "a key of it is busy");
    store.complete(&[active.lease], at(1)).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 1).await), enqueued[..1]);
}

/// Four workers, 60 jobs of one to three of five keys: in no key two at once, in every key in order.
pub async fn concurrent_workers_keep_the_order_of_merges<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized + 'static,
{
    let scope = Arc::new(Scope::new());
    let keys = |n: u8| -> Vec<u8> { (0..=n % 3).map(|step| (n + 2 * step) % 5).collect() };
    let enqueued = scope.enqueue(store, (0..60).map(|n| scope.keys(&keys(n))).collect()).await;
    let keys_of: Arc<HashMap<JobId, Vec<u8>>> =
        Arc::new(enqueued.into_iter().zip((0..60).map(keys)).collect());
    let log = Arc::new(Mutex::new(Vec::<(JobId, bool)>::new()));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (store, scope, log) = (Arc::clone(store), Arc::clone(&scope), Arc::clone(&log));
        workers.spawn(async move { work(&scope, &store, &log).await });
    }
    workers.join_all().await;
    check_log(&log.lock().unwrap(), &keys_of);
}

async fn work<S: JobQueue + QueueAdmin + ?Sized>(
    scope: &Scope,
    store: &Arc<S>,
    log: &Mutex<Vec<(JobId, bool)>>,
) {
    loop {
        let claimed: Vec<ClaimedJob> = scope.claim(store, 3, 0).await;
        if claimed.is_empty() && store.stats(&scope.org, None, at(0)).await.unwrap().completed == 60 {
            return;
        }
        for job in claimed {
            log.lock().unwrap().push((job.lease.job, true));
            tokio::task::yield_now().await;
            log.lock().unwrap().push((job.lease.job, false));
            let settled = store.complete(&[job.lease], at(0)).await.unwrap();
            assert_eq!(settled, [Settled::Done(JobState::Completed)]);
        }
        tokio::task::yield_now().await;
    }
}

fn check_log(log: &[(JobId, bool)], keys_of: &HashMap<JobId, Vec<u8>>) {
    assert_eq!(log.len(), 120);
    for key in 0..5 {
        let of_key: Vec<_> = log.iter().filter(|(id, _)| keys_of[id].contains(&key)).collect();
        for pair in of_key.chunks(2) {
            assert_eq!(
                (pair[0].0, pair[0].1, pair[1].1),
                (pair[1].0, true, false),
                "two of key {key} at once"
            );
        }
        assert!(of_key.is_sorted_by_key(|(id, _)| *id), "key {key} in order");
    }
}

/// Until it is redriven, and then it goes first.
pub async fn a_parked_key_waits_for_its_dead_job<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let jobs = vec![parking(&scope, &[1, 2]), scope.keyed(1), scope.keyed(2), scope.keyed(3)];
    let enqueued = scope.enqueue(store, jobs).await;
    let job = scope.claim_one(store, 0).await;
    assert_eq!(store.fail(&job.lease, &dead(), at(10)).await.unwrap(), Settled::Done(JobState::Failed));
    assert_eq!(ids(&scope.claim(store, 9, 11).await), enqueued[3..]);
    let view = scope.view(store, enqueued[0]).await;
    assert_eq!((view.state, view.parked_until), (JobState::Failed, Some(at(110))));
    store.redrive(&scope.org, &JobFilter::one(enqueued[0]), at(12)).await.unwrap();
    let again = scope.claim_one(store, 12).await;
    assert_eq!(again.lease.job, enqueued[0]);
    assert_eq!(scope.view(store, enqueued[0]).await.parked_until, None);
    store.complete(&[again.lease], at(13)).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 13).await), enqueued[1..3]);
}

/// When the time is over the others go on, and a worker that sleeps until then finds them.
pub async fn a_parked_key_does_not_wait_for_ever<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![parking(&scope, &[1]), scope.keyed(1)]).await;
    let job = scope.claim_one(store, 0).await;
    store.fail(&job.lease, &dead(), at(10)).await.unwrap();
    assert!(scope.claim(store, 9, 109).await.is_empty());
    assert_eq!(store.next_due(&scope.queue).await.unwrap(), Some(at(110)));
    assert_eq!(ids(&scope.claim(store, 9, 110).await), enqueued[1..]);
    assert_eq!(scope.state(store, enqueued[0]).await, JobState::Failed);
}

/// Cancelling is how an operator says that the others need not wait.
pub async fn a_cancelled_dead_job_parks_nothing<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![parking(&scope, &[1]), scope.keyed(1)]).await;
    let job = scope.claim_one(store, 0).await;
    store.fail(&job.lease, &dead(), at(10)).await.unwrap();
    assert!(scope.claim(store, 9, 11).await.is_empty());
    assert_eq!(store.cancel(&scope.org, &JobFilter::one(enqueued[0]), at(11)).await.unwrap(), 1);
    assert_eq!(scope.state(store, enqueued[0]).await, JobState::Cancelled);
    assert_eq!(ids(&scope.claim(store, 9, 11).await), enqueued[1..]);
}

/// What was enqueued before the dead job does not wait for it.
pub async fn a_parked_key_lets_older_jobs_and_other_keys_pass<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keyed(1), parking(&scope, &[1]), scope.keyed(1)]).await;
    let first = scope.claim_one(store, 0).await;
    store.hold(&first.lease, "patient:pt_a", "consent-denied", at(0)).await.unwrap();
    let second = scope.claim_one(store, 0).await;
    store.fail(&second.lease, &dead(), at(0)).await.unwrap();
    assert!(scope.claim(store, 9, 1).await.is_empty());
    store.release(&scope.org, "patient:pt_a", at(1)).await.unwrap();
    let claimed = scope.claim(store, 9, 1).await;
    assert_eq!(ids(&claimed), enqueued[..1]);
    store.complete(&[claimed[0].lease.clone()], at(1)).await.unwrap();
    assert!(scope.claim(store, 9, 2).await.is_empty(), "the youngest still waits");
}
