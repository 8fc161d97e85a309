//! What Redis has to prove: the contract, the reference, crashes, losses, bounded work.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod bounded;
mod connecting;
mod contract;
mod crash;
mod encryption;
mod loss;
mod model;
mod samples;
mod server;
