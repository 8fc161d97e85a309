//! The settings that are about the queue.

use std::net::IpAddr;

use carewire_sync_engine::{Cron, RateLimit};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use crate::config::Source;
use crate::rate::{EXPECTED, rate};
use crate::token::duration;

/// How the queue is kept.
#[derive(Clone, Debug)]
pub(crate) struct QueueConfig {
    pub(crate) keep: Retention,
    /// When jobs that have been kept for long enough are removed.
    pub(crate) clean: Cron,
    /// The server that the jobs are on; `None`: they are in the store.
    pub(crate) redis: Option<SecretString>,
    /// What the limit of the remote is to be; `None`: as it is.
    pub(crate) rate: Option<Rate>,
}

/// A limit, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate(pub(crate) Option<RateLimit>);

/// How long jobs are kept that have come to an end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retention {
    completed: TimeDelta,
    /// Failed and cancelled ones: what nobody redrives by then cannot be redriven.
    failed: TimeDelta,
}

impl Default for Retention {
    fn default() -> Self {
        Self { completed: TimeDelta::days(7), failed: TimeDelta::days(30) }
    }
}

impl Retention {
    /// Of which ends completed jobs, and failed or cancelled ones, are removed at `now`.
    pub(crate) fn before(&self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        (now - self.completed, now - self.failed)
    }
}

impl QueueConfig {
    pub(crate) fn read(source: &mut Source) -> Self {
        let expected = "a pattern of cron, such as `37 * * * *`";
        let clean =
            source.parsed("CAREWIRE_CLEAN_CRON", every_hour(), expected, |text| Cron::parse(text, None).ok());
        let expected = format!("{EXPECTED}, or `none`,");
        let rate = source.parsed("CAREWIRE_RATE_LIMIT", None, &expected, |text| match text {
            "none" => Some(Some(Rate(None))),
            _ => Some(Some(Rate(Some(rate(text)?)))),
        });
        Self { keep: retention(source), clean, redis: redis(source), rate }
    }
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self { keep: Retention::default(), clean: every_hour(), redis: None, rate: None }
    }
}

/// Each removal is small, and none falls on the full hour, when everybody else's work does.
#[expect(clippy::expect_used, reason = "the literal is a pattern of cron")]
fn every_hour() -> Cron {
    Cron::parse("37 * * * *", None).expect("a pattern of cron")
}

/// `redis://…`, or over TLS `rediss://…`.
fn redis(source: &mut Source) -> Option<SecretString> {
    let url = source.text("CAREWIRE_QUEUE").or_else(|| source.text("REDIS_URL"))?;
    let Some(rest) = url.strip_prefix("rediss://").or_else(|| url.strip_prefix("redis://")) else {
        source.problem("CAREWIRE_QUEUE: `redis://…` or `rediss://…` is expected");
        return None;
    };
    if source.is_production() && !url.starts_with("rediss://") && !is_here(rest) {
        source.problem("CAREWIRE_QUEUE: production needs `rediss://` to another machine");
    }
    Some(SecretString::from(url))
}

/// Whether the host of `[user:password@]host[:port][/database]` is this machine.
fn is_here(rest: &str) -> bool {
    let place = rest.split('/').next().unwrap_or_default();
    let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn retention(source: &mut Source) -> Retention {
    let default = Retention::default();
    let mut time = |name: &str, default| {
        source.parsed(name, default, "a time up to `3650d`, such as `7d`", |text| {
            duration(text).filter(|time| *time <= TimeDelta::days(3_650))
        })
    };
    Retention {
        completed: time("CAREWIRE_KEEP_COMPLETED", default.completed),
        failed: time("CAREWIRE_KEEP_FAILED", default.failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_machine_is_told_from_this_one() {
        for (url, here) in [
            ("127.0.0.1:6379/2", true),
            ("app:pass@localhost", true),
            (":pass@[::1]:6379", true),
            ("queue.example:6379", false),
            ("localhost@queue.example", false),
        ] {
            assert_eq!(is_here(url), here, "{url}");
        }
    }

    #[test]
    fn completed_jobs_are_kept_for_a_week_and_failed_ones_for_a_month() {
        let now: DateTime<Utc> = "2026-02-01T00:00:00Z".parse().unwrap();
        let (completed, failed) = Retention::default().before(now);
        assert_eq!(
            (completed.to_rfc3339(), failed.to_rfc3339()),
            ("2026-01-25T00:00:00+00:00".into(), "2026-01-02T00:00:00+00:00".into())
        );
    }
}
