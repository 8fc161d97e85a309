//! The promises of [`JobQueue`] about who goes first: priorities within an org, fairness between orgs.

use std::collections::BTreeMap;
use std::sync::Arc;

use carewire_fhir_core::OrgId;

use super::scope::{Scope, at, ids, retry};
use crate::{ClaimedJob, JobQueue, JobQueueExt as _, NewJob, Priority, QueueAdmin};

/// Runs this suite.
pub async fn run_all<S: JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    the_urgent_goes_first(store).await;
    a_priority_ages(store).await;
    a_priority_does_not_overtake_within_an_ordering_key(store).await;
    a_retry_does_not_lose_its_priority(store).await;
    a_large_org_does_not_keep_the_others_waiting(store).await;
    a_large_org_does_not_keep_very_many_waiting(store).await;
    a_newcomer_has_its_turn_in_the_next_claim(store).await;
    single_claims_go_round_the_orgs(store).await;
    nothing_is_left_idle(store).await;
    costly_jobs_count_for_what_they_cost(store).await;
    an_org_that_was_idle_has_no_arrears(store).await;
    a_delayed_backlog_does_not_count(store).await;
}

fn of(scope: &Scope, priority: u8, seconds: i64) -> NewJob {
    NewJob {
        priority: Priority::new(priority).unwrap(),
        run_at: at(seconds),
        enqueued_at: at(seconds),
        ..scope.job()
    }
}

fn by_org(claimed: &[ClaimedJob]) -> BTreeMap<OrgId, usize> {
    claimed.iter().fold(BTreeMap::new(), |mut counts, job| {
        *counts.entry(job.lease.org.clone()).or_default() += 1;
        counts
    })
}

/// From 1 to 5, among jobs that are due at the same time; ids decide what is left.
pub async fn the_urgent_goes_first<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let jobs = [5, 3, 1, 4, 2, 1].map(|priority| of(&scope, priority, 0)).to_vec();
    let enqueued = scope.enqueue(store, jobs).await;
    let order = [2, 5, 4, 1, 3, 0].map(|place| enqueued[place]);
    assert_eq!(ids(&scope.claim(store, 3, 0).await), order[..3]);
    assert_eq!(ids(&scope.claim(store, 9, 0).await), order[3..]);
}

/// Four minutes of waiting are worth the four steps from 5 to 1.
pub async fn a_priority_ages<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let jobs = vec![of(&scope, 5, 0), of(&scope, 1, 239), of(&scope, 1, 241), of(&scope, 3, 119)];
    let enqueued = scope.enqueue(store, jobs).await;
    let order = [1, 3, 0, 2].map(|place| enqueued[place]);
    assert_eq!(ids(&scope.claim(store, 9, 300).await), order);
}

/// The order of a key comes first: what is urgent waits for what was before it.
pub async fn a_priority_does_not_overtake_within_an_ordering_key<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let urgent = NewJob { priority: Priority::URGENT, ..scope.keyed(1) };
    let enqueued = scope.enqueue(store, vec![scope.keyed(1), urgent]).await;
    assert_eq!(ids(&scope.claim(store, 9, 0).await), enqueued[..1]);
}

/// It ages anew from its retry.
pub async fn a_retry_does_not_lose_its_priority<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let urgent = scope.enqueue(store, vec![of(&scope, 1, 0)]).await[0];
    let job = scope.claim_one(store, 0).await;
    store.fail(&job.lease, &retry(10), at(0)).await.unwrap();
    scope.enqueue(store, vec![of(&scope, 2, 5)]).await;
    assert_eq!(ids(&scope.claim(store, 1, 10).await), [urgent]);
}

/// One org has 200 jobs, four come after it with three each: within the first claims for 20 jobs the four are served.
pub async fn a_large_org_does_not_keep_the_others_waiting<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let large = Scope::new();
    let small: Vec<Scope> = (0..4).map(|_| large.neighbour()).collect();
    large.enqueue(store, (0..200).map(|_| large.job()).collect()).await;
    for scope in &small {
        scope.enqueue(store, (0..3).map(|_| scope.job()).collect()).await;
    }
    let mut claimed = large.claim(store, 10, 0).await;
    claimed.extend(large.claim(store, 10, 0).await);
    let counts = by_org(&claimed);
    assert_eq!(claimed.len(), 20, "the rest is for who has more");
    assert!(small.iter().all(|scope| counts.get(&scope.org) == Some(&3)), "{counts:?}");
}

/// More orgs than a claim need look at: each has its turns nonetheless, before the large one has more.
pub async fn a_large_org_does_not_keep_very_many_waiting<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let large = Scope::new();
    let small: Vec<Scope> = (0..99).map(|_| large.neighbour()).collect();
    large.enqueue(store, (0..600).map(|_| large.job()).collect()).await;
    for scope in &small {
        scope.enqueue(store, (0..3).map(|_| scope.job()).collect()).await;
    }
    let mut claimed = Vec::new();
    for _ in 0..5 {
        claimed.extend(large.claim(store, 100, 0).await);
    }
    let counts = by_org(&claimed);
    assert!(small.iter().all(|scope| counts.get(&scope.org) == Some(&3)), "{counts:?}");
}

/// Whatever a store remembers of its last claims.
pub async fn a_newcomer_has_its_turn_in_the_next_claim<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let large = Scope::new();
    large.enqueue(store, (0..400).map(|_| large.job()).collect()).await;
    for _ in 0..3 {
        assert_eq!(large.claim(store, 100, 0).await.len(), 100);
        let newcomer = large.neighbour();
        let job = newcomer.enqueue(store, vec![newcomer.job()]).await[0];
        let claimed = large.claim(store, 40, 0).await;
        assert!(ids(&claimed).contains(&job), "{:?}", by_org(&claimed));
        large.enqueue(store, (0..100).map(|_| large.job()).collect()).await;
    }
}

/// The ring remembers who was served, also from claim to claim.
pub async fn single_claims_go_round_the_orgs<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let first = Scope::new();
    let orgs = [first.neighbour(), first.neighbour()];
    for scope in [&first, &orgs[0], &orgs[1]] {
        scope.enqueue(store, (0..3).map(|_| scope.job()).collect()).await;
    }
    for _ in 0..3 {
        let mut turn = Vec::new();
        for _ in 0..3 {
            turn.extend(first.claim(store, 1, 0).await);
        }
        assert_eq!(by_org(&turn).len(), 3, "each org once in a round");
    }
    assert!(first.claim(store, 1, 0).await.is_empty());
}

/// A share that an org cannot use is for the others.
pub async fn nothing_is_left_idle<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let (large, small) = (Scope::new(), Scope::new());
    let small = Scope { queue: large.queue.clone(), ..small };
    large.enqueue(store, (0..50).map(|_| large.job()).collect()).await;
    small.enqueue(store, vec![small.job()]).await;
    assert_eq!(large.claim(store, 40, 0).await.len(), 40);
    assert_eq!(large.claim(store, 40, 0).await.len(), 11);
}

/// One org's jobs cost ten, another's one: over a while the second gets about ten for each of the first.
pub async fn costly_jobs_count_for_what_they_cost<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let costly = Scope::new();
    let cheap = costly.neighbour();
    costly.enqueue(store, (0..60).map(|_| NewJob { cost: 10, ..costly.job() }).collect()).await;
    cheap.enqueue(store, (0..60).map(|_| cheap.job()).collect()).await;
    let mut claimed = Vec::new();
    for _ in 0..44 {
        claimed.extend(costly.claim(store, 1, 0).await);
    }
    let counts = by_org(&claimed);
    assert!((3..=6).contains(&counts[&costly.org]), "{counts:?}");
}

/// Who comes back gets no more than its share at once.
pub async fn an_org_that_was_idle_has_no_arrears<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let busy = Scope::new();
    let late = busy.neighbour();
    busy.enqueue(store, (0..60).map(|_| busy.job()).collect()).await;
    for _ in 0..4 {
        assert_eq!(busy.claim(store, 10, 0).await.len(), 10);
    }
    late.enqueue(store, (0..20).map(|_| late.job()).collect()).await;
    let counts = by_org(&busy.claim(store, 10, 0).await);
    assert!(counts.values().all(|count| (4..=6).contains(count)), "{counts:?}");
}

/// Jobs that are not due take no share.
pub async fn a_delayed_backlog_does_not_count<S: JobQueue + ?Sized>(store: &Arc<S>) {
    let delayed = Scope::new();
    let ready = delayed.neighbour();
    delayed.enqueue(store, (0..30).map(|_| delayed.later(100)).collect()).await;
    ready.enqueue(store, (0..10).map(|_| ready.job()).collect()).await;
    let claimed = ready.claim(store, 10, 0).await;
    assert_eq!(by_org(&claimed), [(ready.org.clone(), 10)].into());
    store.complete(&claimed.into_iter().map(|job| job.lease).collect::<Vec<_>>(), at(0)).await.unwrap();
    assert_eq!(delayed.claim(store, 99, 100).await.len(), 30);
}
