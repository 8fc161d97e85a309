//! Any FHIR R4 server over HTTP: [`FhirClient`] for whoever wants to speak FHIR, and [`FhirHttpRemote`], the same as a
//! [`Remote`](carewire_sync_engine::Remote) of the sync engine.
//!
//! ```no_run
//! use carewire_fhir_core::Resource;
//! use carewire_fhir_core::search::{Criterion, SearchQuery, Token};
//! use carewire_fhir_http::FhirClient;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = FhirClient::open("https://fhir.example.org/R4")?;
//! let query = SearchQuery::of("Patient").with(Criterion::new("identifier", Token::coded("urn:example:mrn", "4711")));
//! // Creates it once, however often it is sent; a search by POST keeps the number out of the URL.
//! let patient = Resource::parse(br#"{"resourceType":"Patient","identifier":[{"system":"urn:example:mrn","value":"4711"}]}"#)?;
//! let answer = client.create_unless(&patient, &query).await?;
//! let found = client.search_by_post(&query).resources().await?;
//! assert_eq!(answer.id(), found[0].id());
//! # Ok(())
//! # }
//! ```
//!
//! Written for servers as they are: every entry of a Bundle is judged on its own, also in a `transaction-response`; a
//! 400 that names no element may be an outage; a 409 may be two transactions that ran into each other; a server
//! that says it has transactions is asked to prove it.
//!
//! ```no_run
//! use carewire_fhir_http::{FhirHttpRemote, Options, StaticToken};
//! use carewire_sync_engine::Remote;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let token = StaticToken::new(std::env::var("TOKEN")?);
//! let remote = FhirHttpRemote::new("clinic", "https://fhir.example.org/R4", &Options::default(), token)?;
//! let limits = remote.probe().await?;
//! assert!(limits.atomic, "this server keeps the good half of a bad transaction");
//! # Ok(())
//! # }
//! ```
//!
//! # What leaves, and what is logged
//! Identities travel in the body of a transaction, never in a URL; reads and inventories name the remote's own ids.
//! Log lines say the method, the resource type, the status and counts. Codes and element paths that a server sends are
//! kept only when they have the form of such; its texts are never kept.
//!
//! # Tokens
//! A [`TokenSource`] gives them: [`NoToken`], [`StaticToken`], or one's own. After a 401 the source is asked once for
//! another; a second 401 is a refusal.
//!
//! # What it will not do
//! It does not retry: a [`Failure`](carewire_fhir_core::http::Failure) or a
//! [`Refusal`](carewire_sync_engine::Refusal) says whether that makes sense, and when. Only after
//! a 429 it keeps silent until the wait is over, since every further request costs quota. It follows no redirects, and
//! speaks plain HTTP only to this host unless [`Options::allow_plain_http`] says otherwise. TLS uses the ring provider
//! and the platform's certificates; nothing is installed for the whole process.

mod classify;
mod client;
mod encoding;
mod error;
mod options;
mod pages;
mod pause;
mod probe;
mod remote;
mod submit;
mod tls;
mod token;
mod transport;

pub use client::FhirClient;
pub use error::{CallError, Error};
pub use options::Options;
pub use pages::Pages;
pub use remote::FhirHttpRemote;
pub use token::{NoToken, StaticToken, TokenSource};
