//! The promises of [`JobQueue`] about ordering keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::scope::{LEASE, Scope, at, dead, ids, retry};
use crate::{ClaimedJob, JobFilter, JobId, JobQueue, JobQueueExt as _, JobState, NewJob, QueueAdmin};

/// Runs this suite.
pub async fn run_all<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    one_job_of_a_key_is_active_at_a_time(store).await;
    keys_do_not_wait_for_each_other(store).await;
    the_same_key_in_another_org_is_another_key(store).await;
    a_key_spans_queues(store).await;
    a_retry_keeps_its_place(store).await;
    an_expired_job_keeps_its_place(store).await;
    dead_and_held_jobs_do_not_stand_in_the_way(store).await;
    released_and_redriven_jobs_run_in_their_old_order(store).await;
    a_released_job_waits_for_the_active_one(store).await;
    concurrent_workers_keep_the_order(store).await;
}

/// Also within one claim that asks for more.
pub async fn one_job_of_a_key_is_active_at_a_time<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keyed(1), scope.keyed(1), scope.keyed(1)]).await;
    for expected in enqueued {
        let claimed = scope.claim(store, 9, 0).await;
        assert_eq!(ids(&claimed), [expected]);
        assert!(scope.claim(store, 9, 0).await.is_empty(), "the key is busy");
        store.complete(&[claimed[0].lease.clone()], at(0)).await.unwrap();
    }
}

/// A busy key stands in nobody's way, and jobs without a key wait for nobody.
pub async fn keys_do_not_wait_for_each_other<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let jobs = vec![scope.keyed(1), scope.keyed(1), scope.keyed(2), scope.job(), scope.job()];
    let enqueued = scope.enqueue(store, jobs).await;
    let claimed = ids(&scope.claim(store, 9, 0).await);
    assert_eq!(claimed, [enqueued[0], enqueued[2], enqueued[3], enqueued[4]]);
}

/// Keys are scoped by org.
pub async fn the_same_key_in_another_org_is_another_key<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keyed(1), scope.neighbour().keyed(1)]).await;
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued);
}

/// The order of a key holds over all queues of the org.
pub async fn a_key_spans_queues<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let other = scope.second_queue();
    scope.enqueue(store, vec![scope.keyed(1), other.keyed(1)]).await;
    assert!(other.claim(store, 9, 0).await.is_empty(), "an older job of the key waits in another queue");
    let first = scope.claim_one(store, 0).await;
    assert!(other.claim(store, 9, 0).await.is_empty(), "a job of the key is active in another queue");
    store.complete(&[first.lease], at(0)).await.unwrap();
    assert_eq!(other.claim(store, 9, 0).await.len(), 1);
}

/// While the first job backs off, the second does not overtake it.
pub async fn a_retry_keeps_its_place<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keyed(1), scope.keyed(1)]).await;
    let first = scope.claim_one(store, 0).await;
    store.fail(&first.lease, &retry(10), at(0)).await.unwrap();
    assert!(scope.claim(store, 9, 9).await.is_empty());
    assert_eq!(ids(&scope.claim(store, 9, 10).await), [enqueued[0]]);
}

/// The job whose worker died runs again before the next one of its key.
pub async fn an_expired_job_keeps_its_place<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keyed(1), scope.keyed(1)]).await;
    scope.claim_one(store, 0).await;
    assert_eq!(ids(&scope.claim(store, 9, LEASE).await), [enqueued[0]]);
}

/// The next job of the key runs.
pub async fn dead_and_held_jobs_do_not_stand_in_the_way<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let jobs = (0..4).map(|_| scope.keyed(1)).collect();
    let enqueued = scope.enqueue(store, jobs).await;
    let first = scope.claim_one(store, 0).await;
    store.fail(&first.lease, &dead(), at(0)).await.unwrap();
    let second = scope.claim_one(store, 0).await;
    store.hold(&second.lease, "patient:pt_a", "consent-denied", at(0)).await.unwrap();
    let third = scope.claim_one(store, 0).await;
    assert_eq!(third.lease.job, enqueued[2]);
}

/// Free again, the older ones go first.
pub async fn released_and_redriven_jobs_run_in_their_old_order<S: JobQueue + QueueAdmin + ?Sized>(
    store: &Arc<S>,
) {
    let scope = Scope::new();
    let jobs = (0..5).map(|_| scope.keyed(1)).collect();
    let enqueued = scope.enqueue(store, jobs).await;
    for n in 0..4 {
        let job = scope.claim_one(store, 0).await;
        if n % 2 == 0 {
            store.hold(&job.lease, "patient:pt_a", "consent-denied", at(0)).await.unwrap();
        } else {
            store.fail(&job.lease, &dead(), at(0)).await.unwrap();
        }
    }
    assert_eq!(store.redrive(&scope.org, &JobFilter::default(), at(1)).await.unwrap(), 2);
    assert_eq!(store.release(&scope.org, "patient:pt_a", at(1)).await.unwrap(), 2);
    assert_eq!(drain(&scope, store, 1).await, enqueued);
}

/// Older, but the key is busy.
pub async fn a_released_job_waits_for_the_active_one<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keyed(1), scope.keyed(1), scope.keyed(1)]).await;
    let first = scope.claim_one(store, 0).await;
    store.hold(&first.lease, "patient:pt_a", "consent-denied", at(0)).await.unwrap();
    let second = scope.claim_one(store, 0).await;
    store.release(&scope.org, "patient:pt_a", at(1)).await.unwrap();
    assert!(scope.claim(store, 9, 1).await.is_empty(), "the key is busy");
    store.complete(&[second.lease], at(1)).await.unwrap();
    assert_eq!(drain(&scope, store, 1).await, [enqueued[0], enqueued[2]]);
}

/// Four workers, 60 jobs of five keys, some attempts fail: per key the jobs finish in their order, one at a time.
pub async fn concurrent_workers_keep_the_order<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    let scope = Arc::new(Scope::new());
    let jobs: Vec<NewJob> = (0..60).map(|n| scope.keyed(n % 5)).collect();
    let enqueued = scope.enqueue(store, jobs).await;
    let key_of: Arc<HashMap<JobId, usize>> =
        Arc::new(enqueued.iter().enumerate().map(|(n, id)| (*id, n % 5)).collect());
    let log = Arc::new(Mutex::new(Log::default()));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (store, scope) = (Arc::clone(store), Arc::clone(&scope));
        let (key_of, log) = (Arc::clone(&key_of), Arc::clone(&log));
        workers.spawn(async move { work(&scope, &store, &key_of, &log).await });
    }
    workers.join_all().await;
    let finished = log.lock().unwrap().finished.clone();
    assert_eq!(finished.len(), 60);
    for key in 0..5 {
        let order: Vec<_> = finished.iter().filter(|id| key_of[id] == key).collect();
        assert!(order.is_sorted(), "key {key} finished in the order {order:?}");
    }
}

#[derive(Default)]
struct Log {
    active: HashMap<usize, JobId>,
    finished: Vec<JobId>,
}

async fn work<S>(scope: &Scope, store: &Arc<S>, key_of: &HashMap<JobId, usize>, log: &Mutex<Log>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    loop {
        let claimed = scope.claim(store, 3, 0).await;
        if claimed.is_empty() && store.stats(&scope.org, None, at(0)).await.unwrap().completed == 60 {
            return;
        }
        for job in claimed {
            let key = key_of[&job.lease.job];
            let busy = log.lock().unwrap().active.insert(key, job.lease.job);
            assert_eq!(busy, None, "two jobs of a key are active");
            tokio::task::yield_now().await;
            settle_logged(store, &job, key, log).await;
        }
        tokio::task::yield_now().await;
    }
}

/// The first attempt of every third job fails.
async fn settle_logged<S: JobQueue + ?Sized>(store: &Arc<S>, job: &ClaimedJob, key: usize, log: &Mutex<Log>) {
    let fails = job.attempt == 1 && job.lease.job.0 % 3 == 0;
    {
        let mut log = log.lock().unwrap();
        log.active.remove(&key);
        if !fails {
            log.finished.push(job.lease.job);
        }
    }
    if fails {
        store.fail(&job.lease, &retry(0), at(0)).await.unwrap();
    } else {
        store.complete(std::slice::from_ref(&job.lease), at(0)).await.unwrap();
    }
}

/// Claims and completes one by one until nothing is left.
async fn drain<S: JobQueue + QueueAdmin + ?Sized>(scope: &Scope, store: &Arc<S>, seconds: i64) -> Vec<JobId> {
    let mut order = Vec::new();
    while let Some(job) = scope.claim(store, 1, seconds).await.pop() {
        order.push(job.lease.job);
        store.complete(&[job.lease], at(seconds)).await.unwrap();
    }
    for id in &order {
        assert_eq!(scope.state(store, *id).await, JobState::Completed);
    }
    order
}
