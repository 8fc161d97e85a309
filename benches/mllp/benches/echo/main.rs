//! MLLP servers that answer `AA` and store nothing, side by side on one core, the load on another.
//!
//! Every server takes the same ADT of 1.5 KB and answers with its control id in MSA-2. Those in Rust read no more of a
//! message than that; python-hl7 and @medplum/hl7 parse it, for they do not know how not to. The bare framer has no
//! timeout, no limit and no word for anything that goes wrong: it is what the others are measured by. Ours has all of
//! its own on. The others are as their documentation shows them; those of other languages are left out, aloud, where
//! they are not installed: `pip install hl7` for `python3` or the program in `CAREWIRE_PYTHON`, and `npm ci` in
//! `testing/oracle`.
//!
//! Rounds go by turns, so that a neighbour on the processor disturbs all alike. Of each figure the median of the rounds
//! is shown, and of each ratio the median of the ratios to the framer in the same round. `server` is the processor time of
//! the server for one message, `busy` the share of the round that it worked, and `load` the share that the load did:
//! where `load` is the greater of both, the load is what was measured.
//!
//! `cargo bench -p carewire-mllp-benches --bench echo -- quick` compares the Rust servers in a few seconds.
#![cfg_attr(target_os = "linux", expect(clippy::print_stdout, reason = "a bench prints its table"))]

#[cfg(target_os = "linux")]
mod ack;
#[cfg(target_os = "linux")]
mod codec;
#[cfg(target_os = "linux")]
mod compare;
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

/// Other systems have no such way to keep a process on a core.
#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    server::asked(&arguments).unwrap_or_else(|| match compare::all(&arguments) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(problem) => {
            println!("{problem}");
            std::process::ExitCode::FAILURE
        }
    })
}
