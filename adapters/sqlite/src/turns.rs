//! Turns: of the unfinished jobs of an ordering key, the one that may run has `head = 1`.

use sqlx::SqliteConnection;

use crate::error::Failure;

/// Gives the turn in the keys of the jobs in ?1 (a JSON array of ids) to the waiting job with the lowest id, unless
/// another job of the key has it.
pub(crate) const PASS_ON: &str = "
    UPDATE job SET head = 1 WHERE id IN (
        SELECT (SELECT next.id FROM job AS next INDEXED BY job_behind
                WHERE next.org = touched.org AND next.okey = touched.okey
                  AND next.state = 'waiting' AND next.head = 0
                ORDER BY next.id LIMIT 1)
        FROM (SELECT DISTINCT org, okey FROM job
              WHERE id IN (SELECT value FROM json_each(?1)) AND okey IS NOT NULL) AS touched
        WHERE NOT EXISTS (SELECT 1 FROM job AS holder INDEXED BY job_head
                          WHERE holder.org = touched.org AND holder.okey = touched.okey AND holder.head = 1))";

/// Runs [`PASS_ON`].
pub(crate) async fn pass_on(connection: &mut SqliteConnection, jobs: &str) -> Result<(), Failure> {
    sqlx::query(PASS_ON).bind(jobs).execute(connection).await?;
    Ok(())
}

/// The same after `jobs` came back to the queue: a waiting job that has the turn loses it to an older one. An active
/// job keeps it.
pub(crate) async fn reassign(connection: &mut SqliteConnection, jobs: &str) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE job SET head = 0 WHERE id IN (
             SELECT holder.id
             FROM (SELECT DISTINCT org, okey FROM job
                   WHERE id IN (SELECT value FROM json_each(?1)) AND okey IS NOT NULL) AS touched
             JOIN job AS holder INDEXED BY job_head ON holder.org = touched.org AND holder.okey = touched.okey AND holder.head = 1
             WHERE holder.state = 'waiting')",
    )
    .bind(jobs)
    .execute(&mut *connection)
    .await?;
    pass_on(connection, jobs).await
}
