//! The promises of [`JobQueue`] about unique keys.

use std::sync::Arc;
use std::time::Duration;

use super::scope::{Scope, at, dead, ids, retry};
use crate::{
    BlindKey, Enqueued, Error, HowEnqueued, JobFilter, JobId, JobQueue, JobQueueExt as _, JobState, NewJob,
    PauseScope, Priority, QueueAdmin, QueueAdminExt as _, Unique,
};

/// Runs this suite.
pub async fn run_all<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    a_second_job_is_skipped_until_the_first_is_settled(store).await;
    a_replacement_takes_the_place_of_the_waiting_job(store).await;
    a_replacement_does_not_touch_an_active_job(store).await;
    one_job_follows_an_active_one(store).await;
    a_burst_is_debounced_up_to_its_limit(store).await;
    keys_are_scoped_by_org_and_queue(store).await;
    a_held_job_is_replaced_and_stays_held(store).await;
    a_retry_keeps_the_key_and_a_dead_letter_gives_it_free(store).await;
    a_redriven_job_has_no_key(store).await;
    an_older_job_does_not_get_the_key_back(store).await;
    a_replacement_is_judged_anew_by_pauses_and_limits(store).await;
    a_list_may_replace_within_itself(store).await;
    a_replacement_with_other_ordering_keys_is_refused(store).await;
    a_replaced_job_keeps_its_place_in_its_ordering_key(store).await;
    concurrent_producers_make_one_job(store).await;
}

fn about(scope: &Scope, note: &str, unique: Unique) -> NewJob {
    NewJob { refs: [("note".to_owned(), note.to_owned())].into(), unique: Some(unique), ..scope.job() }
}

async fn put<S: JobQueue + ?Sized>(store: &Arc<S>, job: NewJob) -> Enqueued {
    store.enqueue(vec![job]).await.unwrap()[0]
}

async fn note<S: QueueAdmin + ?Sized>(scope: &Scope, store: &Arc<S>, id: JobId) -> String {
    scope.view(store, id).await.refs["note"].clone()
}

/// While it waits, while it runs; then the key is free.
pub async fn a_second_job_is_skipped_until_the_first_is_settled<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let first = put(store, about(&scope, "a", Unique::skip("Encounter/1"))).await;
    assert_eq!(first.how, HowEnqueued::New);
    let skipped = Enqueued { id: first.id, how: HowEnqueued::Skipped };
    assert_eq!(put(store, about(&scope, "b", Unique::skip("Encounter/1"))).await, skipped);
    let job = scope.claim_one(store, 0).await;
    assert_eq!(put(store, about(&scope, "c", Unique::skip("Encounter/1"))).await, skipped);
    assert_eq!(job.refs["note"], "a");
    assert!(scope.claim(store, 9, 0).await.is_empty());
    store.complete(&[job.lease], at(0)).await.unwrap();
    let next = put(store, about(&scope, "d", Unique::skip("Encounter/1"))).await;
    assert_eq!(next.how, HowEnqueued::New);
    assert_ne!(next.id, first.id);
}

/// Its id, its enqueueing and its attempts stay; contents, time and priority are those of the new job.
pub async fn a_replacement_takes_the_place_of_the_waiting_job<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let unique = || Unique::replace("Encounter/1");
    let first = put(store, about(&scope, "a", unique())).await;
    let job = scope.claim_one(store, 0).await;
    store.fail(&job.lease, &retry(5), at(0)).await.unwrap();
    let new = NewJob {
        kind: "other".into(),
        run_at: at(20),
        enqueued_at: at(10),
        priority: Priority::LOW,
        ..about(&scope, "b", unique())
    };
    assert_eq!(put(store, new).await, Enqueued { id: first.id, how: HowEnqueued::Replaced });
    assert!(scope.claim(store, 9, 19).await.is_empty(), "the new time holds");
    let view = scope.view(store, first.id).await;
    assert_eq!((view.priority, view.kind.as_str(), view.attempts), (Priority::LOW, "other", 1));
    assert_eq!((view.enqueued_at, view.run_at), (at(0), at(20)));
    let claimed = scope.claim_one(store, 20).await;
    assert_eq!((claimed.lease.job, claimed.refs["note"].as_str(), claimed.attempt), (first.id, "b", 2));
}

/// The running attempt stands for it.
pub async fn a_replacement_does_not_touch_an_active_job<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let first = put(store, about(&scope, "a", Unique::replace("k"))).await;
    let job = scope.claim_one(store, 0).await;
    let second = put(store, about(&scope, "b", Unique::replace("k"))).await;
    assert_eq!(second, Enqueued { id: first.id, how: HowEnqueued::Skipped });
    assert_eq!(note(&scope, store, first.id).await, "a");
    store.complete(&[job.lease], at(0)).await.unwrap();
    assert!(scope.claim(store, 9, 99).await.is_empty());
}

/// However many come during the run, one runs after it, with what came last.
pub async fn one_job_follows_an_active_one<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let unique = || Unique::replace_after_run("k");
    let first = put(store, about(&scope, "a", unique())).await;
    let running = scope.claim_one(store, 0).await;
    let follower = put(store, about(&scope, "b", unique())).await;
    assert_eq!(follower.how, HowEnqueued::New);
    assert_ne!(follower.id, first.id);
    for text in ["c", "d"] {
        let again = put(store, about(&scope, text, unique())).await;
        assert_eq!(again, Enqueued { id: follower.id, how: HowEnqueued::Replaced });
    }
    store.complete(&[running.lease], at(0)).await.unwrap();
    let again = put(store, about(&scope, "e", unique())).await;
    assert_eq!(again.id, follower.id, "the end of the first does not give the follower's key free");
    let claimed = scope.claim(store, 9, 0).await;
    assert_eq!((ids(&claimed), claimed[0].refs["note"].as_str()), (vec![follower.id], "e"));
}

/// Each one moves the run, the limit does not move.
pub async fn a_burst_is_debounced_up_to_its_limit<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let job = |second| {
        let unique = Unique::debounce("k", Duration::from_secs(10), Duration::from_secs(25));
        NewJob { enqueued_at: at(second), run_at: at(second), ..about(&scope, "a", unique) }
    };
    let first = put(store, job(0)).await;
    assert_eq!(scope.view(store, first.id).await.run_at, at(10));
    for (second, runs) in [(8, 18), (16, 25), (24, 25)] {
        assert_eq!(put(store, job(second)).await.how, HowEnqueued::Replaced);
        assert_eq!(scope.view(store, first.id).await.run_at, at(runs));
    }
    assert!(scope.claim(store, 9, 24).await.is_empty());
    assert_eq!(ids(&scope.claim(store, 9, 25).await), [first.id]);
    let next = put(store, job(26)).await;
    assert_eq!(next.how, HowEnqueued::New, "one more follows the active one");
    assert_eq!(scope.view(store, next.id).await.run_at, at(36));
}

/// The same key elsewhere is another key.
pub async fn keys_are_scoped_by_org_and_queue<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    for place in [&scope, &scope.neighbour(), &scope.second_queue()] {
        assert_eq!(put(store, about(place, "a", Unique::skip("k"))).await.how, HowEnqueued::New);
    }
}

/// What it waits for has not come.
pub async fn a_held_job_is_replaced_and_stays_held<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let first = put(store, about(&scope, "a", Unique::replace("k"))).await;
    let job = scope.claim_one(store, 0).await;
    store.hold(&job.lease, "patient:pt_a", "consent-denied", at(1)).await.unwrap();
    assert_eq!(put(store, about(&scope, "b", Unique::skip("k"))).await.how, HowEnqueued::Skipped);
    let again = put(store, about(&scope, "c", Unique::replace("k"))).await;
    assert_eq!(again, Enqueued { id: first.id, how: HowEnqueued::Replaced });
    assert_eq!(scope.state(store, first.id).await, JobState::Held);
    assert_eq!(store.release(&scope.org, "patient:pt_a", at(2)).await.unwrap(), 1);
    assert_eq!(scope.claim_one(store, 2).await.refs["note"], "c");
}

/// A waiting job is unsettled whatever it waits for; a failed one is not.
pub async fn a_retry_keeps_the_key_and_a_dead_letter_gives_it_free<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let first = put(store, about(&scope, "a", Unique::skip("k"))).await;
    let job = scope.claim_one(store, 0).await;
    store.fail(&job.lease, &retry(1), at(0)).await.unwrap();
    assert_eq!(put(store, about(&scope, "b", Unique::skip("k"))).await.id, first.id);
    let job = scope.claim_one(store, 1).await;
    store.fail(&job.lease, &dead(), at(1)).await.unwrap();
    let second = put(store, about(&scope, "c", Unique::skip("k"))).await;
    assert_eq!(second.how, HowEnqueued::New);
    assert_eq!(store.cancel(&scope.org, &JobFilter::one(second.id), at(1)).await.unwrap(), 1);
    assert_eq!(put(store, about(&scope, "d", Unique::skip("k"))).await.how, HowEnqueued::New);
}

/// It runs beside a newer one about the same: doing it twice is safe, forgetting it is not.
pub async fn a_redriven_job_has_no_key<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let first = put(store, about(&scope, "a", Unique::skip("k"))).await;
    let job = scope.claim_one(store, 0).await;
    store.fail(&job.lease, &dead(), at(0)).await.unwrap();
    let second = put(store, about(&scope, "b", Unique::skip("k"))).await;
    assert_eq!(store.redrive(&scope.org, &JobFilter::one(first.id), at(1)).await.unwrap(), 1);
    assert_eq!(put(store, about(&scope, "c", Unique::skip("k"))).await.id, second.id);
    assert_eq!(ids(&scope.claim(store, 9, 1).await), [first.id, second.id]);
    assert!(store.job(&scope.org, first.id).await.unwrap().is_some());
}

/// Although it waits again, and the newer one runs or has ended.
pub async fn an_older_job_does_not_get_the_key_back<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let job = |text: &str| about(&scope, text, Unique::replace_after_run("k"));
    let older = put(store, job("a")).await;
    let first = scope.claim_one(store, 0).await;
    let newer = put(store, job("b")).await;
    store.fail(&first.lease, &retry(90), at(0)).await.unwrap();
    let running = scope.claim_one(store, 0).await;
    assert_eq!(running.lease.job, newer.id);
    let stands = put(store, about(&scope, "c", Unique::replace("k"))).await;
    assert_eq!(stands, Enqueued { id: newer.id, how: HowEnqueued::Skipped });
    assert_eq!(note(&scope, store, older.id).await, "a");
    store.complete(&[running.lease], at(1)).await.unwrap();
    let new = put(store, about(&scope, "d", Unique::skip("k"))).await;
    assert_eq!(new.how, HowEnqueued::New, "the key is free");
    assert_eq!(ids(&scope.claim(store, 9, 90).await), [new.id, older.id]);
}

/// What it was about before may have been paused, what it is about now need not be.
pub async fn a_replacement_is_judged_anew_by_pauses_and_limits<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let job = |kind: &str| NewJob { kind: kind.into(), ..about(&scope, kind, Unique::replace("k")) };
    let pause =
        PauseScope { kind: Some("push".into()), ..PauseScope::queue(&scope.org, scope.queue.as_str()) };
    store.set_paused(&pause, true).await.unwrap();
    let id = put(store, job("push")).await.id;
    assert!(scope.claim(store, 9, 0).await.is_empty());
    assert_eq!(put(store, job("pull")).await.id, id);
    let claimed = scope.claim(store, 9, 0).await;
    assert_eq!(ids(&claimed), [id]);
    store.fail(&claimed[0].lease, &retry(1), at(0)).await.unwrap();
    assert_eq!(put(store, job("push")).await.id, id);
    assert!(scope.claim(store, 9, 1).await.is_empty());
    store.set_paused(&pause, false).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 1).await), [id]);
}

/// One call is as good as several.
pub async fn a_list_may_replace_within_itself<S: JobQueue + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let unique = || Unique::replace("k");
    let jobs = vec![about(&scope, "a", unique()), scope.job(), about(&scope, "b", unique())];
    let enqueued = store.enqueue(jobs).await.unwrap();
    assert_eq!(enqueued[2], Enqueued { id: enqueued[0].id, how: HowEnqueued::Replaced });
    assert_eq!(note(&scope, store, enqueued[0].id).await, "b");
    assert_eq!(scope.claim(store, 9, 0).await.len(), 2);
}

/// Order would be lost; nothing of the list is stored.
pub async fn a_replacement_with_other_ordering_keys_is_refused<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let keyed = |keys: &[u8]| NewJob {
        ordering_keys: keys.iter().map(|key| BlindKey([*key; 32])).collect(),
        ..about(&scope, "a", Unique::replace("k"))
    };
    let first = put(store, keyed(&[1, 2])).await;
    let refused = store.enqueue(vec![scope.job(), keyed(&[1])]).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    assert_eq!(store.list(&scope.org, &JobFilter::default(), 9).await.unwrap().len(), 1, "all or none");
    assert_eq!(put(store, keyed(&[2, 1, 2])).await.id, first.id, "the same keys in another order");
}

/// It was enqueued before what came between.
pub async fn a_replaced_job_keeps_its_place_in_its_ordering_key<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let keyed = || NewJob { unique: Some(Unique::replace("k")), ..scope.keyed(1) };
    let first = put(store, keyed()).await;
    let second = put(store, scope.keyed(1)).await;
    assert_eq!(put(store, keyed()).await.id, first.id);
    assert_eq!(ids(&scope.claim(store, 9, 0).await), [first.id]);
    assert_eq!(scope.state(store, second.id).await, JobState::Waiting);
}

/// Eight at once: one is new, for the others it stands.
pub async fn concurrent_producers_make_one_job<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    let scope = Arc::new(Scope::new());
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (store, scope) = (Arc::clone(store), Arc::clone(&scope));
        tasks.spawn(async move { put(&store, about(&scope, &n.to_string(), Unique::replace("k"))).await });
    }
    let answers = tasks.join_all().await;
    let new = answers.iter().filter(|answer| answer.how == HowEnqueued::New).count();
    assert_eq!(new, 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.id == answers[0].id));
    assert_eq!(scope.claim(store, 9, 0).await.len(), 1);
}
