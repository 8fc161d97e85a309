//! One org shut off from another, by the server itself.

use carewire_consent::{ConsentStore as _, DataClass, Purpose, SimpleConsent};
use carewire_fhir_core::{OrgId, PatientToken};
use sqlx::{Connection as _, PgConnection};

use crate::database::{Database, run};

const TABLES: [&str; 2] = ["carewire.consent", "carewire.consent_epoch"];

async fn count(connection: &mut PgConnection, table: &str) -> i64 {
    let count = format!("SELECT count(*) FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(connection).await.unwrap()
}

async fn refused(connection: &mut PgConnection, sql: &str) -> String {
    let outcome = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(connection).await;
    let error = outcome.unwrap_err();
    error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned()
}

/// `insufficient_privilege`, which row-level security answers too.
const NO_RIGHT: &str = "42501";

#[tokio::test]
async fn a_service_that_forgets_to_ask_sees_rows_of_its_org_alone() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    for org in ["org_a", "org_b"] {
        let (org, patient) = (OrgId::new(org).unwrap(), PatientToken::new("pt_1").unwrap());
        store
            .put(SimpleConsent::new("c", org, patient, Purpose::Treat, [DataClass::Vitals]).into())
            .await
            .unwrap();
    }

    let mut connection = database.connection().await;
    for table in TABLES {
        assert_eq!(count(&mut connection, table).await, 0, "{table}: no org is named");
        let mut transaction = connection.begin().await.unwrap();
        run(&mut transaction, "SELECT set_config('carewire.org', 'org_a', true)").await;
        assert_eq!(count(&mut transaction, table).await, 1, "{table}");
        run(&mut transaction, &format!("UPDATE {table} SET patient = 'pt_2'")).await;
        run(&mut transaction, &format!("DELETE FROM {table} WHERE org = 'org_b'")).await;
        let stolen = format!("UPDATE {table} SET org = 'org_b'");
        assert_eq!(refused(&mut transaction, &stolen).await, NO_RIGHT, "{table}");
        transaction.rollback().await.unwrap();
        assert_eq!(count(&mut connection, table).await, 0, "{table}: the org ends with its transaction");
    }
    let theirs = store.list(&OrgId::new("org_b").unwrap(), None, None, 10).await.unwrap();
    assert_eq!(theirs.len(), 1);
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
