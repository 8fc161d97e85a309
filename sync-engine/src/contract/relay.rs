//! The promises of [`TakeOver`], and of a relay that stands before it.

use std::sync::Arc;

use super::scope::{LEASE, Scope, at, ids, unique};
use crate::relay::{QUEUE, name, wrap};
use crate::{
    ClaimOptions, Enqueued, Error, HowEnqueued, JobQueue, JobQueueExt as _, JobState, MemoryStore, NewJob,
    QueueAdmin, Relay, RelayOptions, TakeOver, Unique,
};

/// Runs this suite.
pub async fn run_all<S: TakeOver + QueueAdmin + 'static>(store: &Arc<S>) {
    a_job_is_taken_over_once(store).await;
    sources_do_not_know_each_others_ids(store).await;
    all_are_taken_over_or_none(store).await;
    concurrent_relays_hand_over_once(store).await;
    a_relay_hands_over_everything_in_order(store).await;
    a_relay_that_died_is_replaced(store).await;
    what_is_refused_does_not_stop_the_others(store).await;
    what_was_lost_is_handed_over_again(store).await;
}

/// Also after it has ended.
pub async fn a_job_is_taken_over_once<S: TakeOver + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let (scope, source) = (Scope::new(), unique());
    let taken = store.take_over(&source, vec![("1".into(), scope.job())]).await.unwrap();
    assert_eq!(taken[0].how, HowEnqueued::New);
    let again = Enqueued { id: taken[0].id, how: HowEnqueued::Skipped };
    let both = vec![("1".into(), scope.job()), ("2".into(), scope.job())];
    let second = store.take_over(&source, both.clone()).await.unwrap();
    assert_eq!((second[0], second[1].how), (again, HowEnqueued::New));
    let claimed = scope.claim(store, 9, 0).await;
    assert_eq!(ids(&claimed), [taken[0].id, second[1].id]);
    store.complete(&[claimed[0].lease.clone()], at(0)).await.unwrap();
    assert_eq!(store.take_over(&source, both).await.unwrap()[0], again);
    assert!(scope.claim(store, 9, 0).await.is_empty());
    assert_eq!(scope.state(store, taken[0].id).await, JobState::Completed);
}

/// The same id of another store is another job.
pub async fn sources_do_not_know_each_others_ids<S: TakeOver + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    for source in [unique(), unique()] {
        let taken = store.take_over(&source, vec![("1".into(), scope.job())]).await.unwrap();
        assert_eq!(taken[0].how, HowEnqueued::New);
    }
}

/// And one that was refused can be taken over later.
pub async fn all_are_taken_over_or_none<S: TakeOver + ?Sized>(store: &Arc<S>) {
    let (scope, source) = (Scope::new(), unique());
    let about = |key| NewJob { unique: Some(Unique::replace("k")), ..scope.keyed(key) };
    store.enqueue(vec![about(1)]).await.unwrap();
    let jobs = vec![("1".into(), scope.job()), ("2".into(), about(2))];
    let refused = store.take_over(&source, jobs).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    assert_eq!(scope.claim(store, 9, 0).await.len(), 1);
    let taken = store.take_over(&source, vec![("1".into(), scope.job())]).await.unwrap();
    assert_eq!(taken[0].how, HowEnqueued::New);
}

/// Eight hand over the same ten jobs.
pub async fn concurrent_relays_hand_over_once<S: TakeOver + 'static>(store: &Arc<S>) {
    let (scope, source) = (Scope::new(), unique());
    let jobs: Vec<_> = (0..10).map(|n: u8| (n.to_string(), scope.job())).collect();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, source, jobs) = (Arc::clone(store), source.clone(), jobs.clone());
        tasks.spawn(async move { store.take_over(&source, jobs).await.unwrap() });
    }
    let new = tasks.join_all().await.into_iter().flatten().filter(|taken| taken.how == HowEnqueued::New);
    assert_eq!(new.count(), 10);
    assert_eq!(scope.claim(store, 99, 0).await.len(), 10);
}

async fn until_empty(relay: &Relay) {
    while relay.batch(at(0)).await.unwrap() > 0 {}
}

/// Every field of a job arrives, and the order of its ordering key.
pub async fn a_relay_hands_over_everything_in_order<S: TakeOver + 'static>(store: &Arc<S>) {
    let (scope, here) = (Scope::new(), Arc::new(MemoryStore::new()));
    let jobs: Vec<NewJob> = (0..25).map(|n| scope.keyed(n % 3)).collect();
    let odd =
        NewJob { remote: Some("medplum".into()), resource_type: Some("Patient".into()), ..scope.later(9) };
    for job in jobs.iter().chain([&odd]) {
        here.enqueue(vec![wrap(job).unwrap()]).await.unwrap();
    }
    let relay = Relay::new(here, Arc::clone(store) as _, RelayOptions::new(unique()));
    until_empty(&relay).await;
    let mut arrived = Vec::new();
    while let Some(job) = scope.claim(store, 1, 0).await.pop() {
        arrived.push(job.refs);
        store.complete(&[job.lease], at(0)).await.unwrap();
    }
    for key in 0..3 {
        let of_key = |refs: &&std::collections::BTreeMap<String, String>| {
            jobs.iter().enumerate().any(|(n, job)| n % 3 == key && job.refs == **refs)
        };
        let expected: Vec<_> = jobs.iter().skip(key).step_by(3).map(|job| &job.refs).collect();
        assert_eq!(arrived.iter().filter(of_key).collect::<Vec<_>>(), expected, "key {key}");
    }
    let last = scope.claim_one(store, 9).await;
    assert_eq!((last.remote, last.resource_type, last.refs), (odd.remote, odd.resource_type, odd.refs));
}

/// After it had handed over and before it could say so.
pub async fn a_relay_that_died_is_replaced<S: TakeOver + 'static>(store: &Arc<S>) {
    let (scope, here, source) = (Scope::new(), Arc::new(MemoryStore::new()), unique());
    let id = here.enqueue(vec![wrap(&scope.job()).unwrap()]).await.unwrap()[0].id;
    let lease = std::time::Duration::from_secs(LEASE.unsigned_abs());
    let options = ClaimOptions { queue: QUEUE.into(), limit: 9, lease, now: at(0) };
    let claimed = here.claim(&options).await.unwrap();
    let job: NewJob = serde_json::from_str(&claimed[0].refs["job"]).unwrap();
    store.take_over(&source, vec![(name(id, claimed[0].correlation.as_str()), job)]).await.unwrap();

    let relay = Relay::new(here, Arc::clone(store) as _, RelayOptions::new(source));
    assert_eq!(relay.batch(at(1)).await.unwrap(), 0, "the lease of the dead one");
    assert_eq!(relay.batch(at(LEASE)).await.unwrap(), 1);
    assert_eq!(scope.claim(store, 9, LEASE).await.len(), 1, "once");
}

/// It is in the dead letter of the store that it came from.
pub async fn what_is_refused_does_not_stop_the_others<S: TakeOver + 'static>(store: &Arc<S>) {
    let (scope, here) = (Scope::new(), Arc::new(MemoryStore::new()));
    let about = |key| NewJob { unique: Some(Unique::replace("k")), ..scope.keyed(key) };
    store.enqueue(vec![about(1)]).await.unwrap();
    let jobs = [wrap(&scope.job()), wrap(&about(2)), wrap(&scope.job())].map(Result::unwrap);
    let enqueued = here.enqueue(jobs.to_vec()).await.unwrap();
    let relay = Relay::new(Arc::clone(&here) as _, Arc::clone(store) as _, RelayOptions::new(unique()));
    until_empty(&relay).await;
    assert_eq!(scope.claim(store, 9, 0).await.len(), 3);
    let refused = scope.view(&here, enqueued[1].id).await;
    assert_eq!((refused.state, refused.reason.as_deref()), (JobState::Failed, Some("refused")));
}

/// And what was not lost is not there twice, whether it has ended or not.
pub async fn what_was_lost_is_handed_over_again<S: TakeOver + QueueAdmin + 'static>(store: &Arc<S>) {
    let (scope, here, forgetful) = (Scope::new(), Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new()));
    let relay_to = |to, source: &str| Relay::new(Arc::clone(&here) as _, to, RelayOptions::new(source));
    here.enqueue(vec![wrap(&scope.job()).unwrap()]).await.unwrap();
    until_empty(&relay_to(forgetful, "source")).await;
    let source = unique();
    let relay = relay_to(Arc::clone(store) as _, &source);
    for _ in 0..2 {
        here.enqueue(vec![wrap(&scope.job()).unwrap()]).await.unwrap();
    }
    until_empty(&relay).await;
    let ended = scope.claim_one(store, 1).await;
    store.complete(&[ended.lease], at(1)).await.unwrap();

    assert_eq!(relay.offer_again(&*here, &scope.org, at(1)).await.unwrap(), 0, "handed over before");
    for lost in [1, 0] {
        assert_eq!(relay.offer_again(&*here, &scope.org, at(0)).await.unwrap(), lost);
    }
    assert_eq!(
        scope.claim(store, 9, 1).await.len(),
        2,
        "the one that was lost, and the one that still waits"
    );
}
