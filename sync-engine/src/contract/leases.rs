//! The promises of [`JobQueue`] about leases: heartbeat, expiry, fencing by epoch.

use std::sync::Arc;

use super::scope::{LEASE, Scope, at, dead, retry};
use crate::{JobQueue, JobQueueExt as _, JobState, Lease, QueueAdmin, Settled};

/// Runs this suite.
pub async fn run_all<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    a_heartbeat_keeps_the_lease(store).await;
    a_heartbeat_tells_which_leases_are_lost(store).await;
    an_expired_lease_is_claimed_again_as_another_attempt(store).await;
    a_stale_lease_changes_nothing(store).await;
    a_late_settlement_counts_while_nobody_else_claimed(store).await;
    a_settled_lease_is_stale(store).await;
    a_job_that_kills_its_workers_ends_dead(store).await;
    a_lease_of_another_org_is_stale(store).await;
}

/// A renewed lease is not claimed by others until its new end.
pub async fn a_heartbeat_keeps_the_lease<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let job = scope.claim_one(store, 0).await;
    assert_eq!(store.renew(std::slice::from_ref(&job.lease), at(100)).await.unwrap(), [true]);
    assert!(scope.claim(store, 9, LEASE + 1).await.is_empty());
    assert_eq!(scope.claim_one(store, 100).await.lease.job, job.lease.job, "the lease ends at its end");
}

/// The answers stand in the order of the leases.
pub async fn a_heartbeat_tells_which_leases_are_lost<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job(), scope.job(), scope.job()]).await;
    let leases: Vec<_> = scope.claim(store, 3, 0).await.into_iter().map(|job| job.lease).collect();
    store.complete(&leases[..1], at(1)).await.unwrap();
    store.renew(&leases[2..], at(100)).await.unwrap();
    scope.claim_one(store, LEASE).await;
    assert_eq!(store.renew(&leases, at(200)).await.unwrap(), [false, false, true]);
    assert!(store.renew(&[], at(200)).await.unwrap().is_empty());
}

/// The expiry counts as an attempt and the epoch grows.
pub async fn an_expired_lease_is_claimed_again_as_another_attempt<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let first = scope.claim_one(store, 0).await;
    assert!(scope.claim(store, 9, LEASE - 1).await.is_empty(), "still leased");
    let second = scope.claim_one(store, LEASE).await;
    assert_eq!((second.lease.job, second.attempt), (first.lease.job, 2));
    assert!(second.lease.epoch > first.lease.epoch);
    assert_eq!(second.lease.until, at(2 * LEASE));
}

/// Whatever the first worker still writes, the job belongs to the second.
pub async fn a_stale_lease_changes_nothing<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let stale = scope.claim_one(store, 0).await.lease;
    let live = scope.claim_one(store, LEASE).await.lease;
    let now = at(LEASE + 1);
    assert_eq!(store.complete(std::slice::from_ref(&stale), now).await.unwrap(), [Settled::Stale]);
    assert_eq!(store.fail(&stale, &dead(), now).await.unwrap(), Settled::Stale);
    assert_eq!(store.fail(&stale, &retry(LEASE + 2), now).await.unwrap(), Settled::Stale);
    assert_eq!(store.hold(&stale, "patient:pt_a", "consent-denied", now).await.unwrap(), Settled::Stale);
    assert_eq!(store.renew(std::slice::from_ref(&stale), at(999)).await.unwrap(), [false]);
    let view = scope.view(store, live.job).await;
    assert_eq!((view.state, view.attempts), (JobState::Active, 1));
    assert_eq!(store.next_due(&scope.queue).await.unwrap(), Some(live.until), "the live lease is as it was");
    let settled = store.complete(&[live], now).await.unwrap();
    assert_eq!(settled, [Settled::Done(JobState::Completed)]);
}

/// A slow worker that nobody replaced has not worked in vain.
pub async fn a_late_settlement_counts_while_nobody_else_claimed<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job(), scope.job()]).await;
    let jobs = scope.claim(store, 2, 0).await;
    let late = at(LEASE + 5);
    let completed = store.complete(std::slice::from_ref(&jobs[0].lease), late).await.unwrap();
    assert_eq!(completed, [Settled::Done(JobState::Completed)]);
    assert_eq!(store.fail(&jobs[1].lease, &dead(), late).await.unwrap(), Settled::Done(JobState::Failed));
}

/// A lease can be used up once.
pub async fn a_settled_lease_is_stale<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job(), scope.job()]).await;
    let jobs = scope.claim(store, 2, 0).await;
    store.fail(&jobs[0].lease, &retry(1), at(1)).await.unwrap();
    store.hold(&jobs[1].lease, "patient:pt_a", "consent-denied", at(1)).await.unwrap();
    for job in &jobs {
        assert_eq!(store.complete(std::slice::from_ref(&job.lease), at(2)).await.unwrap(), [Settled::Stale]);
        assert_eq!(store.fail(&job.lease, &dead(), at(2)).await.unwrap(), Settled::Stale);
    }
    assert_eq!(scope.state(store, jobs[0].lease.job).await, JobState::Waiting);
    assert_eq!(scope.state(store, jobs[1].lease.job).await, JobState::Held);
}

/// Each death is an expired lease; after the last attempt the job is not given to another worker.
pub async fn a_job_that_kills_its_workers_ends_dead<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let id = scope.enqueue(store, vec![scope.job()]).await[0];
    for attempt in 1..=3 {
        let job = scope.claim_one(store, i64::from(attempt) * LEASE).await;
        assert_eq!(job.attempt, attempt);
    }
    assert!(scope.claim(store, 9, 4 * LEASE).await.is_empty(), "no fourth worker");
    let view = scope.view(store, id).await;
    assert_eq!((view.state, view.attempts), (JobState::Failed, 3));
    assert_eq!(view.reason.as_deref(), Some("lease-expired"));
    assert!(view.settled_at.is_some());
}

/// A lease is checked with its org.
pub async fn a_lease_of_another_org_is_stale<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let lease = scope.claim_one(store, 0).await.lease;
    let forged = Lease { org: scope.neighbour().org, ..lease.clone() };
    assert_eq!(store.complete(std::slice::from_ref(&forged), at(1)).await.unwrap(), [Settled::Stale]);
    assert_eq!(store.fail(&forged, &dead(), at(1)).await.unwrap(), Settled::Stale);
    assert_eq!(store.renew(&[forged], at(99)).await.unwrap(), [false]);
    assert_eq!(scope.state(store, lease.job).await, JobState::Active);
}
