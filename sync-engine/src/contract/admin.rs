//! The promises of [`QueueAdmin`].

use std::sync::Arc;

use super::scope::{Scope, at, dead, ids, retry};
use crate::{JobFilter, JobId, JobQueue, JobQueueExt as _, JobState, PauseScope, QueueAdmin, QueueStats};

/// Runs this suite.
pub async fn run_all<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    stats_count_every_state(store).await;
    lists_are_filtered_and_paged(store).await;
    orgs_do_not_see_each_others_jobs(store).await;
    a_redrive_gives_fresh_attempts(store).await;
    a_redrive_takes_only_what_matches(store).await;
    a_paused_queue_gives_no_jobs(store).await;
    clean_removes_only_old_settled_jobs(store).await;
}

/// Each job is counted once.
pub async fn stats_count_every_state<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let other = scope.second_queue();
    let jobs =
        vec![scope.job(), scope.job(), scope.job(), scope.job(), scope.job(), scope.later(60), other.job()];
    scope.enqueue(store, jobs).await;
    let claimed = scope.claim(store, 4, 0).await;
    store.complete(&[claimed[0].lease.clone()], at(1)).await.unwrap();
    store.fail(&claimed[1].lease, &dead(), at(1)).await.unwrap();
    store.hold(&claimed[2].lease, "patient:pt_a", "consent-denied", at(1)).await.unwrap();
    store.set_paused(&PauseScope::queue(&scope.org, &other.queue), true).await.unwrap();
    let expected = QueueStats {
        waiting: 1,
        active: 1,
        completed: 1,
        failed: 1,
        delayed: 1,
        paused: 1,
        held: 1,
        cancelled: 0,
    };
    assert_eq!(store.stats(&scope.org, None, at(1)).await.unwrap(), expected);
    let later = store.stats(&scope.org, None, at(60)).await.unwrap();
    assert_eq!((later.waiting, later.delayed), (2, 0), "what was delayed is due now");
    assert_eq!(store.stats(&scope.neighbour().org, None, at(1)).await.unwrap(), QueueStats::default());
}

/// In the order of ids, by queue, state, reason and id, after an id, at most so many.
pub async fn lists_are_filtered_and_paged<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let other = scope.second_queue();
    let enqueued = scope.enqueue(store, vec![scope.job(), scope.job(), other.job(), scope.job()]).await;
    let claimed = scope.claim(store, 2, 0).await;
    store.fail(&claimed[0].lease, &dead(), at(1)).await.unwrap();
    store.fail(&claimed[1].lease, &retry(5), at(1)).await.unwrap();

    let list = async |filter: JobFilter, limit: usize| -> Vec<JobId> {
        store.list(&scope.org, &filter, limit).await.unwrap().iter().map(|job| job.id).collect()
    };
    let all = JobFilter::default;
    assert_eq!(list(all(), 9).await, enqueued);
    assert_eq!(list(all(), 2).await, enqueued[..2]);
    assert_eq!(list(JobFilter { after: Some(enqueued[1]), ..all() }, 1).await, [enqueued[2]]);
    assert_eq!(list(JobFilter { queue: Some(other.queue.clone()), ..all() }, 9).await, [enqueued[2]]);
    assert_eq!(list(JobFilter { state: Some(JobState::Failed), ..all() }, 9).await, [enqueued[0]]);
    assert_eq!(list(JobFilter { state: Some(JobState::Waiting), ..all() }, 9).await, enqueued[1..]);
    let unavailable = JobFilter { reason: Some("remote-unavailable".into()), ..all() };
    assert_eq!(list(unavailable, 9).await, [enqueued[1]]);
    assert_eq!(list(JobFilter { id: Some(enqueued[3]), ..all() }, 9).await, [enqueued[3]]);
    let none = JobFilter { id: Some(enqueued[3]), state: Some(JobState::Failed), ..all() };
    assert!(list(none, 9).await.is_empty(), "filters add up");
}

/// Lists, redrives, releases and cleans stay in their org.
pub async fn orgs_do_not_see_each_others_jobs<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let (ours, theirs) = (Scope::new(), Scope::new());
    let id = ours.enqueue(store, vec![ours.job()]).await[0];
    let job = ours.claim_one(store, 0).await;
    store.fail(&job.lease, &dead(), at(0)).await.unwrap();
    let filter = JobFilter { id: Some(id), ..JobFilter::default() };
    assert!(store.list(&theirs.org, &filter, 9).await.unwrap().is_empty());
    assert_eq!(store.redrive(&theirs.org, &filter, at(1)).await.unwrap(), 0);
    assert_eq!(store.clean(&theirs.org, at(99), at(99)).await.unwrap(), 0);
    assert_eq!(ours.state(store, id).await, JobState::Failed);
}

/// As many attempts as at first, at once, with a higher epoch.
pub async fn a_redrive_gives_fresh_attempts<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let id = scope.enqueue(store, vec![scope.job()]).await[0];
    let mut epoch = 0;
    for _ in 0..3 {
        let job = scope.claim_one(store, 0).await;
        store.fail(&job.lease, &retry(0), at(0)).await.unwrap();
        epoch = job.lease.epoch;
    }
    assert_eq!(store.redrive(&scope.org, &JobFilter::default(), at(9)).await.unwrap(), 1);
    let view = scope.view(store, id).await;
    assert_eq!((view.state, view.attempts, view.settled_at), (JobState::Waiting, 0, None));
    let job = scope.claim_one(store, 9).await;
    assert_eq!(job.attempt, 1);
    assert!(job.lease.epoch > epoch, "the old leases stay stale");
}

/// Jobs that are not failed, or have another reason, stay as they are.
pub async fn a_redrive_takes_only_what_matches<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, (0..4).map(|_| scope.job()).collect()).await;
    let claimed = scope.claim(store, 3, 0).await;
    store.fail(&claimed[0].lease, &dead(), at(0)).await.unwrap();
    let other = crate::Failure { code: "other".into(), ..dead() };
    store.fail(&claimed[1].lease, &other, at(0)).await.unwrap();
    store.complete(&[claimed[2].lease.clone()], at(0)).await.unwrap();

    let completed = JobFilter { state: Some(JobState::Completed), ..JobFilter::default() };
    assert_eq!(store.redrive(&scope.org, &completed, at(1)).await.unwrap(), 0);
    let by_reason = JobFilter { reason: Some("other".into()), ..JobFilter::default() };
    assert_eq!(store.redrive(&scope.org, &by_reason, at(1)).await.unwrap(), 1);
    assert_eq!(scope.state(store, enqueued[0]).await, JobState::Failed);
    assert_eq!(ids(&scope.claim(store, 9, 1).await), [enqueued[1], enqueued[3]]);
}

/// New jobs are taken in, active ones run on, other orgs are not touched; resuming lets them go.
pub async fn a_paused_queue_gives_no_jobs<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let neighbour = scope.neighbour();
    let first = scope.enqueue(store, vec![scope.job(), scope.job()]).await;
    let active = scope.claim_one(store, 0).await;
    for _ in 0..2 {
        store.set_paused(&PauseScope::queue(&scope.org, &scope.queue), true).await.unwrap();
    }
    let more = scope.enqueue(store, vec![scope.job(), neighbour.job()]).await;
    assert_eq!(ids(&scope.claim(store, 9, 0).await), [more[1]], "the neighbour's queue runs");
    store.complete(&[active.lease], at(1)).await.unwrap();
    assert_eq!(scope.state(store, first[0]).await, JobState::Completed);
    assert_eq!(store.stats(&scope.org, None, at(1)).await.unwrap().paused, 2);
    store.set_paused(&PauseScope::queue(&scope.org, &scope.queue), false).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 1).await), [first[1], more[0]]);
}

/// Each limit for its own state; what is not settled stays.
pub async fn clean_removes_only_old_settled_jobs<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, (0..7).map(|_| scope.job()).collect()).await;
    let leases: Vec<_> = scope.claim(store, 6, 0).await.into_iter().map(|job| job.lease).collect();
    store.complete(&leases[..1], at(10)).await.unwrap();
    store.complete(&leases[1..2], at(20)).await.unwrap();
    store.fail(&leases[2], &dead(), at(5)).await.unwrap();
    store.fail(&leases[3], &dead(), at(10)).await.unwrap();
    store.hold(&leases[4], "patient:pt_a", "consent-denied", at(1)).await.unwrap();
    assert_eq!(store.clean(&scope.org, at(20), at(10)).await.unwrap(), 2);
    let left: Vec<_> =
        store.list(&scope.org, &JobFilter::default(), 9).await.unwrap().iter().map(|job| job.id).collect();
    assert_eq!(left, [enqueued[1], enqueued[3], enqueued[4], enqueued[5], enqueued[6]]);
    assert_eq!(store.clean(&scope.org, at(20), at(10)).await.unwrap(), 0);
}
