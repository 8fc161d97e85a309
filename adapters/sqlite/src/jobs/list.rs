//! Finding the jobs of an org.

use carewire_fhir_core::OrgId;
use carewire_sync_engine::{JobFilter, JobId, JobState, JobView, Priority};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::claim::progress_of;
use super::stored::state_of;
use crate::error::Failure;
use crate::row;

/// A walk over an index in the order of ids.
pub(super) enum Walk {
    /// Waiting and active jobs.
    Open,
    /// The jobs of a state that are settled.
    Done(JobState),
}

impl Walk {
    /// Those that find the jobs of a state, or of all.
    pub(super) fn over(state: Option<JobState>) -> Vec<Self> {
        let done = JobState::ALL.into_iter().filter(|state| !is_open(*state));
        match state {
            Some(state) if is_open(state) => vec![Self::Open],
            Some(state) => vec![Self::Done(state)],
            None => std::iter::once(Self::Open).chain(done.map(Self::Done)).collect(),
        }
    }

    /// The rest of a query over `job` and its lane.
    pub(super) fn push(&self, query: &mut QueryBuilder<Sqlite>, org: &OrgId, filter: &JobFilter, limit: i64) {
        query.push(" FROM job INDEXED BY ");
        query.push(match self {
            Self::Open => "job_open",
            Self::Done(_) => "job_done",
        });
        query.push(" CROSS JOIN job_lane ON job_lane.id = job.lane CROSS JOIN job_content ON job_content.id = job.id WHERE job.org = ");
        query.push_bind(org.as_str().to_owned());
        match self {
            Self::Open => query.push(" AND job.settled_at IS NULL"),
            Self::Done(state) => {
                query.push(" AND job.settled_at IS NOT NULL AND job.state = ").push_bind(state.as_str())
            }
        };
        if let (Self::Open, Some(state)) = (self, filter.state) {
            query.push(" AND +job.state = ").push_bind(state.as_str());
        }
        push_filter(query, filter);
        query.push(" ORDER BY job.id LIMIT ").push_bind(limit);
    }
}

fn is_open(state: JobState) -> bool {
    matches!(state, JobState::Waiting | JobState::Active)
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, filter: &JobFilter) {
    let (first, last) = filter.id.map_or((i64::MIN, i64::MAX), |id| (id.0, id.0));
    let after = filter.after.map_or(i64::MIN, |after| after.0.saturating_add(1));
    query.push(" AND job.id BETWEEN ").push_bind(first.max(after)).push(" AND ").push_bind(last);
    let texts = [
        ("job.queue", &filter.queue),
        ("job_lane.kind", &filter.kind),
        ("job_lane.remote", &filter.remote),
        ("job_lane.resource_type", &filter.resource_type),
        ("job.reason", &filter.reason),
        ("job_content.correlation", &filter.correlation),
    ];
    for (column, wanted) in texts {
        if let Some(wanted) = wanted {
            query.push(" AND ").push(column).push(" = ").push_bind(wanted.clone());
        }
    }
}

/// In the order of their ids.
pub(super) async fn list(
    connection: &mut SqliteConnection,
    org: &OrgId,
    filter: &JobFilter,
    limit: usize,
) -> Result<Vec<JobView>, Failure> {
    let mut query = QueryBuilder::new("SELECT * FROM (");
    for (n, walk) in Walk::over(filter.state).into_iter().enumerate() {
        query.push(if n == 0 { "" } else { " UNION ALL " });
        // One ordered index walk for each state, none longer than the limit.
        query.push("SELECT * FROM (SELECT ").push(COLUMNS);
        walk.push(&mut query, org, filter, row::limit(limit));
        query.push(")");
    }
    query.push(") ORDER BY id LIMIT ").push_bind(row::limit(limit));
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(view).collect()
}

const COLUMNS: &str = "job.id AS id, job.queue, kind, state, refs, priority, remote, resource_type, attempts, max_attempts, \
    reason, progress, correlation, enqueued_at, run_at, settled_at, parked_until";

fn view(columns: &SqliteRow) -> Result<JobView, Failure> {
    let instant = |index: usize| -> Result<_, Failure> {
        columns.try_get::<Option<i64>, _>(index)?.map(row::instant).transpose()
    };
    let priority: u8 = columns.try_get(5)?;
    Ok(JobView {
        id: JobId(columns.try_get(0)?),
        queue: columns.try_get(1)?,
        kind: columns.try_get(2)?,
        state: state_of(columns.try_get(3)?)?,
        refs: row::names(columns.try_get(4)?)?,
        priority: Priority::new(priority).ok_or(Failure::Corrupt("priority"))?,
        remote: columns.try_get(6)?,
        resource_type: columns.try_get(7)?,
        attempts: columns.try_get(8)?,
        max_attempts: columns.try_get(9)?,
        reason: columns.try_get(10)?,
        progress: progress_of(columns.try_get(11)?)?,
        correlation: columns.try_get(12)?,
        enqueued_at: row::instant(columns.try_get(13)?)?,
        run_at: row::instant(columns.try_get(14)?)?,
        settled_at: instant(15)?,
        parked_until: instant(16)?,
    })
}

/// The first jobs that one walk finds, to be changed.
pub(super) async fn find<T>(
    connection: &mut SqliteConnection,
    columns: &'static str,
    walk: &Walk,
    (org, filter): (&OrgId, &JobFilter),
    limit: i64,
) -> Result<Vec<T>, Failure>
where
    T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
{
    let mut query = QueryBuilder::new("SELECT ");
    query.push(columns);
    walk.push(&mut query, org, filter, limit);
    Ok(query.build_query_as().fetch_all(connection).await?)
}
