//! Lines: the unfinished jobs of an ordering key, and whose turn it is.

use std::collections::BTreeMap;

use carewire_sync_engine::BlindKey;
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::json;
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

/// The keys of such a blob as SQL's `unhex` reads them.
pub(super) fn split(keys: &[u8]) -> impl Iterator<Item = String> {
    keys.chunks(KEY_BYTES).map(|key| data_encoding::HEXUPPER.encode(key))
}

/// An org and a key of it.
type Line = (String, String);

/// What one operation does to lines: collected, then applied in a few statements.
#[derive(Default)]
pub(super) struct Lines {
    removed: Vec<(String, String, i64, i64)>,
    added: Vec<(String, String, i64, i64, Option<i64>)>,
    /// Lines whose turn may have changed; `true` where a parked job has gone.
    touched: BTreeMap<Line, bool>,
}

impl Lines {
    /// A job leaves the places in which it may stand.
    pub(super) fn remove(&mut self, org: &str, keys: &[u8], places: &[i64], id: i64) {
        for key in split(keys) {
            for place in places {
                self.removed.push((org.to_owned(), key.clone(), *place, id));
            }
            *self.touch(org, key) |= places.contains(&PARKED);
        }
    }

    pub(super) fn add(&mut self, org: &str, keys: &[u8], place: i64, id: i64, until: Option<i64>) {
        for key in split(keys) {
            self.added.push((org.to_owned(), key.clone(), place, id, until));
            self.touch(org, key);
        }
    }

    /// An active job of the keys has come back to wait: an older one may go first.
    pub(super) fn recheck(&mut self, org: &str, keys: &[u8]) {
        for key in split(keys) {
            self.touch(org, key);
        }
    }

    fn touch(&mut self, org: &str, key: String) -> &mut bool {
        self.touched.entry((org.to_owned(), key)).or_default()
    }

    /// Stores the changes and gives the turns on.
    pub(super) async fn store(
        self,
        connection: &mut SqliteConnection,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if self.touched.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = self.touched.into_iter().collect();
        let found: Vec<Found> = sqlx::query_as(CHANGE_AND_LOOK)
            .bind(json(&self.removed)?)
            .bind(json(&self.added)?)
            .bind(json(&lines)?)
            .fetch_all(&mut *connection)
            .await?;
        let mut moves = Moves::default();
        for (position, holder, holder_waits, next, parked) in found {
            let line = usize::try_from(position).ok().and_then(|position| lines.get(position));
            let Some((line, unparked)) = line else { continue };
            moves.parked |= parked;
            moves.decide(line, holder.filter(|_| holder_waits), holder, next, *unparked);
        }
        moves.store(connection, now).await
    }
}

/// The position of the line, the job whose turn it is, whether that waits, the first one behind it, whether one is parked.
type Found = (i64, Option<i64>, bool, Option<i64>, bool);

pub(super) const CHANGE_AND_LOOK: &str = "
    DELETE FROM job_key WHERE (org, okey, place, id) IN (
        SELECT value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 FROM json_each($1));
    INSERT INTO job_key (org, okey, place, id, until)
    SELECT value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4 FROM json_each($2);
    WITH line AS MATERIALIZED (
        SELECT key AS position, value -> 0 ->> 0 AS org, unhex(value -> 0 ->> 1) AS okey, value ->> 1 AS unparked
        FROM json_each($3)
    ), turn AS MATERIALIZED (
        SELECT position, unparked,
               (SELECT id FROM job_key AS k WHERE k.org = line.org AND k.okey = line.okey AND k.place = 1) AS holder,
               (SELECT min(id) FROM job_key AS k WHERE k.org = line.org AND k.okey = line.okey AND k.place = 2) AS next,
               EXISTS (SELECT 1 FROM job_key AS k WHERE k.org = line.org AND k.okey = line.okey AND k.place = 0) AS parked
        FROM line
    )
    SELECT position, holder,
           EXISTS (SELECT 1 FROM job WHERE job.id = turn.holder AND job.state = 'waiting'), next, parked
    FROM turn WHERE next IS NOT NULL OR unparked";

/// Jobs that get or lose a turn.
#[derive(Default)]
pub(super) struct Moves {
    places: Vec<(String, String, i64, i64, i64)>,
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
    fn give(&mut self, (org, key): &Line, job: i64, blockers: i64) {
        let (from, to) = if blockers < 0 { (BEHIND, FIRST) } else { (FIRST, BEHIND) };
        self.places.push((org.clone(), key.clone(), from, job, to));
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
        let freed: Vec<(i64, String, Vec<u8>)> = sqlx::query_as(MOVE)
            .bind(json(&self.places)?)
            .bind(json(&jobs)?)
            .bind(row::micros(now))
            .bind(self.parked)
            .fetch_all(&mut *connection)
            .await?;
        if freed.is_empty() {
            return Ok(());
        }
        let keys: Vec<_> = freed
            .iter()
            .flat_map(|(id, org, keys)| split(keys).map(move |key| (*id, org.as_str(), key)))
            .collect();
        sqlx::query(WAIT_FOR_PARKED).bind(json(&keys)?).bind(row::micros(now)).execute(connection).await?;
        Ok(())
    }
}

/// Moves places and counts blockers; a waiting job without any may be claimed now or later. Answers those for which parked
/// jobs must be asked.
pub(super) const MOVE: &str = "
    DELETE FROM job_key WHERE (org, okey, place, id) IN (
        SELECT value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 FROM json_each($1));
    INSERT INTO job_key (org, okey, place, id)
    SELECT value ->> 0, unhex(value ->> 1), value ->> 4, value ->> 3 FROM json_each($1);
    UPDATE job SET blockers = blockers + moved.blocked,
                   rank = CASE WHEN blockers + moved.blocked = 0 AND run_at <= $3
                               THEN run_at + 60000000 * (priority - 1) END,
                   later = CASE WHEN run_at > $3 THEN run_at END
    FROM (SELECT value ->> 0 AS id, value ->> 1 AS blocked FROM json_each($2)) AS moved
    WHERE job.id = moved.id AND job.state = 'waiting';
    UPDATE job_lane SET latest = $3 WHERE latest < $3 AND id IN (
        SELECT lane FROM job WHERE id IN (SELECT value ->> 0 FROM json_each($2)));
    SELECT id, org, okeys FROM job
    WHERE id IN (SELECT value ->> 0 FROM json_each($2))
      AND state = 'waiting' AND blockers = 0 AND ($4 OR length(okeys) > 32) AND okeys IS NOT NULL";

/// A job whose turn it is runs when no older job parks one of its keys any more.
pub(super) const WAIT_FOR_PARKED: &str = "
    DELETE FROM job_key WHERE place = 0 AND until <= $2 AND (org, okey, place, id) IN (
        SELECT k.org, k.okey, 0, k.id
        FROM json_each($1) AS asked CROSS JOIN job_key AS k
             ON k.org = asked.value ->> 1 AND k.okey = unhex(asked.value ->> 2) AND k.place = 0);
    UPDATE job SET rank = NULL, later = max(run_at, parked.until)
    FROM (SELECT asked.value ->> 0 AS id, max(k.until) AS until
          FROM json_each($1) AS asked CROSS JOIN job_key AS k
               ON k.org = asked.value ->> 1 AND k.okey = unhex(asked.value ->> 2) AND k.place = 0
                  AND k.id < asked.value ->> 0
          GROUP BY 1) AS parked
    WHERE job.id = parked.id";
