//! The limits that all processes share.

use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    Bucket, Error, Lane, LimitScope, LimitView, RateLimit, RateLimits, Result, Taken,
};
use chrono::{DateTime, Utc};

use crate::RedisQueue;
use crate::record::{checked, joined, optional, scoped, split, unscoped};
use crate::time::{Micros, exact, moment, optional_moment};

/// The numbers of a stored limit: millionths of a microsecond for a token, burst, full at, closed until, tokens, the seconds
/// and nanoseconds in which they come.
const NUMBERS: usize = 7;

#[async_trait]
impl RateLimits for RedisQueue {
    async fn set_limit(
        &self,
        scope: &LimitScope,
        limit: Option<RateLimit>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut numbers = [0; 5].map(|zero: u128| zero.to_string());
        if let Some(RateLimit { tokens, per, burst }) = limit {
            let micros = per.max(Duration::from_millis(1)).as_micros();
            let token = micros.saturating_mul(1_000_000) / u128::from(tokens.get());
            numbers = [
                token.to_string(),
                burst.to_string(),
                tokens.to_string(),
                per.as_secs().to_string(),
                per.subsec_nanos().to_string(),
            ];
        }
        self.change_limit("set", scope, now, &numbers).await
    }

    async fn limits(&self, now: DateTime<Utc>) -> Result<Vec<LimitView>> {
        let all: Vec<(String, Vec<u8>)> = self.fields("limits").await?;
        let mut views = Vec::with_capacity(all.len());
        for (scope, numbers) in &all {
            views.push(limit_view(scope, numbers, now)?);
        }
        views.retain(|view| view.limit.is_some() || view.closed_until.is_some());
        views.sort_unstable_by(|a, b| a.scope.cmp(&b.scope));
        Ok(views)
    }

    async fn take(&self, lane: &Lane<'_>, cost: u32, now: DateTime<Utc>) -> Result<Taken> {
        let script = &self.scripts.take;
        let mut call = self.call(script);
        let lane = joined(&[lane.org.as_str(), checked(lane.queue)?, &optional(lane.remote)?, "", ""]);
        call.arg(lane).arg(cost).arg(exact(now));
        let wait: Vec<u8> = self.run(script, &call).await?;
        Ok(optional_moment(&wait)?.map_or(Taken::Granted, Taken::Wait))
    }

    async fn close(&self, scope: &LimitScope, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        self.change_limit("close", scope, now, &[exact(until).to_string()]).await
    }

    async fn observe(&self, scope: &LimitScope, tokens: u32, now: DateTime<Utc>) -> Result<()> {
        self.change_limit("observe", scope, now, &[tokens.to_string()]).await
    }
}

impl RedisQueue {
    async fn change_limit(
        &self,
        change: &str,
        scope: &LimitScope,
        now: DateTime<Utc>,
        numbers: &[String],
    ) -> Result<()> {
        let scope = scope_name(scope)?;
        let script = &self.scripts.limit;
        let mut call = self.call(script);
        call.arg(change).arg(exact(now)).arg(&scope);
        for number in numbers {
            call.arg(number);
        }
        let _: i64 = self.run(script, &call).await?;
        self.refresh(&joined(&[&scope, "*", "*"]), "").await
    }
}

fn scope_name(scope: &LimitScope) -> Result<String> {
    Ok(joined(&[
        &scoped(scope.org.as_ref().map(OrgId::as_str))?,
        &scoped(scope.queue.as_deref())?,
        &scoped(scope.remote.as_deref())?,
    ]))
}

fn limit_view(scope: &str, numbers: &[u8], now: DateTime<Utc>) -> Result<LimitView> {
    let corrupt = || Error::Corrupt { what: "limit" };
    let mut parts = split(scope).map(unscoped);
    let mut part = || parts.next().ok_or_else(corrupt);
    let org = part()?.map(|org| OrgId::new(&org)).transpose().map_err(|_| corrupt())?;
    let scope = LimitScope { org, queue: part()?, remote: part()? };
    let (words, _) = numbers.as_chunks::<8>();
    let numbers: Vec<Micros> = words.iter().copied().map(Micros::from_le_bytes).collect();
    let numbers: [Micros; NUMBERS] = numbers.try_into().map_err(|_| corrupt())?;
    let [token, burst, full_at, closed, tokens, seconds, nanos] = numbers;
    let whole = |number: Micros| NonZeroU32::new(number as u32).ok_or_else(corrupt);
    let limit = if token > 0.0 {
        let per = Duration::new(seconds as u64, nanos as u32);
        Some(RateLimit { tokens: whole(tokens)?, per, burst: whole(burst)? })
    } else {
        None
    };
    let bucket = Bucket { full_at: moment(full_at)? };
    let closed_until = if closed.is_finite() { Some(moment(closed)?) } else { None };
    Ok(LimitView {
        scope,
        tokens: limit.as_ref().map(|limit| bucket.tokens(limit, now)),
        limit,
        closed_until: closed_until.filter(|until| *until > now),
    })
}
