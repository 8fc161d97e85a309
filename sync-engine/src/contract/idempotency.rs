//! The promises of [`Idempotency`].

use std::sync::Arc;

use carewire_fhir_core::OrgId;
use tokio::task::JoinSet;

use super::scope::{LEASE, Scope, at};
use crate::{Begun, BlindKey, Delivery, Idempotency, Redeemed, Ticket};

/// Runs this suite.
pub async fn run_all<S: Idempotency + ?Sized + 'static>(store: &Arc<S>) {
    a_finished_delivery_is_a_resend_with_the_same_answer(store).await;
    deliveries_at_the_same_time_begin_once(store).await;
    different_deliveries_at_the_same_time_all_begin(store).await;
    an_open_delivery_is_in_progress_until_its_lease_ends(store).await;
    a_delivery_whose_lease_ended_is_taken_over(store).await;
    a_late_finish_counts_while_nobody_took_over(store).await;
    an_abandoned_delivery_is_new_at_once(store).await;
    stale_tickets_change_nothing(store).await;
    the_first_answer_stays(store).await;
    the_window_is_open_at_its_older_end(store).await;
    other_content_under_the_same_control_id_is_new_and_reported(store).await;
    a_delivery_without_a_control_id_is_never_a_resend(store).await;
    orgs_do_not_see_each_others_deliveries(store).await;
    purge_forgets_the_oldest_that_are_over(store).await;
    a_forgotten_ticket_is_never_good_again(store).await;
}

/// A thousand replays get the first answer, byte for byte; fences grow.
pub async fn a_finished_delivery_is_a_resend_with_the_same_answer<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let answer: Vec<u8> = (0..=255).collect();
    let first = new(store, &delivery(&scope, 1, 1, 0)).await;
    assert_eq!(store.finish(&first, answer.clone()).await.unwrap(), Redeemed::Done);
    for second in 1..=1000 {
        let again = store.begin(&delivery(&scope, 1, 1, second)).await.unwrap();
        assert_eq!(again, Begun::Resend { answer: answer.clone() });
    }
    let next = new(store, &delivery(&scope, 2, 1, 0)).await;
    assert!(next.fence > first.fence, "fences grow: {first:?}, {next:?}");
}

/// Of 16 tasks that bring the same message, one begins it; once it is finished, all get its answer.
pub async fn deliveries_at_the_same_time_begin_once<S: Idempotency + ?Sized + 'static>(store: &Arc<S>) {
    let scope = Scope::new();
    for round in 0..4 {
        let begun = begin_at_once(store, vec![delivery(&scope, round, 1, 0); 16]).await;
        let tickets: Vec<&Ticket> = begun.iter().filter_map(ticket).collect();
        assert_eq!(tickets.len(), 1, "exactly one begins: {begun:?}");
        let waiting = begun.iter().filter(|begun| **begun == Begun::InProgress { until: at(LEASE) }).count();
        assert_eq!(waiting, 15, "{begun:?}");
        assert_eq!(store.finish(tickets[0], vec![round]).await.unwrap(), Redeemed::Done);
        let again = begin_at_once(store, vec![delivery(&scope, round, 1, 1); 16]).await;
        assert_eq!(again, vec![Begun::Resend { answer: vec![round] }; 16]);
    }
}

/// Sharing a commit mixes nothing up.
pub async fn different_deliveries_at_the_same_time_all_begin<S: Idempotency + ?Sized + 'static>(
    store: &Arc<S>,
) {
    let scope = Scope::new();
    let all: Vec<_> = (0..32).map(|n| delivery(&scope, n, n, 0)).collect();
    let begun = begin_at_once(store, all).await;
    let mut fences: Vec<_> = begun.iter().filter_map(ticket).map(|ticket| ticket.fence.unwrap()).collect();
    fences.sort_unstable();
    fences.dedup();
    assert_eq!(fences.len(), 32, "every fence is given once");
}

/// Whoever brings it meanwhile is told until when.
pub async fn an_open_delivery_is_in_progress_until_its_lease_ends<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    new(store, &delivery(&scope, 1, 1, 0)).await;
    for second in [0, 1, LEASE - 1] {
        let again = store.begin(&delivery(&scope, 1, 1, second)).await.unwrap();
        assert_eq!(again, Begun::InProgress { until: at(LEASE) }, "asking does not prolong it");
    }
}

/// By one, with a higher fence; the ticket of the one that was too slow does nothing, its successor's is good.
pub async fn a_delivery_whose_lease_ended_is_taken_over<S: Idempotency + ?Sized + 'static>(store: &Arc<S>) {
    let scope = Scope::new();
    let slow = new(store, &delivery(&scope, 1, 1, 0)).await;
    let begun = begin_at_once(store, vec![delivery(&scope, 1, 1, LEASE); 16]).await;
    let mut tickets = begun.iter().filter_map(ticket);
    let successor = tickets.next().unwrap();
    assert!(tickets.next().is_none(), "one takes over: {begun:?}");
    let taken_over = |begun: &&Begun| matches!(begun, Begun::New { taken_over: true, .. });
    assert_eq!(begun.iter().filter(taken_over).count(), 1, "and is told so");
    assert!(successor.fence > slow.fence);
    assert_eq!(store.finish(&slow, vec![1]).await.unwrap(), Redeemed::Stale);
    assert_eq!(store.abandon(&slow).await.unwrap(), Redeemed::Stale);
    assert_eq!(store.finish(successor, vec![2]).await.unwrap(), Redeemed::Done);
    let again = store.begin(&delivery(&scope, 1, 1, LEASE + 1)).await.unwrap();
    assert_eq!(again, Begun::Resend { answer: vec![2] });
}

/// The end of a lease only allows another one to take over.
pub async fn a_late_finish_counts_while_nobody_took_over<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let ticket = new(store, &delivery(&scope, 1, 1, 0)).await;
    assert_eq!(store.finish(&ticket, vec![1]).await.unwrap(), Redeemed::Done);
    let again = store.begin(&delivery(&scope, 1, 1, LEASE + 5)).await.unwrap();
    assert_eq!(again, Begun::Resend { answer: vec![1] });
}

/// It is as if it had not come, so it is neither taken over nor known as another content of its control id.
pub async fn an_abandoned_delivery_is_new_at_once<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let first = new(store, &delivery(&scope, 1, 1, 0)).await;
    assert_eq!(store.abandon(&first).await.unwrap(), Redeemed::Done);
    let second = new(store, &delivery(&scope, 1, 2, 1)).await;
    assert_eq!(store.abandon(&second).await.unwrap(), Redeemed::Done);
    let third = new(store, &delivery(&scope, 1, 1, 2)).await;
    assert!(third.fence > second.fence && second.fence > first.fence);
}

/// After an abandon, after another delivery began, in another org, and made up.
pub async fn stale_tickets_change_nothing<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let abandoned = new(store, &delivery(&scope, 1, 1, 0)).await;
    store.abandon(&abandoned).await.unwrap();
    assert_eq!(store.abandon(&abandoned).await.unwrap(), Redeemed::Stale);
    assert_eq!(store.finish(&abandoned, vec![1]).await.unwrap(), Redeemed::Stale);
    let live = new(store, &delivery(&scope, 1, 1, 1)).await;
    let foreign = Ticket { org: Scope::new().org, fence: live.fence };
    let unknown = Ticket { org: scope.org.clone(), fence: live.fence.map(|fence| fence + 1_000_000) };
    for stale in [&abandoned, &foreign, &unknown] {
        assert_eq!(store.finish(stale, vec![2]).await.unwrap(), Redeemed::Stale, "{stale:?}");
        assert_eq!(store.abandon(stale).await.unwrap(), Redeemed::Stale, "{stale:?}");
    }
    let meanwhile = store.begin(&delivery(&scope, 1, 1, 2)).await.unwrap();
    assert_eq!(meanwhile, Begun::InProgress { until: at(1 + LEASE) }, "the live one is untouched");
    assert_eq!(store.finish(&live, vec![3]).await.unwrap(), Redeemed::Done);
}

/// A finish that is repeated, because its own answer got lost, is good; nothing can be finished twice or taken back.
pub async fn the_first_answer_stays<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let ticket = new(store, &delivery(&scope, 1, 1, 0)).await;
    for answer in [vec![], vec![2], vec![3]] {
        assert_eq!(store.finish(&ticket, answer).await.unwrap(), Redeemed::Done);
    }
    assert_eq!(store.abandon(&ticket).await.unwrap(), Redeemed::Stale);
    let again = store.begin(&delivery(&scope, 1, 1, 1)).await.unwrap();
    assert_eq!(again, Begun::Resend { answer: vec![] }, "an empty answer is an answer");
}

/// What was received at `since` is out of the window; what begins anew is no takeover and makes the old ticket stale.
pub async fn the_window_is_open_at_its_older_end<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let first = new(store, &delivery(&scope, 1, 1, 100)).await;
    store.finish(&first, vec![1]).await.unwrap();
    let since = |second| Delivery { since: at(second), ..delivery(&scope, 1, 1, 5000) };
    assert_eq!(store.begin(&since(99)).await.unwrap(), Begun::Resend { answer: vec![1] });
    let second = new(store, &since(100)).await;
    assert!(second.fence > first.fence);
    assert_eq!(store.finish(&first, vec![9]).await.unwrap(), Redeemed::Stale);
    store.finish(&second, vec![2]).await.unwrap();
    let again = Delivery { since: at(4999), ..delivery(&scope, 1, 1, 5001) };
    assert_eq!(store.begin(&again).await.unwrap(), Begun::Resend { answer: vec![2] }, "a new window");
}

/// Senders reset their counters: that is not a resend, whether the other content is done or under way.
pub async fn other_content_under_the_same_control_id_is_new_and_reported<S: Idempotency + ?Sized>(
    store: &Arc<S>,
) {
    let scope = Scope::new();
    let reused = async |control, content| {
        let begun = store.begin(&delivery(&scope, control, content, 0)).await.unwrap();
        let Begun::New { control_id_reused, taken_over: false, ticket } = begun else {
            panic!("new, and nobody's before: {begun:?}")
        };
        store.finish(&ticket, vec![content]).await.unwrap();
        control_id_reused
    };
    assert!(!reused(1, 1).await);
    assert!(reused(1, 2).await);
    assert!(!reused(2, 1).await, "the same content under another control id is another message");
    for content in [1, 2] {
        let again = store.begin(&delivery(&scope, 1, content, 1)).await.unwrap();
        assert_eq!(again, Begun::Resend { answer: vec![content] }, "both are known now");
    }
    new(store, &delivery(&scope, 3, 1, 0)).await;
    let open = store.begin(&delivery(&scope, 3, 2, 0)).await.unwrap();
    assert!(matches!(open, Begun::New { control_id_reused: true, .. }), "{open:?}");
}

/// Each arrival is new, and its ticket works.
pub async fn a_delivery_without_a_control_id_is_never_a_resend<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let nameless = Delivery { control_key: None, ..delivery(&scope, 1, 1, 0) };
    for _ in 0..3 {
        let ticket = new(store, &nameless).await;
        assert_eq!(store.finish(&ticket, vec![1]).await.unwrap(), Redeemed::Done);
        let ticket = new(store, &nameless).await;
        assert_eq!(store.abandon(&ticket).await.unwrap(), Redeemed::Done);
    }
}

/// The same keys in another org are another message.
pub async fn orgs_do_not_see_each_others_deliveries<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let (ours, theirs) = (Scope::new(), Scope::new());
    let ticket = new(store, &delivery(&ours, 1, 1, 0)).await;
    store.finish(&ticket, vec![1]).await.unwrap();
    let other = new(store, &delivery(&theirs, 1, 1, 0)).await;
    store.finish(&other, vec![2]).await.unwrap();
    assert_eq!(purged(store, &theirs.org, 99, 9).await, 1);
    let again = store.begin(&delivery(&ours, 1, 1, 1)).await.unwrap();
    assert_eq!(again, Begun::Resend { answer: vec![1] }, "a purge stays in its org");
    new(store, &delivery(&theirs, 1, 1, 1)).await;
}

/// Oldest first, up to the limit, and no reservation that somebody may still be at.
pub async fn purge_forgets_the_oldest_that_are_over<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    // Out of order, so that the order of arrival is not that of the instants.
    for second in [3, 1, 2, 4] {
        let ticket = new(store, &delivery(&scope, 1, u8::try_from(second).unwrap(), second)).await;
        store.finish(&ticket, vec![1]).await.unwrap();
    }
    new(store, &delivery(&scope, 2, 1, 0)).await;
    let known = async |second: i64| {
        let seen = delivery(&scope, 1, u8::try_from(second).unwrap(), second + 1);
        matches!(store.begin(&seen).await.unwrap(), Begun::Resend { .. })
    };
    assert_eq!(purged(store, &scope.org, 4, 2).await, 2);
    assert!(known(3).await && known(4).await, "the two oldest went");
    assert_eq!(purged(store, &scope.org, 4, 9).await, 1, "the limit is exclusive; the open one stays");
    assert!(known(4).await);
    assert_eq!(purged(store, &scope.org, 4, 9).await, 0);
    let open = store.begin(&delivery(&scope, 2, 1, 1)).await.unwrap();
    assert_eq!(open, Begun::InProgress { until: at(LEASE) });
    assert_eq!(purged(store, &scope.org, LEASE, 9).await, 1, "its lease did not end before its end");
    assert_eq!(purged(store, &scope.org, LEASE + 1, 0).await, 0);
    assert_eq!(purged(store, &scope.org, LEASE + 1, 9).await, 1);
}

/// Fences are not given again when their delivery is gone.
pub async fn a_forgotten_ticket_is_never_good_again<S: Idempotency + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let old = new(store, &delivery(&scope, 1, 1, 0)).await;
    assert_eq!(purged(store, &scope.org, LEASE + 1, 9).await, 1);
    let live = new(store, &delivery(&scope, 1, 1, LEASE + 1)).await;
    assert_ne!(old, live);
    assert_eq!(store.finish(&old, vec![1]).await.unwrap(), Redeemed::Stale);
    assert_eq!(store.finish(&live, vec![2]).await.unwrap(), Redeemed::Done);
}

/// Arrives `second` seconds after the beginning, with a window of an hour and a lease of [`LEASE`].
fn delivery(scope: &Scope, control: u8, content: u8, second: i64) -> Delivery {
    Delivery {
        org: scope.org.clone(),
        control_key: Some(BlindKey([control; 32])),
        content_hash: BlindKey([content; 32]),
        received_at: at(second),
        since: at(second - 3600),
        lease_until: at(second + LEASE),
    }
}

/// Begins what must be new, and not taken over.
async fn new<S: Idempotency + ?Sized>(store: &Arc<S>, delivery: &Delivery) -> Ticket {
    match store.begin(delivery).await.unwrap() {
        Begun::New { ticket, taken_over: false, .. } => ticket,
        other => panic!("new, and nobody's before: {other:?}"),
    }
}

async fn begin_at_once<S>(store: &Arc<S>, deliveries: Vec<Delivery>) -> Vec<Begun>
where
    S: Idempotency + ?Sized + 'static,
{
    let mut tasks = JoinSet::new();
    for delivery in deliveries {
        let store = Arc::clone(store);
        tasks.spawn(async move { store.begin(&delivery).await.unwrap() });
    }
    tasks.join_all().await
}

fn ticket(begun: &Begun) -> Option<&Ticket> {
    match begun {
        Begun::New { ticket, .. } => Some(ticket),
        Begun::Resend { .. } | Begun::InProgress { .. } => None,
    }
}

async fn purged<S: Idempotency + ?Sized>(store: &Arc<S>, org: &OrgId, before: i64, limit: usize) -> u64 {
    store.purge(org, at(before), limit).await.unwrap()
}
