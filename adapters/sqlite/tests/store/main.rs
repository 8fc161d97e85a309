//! The store on a real file.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and may say what it measured"
)]

mod contention;
mod contract;
#[cfg(unix)]
mod crash;
mod deliveries;
mod flat;
mod group_commit;
mod model;
mod reopen;
mod samples;
mod transaction;
mod upgrade;
