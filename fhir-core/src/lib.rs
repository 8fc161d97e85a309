//! FHIR resources without loss.
//!
//! A [`Resource`] is a JSON tree ([`Value`]) that keeps everything it was read from: the text of numbers, the order of
//! members, elements that nobody here knows. [`types`] and [`resources`] are slim structs to build what mappings emit.
//!
//! ```
//! use carewire_fhir_core::{Resource, canonical_hash, validate};
//!
//! let mut received = Resource::parse(br#"{"resourceType":"Observation","valueQuantity":{"value":0.50}}"#)?;
//! let before = canonical_hash(&received);
//! received.value_mut().set("status", "final");
//! assert_eq!(received.to_json(), r#"{"resourceType":"Observation","valueQuantity":{"value":0.50},"status":"final"}"#);
//! assert_ne!(canonical_hash(&received), before);
//! assert_eq!(validate(&received)[0].expression, ["Observation.code"]); // `code` is missing
//! # Ok::<(), carewire_fhir_core::ResourceError>(())
//! ```
//!
//! - [`json`]: parse, edit and write; errors with a place and without a value
//! - [`Reference`], [`visit_references`], [`rewrite_references`]: what refers to what
//! - [`BundleBuilder`], [`entries`], [`EntryResponse`]: Bundles, out and in
//! - [`canonical_hash`]: the same resource, whoever wrote it, has the same hash
//! - [`validate`]: what every real server refuses
//! - [`OrgId`], [`PatientToken`], [`CorrelationId`]: the ids that every other crate carries
//!
//! What it will not do: read a clock, open a socket, invent a value, check profiles or terminologies, read XML.
//! What can hold a patient's data shows none of it in `Debug`, and no error repeats a value.

mod bundle;
mod canonical;
mod define;
mod ids;
pub mod json;
mod outcome;
mod primitive;
mod reference;
mod resource;
pub mod resources;
pub mod types;
mod validate;

pub use bundle::{BundleBuilder, BundleEntry, BundleType, Entry, EntryResponse, Method, Request, entries};
pub use canonical::{canonical_hash, canonical_json};
pub use ids::{CorrelationId, InvalidId, OrgId, PatientToken};
pub use json::{Kind, Limits, ParseError, ParseReason, Value};
pub use outcome::{Issue, Severity, issues, operation_outcome};
pub use primitive::{Date, DateTime, Decimal, Instant, InvalidPrimitive, Precision, Time};
pub use reference::{Reference, parse_etag, parse_location, rewrite_references, visit_references};
pub use resource::{Resource, ResourceError};
pub use validate::validate;
