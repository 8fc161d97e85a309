//! Drivers for tests that need the real program: processes that are killed, a load that counts, canaries that are searched
//! for, and other implementations as oracles. Not published.
//!
//! The tests in `tests/` use them; so can a test of one's own:
//!
//! ```
//! use carewire_testing::canary::{Canaries, Searcher};
//!
//! let mut canaries = Canaries::new(7);
//! let name = canaries.word("PID-5.1");
//! let log = format!("cannot map {}", data_encoding::BASE64.encode(name.as_bytes()));
//!
//! let found = Searcher::new(&canaries).search("the log", log.as_bytes());
//! assert_eq!(found[0].to_string(), "PID-5.1 as base64 in the log at byte 11");
//! ```
//!
//! # Map of the crate
//! - [`program`], [`process`], [`port`]: the `carewire` binary as a process that can be killed and started again
//! - [`gateway`], [`remote`], [`http`], [`wiretap`]: `carewire serve` and `carewire fhir-server`, spoken to over HTTP, and
//!   everything that goes over the wire between them
//! - [`load`], [`crash`]: senders that resend until they are answered; kills; the check that nothing is lost, doubled or
//!   out of order
//! - [`canary`]: messages full of canaries, and the search for them in every encoding
//! - [`corpus`], [`oracle`], [`peer`]: real messages; a FHIR validator and a FHIR server of another implementation
//! - [`pairs`]: Bundles that other converters make of the same messages
//! - [`fuzz`], [`mutation`]: what must hold for any bytes; sound resources made wrong in known ways
//! - [`certificates`]: an authority, a server and a client for TLS
//! - [`service`], [`database`], [`redis`]: PostgreSQL and Redis, asked over their own protocols; a database of one test; a
//!   Redis server of one test
//!
//! # What it will not do
//! It prints nothing, decides nothing about passing or failing, and installs nothing: what is missing is an `Option` or an
//! error with the reason.

pub mod canary;
pub mod certificates;
pub mod corpus;
pub mod crash;
pub mod database;
pub mod fuzz;
pub mod gateway;
pub mod http;
pub mod load;
pub mod mutation;
pub mod oracle;
pub mod pairs;
pub mod peer;
pub mod port;
pub mod process;
pub mod program;
pub mod redis;
pub mod remote;
pub mod service;
pub mod wiretap;

mod error;

pub use carewire_canary::Rng;
pub use error::{Error, Result};
