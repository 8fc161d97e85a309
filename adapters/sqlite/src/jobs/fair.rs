//! Which jobs are next: deficit round robin over the orgs, by the cost of their jobs.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

use carewire_sync_engine::ClaimOptions;
use sqlx::SqliteConnection;

use super::due::{Queue, Waiting};
use super::statement::Statement;
use crate::error::Failure;
use crate::row;

/// A job that may be claimed. Ordered by rank and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) rank: i64,
    pub(super) id: i64,
    pub(super) lane: i64,
    cost: u32,
}

/// The jobs of a lane in their order, read in portions.
struct Stream {
    /// Its position among the lanes of the queue.
    lane: usize,
    read: VecDeque<Candidate>,
    last: (i64, i64),
    more: bool,
}

/// The lanes of an org.
struct Org {
    name: String,
    streams: Vec<Stream>,
}

/// The choice of one claim.
pub(super) struct Chooser<'a> {
    connection: &'a mut SqliteConnection,
    options: &'a ClaimOptions,
    queue: &'a mut Queue,
    pub(super) taken: Vec<Candidate>,
}

impl<'a> Chooser<'a> {
    pub(super) fn new(
        connection: &'a mut SqliteConnection,
        options: &'a ClaimOptions,
        queue: &'a mut Queue,
    ) -> Self {
        Self { connection, options, queue, taken: Vec::new() }
    }

    /// Takes up to the limit; the queue remembers whose turn it is.
    pub(super) async fn choose(mut self) -> Result<Vec<Candidate>, Failure> {
        let mut orgs = self.ring();
        self.queue.debts.retain(|org, _| orgs.iter().any(|other| other.name == *org));
        self.read_ahead(&mut orgs).await?;
        while !self.is_full() && !orgs.is_empty() {
            let credit = |org: &Org| self.queue.debts.get(&org.name).copied().unwrap_or(0);
            // When all are in debt, as many rounds pass at once as the least debt takes.
            let share = 1.max(1 - orgs.iter().map(credit).max().unwrap_or(0));
            orgs = self.round(orgs, share).await?;
        }
        self.queue.debts.retain(|_, credit| *credit != 0);
        Ok(self.taken)
    }

    fn is_full(&self) -> bool {
        self.taken.len() >= self.options.limit
    }

    /// The orgs that have jobs to claim, beginning behind the one that was served last.
    fn ring(&self) -> Vec<Org> {
        let mut orgs: BTreeMap<&str, Vec<Stream>> = BTreeMap::new();
        for (lane, waiting) in self.queue.lanes.iter().enumerate() {
            if waiting.ready.is_some() && self.is_open(waiting) {
                let stream = Stream { lane, read: VecDeque::new(), last: (i64::MIN, -1), more: true };
                orgs.entry(&waiting.lane.org).or_default().push(stream);
            }
        }
        let mut ring: Vec<Org> =
            orgs.into_iter().map(|(name, streams)| Org { name: name.to_owned(), streams }).collect();
        let served = |org: &Org| self.queue.last.as_ref().is_some_and(|last| org.name <= *last);
        let begin = ring.partition_point(served) % ring.len().max(1);
        ring.rotate_left(begin);
        ring
    }

    fn is_open(&self, waiting: &Waiting) -> bool {
        let limits = &self.queue.limits;
        limits.are_none() || limits.opens_at(&waiting.limit_lane(), self.options.now) <= self.options.now
    }

    /// Reads in one go what this claim will take if the orgs share it evenly.
    async fn read_ahead(&mut self, orgs: &mut [Org]) -> Result<(), Failure> {
        let served = orgs.len().min(self.options.limit).max(1);
        let each = self.options.limit.div_ceil(served);
        let mut streams: Vec<&mut Stream> =
            orgs.iter_mut().take(served).flat_map(|org| org.streams.iter_mut()).collect();
        self.read(&mut streams, each).await
    }

    async fn read(&mut self, streams: &mut [&mut Stream], each: usize) -> Result<(), Failure> {
        if streams.is_empty() || each == 0 {
            return Ok(());
        }
        let asked: Vec<_> = streams
            .iter()
            .enumerate()
            .map(|(position, stream)| {
                (position, self.queue.lanes.get(stream.lane).map(|lane| lane.lane.id), stream.last)
            })
            .collect();
        let mut candidates = Statement::default();
        candidates.over(
            CANDIDATES,
            4,
            &asked,
            |(position, lane, (rank, id)), values| {
                values.add(row::limit(*position)).add(*lane).add(*rank).add(*id);
            },
            |values| _ = values.add(row::limit(each)),
        );
        let rows: Vec<(usize, i64, i64, u32, i64)> = candidates.rows(&mut *self.connection).await?;
        let lane = |position: usize| asked.get(position).and_then(|(_, lane, _)| *lane).unwrap_or_default();
        let now = row::micros(self.options.now);
        let mut counts = vec![0; streams.len()];
        let mut found: Vec<_> = rows
            .into_iter()
            .map(|(stream, id, rank, cost, run_at)| {
                (stream, Candidate { rank, id, lane: lane(stream), cost }, run_at)
            })
            .collect();
        found.sort_unstable();
        for (position, candidate, run_at) in found {
            let (Some(stream), Some(count)) = (streams.get_mut(position), counts.get_mut(position)) else {
                continue;
            };
            *count += 1;
            stream.last = (candidate.rank, candidate.id);
            // The clock of who enqueued it may be ahead.
            if run_at <= now {
                stream.read.push_back(candidate);
            }
        }
        for (stream, count) in streams.iter_mut().zip(counts) {
            stream.more = count == each;
        }
        Ok(())
    }

    /// The stream of the org with the next job to claim, and that job.
    async fn next(&mut self, org: &mut Org) -> Result<Option<(usize, Candidate)>, Failure> {
        // What another job has taken meanwhile may have closed a lane.
        if !self.queue.limits.are_none() {
            let open =
                |stream: &Stream| self.queue.lanes.get(stream.lane).is_some_and(|lane| self.is_open(lane));
            org.streams.retain(open);
        }
        for stream in &mut org.streams {
            while stream.read.is_empty() && stream.more {
                let missing = self.options.limit.saturating_sub(self.taken.len()).max(1);
                self.read(&mut [stream], missing).await?;
            }
        }
        let firsts = org
            .streams
            .iter()
            .enumerate()
            .filter_map(|(position, stream)| Some((position, *stream.read.front()?)));
        Ok(firsts.min_by(|(_, one), (_, other)| one.cmp(other).then(Ordering::Equal)))
    }

    /// Gives each org its share, and takes jobs while it has credit.
    async fn round(&mut self, orgs: Vec<Org>, share: i64) -> Result<Vec<Org>, Failure> {
        let mut rest = Vec::with_capacity(orgs.len());
        for mut org in orgs {
            if self.is_full() || self.serve(&mut org, share).await? {
                rest.push(org);
            }
        }
        Ok(rest)
    }

    /// Answers whether the org has more.
    async fn serve(&mut self, org: &mut Org, share: i64) -> Result<bool, Failure> {
        let mut credit = self.queue.debts.remove(&org.name).unwrap_or(0) + share;
        while let Some((position, candidate)) = self.next(org).await? {
            if credit <= 0 || self.is_full() {
                self.queue.debts.insert(org.name.clone(), credit);
                return Ok(true);
            }
            credit -= i64::from(candidate.cost);
            self.take(org, position, candidate);
        }
        Ok(false)
    }

    fn take(&mut self, org: &mut Org, position: usize, candidate: Candidate) {
        let Some(stream) = org.streams.get_mut(position) else { return };
        stream.read.pop_front();
        if let Some(waiting) = self.queue.lanes.get(stream.lane) {
            self.queue.limits.charge(&waiting.limit_lane(), candidate.cost, self.options.now);
        }
        self.queue.last = Some(org.name.clone());
        self.taken.push(candidate);
    }
}

/// The first jobs of each lane of the list behind a rank and id.
pub(super) const CANDIDATES: &str = "
    WITH asked(position, lane, rank, id) AS (rows)
    SELECT '[' || ifnull(group_concat((
        SELECT group_concat('[' || asked.position || ',' || found.id || ',' || found.rank || ',' || found.cost || ',' ||
                            found.run_at || ']')
        FROM (SELECT next.id, next.rank, next.cost, next.run_at FROM job AS next INDEXED BY job_ready
              WHERE next.lane = asked.lane AND next.rank IS NOT NULL AND (next.rank, next.id) > (asked.rank, asked.id)
              ORDER BY next.rank, next.id LIMIT ?) AS found)), '') || ']'
    FROM asked";
