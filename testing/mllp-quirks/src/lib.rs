//! A conformance suite for MLLP: it sends to any server, or answers any client, with every quirk of peers that is known,
//! and says in a table what the endpoint made of each.
//!
//! It opens raw sockets and has a reader of its own, so that it shares nothing with what it tests. What it tells of an
//! endpoint are codes, counts and classes of bytes; never a byte of a payload.
//!
//! ```no_run
//! # async fn example() -> Result<(), carewire_mllp_quirks::Error> {
//! use carewire_mllp_quirks::{ServerOptions, run_server_suite};
//!
//! let report = run_server_suite(&ServerOptions::new("127.0.0.1:2575")).await?;
//! println!("{report}");
//! assert!(report.passed(), "a required quirk failed");
//! # Ok(())
//! # }
//! ```
//!
//! # Map of the crate
//! - [`run_server_suite`]: the suite is a client, and the server is tested
//! - [`run_client_suite`]: the suite is a server, and the client is tested
//! - [`Report`], [`Row`], [`Quirk`], [`Level`], [`Verdict`]: what was found, and how much it matters
//!
//! # What it will not do
//! It cannot see what a server stored: a server that answers and forgets looks like one that answers and remembers. It
//! never skips the verification of a certificate.

mod client;
mod error;
mod hl7;
mod quirk;
mod report;
mod server;
mod shape;
mod tls;
mod wire;

pub use client::{ClientFunction, ClientOptions, ClientUnderTest, client_quirks, run_client_suite};
pub use error::{Error, Result};
pub use quirk::{Level, Quirk, Verdict, to_markdown};
pub use report::{Report, Row};
pub use server::{Release, ServerOptions, run_server_suite, server_quirks};
pub use tls::{TlsClient, TlsServer, read_file};
