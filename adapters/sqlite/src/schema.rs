//! The versions of the schema, and the way from any older one to the newest.

use sqlx::SqliteConnection;

use crate::Error;

/// Marks the file as ours in its header ("CWre").
const APPLICATION_ID: i64 = 0x4357_7265;

/// The n-th script leads from version n to version n + 1. A script that was released is never edited.
const MIGRATIONS: [&str; 6] = [
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_deliveries.sql"),
    include_str!("migrations/0003_outbox.sql"),
    include_str!("migrations/0004_consent_kind.sql"),
    include_str!("migrations/0005_queue.sql"),
    include_str!("migrations/0006_schedules.sql"),
];

/// Brings the schema up to date in one transaction: all or nothing, safe against another process that does the same.
pub(crate) async fn migrate(connection: &mut SqliteConnection) -> Result<(), Error> {
    run(connection, "BEGIN IMMEDIATE").await?;
    let outcome = upgrade(connection).await;
    run(connection, if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    outcome
}

async fn upgrade(connection: &mut SqliteConnection) -> Result<(), Error> {
    let found = number(connection, "PRAGMA user_version").await?;
    let tables = number(connection, "SELECT count(*) FROM sqlite_schema").await?;
    if tables > 0 && number(connection, "PRAGMA application_id").await? != APPLICATION_ID {
        return Err(Error::NotAStore);
    }
    let supported = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > supported {
        return Err(Error::NewerSchema { found, supported });
    }
    for (version, script) in (1..).zip(MIGRATIONS).skip_while(|(version, _)| *version <= found) {
        run(connection, script).await?;
        let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(marks))
            .execute(&mut *connection)
            .await
            .map_err(Error::unavailable)?;
        tracing::info!(version, "migrated the store");
    }
    Ok(())
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop).map_err(Error::unavailable)
}

async fn number(connection: &mut SqliteConnection, sql: &'static str) -> Result<i64, Error> {
    sqlx::query_scalar(sql).fetch_one(connection).await.map_err(Error::unavailable)
}
