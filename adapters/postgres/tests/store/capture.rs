//! Triggers on tables of others: which jobs their changes enqueue, and as whom.

use std::collections::BTreeMap;
use std::time::Duration;

use carewire_fhir_core::CorrelationId;
use carewire_postgres::PostgresStore;
use carewire_postgres::capture::{Capture, CaptureError, Captures, Operation, OrgOf, RowChange, Truncate};
use carewire_sync_engine::{ClaimOptions, JobQueue as _, NewJob};
use chrono::DateTime;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::database::{Database, run};
use crate::samples::org;

const ENCOUNTER: &str = "
    CREATE SCHEMA app;
    CREATE TABLE app.encounter (id integer PRIMARY KEY, clinic text, status text, room text, note json)";

/// The role of the service is nobody here but one who writes tables: it has no right on anything of the queue.
struct Clinic {
    database: Database,
    /// Makes the tables, and looks at the jobs.
    superuser: PgConnection,
    writer: PgConnection,
    captures: Captures,
}

impl Clinic {
    async fn open(tables: &str) -> Option<Self> {
        let database = Database::make().await?;
        PostgresStore::migrate(&database.owner_url(), None).await.unwrap();
        let mut superuser = PgConnection::connect(&database.superuser_url()).await.unwrap();
        run(&mut superuser, tables).await;
        let (writer, owner) = (database.role(), database.role().replace("_app", "_owner"));
        let grants = "DO $do$ DECLARE v_schema text; BEGIN
            FOR v_schema IN SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^(pg_|information|carewire)' LOOP
                EXECUTE 'GRANT USAGE ON SCHEMA ' || v_schema || ' TO WRITER, OWNER';
                EXECUTE 'GRANT ALL ON ALL TABLES IN SCHEMA ' || v_schema || ' TO WRITER';
                EXECUTE 'GRANT TRIGGER ON ALL TABLES IN SCHEMA ' || v_schema || ' TO OWNER';
            END LOOP; END $do$";
        run(&mut superuser, &grants.replace("WRITER", &writer).replace("OWNER", &owner)).await;
        let writer = database.connection().await;
        let captures = Captures::connect(&database.owner_url()).await.unwrap();
        Some(Self { database, superuser, writer, captures })
    }

    async fn write(&mut self, sql: &str) {
        run(&mut self.writer, sql).await;
    }

    /// The code of the error.
    async fn refused(&mut self, sql: &str) -> String {
        let outcome = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.writer).await;
        let error = outcome.err().unwrap_or_else(|| panic!("not refused: {sql}"));
        error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned()
    }

    /// Org and change of each job, in their order; the jobs are gone then.
    async fn changes(&mut self) -> Vec<(String, RowChange)> {
        let jobs: Vec<(i64, String, String)> = sqlx::query_as(
            "WITH gone AS (DELETE FROM carewire.job_waiting RETURNING id, org, refs) SELECT * FROM gone ORDER BY id",
        )
        .fetch_all(&mut self.superuser)
        .await
        .unwrap();
        let change = |(_, org, refs): (i64, String, String)| {
            let refs: BTreeMap<String, String> = serde_json::from_str(&refs).unwrap();
            (org, RowChange::from_refs(&refs).unwrap())
        };
        jobs.into_iter().map(change).collect()
    }

    /// What happened to which key, and what changed.
    async fn told(&mut self) -> Vec<String> {
        let changes = self.changes().await;
        let tell = |(org, change): (String, RowChange)| {
            let key: Vec<String> = change.key.into_values().collect();
            format!("{org} {:?} {} {}", change.operation, key.join("/"), change.changed.join(","))
        };
        changes.into_iter().map(|each| tell(each).trim_end().to_owned()).collect()
    }

    async fn remove(self) {
        drop(self.captures);
        self.database.remove().await;
    }
}

fn encounters() -> Capture {
    Capture::new("app.encounter", OrgOf::Constant(org("org_a")))
}

fn by_clinic() -> Capture {
    Capture::new("app.encounter", OrgOf::Column("clinic".into()))
}

#[tokio::test]
async fn each_change_of_a_row_is_a_job_of_its_transaction() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    clinic.captures.install(&encounters()).await.unwrap();
    clinic.write("INSERT INTO app.encounter VALUES (1, 'a', 'planned', NULL, '{}'), (2, 'a', 'planned', NULL, NULL)").await;
    clinic.write("UPDATE app.encounter SET status = 'arrived', note = '[]' WHERE id = 1").await;
    clinic.write("UPDATE app.encounter SET room = room, status = status").await;
    clinic.write("UPDATE app.encounter SET id = 3 WHERE id = 2").await;
    clinic.write("BEGIN; DELETE FROM app.encounter; ROLLBACK").await;
    clinic.write("DELETE FROM app.encounter WHERE id = 3; DELETE FROM app.encounter WHERE id = 99").await;
    clinic
        .write("INSERT INTO app.encounter VALUES (1, 'a', 'new') ON CONFLICT (id) DO UPDATE SET room = '7'")
        .await;
    let told = clinic.told().await;
    let expected = [
        "org_a Insert 1",
        "org_a Insert 2",
        "org_a Update 1 status,note",
        "org_a Delete 2",
        "org_a Insert 3",
        "org_a Delete 3",
        "org_a Update 1 room",
    ];
    assert_eq!(told, expected);
    let counted: i64 = sqlx::query_scalar("SELECT sum(waiting)::bigint FROM carewire.job_change")
        .fetch_one(&mut clinic.superuser)
        .await
        .unwrap();
    assert_eq!(counted, 7, "counters count them");
    clinic.remove().await;
}

#[tokio::test]
async fn no_value_of_a_row_but_its_key_is_in_a_job() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    clinic.captures.install(&encounters()).await.unwrap();
    clinic.write("INSERT INTO app.encounter VALUES (1, 'secret', 'secret', 'secret', '\"secret\"')").await;
    clinic.write("UPDATE app.encounter SET status = 'secret too'; DELETE FROM app.encounter").await;
    let rows: Vec<String> = sqlx::query_scalar("SELECT to_jsonb(w)::text FROM carewire.job_waiting w")
        .fetch_all(&mut clinic.superuser)
        .await
        .unwrap();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| !row.contains("secret")), "{rows:?}");
    clinic.remove().await;
}

#[tokio::test]
async fn a_statement_of_a_thousand_rows_is_a_thousand_jobs() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    clinic.captures.install(&encounters()).await.unwrap();
    clinic
        .write("INSERT INTO app.encounter SELECT n, 'a', 'planned' FROM generate_series(1, 1000) AS n")
        .await;
    clinic
        .write("UPDATE app.encounter SET status = CASE WHEN id <= 900 THEN 'arrived' ELSE status END")
        .await;
    let operations: Vec<Operation> =
        clinic.changes().await.into_iter().map(|(_, change)| change.operation).collect();
    let count = |which| operations.iter().filter(|operation| **operation == which).count();
    assert_eq!(
        (count(Operation::Insert), count(Operation::Update), count(Operation::Delete)),
        (1_000, 900, 0)
    );
    // With other keys they are other rows.
    clinic.write("UPDATE app.encounter SET id = -id").await;
    let operations: Vec<Operation> =
        clinic.changes().await.into_iter().map(|(_, change)| change.operation).collect();
    assert_eq!(operations.len(), 2_000);
    assert_eq!(operations.iter().filter(|operation| **operation == Operation::Delete).count(), 1_000);
    clinic.remove().await;
}

#[tokio::test]
async fn names_that_end_quotes_are_names() {
    let tables = r#"
        CREATE SCHEMA "a""b.c";
        CREATE TABLE "a""b.c"."x'; DROP SCHEMA carewire CASCADE; --$capture$ %s" (
            "k\e'y""" integer, "n" bigint, "value')) AS c; --" text, "$capture$" text, PRIMARY KEY ("n", "k\e'y"""))"#;
    let Some(mut clinic) = Clinic::open(tables).await else { return };
    let table = r#""a""b.c"."x'; DROP SCHEMA carewire CASCADE; --$capture$ %s""#;
    let capture = Capture {
        queue: r"it's \' a queue".into(),
        columns: vec!["value')) AS c; --".into(), "$capture$".into()],
        remote: Some("'); --".into()),
        skip_origins: vec!["it's \\".into()],
        ..Capture::new(table, OrgOf::Constant(org("org_a")))
    };
    for conforming in ["on", "off"] {
        let set = format!(
            "ALTER DATABASE {} SET standard_conforming_strings = {conforming}",
            clinic.database.name()
        );
        run(&mut clinic.superuser, &set).await;
        clinic.captures = Captures::connect(&clinic.database.owner_url()).await.unwrap();
        clinic.captures.install(&capture).await.unwrap();
        clinic.write(&format!("INSERT INTO {table} VALUES (1, 2)")).await;
        clinic.write(&format!(r#"UPDATE {table} SET "$capture$" = 'x'"#)).await;
        clinic.write(&format!("DELETE FROM {table}; SET app.sync_origin = E'it''s \\\\'")).await;
        clinic
            .write(&format!("INSERT INTO {table} VALUES (1, 2); DELETE FROM {table}; RESET app.sync_origin"))
            .await;
        let queues: Vec<String> = sqlx::query_scalar("SELECT DISTINCT queue FROM carewire.job_waiting")
            .fetch_all(&mut clinic.superuser)
            .await
            .unwrap();
        assert_eq!(queues, [r"it's \' a queue"]);
        let changes = clinic.changes().await;
        assert_eq!(changes.len(), 3);
        let change = &changes[1].1;
        assert_eq!(
            (change.table.as_str(), change.changed.as_slice()),
            (table, ["$capture$".to_owned()].as_slice())
        );
        assert_eq!(
            change.key,
            [("n", "2"), ("k\\e'y\"", "1")].map(|(name, value)| (name.into(), value.into())).into()
        );
    }
    let listed = clinic.captures.list().await.unwrap();
    assert_eq!((listed[0].table.as_str(), listed[0].current), (table, true));
    assert!(clinic.captures.uninstall(table).await.unwrap());
    clinic.remove().await;
}

#[tokio::test]
async fn a_row_belongs_to_the_org_of_its_column() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    clinic.captures.install(&by_clinic()).await.unwrap();
    clinic.write("INSERT INTO app.encounter VALUES (1, 'org_a'), (2, 'org_b')").await;
    clinic.write("UPDATE app.encounter SET clinic = 'org_c' WHERE id = 1").await;
    let mut told = clinic.told().await;
    told.sort();
    assert_eq!(told, ["org_a Delete 1", "org_a Insert 1", "org_b Insert 2", "org_c Insert 1"]);
    for no_org in ["NULL", "''", "'a b'", "repeat('a', 65)"] {
        assert_eq!(
            clinic.refused(&format!("INSERT INTO app.encounter VALUES (3, {no_org})")).await,
            "CW002",
            "{no_org}"
        );
    }
    assert!(clinic.changes().await.is_empty());
    clinic.remove().await;
}

#[tokio::test]
async fn what_the_sync_writes_does_not_come_back() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    clinic.captures.install(&encounters()).await.unwrap();
    clinic
        .write("BEGIN; SET LOCAL app.sync_origin = 'carewire'; INSERT INTO app.encounter VALUES (1); COMMIT")
        .await;
    assert!(clinic.changes().await.is_empty());
    clinic
        .write("BEGIN; SET LOCAL app.sync_origin = 'other'; UPDATE app.encounter SET room = '7'; COMMIT")
        .await;
    clinic.write("UPDATE app.encounter SET room = '8'").await;
    let origins: Vec<_> = clinic.changes().await.into_iter().map(|(_, change)| change.origin).collect();
    assert_eq!(origins, [Some("other".to_owned()), None]);

    let all = Capture { skip_origins: vec![], origin_setting: "x.who".into(), ..encounters() };
    clinic.captures.install(&all).await.unwrap();
    clinic.write("BEGIN; SET LOCAL x.who = 'carewire'; UPDATE app.encounter SET room = '9'; COMMIT").await;
    assert_eq!(clinic.changes().await[0].1.origin.as_deref(), Some("carewire"));
    clinic.remove().await;
}

#[tokio::test]
async fn only_the_columns_that_matter_make_a_job() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    let capture = Capture { columns: vec!["status".into()], ..encounters() };
    clinic.captures.install(&capture).await.unwrap();
    clinic.write("INSERT INTO app.encounter VALUES (1, 'a', NULL)").await;
    clinic.write("UPDATE app.encounter SET room = '7'").await;
    clinic.write("UPDATE app.encounter SET room = '8', status = ''").await;
    clinic.write("UPDATE app.encounter SET id = 2").await;
    assert_eq!(
        clinic.told().await,
        ["org_a Insert 1", "org_a Update 1 status,room", "org_a Delete 1", "org_a Insert 2"]
    );
    clinic.remove().await;
}

#[tokio::test]
async fn changes_of_a_row_wait_as_one_job_where_that_is_asked_for() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    clinic.captures.install(&Capture { coalesce: true, ..encounters() }).await.unwrap();
    clinic.write("INSERT INTO app.encounter VALUES (1), (2)").await;
    clinic.write("UPDATE app.encounter SET room = '7'").await;
    clinic.write("DELETE FROM app.encounter WHERE id = 2").await;
    assert_eq!(clinic.told().await, ["org_a Update 1", "org_a Delete 2"]);
    clinic.remove().await;
}

#[tokio::test]
async fn truncate_is_refused_unless_it_may_be_ignored() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    clinic.captures.install(&encounters()).await.unwrap();
    clinic.write("INSERT INTO app.encounter VALUES (1)").await;
    assert_eq!(clinic.refused("TRUNCATE app.encounter").await, "CW003");
    clinic.captures.install(&Capture { truncate: Truncate::Ignore, ..encounters() }).await.unwrap();
    clinic.write("TRUNCATE app.encounter").await;
    assert_eq!(clinic.told().await, ["org_a Insert 1"]);
    clinic.remove().await;
}

/// The times of a key are the same in every session, and a worker runs the jobs of a row in their order.
#[tokio::test]
async fn jobs_of_a_row_keep_order_with_each_other_and_with_ones_own() {
    let tables = "CREATE SCHEMA app; CREATE TABLE app.slot (starts timestamptz, day date, PRIMARY KEY (starts, day), n integer)";
    let Some(mut clinic) = Clinic::open(tables).await else { return };
    clinic.captures.install(&Capture::new("app.slot", OrgOf::Constant(org("org_a")))).await.unwrap();
    clinic.write("SET timezone = 'Asia/Tokyo'; SET datestyle = 'German'").await;
    clinic.write("INSERT INTO app.slot VALUES ('2026-01-02 12:00:00+00', '2026-01-02')").await;
    clinic
        .write("SET timezone = 'America/Lima'; SET datestyle = 'SQL, DMY'; UPDATE app.slot SET n = 1")
        .await;

    let store = clinic.database.store().await;
    let now = DateTime::from(std::time::SystemTime::now());
    let key: BTreeMap<String, String> = [("starts", "2026-01-02 12:00:00+00"), ("day", "2026-01-02")]
        .map(|(name, value)| (name.into(), value.into()))
        .into();
    let own = NewJob {
        ordering_keys: vec![RowChange::ordering_key("app.slot", &key)],
        ..NewJob::new(org("org_a"), "capture", "own", CorrelationId::new("c").unwrap(), now)
    };
    store.enqueue(vec![own]).await.unwrap();
    let mut begun = Vec::new();
    for _ in 0..3 {
        let options = ClaimOptions {
            queue: "capture".into(),
            limit: 9,
            lease: Duration::from_secs(30),
            now: now + Duration::from_secs(5),
        };
        let claimed = store.claim(&options).await.unwrap();
        assert_eq!(claimed.len(), 1, "one at a time");
        let refs = &claimed[0].refs;
        begun.push(refs.get("operation").cloned());
        assert!(refs.is_empty() || RowChange::from_refs(refs).unwrap().key == key, "{refs:?}");
        let lease = claimed[0].lease.clone();
        carewire_sync_engine::JobQueueExt::complete(&store, &[lease], now).await.unwrap();
    }
    assert_eq!(begun, [Some("insert".to_owned()), Some("update".to_owned()), None]);
    clinic.remove().await;
}

/// A type may bring a cast and an operator of its own: they must not run as the owner of the queue.
#[tokio::test]
async fn nobody_elses_code_runs_as_the_owner() {
    let tables = "
        CREATE SCHEMA app;
        CREATE TYPE app.mood AS ENUM ('good', 'bad');
        CREATE FUNCTION app.spy(app.mood) RETURNS text LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'ran as %', current_user; END $$;
        CREATE FUNCTION app.spy_json(app.mood) RETURNS json LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'ran as %', current_user; END $$;
        CREATE FUNCTION app.spy_same(app.mood, app.mood) RETURNS boolean LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'ran as %', current_user; END $$;
        CREATE CAST (app.mood AS text) WITH FUNCTION app.spy(app.mood) AS IMPLICIT;
        CREATE CAST (app.mood AS json) WITH FUNCTION app.spy_json(app.mood);
        CREATE OPERATOR app.= (LEFTARG = app.mood, RIGHTARG = app.mood, FUNCTION = app.spy_same);
        CREATE TABLE app.day (mood app.mood PRIMARY KEY, other app.mood, org app.mood)";
    let Some(mut clinic) = Clinic::open(tables).await else { return };
    clinic.captures.install(&Capture::new("app.day", OrgOf::Column("org".into()))).await.unwrap();
    clinic.write("INSERT INTO app.day VALUES ('good', 'bad', 'bad')").await;
    clinic
        .write("UPDATE app.day SET other = 'good'; UPDATE app.day SET mood = 'bad'; DELETE FROM app.day")
        .await;
    let expected =
        ["bad Insert good", "bad Update good other", "bad Insert bad", "bad Delete good", "bad Delete bad"];
    let (mut told, mut expected) = (clinic.told().await, expected.map(str::to_owned));
    told.sort();
    expected.sort();
    assert_eq!(told, expected);

    // Nor may a writer enqueue otherwise, or put the trigger on a table of its own.
    let function = clinic.captures.list().await.unwrap()[0].function.clone();
    for attempt in [
        "SELECT carewire.capture_enqueue('t', 'q', 'k', 3, 3, '', NULL, false, NULL, '{b}', '{insert}', '{}', '{}')".to_owned(),
        "SELECT count(*) FROM carewire.job_waiting".to_owned(),
        format!("CREATE TEMP TABLE mine (id integer); CREATE TRIGGER t AFTER INSERT ON mine EXECUTE FUNCTION carewire.{function}()"),
    ] {
        assert_eq!(clinic.refused(&attempt).await, "42501", "{attempt}");
    }
    clinic.remove().await;
}

#[tokio::test]
async fn a_capture_is_installed_once_and_goes_without_a_trace() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    let planned = clinic.captures.plan(&encounters()).await.unwrap();
    assert!(clinic.captures.list().await.unwrap().is_empty(), "a plan changes nothing");
    for _ in 0..2 {
        clinic.captures.install(&encounters()).await.unwrap();
    }
    assert_eq!(clinic.captures.plan(&encounters()).await.unwrap(), planned);
    clinic.write("INSERT INTO app.encounter VALUES (1)").await;
    assert_eq!(clinic.told().await.len(), 1, "installed twice, captured once");

    // A column that goes stops the writers until the capture knows; one that comes is seen.
    run(&mut clinic.superuser, "ALTER TABLE app.encounter DROP COLUMN room, ADD COLUMN bed text").await;
    assert_eq!(clinic.refused("UPDATE app.encounter SET bed = '7'").await, "42703");
    let listed = clinic.captures.list().await.unwrap();
    assert_eq!(
        (listed[0].table.as_str(), listed[0].enabled, listed[0].current),
        ("app.encounter", true, false)
    );
    clinic.captures.install(&encounters()).await.unwrap();
    run(&mut clinic.superuser, "ALTER TABLE app.encounter ADD COLUMN ward text").await;
    clinic.write("UPDATE app.encounter SET ward = '7'; UPDATE app.encounter SET bed = '7'").await;
    assert_eq!(clinic.told().await, ["org_a Update 1", "org_a Update 1 bed"]);
    run(&mut clinic.superuser, "ALTER TABLE app.encounter RENAME TO visit").await;
    run(&mut clinic.superuser, "ALTER TABLE app.visit DISABLE TRIGGER carewire_capture_update").await;
    let listed = clinic.captures.list().await.unwrap();
    assert_eq!((listed.len(), listed[0].table.as_str(), listed[0].enabled), (1, "app.visit", false));

    assert!(clinic.captures.uninstall("app.visit").await.unwrap());
    assert!(!clinic.captures.uninstall("app.visit").await.unwrap());
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'carewire%')
              + (SELECT count(*) FROM pg_proc WHERE prorettype = 'trigger'::regtype AND proname LIKE 'capture%')",
    )
    .fetch_one(&mut clinic.superuser)
    .await
    .unwrap();
    assert_eq!(left, 0);
    clinic.write("TRUNCATE app.visit").await;
    clinic.remove().await;
}

#[tokio::test]
async fn what_cannot_be_captured_is_said() {
    let tables = "
        CREATE SCHEMA app;
        CREATE TABLE app.encounter (id integer PRIMARY KEY);
        CREATE TABLE app.keyless (id integer);
        CREATE VIEW app.seen AS SELECT 1 AS id;
        CREATE TABLE app.parted (id integer PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE app.part PARTITION OF app.parted DEFAULT;
        CREATE TABLE app.child (PRIMARY KEY (id)) INHERITS (app.keyless)";
    let Some(mut clinic) = Clinic::open(tables).await else { return };
    let captures = &mut clinic.captures;
    let of = |table: &str| Capture::new(table, OrgOf::Constant(org("org_a")));
    for (table, expected) in [
        ("app.nothing", "app.nothing: no such table"),
        ("nowhere.encounter", "nowhere.encounter: no such table"),
        ("app.\"encounter", "app.\"encounter: no such table"),
        ("", ": no such table"),
        ("app.seen", "app.seen: a view cannot be captured"),
        ("app.parted", "app.parted: a partitioned table or a partition cannot be captured"),
        ("app.part", "app.part: a partitioned table or a partition cannot be captured"),
        ("app.keyless", "app.keyless: an inherited table cannot be captured"),
        ("app.child", "app.child: an inherited table cannot be captured"),
        (
            "carewire.job_waiting",
            "carewire.job_waiting: a table of the queue or the server cannot be captured",
        ),
    ] {
        assert_eq!(captures.plan(&of(table)).await.unwrap_err().to_string(), expected);
    }
    let no_column = Capture { columns: vec!["no".into()], ..of("app.encounter") };
    assert_eq!(
        captures.install(&no_column).await.unwrap_err().to_string(),
        "app.encounter: no such column: no"
    );
    let no_setting = Capture { origin_setting: "origin".into(), ..of("app.encounter") };
    assert!(matches!(captures.install(&no_setting).await, Err(CaptureError::Option { .. })));

    run(&mut clinic.superuser, "DROP TABLE app.child; REVOKE TRIGGER ON app.encounter FROM PUBLIC").await;
    assert!(matches!(captures.plan(&of("app.keyless")).await, Err(CaptureError::NoPrimaryKey { .. })));
    let owner = clinic.database.role().replace("_app", "_owner");
    run(&mut clinic.superuser, &format!("REVOKE TRIGGER ON app.encounter FROM {owner}")).await;
    assert!(matches!(captures.install(&of("app.encounter")).await, Err(CaptureError::NoRight { .. })));
    run(&mut clinic.superuser, &format!("REVOKE USAGE ON SCHEMA app FROM {owner}")).await;
    assert!(matches!(captures.install(&of("app.encounter")).await, Err(CaptureError::NoRight { .. })));
    assert!(matches!(Captures::connect(&clinic.database.url()).await, Err(CaptureError::NotOwner)));
    clinic.remove().await;
}

#[tokio::test]
async fn an_installation_does_not_wait_for_ever() {
    let Some(mut clinic) = Clinic::open(ENCOUNTER).await else { return };
    clinic.write("BEGIN; INSERT INTO app.encounter VALUES (1)").await;
    assert!(matches!(clinic.captures.install(&encounters()).await, Err(CaptureError::Busy)));
    assert!(clinic.captures.list().await.unwrap().is_empty());
    clinic.write("COMMIT").await;
    clinic.captures.install(&encounters()).await.unwrap();
    clinic.remove().await;
}
