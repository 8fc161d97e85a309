//! The promises of [`Intake`].

use std::sync::Arc;

use tokio::task::JoinSet;

use super::scope::{Scope, at};
use crate::{
    Error, Intake, JobFilter, MessageId, MessageState, NewJob, NewMessage, QueueAdmin, Receipt, Tally,
};

/// Runs this suite.
pub async fn run_all<S: Intake + QueueAdmin + ?Sized + 'static>(store: &Arc<S>) {
    a_message_and_its_job_are_stored_together(store).await;
    a_refused_message_is_stored_without_a_job(store).await;
    a_failed_accept_leaves_neither_message_nor_job(store).await;
    a_resend_gets_the_first_answer_and_writes_nothing(store).await;
    resends_at_the_same_time_are_stored_once(store).await;
    different_messages_at_the_same_time_are_all_stored(store).await;
    a_resend_after_the_window_is_a_new_message(store).await;
    other_content_under_the_same_control_id_is_stored_and_reported(store).await;
    all_jobs_of_a_message_are_stored_in_order(store).await;
    a_message_without_a_control_id_is_never_a_resend(store).await;
    orgs_do_not_see_each_others_messages(store).await;
    settle_moves_all_or_none(store).await;
}

/// The message can be loaded as it was given, and exactly one job waits.
pub async fn a_message_and_its_job_are_stored_together<S: Intake + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let message = scope.message(1, 1);
    let (id, correlation) = (message.id.clone(), message.correlation.clone());
    let refs = message.jobs[0].refs.clone();
    let first = sequence(store.accept(message).await.unwrap());

    let stored = store.load(&scope.org, &id).await.unwrap().unwrap();
    assert_eq!((&stored.id, stored.sequence, stored.state), (&id, first, MessageState::Received));
    assert_eq!((stored.sealed, stored.received_at), (vec![1; 9], at(0)));
    assert_eq!((stored.message_type.as_deref(), stored.correlation), (Some("ADT^A01"), correlation));
    let jobs = store.list(&scope.org, &JobFilter::default(), 10).await.unwrap();
    assert_eq!(jobs.iter().map(|job| &job.refs).collect::<Vec<_>>(), [&refs], "one job, as given");

    let second = sequence(store.accept(scope.message(2, 2)).await.unwrap());
    assert!(second > first, "the sequence grows");
}

/// A message may have several jobs; a job of another org is none of its.
pub async fn all_jobs_of_a_message_are_stored_in_order<S: Intake + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let (scope, other) = (Scope::new(), Scope::new());
    let kinds = ["first", "second", "third"];
    let jobs = || kinds.map(|kind| NewJob { kind: kind.into(), ..scope.job() }).to_vec();
    sequence(store.accept(NewMessage { jobs: jobs(), ..scope.message(1, 1) }).await.unwrap());
    let foreign = NewMessage { jobs: vec![scope.job(), other.job()], ..scope.message(2, 2) };
    assert!(matches!(store.accept(foreign).await, Err(Error::Conflict { .. })));
    // A resend queues nothing.
    let again = store.accept(NewMessage { jobs: jobs(), ..scope.message(1, 1) }).await.unwrap();
    assert!(matches!(again, Receipt::Resend { .. }));
    let stored = store.list(&scope.org, &JobFilter::default(), 10).await.unwrap();
    assert_eq!(stored.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), kinds);
}

/// Nothing is queued for what could not be read.
pub async fn a_refused_message_is_stored_without_a_job<S: Intake + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let message = NewMessage {
        state: MessageState::Refused,
        jobs: vec![],
        control_key: None,
        message_type: None,
        ..scope.message(1, 1)
    };
    let id = message.id.clone();
    sequence(store.accept(message).await.unwrap());
    let stored = store.load(&scope.org, &id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.message_type), (MessageState::Refused, None));
    assert!(store.list(&scope.org, &JobFilter::default(), 10).await.unwrap().is_empty());
    assert_eq!(store.tally(&scope.org).await.unwrap(), Tally { refused: 1, ..Tally::default() });
}

/// An id that is taken is a conflict; the job of the second message is not there.
pub async fn a_failed_accept_leaves_neither_message_nor_job<S: Intake + QueueAdmin + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let first = scope.message(1, 1);
    let second = NewMessage { id: first.id.clone(), ..scope.message(2, 2) };
    sequence(store.accept(first).await.unwrap());
    let refused = store.accept(second).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })), "a message id is unique: {refused:?}");
    assert_eq!(store.list(&scope.org, &JobFilter::default(), 10).await.unwrap().len(), 1);
    assert_eq!(store.tally(&scope.org).await.unwrap().total(), 1);
}

/// Same keys within the window: the first id and its acknowledgement come back.
pub async fn a_resend_gets_the_first_answer_and_writes_nothing<S: Intake + QueueAdmin + ?Sized>(
    store: &Arc<S>,
) {
    let scope = Scope::new();
    let original = scope.message(1, 2);
    let first = original.id.clone();
    sequence(store.accept(original).await.unwrap());
    let again = NewMessage { received_at: at(60), sealed_ack: vec![9], ..scope.message(1, 2) };
    let id = again.id.clone();
    let receipt = store.accept(again).await.unwrap();
    assert_eq!(receipt, Receipt::Resend { first, sealed_ack: vec![1, 2] });
    assert!(store.load(&scope.org, &id).await.unwrap().is_none(), "a resend is not stored");
    assert_eq!(store.list(&scope.org, &JobFilter::default(), 10).await.unwrap().len(), 1);
    assert_eq!(store.tally(&scope.org).await.unwrap().total(), 1);
}

/// Of 16 tasks that bring the same message, one stores it and the others get its answer.
pub async fn resends_at_the_same_time_are_stored_once<S: Intake + QueueAdmin + ?Sized + 'static>(
    store: &Arc<S>,
) {
    let scope = Scope::new();
    let messages = (0..16).map(|_| scope.message(1, 1)).collect();
    let receipts = accept_at_once(store, messages).await;
    let stored: Vec<&MessageId> = receipts.iter().filter(|(_, r)| is_stored(r)).map(|(id, _)| id).collect();
    assert_eq!(stored.len(), 1, "exactly one is stored");
    for (_, receipt) in receipts.iter().filter(|(_, receipt)| !is_stored(receipt)) {
        assert_eq!(*receipt, Receipt::Resend { first: stored[0].clone(), sealed_ack: vec![1, 1] });
    }
    assert_eq!(store.list(&scope.org, &JobFilter::default(), 99).await.unwrap().len(), 1);
    assert_eq!(store.tally(&scope.org).await.unwrap().total(), 1);
}

/// Sharing a commit loses nothing and mixes nothing up.
pub async fn different_messages_at_the_same_time_are_all_stored<S>(store: &Arc<S>)
where
    S: Intake + QueueAdmin + ?Sized + 'static,
{
    let scope = Scope::new();
    let messages: Vec<_> = (0..32).map(|n| scope.message(n, n)).collect();
    let receipts = accept_at_once(store, messages).await;
    let mut sequences = Vec::new();
    for (id, receipt) in receipts {
        let number = sequence(receipt);
        let stored = store.load(&scope.org, &id).await.unwrap().unwrap();
        assert_eq!(stored.sequence, number, "the receipt names its own message");
        sequences.push(number);
    }
    sequences.sort_unstable();
    sequences.dedup();
    assert_eq!(sequences.len(), 32, "every sequence is given once");
    assert_eq!(store.list(&scope.org, &JobFilter::default(), 99).await.unwrap().len(), 32);
}

/// The first reception must have been received after `resend_since`.
pub async fn a_resend_after_the_window_is_a_new_message<S: Intake + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    sequence(store.accept(scope.message(1, 1)).await.unwrap());
    let late = NewMessage { received_at: at(7200), resend_since: at(3600), ..scope.message(1, 1) };
    let receipt = store.accept(late).await.unwrap();
    assert!(matches!(receipt, Receipt::Stored { control_id_reused: false, .. }), "{receipt:?}");
    let edge = NewMessage { received_at: at(7201), resend_since: at(7200), ..scope.message(1, 1) };
    assert!(is_stored(&store.accept(edge).await.unwrap()), "the window is open at its older end");
    assert_eq!(store.tally(&scope.org).await.unwrap().received, 3);
}

/// Senders reset their counters: that is not a resend.
pub async fn other_content_under_the_same_control_id_is_stored_and_reported<S: Intake + ?Sized>(
    store: &Arc<S>,
) {
    let scope = Scope::new();
    let first = store.accept(scope.message(1, 1)).await.unwrap();
    assert!(matches!(first, Receipt::Stored { control_id_reused: false, .. }), "{first:?}");
    let other = store.accept(scope.message(1, 2)).await.unwrap();
    assert!(matches!(other, Receipt::Stored { control_id_reused: true, .. }), "{other:?}");
    let fresh = store.accept(scope.message(2, 1)).await.unwrap();
    assert!(matches!(fresh, Receipt::Stored { control_id_reused: false, .. }), "{fresh:?}");
    let again = store.accept(scope.message(1, 2)).await.unwrap();
    assert!(!is_stored(&again), "both are known now");
}

/// What could not be read cannot be recognised.
pub async fn a_message_without_a_control_id_is_never_a_resend<S: Intake + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    for _ in 0..2 {
        let message = NewMessage { control_key: None, ..scope.message(1, 1) };
        let receipt = store.accept(message).await.unwrap();
        assert!(matches!(receipt, Receipt::Stored { control_id_reused: false, .. }), "{receipt:?}");
    }
    assert_eq!(store.tally(&scope.org).await.unwrap().received, 2);
}

/// The same keys in another org are another message; an id of another org is not there.
pub async fn orgs_do_not_see_each_others_messages<S: Intake + ?Sized>(store: &Arc<S>) {
    let (ours, theirs) = (Scope::new(), Scope::new());
    let message = ours.message(1, 1);
    let id = message.id.clone();
    sequence(store.accept(message).await.unwrap());
    let receipt = store.accept(theirs.message(1, 1)).await.unwrap();
    assert!(matches!(receipt, Receipt::Stored { control_id_reused: false, .. }), "{receipt:?}");
    assert!(store.load(&theirs.org, &id).await.unwrap().is_none());
    let foreign = store.settle(&theirs.org, std::slice::from_ref(&id), MessageState::Dead).await;
    assert!(matches!(foreign, Err(Error::NotFound { .. })), "{foreign:?}");
    assert_eq!(store.load(&ours.org, &id).await.unwrap().unwrap().state, MessageState::Received);
    assert_eq!(store.tally(&theirs.org).await.unwrap(), Tally { received: 1, ..Tally::default() });
}

/// One unknown id moves nothing; settling twice is the same as once.
pub async fn settle_moves_all_or_none<S: Intake + ?Sized>(store: &Arc<S>) {
    let scope = Scope::new();
    let messages = [scope.message(1, 1), scope.message(2, 2)];
    let ids: Vec<_> = messages.iter().map(|message| message.id.clone()).collect();
    for message in messages {
        sequence(store.accept(message).await.unwrap());
    }
    let with_unknown = [ids[0].clone(), MessageId::new(super::scope::unique())];
    let refused = store.settle(&scope.org, &with_unknown, MessageState::Pushed).await;
    assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    assert_eq!(store.tally(&scope.org).await.unwrap(), Tally { received: 2, ..Tally::default() });
    for _ in 0..2 {
        store.settle(&scope.org, &ids, MessageState::Pushed).await.unwrap();
        assert_eq!(store.tally(&scope.org).await.unwrap(), Tally { pushed: 2, ..Tally::default() });
    }
    for state in MessageState::ALL {
        store.settle(&scope.org, &ids[..1], state).await.unwrap();
        assert_eq!(store.load(&scope.org, &ids[0]).await.unwrap().unwrap().state, state);
    }
}

async fn accept_at_once<S>(store: &Arc<S>, messages: Vec<NewMessage>) -> Vec<(MessageId, Receipt)>
where
    S: Intake + ?Sized + 'static,
{
    let mut tasks = JoinSet::new();
    for message in messages {
        let store = Arc::clone(store);
        tasks.spawn(async move { (message.id.clone(), store.accept(message).await.unwrap()) });
    }
    tasks.join_all().await
}

fn sequence(receipt: Receipt) -> i64 {
    let Receipt::Stored { sequence, .. } = receipt else {
        assert!(is_stored(&receipt), "stored, not a resend");
        return 0;
    };
    sequence
}

fn is_stored(receipt: &Receipt) -> bool {
    matches!(receipt, Receipt::Stored { .. })
}
