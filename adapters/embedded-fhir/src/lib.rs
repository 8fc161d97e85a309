//! A small FHIR R4 server with the rules of a real one, for the demo and for tests.
//!
//! Clients that only ever met a lenient server break on a real one. This server behaves as a Medplum server was seen to
//! behave: it gives out the ids, refuses null values, keeps versions as opaque UUIDs, answers an unchanged `PUT` with the
//! version that is there, limits transactions, and answers each entry of a batch on its own. On demand it fails the
//! way real servers fail: see [`Fault`].
//!
//! ```
//! use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = EmbeddedFhir::builder().build().await?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let base = format!("http://{}{BASE_PATH}", listener.local_addr()?);
//! # assert!(base.ends_with("/fhir/R4"));
//! // Serves until the future completes; here it is complete already.
//! server.serve(listener, async {}).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What it keeps, and how
//! All resources are in memory, found by id, identifier, tag, patient and time without walking a table. With
//! [`Builder::sqlite`] every version is also written to a SQLite file (WAL, `synchronous=FULL`) before a request
//! that saw or made it is answered; the versions of one request are written in one transaction.
//!
//! # Switches while it runs
//! `POST /_faults` adds a fault ([`Fault::parse`] has the format), `GET /_faults` lists them, `DELETE /_faults` ends
//! them; `GET /_stats` counts. Where a token is demanded, it is demanded here too.
//!
//! # What it will not do
//! It is no general FHIR server: no profiles, terminology, `$operations`, subscriptions, bulk export or access control
//! beyond one static token; it checks required elements, null and empty values and dates, not every property.
//! Search knows `_id`, `identifier`, `_tag`, `subject`, `patient`, `_lastUpdated`, `_sort=_lastUpdated`, `_count`,
//! `_offset`, `_total`, `_summary=count` and `_elements`, and refuses everything else.

mod api;
mod clock;
mod error;
mod faults;
mod http;
mod refusal;
mod request_log;
mod rules;
mod server;
mod stats;
mod store;

pub use error::Error;
pub use faults::{Fault, FaultKind};
pub use request_log::{FileRequestLog, MemoryRequestLog, RequestRecord, RequestSink};
pub use rules::{Decimals, Empty};
pub use server::{Builder, EmbeddedFhir};

/// The path below which FHIR resources live.
pub const BASE_PATH: &str = "/fhir/R4";
