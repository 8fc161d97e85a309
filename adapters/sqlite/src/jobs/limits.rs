//! [`RateLimits`]: token buckets, one row each.

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Bucket, Lane, LimitScope, LimitView, RateLimit, RateLimits, Result, Taken};
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::json;
use crate::error::Failure;
use crate::{SqliteStore, row};

/// One row.
#[derive(Debug)]
struct Entry {
    scope: LimitScope,
    bucket: Option<(RateLimit, Bucket)>,
    closed_until: Option<DateTime<Utc>>,
    charged: bool,
}

/// The limits that were read, and what was taken from them since.
#[derive(Debug, Default)]
pub(super) struct Limits(Vec<Entry>);

/// Org, queue, remote, limit, when it is full, when it opens.
pub(super) type Columns = (Option<String>, Option<String>, Option<String>, Option<String>, i64, Option<i64>);

impl Limits {
    pub(super) fn add(&mut self, columns: Columns) -> Result<(), Failure> {
        let (org, queue, remote, limit, full_at, closed_until) = columns;
        let limit: Option<RateLimit> = limit
            .map(|limit| serde_json::from_str(&limit))
            .transpose()
            .map_err(|_| Failure::Corrupt("limit"))?;
        let full_at = row::instant(full_at)?;
        self.0.push(Entry {
            scope: LimitScope { org: org.as_deref().map(row::org).transpose()?, queue, remote },
            bucket: limit.map(|limit| (limit, Bucket { full_at })),
            closed_until: closed_until.map(row::instant).transpose()?,
            charged: false,
        });
        Ok(())
    }

    pub(super) fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The first instant from `from` on at which a job of the lane may start.
    pub(super) fn opens_at(&self, lane: &Lane<'_>, from: DateTime<Utc>) -> DateTime<Utc> {
        self.0.iter().filter(|entry| entry.scope.covers(lane)).fold(from, |from, entry| {
            let tokens = entry.bucket.map(|(limit, bucket)| bucket.opens_at(&limit));
            entry.closed_until.into_iter().chain(tokens).fold(from, DateTime::max)
        })
    }

    pub(super) fn charge(&mut self, lane: &Lane<'_>, cost: u32, now: DateTime<Utc>) {
        for entry in self.0.iter_mut().filter(|entry| entry.scope.covers(lane)) {
            if let Some((limit, bucket)) = &mut entry.bucket {
                *bucket = bucket.take(limit, cost, now);
                entry.charged = true;
            }
        }
    }

    /// Stores what was taken.
    pub(super) async fn store(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let charged: Vec<_> = self
            .0
            .iter()
            .filter(|entry| entry.charged)
            .filter_map(|entry| {
                let LimitScope { org, queue, remote } = &entry.scope;
                let (_, bucket) = entry.bucket?;
                Some((org.as_ref().map(OrgId::as_str), queue, remote, row::micros(bucket.full_at)))
            })
            .collect();
        if charged.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "UPDATE rate_limit SET full_at = value ->> 3 FROM json_each($1)
             WHERE ifnull(org, x'') = ifnull(value ->> 0, x'') AND ifnull(queue, x'') = ifnull(value ->> 1, x'')
               AND ifnull(remote, x'') = ifnull(value ->> 2, x'')",
        )
        .bind(json(&charged)?)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn load(connection: &mut SqliteConnection) -> Result<Self, Failure> {
        let rows: Vec<Columns> =
            sqlx::query_as("SELECT org, queue, remote, bucket, full_at, closed_until FROM rate_limit")
                .fetch_all(connection)
                .await?;
        let mut limits = Self::default();
        rows.into_iter().try_for_each(|columns| limits.add(columns))?;
        limits.0.sort_unstable_by(|one, other| one.scope.cmp(&other.scope));
        Ok(limits)
    }

    fn views(&self, now: DateTime<Utc>) -> Vec<LimitView> {
        let view = |entry: &Entry| LimitView {
            scope: entry.scope.clone(),
            limit: entry.bucket.map(|(limit, _)| limit),
            tokens: entry.bucket.map(|(limit, bucket)| bucket.tokens(&limit, now)),
            closed_until: entry.closed_until.filter(|until| *until > now),
        };
        self.0.iter().map(view).filter(|view| view.limit.is_some() || view.closed_until.is_some()).collect()
    }
}

#[async_trait]
impl RateLimits for SqliteStore {
    async fn set_limit(
        &self,
        scope: &LimitScope,
        limit: Option<RateLimit>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let limit = limit.as_ref().map(json).transpose()?;
        self.change(scope, now, move |row| row.limit = limit.clone()).await
    }

    async fn limits(&self, now: DateTime<Utc>) -> Result<Vec<LimitView>> {
        Ok(Limits::load(self.reader().await?.connection()).await?.views(now))
    }

    async fn take(&self, lane: &Lane<'_>, cost: u32, now: DateTime<Utc>) -> Result<Taken> {
        let lane = (lane.org.clone(), lane.queue.to_owned(), lane.remote.map(str::to_owned));
        let input = (lane, cost, now);
        Ok(self.write(input, |connection, input| Box::pin(take(connection, input))).await?)
    }

    async fn close(&self, scope: &LimitScope, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let (until, opens) = (row::micros(until), until <= now);
        self.change(scope, now, move |row| {
            row.closed_until = (!opens).then(|| row.closed_until.map_or(until, |known| known.max(until)));
        })
        .await
    }

    async fn observe(&self, scope: &LimitScope, tokens: u32, now: DateTime<Utc>) -> Result<()> {
        self.change(scope, now, move |row| row.observe(tokens, now)).await
    }
}

/// What a row of the table holds beside its scope.
#[derive(Clone)]
struct Stored {
    limit: Option<String>,
    full_at: i64,
    closed_until: Option<i64>,
}

impl Stored {
    fn observe(&mut self, tokens: u32, now: DateTime<Utc>) {
        let limit = self.limit.as_deref().and_then(|limit| serde_json::from_str::<RateLimit>(limit).ok());
        if let (Some(limit), Ok(full_at)) = (limit, row::instant(self.full_at)) {
            self.full_at = row::micros(Bucket { full_at }.at_most(&limit, tokens, now).full_at);
        }
    }
}

/// Changes one row.
type Change = Box<dyn Fn(&mut Stored) + Send + Sync>;

impl SqliteStore {
    async fn change(
        &self,
        scope: &LimitScope,
        now: DateTime<Utc>,
        change: impl Fn(&mut Stored) + Send + Sync + 'static,
    ) -> Result<()> {
        let input: (LimitScope, DateTime<Utc>, Change) = (scope.clone(), now, Box::new(change));
        Ok(self
            .write(input, |connection, (scope, now, change)| {
                Box::pin(change_one(connection, scope, *now, change))
            })
            .await?)
    }
}

const OF_SCOPE: &str = "ifnull(org, x'') = ifnull($1, x'') AND ifnull(queue, x'') = ifnull($2, x'') AND ifnull(remote, x'') = ifnull($3, x'')";

/// Rows that say nothing any more go.
async fn change_one(
    connection: &mut SqliteConnection,
    scope: &LimitScope,
    now: DateTime<Utc>,
    change: &Change,
) -> Result<(), Failure> {
    let org = scope.org.as_ref().map(OrgId::as_str);
    let found: Option<(Option<String>, i64, Option<i64>)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT bucket, full_at, closed_until FROM rate_limit WHERE {OF_SCOPE}"
    )))
    .bind(org)
    .bind(scope.queue.as_deref())
    .bind(scope.remote.as_deref())
    .fetch_optional(&mut *connection)
    .await?;
    let fresh = || Stored { limit: None, full_at: row::micros(now), closed_until: None };
    let mut stored =
        found.map_or_else(fresh, |(limit, full_at, closed_until)| Stored { limit, full_at, closed_until });
    if stored.limit.is_none() {
        stored.full_at = row::micros(now);
    }
    change(&mut stored);
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "DELETE FROM rate_limit WHERE ({OF_SCOPE}) OR (bucket IS NULL AND ifnull(closed_until, 0) <= $4);
         INSERT INTO rate_limit (org, queue, remote, bucket, full_at, closed_until)
         SELECT $1, $2, $3, $5, $6, $7 WHERE $5 IS NOT NULL OR $7 > $4"
    )))
    .bind(org)
    .bind(scope.queue.as_deref())
    .bind(scope.remote.as_deref())
    .bind(row::micros(now))
    .bind(stored.limit)
    .bind(stored.full_at)
    .bind(stored.closed_until)
    .execute(connection)
    .await?;
    Ok(())
}

async fn take(
    connection: &mut SqliteConnection,
    ((org, queue, remote), cost, now): &((OrgId, String, Option<String>), u32, DateTime<Utc>),
) -> Result<Taken, Failure> {
    let lane = Lane { org, queue, remote: remote.as_deref() };
    let mut limits = Limits::load(connection).await?;
    let opens = limits.opens_at(&lane, *now);
    if opens > *now {
        return Ok(Taken::Wait(opens));
    }
    limits.charge(&lane, *cost, *now);
    limits.store(connection).await?;
    Ok(Taken::Granted)
}
