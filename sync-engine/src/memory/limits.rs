//! The limits that all jobs of the store share.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use crate::{Bucket, Lane, LimitScope, LimitView, RateLimit, RateLimits, Result, Taken};

#[derive(Default)]
pub(super) struct Limits(BTreeMap<LimitScope, Entry>);

#[derive(Default)]
struct Entry {
    bucket: Option<(RateLimit, Bucket)>,
    closed_until: Option<DateTime<Utc>>,
}

impl Limits {
    /// The first instant from `now` on at which a job of the lane may start.
    pub(super) fn opens_at(&self, lane: &Lane<'_>, now: DateTime<Utc>) -> DateTime<Utc> {
        let covering = self.0.iter().filter(|(scope, _)| scope.covers(lane));
        covering.fold(now, |from, (_, entry)| {
            let tokens = entry.bucket.as_ref().map(|(limit, bucket)| bucket.opens_at(limit));
            entry.closed_until.into_iter().chain(tokens).fold(from, DateTime::max)
        })
    }

    pub(super) fn charge(&mut self, lane: &Lane<'_>, cost: u32, now: DateTime<Utc>) {
        for (_, entry) in self.0.iter_mut().filter(|(scope, _)| scope.covers(lane)) {
            if let Some((limit, bucket)) = &mut entry.bucket {
                *bucket = bucket.take(limit, cost, now);
            }
        }
    }

    fn set(&mut self, scope: &LimitScope, limit: Option<RateLimit>, now: DateTime<Utc>) {
        let entry = self.0.entry(scope.clone()).or_default();
        let level = entry.bucket.map_or(Bucket { full_at: now }, |(_, bucket)| bucket);
        entry.bucket = limit.map(|limit| (limit, level));
        self.forget_idle(now);
    }

    fn close(&mut self, scope: &LimitScope, until: DateTime<Utc>, now: DateTime<Utc>) {
        let entry = self.0.entry(scope.clone()).or_default();
        entry.closed_until =
            (until > now).then(|| entry.closed_until.map_or(until, |known| known.max(until)));
        self.forget_idle(now);
    }

    fn observe(&mut self, scope: &LimitScope, tokens: u32, now: DateTime<Utc>) {
        if let Some((limit, bucket)) = self.0.get_mut(scope).and_then(|entry| entry.bucket.as_mut()) {
            *bucket = bucket.at_most(limit, tokens, now);
        }
    }

    fn forget_idle(&mut self, now: DateTime<Utc>) {
        self.0
            .retain(|_, entry| entry.bucket.is_some() || entry.closed_until.is_some_and(|until| until > now));
    }

    fn views(&self, now: DateTime<Utc>) -> Vec<LimitView> {
        let view = |(scope, entry): (&LimitScope, &Entry)| LimitView {
            scope: scope.clone(),
            limit: entry.bucket.map(|(limit, _)| limit),
            tokens: entry.bucket.map(|(limit, bucket)| bucket.tokens(&limit, now)),
            closed_until: entry.closed_until.filter(|until| *until > now),
        };
        self.0.iter().map(view).filter(|view| view.limit.is_some() || view.closed_until.is_some()).collect()
    }
}

#[async_trait]
impl RateLimits for MemoryStore {
    async fn set_limit(
        &self,
        scope: &LimitScope,
        limit: Option<RateLimit>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.state().limits.set(scope, limit, now);
        Ok(())
    }

    async fn limits(&self, now: DateTime<Utc>) -> Result<Vec<LimitView>> {
        Ok(self.state().limits.views(now))
    }

    async fn take(&self, lane: &Lane<'_>, cost: u32, now: DateTime<Utc>) -> Result<Taken> {
        let limits = &mut self.state().limits;
        let opens = limits.opens_at(lane, now);
        if opens > now {
            return Ok(Taken::Wait(opens));
        }
        limits.charge(lane, cost, now);
        Ok(Taken::Granted)
    }

    async fn close(&self, scope: &LimitScope, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        self.state().limits.close(scope, until, now);
        Ok(())
    }

    async fn observe(&self, scope: &LimitScope, tokens: u32, now: DateTime<Utc>) -> Result<()> {
        self.state().limits.observe(scope, tokens, now);
        Ok(())
    }
}
