//! Captures of tables: `CAREWIRE_TEST_POSTGRES_URL` names a server, as a role that may make databases.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing, and says why it is skipped")]

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use crate::support::{Place, json_lines};

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

async fn jobs(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM carewire.job_waiting").fetch_one(connection).await.unwrap()
}

const INSTALL: [&str; 8] =
    ["outbox", "install", "--table", "app.encounter", "--org", "org_a", "--columns", "status,room"];

#[tokio::test]
async fn a_table_is_captured_until_that_is_taken_away() {
    let Ok(url) = std::env::var("CAREWIRE_TEST_POSTGRES_URL") else {
        eprintln!("skipped: CAREWIRE_TEST_POSTGRES_URL names no PostgreSQL server");
        return;
    };
    let name = format!("carewire_{}", uuid::Uuid::new_v4().simple());
    let server: PgConnectOptions = url.parse().unwrap();
    let mut admin = server.connect().await.unwrap();
    run(&mut admin, &format!("CREATE DATABASE {name}")).await;
    let database = server.database(&name);
    let url = database.to_url_lossy().to_string();
    let place = Place::new();
    let carewire = |arguments: &[&str]| place.run_with(arguments, &[("CAREWIRE_STORE", url.as_str())]);

    carewire(&["outbox", "list"]).is(3).says(&["carewire migrate"]);
    carewire(&["migrate"]).is(0);
    let mut app = database.connect().await.unwrap();
    let table = "CREATE SCHEMA app; CREATE TABLE app.encounter (id integer PRIMARY KEY, status text, room text, note text)";
    run(&mut app, table).await;

    // What is printed is what is run.
    let planned = carewire(&[INSTALL.as_slice(), &["--dry-run"]].concat()).is(0).out;
    assert!(carewire(&["outbox", "list"]).is(0).out.is_empty());
    run(&mut app, &planned).await;
    run(&mut app, "INSERT INTO app.encounter VALUES (1)").await;
    assert_eq!(jobs(&mut app).await, 1);
    carewire(&INSTALL).is(0);
    run(&mut app, "UPDATE app.encounter SET note = 'n'; UPDATE app.encounter SET room = '7'").await;
    assert_eq!(jobs(&mut app).await, 2);

    let listed = json_lines(&carewire(&["outbox", "list"]).is(0).out).remove(0);
    assert_eq!((&listed["table"], &listed["enabled"]), (&"app.encounter".into(), &true.into()));
    assert_eq!(listed["settings"]["columns"], serde_json::json!(["status", "room"]));
    run(&mut app, "ALTER TABLE app.encounter DISABLE TRIGGER carewire_capture_delete").await;
    carewire(&["outbox", "list"]).is(1);

    carewire(&["outbox", "uninstall", "--table", "app.encounter"]).is(0);
    carewire(&["outbox", "uninstall", "--table", "app.encounter"]).is(1).says(&["is not captured"]);
    carewire(&["outbox", "install", "--table", "app.nothing", "--org", "org_a"])
        .is(2)
        .says(&["app.nothing: no such table"]);
    carewire(&["outbox", "install", "--table", "app.encounter"]).is(2).says(&["--org"]);
    app.close().await.unwrap();
    run(&mut admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[test]
fn a_store_that_is_a_file_holds_no_tables_of_others() {
    let place = Place::initialised();
    place
        .run(&[INSTALL.as_slice(), &["--config", "carewire/carewire.toml"]].concat())
        .is(2)
        .says(&["SQLite", "PostgreSQL"]);
}
