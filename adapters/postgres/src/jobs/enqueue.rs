//! Jobs on their way in.

use carewire_sync_engine::{Enqueued, HowEnqueued, JobId, NewJob, Result, Unique, UniqueMode};
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::error::Failure;
use crate::row;

/// Stores jobs in a transaction of the caller: they are there when it commits, with whatever else it wrote, and are not when
/// it does not. The answers stand in the order of the jobs.
///
/// It takes no lock that other producers wait for, except for jobs with a unique key, on that key. An error ends the
/// transaction, as always on PostgreSQL. The schema must be migrated, and the role of the connection be the one that
/// [`PostgresStore::migrate`](crate::PostgresStore::migrate) was given.
///
/// ```no_run
/// use carewire_fhir_core::{CorrelationId, OrgId};
/// use carewire_sync_engine::NewJob;
/// use sqlx::Connection as _;
///
/// # async fn save(connection: &mut sqlx::PgConnection) -> Result<(), Box<dyn std::error::Error>> {
/// let mut transaction = connection.begin().await?;
/// sqlx::query("UPDATE encounter SET state = 'finished' WHERE id = 1").execute(&mut *transaction).await?;
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let job = NewJob::new(OrgId::new("org_a")?, "sync", "push", CorrelationId::new("c-1")?, now);
/// carewire_postgres::enqueue_in(&mut transaction, &[job]).await?;
/// transaction.commit().await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`Error::Conflict`](carewire_sync_engine::Error::Conflict): a replacement with other ordering keys.
pub async fn enqueue_in(connection: &mut PgConnection, jobs: &[NewJob]) -> Result<Vec<Enqueued>> {
    Ok(insert(connection, jobs).await?)
}

/// Those without a unique key in one statement as far as they stand together, the others one by one, all in their order.
pub(crate) async fn insert(connection: &mut PgConnection, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Failure> {
    let mut enqueued = Vec::with_capacity(jobs.len());
    for run in jobs.chunk_by(|one, next| one.unique.is_none() && next.unique.is_none()) {
        match run {
            [job] if let Some(unique) = &job.unique => {
                enqueued.push(insert_unique(connection, job, unique).await?);
            }
            _ => enqueued.extend(Columns::of(run)?.insert(connection).await?),
        }
    }
    Ok(enqueued)
}

/// A column of each job, as the statement takes them.
#[derive(Default)]
struct Columns<'a> {
    orgs: Vec<&'a str>,
    queues: Vec<&'a str>,
    kinds: Vec<&'a str>,
    refs: Vec<String>,
    correlations: Vec<&'a str>,
    remotes: Vec<&'a str>,
    types: Vec<Option<&'a str>>,
    okeys: Vec<Option<Uuid>>,
    enqueued: Vec<i64>,
    run: Vec<i64>,
    priorities: Vec<i16>,
    attempts: Vec<i32>,
    costs: Vec<i32>,
    parks: Vec<Option<i64>>,
    parts: Vec<i16>,
    further_of: Vec<i32>,
    further: Vec<Uuid>,
}

impl<'a> Columns<'a> {
    fn of(jobs: &'a [NewJob]) -> Result<Self, Failure> {
        let mut columns = Self::default();
        for (position, job) in (1..).zip(jobs) {
            columns.push(position, job)?;
        }
        Ok(columns)
    }

    fn push(&mut self, position: i32, job: &'a NewJob) -> Result<(), Failure> {
        let mut keys = okeys(job).into_iter();
        self.parts.push(parts(keys.len())?);
        self.okeys.push(keys.next());
        for key in keys {
            self.further_of.push(position);
            self.further.push(key);
        }
        self.orgs.push(job.org.as_str());
        self.queues.push(&job.queue);
        self.kinds.push(&job.kind);
        self.refs.push(refs(job)?);
        self.correlations.push(job.correlation.as_str());
        self.remotes.push(job.remote.as_deref().unwrap_or_default());
        self.types.push(job.resource_type.as_deref());
        self.enqueued.push(row::micros(job.enqueued_at));
        self.run.push(row::micros(job.first_run()));
        self.priorities.push(job.priority.number().into());
        self.attempts.push(count(job.max_attempts));
        self.costs.push(count(job.cost.max(1)));
        self.parks.push(job.park.map(micros));
        Ok(())
    }

    async fn insert(self, connection: &mut PgConnection) -> Result<Vec<Enqueued>, Failure> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "SELECT * FROM carewire.job_enqueue($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        )
        .bind(self.orgs)
        .bind(self.queues)
        .bind(self.kinds)
        .bind(self.refs)
        .bind(self.correlations)
        .bind(self.remotes)
        .bind(self.types)
        .bind(self.okeys)
        .bind(self.enqueued)
        .bind(self.run)
        .bind(self.priorities)
        .bind(self.attempts)
        .bind(self.costs)
        .bind(self.parks)
        .bind(self.parts)
        .bind(self.further_of)
        .bind(self.further)
        .fetch_all(connection)
        .await?;
        Ok(ids.into_iter().map(|id| Enqueued::new(JobId(id))).collect())
    }
}

async fn insert_unique(
    connection: &mut PgConnection,
    job: &NewJob,
    unique: &Unique,
) -> Result<Enqueued, Failure> {
    let (mode, most) = match unique.mode {
        UniqueMode::Skip => (0_i16, None),
        UniqueMode::Replace => (1, None),
        UniqueMode::ReplaceAfterRun => (2, None),
        UniqueMode::Debounce { most, .. } => (3, Some(micros(most))),
    };
    let (id, how): (i64, i16) = sqlx::query_as(
        "SELECT o_id, o_how FROM carewire.job_enqueue_unique
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind(job.org.as_str())
    .bind(&job.queue)
    .bind(&job.kind)
    .bind(refs(job)?)
    .bind(job.correlation.as_str())
    .bind(job.remote.as_deref().unwrap_or_default())
    .bind(job.resource_type.as_deref())
    .bind(okeys(job))
    .bind(row::micros(job.enqueued_at))
    .bind(row::micros(job.first_run()))
    .bind(i16::from(job.priority.number()))
    .bind(count(job.max_attempts))
    .bind(count(job.cost.max(1)))
    .bind(job.park.map(micros))
    .bind(&unique.key)
    .bind(mode)
    .bind(most)
    .fetch_one(connection)
    .await?;
    let how = match how {
        0 => HowEnqueued::New,
        1 => HowEnqueued::Replaced,
        _ => HowEnqueued::Skipped,
    };
    Ok(Enqueued { id: JobId(id), how })
}

/// The keys of a job, each once, in an order that all jobs share. A key is one of its org: the hash is over both.
fn okeys(job: &NewJob) -> Vec<Uuid> {
    let hash = |key: &carewire_sync_engine::BlindKey| {
        let hash = Sha256::new().chain_update(key.0).chain_update(job.org.as_str()).finalize();
        let (half, _) = hash.split_at(16);
        Uuid::from_slice(half).unwrap_or_default()
    };
    let mut keys: Vec<Uuid> = job.ordering_keys.iter().map(hash).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn parts(keys: usize) -> Result<i16, Failure> {
    i16::try_from(keys.max(1)).map_err(|_| Failure::Invalid("number of ordering keys"))
}

fn refs(job: &NewJob) -> Result<String, Failure> {
    serde_json::to_string(&job.refs).map_err(|_| Failure::Corrupt("names and values"))
}

fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Beyond what chrono can hold, a century, as the engine has it.
pub(super) fn micros(duration: std::time::Duration) -> i64 {
    let span = TimeDelta::from_std(duration).unwrap_or(TimeDelta::days(36_525));
    span.num_microseconds().unwrap_or(i64::MAX / 4)
}
