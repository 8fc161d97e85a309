//! Enqueueing: new jobs, and those that unsettled ones stand for.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use carewire_sync_engine::{Enqueued, HowEnqueued, JobId, JobState, NewJob, Unique, UniqueMode};
use sqlx::SqliteConnection;

use super::json;
use super::lanes::{self, Counts};
use super::lines::{self, BEHIND, FIRST, Moves, Place};
use super::statement::{Statement, Values, parse};
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
    /// Whether it is somebody's turn, and until when the line is parked.
    lines: HashMap<Line<'a>, (bool, Option<i64>)>,
}

/// An org and a key of it.
type Line<'a> = (&'a str, &'a [u8]);

const LAST_ID: &str = "SELECT json_array(ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'job'), 0))";

static LANES: LazyLock<String> =
    LazyLock::new(|| format!("SELECT json_group_array(({})) FROM json_each(?) AS name", lanes::FIND));

/// Position, whether it is somebody's turn, until when the line is parked.
pub(super) const LINES: &str = "
    WITH line(position, org, okey) AS (rows)
    SELECT '[' || ifnull(group_concat('[' || position || ',' ||
               EXISTS (SELECT 1 FROM job_key AS k WHERE k.org = line.org AND k.okey = line.okey AND k.place = 1) || ',' ||
               ifnull((SELECT max(until) FROM job_key AS k
                       WHERE k.org = line.org AND k.okey = line.okey AND k.place = 0), 'null') || ']'), '') || ']'
    FROM line WHERE position IS NOT NULL";

impl<'a> Known<'a> {
    async fn of(connection: &mut SqliteConnection, jobs: &'a [NewJob]) -> Result<Self, Failure> {
        let names: Vec<_> = jobs.iter().map(lanes::name).collect::<BTreeSet<_>>().into_iter().collect();
        let lines: Vec<_> = jobs.iter().flat_map(lines_of).collect::<BTreeSet<_>>().into_iter().collect();
        let listed = json(&names)?;
        let mut look = Statement::default();
        look.then(lanes::MAKE).add(listed.as_str());
        look.then(LAST_ID);
        look.then(&LANES).add(listed.as_str());
        let numbered: Vec<_> = lines.iter().enumerate().collect();
        look.over(
            LINES,
            3,
            &numbered,
            |(position, (org, key)), values| _ = values.add(row::limit(*position)).add(*org).add(*key),
            |_| {},
        );
        let answers = look.answers(connection).await?;
        let [last_id, ids, found @ ..] = answers.as_slice() else { return Err(Failure::Corrupt("lane")) };
        let ([last_id], ids): ([i64; 1], Vec<i64>) = (parse(last_id)?, parse(ids)?);
        let mut known = Self { last_id, lanes: names.into_iter().zip(ids).collect(), lines: HashMap::new() };
        for found in found {
            for (position, taken, until) in parse::<Vec<(usize, i64, Option<i64>)>>(found)? {
                known.lines.extend(lines.get(position).map(|line| (*line, (taken > 0, until))));
            }
        }
        Ok(known)
    }

    fn lane(&self, job: &NewJob) -> Result<i64, Failure> {
        self.lanes.get(&lanes::name(job)).copied().ok_or(Failure::Corrupt("lane"))
    }
}

fn lines_of(job: &NewJob) -> impl Iterator<Item = Line<'_>> {
    job.ordering_keys.iter().map(|key| (job.org.as_str(), key.0.as_slice()))
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
    places: Vec<Place>,
    counts: Counts,
    /// Jobs that had the unique key of a new one.
    superseded: Vec<i64>,
}

/// What is not in the job itself.
struct Row<'a> {
    id: i64,
    lane: i64,
    blockers: i64,
    rank: Option<i64>,
    later: Option<i64>,
    job: &'a NewJob,
}

pub(super) const INSERT: &str = "
    INSERT INTO job (id, lane, org, queue, state, blockers, rank, later, run_at, enqueued_at, max_attempts, priority, cost,
                     park, okeys, unique_key)
    SELECT column1, column2, column3, column4, 'waiting', column5, column6, column7, column8, column9, column10, column11,
           column12, column13, column14, column15
    FROM (rows) WHERE column1 IS NOT NULL";

pub(super) const INSERT_CONTENT: &str = "
    INSERT INTO job_content (id, correlation, refs)
    SELECT column1, column2, column3 FROM (rows) WHERE column1 IS NOT NULL";

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
        self.rows.push(Row { id, lane, blockers, rank, later, job });
        self.counts.gains(lane, JobState::Waiting, enqueued_at);
        Ok(Enqueued::new(JobId(id)))
    }

    /// In how many of its lines it is another job's turn, and until when the others are parked.
    fn stand_in_line(&mut self, job: &'a NewJob, id: i64) -> (i64, Option<i64>) {
        let (mut blockers, mut parked) = (0, None);
        for line in lines_of(job).collect::<BTreeSet<_>>() {
            let (taken, until) = self.known.lines.get(&line).copied().unwrap_or_default();
            let place = if taken { BEHIND } else { FIRST };
            self.places.push(((line.0.to_owned(), line.1.to_vec()), place, id, None));
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
        let refs = self.rows.iter().map(|row| json(&row.job.refs)).collect::<Result<Vec<_>, _>>()?;
        let contents: Vec<_> = self.rows.iter().zip(&refs).collect();
        let mut insert = Statement::default();
        if !self.superseded.is_empty() {
            insert
                .then("UPDATE job SET unique_key = NULL WHERE id IN (SELECT value FROM json_each(?))")
                .add(json(&self.superseded)?);
        }
        insert.over(INSERT, 15, &self.rows, Row::bind, |_| {});
        insert.over(
            INSERT_CONTENT,
            3,
            &contents,
            |(row, refs), values| _ = values.add(row.id).add(row.job.correlation.as_str()).add(refs.as_str()),
            |_| {},
        );
        lines::enter(&mut insert, &self.places);
        self.counts.push(&mut insert);
        insert.run(connection).await
    }
}

impl Row<'_> {
    fn bind(&self, values: &mut Values) {
        let job = self.job;
        let keys = (!job.ordering_keys.is_empty()).then(|| lines::joined(&job.ordering_keys));
        values
            .add(self.id)
            .add(self.lane)
            .add(job.org.as_str())
            .add(job.queue.as_str())
            .add(self.blockers)
            .add(self.rank)
            .add(self.later)
            .add(row::micros(job.first_run()))
            .add(row::micros(job.enqueued_at))
            .add(job.max_attempts)
            .add(job.priority.number())
            .add(job.cost.max(1))
            .add(park(job))
            .add(keys)
            .add(job.unique.as_ref().map(|unique| unique.key.as_str()));
    }
}

fn park(job: &NewJob) -> Option<i64> {
    job.park.map(|park| i64::try_from(park.as_micros()).unwrap_or(i64::MAX))
}

const REPLACE: &str = "
    UPDATE job_content SET correlation = $9, refs = $10 WHERE id = $1;
    UPDATE job SET lane = $2, run_at = $3, max_attempts = $4, priority = $5, cost = $6, park = $7, unique_key = $8,
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
