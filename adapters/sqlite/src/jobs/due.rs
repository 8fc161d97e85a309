//! What there is to claim in a queue, before anything is claimed.

use std::collections::BTreeMap;

use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Lane as LimitLane, PauseScope};
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::lanes::Lane;
use super::limits::Limits;
use super::statement::{Statement, parse};
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

/// The lanes, each with its name, when the first job that may be claimed was due, and when the first of the others is.
pub(super) const LANES: &str = "
    SELECT json_group_array(json_array(
        job_lane.id, job_lane.org, job_lane.queue, kind, remote, resource_type,
        (SELECT run_at FROM job INDEXED BY job_ready
         WHERE job.lane = job_lane.id AND rank IS NOT NULL ORDER BY rank, job.id LIMIT 1),
        (SELECT min(later) FROM job INDEXED BY job_later
         WHERE job.lane = job_lane.id AND blockers = 0 AND later IS NOT NULL)))
    FROM job_lane INDEXED BY job_lane_busy WHERE queue = ? AND waiting > 0";

/// Everything else, in one list: what it is, then its columns.
pub(super) const REST: &str = "
    SELECT json_group_array(json_array(what, org, queue, kind, remote, bucket, number, until)) FROM (
    SELECT 0 AS what, org, queue, kind, remote, resource_type AS bucket, NULL AS number, NULL AS until FROM job_pause
    UNION ALL
    SELECT 1, org, queue, NULL, remote, bucket, full_at, closed_until FROM rate_limit
    UNION ALL
    SELECT 2, org, NULL, NULL, NULL, NULL, NULL, NULL FROM job_served WHERE queue = ?
    UNION ALL
    SELECT 3, org, NULL, NULL, NULL, NULL, credit, NULL FROM job_debt WHERE queue = ?
    UNION ALL
    SELECT 4, NULL, NULL, NULL, NULL, NULL, min(lease_until), NULL
    FROM job INDEXED BY job_leased WHERE queue = ? AND lease_until IS NOT NULL) AS rest";

/// A lane and the first of its jobs.
type Columns = (i64, String, String, String, Option<String>, Option<String>, Option<i64>, Option<i64>);

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
    let mut statement = Statement::default();
    statement.then(LANES).add(queue);
    statement.then(REST).add(queue).add(queue).add(queue);
    let answers = statement.answers(connection).await?;
    let [lanes, rest] = answers.as_slice() else { return Err(Failure::Corrupt("queue")) };
    let (lanes, rest): (Vec<Columns>, Vec<Rest>) = (parse(lanes)?, parse(rest)?);
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
    for (id, org, queue, kind, remote, resource_type, ready, later) in lanes {
        let lane = Lane { id, org, queue, kind, remote, resource_type };
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
