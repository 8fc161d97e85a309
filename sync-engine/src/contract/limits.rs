//! The promises of [`RateLimits`], alone and in claims.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::scope::{Scope, at, ids};
use crate::{
    JobQueue, Lane, LimitScope, LimitView, NewJob, QueueAdmin, QueueAdminExt as _, RateLimit, RateLimits,
    Taken,
};

/// Runs this suite. It sets limits for scopes of its own only.
pub async fn run_all<S: JobQueue + QueueAdmin + RateLimits + ?Sized + 'static>(store: &Arc<S>) {
    tokens_run_out_and_come_back(store).await;
    every_covering_limit_must_have_a_token(store).await;
    a_large_cost_goes_into_debt(store).await;
    limits_are_listed_changed_and_removed(store).await;
    a_closed_scope_lets_nothing_pass(store).await;
    a_server_may_lower_the_level(store).await;
    concurrent_takers_share_one_bucket(store).await;
    a_claim_takes_no_more_than_the_limit(store).await;
    a_claim_takes_the_cost_of_its_jobs(store).await;
    a_closed_remote_does_not_stop_the_others(store).await;
    a_limit_of_an_org_does_not_stop_the_others(store).await;
    a_limited_backlog_is_due_when_the_limit_opens(store).await;
}

fn tokens(number: u32, per: u64) -> RateLimit {
    let number = NonZeroU32::new(number).unwrap();
    RateLimit { tokens: number, per: Duration::from_secs(per), burst: number }
}

fn queue(scope: &Scope) -> LimitScope {
    LimitScope { queue: Some(scope.queue.clone()), ..LimitScope::default() }
}

fn org(scope: &Scope) -> LimitScope {
    LimitScope { org: Some(scope.org.clone()), ..queue(scope) }
}

fn remote(scope: &Scope, name: &str) -> LimitScope {
    LimitScope { remote: Some(name.into()), ..org(scope) }
}

fn lane(scope: &Scope) -> Lane<'_> {
    Lane { org: &scope.org, queue: &scope.queue, remote: None }
}

fn to(scope: &Scope, remote: &str) -> NewJob {
    NewJob { remote: Some(remote.into()), ..scope.job() }
}

async fn limit<S: RateLimits + ?Sized>(store: &Arc<S>, scope: &LimitScope, limit: RateLimit) {
    store.set_limit(scope, Some(limit), at(0)).await.unwrap();
}

async fn view<S: RateLimits + ?Sized>(store: &Arc<S>, scope: &LimitScope, seconds: i64) -> Option<LimitView> {
    store.limits(at(seconds)).await.unwrap().into_iter().find(|view| view.scope == *scope)
}

/// A full bucket at first, then one token for each interval.
pub async fn tokens_run_out_and_come_back<S: RateLimits + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    limit(store, &queue(&scope), tokens(3, 30)).await;
    for _ in 0..3 {
        assert_eq!(store.take(&lane(&scope), 1, at(0)).await.unwrap(), Taken::Granted);
    }
    assert_eq!(store.take(&lane(&scope), 1, at(9)).await.unwrap(), Taken::Wait(at(10)));
    assert_eq!(store.take(&lane(&scope), 1, at(10)).await.unwrap(), Taken::Granted);
    assert_eq!(store.take(&lane(&scope), 1, at(10)).await.unwrap(), Taken::Wait(at(20)));
    assert_eq!(store.take(&lane(&scope.second_queue()), 1, at(10)).await.unwrap(), Taken::Granted);
}

/// From all or from none.
pub async fn every_covering_limit_must_have_a_token<S: RateLimits + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    limit(store, &queue(&scope), tokens(1, 10)).await;
    limit(store, &org(&scope), tokens(5, 10)).await;
    assert_eq!(store.take(&lane(&scope), 1, at(0)).await.unwrap(), Taken::Granted);
    assert_eq!(store.take(&lane(&scope), 1, at(0)).await.unwrap(), Taken::Wait(at(10)));
    assert_eq!(view(store, &org(&scope), 0).await.unwrap().tokens, Some(4), "nothing was taken from it");
}

/// It starts with one token, and what it took beyond is paid before the next.
pub async fn a_large_cost_goes_into_debt<S: RateLimits + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    limit(store, &queue(&scope), tokens(10, 10)).await;
    assert_eq!(store.take(&lane(&scope), 25, at(0)).await.unwrap(), Taken::Granted);
    assert_eq!(view(store, &queue(&scope), 0).await.unwrap().tokens, Some(-15));
    assert_eq!(store.take(&lane(&scope), 1, at(15)).await.unwrap(), Taken::Wait(at(16)));
    assert_eq!(store.take(&lane(&scope), 1, at(16)).await.unwrap(), Taken::Granted);
}

/// A change keeps the level, a removal frees.
pub async fn limits_are_listed_changed_and_removed<S: RateLimits + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    assert_eq!(view(store, &queue(&scope), 0).await, None);
    limit(store, &queue(&scope), tokens(2, 20)).await;
    store.take(&lane(&scope), 2, at(0)).await.unwrap();
    let listed = view(store, &queue(&scope), 10).await.unwrap();
    assert_eq!((listed.limit, listed.tokens, listed.closed_until), (Some(tokens(2, 20)), Some(1), None));
    limit(store, &queue(&scope), tokens(4, 20)).await;
    assert_eq!(view(store, &queue(&scope), 0).await.unwrap().tokens, Some(0), "still empty");
    assert_eq!(view(store, &queue(&scope), 20).await.unwrap().tokens, Some(4));
    store.set_limit(&queue(&scope), None, at(0)).await.unwrap();
    assert_eq!(view(store, &queue(&scope), 0).await, None);
    assert_eq!(store.take(&lane(&scope), 99, at(0)).await.unwrap(), Taken::Granted);
}

/// Until its time; the later of two closures holds; it can be opened early.
pub async fn a_closed_scope_lets_nothing_pass<S: RateLimits + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.close(&queue(&scope), at(30), at(0)).await.unwrap();
    store.close(&queue(&scope), at(20), at(1)).await.unwrap();
    assert_eq!(store.take(&lane(&scope), 1, at(29)).await.unwrap(), Taken::Wait(at(30)));
    let listed = view(store, &queue(&scope), 29).await.unwrap();
    assert_eq!((listed.limit, listed.closed_until), (None, Some(at(30))));
    assert_eq!(store.take(&lane(&scope), 1, at(30)).await.unwrap(), Taken::Granted);
    assert_eq!(view(store, &queue(&scope), 30).await, None);
    store.close(&queue(&scope), at(90), at(40)).await.unwrap();
    store.close(&queue(&scope), at(41), at(41)).await.unwrap();
    assert_eq!(store.take(&lane(&scope), 1, at(41)).await.unwrap(), Taken::Granted);
}

/// Never raise it; a scope without a limit has no level.
pub async fn a_server_may_lower_the_level<S: RateLimits + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    store.observe(&queue(&scope), 0, at(0)).await.unwrap();
    assert_eq!(store.take(&lane(&scope), 1, at(0)).await.unwrap(), Taken::Granted);
    limit(store, &queue(&scope), tokens(10, 10)).await;
    store.observe(&queue(&scope), 2, at(0)).await.unwrap();
    store.observe(&queue(&scope), 9, at(0)).await.unwrap();
    assert_eq!(view(store, &queue(&scope), 0).await.unwrap().tokens, Some(2));
}

/// Sixteen at once, five tokens.
pub async fn concurrent_takers_share_one_bucket<S: RateLimits + ?Sized + 'static>(store: &Arc<S>) {
    let scope = Arc::new(Scope::new());
    limit(store, &queue(&scope), tokens(5, 3600)).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (store, scope) = (Arc::clone(store), Arc::clone(&scope));
        tasks.spawn(async move { store.take(&lane(&scope), 1, at(0)).await.unwrap() });
    }
    let granted = tasks.join_all().await.into_iter().filter(|taken| *taken == Taken::Granted).count();
    assert_eq!(granted, 5);
}

/// The rest waits, without an attempt.
pub async fn a_claim_takes_no_more_than_the_limit<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + RateLimits + ?Sized,
{
    let scope = Scope::new();
    limit(store, &queue(&scope), tokens(4, 40)).await;
    let enqueued = scope.enqueue(store, (0..10).map(|_| scope.job()).collect()).await;
    assert_eq!(ids(&scope.claim(store, 99, 0).await), enqueued[..4]);
    assert!(scope.claim(store, 99, 9).await.is_empty());
    assert_eq!(ids(&scope.claim(store, 99, 10).await), enqueued[4..5]);
    let job = store.job(&scope.org, enqueued[9]).await.unwrap().unwrap();
    assert_eq!((job.attempts, job.reason), (0, None));
}

/// A hundred points for a write, say.
pub async fn a_claim_takes_the_cost_of_its_jobs<S: JobQueue + RateLimits + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    limit(store, &queue(&scope), tokens(6, 6)).await;
    scope.enqueue(store, (0..9).map(|_| NewJob { cost: 4, ..scope.job() }).collect()).await;
    assert_eq!(scope.claim(store, 9, 0).await.len(), 2, "the second goes into debt");
    assert_eq!(view(store, &queue(&scope), 0).await.unwrap().tokens, Some(-2));
    assert!(scope.claim(store, 9, 2).await.is_empty());
    assert_eq!(scope.claim(store, 9, 3).await.len(), 1);
}

/// As an open breaker does: jobs of other remotes and without one pass, also those behind it.
pub async fn a_closed_remote_does_not_stop_the_others<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + RateLimits + ?Sized,
{
    let scope = Scope::new();
    store.close(&remote(&scope, "down"), at(60), at(0)).await.unwrap();
    let jobs = vec![to(&scope, "down"), to(&scope, "up"), to(&scope, "down"), scope.job()];
    let enqueued = scope.enqueue(store, jobs).await;
    assert_eq!(ids(&scope.claim(store, 9, 0).await), [enqueued[1], enqueued[3]]);
    assert!(scope.claim(store, 9, 20).await.is_empty());
    let later: Vec<_> = ids(&scope.claim(store, 9, 29).await);
    assert!(later.is_empty(), "{later:?}");
    store.close(&remote(&scope, "down"), at(29), at(29)).await.unwrap();
    assert_eq!(ids(&scope.claim(store, 9, 29).await), [enqueued[0], enqueued[2]]);
}

/// Its own jobs wait.
pub async fn a_limit_of_an_org_does_not_stop_the_others<S: JobQueue + RateLimits + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let neighbour = scope.neighbour();
    limit(store, &org(&scope), tokens(1, 60)).await;
    let ours = scope.enqueue(store, (0..5).map(|_| scope.job()).collect()).await;
    let theirs = neighbour.enqueue(store, (0..5).map(|_| neighbour.job()).collect()).await;
    let expected: Vec<_> = ours[..1].iter().chain(&theirs).copied().collect();
    assert_eq!(ids(&scope.claim(store, 99, 0).await), expected);
}

/// A worker that sleeps until then finds it.
pub async fn a_limited_backlog_is_due_when_the_limit_opens<S>(store: &Arc<S>)
where
    S: JobQueue + QueueAdmin + RateLimits + ?Sized,
{
    let scope = Scope::new();
    limit(store, &queue(&scope), tokens(1, 500)).await;
    store.take(&lane(&scope), 1, at(0)).await.unwrap();
    scope.enqueue(store, vec![scope.job()]).await;
    let due = store.next_due(&scope.queue).await.unwrap().unwrap();
    assert!((at(500) - due).abs() < TimeDelta::milliseconds(1), "{due}");
    assert_eq!(scope.claim(store, 1, 501).await.len(), 1);
}
