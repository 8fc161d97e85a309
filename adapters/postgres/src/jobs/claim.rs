//! Leases.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Instant;

use carewire_fhir_core::OrgId;
use carewire_sync_engine::{ClaimOptions, ClaimedJob, JobId, Lease, Reported};
use chrono::{DateTime, Utc};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row as _};

use super::enqueue::micros;
use super::view::{Lane, Place, View};
use crate::error::Failure;
use crate::{PostgresStore, row};

/// The most that one claim asks for: what it locks must stay bounded.
const MOST: usize = 1000;

/// From this size on a claim begins where the last one stopped; a smaller one looks at everything.
const LARGE: usize = 32;

/// The most lanes that one claim looks at.
const LANES: usize = 64;

/// Another claim locked the same keys in another order, which is rare: this one has done nothing and begins again.
const ATTEMPTS: u32 = 5;

/// In microseconds.
const TIDY_EVERY: u64 = 1_000_000;

/// Rows of counters that are added up at once.
const CHANGES: i32 = 20_000;

struct Columns {
    id: i64,
    epoch: i64,
    org: String,
    kind: String,
    refs: String,
    remote: String,
    resource_type: Option<String>,
    attempts: i32,
    max_attempts: i32,
    checkpoint: Option<String>,
    correlation: String,
    enqueued_at: i64,
    cost: i32,
    run_at: i64,
    priority: i16,
    /// How many lanes the claim looked at.
    lanes: i32,
}

impl Columns {
    /// As [`Priority::rank`](carewire_sync_engine::Priority::rank).
    fn rank(&self) -> i64 {
        self.run_at.saturating_add(i64::from(self.priority - 1).saturating_mul(60_000_000))
    }
}

impl FromRow<'_, PgRow> for Columns {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            epoch: row.try_get(1)?,
            org: row.try_get(2)?,
            kind: row.try_get(3)?,
            refs: row.try_get(4)?,
            remote: row.try_get(5)?,
            resource_type: row.try_get(6)?,
            attempts: row.try_get(7)?,
            max_attempts: row.try_get(8)?,
            checkpoint: row.try_get(9)?,
            correlation: row.try_get(10)?,
            enqueued_at: row.try_get(11)?,
            cost: row.try_get(12)?,
            run_at: row.try_get(13)?,
            priority: row.try_get(14)?,
            lanes: row.try_get(15)?,
        })
    }
}

pub(super) async fn claim(store: &PostgresStore, options: &ClaimOptions) -> Result<Vec<ClaimedJob>, Failure> {
    let limit = options.limit.min(MOST);
    if limit == 0 {
        return Ok(Vec::new());
    }
    store.tidy_beside(options.now);
    let ring = store.rings().of(&options.queue);
    let view = ring.view.filter(|view| limit >= LARGE && view.is_fresh());
    let mut rows = match view {
        Some(view) => again(store, options, limit, Some(view)).await?,
        None => Vec::new(),
    };
    if !is_filled(rows.len(), limit) {
        let rest = again(store, options, limit - rows.len(), None).await?;
        rows.extend(rest);
        rows.sort_unstable_by_key(|row| (row.rank(), row.id));
    }
    let until = row::instant(row::micros(options.now).saturating_add(micros(options.lease)))?;
    rows.into_iter().map(|columns| claimed(columns, &options.queue, until)).collect()
}

/// A large claim may end a little early.
fn is_filled(taken: usize, limit: usize) -> bool {
    taken == limit || limit >= 64 && (limit - taken) * 16 <= limit
}

async fn again(
    store: &PostgresStore,
    options: &ClaimOptions,
    limit: usize,
    view: Option<View>,
) -> Result<Vec<Columns>, Failure> {
    let mut attempt = 1;
    loop {
        match rows(store, options, limit, view.clone()).await {
            Err(failure) if failure.is_collision() && attempt < ATTEMPTS => attempt += 1,
            outcome => return outcome,
        }
    }
}

impl PostgresStore {
    /// About once a second: adds counters up, and goes on with the lifting of a pause that somebody began and did not end.
    /// No claim waits for that.
    fn tidy_beside(&self, now: DateTime<Utc>) {
        let now = row::micros(now);
        let last = self.tidied().swap(now, Ordering::Relaxed);
        if now.abs_diff(last) < TIDY_EVERY {
            // Whoever comes within the second keeps to the instant of the first.
            self.tidied().store(last, Ordering::Relaxed);
            return;
        }
        let store = self.clone();
        tokio::spawn(async move {
            if let Err(failure) = store.tidy().await {
                let error = carewire_sync_engine::Error::from(failure);
                tracing::debug!(%error, "the counters of the queue are added up later");
            }
        });
    }

    async fn tidy(&self) -> Result<(), Failure> {
        sqlx::query("SELECT carewire.job_add_up($1)").bind(CHANGES).execute(self.pool()).await?;
        self.lift().await.map(drop)
    }
}

async fn rows(
    store: &PostgresStore,
    options: &ClaimOptions,
    limit: usize,
    view: Option<View>,
) -> Result<Vec<Columns>, Failure> {
    let began = Instant::now();
    let now = row::micros(options.now);
    let ring = store.rings().of(&options.queue);
    let (debtors, debts): (Vec<&str>, Vec<i64>) =
        ring.debts.iter().map(|(org, debt)| (org.as_str(), *debt)).unzip();
    let known = view.as_ref().map(|view| Known::of(view, &ring.last));
    let known = known.unwrap_or_default();
    let rows: Vec<Columns> = sqlx::query_as(
        "SELECT o_id, o_epoch, o_org, o_kind, o_refs, o_remote, o_type, o_attempts, o_max_attempts, o_checkpoint,
            o_correlation, o_enqueued_at, o_cost, o_run_at, o_priority, o_lanes
         FROM carewire.job_claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&options.queue)
    .bind(i32::try_from(limit).unwrap_or(i32::MAX))
    .bind(now)
    .bind(now.saturating_add(micros(options.lease)))
    .bind(&ring.last)
    .bind(debtors)
    .bind(debts)
    .bind(known.orgs)
    .bind(known.remotes)
    .bind(known.levels)
    .bind(known.floors)
    .bind(known.floor_ids)
    .bind(view.as_ref().map_or(i64::MIN, |view| view.since))
    .fetch_all(store.pool())
    .await?;
    let taken = rows.iter().map(|columns| (columns.org.as_str(), i64::from(columns.cost)));
    let mut next = ring.after(taken);
    let lanes = places(&rows);
    next.view = match view {
        _ if !is_filled(rows.len(), limit) => None,
        Some(view) => Some(view.moved(lanes, now)),
        // Of a lane that it took nothing from it does not know where to go on: the next claim looks again.
        None if rows.first().is_some_and(|row| knows_all(&lanes, row.lanes)) => {
            Some(View::new(lanes, now, began))
        }
        None => None,
    };
    store.rings().put(&options.queue, next);
    Ok(rows)
}

/// Whether a claim that looked at so many lanes has seen every one that has jobs, and taken from it.
fn knows_all(lanes: &BTreeMap<Lane, Place>, looked_at: i32) -> bool {
    usize::try_from(looked_at).is_ok_and(|looked_at| looked_at == lanes.len() && looked_at < LANES)
}

/// The first job of each lane.
fn places(rows: &[Columns]) -> BTreeMap<Lane, Place> {
    let mut lanes = BTreeMap::new();
    for row in rows {
        let lane = (row.org.clone(), row.remote.clone(), row.priority);
        let place = lanes.entry(lane).or_insert((row.run_at, row.id));
        *place = (*place).min((row.run_at, row.id));
    }
    lanes
}

/// The lanes of a view as the statement takes them, or nothing.
#[derive(Default)]
struct Known<'a> {
    orgs: Option<Vec<&'a str>>,
    remotes: Option<Vec<&'a str>>,
    levels: Option<Vec<i16>>,
    floors: Option<Vec<i64>>,
    floor_ids: Option<Vec<i64>>,
}

impl<'a> Known<'a> {
    /// In the order of the ring, from the org behind the one that was served last.
    fn of(view: &'a View, last: &str) -> Self {
        let (before, behind): (Vec<_>, Vec<_>) =
            view.lanes.iter().partition(|((org, ..), _)| org.as_str() <= last);
        let lanes: Vec<_> = behind.into_iter().chain(before).take(LANES).collect();
        Self {
            orgs: Some(lanes.iter().map(|((org, ..), _)| org.as_str()).collect()),
            remotes: Some(lanes.iter().map(|((_, remote, _), _)| remote.as_str()).collect()),
            levels: Some(lanes.iter().map(|((.., level), _)| *level).collect()),
            floors: Some(lanes.iter().map(|(_, (due, _))| *due).collect()),
            floor_ids: Some(lanes.iter().map(|(_, (_, id))| *id).collect()),
        }
    }
}

fn claimed(columns: Columns, queue: &str, until: DateTime<Utc>) -> Result<ClaimedJob, Failure> {
    Ok(ClaimedJob {
        lease: Lease {
            org: OrgId::new(&columns.org).map_err(|_| Failure::Corrupt("org"))?,
            job: JobId(columns.id),
            epoch: row::unsigned(columns.epoch)?,
            until,
        },
        queue: queue.to_owned(),
        kind: columns.kind,
        refs: row::names(&columns.refs)?,
        remote: Some(columns.remote).filter(|remote| !remote.is_empty()),
        resource_type: columns.resource_type,
        attempt: row::count(columns.attempts)?.saturating_add(1),
        max_attempts: row::count(columns.max_attempts)?,
        checkpoint: columns.checkpoint,
        correlation: row::correlation(&columns.correlation)?,
        enqueued_at: row::instant(columns.enqueued_at)?,
        reported: Reported::default(),
    })
}
