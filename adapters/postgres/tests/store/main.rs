//! The store on a PostgreSQL server: `CAREWIRE_TEST_POSTGRES_URL` names one, as a role that may make databases and roles.
//! Each test has a database of its own.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests, and why one is skipped")]

mod audit;
mod capture;
mod contract;
mod database;
mod hints;
mod identity;
mod isolation;
mod messages;
mod queue;
mod queue_isolation;
mod queue_races;
mod races;
mod samples;
mod versions;
