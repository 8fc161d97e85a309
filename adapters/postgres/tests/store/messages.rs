//! Messages of several processes: stored once, with their jobs, and counted.

use carewire_postgres::PostgresStore;
use carewire_sync_engine::{
    Intake as _, JobFilter, MessageState, Outbox as _, Posted, QueueAdmin as _, Receipt, Tally,
};
use tokio::task::JoinSet;

use crate::database::{Database, run};
use crate::samples::{message, org, outbound};

/// A sender that got no answer from one process and sends to the other one at once: one stores, all answer the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_message_that_reaches_two_processes_is_stored_once() {
    let Some(database) = Database::make().await else { return };
    let stores = [database.store().await, database.connect().await];
    for content in 0..20 {
        let mut receipts = JoinSet::new();
        let mut posts = JoinSet::new();
        for call in 0..6 {
            let (intake, outbox): (PostgresStore, PostgresStore) =
                (stores[call % 2].clone(), stores[call % 2].clone());
            receipts.spawn(async move { intake.accept(message(&org("o"), content)).await.unwrap() });
            posts.spawn(async move { outbox.post(outbound(&org("o"), content)).await.unwrap() });
        }
        let receipts = receipts.join_all().await;
        let stored = receipts.iter().filter(|receipt| matches!(receipt, Receipt::Stored { .. })).count();
        assert_eq!(stored, 1, "{receipts:?}");
        let posts = posts.join_all().await;
        assert_eq!(posts.iter().filter(|post| matches!(post, Posted::Stored { .. })).count(), 1, "{posts:?}");
    }
    let tally = stores[0].tally(&org("o")).await.unwrap();
    assert_eq!(tally, Tally { received: 20, ..Tally::default() });
    assert_eq!(stores[1].outbound_tally(&org("o"), "lab").await.unwrap().total(), 20);
    let jobs = stores[0].list(&org("o"), &JobFilter::default(), 99).await.unwrap();
    assert_eq!(jobs.len(), 40, "one job for each");
    database.remove().await;
}

/// The counters are taken in one order: nobody is refused because of another, and none is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn messages_that_are_settled_at_once_are_all_counted() {
    let Some(database) = Database::make().await else { return };
    let stores = [database.store().await, database.connect().await];
    let mut ids = Vec::new();
    for content in 0..40 {
        let message = message(&org("o"), content);
        ids.push(message.id.clone());
        stores[0].accept(message).await.unwrap();
    }
    let mut tasks = JoinSet::new();
    for round in 0..60 {
        let (store, mut ids) = (stores[round % 2].clone(), ids.clone());
        let state = MessageState::ALL[round % MessageState::ALL.len()];
        ids.rotate_left(round % 40);
        tasks.spawn(async move { store.settle(&org("o"), &ids[..20], state).await.unwrap() });
    }
    tasks.join_all().await;
    assert_eq!(stores[0].tally(&org("o")).await.unwrap().total(), 40);
    stores[0].settle(&org("o"), &ids, MessageState::Pushed).await.unwrap();
    let tally = stores[1].tally(&org("o")).await.unwrap();
    assert_eq!(tally, Tally { pushed: 40, ..Tally::default() });
    database.remove().await;
}

/// A process that is cut off before its commit leaves nothing, and keeps nobody waiting.
#[tokio::test]
async fn a_message_of_a_process_that_was_cut_off_is_new_to_the_next() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let first = message(&org("o"), 1);
    let mut process = database.connection().await;
    run(&mut process, "BEGIN; SELECT set_config('carewire.org', 'o', true)").await;
    let insert = format!(
        "INSERT INTO carewire.message (org, id, correlation, format, content_hash, received_at, state, sealed_ack, sealed)
         VALUES ('o', '{}', 'c', 'hl7v2', '', 0, 'received', '', '')",
        first.id
    );
    run(&mut process, &insert).await;
    sqlx::Connection::close_hard(process).await.unwrap();
    assert!(matches!(store.accept(first).await.unwrap(), Receipt::Stored { .. }));
    assert_eq!(store.tally(&org("o")).await.unwrap().total(), 1);
    database.remove().await;
}
