//! The promises of [`JobQueue`] about single jobs: enqueue, claim, complete, fail, hold.

use std::sync::Arc;

use super::scope::{LEASE, Scope, at, dead, ids, retry};
use crate::{
    AfterFailure, Failure, JobQueue, JobQueueExt as _, JobState, NewJob, PauseScope, QueueAdmin, Settled,
};

/// Runs this suite.
pub async fn run_all<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    a_job_is_claimed_as_it_was_enqueued(store).await;
    jobs_are_claimed_oldest_first_up_to_the_limit(store).await;
    a_job_is_not_claimed_before_its_time(store).await;
    a_queue_gives_only_its_own_jobs(store).await;
    concurrent_claims_give_each_job_once(store).await;
    a_completed_job_is_done(store).await;
    many_jobs_are_completed_in_one_call(store).await;
    a_failed_attempt_is_tried_again_at_its_time(store).await;
    a_job_out_of_attempts_is_dead(store).await;
    an_attempt_that_does_not_count_costs_nothing(store).await;
    a_permanent_failure_is_dead_at_once(store).await;
    a_held_job_waits_for_its_release(store).await;
    next_due_names_the_next_instant_of_work(store).await;
}

/// Every field arrives, the lease names org, epoch and end, and the attempt is the first.
pub async fn a_job_is_claimed_as_it_was_enqueued<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let new = scope.keyed(1);
    let enqueued = scope.enqueue(store, vec![new.clone()]).await;
    let job = scope.claim_one(store, 1).await;
    assert_eq!((job.lease.job, &job.lease.org, job.lease.until), (enqueued[0], &new.org, at(1 + LEASE)));
    assert_eq!((&job.queue, &job.kind, &job.refs), (&new.queue, &new.kind, &new.refs));
    assert_eq!((job.attempt, job.max_attempts, &job.correlation), (1, 3, &new.correlation));
}

/// Ids grow, and so do the claims.
pub async fn jobs_are_claimed_oldest_first_up_to_the_limit<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let mut enqueued = scope.enqueue(store, vec![scope.job(), scope.job(), scope.job()]).await;
    enqueued.extend(scope.enqueue(store, vec![scope.job(), scope.job()]).await);
    assert!(enqueued.is_sorted_by(|a, b| a < b), "ids grow: {enqueued:?}");
    assert_eq!(ids(&scope.claim(store, 2, 0).await), enqueued[..2]);
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[2..]);
    assert!(scope.claim(store, 9, 0).await.is_empty(), "all are leased");
    assert!(scope.claim(store, 0, 999).await.is_empty(), "no limit, no job");
}

/// `run_at` is the first instant at which a job may run.
pub async fn a_job_is_not_claimed_before_its_time<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.later(10), scope.job()]).await;
    assert_eq!(ids(&scope.claim(store, 9, 9).await), [enqueued[1]]);
    assert_eq!(scope.state(store, enqueued[0]).await, JobState::Waiting);
    assert_eq!(ids(&scope.claim(store, 9, 10).await), [enqueued[0]]);
}

/// One queue does not see the jobs of another; all orgs of a queue are served.
pub async fn a_queue_gives_only_its_own_jobs<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let (neighbour, other) = (scope.neighbour(), scope.second_queue());
    let jobs = vec![scope.job(), other.job(), neighbour.job()];
    let enqueued = scope.enqueue(store, jobs).await;
    assert_eq!(ids(&scope.claim(store, 9, 0).await), [enqueued[0], enqueued[2]]);
    assert_eq!(ids(&other.claim(store, 9, 0).await), [enqueued[1]]);
}

/// Eight claimers share 40 jobs, each job once.
pub async fn concurrent_claims_give_each_job_once<S: JobQueue + ?Sized + 'static>(store: &Arc<S>) {
    let scope = Arc::new(Scope::new());
    let mut enqueued = scope.enqueue(store, (0..40).map(|_| scope.job()).collect()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, scope) = (Arc::clone(store), Arc::clone(&scope));
        tasks.spawn(async move { ids(&scope.claim(&store, 10, 0).await) });
    }
    let mut claimed: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    claimed.extend(ids(&scope.claim(store, 40, 0).await));
    claimed.sort_unstable();
    enqueued.sort_unstable();
    assert_eq!(claimed, enqueued);
}

/// It is never claimed again and shows when it finished.
pub async fn a_completed_job_is_done<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let job = scope.claim_one(store, 0).await;
    let settled = store.complete(std::slice::from_ref(&job.lease), at(1)).await.unwrap();
    assert_eq!(settled, [Settled::Done(JobState::Completed)]);
    let view = scope.view(store, job.lease.job).await;
    assert_eq!((view.state, view.settled_at), (JobState::Completed, Some(at(1))));
    assert!(scope.claim(store, 9, 999_999).await.is_empty());
}

/// The answers stand in the order of the leases; one that is given twice is stale the second time.
pub async fn many_jobs_are_completed_in_one_call<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, (0..5).map(|_| scope.job()).collect()).await;
    let mut leases: Vec<_> = scope.claim(store, 5, 0).await.into_iter().map(|job| job.lease).collect();
    leases.push(leases[0].clone());
    let settled = store.complete(&leases, at(1)).await.unwrap();
    let mut expected = vec![Settled::Done(JobState::Completed); 5];
    expected.push(Settled::Stale);
    assert_eq!(settled, expected);
    assert!(store.complete(&[], at(1)).await.unwrap().is_empty());
}

/// The attempt counts, the code is kept, the epoch grows.
pub async fn a_failed_attempt_is_tried_again_at_its_time<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let first = scope.claim_one(store, 0).await;
    let settled = store.fail(&first.lease, &retry(20), at(1)).await.unwrap();
    assert_eq!(settled, Settled::Done(JobState::Waiting));
    let view = scope.view(store, first.lease.job).await;
    assert_eq!((view.attempts, view.run_at, view.reason.as_deref()), (1, at(20), Some("remote-unavailable")));
    assert!(scope.claim(store, 9, 19).await.is_empty(), "not before its time");
    let second = scope.claim_one(store, 20).await;
    assert_eq!(second.attempt, 2);
    assert!(second.lease.epoch > first.lease.epoch, "each claim has a higher epoch");
}

/// After `max_attempts` counted failures the job is in the dead letter with the last code.
pub async fn a_job_out_of_attempts_is_dead<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    for expected in [JobState::Waiting, JobState::Waiting, JobState::Failed] {
        let job = scope.claim_one(store, 5).await;
        assert_eq!(store.fail(&job.lease, &retry(5), at(5)).await.unwrap(), Settled::Done(expected));
    }
    assert!(scope.claim(store, 9, 999_999).await.is_empty());
    let dead = store.list(&scope.org, &crate::JobFilter::default(), 9).await.unwrap();
    assert_eq!((dead[0].attempts, dead[0].settled_at), (3, Some(at(5))));
    assert_eq!(dead[0].reason.as_deref(), Some("remote-unavailable"));
}

/// As while a breaker is open: any number of times.
pub async fn an_attempt_that_does_not_count_costs_nothing<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![NewJob { max_attempts: 1, ..scope.job() }]).await;
    for second in 0..5 {
        let job = scope.claim_one(store, second).await;
        assert_eq!(job.attempt, 1);
        let next = AfterFailure::Retry { at: at(second + 1), counts: false };
        let failure = Failure { code: "breaker-open".into(), next };
        let settled = store.fail(&job.lease, &failure, at(second)).await.unwrap();
        assert_eq!(settled, Settled::Done(JobState::Waiting));
    }
    let job = scope.claim_one(store, 5).await;
    let settled = store.fail(&job.lease, &retry(6), at(5)).await.unwrap();
    assert_eq!(settled, Settled::Done(JobState::Failed), "the first that counts is the last");
}

/// No further attempt.
pub async fn a_permanent_failure_is_dead_at_once<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let job = scope.claim_one(store, 0).await;
    let settled = store.fail(&job.lease, &dead(), at(1)).await.unwrap();
    assert_eq!(settled, Settled::Done(JobState::Failed));
    let view = scope.view(store, job.lease.job).await;
    assert_eq!((view.reason.as_deref(), view.settled_at), (Some("invalid"), Some(at(1))));
    assert!(scope.claim(store, 9, 999_999).await.is_empty());
}

/// Holding costs no attempt; the hold key alone sets it free.
pub async fn a_held_job_waits_for_its_release<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![NewJob { max_attempts: 1, ..scope.job() }]).await;
    let job = scope.claim_one(store, 0).await;
    let settled = store.hold(&job.lease, "patient:pt_a", "consent-denied", at(1)).await.unwrap();
    assert_eq!(settled, Settled::Done(JobState::Held));
    assert_eq!(scope.view(store, job.lease.job).await.reason.as_deref(), Some("consent-denied"));
    assert!(scope.claim(store, 9, 999_999).await.is_empty());
    assert_eq!(store.release(&scope.org, "patient:pt_b", at(2)).await.unwrap(), 0);
    assert_eq!(store.release(&scope.neighbour().org, "patient:pt_a", at(2)).await.unwrap(), 0);
    assert_eq!(store.release(&scope.org, "patient:pt_a", at(2)).await.unwrap(), 1);
    assert_eq!(store.release(&scope.org, "patient:pt_a", at(2)).await.unwrap(), 0, "nothing is held now");
    let again = scope.claim_one(store, 2).await;
    assert_eq!((again.attempt, again.lease.job), (1, job.lease.job));
    assert!(again.lease.epoch > job.lease.epoch);
}

/// A worker that sleeps until `next_due` misses nothing and never spins.
pub async fn next_due_names_the_next_instant_of_work<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let due = async || store.next_due(&scope.queue).await.unwrap();
    assert_eq!(due().await, None);
    scope.enqueue(store, vec![scope.later(50)]).await;
    assert_eq!(due().await, Some(at(50)));
    scope.enqueue(store, vec![scope.keyed(1), scope.keyed(1)]).await;
    assert_eq!(due().await, Some(at(0)));
    let job = scope.claim_one(store, 0).await;
    assert_eq!(due().await, Some(at(LEASE)), "the lease; the second job of the key waits for its turn");
    store.fail(&job.lease, &retry(40), at(1)).await.unwrap();
    assert_eq!(due().await, Some(at(40)), "the retry; the second job still waits for its turn");
    store.set_paused(&PauseScope::queue(&scope.org, &scope.queue), true).await.unwrap();
    assert_eq!(due().await, None, "nothing of a paused queue is due");
}
