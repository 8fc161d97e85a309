//! Limits that all processes share.

use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{Bucket, Lane, LimitScope, LimitView, RateLimit, RateLimits, Result, Taken};
use chrono::{DateTime, Utc};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{FromRow, Row as _};

use super::enqueue::micros;
use crate::error::Failure;
use crate::{PostgresStore, row};

struct Columns {
    org: String,
    queue: String,
    remote: String,
    tokens: Option<i64>,
    per: Option<i64>,
    burst: Option<i64>,
    full_at: Option<i64>,
    closed_until: Option<i64>,
}

impl FromRow<'_, PgRow> for Columns {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            org: row.try_get(0)?,
            queue: row.try_get(1)?,
            remote: row.try_get(2)?,
            tokens: row.try_get(3)?,
            per: row.try_get(4)?,
            burst: row.try_get(5)?,
            full_at: row.try_get(6)?,
            closed_until: row.try_get(7)?,
        })
    }
}

#[async_trait]
impl RateLimits for PostgresStore {
    async fn set_limit(
        &self,
        scope: &LimitScope,
        limit: Option<RateLimit>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let set = of_scope("SELECT carewire.limit_set($1, $2, $3, $4, $5, $6, $7)", scope)
            .bind(limit.map(|limit| i64::from(limit.tokens.get())))
            .bind(limit.map(|limit| micros(limit.per.max(Duration::from_millis(1)))))
            .bind(limit.map(|limit| i64::from(limit.burst.get())))
            .bind(row::micros(now));
        set.execute(self.pool()).await.map_err(Failure::from)?;
        Ok(())
    }

    async fn limits(&self, now: DateTime<Utc>) -> Result<Vec<LimitView>> {
        let rows: Vec<Columns> = sqlx::query_as("SELECT * FROM carewire.limit_list($1)")
            .bind(row::micros(now))
            .fetch_all(self.pool())
            .await
            .map_err(Failure::from)?;
        Ok(rows.into_iter().map(|columns| view(columns, now)).collect::<Result<_, Failure>>()?)
    }

    async fn take(&self, lane: &Lane<'_>, cost: u32, now: DateTime<Utc>) -> Result<Taken> {
        let opens: Option<i64> = sqlx::query_scalar("SELECT carewire.limit_take($1, $2, $3, $4, $5)")
            .bind(lane.org.as_str())
            .bind(lane.queue)
            .bind(lane.remote.unwrap_or_default())
            .bind(i32::try_from(cost).unwrap_or(i32::MAX))
            .bind(row::micros(now))
            .fetch_one(self.pool())
            .await
            .map_err(Failure::from)?;
        Ok(opens.map(row::instant).transpose()?.map_or(Taken::Granted, Taken::Wait))
    }

    async fn close(&self, scope: &LimitScope, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let close = of_scope("SELECT carewire.limit_close($1, $2, $3, $4, $5)", scope)
            .bind(row::micros(until))
            .bind(row::micros(now));
        close.execute(self.pool()).await.map_err(Failure::from)?;
        Ok(())
    }

    async fn observe(&self, scope: &LimitScope, tokens: u32, now: DateTime<Utc>) -> Result<()> {
        let observe = of_scope("SELECT carewire.limit_observe($1, $2, $3, $4, $5)", scope)
            .bind(i64::from(tokens))
            .bind(row::micros(now));
        observe.execute(self.pool()).await.map_err(Failure::from)?;
        Ok(())
    }
}

/// A statement whose first three arguments are the scope.
fn of_scope(statement: &'static str, scope: &LimitScope) -> Query<'static, sqlx::Postgres, PgArguments> {
    sqlx::query(statement)
        .bind(scope.org.as_ref().map_or_else(String::new, |org| org.as_str().to_owned()))
        .bind(scope.queue.clone().unwrap_or_default())
        .bind(scope.remote.clone().unwrap_or_default())
}

fn view(columns: Columns, now: DateTime<Utc>) -> Result<LimitView, Failure> {
    let named = |name: String| Some(name).filter(|name| !name.is_empty());
    let org = named(columns.org).map(|org| OrgId::new(&org)).transpose();
    let scope = LimitScope {
        org: org.map_err(|_| Failure::Corrupt("org"))?,
        queue: named(columns.queue),
        remote: named(columns.remote),
    };
    let limit = match (columns.tokens, columns.per, columns.burst) {
        (Some(tokens), Some(per), Some(burst)) => Some(RateLimit {
            tokens: number(tokens)?,
            per: Duration::from_micros(row::unsigned(per)?),
            burst: number(burst)?,
        }),
        _ => None,
    };
    let bucket = columns.full_at.map(row::instant).transpose()?.map(|full_at| Bucket { full_at });
    Ok(LimitView {
        scope,
        limit,
        tokens: limit.zip(bucket).map(|(limit, bucket)| bucket.tokens(&limit, now)),
        closed_until: columns.closed_until.map(row::instant).transpose()?,
    })
}

fn number(number: i64) -> Result<std::num::NonZeroU32, Failure> {
    u32::try_from(number).ok().and_then(|number| number.try_into().ok()).ok_or(Failure::Corrupt("limit"))
}
