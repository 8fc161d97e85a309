//! The versions of the schema, and the way from any older one to the newest.

use std::cmp::Ordering;

use sqlx::{AssertSqlSafe, PgConnection};

use crate::Error;

/// The n-th script leads from version n to version n + 1. A script that was released is never edited.
const MIGRATIONS: [&str; 16] = [
    include_str!("migrations/0001_consent.sql"),
    include_str!("migrations/0002_identity.sql"),
    include_str!("migrations/0003_audit.sql"),
    include_str!("migrations/0004_delivery.sql"),
    include_str!("migrations/0005_vault.sql"),
    include_str!("migrations/0006_message.sql"),
    include_str!("migrations/0007_outbound.sql"),
    include_str!("migrations/0010_jobs.sql"),
    include_str!("migrations/0011_job_enqueue.sql"),
    include_str!("migrations/0012_job_settle.sql"),
    include_str!("migrations/0013_job_claim.sql"),
    include_str!("migrations/0014_job_admin.sql"),
    include_str!("migrations/0015_job_limits.sql"),
    include_str!("migrations/0016_schedules.sql"),
    include_str!("migrations/0017_search_path.sql"),
    include_str!("migrations/0018_capture.sql"),
];

/// What a service may do, row by row, and no more: who may truncate or alter a table is not held by its policies.
const GRANTS: [(&str, &str); 21] = [
    ("schema_version", "SELECT"),
    ("consent", "SELECT, INSERT, UPDATE, DELETE"),
    ("consent_epoch", "SELECT, INSERT, UPDATE, DELETE"),
    ("identity", "SELECT, INSERT, UPDATE, DELETE"),
    ("audit", "SELECT, INSERT"),
    // To lock a row is to be allowed to update it.
    ("audit_trail", "SELECT, INSERT, UPDATE"),
    ("delivery", "SELECT, INSERT, UPDATE, DELETE"),
    ("token", "SELECT, INSERT, UPDATE, DELETE"),
    ("original", "SELECT, INSERT, UPDATE, DELETE"),
    ("message", "SELECT, INSERT, UPDATE, DELETE"),
    ("message_count", "SELECT, INSERT, UPDATE"),
    ("outbound", "SELECT, INSERT, UPDATE, DELETE"),
    ("outbound_count", "SELECT, INSERT, UPDATE"),
    // Functions write them.
    ("job_waiting", "SELECT"),
    ("job_active", "SELECT"),
    ("job_aside", "SELECT"),
    ("job_history", "SELECT"),
    ("job_change", "SELECT"),
    ("job_count", "SELECT"),
    ("job_pause", "SELECT"),
    ("schedule", "SELECT, INSERT, UPDATE, DELETE"),
];

/// The functions that a service calls; those they call among each other are the owner's alone.
const FUNCTIONS: [&str; 26] = [
    "job_enqueue",
    "job_enqueue_unique",
    "job_claim",
    "job_settle",
    "job_heartbeat",
    "job_next_due",
    "job_list",
    "job_stats",
    "job_early",
    "job_redrive",
    "job_release",
    "job_cancel",
    "job_clean",
    "job_pause",
    "job_lift",
    "job_add_up",
    "limit_set",
    "limit_close",
    "limit_observe",
    "limit_take",
    "limit_list",
    "schedule_lead",
    "schedule_resign",
    "schedule_leads",
    "schedule_due",
    "schedule_next",
];

/// Where the version is, and what two processes that migrate at once wait for ("CWre").
const BEGIN: &str = "
    BEGIN;
    SELECT pg_advisory_xact_lock(1129804389);
    CREATE SCHEMA IF NOT EXISTS carewire;
    SET LOCAL search_path TO carewire, pg_temp;
    CREATE TABLE IF NOT EXISTS carewire.schema_version (version bigint NOT NULL)";

pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Brings the schema up to date in one transaction, and lets a role use it.
pub(crate) async fn migrate(connection: &mut PgConnection, role: Option<&str>) -> Result<(), Error> {
    run(connection, BEGIN).await?;
    let outcome = upgrade(connection, role).await;
    run(connection, if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    outcome
}

async fn upgrade(connection: &mut PgConnection, role: Option<&str>) -> Result<(), Error> {
    let found = version(connection).await?;
    if found > newest() {
        return Err(Error::NewerSchema { found, supported: newest() });
    }
    for (version, script) in (1..).zip(MIGRATIONS).skip_while(|(version, _)| *version <= found) {
        run(connection, script).await?;
        tracing::info!(version, "migrated the store");
    }
    sqlx::query(
        "WITH old AS (DELETE FROM carewire.schema_version) INSERT INTO carewire.schema_version VALUES ($1)",
    )
    .bind(newest())
    .execute(&mut *connection)
    .await
    .map_err(Error::unavailable)?;
    match role {
        Some(role) => grant(connection, role).await,
        None => Ok(()),
    }
}

async fn grant(connection: &mut PgConnection, role: &str) -> Result<(), Error> {
    let name: Option<String> =
        sqlx::query_scalar("SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = $1")
            .bind(role)
            .fetch_optional(&mut *connection)
            .await
            .map_err(Error::unavailable)?;
    let name = name.ok_or(Error::NoSuchRole)?;
    let grants: String = GRANTS
        .iter()
        .map(|(table, privileges)| format!("GRANT {privileges} ON carewire.{table} TO {name};"))
        .collect();
    let functions: String = FUNCTIONS
        .iter()
        .map(|function| format!("GRANT EXECUTE ON FUNCTION carewire.{function} TO {name};"))
        .collect();
    let grants = format!("GRANT USAGE ON SCHEMA carewire TO {name}; {grants} {functions}");
    // The server itself quoted the name.
    sqlx::raw_sql(AssertSqlSafe(grants)).execute(connection).await.map(drop).map_err(Error::unavailable)
}

/// Refuses tables of another version, and a role that row-level security does not hold.
pub(crate) async fn check(connection: &mut PgConnection) -> Result<(), Error> {
    let bypasses = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
    let bypasses: bool =
        sqlx::query_scalar(bypasses).fetch_one(&mut *connection).await.map_err(Error::unavailable)?;
    if bypasses {
        return Err(Error::PrivilegedRole);
    }
    let there: bool = sqlx::query_scalar("SELECT to_regclass('carewire.schema_version') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await
        .map_err(Error::unavailable)?;
    let found = if there { version(connection).await? } else { 0 };
    match found.cmp(&newest()) {
        Ordering::Less => Err(Error::OlderSchema { found, needed: newest() }),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(Error::NewerSchema { found, supported: newest() }),
    }
}

pub(crate) async fn version(connection: &mut PgConnection) -> Result<i64, Error> {
    let version = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM carewire.schema_version");
    version.fetch_one(connection).await.map_err(Error::unavailable)
}

async fn run(connection: &mut PgConnection, sql: &'static str) -> Result<(), Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop).map_err(Error::unavailable)
}
