//! The promises of [`QueueAdmin`] about cancelling, pausing by scope and watching; and of progress.

use std::sync::Arc;
use std::time::Duration;

use super::scope::{LEASE, Scope, at, dead, ids, retry};
use crate::{
    Beat, Error, JobFilter, JobId, JobQueue, JobQueueExt as _, JobState, NewJob, Outcome, PauseScope,
    Progress, QueueAdmin, QueueAdminExt as _, Settled, Settlement,
};

/// Runs this suite. It pauses scopes of its own only.
pub async fn run_all<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    every_outcome_is_settled_in_one_call(store).await;
    waiting_and_held_jobs_are_cancelled(store).await;
    a_cancelled_active_job_is_lost_to_its_worker(store).await;
    cancelled_jobs_can_be_redriven(store).await;
    dead_letters_are_cancelled_only_when_they_are_meant(store).await;
    progress_is_shown_and_its_checkpoint_handed_on(store).await;
    a_checkpoint_that_is_too_long_is_refused(store).await;
    a_stale_lease_reports_nothing(store).await;
    a_pause_covers_what_it_names(store).await;
    pauses_that_overlap_are_lifted_one_by_one(store).await;
    an_org_can_be_paused(store).await;
    pauses_are_listed(store).await;
    a_pause_comes_to_rest(store).await;
    lists_filter_by_everything(store).await;
    stats_count_one_queue(store).await;
}

fn kind(scope: &Scope, kind: &str) -> NewJob {
    NewJob { kind: kind.into(), ..scope.job() }
}

/// The answers stand in the order of the settlements.
pub async fn every_outcome_is_settled_in_one_call<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, (0..5).map(|n| scope.keyed(n)).collect()).await;
    let mut leases: Vec<_> = scope.claim(store, 5, 0).await.into_iter().map(|job| job.lease).collect();
    leases.push(leases[0].clone());
    let outcomes = [
        Outcome::Complete,
        Outcome::Fail(retry(20)),
        Outcome::Hold { key: "patient:pt_a".into(), code: "consent-denied".into() },
        Outcome::Fail(dead()),
        Outcome::Complete,
        Outcome::Fail(dead()),
    ];
    let settlements: Vec<Settlement> =
        leases.into_iter().zip(outcomes).map(|(lease, outcome)| Settlement { lease, outcome }).collect();
    let states =
        [JobState::Completed, JobState::Waiting, JobState::Held, JobState::Failed, JobState::Completed];
    let mut expected: Vec<Settled> = states.into_iter().map(Settled::Done).collect();
    expected.push(Settled::Stale);
    assert_eq!(store.settle(&settlements, at(1)).await.unwrap(), expected);
    for (settlement, state) in settlements.iter().zip(states) {
        assert_eq!(scope.state(store, settlement.lease.job).await, state);
    }
}

/// What is done stays done.
pub async fn waiting_and_held_jobs_are_cancelled<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, (0..4).map(|_| scope.job()).collect()).await;
    let claimed = scope.claim(store, 2, 0).await;
    store.complete(&[claimed[0].lease.clone()], at(0)).await.unwrap();
    store.hold(&claimed[1].lease, "patient:pt_a", "consent-denied", at(0)).await.unwrap();
    assert_eq!(store.cancel(&scope.neighbour().org, &JobFilter::default(), at(1)).await.unwrap(), 0);
    assert_eq!(store.cancel(&scope.org, &JobFilter::default(), at(1)).await.unwrap(), 3);
    assert!(scope.claim(store, 9, 999).await.is_empty());
    assert_eq!(store.release(&scope.org, "patient:pt_a", at(2)).await.unwrap(), 0);
    let view = scope.view(store, enqueued[3]).await;
    assert_eq!((view.state, view.settled_at), (JobState::Cancelled, Some(at(1))));
    let stats = store.stats(&scope.org, None, at(1)).await.unwrap();
    assert_eq!((stats.completed, stats.cancelled), (1, 3));
    assert_eq!(store.clean(&scope.org, at(0), at(2)).await.unwrap(), 3, "kept as long as failed ones");
}

/// Its heartbeat says so, and what it says at the end changes nothing; the key is free.
pub async fn a_cancelled_active_job_is_lost_to_its_worker<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let enqueued = scope.enqueue(store, vec![scope.keyed(1), scope.keyed(1)]).await;
    let job = scope.claim_one(store, 0).await;
    assert_eq!(store.cancel(&scope.org, &JobFilter::one(enqueued[0]), at(1)).await.unwrap(), 1);
    assert_eq!(store.renew(std::slice::from_ref(&job.lease), at(99)).await.unwrap(), [false]);
    assert_eq!(store.complete(&[job.lease], at(1)).await.unwrap(), [Settled::Stale]);
    assert_eq!(scope.state(store, enqueued[0]).await, JobState::Cancelled);
    assert_eq!(ids(&scope.claim(store, 9, LEASE + 1).await), enqueued[1..]);
}

/// Where the filter names their state; with fresh attempts and a higher epoch.
pub async fn cancelled_jobs_can_be_redriven<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let job = scope.claim_one(store, 0).await;
    store.cancel(&scope.org, &JobFilter::default(), at(1)).await.unwrap();
    assert_eq!(store.redrive(&scope.org, &JobFilter::default(), at(2)).await.unwrap(), 0);
    let cancelled = JobFilter::state(JobState::Cancelled);
    assert_eq!(store.redrive(&scope.org, &cancelled, at(2)).await.unwrap(), 1);
    let again = scope.claim_one(store, 2).await;
    assert!(again.lease.epoch > job.lease.epoch, "the lease of before stays lost");
    assert_eq!(store.complete(&[job.lease], at(2)).await.unwrap(), [Settled::Stale]);
}

/// By state or by id.
pub async fn dead_letters_are_cancelled_only_when_they_are_meant<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    scope.enqueue(store, (0..3).map(|_| scope.job()).collect()).await;
    let claimed = scope.claim(store, 3, 0).await;
    for job in &claimed {
        store.fail(&job.lease, &dead(), at(0)).await.unwrap();
    }
    assert_eq!(store.cancel(&scope.org, &JobFilter::default(), at(1)).await.unwrap(), 0);
    let one = JobFilter::one(claimed[0].lease.job);
    assert_eq!(store.cancel(&scope.org, &one, at(1)).await.unwrap(), 1);
    assert_eq!(store.cancel(&scope.org, &one, at(1)).await.unwrap(), 0, "once is enough");
    assert_eq!(store.cancel(&scope.org, &JobFilter::state(JobState::Failed), at(1)).await.unwrap(), 2);
}

/// It stays until another comes, and over the end of an attempt.
pub async fn progress_is_shown_and_its_checkpoint_handed_on<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let id = scope.enqueue(store, vec![scope.job()]).await[0];
    let job = scope.claim_one(store, 0).await;
    assert_eq!(job.checkpoint, None);
    let progress = Progress::of(3, 10).at("page:4");
    let beat = Beat { lease: job.lease.clone(), progress: Some(progress.clone()) };
    assert_eq!(store.heartbeat(&[beat], at(40)).await.unwrap(), [true]);
    store.renew(std::slice::from_ref(&job.lease), at(50)).await.unwrap();
    assert_eq!(scope.view(store, id).await.progress, Some(progress.clone()));
    store.fail(&job.lease, &retry(5), at(5)).await.unwrap();
    let again = scope.claim_one(store, 5).await;
    assert_eq!(again.checkpoint.as_deref(), Some("page:4"));
    let open_end = Progress { done: 4, total: None, checkpoint: None };
    let beat = Beat { lease: again.lease.clone(), progress: Some(open_end.clone()) };
    store.heartbeat(&[beat], at(60)).await.unwrap();
    assert_eq!(scope.view(store, id).await.progress, Some(open_end));
}

/// Nothing of the call is done.
pub async fn a_checkpoint_that_is_too_long_is_refused<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job()]).await;
    let job = scope.claim_one(store, 0).await;
    let beat =
        |length| Beat { lease: job.lease.clone(), progress: Some(Progress::of(1, 2).at("x".repeat(length))) };
    let refused = store.heartbeat(&[beat(Progress::LONGEST_CHECKPOINT + 1)], at(99)).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    assert_eq!(store.next_due(&scope.queue).await.unwrap(), Some(at(LEASE)), "not renewed");
    assert_eq!(store.heartbeat(&[beat(Progress::LONGEST_CHECKPOINT)], at(99)).await.unwrap(), [true]);
}

/// What another worker has reported stays.
pub async fn a_stale_lease_reports_nothing<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let id = scope.enqueue(store, vec![scope.job()]).await[0];
    let stale = scope.claim_one(store, 0).await;
    scope.claim_one(store, LEASE).await;
    let beat = Beat { lease: stale.lease, progress: Some(Progress::of(9, 9)) };
    assert_eq!(store.heartbeat(&[beat], at(99)).await.unwrap(), [false]);
    assert_eq!(scope.view(store, id).await.progress, None);
}

/// All that is named, and only that.
pub async fn a_pause_covers_what_it_names<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let named = |name: &str| NewJob {
        remote: Some("medplum".into()),
        resource_type: Some(name.into()),
        ..kind(&scope, "push")
    };
    let jobs = vec![named("Patient"), named("Encounter"), kind(&scope, "push"), kind(&scope, "pull")];
    let base = PauseScope::queue(&scope.org, &scope.queue);
    let scopes = [
        (PauseScope { resource_type: Some("Patient".into()), ..base.clone() }, vec![0]),
        (PauseScope { remote: Some("medplum".into()), ..base.clone() }, vec![0, 1]),
        (PauseScope { kind: Some("push".into()), ..base.clone() }, vec![0, 1, 2]),
        (PauseScope { kind: Some("push".into()), remote: Some("epic".into()), ..base.clone() }, vec![]),
        (PauseScope { queue: Some(format!("{}_other", scope.queue)), ..base }, vec![]),
    ];
    for (pause, covered) in scopes {
        store.set_paused(&pause, true).await.unwrap();
        let enqueued = scope.enqueue(store, jobs.clone()).await;
        let (paused, free): (Vec<usize>, Vec<usize>) = (0..4).partition(|place| covered.contains(place));
        let of = |places: &[usize]| places.iter().map(|place| enqueued[*place]).collect::<Vec<JobId>>();
        let claimed = scope.claim(store, 9, 0).await;
        assert_eq!(ids(&claimed), of(&free), "{pause:?}");
        assert_eq!(store.stats(&scope.org, None, at(0)).await.unwrap().paused, paused.len() as u64);
        store.set_paused(&pause, false).await.unwrap();
        let resumed = scope.claim(store, 9, 0).await;
        assert_eq!(ids(&resumed), of(&paused), "{pause:?}");
        let leases: Vec<_> = claimed.into_iter().chain(resumed).map(|job| job.lease).collect();
        store.complete(&leases, at(0)).await.unwrap();
    }
}

/// A job runs when no pause covers it any more.
pub async fn pauses_that_overlap_are_lifted_one_by_one<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let queue = PauseScope::queue(&scope.org, &scope.queue);
    let push = PauseScope { kind: Some("push".into()), ..queue.clone() };
    let enqueued = scope.enqueue(store, vec![kind(&scope, "push"), kind(&scope, "pull")]).await;
    for pause in [&queue, &push] {
        store.set_paused(pause, true).await.unwrap();
    }
    assert!(scope.claim(store, 9, 0).await.is_empty());
    store.set_paused(&queue, false).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[1..]);
    store.set_paused(&push, false).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[..1]);
}

/// Over all queues; others are not touched.
pub async fn an_org_can_be_paused<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let (neighbour, other) = (scope.neighbour(), scope.second_queue());
    let jobs = vec![scope.job(), other.job(), neighbour.job()];
    let enqueued = scope.enqueue(store, jobs).await;
    store.set_paused(&PauseScope::org(&scope.org), true).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[2..]);
    assert!(other.claim(store, 9, 0).await.is_empty());
    assert_eq!(other.claim_after_resume(store).await, enqueued[1..2]);
}

/// Each once, in order, those of the org.
pub async fn pauses_are_listed<S: QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let queue = PauseScope::queue(&scope.org, &scope.queue);
    let mut pauses = vec![PauseScope { kind: Some("push".into()), ..queue.clone() }, queue];
    for pause in pauses.iter().chain(&pauses) {
        store.set_paused(pause, true).await.unwrap();
    }
    pauses.sort();
    let ours = |listed: Vec<PauseScope>| -> Vec<PauseScope> {
        listed.into_iter().filter(|pause| pause.org.as_ref() == Some(&scope.org)).collect()
    };
    assert_eq!(ours(store.paused(&scope.org).await.unwrap()), pauses);
    assert!(ours(store.paused(&scope.neighbour().org).await.unwrap()).is_empty());
    for pause in &pauses {
        store.set_paused(pause, false).await.unwrap();
    }
    assert!(ours(store.paused(&scope.org).await.unwrap()).is_empty());
}

/// What is active runs on; when it has ended, the wait is over.
pub async fn a_pause_comes_to_rest<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    let scope = Scope::new();
    scope.enqueue(store, vec![scope.job(), scope.job()]).await;
    let job = scope.claim_one(store, 0).await;
    store.set_paused(&PauseScope::queue(&scope.org, &scope.queue), true).await.unwrap();
    let filter = JobFilter { queue: Some(scope.queue.clone()), ..JobFilter::default() };
    let (waiting, org) = (Arc::clone(store), scope.org.clone());
    let idle = tokio::spawn(async move { waiting.until_idle(&org, &filter, Duration::from_millis(1)).await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!idle.is_finished(), "a job is active");
    store.complete(&[job.lease], at(1)).await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), idle).await.unwrap().unwrap().unwrap();
}

/// Each condition alone, and all together.
pub async fn lists_filter_by_everything<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let odd = NewJob {
        remote: Some("medplum".into()),
        resource_type: Some("Patient".into()),
        ..kind(&scope, "push")
    };
    let enqueued = scope.enqueue(store, vec![scope.job(), odd.clone(), scope.job()]).await;
    let all = JobFilter {
        queue: Some(odd.queue.clone()),
        kind: Some(odd.kind),
        remote: odd.remote,
        resource_type: odd.resource_type,
        state: Some(JobState::Waiting),
        correlation: Some(odd.correlation.as_str().to_owned()),
        ..JobFilter::default()
    };
    let none = JobFilter::default;
    let filters = [
        JobFilter { kind: all.kind.clone(), ..none() },
        JobFilter { remote: all.remote.clone(), ..none() },
        JobFilter { resource_type: all.resource_type.clone(), ..none() },
        JobFilter { correlation: all.correlation.clone(), ..none() },
        all.clone(),
    ];
    for filter in filters {
        let listed = store.list(&scope.org, &filter, 9).await.unwrap();
        assert_eq!(listed.iter().map(|job| job.id).collect::<Vec<_>>(), [enqueued[1]], "{filter:?}");
    }
    let other = JobFilter { remote: Some("epic".into()), ..all };
    assert!(store.list(&scope.org, &other, 9).await.unwrap().is_empty());
}

/// The sum over the queues is the org.
pub async fn stats_count_one_queue<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let other = scope.second_queue();
    scope.enqueue(store, vec![scope.job(), scope.job(), other.job(), other.later(60)]).await;
    scope.claim_one(store, 0).await;
    let of = async |queue: Option<&str>| store.stats(&scope.org, queue, at(0)).await.unwrap();
    let (ours, theirs, all) = (of(Some(&scope.queue)).await, of(Some(&other.queue)).await, of(None).await);
    assert_eq!((ours.waiting, ours.active, ours.delayed), (1, 1, 0));
    assert_eq!((theirs.waiting, theirs.active, theirs.delayed), (1, 0, 1));
    assert_eq!((all.waiting, all.active, all.delayed), (2, 1, 1));
}
