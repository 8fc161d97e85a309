//! Lines: the unfinished jobs of an ordering key, and whose turn it is.

use std::collections::BTreeMap;

use carewire_sync_engine::BlindKey;
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::statement::{Statement, Values};
use crate::error::Failure;
use crate::row;

/// The place of a failed job that parks its keys.
pub(super) const PARKED: i64 = 0;
/// The place of the job whose turn it is.
pub(super) const FIRST: i64 = 1;
/// The place of a job that waits for its turn.
pub(super) const BEHIND: i64 = 2;

const KEY_BYTES: usize = 32;

/// The ordering keys of a job as one blob, each once, in order.
pub(super) fn joined(keys: &[BlindKey]) -> Vec<u8> {
    let mut keys: Vec<&[u8]> = keys.iter().map(|key| key.0.as_slice()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.concat()
}

/// The keys of such a blob.
fn split(keys: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    keys.chunks(KEY_BYTES).map(<[u8]>::to_vec)
}

/// An org and a key of it.
type Line = (String, Vec<u8>);

/// A job in a line: the line, its place, its id, and until when it parks the line.
pub(super) type Place = (Line, i64, i64, Option<i64>);

/// What one operation does to lines: collected, then applied in a few statements.
#[derive(Default)]
pub(super) struct Lines {
    removed: Vec<Place>,
    added: Vec<Place>,
    /// Lines whose turn may have changed; `true` where a parked job has gone.
    touched: BTreeMap<Line, bool>,
}

impl Lines {
    /// A job leaves the places in which it may stand.
    pub(super) fn remove(&mut self, org: &str, keys: &[u8], places: &[i64], id: i64) {
        for key in split(keys) {
            for place in places {
                self.removed.push(((org.to_owned(), key.clone()), *place, id, None));
            }
            *self.touch(org, key) |= places.contains(&PARKED);
        }
    }

    pub(super) fn add(&mut self, org: &str, keys: &[u8], place: i64, id: i64, until: Option<i64>) {
        for key in split(keys) {
            self.added.push(((org.to_owned(), key.clone()), place, id, until));
            self.touch(org, key);
        }
    }

    /// An active job of the keys has come back to wait: an older one may go first.
    pub(super) fn recheck(&mut self, org: &str, keys: &[u8]) {
        for key in split(keys) {
            self.touch(org, key);
        }
    }

    fn touch(&mut self, org: &str, key: Vec<u8>) -> &mut bool {
        self.touched.entry((org.to_owned(), key)).or_default()
    }

    /// Stores the changes behind `before`, in one trip, and gives the turns on.
    pub(super) async fn store(
        self,
        mut before: Statement,
        connection: &mut SqliteConnection,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let lines: Vec<_> = self.touched.into_iter().collect();
        leave(&mut before, &self.removed);
        enter(&mut before, &self.added);
        let numbered: Vec<_> = lines.iter().enumerate().collect();
        before.over(
            LOOK,
            4,
            &numbered,
            |(position, ((org, key), unparked)), values| {
                let position = i64::try_from(*position).unwrap_or(i64::MAX);
                values.add(position).add(org.as_str()).add(key.as_slice()).add(*unparked);
            },
            |_| {},
        );
        if lines.is_empty() {
            return before.run(connection).await;
        }
        let found: Vec<Found> = before.rows(connection).await?;
        let mut moves = Moves::default();
        for (position, holder, holder_waits, next, parked) in found {
            let Some((line, unparked)) = lines.get(position) else { continue };
            moves.parked |= parked > 0;
            moves.decide(line, holder.filter(|_| holder_waits > 0), holder, next, *unparked);
        }
        moves.store(connection, now).await
    }
}

fn leave(statement: &mut Statement, places: &[Place]) {
    statement.over(
        LEAVE,
        4,
        places,
        |((org, key), place, id, _), values| {
            values.add(org.as_str()).add(key.as_slice()).add(*place).add(*id);
        },
        |_| {},
    );
}

pub(super) fn enter(statement: &mut Statement, places: &[Place]) {
    statement.over(
        ENTER,
        5,
        places,
        |((org, key), place, id, until), values| {
            values.add(org.as_str()).add(key.as_slice()).add(*place).add(*id).add(*until);
        },
        |_| {},
    );
}

pub(super) const LEAVE: &str = "DELETE FROM job_key WHERE (org, okey, place, id) IN (rows)";
pub(super) const ENTER: &str = "
    INSERT INTO job_key (org, okey, place, id, until)
    SELECT column1, column2, column3, column4, column5 FROM (rows) WHERE column4 IS NOT NULL";

/// The position of the line, the job whose turn it is, whether that waits, the first one behind it, whether one is parked.
type Found = (usize, Option<i64>, i64, Option<i64>, i64);

pub(super) const LOOK: &str = "
    WITH line(position, org, okey, unparked) AS (rows), turn AS MATERIALIZED (
        SELECT position, unparked,
               (SELECT id FROM job_key AS k WHERE k.org = line.org AND k.okey = line.okey AND k.place = 1) AS holder,
               (SELECT min(id) FROM job_key AS k WHERE k.org = line.org AND k.okey = line.okey AND k.place = 2) AS next,
               EXISTS (SELECT 1 FROM job_key AS k WHERE k.org = line.org AND k.okey = line.okey AND k.place = 0) AS parked
        FROM line WHERE position IS NOT NULL
    )
    SELECT '[' || ifnull(group_concat('[' || position || ',' || ifnull(holder, 'null') || ',' ||
               EXISTS (SELECT 1 FROM job WHERE job.id = turn.holder AND job.state = 'waiting') || ',' ||
               ifnull(next, 'null') || ',' || parked || ']'), '') || ']'
    FROM turn WHERE next IS NOT NULL OR unparked";

/// Jobs that get or lose a turn.
#[derive(Default)]
pub(super) struct Moves {
    left: Vec<Place>,
    taken: Vec<Place>,
    /// By job, how its blockers change.
    jobs: BTreeMap<i64, i64>,
    /// Whether a parked job may stand before one of them.
    parked: bool,
}

impl Moves {
    /// Jobs whose content has changed: when they may run is found out anew.
    pub(super) fn refresh(jobs: impl IntoIterator<Item = i64>) -> Self {
        Self { jobs: jobs.into_iter().map(|id| (id, 0)).collect(), parked: true, ..Self::default() }
    }

    fn decide(
        &mut self,
        line: &Line,
        waiting: Option<i64>,
        holder: Option<i64>,
        next: Option<i64>,
        unparked: bool,
    ) {
        match (holder, next) {
            (None, Some(next)) => self.give(line, next, -1),
            (Some(_), Some(next)) if waiting.is_some_and(|waiting| next < waiting) => {
                self.give(line, next, -1);
                waiting.into_iter().for_each(|waiting| self.give(line, waiting, 1));
            }
            _ if unparked => {
                waiting.into_iter().for_each(|waiting| _ = self.jobs.entry(waiting).or_default())
            }
            _ => {}
        }
    }

    /// The turn: -1 gives it, 1 takes it away.
    fn give(&mut self, line: &Line, job: i64, blockers: i64) {
        let (from, to) = if blockers < 0 { (BEHIND, FIRST) } else { (FIRST, BEHIND) };
        self.left.push((line.clone(), from, job, None));
        self.taken.push((line.clone(), to, job, None));
        *self.jobs.entry(job).or_default() += blockers;
    }

    pub(super) async fn store(
        self,
        connection: &mut SqliteConnection,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if self.jobs.is_empty() {
            return Ok(());
        }
        let jobs: Vec<_> = self.jobs.into_iter().collect();
        let mut moves = Statement::default();
        leave(&mut moves, &self.left);
        enter(&mut moves, &self.taken);
        let instant = row::micros(now);
        moves.over(
            MOVE,
            2,
            &jobs,
            |(id, blocked), values| _ = values.add(*id).add(*blocked),
            |values| _ = values.add(instant).add(instant),
        );
        moves.over(
            DUE_BY,
            1,
            &jobs,
            |(id, _), values| _ = values.add(*id),
            |values| _ = values.add(instant).add(instant),
        );
        moves.over(
            FREED,
            1,
            &jobs,
            |(id, _), values| _ = values.add(*id),
            |values| _ = values.add(self.parked),
        );
        let freed: Vec<(i64, String, String)> = moves.rows(connection).await?;
        wait_for_parked(connection, &freed, instant).await
    }
}

/// A waiting job without blockers may be claimed now or later.
pub(super) const MOVE: &str = "
    WITH moved(id, blocked) AS (rows)
    UPDATE job SET blockers = blockers + moved.blocked,
                   rank = CASE WHEN blockers + moved.blocked = 0 AND run_at <= ?
                               THEN run_at + 60000000 * (priority - 1) END,
                   later = CASE WHEN run_at > ? THEN run_at END
    FROM moved WHERE job.id = moved.id AND job.state = 'waiting'";

pub(super) const DUE_BY: &str = "
    WITH moved(id) AS (rows)
    UPDATE job_lane SET latest = ? WHERE latest < ? AND id IN (
        SELECT job.lane FROM moved CROSS JOIN job ON job.id = moved.id)";

/// Those for which parked jobs must be asked.
pub(super) const FREED: &str = "
    WITH moved(id) AS (rows)
    SELECT '[' || ifnull(group_concat('[' || job.id || ',\"' || org || '\",\"' || hex(okeys) || '\"]'), '') || ']'
    FROM moved CROSS JOIN job ON job.id = moved.id
    WHERE state = 'waiting' AND blockers = 0 AND okeys IS NOT NULL AND (? OR length(okeys) > 32)";

/// A job whose turn it is runs when no older job parks one of its keys any more.
async fn wait_for_parked(
    connection: &mut SqliteConnection,
    freed: &[(i64, String, String)],
    now: i64,
) -> Result<(), Failure> {
    let mut asked = Vec::new();
    for (id, org, keys) in freed {
        asked.extend(split(&unhex(keys)?).map(|key| (*id, org.as_str(), key)));
    }
    let mut wait = Statement::default();
    let bind = |(id, org, key): &(i64, &str, Vec<u8>), values: &mut Values| {
        values.add(*id).add(*org).add(key.as_slice());
    };
    wait.over(PARK_ENDED, 3, &asked, bind, |values| _ = values.add(now));
    wait.over(WAIT_FOR_PARKED, 3, &asked, bind, |_| {});
    wait.run(connection).await
}

pub(super) const PARK_ENDED: &str = "
    WITH asked(id, org, okey) AS (rows)
    DELETE FROM job_key WHERE place = 0 AND until <= ? AND (org, okey, place, id) IN (
        SELECT k.org, k.okey, 0, k.id FROM asked CROSS JOIN job_key AS k
        ON k.org = asked.org AND k.okey = asked.okey AND k.place = 0)";

pub(super) const WAIT_FOR_PARKED: &str = "
    WITH asked(id, org, okey) AS (rows)
    UPDATE job SET rank = NULL, later = max(run_at, parked.until)
    FROM (SELECT asked.id AS id, max(k.until) AS until
          FROM asked CROSS JOIN job_key AS k
               ON k.org = asked.org AND k.okey = asked.okey AND k.place = 0 AND k.id < asked.id
          GROUP BY 1) AS parked
    WHERE job.id = parked.id";

/// The keys of a job, or its lack of any, as SQL's `hex` writes them.
pub(super) fn unhex(keys: &str) -> Result<Vec<u8>, Failure> {
    data_encoding::HEXUPPER.decode(keys.as_bytes()).map_err(|_| Failure::Corrupt("ordering keys"))
}
