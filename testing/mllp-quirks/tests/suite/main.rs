//! Our own endpoints under the suite, and endpoints that are wrong on purpose.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

mod broken;
mod cli;
mod clients;
mod desk;
mod judged;
mod readme;
mod servers;
