//! What is compared, round by round.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use crate::durable::Durability;
use crate::figures::Row;
use crate::frame::Frame;
use crate::load::{self, Manner, Round, Senders};
use crate::server::{Kind, OURS, Server};
use crate::tls::Tls;
use crate::{machine, table};

type Done = Result<(), Box<dyn Error>>;

/// How long and how often.
#[derive(Clone, Copy)]
struct Effort {
    rounds: usize,
    length: Duration,
}

const FULL: Effort = Effort { rounds: 15, length: Duration::from_millis(300) };
const SHORT: Effort = Effort { rounds: 5, length: Duration::from_millis(300) };
const DURABLE: Effort = Effort { rounds: 7, length: Duration::from_secs(1) };

const ONE: Manner = Manner { connections: 1, in_flight: 1, bytes_at_once: None };
const FIFTY: Manner = Manner { connections: 50, ..ONE };
/// Connections whose memory is measured.
const IDLE: usize = 10_000;

/// Prints every table.
pub(crate) fn all(quick: bool) -> Done {
    let cores = machine::cores()?;
    let files = machine::open_many_files()?;
    let [server_core, load_core] = cores;
    machine::pin(&[load_core])?;
    if server_core == load_core {
        println!("There is one core only: servers and load take turns on it, and no ratio means much");
    }
    let scratch = Scratch::make()?;
    let mut kinds =
        vec![Kind::Framer, Kind::Carewire, Kind::CarewireTls(Tls::certify(&scratch.0)?), Kind::Codec];
    if quick {
        return echo(&kinds, cores, SHORT);
    }
    memory(&kinds, server_core, IDLE.min(usize::try_from(files)?.saturating_sub(100)))?;
    kinds.extend([Kind::Python, Kind::Node]);
    echo(&kinds, cores, FULL)?;
    durable(&scratch.0, &cores)
}

/// A folder on the disk of the build; it is removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn make() -> io::Result<Self> {
        let name = format!("mllp-{}", std::process::id());
        let scratch = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        fs::create_dir_all(&scratch.0).map(|()| scratch)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Servers that store nothing, on one core.
fn echo(kinds: &[Kind], [server_core, load_core]: [usize; 2], effort: Effort) -> Done {
    let mut servers = start(kinds, &[server_core]);
    let bytes = Frame::new().map_or(0, |frame| frame.len());
    println!("\nEcho of AA, {bytes} bytes a frame, servers on core {server_core}, load on core {load_core}");
    for (title, manner) in [("1 connection", ONE), ("50 connections", FIFTY)] {
        let rows = compare(&mut servers, manner, effort)?;
        table::echo(title, &rows);
        table::echo_targets(OURS, &rows);
    }
    let ten = Manner { in_flight: 10, ..ONE };
    let cut = Manner { bytes_at_once: Some(7), ..ten };
    for (title, manner) in [("1 connection, 10 in flight", ten), ("the same, in writes of 7 bytes", cut)] {
        table::echo(title, &compare(&mut servers, manner, SHORT)?);
    }
    Ok(())
}

/// The gateway's intake over SQLite, which may use all cores that there are.
fn durable(folder: &Path, cores: &[usize]) -> Done {
    let kinds = [Durability::Full, Durability::Off, Durability::Slow].map(|durability| {
        let folder = folder.join(durability.name());
        fs::create_dir_all(&folder).map(|()| Kind::Durable(durability, folder))
    });
    let fsync = machine::fsync(folder)?;
    let kinds = kinds.into_iter().collect::<Result<Vec<_>, _>>()?;
    let rows = compare(&mut start(&kinds, cores), FIFTY, DURABLE)?;
    let title = format!("Durable intake, 50 connections, an fsync takes {} us here", fsync.as_micros());
    let rows = <[Row; 3]>::try_from(rows).map_err(|_| "not all intakes started")?;
    table::durable(&title, &rows, FIFTY.connections);
    Ok(())
}

/// What open connections cost that are idle, and those that were used once.
fn memory(kinds: &[Kind], core: usize, connections: usize) -> Done {
    let mut rows = Vec::new();
    for kind in kinds {
        let server = kind.start(&[core])?;
        let before = server.resident()? / 1024.0;
        let a_connection = |now: f64| (now / 1024.0 - before) / connections as f64;
        let mut senders = Senders::connect(&server, Manner { connections, ..ONE })?;
        // The last of them are being accepted.
        std::thread::sleep(Duration::from_millis(500));
        let idle = a_connection(server.resident()?);
        senders.send_first()?;
        senders.finish(&mut Round::default())?;
        if senders.unanswered() > 0 {
            return Err(format!("{}: {} unanswered", kind.name(), senders.unanswered()).into());
        }
        rows.push((kind.name(), [before, idle, a_connection(server.resident()?)]));
    }
    table::memory(&format!("Resident memory of a connection, {connections} open"), &rows);
    Ok(())
}

/// Those that cannot be started are left out, aloud.
fn start(kinds: &[Kind], cores: &[usize]) -> Vec<Server> {
    let start = |kind: &Kind| match kind.start(cores) {
        Ok(server) => Some(server),
        Err(reason) => {
            println!("{}: skipped, {reason}", kind.name());
            None
        }
    };
    kinds.iter().filter_map(start).collect()
}

/// One row for each server, from rounds by turns.
fn compare(servers: &mut [Server], manner: Manner, effort: Effort) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rounds: Vec<Vec<Round>> = servers.iter().map(|_| Vec::new()).collect();
    for _ in 0..effort.rounds {
        for (server, rounds) in servers.iter_mut().zip(&mut rounds) {
            let round = load::run(server, manner, effort.length);
            rounds.push(round.map_err(|error| format!("{}: {error}", server.kind.name()))?);
        }
    }
    Ok(servers.iter().zip(rounds).map(|(server, rounds)| Row::new(server.kind.name(), rounds)).collect())
}
