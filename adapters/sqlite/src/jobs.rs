//! [`JobQueue`]: leases, fenced by epoch, in order per key.

use std::collections::HashSet;
use std::sync::LazyLock;

use async_trait::async_trait;
use carewire_sync_engine::{
    AfterFailure, ClaimOptions, ClaimedJob, Failure as Attempt, JobId, JobQueue, JobState, Lease, NewJob,
    Result, Settled,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use crate::error::Failure;
use crate::{SqliteStore, claim, row, turns};

#[async_trait]
impl JobQueue for SqliteStore {
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<Vec<JobId>> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.write(jobs, |connection, jobs| Box::pin(insert(connection, jobs))).await?)
    }

    async fn claim(&self, options: &ClaimOptions) -> Result<Vec<ClaimedJob>> {
        // An idle worker polls: that must not cost a write transaction.
        if options.limit == 0 {
            return Ok(Vec::new());
        }
        let due = claim::due(self.reader().await?.connection(), &options.queue).await?;
        if !due.is_by(options.now) {
            return Ok(Vec::new());
        }
        let input = (options.clone(), due);
        Ok(self
            .write(input, |connection, (options, due)| Box::pin(claim::claim(connection, options, due)))
            .await?)
    }

    async fn heartbeat(&self, leases: &[Lease], until: DateTime<Utc>) -> Result<Vec<bool>> {
        if leases.is_empty() {
            return Ok(Vec::new());
        }
        let input = (json_of(leases), until);
        let renewed = self.write(input, |connection, input| Box::pin(renew(connection, input))).await?;
        Ok(leases.iter().map(|lease| renewed.contains(&fence(lease))).collect())
    }

    async fn complete(&self, leases: &[Lease], now: DateTime<Utc>) -> Result<Vec<Settled>> {
        if leases.is_empty() {
            return Ok(Vec::new());
        }
        let jobs: Vec<i64> = leases.iter().map(|lease| lease.job.0).collect();
        let input = (json!(jobs).to_string(), json_of(leases), now);
        let mut completed =
            self.write(input, |connection, input| Box::pin(complete(connection, input))).await?;
        let settled = |lease| match completed.remove(&fence(lease)) {
            true => Settled::Done(JobState::Completed),
            false => Settled::Stale,
        };
        Ok(leases.iter().map(settled).collect())
    }

    async fn fail(&self, lease: &Lease, failure: &Attempt, now: DateTime<Utc>) -> Result<Settled> {
        let input = (lease.clone(), Ending::Failed(failure.clone()), now);
        Ok(self.write(input, |connection, input| Box::pin(settle(connection, input))).await?)
    }

    async fn hold(&self, lease: &Lease, hold_key: &str, code: &str, now: DateTime<Utc>) -> Result<Settled> {
        let ending = Ending::Held { key: hold_key.to_owned(), code: code.to_owned() };
        let input = (lease.clone(), ending, now);
        Ok(self.write(input, |connection, input| Box::pin(settle(connection, input))).await?)
    }

    async fn next_due(&self, queue: &str) -> Result<Option<DateTime<Utc>>> {
        Ok(claim::due(self.reader().await?.connection(), queue).await?.next()?)
    }
}

/// The first job of its key gets the turn when nobody has it.
async fn insert(connection: &mut SqliteConnection, jobs: &[NewJob]) -> Result<Vec<JobId>, Failure> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<i64> =
        sqlx::query_scalar(INSERT.as_str()).bind(json_of_new(jobs)).fetch_all(connection).await?;
    ids.sort_unstable();
    Ok(ids.into_iter().map(JobId).collect())
}

static INSERT: LazyLock<String> = LazyLock::new(|| insert_when("true") + " RETURNING id");

/// Inserts the jobs in ?1 (see [`json_of_new`]) when `condition` holds.
pub(crate) fn insert_when(condition: &str) -> String {
    format!(
        "INSERT INTO job (org, queue, kind, okey, state, head, run_at, max_attempts, refs, correlation, enqueued_at)
         SELECT org, queue, kind, okey, 'waiting',
                okey IS NULL OR (nth = 1 AND NOT EXISTS (
                    SELECT 1 FROM job INDEXED BY job_head
                    WHERE job.org = new.org AND job.okey = new.okey AND job.head = 1)),
                run_at, max_attempts, refs, correlation, run_at
         FROM (SELECT key AS position, value ->> 0 AS org, value ->> 1 AS queue, value ->> 2 AS kind,
                      unhex(value ->> 3) AS okey, value ->> 4 AS run_at, value ->> 5 AS max_attempts,
                      value ->> 6 AS correlation, value -> 7 AS refs,
                      row_number() OVER (PARTITION BY value ->> 0, value ->> 3 ORDER BY key) AS nth
               FROM json_each(?1)) AS new
         WHERE {condition}
         ORDER BY position"
    )
}

pub(crate) fn json_of_new(jobs: &[NewJob]) -> String {
    Value::Array(jobs.iter().map(columns_of).collect()).to_string()
}

fn columns_of(job: &NewJob) -> Value {
    json!([
        job.org.as_str(),
        job.queue,
        job.kind,
        job.ordering_key.as_ref().map(row::hex),
        row::micros(job.run_at),
        job.max_attempts,
        job.correlation.as_str(),
        job.refs,
    ])
}

/// A job and the epoch of its lease.
type Fence = (i64, u64);

fn fence(lease: &Lease) -> Fence {
    (lease.job.0, lease.epoch)
}

fn json_of(leases: &[Lease]) -> String {
    let rows = leases.iter().map(|lease| json!([lease.job.0, lease.epoch, lease.org.as_str()])).collect();
    Value::Array(rows).to_string()
}

fn fences(rows: Vec<(i64, i64)>) -> Result<HashSet<Fence>, Failure> {
    rows.into_iter().map(|(id, epoch)| Ok((id, row::unsigned(epoch)?))).collect()
}

async fn renew(
    connection: &mut SqliteConnection,
    (leases, until): &(String, DateTime<Utc>),
) -> Result<HashSet<Fence>, Failure> {
    let renewed = sqlx::query_as(
        "UPDATE job SET lease_until = ?2
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS epoch, value ->> 2 AS org FROM json_each(?1)) AS lease
         WHERE job.id = lease.id AND job.epoch = lease.epoch AND job.org = lease.org AND job.state = 'active'
         RETURNING job.id, job.epoch",
    )
    .bind(leases)
    .bind(row::micros(*until))
    .fetch_all(connection)
    .await?;
    fences(renewed)
}

/// In one trip: the jobs, then their turns. Passing on the turn of a job that was not completed changes nothing.
static COMPLETE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE job SET state = 'completed', head = 0, lease_until = NULL, settled_at = ?3
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS epoch, value ->> 2 AS org FROM json_each(?2)) AS lease
         WHERE job.id = lease.id AND job.epoch = lease.epoch AND job.org = lease.org AND job.state = 'active'
         RETURNING job.id, job.epoch;
         {}",
        turns::PASS_ON
    )
});

async fn complete(
    connection: &mut SqliteConnection,
    (jobs, leases, now): &(String, String, DateTime<Utc>),
) -> Result<HashSet<Fence>, Failure> {
    let completed = sqlx::query_as(COMPLETE.as_str())
        .bind(jobs)
        .bind(leases)
        .bind(row::micros(*now))
        .fetch_all(connection)
        .await?;
    fences(completed)
}

/// How an attempt ends other than by completion.
enum Ending {
    Failed(Attempt),
    Held { key: String, code: String },
}

/// What the job becomes.
struct Outcome<'a> {
    state: JobState,
    attempts: i64,
    run_at: Option<DateTime<Utc>>,
    reason: &'a str,
    hold_key: Option<&'a str>,
}

impl Ending {
    fn outcome(&self, attempts: i64, max_attempts: i64) -> Outcome<'_> {
        let (reason, hold_key) = match self {
            Self::Failed(failure) => (failure.code.as_str(), None),
            Self::Held { key, code } => (code.as_str(), Some(key.as_str())),
        };
        let (state, attempts, run_at) = match self {
            Self::Held { .. } => (JobState::Held, attempts, None),
            Self::Failed(Attempt { next: AfterFailure::Dead, .. }) => (JobState::Failed, attempts + 1, None),
            Self::Failed(Attempt { next: AfterFailure::Retry { at, counts: false }, .. }) => {
                (JobState::Waiting, attempts, Some(*at))
            }
            Self::Failed(Attempt { next: AfterFailure::Retry { at, counts: true }, .. }) => {
                let next = attempts + 1;
                let state = if next < max_attempts { JobState::Waiting } else { JobState::Failed };
                (state, next, (next < max_attempts).then_some(*at))
            }
        };
        Outcome { state, attempts, run_at, reason, hold_key }
    }
}

async fn settle(
    connection: &mut SqliteConnection,
    (lease, ending, now): &(Lease, Ending, DateTime<Utc>),
) -> Result<Settled, Failure> {
    let leased: Option<(i64, i64, i64)> = sqlx::query_as(
        "SELECT epoch, attempts, max_attempts FROM job WHERE id = ?1 AND org = ?2 AND state = 'active'",
    )
    .bind(lease.job.0)
    .bind(lease.org.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((epoch, attempts, max_attempts)) = leased else { return Ok(Settled::Stale) };
    if row::unsigned(epoch)? != lease.epoch {
        return Ok(Settled::Stale);
    }
    let outcome = ending.outcome(attempts, max_attempts);
    apply(connection, lease.job, &outcome, *now).await?;
    turns::pass_on(connection, &json!([lease.job.0]).to_string()).await?;
    Ok(Settled::Done(outcome.state))
}

async fn apply(
    connection: &mut SqliteConnection,
    job: JobId,
    outcome: &Outcome<'_>,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let settled_at = (outcome.state != JobState::Waiting).then(|| row::micros(now));
    sqlx::query(
        "UPDATE job SET state = ?2, head = (okey IS NULL AND ?2 = 'waiting'), attempts = ?3,
                        run_at = coalesce(?4, run_at), reason = ?5, hold_key = ?6, settled_at = ?7, lease_until = NULL
         WHERE id = ?1",
    )
    .bind(job.0)
    .bind(outcome.state.as_str())
    .bind(outcome.attempts)
    .bind(outcome.run_at.map(row::micros))
    .bind(outcome.reason)
    .bind(outcome.hold_key)
    .bind(settled_at)
    .execute(connection)
    .await?;
    Ok(())
}
