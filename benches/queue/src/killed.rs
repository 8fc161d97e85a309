//! How long the jobs of a killed worker wait until they run again.

use std::time::{Duration, Instant};

use crate::contender::{BULLMQ, CONTENDERS, Place, Process};
use crate::services::Server;
use crate::{Options, Result, table};

/// Jobs that are at work when the worker is killed: as many as there are handlers.
const JOBS: u64 = 10;
/// The lease of ours.
const LEASE: Duration = Duration::from_secs(5);

/// Kills a worker of BullMQ, with its defaults, and of ours.
pub(crate) fn run(options: &Options) -> Result<()> {
    let postgres = Server::postgres()?;
    println!("a worker is killed with {JOBS} jobs at work: seconds until another has begun them all");
    for contender in CONTENDERS.into_iter().filter(|contender| options.wants(contender.name)) {
        if let Some(why) = contender.missing() {
            println!("left out: {why}");
        } else if contender.is_ours() || contender.name == BULLMQ {
            let place = Place::new(contender.store, &postgres)?;
            let seconds = kill(contender.name, &place)?;
            println!("{:<18} {seconds:>8.2} s", contender.name);
            if contender.is_ours() {
                table::at_most("seconds: the lease and 1 s", Some(seconds), LEASE.as_secs_f64() + 1.0);
            }
        }
    }
    println!("riverqueue: 61 min by its defaults (a job may take 1 min, and is rescued 1 h later)");
    Ok(())
}

fn kill(name: &str, place: &Place) -> Result<f64> {
    let mut worker = Process::start(name, place, LEASE)?;
    worker.ask(&format!("enqueue {JOBS}"))?;
    worker.ask(&format!("stall {JOBS}"))?;
    let mut other = Process::start(name, place, LEASE)?;
    drop(worker);
    let killed = Instant::now();
    other.ask(&format!("process {JOBS}"))?;
    Ok(killed.elapsed().as_secs_f64())
}
