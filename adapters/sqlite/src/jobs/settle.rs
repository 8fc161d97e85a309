//! What a worker says about the jobs in its hands.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use carewire_sync_engine::{Beat, JobState, Lease, Outcome, Settled, Settlement};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _, SqliteConnection};

use super::lanes::Counts;
use super::lines::{FIRST, Lines, unhex};
use super::statement::Statement;
use super::stored::Stored;
use super::{change, json};
use crate::error::Failure;
use crate::row;

/// The job, epoch and org of a lease.
type Fence<'a> = (i64, u64, &'a str);

fn fence(lease: &Lease) -> Fence<'_> {
    (lease.job.0, lease.epoch, lease.org.as_str())
}

/// The active jobs whose leases are in $1, with the positions of these.
static LEASED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, lease.key FROM json_each($1) AS lease CROSS JOIN job ON job.id = lease.value ->> 0
         WHERE job.epoch = lease.value ->> 1 AND job.org = lease.value ->> 2 AND job.state = 'active'",
        Stored::COLUMNS
    )
});

struct Leased(Stored, i64);

impl<'r> FromRow<'r, SqliteRow> for Leased {
    fn from_row(row: &'r SqliteRow) -> sqlx::Result<Self> {
        Ok(Self(Stored::from_row(row)?, row.try_get(15)?))
    }
}

pub(super) async fn settle(
    connection: &mut SqliteConnection,
    settlements: &[Settlement],
    now: DateTime<Utc>,
) -> Result<Vec<Settled>, Failure> {
    if settlements.iter().all(|settlement| settlement.outcome == Outcome::Complete) {
        return complete(connection, settlements, now).await;
    }
    let leases: Vec<_> = settlements.iter().map(|settlement| fence(&settlement.lease)).collect();
    let mut leased: Vec<Leased> =
        sqlx::query_as(LEASED.as_str()).bind(json(&leases)?).fetch_all(&mut *connection).await?;
    leased.sort_unstable_by_key(|Leased(_, position)| *position);
    let mut settled = vec![Settled::Stale; settlements.len()];
    let (mut jobs, mut seen) = (Vec::with_capacity(leased.len()), HashSet::new());
    for Leased(mut job, position) in leased {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let (Some(settlement), Some(answer)) = (settlements.get(position), settled.get_mut(position)) else {
            continue;
        };
        // A lease can be used up once, also within the list.
        if seen.insert(job.id) {
            job.settle(&settlement.outcome, row::micros(now));
            *answer = Settled::Done(job.state);
            jobs.push(job);
        }
    }
    change::store(connection, jobs, now).await?;
    Ok(settled)
}

/// The position of each lease that holds, with the lane and the ordering keys of its job.
pub(super) const HELD: &str = "
    WITH lease(position, id, epoch, org) AS (rows)
    SELECT '[' || ifnull(group_concat('[' || position || ',' || lane || ',\"' || ifnull(hex(okeys), '') || '\"]'), '') || ']'
    FROM lease CROSS JOIN job ON job.id = lease.id
    WHERE job.epoch = lease.epoch AND job.org = lease.org AND job.state = 'active'";

pub(super) const COMPLETE: &str = "
    UPDATE job SET state = 'completed', settled_at = ?, lease_until = NULL, unique_key = NULL
    WHERE id IN (SELECT value FROM json_each(?))";

/// What most settlements are: nothing of the job is needed but its lane and its keys.
async fn complete(
    connection: &mut SqliteConnection,
    settlements: &[Settlement],
    now: DateTime<Utc>,
) -> Result<Vec<Settled>, Failure> {
    let mut held = Statement::default();
    let numbered: Vec<_> = settlements.iter().enumerate().collect();
    held.over(
        HELD,
        4,
        &numbered,
        |(position, settlement), values| {
            let Lease { org, job, epoch, .. } = &settlement.lease;
            values.add(row::limit(*position)).add(job.0).add(row::epoch(*epoch)).add(org.as_str());
        },
        |_| {},
    );
    let mut held: Vec<(usize, i64, String)> = held.rows(connection).await?;
    held.sort_unstable();
    let mut settled = vec![Settled::Stale; settlements.len()];
    let (mut ids, mut lines, mut counts) = (BTreeSet::new(), Lines::default(), Counts::default());
    for (position, lane, keys) in held {
        let (Some(settlement), Some(answer)) = (settlements.get(position), settled.get_mut(position)) else {
            continue;
        };
        let id = settlement.lease.job.0;
        // A lease can be used up once, also within the list.
        if ids.insert(id) {
            *answer = Settled::Done(JobState::Completed);
            lines.remove(settlement.lease.org.as_str(), &unhex(&keys)?, &[FIRST], id);
            counts.loses(lane, JobState::Active);
            counts.gains(lane, JobState::Completed, row::micros(now));
        }
    }
    if ids.is_empty() {
        return Ok(settled);
    }
    let mut statement = Statement::default();
    statement.then(COMPLETE).add(row::micros(now)).add(json(&ids)?);
    counts.push(&mut statement);
    lines.store(statement, connection, now).await?;
    Ok(settled)
}

const RENEW: &str = "
    UPDATE job SET lease_until = $2, progress = ifnull(value ->> 3, progress)
    FROM json_each($1)
    WHERE job.id = value ->> 0 AND job.epoch = value ->> 1 AND job.org = value ->> 2 AND job.state = 'active'
    RETURNING job.id, job.epoch";

pub(super) async fn renew(
    connection: &mut SqliteConnection,
    beats: &[Beat],
    until: DateTime<Utc>,
) -> Result<Vec<bool>, Failure> {
    // Of several beats of a lease the last progress counts.
    let mut newest: HashMap<Fence<'_>, Option<String>> = HashMap::new();
    for beat in beats {
        let progress = beat.progress.as_ref().map(json).transpose()?;
        let known = newest.entry(fence(&beat.lease)).or_default();
        *known = progress.or(known.take());
    }
    let rows: Vec<_> =
        newest.iter().map(|((job, epoch, org), progress)| (job, epoch, org, progress)).collect();
    let renewed: Vec<(i64, i64)> =
        sqlx::query_as(RENEW).bind(json(&rows)?).bind(row::micros(until)).fetch_all(connection).await?;
    let renewed: HashSet<(i64, u64)> = renewed
        .into_iter()
        .map(|(id, epoch)| Ok((id, row::unsigned(epoch)?)))
        .collect::<Result<_, Failure>>()?;
    // A lease of another org has the job and the epoch of a live one.
    let mut held = HashSet::new();
    for beat in beats {
        let (job, epoch, _) = fence(&beat.lease);
        if renewed.contains(&(job, epoch)) {
            held.insert(fence(&beat.lease));
        }
    }
    Ok(beats.iter().map(|beat| held.contains(&fence(&beat.lease))).collect())
}
