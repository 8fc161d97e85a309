//! How much may be asked of a remote, by an org, in a queue: limits that all processes share.

use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Result;

/// Which jobs a limit is about: those that are all that is named. With nothing named it is every job of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitScope {
    /// Only jobs of this org; `None`: all orgs together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgId>,
    /// Only this queue; `None`: all queues together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Only jobs that speak to this remote; `None`: whatever their remote, and those without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
}

impl LimitScope {
    /// A remote, for all orgs and queues together.
    pub fn remote(remote: impl Into<String>) -> Self {
        Self { remote: Some(remote.into()), ..Self::default() }
    }

    /// Whether a limit of this scope holds for the jobs of a lane.
    #[must_use]
    pub fn covers(&self, lane: &Lane<'_>) -> bool {
        self.org.as_ref().is_none_or(|org| org == lane.org)
            && self.queue.as_deref().is_none_or(|queue| queue == lane.queue)
            && self.remote.as_deref().is_none_or(|remote| Some(remote) == lane.remote)
    }
}

/// The jobs of an org and a queue that speak to one remote, or to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane<'a> {
    /// The org.
    pub org: &'a OrgId,
    /// The queue.
    pub queue: &'a str,
    /// The remote.
    pub remote: Option<&'a str>,
}

/// A token bucket: `tokens` come in each `per`, evenly; at most `burst` are kept.
///
/// A job of any cost starts while there is at least one token, and takes its whole cost: the bucket may go into debt, and
/// waits until that is paid. So no job is too large to run, and the rate holds in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimit {
    /// So many tokens come in...
    pub tokens: NonZeroU32,
    /// ...so long (at least a millisecond).
    pub per: Duration,
    /// At most so many are kept.
    pub burst: NonZeroU32,
}

impl RateLimit {
    /// So many tokens a second, as many kept.
    #[must_use]
    pub fn per_second(tokens: NonZeroU32) -> Self {
        Self { tokens, per: Duration::from_secs(1), burst: tokens }
    }

    /// So many tokens a minute, as many kept.
    #[must_use]
    pub fn per_minute(tokens: NonZeroU32) -> Self {
        Self { tokens, per: Duration::from_secs(60), burst: tokens }
    }

    /// The microseconds in which one token comes, times a million: what the arithmetic of [`Bucket`] is made of.
    fn token(&self) -> i128 {
        let per = self.per.max(Duration::from_millis(1)).as_micros().min(u128::from(u64::MAX));
        i128::try_from(per).unwrap_or(i128::MAX) * MILLIONTHS / i128::from(self.tokens.get())
    }
}

const MILLIONTHS: i128 = 1_000_000;

/// The level of a token bucket, without a clock and without fractions: the instant at which it is, or was, full.
///
/// A bucket that is full at `full_at` holds at `now` its burst, less one token for each interval of a token by which `full_at`
/// lies after `now`. This is the generic cell rate algorithm (ITU-T I.371); a store keeps one instant for each limit.
///
/// ```
/// use std::num::NonZeroU32;
/// use carewire_sync_engine::{Bucket, RateLimit};
/// use chrono::{DateTime, TimeDelta};
/// let limit = RateLimit::per_second(NonZeroU32::new(10).unwrap());
/// let now = DateTime::UNIX_EPOCH;
/// let bucket = Bucket { full_at: now };
/// assert_eq!(bucket.tokens(&limit, now), 10);
/// let spent = bucket.take(&limit, 10, now);
/// assert_eq!(spent.tokens(&limit, now), 0);
/// assert_eq!(spent.opens_at(&limit), now + TimeDelta::milliseconds(100));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// When the bucket is full if nothing is taken; in the past: it is full.
    pub full_at: DateTime<Utc>,
}

impl Bucket {
    /// How many whole tokens there are; negative: a debt.
    #[must_use]
    pub fn tokens(&self, limit: &RateLimit, now: DateTime<Utc>) -> i64 {
        let missing = i128::from((self.full_at - now).num_microseconds().unwrap_or(i64::MAX).max(0));
        // What is missing is rounded up: a token that has not come wholly cannot be taken.
        let missing = (missing * MILLIONTHS + limit.token() - 1) / limit.token();
        i64::try_from(i128::from(limit.burst.get()) - missing).unwrap_or(i64::MIN)
    }

    /// The bucket after so many tokens were taken at `now`.
    #[must_use]
    pub fn take(self, limit: &RateLimit, cost: u32, now: DateTime<Utc>) -> Self {
        Self { full_at: self.full_at.max(now) + time(limit.token() * i128::from(cost)) }
    }

    /// The first instant at which there is a token.
    #[must_use]
    pub fn opens_at(&self, limit: &RateLimit) -> DateTime<Utc> {
        // Rounded down: not before the token has come wholly.
        let micros = limit.token() * i128::from(limit.burst.get() - 1) / MILLIONTHS;
        self.full_at - time(micros * MILLIONTHS)
    }

    /// The bucket that holds no more than so many tokens at `now`: what a server said is left.
    #[must_use]
    pub fn at_most(self, limit: &RateLimit, tokens: u32, now: DateTime<Utc>) -> Self {
        let missing = limit.burst.get().saturating_sub(tokens);
        Self { full_at: self.full_at.max(now + time(limit.token() * i128::from(missing))) }
    }
}

/// Rounded up to the microsecond.
fn time(millionths: i128) -> chrono::TimeDelta {
    let micros = (millionths + MILLIONTHS - 1) / MILLIONTHS;
    chrono::TimeDelta::microseconds(i64::try_from(micros).unwrap_or(i64::MAX / 4).min(i64::MAX / 4))
}

/// A limit and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LimitView {
    /// What it is about.
    pub scope: LimitScope,
    /// The limit; `None` where the scope was only closed.
    pub limit: Option<RateLimit>,
    /// Tokens at hand; negative: a debt. `None` without a limit.
    pub tokens: Option<i64>,
    /// Nothing passes before this instant.
    pub closed_until: Option<DateTime<Utc>>,
}

/// The answer of [`RateLimits::take`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever matches on it must handle every case")]
pub enum Taken {
    /// The tokens were taken from every limit that holds.
    Granted,
    /// Nothing was taken: try again then.
    Wait(DateTime<Utc>),
}

/// Limits that all processes of a store share. [`JobQueue::claim`](crate::JobQueue::claim) honours them: a job is claimed only
/// while every limit that covers its lane is open and has a token, takes its cost from each of them, and jobs of other lanes do
/// not wait for it.
#[async_trait]
pub trait RateLimits: std::fmt::Debug + Send + Sync {
    /// Sets, changes or (with `None`) removes the limit of a scope. A new limit begins with a full bucket; a changed one keeps
    /// its level in time. Removing a limit does not open what is closed.
    async fn set_limit(&self, scope: &LimitScope, limit: Option<RateLimit>, now: DateTime<Utc>)
    -> Result<()>;

    /// All limits and closures that are still of effect, in the order of their scopes.
    async fn limits(&self, now: DateTime<Utc>) -> Result<Vec<LimitView>>;

    /// Takes `cost` tokens from every limit that covers the lane, from all or from none: for what is not a job, or what a job
    /// learns of its cost only when it runs.
    async fn take(&self, lane: &Lane<'_>, cost: u32, now: DateTime<Utc>) -> Result<Taken>;

    /// Lets nothing of the scope pass before `until` (a breaker, a `Retry-After`): jobs wait without an attempt. The later of
    /// two closures holds; an `until` that is not after `now` opens the scope.
    async fn close(&self, scope: &LimitScope, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<()>;

    /// Takes over what a server says is left: the bucket of the scope holds no more than `tokens` now. Without a limit of
    /// that scope it does nothing.
    async fn observe(&self, scope: &LimitScope, tokens: u32, now: DateTime<Utc>) -> Result<()>;
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn limit(tokens: u32, seconds: u64, burst: u32) -> RateLimit {
        let [tokens, burst] = [tokens, burst].map(|number| NonZeroU32::new(number).unwrap());
        RateLimit { tokens, per: Duration::from_secs(seconds), burst }
    }

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    #[test]
    fn a_bucket_fills_evenly_and_no_further_than_its_burst() {
        let limit = limit(10, 1, 5);
        let empty = Bucket { full_at: at(0) }.take(&limit, 5, at(0));
        let levels = [0, 99, 100, 499, 500, 9_999].map(|millis| empty.tokens(&limit, at(millis)));
        assert_eq!(levels, [0, 0, 1, 4, 5, 5]);
    }

    #[test]
    fn a_debt_is_paid_before_anything_passes() {
        let limit = limit(100, 60, 100);
        let spent = Bucket { full_at: at(0) }.take(&limit, 350, at(0));
        assert_eq!(spent.tokens(&limit, at(0)), -250);
        let opens = spent.opens_at(&limit);
        assert_eq!(
            (spent.tokens(&limit, opens - TimeDelta::microseconds(1)), spent.tokens(&limit, opens)),
            (0, 1)
        );
    }

    #[test]
    fn what_a_server_says_only_lowers_the_level() {
        let limit = limit(10, 1, 10);
        let full = Bucket { full_at: at(0) };
        let told = full.at_most(&limit, 3, at(0));
        assert_eq!(told.tokens(&limit, at(0)), 3);
        assert_eq!(told.at_most(&limit, 9, at(0)).tokens(&limit, at(0)), 3);
        assert_eq!(full.at_most(&limit, 99, at(0)).tokens(&limit, at(0)), 10);
    }

    #[test]
    fn a_scope_covers_what_it_names() {
        let (ours, theirs) = (OrgId::new("ours").unwrap(), OrgId::new("theirs").unwrap());
        let lane = Lane { org: &ours, queue: "sync", remote: Some("medplum") };
        assert!(LimitScope::default().covers(&lane));
        assert!(LimitScope::remote("medplum").covers(&lane));
        assert!(!LimitScope::remote("medplum").covers(&Lane { remote: None, ..lane }));
        assert!(!LimitScope { org: Some(theirs), ..LimitScope::default() }.covers(&lane));
        assert!(!LimitScope { queue: Some("webhook".into()), ..LimitScope::default() }.covers(&lane));
    }

    proptest! {
        /// Whoever takes a token whenever there is one gets no more than the burst and what came in.
        #[test]
        fn the_rate_holds(
            (tokens, seconds, burst) in (1..500_u32, 1..90_u64, 1..50_u32),
            steps in prop::collection::vec((0..3_000_i64, 1..4_u32), 1..200),
        ) {
            let limit = limit(tokens, seconds, burst);
            let (mut now, mut taken, mut last) = (0, 0_u64, 0);
            let mut bucket = Bucket { full_at: at(0) };
            for (millis, cost) in steps {
                now += millis;
                let open = bucket.opens_at(&limit) <= at(now);
                prop_assert_eq!(open, bucket.tokens(&limit, at(now)) >= 1);
                if open {
                    bucket = bucket.take(&limit, cost, at(now));
                    taken += u64::from(cost);
                    last = u64::from(cost);
                }
                let came = u128::from(tokens) * u128::try_from(now).unwrap() / u128::from(seconds * 1000);
                prop_assert!(u128::from(taken - last) <= u128::from(burst) + came);
            }
        }
    }
}
