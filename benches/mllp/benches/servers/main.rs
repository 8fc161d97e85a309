//! MLLP servers side by side, all figures of one run.
//!
//! **Echo.** Every server takes the same ADT of 1.5 KB on one core, the load on another, and answers `AA` with its control
//! id; nothing is stored, and every answer is checked. Those in Rust read no more of a message than the control id;
//! python-hl7 and @medplum/hl7 parse it, for that is what they are. The bare framer has no timeout, no limit and no
//! word for what goes wrong: it is what the others are measured by. Ours has all of its own on. The others are as their
//! documentation shows them; hl7-mllp-codec without its feature for messages that follow one another unanswered. Those
//! of other languages are left out, aloud, where they are not installed: `pip install hl7` for `python3` or the program
//! in `CAREWIRE_PYTHON`, and `npm ci` in `testing/oracle`.
//!
//! Rounds go by turns, so that a neighbour on the processor disturbs all alike. Each figure is the median of the rounds,
//! each ratio the median of the ratios to the framer in the same round. `server us` is the processor time of the server
//! for one message, `busy` how much of a core it had, `load` how much the load had: where that is the greater, the load
//! is the limit, and `server us` tells more than the rate.
//!
//! **Durable intake.** The gateway's intake over SQLite on disk, as in `carewire serve`, without workers: an `AA` follows
//! the fsync. `in each` is how many messages shared a commit, `of senders` the part of the connections that those are.
//!
//! **Memory.** What an open connection adds to the resident memory: one that sent nothing, and one that sent one message.
//!
//! Targets stand below the tables, each `met` or `MISSED`. Nothing fails by them: a shared machine is no judge.
//! `cargo bench -p carewire-mllp-benches -- quick` compares the servers in Rust, echo only, in a few seconds.
#![cfg_attr(target_os = "linux", expect(clippy::print_stdout, reason = "a bench prints its table"))]

// Other systems have no such way to keep a process on a core.
#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod ack;
#[cfg(target_os = "linux")]
mod codec;
#[cfg(target_os = "linux")]
mod compare;
#[cfg(target_os = "linux")]
mod durable;
#[cfg(target_os = "linux")]
mod figures;
#[cfg(target_os = "linux")]
mod frame;
#[cfg(target_os = "linux")]
mod framer;
#[cfg(target_os = "linux")]
mod load;
#[cfg(target_os = "linux")]
mod machine;
#[cfg(target_os = "linux")]
mod ours;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod table;
#[cfg(target_os = "linux")]
mod tls;
#[cfg(target_os = "linux")]
mod wire;

#[cfg(target_os = "linux")]
fn main() -> Result<std::process::ExitCode, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(ended) = server::asked(&arguments) {
        return Ok(ended);
    }
    compare::all(arguments.iter().any(|argument| argument == "quick"))?;
    Ok(std::process::ExitCode::SUCCESS)
}
