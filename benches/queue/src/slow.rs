//! SQLite on a disk whose fsync is slow: how many jobs share one.

use crate::contender::{Place, Process, Store};
use crate::engine::SLOW;
use crate::measured::Answer;
use crate::services::Server;
use crate::{LEASE, Options, Result, table};

/// Callers that enqueue one by one, each waiting for its own.
const CALLERS: u64 = 64;

/// Enqueues and works on jobs.
pub(crate) fn run(options: &Options) -> Result<()> {
    let postgres = Server::postgres()?;
    let place = Place::new(Store::Sqlite, &postgres)?;
    let mut process = Process::start("sqlite-slow", &place, LEASE)?;
    println!("SQLite, every commit {SLOW:?} slower");
    let each = process.ask(&format!("each {} {CALLERS}", options.jobs / 4))?;
    print(&format!("enqueued one by one, by {CALLERS}"), &each);
    let batches = process.ask(&format!("enqueue {}", options.jobs))?;
    print("enqueued in calls of 100", &batches);
    let waiting = each.jobs + batches.jobs;
    let worked = process.ask(&format!("process {waiting}"))?;
    print("claimed and completed", &worked);
    table::at_least("jobs completed for each commit", shared(&worked), 50.0);
    Ok(())
}

fn print(what: &str, answer: &Answer) {
    let rate = answer.jobs as f64 / answer.seconds;
    println!("{what:<30} {rate:>8.0}/s, {:>6.1} jobs a commit", shared(answer).unwrap_or(f64::NAN));
}

fn shared(answer: &Answer) -> Option<f64> {
    answer.commits.map(|commits| answer.jobs as f64 / commits as f64)
}
