//! What a map of several processes must do beyond the contract.

use std::str::FromStr as _;
use std::sync::Arc;

use carewire_sync_engine::{Error, Identity, IdentityMap as _};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::database::{Database, run};
use crate::samples::{identity, org};

/// The newest counts, the last of equal ones, as if each had been recorded by itself.
#[tokio::test]
async fn one_call_may_name_a_key_more_than_once() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let rows = [("first", 2), ("newest", 3), ("last", 3), ("old", 1)];
    let rows: Vec<_> = rows
        .map(|(remote, sequence)| Identity { remote_id: remote.into(), ..identity("a", sequence) })
        .into();
    store.record(&org("o"), "main", rows.clone()).await.unwrap();
    let found = store.lookup(&org("o"), "main", &[rows[0].key.clone()]).await.unwrap();
    assert_eq!(found[0].as_ref().map(|row| row.remote_id.as_str()), Some("last"));
    database.remove().await;
}

/// Two processes record the same keys, each in another order: neither is refused because of the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_at_once_do_not_wait_for_each_other_in_a_ring() {
    let Some(database) = Database::make().await else { return };
    let stores = [Arc::new(database.store().await), Arc::new(database.connect().await)];
    let tasks: Vec<_> = (0..40)
        .map(|round: usize| {
            let store = Arc::clone(&stores[round % 2]);
            let mut rows: Vec<_> = (0..50).map(|n| identity(&n.to_string(), 1)).collect();
            if round.is_multiple_of(3) {
                rows.reverse();
            }
            tokio::spawn(async move { store.record(&org("o"), "main", rows).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(stores[0].scan(&org("o"), "main", None, 99).await.unwrap().len(), 50);
    database.remove().await;
}

/// A zero byte and a key that no index takes: trying again would not help.
#[tokio::test]
async fn what_the_server_never_keeps_is_a_conflict() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    // Random, because PostgreSQL compresses.
    let mut random = vec![0; 9000];
    getrandom::fill(&mut random).unwrap();
    let long: String = random.iter().map(|byte| char::from(b'A' + byte % 64)).collect();
    for value in ["\0", long.as_str()] {
        let refused = store.record(&org("o"), "main", vec![identity(value, 1)]).await;
        assert!(matches!(refused, Err(Error::Conflict { .. })), "{refused:?}");
    }
    database.remove().await;
}

/// The server repeats the whole row in the details of such an error.
#[tokio::test]
async fn an_error_of_the_server_says_no_value() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let owner = PgConnectOptions::from_str(&database.owner_url()).unwrap();
    let mut owner = owner.connect().await.unwrap();
    run(&mut owner, "ALTER TABLE carewire.identity ADD CONSTRAINT narrow CHECK (remote_id <> 'CANARY')")
        .await;
    let row = Identity { remote_id: "CANARY".into(), ..identity("a", 1) };
    let error = store.record(&org("o"), "main", vec![row]).await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    let told = format!("{error} {error:?} {source} {source:?}");
    assert!(told.contains("SQLSTATE 23514 at `narrow`") && !told.contains("CANARY"), "{told}");
    owner.close().await.unwrap();
    database.remove().await;
}
