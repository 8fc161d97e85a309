//! Enqueueing: new jobs, and those that unsettled ones stand for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use carewire_sync_engine::{Enqueued, HowEnqueued, JobId, JobState, NewJob, Unique, UniqueMode};
use serde::Serialize;
use sqlx::SqliteConnection;

use super::json;
use super::lanes::{self, COUNT, Counts};
use super::lines::{self, BEHIND, FIRST, Moves};
use super::stored::{rank, state_of};
use crate::error::Failure;
use crate::row;

/// Stores the jobs inside the open transaction; after a failure that must be rolled back.
pub(crate) async fn enqueue(
    connection: &mut SqliteConnection,
    jobs: &[NewJob],
) -> Result<Vec<Enqueued>, Failure> {
    let mut enqueued = Vec::with_capacity(jobs.len());
    let mut rest = jobs;
    while !rest.is_empty() {
        // A job may replace one that stands before it in the list: that must be stored by then.
        let (chunk, later) = rest.split_at_checked(distinct(rest)).unwrap_or((rest, &[]));
        enqueue_distinct(connection, chunk, &mut enqueued).await?;
        rest = later;
    }
    Ok(enqueued)
}

type UniqueKey<'a> = (&'a str, &'a str, &'a str);

fn unique_key(job: &NewJob) -> Option<UniqueKey<'_>> {
    job.unique.as_ref().map(|unique| (job.org.as_str(), job.queue.as_str(), unique.key.as_str()))
}

/// How many jobs there are before a unique key comes for the second time.
fn distinct(jobs: &[NewJob]) -> usize {
    let mut seen = BTreeSet::new();
    jobs.iter().take_while(|job| unique_key(job).is_none_or(|key| seen.insert(key))).count()
}

async fn enqueue_distinct(
    connection: &mut SqliteConnection,
    jobs: &[NewJob],
    enqueued: &mut Vec<Enqueued>,
) -> Result<(), Failure> {
    let known = Known::of(connection, jobs).await?;
    let met = met(connection, jobs).await?;
    let mut batch = Batch::after(known);
    let mut replaced = Vec::new();
    for job in jobs {
        let met = unique_key(job).and_then(|key| met.get(&key));
        match met.map(|met| (met, met.meets(job))) {
            Some((met, Some(how))) => {
                if how == HowEnqueued::Replaced {
                    met.has_the_keys_of(job)?;
                    replaced.push((met, job));
                }
                enqueued.push(Enqueued { id: JobId(met.id), how });
            }
            Some((met, None)) => enqueued.push(batch.add(job, Some(met.id))?),
            None => enqueued.push(batch.add(job, None)?),
        }
    }
    for (met, job) in replaced {
        replace(connection, met, job, batch.known.lane(job)?).await?;
    }
    batch.store(connection).await
}

/// What is known of the lanes and lines of new jobs.
struct Known<'a> {
    last_id: i64,
    lanes: HashMap<lanes::Name<'a>, i64>,
    /// By org and key: whether it is somebody's turn, and until when the line is parked.
    lines: HashMap<(&'a str, String), (bool, Option<i64>)>,
}

/// Makes the lanes and looks: the last id, the lanes in their order, the lines in theirs.
static LOOK: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{};
         SELECT 0 AS what, 0 AS position, ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'job'), 0) AS number, NULL AS until
         UNION ALL
         SELECT 1, key, ({}), NULL FROM json_each($1) AS name
         UNION ALL
         SELECT 2, line.key,
                EXISTS (SELECT 1 FROM job_key
                        WHERE org = line.value ->> 0 AND okey = unhex(line.value ->> 1) AND place = {FIRST}),
                (SELECT max(until) FROM job_key
                 WHERE org = line.value ->> 0 AND okey = unhex(line.value ->> 1) AND place = 0)
         FROM json_each($2) AS line",
        lanes::MAKE,
        lanes::FIND
    )
});

impl<'a> Known<'a> {
    async fn of(connection: &mut SqliteConnection, jobs: &'a [NewJob]) -> Result<Self, Failure> {
        let names: Vec<_> = jobs.iter().map(lanes::name).collect::<BTreeSet<_>>().into_iter().collect();
        let lines: Vec<_> = jobs.iter().flat_map(lines_of).collect::<BTreeSet<_>>().into_iter().collect();
        let rows: Vec<(i64, i64, i64, Option<i64>)> = sqlx::query_as(LOOK.as_str())
            .bind(json(&names)?)
            .bind(json(&lines)?)
            .fetch_all(connection)
            .await?;
        let mut known = Self { last_id: 0, lanes: HashMap::new(), lines: HashMap::new() };
        for (what, position, number, until) in rows {
            let position = usize::try_from(position).unwrap_or(usize::MAX);
            match what {
                0 => known.last_id = number,
                1 => known.lanes.extend(names.get(position).map(|name| (*name, number))),
                _ => known.lines.extend(lines.get(position).map(|line| (line.clone(), (number > 0, until)))),
            }
        }
        Ok(known)
    }

    fn lane(&self, job: &NewJob) -> Result<i64, Failure> {
        self.lanes.get(&lanes::name(job)).copied().ok_or(Failure::Corrupt("lane"))
    }
}

fn lines_of(job: &NewJob) -> impl Iterator<Item = (&str, String)> {
    job.ordering_keys.iter().map(|key| (job.org.as_str(), row::hex(key)))
}

/// The unsettled job that has a unique key.
struct Met {
    id: i64,
    lane: i64,
    state: JobState,
    enqueued_at: i64,
    keys: Vec<u8>,
}

impl Met {
    /// What it makes of a new job of its key; nothing: one more is enqueued.
    fn meets(&self, new: &NewJob) -> Option<HowEnqueued> {
        let mode = new.unique.as_ref().map(|unique| unique.mode)?;
        match (mode, self.state) {
            (UniqueMode::Skip, _) | (UniqueMode::Replace, JobState::Active) => Some(HowEnqueued::Skipped),
            (_, JobState::Active) => None,
            _ => Some(HowEnqueued::Replaced),
        }
    }

    fn has_the_keys_of(&self, new: &NewJob) -> Result<(), Failure> {
        if self.keys == lines::joined(&new.ordering_keys) {
            return Ok(());
        }
        Err(Failure::Conflict("the ordering keys of a replacement"))
    }
}

type MetColumns = (i64, i64, i64, String, i64, Option<Vec<u8>>);

async fn met<'a>(
    connection: &mut SqliteConnection,
    jobs: &'a [NewJob],
) -> Result<HashMap<UniqueKey<'a>, Met>, Failure> {
    let keys: Vec<_> = jobs.iter().filter_map(unique_key).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<MetColumns> = sqlx::query_as(
        "SELECT wanted.key, job.id, job.lane, job.state, job.enqueued_at, job.okeys
         FROM json_each($1) AS wanted CROSS JOIN job INDEXED BY job_unique
              ON job.org = wanted.value ->> 0 AND job.queue = wanted.value ->> 1
                 AND job.unique_key = wanted.value ->> 2",
    )
    .bind(json(&keys)?)
    .fetch_all(connection)
    .await?;
    let mut met = HashMap::new();
    for (position, id, lane, state, enqueued_at, keys_of_job) in rows {
        let key = usize::try_from(position).ok().and_then(|position| keys.get(position));
        let state = state_of(&state)?;
        let found = Met { id, lane, state, enqueued_at, keys: keys_of_job.unwrap_or_default() };
        met.extend(key.map(|key| (*key, found)));
    }
    Ok(met)
}

/// Jobs to insert, with what goes with them.
struct Batch<'a> {
    known: Known<'a>,
    rows: Vec<Row<'a>>,
    places: Vec<(&'a str, String, i64, i64)>,
    counts: Counts,
    /// Jobs that had the unique key of a new one.
    superseded: Vec<i64>,
}

/// The columns of a new job, as a JSON array.
#[derive(Serialize)]
struct Row<'a>(Place<'a>, i64, i64, u32, u8, u32, Option<i64>, Option<String>, Option<&'a str>, Content<'a>);
/// Id, lane, org, queue, blockers, rank, later.
type Place<'a> = (i64, i64, &'a str, &'a str, i64, Option<i64>, Option<i64>);
/// Correlation and references.
type Content<'a> = (&'a str, &'a BTreeMap<String, String>);

static INSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE job SET unique_key = NULL WHERE id IN (SELECT value FROM json_each($4));
         INSERT INTO job (id, lane, org, queue, state, blockers, rank, later, run_at, enqueued_at, max_attempts, priority,
                          cost, park, okeys, unique_key, correlation, refs)
         SELECT value ->> '$[0][0]', value ->> '$[0][1]', value ->> '$[0][2]', value ->> '$[0][3]', 'waiting',
                value ->> '$[0][4]', value ->> '$[0][5]', value ->> '$[0][6]', value ->> 1, value ->> 2, value ->> 3,
                value ->> 4, value ->> 5, value ->> 6, unhex(value ->> 7), value ->> 8,
                value ->> '$[9][0]', value -> '$[9][1]'
         FROM json_each($2);
         INSERT INTO job_key (org, okey, place, id)
         SELECT value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 FROM json_each($3);
         {COUNT}"
    )
});

impl<'a> Batch<'a> {
    fn after(known: Known<'a>) -> Self {
        Self {
            known,
            rows: Vec::new(),
            places: Vec::new(),
            counts: Counts::default(),
            superseded: Vec::new(),
        }
    }

    fn add(&mut self, job: &'a NewJob, superseded: Option<i64>) -> Result<Enqueued, Failure> {
        self.superseded.extend(superseded);
        self.known.last_id += 1;
        let id = self.known.last_id;
        let lane = self.known.lane(job)?;
        let (blockers, parked) = self.stand_in_line(job, id);
        let (enqueued_at, run_at) = (row::micros(job.enqueued_at), row::micros(job.first_run()));
        let due = parked.filter(|_| blockers == 0).map_or(run_at, |until| until.max(run_at));
        let later = (due > enqueued_at).then_some(due);
        let rank = (blockers == 0 && later.is_none()).then(|| rank(run_at, i64::from(job.priority.number())));
        let keys = (!job.ordering_keys.is_empty())
            .then(|| data_encoding::HEXUPPER.encode(&lines::joined(&job.ordering_keys)));
        self.rows.push(Row(
            (id, lane, job.org.as_str(), &job.queue, blockers, rank, later),
            run_at,
            enqueued_at,
            job.max_attempts,
            job.priority.number(),
            job.cost.max(1),
            park(job),
            keys,
            job.unique.as_ref().map(|unique| unique.key.as_str()),
            (job.correlation.as_str(), &job.refs),
        ));
        self.counts.gains(lane, JobState::Waiting, enqueued_at);
        Ok(Enqueued::new(JobId(id)))
    }

    /// In how many of its lines it is another job's turn, and until when the others are parked.
    fn stand_in_line(&mut self, job: &'a NewJob, id: i64) -> (i64, Option<i64>) {
        let (mut blockers, mut parked) = (0, None);
        for line in lines_of(job).collect::<BTreeSet<_>>() {
            let (taken, until) = self.known.lines.get(&line).copied().unwrap_or_default();
            self.places.push((line.0, line.1.clone(), if taken { BEHIND } else { FIRST }, id));
            blockers += i64::from(taken);
            parked = parked.max(until);
            self.known.lines.insert(line, (true, until));
        }
        (blockers, parked)
    }

    async fn store(self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        if self.rows.is_empty() {
            return Ok(());
        }
        sqlx::query(INSERT.as_str())
            .bind(self.counts.json()?)
            .bind(json(&self.rows)?)
            .bind(json(&self.places)?)
            .bind(json(&self.superseded)?)
            .execute(connection)
            .await?;
        Ok(())
    }
}

fn park(job: &NewJob) -> Option<i64> {
    job.park.map(|park| i64::try_from(park.as_micros()).unwrap_or(i64::MAX))
}

const REPLACE: &str = "
    UPDATE job SET lane = $2, run_at = $3, max_attempts = $4, priority = $5, cost = $6, park = $7, unique_key = $8,
                   correlation = $9, refs = $10,
                   later = CASE WHEN state = 'waiting' AND $3 > $11 THEN $3 END,
                   rank = CASE WHEN state = 'waiting' AND blockers = 0 AND $3 <= $11
                               THEN $3 + 60000000 * ($5 - 1) END
    WHERE id = $1";

async fn replace(
    connection: &mut SqliteConnection,
    met: &Met,
    new: &NewJob,
    lane: i64,
) -> Result<(), Failure> {
    let run_at = new.run_after_replacing(row::instant(met.enqueued_at)?);
    sqlx::query(REPLACE)
        .bind(met.id)
        .bind(lane)
        .bind(row::micros(run_at))
        .bind(new.max_attempts)
        .bind(new.priority.number())
        .bind(new.cost.max(1))
        .bind(park(new))
        .bind(new.unique.as_ref().map(|Unique { key, .. }| key.as_str()))
        .bind(new.correlation.as_str())
        .bind(json(&new.refs)?)
        .bind(row::micros(new.enqueued_at))
        .execute(&mut *connection)
        .await?;
    let mut counts = Counts::default();
    counts.loses(met.lane, met.state);
    counts.gains(lane, met.state, row::micros(new.enqueued_at));
    counts.store(connection).await?;
    if met.keys.is_empty() {
        return Ok(());
    }
    Moves::refresh([met.id]).store(connection, new.enqueued_at).await
}
