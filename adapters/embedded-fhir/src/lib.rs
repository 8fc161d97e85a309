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
//! # What it serves
//! Reads, histories (of a resource, a type, everything), conditional writes, JSON Patch, batches and transactions, searches
//! (of a type, everything, the compartment of a patient or an encounter) by every parameter of R4 that needs no terminology
//! and no text index, `$everything`, `$validate`, bulk `$export`
//! ([`ExportOptions`]), rest-hook subscriptions ([`SubscriptionOptions`]). On demand, quotas ([`Quota`]) and `AuditEvent`s
//! ([`Builder::audit_events`]). `GET /metadata` lists it, and each claim is tested.
//!
//! Where Medplum is known to be wrong, the standard is followed: the links of `$everything` lead to its pages, its `_type`
//! is understood, an export is refused without `Prefer: respond-async`, a subscription without a payload sends none.
//!
//! # What it will not do
//! It is for demonstration and tests: no profiles, terminology, other operations, websockets, or access control beyond one
//! static token. When it stores, it checks required elements, null and empty values and dates, as leniently as a real
//! server; `$validate` checks more. Notifications that wait for another attempt are forgotten when the server ends.
//! `_summary=true` leaves out the narrative only: which elements R4 has in a summary is not known here.
//! Everything is in memory, and a search that no index narrows looks into every resource of its type.

mod api;
mod audit;
mod clock;
mod error;
mod export;
mod faults;
mod http;
mod quota;
mod refusal;
mod request_log;
mod rules;
mod server;
mod stats;
mod store;
mod subscription;

pub use error::Error;
pub use export::ExportOptions;
pub use faults::{Fault, FaultKind};
pub use quota::Quota;
pub use request_log::{FileRequestLog, MemoryRequestLog, RequestRecord, RequestSink};
pub use rules::{Decimals, Empty};
pub use server::{Builder, EmbeddedFhir};
pub use subscription::SubscriptionOptions;

/// The path below which FHIR resources live.
pub const BASE_PATH: &str = "/fhir/R4";
