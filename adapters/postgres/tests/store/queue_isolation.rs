//! The functions of the queue work over all orgs: what they do for whom, and which of them a service may call.

use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_postgres::enqueue_in;
use carewire_sync_engine::{
    ClaimOptions, JobFilter, JobQueue as _, JobQueueExt as _, JobState, Lease, NewJob, QueueAdmin as _,
    Settled, Unique,
};
use chrono::DateTime;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::database::{Database, run};
use crate::samples::{fill, org};

const NO_RIGHT: &str = "42501";

async fn refused(connection: &mut PgConnection, sql: &str) -> String {
    let outcome = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    let error = outcome.err().unwrap_or_else(|| panic!("not refused: {sql}"));
    error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned()
}

#[tokio::test]
async fn jobs_of_another_org_cannot_be_operated_on() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    fill(&store, &org("org_a")).await;
    fill(&store, &org("org_b")).await;
    let before = store.list(&org("org_b"), &JobFilter::default(), 9).await.unwrap();
    let nothing = "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL";
    let mut connection = database.connection().await;
    for name in ["", "org_a"] {
        for attempt in [
            format!("SELECT carewire.job_cancel('org_b', {nothing}, 0, 9)"),
            format!("SELECT carewire.job_redrive('org_b', {nothing}, 0, 9)"),
            "SELECT carewire.job_release('org_b', 'key', 0, 9)".to_owned(),
            "SELECT carewire.job_clean('org_b', 9000000000000000, 9000000000000000, 9)".to_owned(),
            "SELECT carewire.job_pause('org_b', '', '', '', '', true)".to_owned(),
            "SELECT carewire.job_pause('org_b', '', 'never', '', '', false)".to_owned(),
        ] {
            let mut transaction = connection.begin().await.unwrap();
            run(&mut transaction, &format!("SELECT set_config('carewire.org', '{name}', true)")).await;
            assert_eq!(refused(&mut transaction, &attempt).await, NO_RIGHT, "{attempt} as {name}");
            transaction.rollback().await.unwrap();
        }
        let mut transaction = connection.begin().await.unwrap();
        run(&mut transaction, &format!("SELECT set_config('carewire.org', '{name}', true)")).await;
        for read in [
            format!("SELECT count(*) FROM carewire.job_list('org_b', {nothing}, 9)"),
            "SELECT o_waiting + o_active + o_completed + o_failed FROM carewire.job_stats('org_b', NULL, 0)"
                .to_owned(),
        ] {
            let seen: i64 =
                sqlx::query_scalar(AssertSqlSafe(read)).fetch_one(&mut *transaction).await.unwrap();
            assert_eq!(seen, 0, "as {name}");
        }
        transaction.rollback().await.unwrap();
    }
    let after = store.list(&org("org_b"), &JobFilter::default(), 9).await.unwrap();
    assert_eq!(format!("{after:?}"), format!("{before:?}"));
    database.remove().await;
}

#[tokio::test]
async fn a_transaction_of_an_org_enqueues_for_that_org_alone() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let job = |name: &str| {
        let correlation = CorrelationId::new("c-1").unwrap();
        NewJob::new(org(name), "queue", "push", correlation, DateTime::UNIX_EPOCH)
    };
    let unique = |name: &str| NewJob { unique: Some(Unique::replace("key")), ..job(name) };
    let mut connection = database.connection().await;
    for (jobs, is_allowed) in [
        (vec![job("org_a"), job("org_a")], true),
        (vec![unique("org_a")], true),
        (vec![job("org_a"), job("org_b")], false),
        (vec![job("org_b")], false),
        (vec![unique("org_b")], false),
    ] {
        let mut transaction = connection.begin().await.unwrap();
        run(&mut transaction, "SELECT set_config('carewire.org', 'org_a', true)").await;
        assert_eq!(enqueue_in(&mut transaction, &jobs).await.is_ok(), is_allowed, "{}", jobs[0].org);
        transaction.rollback().await.unwrap();
    }
    store.enqueue(vec![job("org_a"), job("org_b")]).await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn a_lease_is_one_of_its_org() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let now = DateTime::UNIX_EPOCH;
    let job = NewJob::new(org("org_a"), "sync", "push", CorrelationId::new("c").unwrap(), now);
    store.enqueue(vec![job]).await.unwrap();
    let options = ClaimOptions { queue: "sync".into(), limit: 1, lease: Duration::from_secs(30), now };
    let lease = store.claim(&options).await.unwrap()[0].lease.clone();
    let stolen = Lease { org: OrgId::new("org_b").unwrap(), ..lease.clone() };
    assert_eq!(store.complete(std::slice::from_ref(&stolen), now).await.unwrap(), [Settled::Stale]);
    assert_eq!(store.renew(&[stolen], now).await.unwrap(), [false]);
    assert_eq!(store.complete(&[lease], now).await.unwrap(), [Settled::Done(JobState::Completed)]);
    database.remove().await;
}

/// Those that check nothing are called by others, as the owner, and by nobody else.
#[tokio::test]
async fn a_service_may_call_what_checks_for_itself() {
    let Some(database) = Database::make().await else { return };
    drop(database.store().await);
    let mut connection = database.connection().await;
    let allowed: Vec<String> = sqlx::query_scalar(
        "SELECT proname::text FROM pg_proc
         WHERE pronamespace = 'carewire'::regnamespace AND has_function_privilege(current_user, oid, 'EXECUTE')
           AND (proname LIKE 'job%' OR proname LIKE 'limit%' OR proname LIKE 'schedule%') ORDER BY proname",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let expected = [
        "job_add_up",
        "job_cancel",
        "job_claim",
        "job_clean",
        "job_early",
        "job_enqueue",
        "job_enqueue_unique",
        "job_heartbeat",
        "job_lift",
        "job_list",
        "job_next_due",
        "job_pause",
        "job_redrive",
        "job_release",
        "job_settle",
        "job_stats",
        "limit_close",
        "limit_list",
        "limit_observe",
        "limit_set",
        "limit_take",
        "schedule_due",
        "schedule_lead",
        "schedule_leads",
        "schedule_next",
        "schedule_resign",
    ];
    assert_eq!(allowed, expected);
    for attempt in [
        "SELECT carewire.job_end('{}', '{}', '{}', '{}', '{}', 0)",
        "INSERT INTO carewire.job_change (org, queue) VALUES ('org_a', 'sync')",
        "UPDATE carewire.job_waiting SET state = 0",
        "DELETE FROM carewire.job_history",
        "SELECT count(*) FROM carewire.job_limit",
        "SELECT nextval('carewire.job_epoch')",
    ] {
        assert_eq!(refused(&mut connection, attempt).await, NO_RIGHT, "{attempt}");
    }
    database.remove().await;
}

/// A temporary table in the place of one of ours, with a trigger: what it calls would run as the owner of the functions.
const IMPOSTOR: &str = "
    CREATE TEMP TABLE job_change (org text, queue text, waiting bigint, later bigint);
    GRANT ALL ON job_change TO PUBLIC;
    CREATE FUNCTION pg_temp.take_over() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'ran as %', current_user; END $$;
    CREATE TRIGGER take_over AFTER INSERT ON job_change EXECUTE FUNCTION pg_temp.take_over();
    SELECT carewire.job_enqueue('{org_a}', '{sync}', '{push}', '{\"{}\"}', '{c}', '{\"\"}', '{NULL}', '{NULL}', '{0}', '{0}', '{3}',
        '{3}', '{1}', '{NULL}', '{1}', '{}', '{}')";

#[tokio::test]
async fn a_temporary_table_is_not_taken_for_one_of_ours() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let mut connection = database.connection().await;
    run(&mut connection, IMPOSTOR).await;
    assert_eq!(store.stats(&org("org_a"), None, DateTime::UNIX_EPOCH).await.unwrap().waiting, 1);

    let open: Vec<String> = sqlx::query_scalar(
        "SELECT proname::text FROM pg_proc WHERE pronamespace = 'carewire'::regnamespace
         AND (prosecdef OR array_to_string(proconfig, ' ') LIKE '%search_path=%')
         AND NOT 'search_path=carewire, pg_catalog, pg_temp' = ANY (coalesce(proconfig, '{}'))",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(open.is_empty(), "{open:?}");
    database.remove().await;
}
