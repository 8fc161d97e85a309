//! Our queue beside BullMQ, apalis-postgres, apalis-redis and riverqueue, all figures of one run, on private servers that
//! this program starts: Postgres with its defaults (`fsync` on), Redis with an append-only file synced each second.
//!
//! ```text
//! cargo xtask bench queue [compare|killed|tenants|backlog|slow] [--rounds 3] [--jobs 20000] [--engines bullmq,sqlite]
//! ```
//!
//! **compare.** Jobs of about 200 bytes that do nothing: enqueued in calls of 100, then worked on by 10 handlers (batches
//! of 100 where the engine can), then an open loop of 200 a second. Every engine has a process of its own, and its store is
//! new: what it costs is the processor time of that process and of the server's. `jobs/s` counts until the last job has
//! begun, the processor time until all are settled. Rounds go by turns; each figure is the median of the rounds, each ratio
//! the median of the ratios in one round.
//!
//! Ours run with leases, epochs, ordering keys (1,000) and fairness between orgs (10). The others have their defaults,
//! but those in Rust look for jobs as often as they allow: their defaults give 50 jobs a second (riverqueue), or one batch a
//! heartbeat (apalis). apalis-postgres fetches 10 by default; with 100 it stands there a second time.
//!
//! **killed.** A worker is killed with 10 jobs at work; how long until another has begun them.
//!
//! **tenants.** Ours: 99 orgs with 10 jobs each, alone and beside one whose 100,000 jobs came first. How long theirs wait.
//!
//! **backlog.** Ours: how long a claim of 100 takes, with few jobs due, with 100,000 due, delayed, or behind one key, and
//! with 1,000,000 completed ones kept (`--completed`).
//!
//! **slow.** Ours on SQLite whose every commit takes 3 ms longer: how many jobs share one.
//!
//! `others` says how much of the machine was not ours meanwhile: above a few percent, trust ratios and processor time,
//! not rates. Targets stand below the tables, `met` or `MISSED`; nothing fails by them.

mod backlog;
mod clock;
mod compare;
mod contender;
mod engine;
mod figures;
mod handler;
mod killed;
mod measured;
mod services;
mod slow;
mod table;
mod tenants;

use std::process::ExitCode;
use std::time::Duration;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What to run.
pub(crate) struct Options {
    rounds: u32,
    jobs: u64,
    completed: u64,
    engines: Vec<String>,
}

impl Options {
    fn parse(words: &[&str]) -> Result<Self> {
        let mut options = Self { rounds: 3, jobs: 20_000, completed: 1_000_000, engines: Vec::new() };
        for pair in words.chunks(2) {
            match pair {
                ["--rounds", rounds] => options.rounds = rounds.parse()?,
                ["--jobs", jobs] => options.jobs = jobs.parse()?,
                ["--completed", jobs] => options.completed = jobs.parse()?,
                ["--engines", names] => options.engines = names.split(',').map(str::to_owned).collect(),
                _ => return Err(format!("unknown: {}", pair.join(" ")).into()),
            }
        }
        Ok(options)
    }

    /// Whether an engine was asked for: all are, unless some are named.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.engines.is_empty() || self.engines.iter().any(|wanted| wanted == name)
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("queue bench: {}", told(&*error));
            ExitCode::FAILURE
        }
    }
}

/// What ours have by default.
const LEASE: Duration = Duration::from_secs(30);

/// An error and its causes.
pub(crate) fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn run(words: &[&str]) -> Result<()> {
    match words {
        ["engine", name, address, lease] => {
            measured::serve(name, address, Duration::from_secs(lease.parse()?))
        }
        ["killed", options @ ..] => killed::run(&Options::parse(options)?),
        ["tenants", options @ ..] => tenants::run(&Options::parse(options)?),
        ["backlog", options @ ..] => backlog::run(&Options::parse(options)?),
        ["slow", options @ ..] => slow::run(&Options::parse(options)?),
        ["compare", options @ ..] | options => compare::run(&Options::parse(options)?),
    }
}
