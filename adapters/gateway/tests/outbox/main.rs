//! The outbox on a SQLite file, in front of real MLLP servers.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as expected"
)]

mod answers;
mod consent;
mod order;
mod receiver;
mod restarts;
mod silence;
mod support;
