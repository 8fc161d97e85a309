//! Lanes: the jobs of an org and a queue that are alike in all that pauses, limits and counts ask about.

use std::collections::BTreeMap;

use carewire_sync_engine::{JobState, NewJob, PauseScope};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _, SqliteConnection};

use super::statement::Statement;
use crate::error::Failure;

/// What a lane is made of: org, queue, kind, remote, type of resource.
pub(super) type Name<'a> = (&'a str, &'a str, &'a str, Option<&'a str>, Option<&'a str>);

pub(super) fn name(job: &NewJob) -> Name<'_> {
    (job.org.as_str(), &job.queue, &job.kind, job.remote.as_deref(), job.resource_type.as_deref())
}

/// Makes the lanes of a JSON array of [`Name`]s that are not there.
pub(super) const MAKE: &str = "
    INSERT INTO job_lane (org, queue, kind, remote, resource_type)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)
    WHERE true ON CONFLICT DO NOTHING";

/// The id of the lane whose name is the JSON array `name.value`.
pub(super) const FIND: &str = "
    SELECT id FROM job_lane INDEXED BY job_lane_named
    WHERE org = name.value ->> 0 AND queue = name.value ->> 1 AND kind = name.value ->> 2
      AND ifnull(remote, x'') = ifnull(name.value ->> 3, x'')
      AND ifnull(resource_type, x'') = ifnull(name.value ->> 4, x'')";

/// A lane of the queue that is asked about.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) id: i64,
    pub(super) org: String,
    pub(super) queue: String,
    pub(super) kind: String,
    pub(super) remote: Option<String>,
    pub(super) resource_type: Option<String>,
}

impl Lane {
    /// The columns of a lane, for [`FromRow`].
    pub(super) const COLUMNS: &str = "job_lane.id, job_lane.org, job_lane.queue, kind, remote, resource_type";

    pub(super) fn is_covered_by(&self, scope: &PauseScope) -> bool {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == value)
        };
        scope.org.as_ref().is_none_or(|org| org.as_str() == self.org)
            && is(&scope.queue, Some(&self.queue))
            && is(&scope.kind, Some(&self.kind))
            && is(&scope.remote, self.remote.as_deref())
            && is(&scope.resource_type, self.resource_type.as_deref())
    }
}

impl<'r> FromRow<'r, SqliteRow> for Lane {
    fn from_row(row: &'r SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            org: row.try_get(1)?,
            queue: row.try_get(2)?,
            kind: row.try_get(3)?,
            remote: row.try_get(4)?,
            resource_type: row.try_get(5)?,
        })
    }
}

/// How the counts of lanes change in one operation, and up to when a job may have been due in it.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<i64, ([i64; 6], i64)>);

impl Counts {
    /// A job of the lane is in the state at `now`.
    pub(super) fn gains(&mut self, lane: i64, state: JobState, now: i64) {
        self.add(lane, state, 1);
        if state == JobState::Waiting {
            let (_, latest) = self.0.entry(lane).or_default();
            *latest = now.max(*latest);
        }
    }

    /// A job of the lane was in the state.
    pub(super) fn loses(&mut self, lane: i64, state: JobState) {
        self.add(lane, state, -1);
    }

    fn add(&mut self, lane: i64, state: JobState, jobs: i64) {
        let column = JobState::ALL.iter().position(|known| *known == state);
        let (counts, _) = self.0.entry(lane).or_default();
        if let Some(count) = column.and_then(|column| counts.get_mut(column)) {
            *count += jobs;
        }
    }

    /// Stored by one more of the statements.
    pub(super) fn push(&self, statement: &mut Statement) {
        let lanes: Vec<_> = self.0.iter().collect();
        statement.over(
            COUNT,
            8,
            &lanes,
            |(lane, (counts, latest)), values| {
                values.add(**lane);
                counts.iter().for_each(|count| _ = values.add(*count));
                values.add(*latest);
            },
            |_| {},
        );
    }

    pub(super) async fn store(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let mut statement = Statement::default();
        self.push(&mut statement);
        statement.run(connection).await
    }
}

/// Changes the counts by those of the list: a lane, the counts in the order of [`JobState::ALL`], the newest instant.
pub(super) const COUNT: &str = "
    UPDATE job_lane SET
        waiting = waiting + column2, active = active + column3, completed = completed + column4,
        failed = failed + column5, held = held + column6, cancelled = cancelled + column7, latest = max(latest, column8)
    FROM (rows) WHERE job_lane.id = column1";
