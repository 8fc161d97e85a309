//! All contenders, by turns.

use std::time::Instant;

use crate::contender::{CONTENDERS, Contender, Place, Process};
use crate::figures::{Phase, Round, quantile};
use crate::measured::Answer;
use crate::services::Server;
use crate::table::{self, Row};
use crate::{LEASE, Options, Result, clock};

/// Jobs before the figures: connections are open, statements prepared, and what is compiled at run time is compiled.
const WARM_UP: u64 = 2_000;
/// The open loop: jobs a second, and for how many seconds.
const RATE: u64 = 200;
const SECONDS: u64 = 5;

/// Rounds by turns, so that a neighbour on the processor disturbs all alike; the table shows the median of each figure.
pub(crate) fn run(options: &Options) -> Result<()> {
    let postgres = Server::postgres()?;
    let mut rows: Vec<Row> = Vec::new();
    for contender in CONTENDERS.into_iter().filter(|contender| options.wants(contender.name)) {
        match contender.missing() {
            Some(why) => println!("left out: {why}"),
            None => rows.push(Row { contender, rounds: Vec::new() }),
        }
    }
    for round in 1..=options.rounds {
        for row in &mut rows {
            let measured = measure(row.contender, options, &postgres);
            let measured = measured.map_err(|error| format!("{}: {error}", row.contender.name))?;
            eprintln!("round {round}, {}", table::summary(row.contender.name, &measured));
            row.rounds.push(measured);
        }
    }
    table::print(&rows, options.jobs);
    Ok(())
}

fn measure(contender: Contender, options: &Options, postgres: &Server) -> Result<Round> {
    let place = Place::new(contender.store, postgres)?;
    let mut process = Process::start(contender.name, &place, LEASE)?;
    process.ask(&format!("enqueue {WARM_UP}"))?;
    process.ask(&format!("process {WARM_UP}"))?;
    let jobs = contender.most.map_or(options.jobs, |most| options.jobs.min(most));
    let (enqueue, _) = phase(&mut process, &place, &format!("enqueue {jobs}"))?;
    let (process_all, answer) = phase(&mut process, &place, &format!("process {jobs}"))?;
    if answer.jobs != jobs {
        return Err(format!("{} jobs began, of {jobs}", answer.jobs).into());
    }
    let (_, stream) = phase(&mut process, &place, &format!("stream {RATE} {SECONDS}"))?;
    let (p50, p99) = (quantile(stream.waits.clone(), 50), quantile(stream.waits, 99));
    Ok(Round { enqueue, process: process_all, p50, p99 })
}

fn phase(process: &mut Process, place: &Place, command: &str) -> Result<(Phase, Answer)> {
    let (server, machine, begun) = (place.cpu()?, clock::machine()?, Instant::now());
    let answer = process.ask(command)?;
    let took = begun.elapsed().as_secs_f64();
    let phase = Phase::new(&answer, place.cpu()? - server, clock::machine()? - machine, took);
    Ok((phase, answer))
}
