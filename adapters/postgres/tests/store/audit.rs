//! The trail as several processes write it, and as nobody can change it.

use std::sync::Arc;

use carewire_sync_engine::{AuditAction, AuditLog as _, AuditQuery, Verification};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::database::{Database, run};
use crate::samples::{org, record};

/// Two processes append for two orgs in one call, each in another order: two chains, both intact, no ring of waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_that_append_at_once_keep_one_chain_for_each_org() {
    let Some(database) = Database::make().await else { return };
    let stores = [Arc::new(database.store().await), Arc::new(database.connect().await)];
    let tasks: Vec<_> = (0..40)
        .map(|round: usize| {
            let store = Arc::clone(&stores[round % 2]);
            let mut records: Vec<_> =
                ["a", "b", "a"].map(|name| record(&org(name), AuditAction::Mapped)).into();
            records.rotate_left(round % 3);
            tokio::spawn(async move { store.append(records).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    for (name, records) in [("a", 80), ("b", 40)] {
        assert_eq!(stores[0].verify(&org(name)).await.unwrap(), Verification::Intact { records });
    }
    database.remove().await;
}

/// A cut-off process: what it had not committed is not in the chain, and nobody waits for it.
#[tokio::test]
async fn an_append_that_was_cut_off_leaves_the_chain_as_it_was() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    store.append(vec![record(&org("a"), AuditAction::Received)]).await.unwrap();
    let mut process = database.connection().await;
    run(&mut process, "BEGIN; SELECT set_config('carewire.org', 'a', true)").await;
    run(&mut process, "SELECT 1 FROM carewire.audit_trail WHERE org = 'a' FOR UPDATE").await;
    run(
        &mut process,
        "INSERT INTO carewire.audit SELECT org, 2, at, action, outcome, correlation, patient, details, batch_hash
         FROM carewire.audit",
    )
    .await;
    process.close_hard().await.unwrap();
    store.append(vec![record(&org("a"), AuditAction::Mapped)]).await.unwrap();
    assert_eq!(store.verify(&org("a")).await.unwrap(), Verification::Intact { records: 2 });
    database.remove().await;
}

/// Neither the service nor the owner of the tables: `insufficient_privilege`.
#[tokio::test]
async fn nobody_changes_or_removes_a_record() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    store.append(vec![record(&org("a"), AuditAction::Disclosed)]).await.unwrap();
    let owner = PgConnection::connect(&database.owner_url()).await.unwrap();
    for mut connection in [database.connection().await, owner] {
        run(&mut connection, "SELECT set_config('carewire.org', 'a', false)").await;
        for attempt in [
            "UPDATE carewire.audit SET outcome = 'denied'",
            "DELETE FROM carewire.audit",
            "TRUNCATE carewire.audit",
        ] {
            let outcome = sqlx::raw_sql(AssertSqlSafe(attempt)).execute(&mut connection).await;
            let error = outcome.unwrap_err();
            assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("42501"), "{attempt}");
        }
    }
    // Whoever switches the trigger off is found out.
    let mut owner = PgConnection::connect(&database.owner_url()).await.unwrap();
    run(&mut owner, "SELECT set_config('carewire.org', 'a', false)").await;
    run(&mut owner, "ALTER TABLE carewire.audit DISABLE TRIGGER ALL").await;
    run(&mut owner, "UPDATE carewire.audit SET outcome = 'denied'").await;
    assert_eq!(store.verify(&org("a")).await.unwrap(), Verification::Broken { sequence: 1 });
    let rows = store.search(&org("a"), &AuditQuery::default(), 9).await.unwrap();
    assert_eq!(rows.len(), 1);
    database.remove().await;
}
