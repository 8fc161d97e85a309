//! What is compared, round by round.

use std::error::Error;
use std::time::Duration;

use crate::frame::Frame;
use crate::load::{self, Manner, Round};
use crate::machine;
use crate::server::{Kind, Server};
use crate::table::{Row, print, print_targets};

/// How long and how often.
#[derive(Clone, Copy)]
struct Effort {
    rounds: usize,
    length: Duration,
}

const FULL: Effort = Effort { rounds: 9, length: Duration::from_millis(500) };
const QUICK: Effort = Effort { rounds: 5, length: Duration::from_millis(300) };

/// Prints every table.
pub(crate) fn all(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let quick = arguments.iter().any(|argument| argument == "quick");
    let (core, load_core) = machine::cores()?;
    machine::open_many_files()?;
    machine::pin(load_core)?;
    let kinds: &[Kind] = if quick { &Kind::RUST } else { &Kind::ALL };
    let servers = start(kinds, core);
    let effort = if quick { QUICK } else { FULL };
    let bytes = Frame::new().map_or(0, |frame| frame.len());
    println!("\nEcho of AA, {bytes} bytes a frame, servers on core {core}, load on core {load_core}");
    if core == load_core {
        println!("There is one core only: servers and load take turns on it, and no ratio means much");
    }
    let one = Manner { connections: 1, in_flight: 1, bytes_at_once: None };
    let many = Manner { connections: 50, ..one };
    for (title, manner) in [("1 connection", one), ("50 connections", many)] {
        let rows = compare(&servers, manner, effort)?;
        print(title, &rows);
        print_targets(&rows);
    }
    let ten = Manner { in_flight: 10, ..one };
    let cut = Manner { bytes_at_once: Some(7), ..ten };
    let effort = Effort { rounds: effort.rounds.min(3), ..effort };
    for (title, manner) in
        [("1 connection, 10 in flight", ten), ("1 connection, 10 in flight, cut into writes of 7 bytes", cut)]
    {
        print(title, &compare(&servers, manner, effort)?);
    }
    Ok(())
}

fn start(kinds: &[Kind], core: usize) -> Vec<Server> {
    let start = |kind: &Kind| match kind.start(core) {
        Ok(server) => Some(server),
        Err(reason) => {
            println!("{}: skipped, {reason}", kind.name());
            None
        }
    };
    kinds.iter().filter_map(start).collect()
}

/// One row for each server, from rounds by turns.
fn compare(servers: &[Server], manner: Manner, effort: Effort) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rounds: Vec<Vec<Round>> = servers.iter().map(|_| Vec::new()).collect();
    for _ in 0..effort.rounds {
        for (server, rounds) in servers.iter().zip(&mut rounds) {
            let round = load::run(server.address, server.process(), manner, effort.length);
            rounds.push(round.map_err(|error| format!("{}: {error}", server.kind.name()))?);
        }
    }
    Ok(servers.iter().zip(rounds).map(|(server, rounds)| Row::new(server.kind, rounds)).collect())
}
