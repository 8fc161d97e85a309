//! What there is to claim in a queue, before anything is claimed.

use std::collections::BTreeMap;

use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Lane as LimitLane, PauseScope};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _, SqliteConnection};

use super::lanes::Lane;
use super::limits::Limits;
use crate::error::Failure;
use crate::row;

/// A queue as a claim finds it.
#[derive(Debug)]
pub(super) struct Queue {
    /// Its lanes with waiting jobs that no pause covers, by org.
    pub(super) lanes: Vec<Waiting>,
    pub(super) limits: Limits,
    /// The org that was served last.
    pub(super) last: Option<String>,
    /// What orgs have taken beyond their share, as negative numbers.
    pub(super) debts: BTreeMap<String, i64>,
    /// When the first lease ends.
    pub(super) lease: Option<DateTime<Utc>>,
}

/// A lane and the first of its jobs.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) lane: Lane,
    pub(super) org: OrgId,
    /// When the first job of those that may be claimed was due.
    pub(super) ready: Option<DateTime<Utc>>,
    /// When the first of the others will be, unless somebody stands before it.
    pub(super) later: Option<DateTime<Utc>>,
}

impl Waiting {
    pub(super) fn limit_lane(&self) -> LimitLane<'_> {
        LimitLane { org: &self.org, queue: &self.lane.queue, remote: self.lane.remote.as_deref() }
    }
}

impl Queue {
    /// The first instant at which a claim may find something.
    pub(super) fn next_due(&self) -> Option<DateTime<Utc>> {
        let jobs = self.lanes.iter().filter_map(|waiting| {
            let due = waiting.ready.into_iter().chain(waiting.later).min()?;
            Some(self.limits.opens_at(&waiting.limit_lane(), due))
        });
        jobs.chain(self.lease).min()
    }
}

pub(super) const LANES: &str = "
    SELECT job_lane.id, job_lane.org, job_lane.queue, kind, remote, resource_type,
           (SELECT run_at FROM job INDEXED BY job_ready
            WHERE job.lane = job_lane.id AND rank IS NOT NULL ORDER BY rank, job.id LIMIT 1),
           (SELECT min(later) FROM job INDEXED BY job_later
            WHERE job.lane = job_lane.id AND blockers = 0 AND later IS NOT NULL)
    FROM job_lane INDEXED BY job_lane_busy WHERE queue = $1 AND waiting > 0 ORDER BY org";

/// Everything else, in one list: what it is, then its columns.
pub(super) const REST: &str = "
    SELECT 0, org, queue, kind, remote, resource_type, NULL, NULL FROM job_pause
    UNION ALL
    SELECT 1, org, queue, NULL, remote, bucket, full_at, closed_until FROM rate_limit
    UNION ALL
    SELECT 2, org, NULL, NULL, NULL, NULL, NULL, NULL FROM job_served WHERE queue = $1
    UNION ALL
    SELECT 3, org, NULL, NULL, NULL, NULL, credit, NULL FROM job_debt WHERE queue = $1
    UNION ALL
    SELECT 4, NULL, NULL, NULL, NULL, NULL, min(lease_until), NULL
    FROM job INDEXED BY job_leased WHERE queue = $1 AND lease_until IS NOT NULL";

type Rest = (
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
);

pub(super) async fn look(connection: &mut SqliteConnection, queue: &str) -> Result<Queue, Failure> {
    let rows: Vec<Row> = sqlx::query_as(LANES).bind(queue).fetch_all(&mut *connection).await?;
    let rest: Vec<Rest> = sqlx::query_as(REST).bind(queue).fetch_all(connection).await?;
    let mut found = Queue {
        lanes: Vec::new(),
        limits: Limits::default(),
        last: None,
        debts: BTreeMap::new(),
        lease: None,
    };
    let mut pauses = Vec::new();
    for columns in rest {
        found.take_in(columns, &mut pauses)?;
    }
    for Row(lane, ready, later) in rows {
        if pauses.iter().any(|scope| lane.is_covered_by(scope)) {
            continue;
        }
        let [ready, later] = [ready, later].map(|at| at.map(row::instant).transpose());
        found.lanes.push(Waiting { org: row::org(&lane.org)?, lane, ready: ready?, later: later? });
    }
    Ok(found)
}

impl Queue {
    fn take_in(&mut self, columns: Rest, pauses: &mut Vec<PauseScope>) -> Result<(), Failure> {
        let (what, org, queue, kind, remote, text, number, other) = columns;
        match what {
            0 => pauses.push(scope((org, queue, kind, remote, text))?),
            1 => self.limits.add((
                org,
                queue,
                remote,
                text,
                number.ok_or(Failure::Corrupt("limit"))?,
                other,
            ))?,
            2 => self.last = org,
            3 => self.debts.extend(org.zip(number)),
            _ => self.lease = number.map(row::instant).transpose()?,
        }
        Ok(())
    }
}

/// The columns of a pause.
pub(super) type Scope = (Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);

pub(super) fn scope((org, queue, kind, remote, resource_type): Scope) -> Result<PauseScope, Failure> {
    let org = org.as_deref().map(row::org).transpose()?;
    Ok(PauseScope { org, queue, kind, remote, resource_type })
}

struct Row(Lane, Option<i64>, Option<i64>);

impl<'r> FromRow<'r, SqliteRow> for Row {
    fn from_row(row: &'r SqliteRow) -> sqlx::Result<Self> {
        Ok(Self(Lane::from_row(row)?, row.try_get(6)?, row.try_get(7)?))
    }
}
