//! The promises of [`Outbox`].

use std::sync::Arc;

use tokio::task::JoinSet;

use super::scope::{Scope, at, unique};
use crate::{
    BlindKey, Error, JobFilter, JobQueue, JobQueueExt as _, MessageId, NewJob, NewOutbound, OutboundState,
    OutboundTally, Outbox, Posted, QueueAdmin,
};

const DESTINATION: &str = "lab";

/// Runs this suite.
pub async fn run_all<S: Outbox + JobQueue + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    a_posted_message_and_its_job_are_stored_together(store).await;
    a_failed_post_leaves_neither_message_nor_job(store).await;
    a_message_posted_again_is_known_and_writes_nothing(store).await;
    the_same_message_posted_at_once_is_stored_once(store).await;
    messages_posted_at_once_are_all_stored(store).await;
    jobs_of_a_key_go_in_the_order_of_posting(store).await;
    a_message_posted_after_the_window_is_another_one(store).await;
    other_content_under_the_same_control_id_is_posted_and_reported(store).await;
    orgs_do_not_see_each_others_outbox(store).await;
    a_mark_moves_a_message_and_keeps_its_answer(store).await;
    what_is_delivered_stays_delivered(store).await;
    a_tally_counts_one_destination(store).await;
    only_what_is_over_is_removed(store).await;
}

/// The message can be loaded as it was given, and exactly one job waits.
pub async fn a_posted_message_and_its_job_are_stored_together<S>(store: &Arc<S>)
where
    S: Outbox + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let message = message(&scope, 1, 1);
    let (id, correlation, refs) = (message.id.clone(), message.correlation.clone(), message.job.refs.clone());
    let first = stored(store.post(message).await.unwrap());
    let found = store.outbound(&scope.org, &id).await.unwrap().unwrap();
    assert_eq!((&found.id, found.sequence, found.state), (&id, first, OutboundState::Waiting));
    assert_eq!((found.sealed, found.sealed_answer, found.enqueued_at), (vec![1; 9], None, at(0)));
    assert_eq!((found.destination.as_str(), found.correlation), (DESTINATION, correlation));
    let jobs = store.list(&scope.org, &JobFilter::default(), 10).await.unwrap();
    assert_eq!(jobs.iter().map(|job| &job.refs).collect::<Vec<_>>(), [&refs], "one job, as given");
    let second = stored(store.post(self::message(&scope, 2, 2)).await.unwrap());
    assert!(second > first, "the sequence grows");
}

/// An id that is taken is a conflict, and so is a job of another org.
pub async fn a_failed_post_leaves_neither_message_nor_job<S: Outbox + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let (scope, other) = (Scope::new(), Scope::new());
    let first = message(&scope, 1, 1);
    let taken = NewOutbound { id: first.id.clone(), ..message(&scope, 2, 2) };
    let foreign = NewOutbound { job: other.job(), ..message(&scope, 3, 3) };
    stored(store.post(first).await.unwrap());
    for refused in [taken, foreign] {
        let refused = store.post(refused).await;
        assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    }
    for (org, count) in [(&scope.org, 1), (&other.org, 0)] {
        assert_eq!(store.list(org, &JobFilter::default(), 10).await.unwrap().len(), count);
        assert_eq!(store.outbound_tally(org, DESTINATION).await.unwrap().total(), count as u64);
    }
}

/// Same keys within the window: the first id comes back, whatever became of it.
pub async fn a_message_posted_again_is_known_and_writes_nothing<S>(store: &Arc<S>)
where
    S: Outbox + QueueAdmin + ?Sized,
{
    let scope = Scope::new();
    let original = message(&scope, 1, 2);
    let first = original.id.clone();
    stored(store.post(original).await.unwrap());
    for state in OutboundState::ALL {
        let again = NewOutbound { enqueued_at: at(60), ..message(&scope, 1, 2) };
        let id = again.id.clone();
        assert_eq!(store.post(again).await.unwrap(), Posted::Known { first: first.clone() });
        assert!(store.outbound(&scope.org, &id).await.unwrap().is_none(), "it is not stored");
        store.mark(&scope.org, &first, state, None).await.unwrap();
    }
    assert_eq!(store.list(&scope.org, &JobFilter::default(), 10).await.unwrap().len(), 1);
}

/// Of 16 tasks that post the same message, one stores it.
pub async fn the_same_message_posted_at_once_is_stored_once<S>(store: &Arc<S>)
where
    S: Outbox + QueueAdmin + ?Sized + 'static,
{
    let scope = Scope::new();
    let posted = post_at_once(store, (0..16).map(|_| message(&scope, 1, 1)).collect()).await;
    let mut first = posted.iter().filter(|(_, posted)| matches!(posted, Posted::Stored { .. }));
    let (id, _) = first.next().unwrap();
    assert!(first.next().is_none(), "exactly one is stored");
    let known = Posted::Known { first: id.clone() };
    assert_eq!(posted.iter().filter(|(_, posted)| *posted == known).count(), 15);
    assert_eq!(store.list(&scope.org, &JobFilter::default(), 99).await.unwrap().len(), 1);
}

/// Sharing a commit loses nothing and mixes nothing up.
pub async fn messages_posted_at_once_are_all_stored<S>(store: &Arc<S>)
where
    S: Outbox + QueueAdmin + ?Sized + 'static,
{
    let scope = Scope::new();
    let posted = post_at_once(store, (0..32).map(|n| message(&scope, n, n)).collect()).await;
    let mut sequences = Vec::new();
    for (id, posted) in posted {
        let sequence = stored(posted);
        let found = store.outbound(&scope.org, &id).await.unwrap().unwrap();
        assert_eq!(found.sequence, sequence, "the sequence is that of the message");
        sequences.push(sequence);
    }
    sequences.sort_unstable();
    sequences.dedup();
    assert_eq!(sequences.len(), 32, "every sequence is given once");
    assert_eq!(store.list(&scope.org, &JobFilter::default(), 99).await.unwrap().len(), 32);
}

/// One at a time, as the queue promises for jobs that were enqueued by themselves.
pub async fn jobs_of_a_key_go_in_the_order_of_posting<S>(store: &Arc<S>)
where
    S: Outbox + JobQueue + ?Sized,
{
    let scope = Scope::new();
    let mut posted = Vec::new();
    for n in 0..5 {
        let message = NewOutbound {
            job: NewJob { correlation: scope.job().correlation, ..scope.keyed(1) },
            ..message(&scope, n, n)
        };
        posted.push(message.job.correlation.clone());
        store.post(message).await.unwrap();
    }
    for correlation in posted {
        let claimed = scope.claim(store, 9, 0).await;
        assert_eq!(claimed.len(), 1, "one job of a key at a time");
        assert_eq!(claimed[0].correlation, correlation);
        store.complete(&[claimed[0].lease.clone()], at(0)).await.unwrap();
    }
}

/// The first posting must have been made after `known_since`.
pub async fn a_message_posted_after_the_window_is_another_one<S: Outbox + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    stored(store.post(message(&scope, 1, 1)).await.unwrap());
    let within = NewOutbound { enqueued_at: at(60), known_since: at(-1), ..message(&scope, 1, 1) };
    assert!(matches!(store.post(within).await.unwrap(), Posted::Known { .. }));
    let late = NewOutbound { enqueued_at: at(7200), known_since: at(0), ..message(&scope, 1, 1) };
    let posted = store.post(late).await.unwrap();
    assert!(matches!(posted, Posted::Stored { control_id_reused: false, .. }), "{posted:?}");
}

/// Both are sent; the caller learns that a receiver may take the second one for the first.
pub async fn other_content_under_the_same_control_id_is_posted_and_reported<S: Outbox + ?Sized>(
    store: &Arc<S>,
) {
    let scope = Scope::new();
    for (control, content, reused) in [(1, 1, false), (1, 2, true), (2, 1, false)] {
        let posted = store.post(message(&scope, control, content)).await.unwrap();
        let Posted::Stored { control_id_reused, .. } = posted else { panic!("{posted:?}") };
        assert_eq!(control_id_reused, reused, "{control}, {content}");
    }
}

/// The same keys in another org are another message; an id of another org is not there.
pub async fn orgs_do_not_see_each_others_outbox<S: Outbox + ?Sized>(store: &Arc<S>) {
    let (ours, theirs) = (Scope::new(), Scope::new());
    let first = message(&ours, 1, 1);
    let id = first.id.clone();
    stored(store.post(first).await.unwrap());
    let posted = store.post(message(&theirs, 1, 1)).await.unwrap();
    assert!(matches!(posted, Posted::Stored { control_id_reused: false, .. }), "{posted:?}");
    assert!(store.outbound(&theirs.org, &id).await.unwrap().is_none());
    let foreign = store.mark(&theirs.org, &id, OutboundState::Delivered, None).await;
    assert!(matches!(foreign, Err(Error::NotFound { .. })), "{foreign:?}");
    store.mark(&ours.org, &id, OutboundState::Dead, None).await.unwrap();
    assert_eq!(store.remove_outbound(&theirs.org, OutboundState::Dead, at(99), 9).await.unwrap(), 0);
    assert!(store.outbound(&ours.org, &id).await.unwrap().is_some());
}

/// The last answer that was given stays.
pub async fn a_mark_moves_a_message_and_keeps_its_answer<S: Outbox + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let message = message(&scope, 1, 1);
    let id = message.id.clone();
    stored(store.post(message).await.unwrap());
    let steps = [
        (OutboundState::Dead, Some(vec![1]), Some(vec![1])),
        (OutboundState::Waiting, None, Some(vec![1])),
        (OutboundState::Held, None, Some(vec![1])),
        (OutboundState::Delivered, Some(vec![2]), Some(vec![2])),
    ];
    for (state, answer, expected) in steps {
        for _ in 0..2 {
            store.mark(&scope.org, &id, state, answer.clone()).await.unwrap();
            let found = store.outbound(&scope.org, &id).await.unwrap().unwrap();
            assert_eq!((found.state, found.sealed_answer), (state, expected.clone()));
            assert_eq!(found.sealed, vec![1; 9]);
        }
    }
    let unknown = store.mark(&scope.org, &MessageId::new(unique()), OutboundState::Dead, None).await;
    assert!(matches!(unknown, Err(Error::NotFound { .. })), "{unknown:?}");
}

/// A worker whose lease was lost may come late; it is told nothing and changes nothing.
pub async fn what_is_delivered_stays_delivered<S: Outbox + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let message = message(&scope, 1, 1);
    let id = message.id.clone();
    stored(store.post(message).await.unwrap());
    store.mark(&scope.org, &id, OutboundState::Delivered, Some(vec![1])).await.unwrap();
    for state in OutboundState::ALL {
        store.mark(&scope.org, &id, state, Some(vec![2])).await.unwrap();
        let found = store.outbound(&scope.org, &id).await.unwrap().unwrap();
        assert_eq!((found.state, found.sealed_answer), (OutboundState::Delivered, Some(vec![1])));
    }
}

/// Each message once, in the state that it is in.
pub async fn a_tally_counts_one_destination<S: Outbox + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    for n in 0..6 {
        let message = message(&scope, n, n);
        let id = message.id.clone();
        stored(store.post(message).await.unwrap());
        if n > 0 {
            let state = OutboundState::ALL[usize::from(n) % 4];
            store.mark(&scope.org, &id, state, None).await.unwrap();
        }
    }
    let other = NewOutbound { destination: "ward".into(), ..message(&scope, 9, 9) };
    stored(store.post(other).await.unwrap());
    let expected = OutboundTally { waiting: 2, held: 2, delivered: 1, dead: 1 };
    assert_eq!(store.outbound_tally(&scope.org, DESTINATION).await.unwrap(), expected);
    let ward = OutboundTally { waiting: 1, ..OutboundTally::default() };
    assert_eq!(store.outbound_tally(&scope.org, "ward").await.unwrap(), ward);
    assert_eq!(store.outbound_tally(&scope.org, "none").await.unwrap(), OutboundTally::default());
}

/// Delivered and dead messages, each by its own call, oldest first, up to the limit; the tally follows.
pub async fn only_what_is_over_is_removed<S: Outbox + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let mut ids = Vec::new();
    for n in 0..8_u8 {
        // Out of order, so that the order of posting is not that of the instants.
        let message = NewOutbound { enqueued_at: at(i64::from(n ^ 1)), ..message(&scope, n, n) };
        ids.push(message.id.clone());
        stored(store.post(message).await.unwrap());
        let state = OutboundState::ALL[usize::from(n) / 2];
        store.mark(&scope.org, &ids[usize::from(n)], state, None).await.unwrap();
    }
    for state in [OutboundState::Waiting, OutboundState::Held] {
        let refused = store.remove_outbound(&scope.org, state, at(99), 9).await;
        assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    }
    let remove = async |state, before, limit| {
        store.remove_outbound(&scope.org, state, at(before), limit).await.unwrap()
    };
    assert_eq!(remove(OutboundState::Delivered, 4, 9).await, 0, "the limit is exclusive");
    assert_eq!(remove(OutboundState::Delivered, 9, 1).await, 1);
    assert!(store.outbound(&scope.org, &ids[5]).await.unwrap().is_none(), "the oldest goes first");
    assert!(store.outbound(&scope.org, &ids[4]).await.unwrap().is_some());
    assert_eq!(remove(OutboundState::Dead, 9, 9).await, 2);
    assert_eq!(remove(OutboundState::Dead, 9, 9).await, 0);
    let expected = OutboundTally { waiting: 2, held: 2, delivered: 1, dead: 0 };
    assert_eq!(store.outbound_tally(&scope.org, DESTINATION).await.unwrap(), expected);
    stored(store.post(message(&scope, 5, 5)).await.unwrap());
}

fn message(scope: &Scope, control: u8, content: u8) -> NewOutbound {
    let job = scope.job();
    NewOutbound {
        org: scope.org.clone(),
        id: MessageId::new(unique()),
        correlation: job.correlation.clone(),
        destination: DESTINATION.into(),
        control_key: BlindKey([control; 32]),
        content_hash: BlindKey([content; 32]),
        sealed: vec![content; 9],
        enqueued_at: at(0),
        known_since: at(-3600),
        job,
    }
}

async fn post_at_once<S>(store: &Arc<S>, messages: Vec<NewOutbound>) -> Vec<(MessageId, Posted)>
where
    S: Outbox + ?Sized + 'static,
{
    let mut tasks = JoinSet::new();
    for message in messages {
        let store = Arc::clone(store);
        tasks.spawn(async move { (message.id.clone(), store.post(message).await.unwrap()) });
    }
    tasks.join_all().await
}

fn stored(posted: Posted) -> i64 {
    match posted {
        Posted::Stored { sequence, .. } => sequence,
        Posted::Known { .. } => panic!("stored, not known: {posted:?}"),
    }
}
