//! FHIR Bulk Data and SMART Backend Services as values and state machines.
//!
//! Nothing here opens a socket or reads a clock: requests are values to send, answers are values to hand back, time is
//! an argument.
//!
//! ```
//! use carewire_bulk_data::{Action, Export, KickOff, Level, Polling, Response};
//!
//! let now = chrono::DateTime::UNIX_EPOCH;
//! let mut export = Export::start(KickOff::new("https://a.example/fhir", Level::System), Polling::default(), now);
//! let accepted = Response { status: 202, headers: &[("Content-Location", "https://a.example/s/1")], body: b"" };
//! let Action::Wait(until) = export.handle_response(now, &accepted) else { panic!("no wait") };
//! let Action::Request(poll) = export.next(until) else { panic!("no request") };
//! assert_eq!(poll.url, "https://a.example/s/1");
//! let ready = Response { status: 200, headers: &[], body: br#"{"transactionTime":"2024-01-01T00:00:00Z","output":[]}"# };
//! assert!(matches!(export.handle_response(until, &ready), Action::Download(_)));
//! ```
//!
//! - [`Export`]: order, poll, read all pages of the manifest, clean up
//! - [`Manifest`]: what was produced
//! - [`NdjsonReader`]: the files, line by line, with the place of every fault
//! - [`retry_after`]: what servers say about waiting, and what they mean
//! - [`SmartConfiguration`]: where tokens come from
//!
//! What it will not do: fetch, store or sign anything.

mod error;
mod export;
mod kick_off;
mod manifest;
mod ndjson;
mod retry_after;
mod smart;

pub use error::{DocumentError, Error, LineError};
pub use export::{Action, Export, Polling, Response};
pub use kick_off::{Dialect, KickOff, Level, Method, Request};
pub use manifest::{Manifest, OutputFile};
pub use ndjson::{Line, LineLimits, NdjsonReader};
pub use retry_after::retry_after;
pub use smart::SmartConfiguration;
