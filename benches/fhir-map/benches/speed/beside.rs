//! Messages for each second of the processor, beside the peers.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::clock::{Pass, passes};
use crate::convert::Converter;
use crate::inputs::Inputs;
use crate::peer::Peer;

const TURNS: usize = 5;
const TURN: Duration = Duration::from_millis(400);
/// How many times the messages of the fastest peer are asked for.
const LEAST: f64 = 20.0;

/// A peer that can be compared with.
struct Contender {
    /// Its name in the tables.
    name: &'static str,
    /// Its name in the script.
    script: &'static str,
    /// One message in so many is enough of it: it takes a fifth of a second for one.
    every: usize,
}

const CONTENDERS: [Contender; 3] = [
    Contender { name: "hl7v2-fhir-bridge 0.1", script: "bridge", every: 1 },
    Contender { name: "the same, with its validation", script: "bridge-validated", every: 1 },
    Contender { name: "brightohir 2.1 (to R5)", script: "brightohir", every: 40 },
];

/// What one peer and ours did with the messages that both convert.
struct Row {
    name: &'static str,
    tried: usize,
    accepted: usize,
    both: usize,
    theirs: Pass,
    ours: Pass,
}

/// Prints a table, a row for each peer that is installed.
pub(crate) fn compare(inputs: &Inputs) -> Result<(), Box<dyn Error>> {
    println!("\nBytes in to JSON bytes out, beside the peers: {}", inputs.name);
    println!(
        "{:<32} {:>6} {:>9} {:>5} {:>10} {:>11} {:>13} {:>11} {:>8}",
        "", "tried", "converted", "both", "its B/msg", "our B/msg", "its msg/CPU s", "our msg/CPU s", "x"
    );
    let mut fastest: Option<Row> = None;
    for contender in CONTENDERS {
        match row(&contender, inputs)? {
            Ok(row) => {
                print(&row);
                let beaten = fastest.as_ref().is_none_or(|best| best.theirs.rate() < row.theirs.rate());
                fastest = if beaten { Some(row) } else { fastest };
            }
            Err(reason) => println!("{}: skipped, {reason}", contender.name),
        }
    }
    if let Some(Row { name, ours, theirs, .. }) = fastest {
        let reached = ours.rate() / theirs.rate();
        let verdict = if reached >= LEAST { "met" } else { "MISSED" };
        println!("target {verdict:<6} {reached:>8.1} >= {LEAST:<5} messages, x {name}");
    }
    Ok(())
}

fn print(row: &Row) {
    let Row { name, tried, accepted, both, theirs, ours } = row;
    println!(
        "{name:<32} {tried:>6} {accepted:>9} {both:>5} {:>10.0} {:>11.0} {:>13.1} {:>11.0} {:>7.0}x",
        theirs.size(),
        ours.size(),
        theirs.rate(),
        ours.rate(),
        ours.rate() / theirs.rate()
    );
}

/// The inner error says why the peer cannot be compared with.
fn row(contender: &Contender, inputs: &Inputs) -> Result<Result<Row, String>, Box<dyn Error>> {
    let messages: Vec<&[u8]> = inputs.messages.iter().step_by(contender.every).map(Vec::as_slice).collect();
    let file = write(&messages)?;
    let peer = Peer::start(contender.script, &file.0).and_then(|mut peer| {
        let accepted = peer.accepted(messages.len())?;
        Ok((peer, accepted))
    });
    let (mut peer, accepted) = match peer {
        Ok(started) => started,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut converter = Converter::new()?;
    let both: Vec<(usize, &[u8])> = messages.iter().copied().enumerate().collect();
    let both: Vec<(usize, &[u8])> = both
        .into_iter()
        .zip(&accepted)
        .filter(|((_, message), accepted)| **accepted && converter.convert(message).is_some())
        .map(|(both, _)| both)
        .collect();
    let (numbers, kept): (Vec<usize>, Vec<&[u8]>) = both.into_iter().unzip();
    if kept.is_empty() {
        return Ok(Err("there is no message that both convert".to_owned()));
    }
    peer.keep(&numbers)?;
    let (mut theirs, mut ours) = (Pass::default(), Pass::default());
    // By turns: a neighbour on the processor then disturbs both alike.
    for _ in 0..TURNS {
        theirs = theirs.better(peer.passes(TURN)?);
        ours = ours.better(passes(&kept, TURN, |bytes| converter.convert(bytes).map_or(0, str::len)));
    }
    let accepted = accepted.iter().filter(|accepted| **accepted).count();
    Ok(Ok(Row { name: contender.name, tried: messages.len(), accepted, both: kept.len(), theirs, ours }))
}

/// A file that is removed in the end.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Each message behind its length.
fn write(messages: &[&[u8]]) -> Result<Scratch, Box<dyn Error>> {
    let mut bytes = Vec::new();
    for message in messages {
        bytes.extend(u32::try_from(message.len())?.to_be_bytes());
        bytes.extend_from_slice(message);
    }
    let name = format!("map-messages-{}", std::process::id());
    let scratch = Scratch(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
    std::fs::write(&scratch.0, bytes)?;
    Ok(scratch)
}
