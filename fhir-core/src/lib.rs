//! FHIR resources without loss.
//!
//! A [`Resource`] is a JSON tree ([`Value`]) that keeps everything it was read from: the text of numbers, the order of
//! members, elements that nobody here knows. [`types`] and [`resources`] are slim structs to build what mappings emit,
//! and to read what is known of a resource without losing the rest.
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
//! - [`fhirpath`]: the expressions of invariants and search parameters
//! - [`canonical_hash`]: the same resource, whoever wrote it, has the same hash
//! - [`validate`]: what every real server refuses
//! - [`search`]: queries, read and written
//! - [`JsonPatch`], [`Compartment`]: what a server's `PATCH` and `$everything` rest on
//! - [`http`]: a FHIR client without a socket: what to send, and what an answer means
//! - [`Release`]: what is R4 inside, written as R5
//! - [`OrgId`], [`PatientToken`], [`CorrelationId`]: the ids that every other crate carries
//! - [`Phi`]: a value that no `Debug`, `Display` or error can show
//!
//! What it will not do: read a clock, open a socket, invent a value, check profiles or terminologies, read XML.
//! What can hold a patient's data shows none of it in `Debug`, and no error repeats a value.

mod bundle;
mod canonical;
mod compartment;
mod define;
mod definition;
pub mod domain;
pub mod fhirpath;
pub mod http;
mod ids;
pub mod json;
mod outcome;
mod patch;
mod phi;
mod primitive;
mod reference;
mod release;
mod resource;
pub mod resources;
pub mod search;
mod shown;
pub mod types;
pub mod ucum;
mod validate;

pub use bundle::{
    BundleBuilder, BundleEntry, BundleHead, BundleType, Entry, EntryOutcome, EntryResponse, EntrySearch,
    Method, PlanError, Request, Response, SearchMode, Splitting, TransactionLimits, TransactionPlan,
    dependency_order, entries,
};
pub use canonical::{canonical_hash, canonical_json};
pub use compartment::Compartment;
pub use definition::{CodeSet, ElementShape, element, elements, resource_types};
pub use ids::{CorrelationId, InvalidId, OrgId, PatientToken};
pub use json::{Kind, Limits, ParseError, ParseReason, Value};
pub use outcome::{Issue, Severity, issues, operation_outcome};
pub use patch::{JsonPatch, PatchError, PatchReason};
pub use phi::Phi;
pub use primitive::{
    Date, DateParts, DateTime, Decimal, DecimalError, Instant, Interval, InvalidPrimitive, Number, Precision,
    Rounding, Time, TimeParts, Zone,
};
pub use reference::{
    Canonical, Reference, ReferenceSite, SiteKind, parse_etag, parse_location, rewrite_references,
    rewrite_sites, visit_references, visit_sites,
};
pub use release::{Converted, Release, TriggerType, TriggeredBy, Written};
pub use resource::{Resource, ResourceError};
pub use validate::{Strictness, ValidateOptions, validate, validate_json, validate_with};
