//! One org shut off from another, by the server itself.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::database::{Database, run};
use crate::samples::{TABLES, fill, org};

/// `insufficient_privilege`, which row-level security answers too.
const NO_RIGHT: &str = "42501";

async fn count(connection: &mut PgConnection, rows: &str) -> i64 {
    let count = format!("SELECT count(*) FROM {rows}");
    sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(connection).await.unwrap()
}

async fn refused(connection: &mut PgConnection, sql: &str) -> String {
    let outcome = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    let error = outcome.err().unwrap_or_else(|| panic!("not refused: {sql}"));
    error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned()
}

async fn refused_in(connection: &mut PgConnection, org: &str, sql: &str) -> String {
    let mut transaction = connection.begin().await.unwrap();
    named(&mut transaction, org).await;
    let code = refused(&mut transaction, sql).await;
    transaction.rollback().await.unwrap();
    code
}

async fn named(connection: &mut PgConnection, org: &str) {
    run(connection, &format!("SELECT set_config('carewire.org', '{org}', true)")).await;
}

#[tokio::test]
async fn a_service_that_forgets_to_ask_sees_rows_of_its_org_alone() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    fill(&store, &org("org_a")).await;
    fill(&store, &org("org_b")).await;

    let mut connection = database.connection().await;
    for table in TABLES {
        assert_eq!(count(&mut connection, table).await, 0, "{table}: no org is named");
        for name in ["org_a", "org_b"] {
            let mut transaction = connection.begin().await.unwrap();
            named(&mut transaction, name).await;
            let theirs = format!("{table} WHERE org <> '{name}'");
            assert!(count(&mut transaction, table).await > 0, "{table} of {name}");
            assert_eq!(count(&mut transaction, &theirs).await, 0, "{table} of {name}");
            transaction.rollback().await.unwrap();
        }
        assert_eq!(count(&mut connection, table).await, 0, "{table}: the org ends with its transaction");
    }
    database.remove().await;
}

/// With no org, with another one, and by moving a row there.
#[tokio::test]
async fn nothing_is_written_in_another_org() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    fill(&store, &org("org_a")).await;
    fill(&store, &org("org_b")).await;
    let mut superuser = PgConnection::connect(&database.superuser_url()).await.unwrap();
    let mut connection = database.connection().await;
    for table in TABLES {
        let before = count(&mut superuser, table).await;
        let row = format!("SELECT to_jsonb(t)::text FROM {table} AS t WHERE org = 'org_b' LIMIT 1");
        let row: String = sqlx::query_scalar(AssertSqlSafe(row)).fetch_one(&mut superuser).await.unwrap();
        let insert = format!(
            "INSERT INTO {table} OVERRIDING SYSTEM VALUE
             SELECT (jsonb_populate_record(NULL::{table}, '{row}')).*"
        );
        let steal = format!("UPDATE {table} SET org = 'org_b'");
        let delete = format!("DELETE FROM {table} WHERE org = 'org_b'");
        assert_eq!(refused_in(&mut connection, "", &insert).await, NO_RIGHT, "{table}: no org is named");
        assert_eq!(refused_in(&mut connection, "org_a", &insert).await, NO_RIGHT, "{table}");
        assert_eq!(refused_in(&mut connection, "org_a", &steal).await, NO_RIGHT, "{table}");
        for (name, attempt) in [("", &steal), ("", &delete), ("org_a", &delete)] {
            let mut transaction = connection.begin().await.unwrap();
            named(&mut transaction, name).await;
            let touched = sqlx::raw_sql(AssertSqlSafe(attempt.clone())).execute(&mut *transaction).await;
            assert_eq!(touched.map_or(0, |touched| touched.rows_affected()), 0, "{attempt} as {name}");
            transaction.commit().await.unwrap();
        }
        assert_eq!(count(&mut superuser, table).await, before, "{table}");
    }
    database.remove().await;
}

#[tokio::test]
async fn a_service_has_no_right_beyond_rows() {
    let Some(database) = Database::make().await else { return };
    drop(database.store().await);
    let mut connection = database.connection().await;
    for table in TABLES {
        for attempt in [
            "TRUNCATE $",
            "DROP TABLE $",
            "ALTER TABLE $ DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE $ DISABLE TRIGGER ALL",
            "DROP POLICY of_org ON $",
        ] {
            assert_eq!(
                refused(&mut connection, &attempt.replace('$', table)).await,
                NO_RIGHT,
                "{attempt} {table}"
            );
        }
    }
    assert_eq!(refused(&mut connection, "UPDATE carewire.schema_version SET version = 0").await, NO_RIGHT);
    database.remove().await;
}

/// Every table of the schema is held, also the next one that somebody adds.
#[tokio::test]
async fn every_table_has_a_policy() {
    let Some(database) = Database::make().await else { return };
    drop(database.store().await);
    let mut connection = database.connection().await;
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = 'carewire'::regnamespace AND relkind IN ('r', 'p')
           AND relname <> 'schema_version' AND NOT (relrowsecurity AND relforcerowsecurity)",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(open.is_empty(), "{open:?}");
    database.remove().await;
}
