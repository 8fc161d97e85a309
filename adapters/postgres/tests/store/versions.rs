//! Who may connect to what.

use carewire_postgres::{Error, PostgresOptions, PostgresStore};

use sqlx::{Connection as _, PgConnection};

use crate::database::{Database, run};

#[tokio::test]
async fn tables_of_another_version_are_refused() {
    let Some(database) = Database::make().await else { return };
    let url = database.url();
    let connect = || PostgresStore::connect(&url, PostgresOptions::default());
    assert!(matches!(connect().await, Err(Error::OlderSchema { found: 0, needed: 1.. })));

    database.store().await.close().await;
    assert!(connect().await.is_ok());

    let mut owner = PgConnection::connect(&database.owner_url()).await.unwrap();
    run(&mut owner, "UPDATE carewire.schema_version SET version = 99").await;
    assert!(matches!(connect().await, Err(Error::NewerSchema { found: 99, .. })));
    let again = PostgresStore::migrate(&database.owner_url(), None).await;
    assert!(matches!(again, Err(Error::NewerSchema { found: 99, .. })));
    database.remove().await;
}

#[tokio::test]
async fn a_role_that_no_policy_holds_is_refused() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let superuser = PostgresStore::connect(&database.superuser_url(), PostgresOptions::default()).await;
    assert!(matches!(superuser, Err(Error::PrivilegedRole)));
    drop(store);
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_may_migrate_at_once_and_again() {
    let Some(database) = Database::make().await else { return };
    let role = database.role();
    let migrations: Vec<_> = (0..6)
        .map(|_| {
            let (url, role) = (database.owner_url(), role.clone());
            tokio::spawn(async move { PostgresStore::migrate(&url, Some(&role)).await })
        })
        .collect();
    for migration in migrations {
        migration.await.unwrap().unwrap();
    }
    let nobody = PostgresStore::migrate(&database.owner_url(), Some("no such; role")).await;
    assert!(matches!(nobody, Err(Error::NoSuchRole)));
    database.remove().await;
}

#[tokio::test]
async fn what_is_no_server_is_said() {
    let refused = PostgresStore::connect("postgres://127.0.0.1:1/x", PostgresOptions::default()).await;
    assert!(matches!(refused, Err(Error::Unavailable { .. })));
    assert!(matches!(PostgresStore::migrate("mysql://x", None).await, Err(Error::Url)));
}
